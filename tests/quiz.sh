# Quizzes as they are held: numbers, formulas, hints, what follows from a wrong answer, leaving and going back.
. "$(dirname "$0")/lib/cli.sh"

# answer LINES ARGUMENT...: tutor quiz with the lines as what is typed, a | between them.
answer() {
	lines=$1
	shift
	called="tutor quiz $* ($lines)"
	status=0
	printf '%s\n' "$lines" | tr '|' '\n' | COLUMNS=200 "$TUTOR" quiz "$@" >"$folder/out" 2>"$folder/err" || status=$?
}

# After a line of the output comes another.
expect_after() {
	verify "'$2' does not follow '$1'" sh -c "grep -F -A1 -e \"\$1\" '$folder/out' | grep -qF -e \"\$2\"" - "$1" "$2"
}

answer '0.3775|0.5933|0.3925|0.5969|1.106|0.7514' mazur
expect_status 0
expect_no_err
expect_out 'mazur: 31 questions, to 4 significant digits'
expect_out 'Given: i₁ = 0.05, i₂ = 0.1,'
expect_out 'net_h₁ = w₁·i₁ + w₂·i₂ + b₁·1'
expect_after '(6/31) out_o₁ = 0.7514' '✓ right'
expect_out '31 questions: 6 right, 25 not answered'
expect_out 'at the first try and without a hint: 6'

# Quiet: nothing but the dialogue.
answer '0.3775' mazur -q
verify 'the first line is a question' sh -c "head -n 1 '$folder/out' | grep -q '^(1/31) net_h₁ = 0.3775'"

# A wrong answer, hints about the mistake, what follows from it.
path='dE_total/dout_h1,dE_total/dnet_h1,dE_total/dw1'
answer '0.0554|hint|hint|hint|hint|skip|0.01337|0.0554*0.2413*0.05' mazur --questions "$path"
expect_status 1
expect_after '= 0.0554' 'wrong'
expect_out 'Likely: one path only (M02)'
expect_out 'A path was left out.'
expect_after '∂net_h₁ = 0.01337' 'right from your earlier value of dE_total/dout_h1'
expect_out '3 questions: 0 right, 2 right from your earlier value, 1 wrong'
expect_out 'dE_total/dout_h1: likely one path only (M02)'

# Nothing known about it: what it rests on, the formula, the numbers; then no more.
answer '0.5|hint|hint|hint|hint|show|0.5933' mazur --questions net_h1,out_h1
expect_after '= hint' 'No mistake that is known gives 0.5.'
expect_out 'It is worked out from i₁, i₂, w₁, w₂ and b₁.'
expect_after '= hint' 'net_h₁ = w₁·i₁ + w₂·i₂ + b₁·1'
expect_after '= hint' 'net_h₁ = 0.15·0.05 + 0.2·0.1 + 0.35·1'
expect_after '= hint' 'There is no plainer hint'
expect_after '= show' 'net_h₁ = w₁·i₁ + w₂·i₂ + b₁·1 = 0.15·0.05 + 0.2·0.1 + 0.35·1 = 0.3775'
expect_out '2 questions: 1 right, 1 not answered'
expect_status 0

# A hint is in the numbers that one has oneself.
answer '0.4|skip|hint|hint|hint|0.5987' mazur --questions net_h1,out_h1
expect_out 'out_h₁ = sigmoid(0.4)'
expect_out 'right from your earlier value of net_h1'

# Formulas.
answer 'w1*i1 + w2*i2 + b1|0.15*0.05 + 0.2*0.1 + 0.35' mazur --questions net_h1
expect_out '✓ right: it is the formula, and gives 0.3775'
answer '0.15*0.05 + 0.2*0.1 + 0.35' mazur --questions net_h1
expect_out '✓ right with the numbers put in: it gives 0.3775'
answer 'w1*i1 + w3*i2 + b1' mazur --questions net_h1
expect_out '✗ wrong: it gives 0.3825'
answer 'b1 + i1*w8' mazur --questions net_h1
expect_out 'it gives the right number here, 0.3775, but is not the formula'
answer 'w1*(i1 + |w9|net_h1|1/0' mazur --questions net_h1
expect_after '= w1*(i1 +' '                 ^'
expect_out "? this '(' is not closed"
expect_out "? unknown name 'w9'; did you mean"
expect_out "? 'net_h1' is what is asked for"
expect_out '1 question: 0 right, 1 not answered'

# In the order of the work: backwards by layers, forwards within each.
answer "$(yes skip | head -n 31 | tr '\n' '|')" mazur --ascii
grep -o '^([0-9/]*) [^ ]*' "$folder/out" | sed 's/.* //' | tr '\n' ' ' >"$folder/order"
verify 'the deltas, then the weights' grep -q 'dE_total/dnet_o1 dE_total/dnet_o2 dE_total/dnet_h1 dE_total/dnet_h2 .*dE_total/dw5 .*dE_total/dw8 .*dE_total/dw1 dE_total/dw2' "$folder/order"

# Digits, back, words.
answer '0.3775|0.59|back|back|0.3775|0.5933' mazur --questions net_h1,out_h1
expect_out '4 significant digits are asked for'
expect_out '2 questions: 2 right'
expect_after '(2/2) out_h₁ = 0.59' 'too few digits'
answer '1|skip' chain_rule:exercise_4 --questions dE/dh
expect_after '∂E/∂h = 1' 'wrong'
expect_out 'dE/dh: likely one path only (M02)'
answer 'nan|0.3775' mazur --questions net_h1
expect_out "? unknown name 'nan'"
answer '0.3775|back|show|0.5933' mazur --questions net_h1,out_h1
expect_out '2 questions: 2 right'
answer '0.3|show|0.5933' mazur --questions net_h1,out_h1
expect_out '2 questions: 1 right, 1 not answered'
answer '0.3775|BACK|0.9|quit' mazur --questions net_h1,out_h1
expect_after '(1/2) net_h₁ = 0.9' 'wrong'
expect_status 1
answer 'help|quit' mazur --questions net_h1
expect_out 'hint: a hint, each time a plainer one'
expect_out 'Answer with a number, or with a formula'
answer '||  |model|exit' mazur --questions net_h1
verify 'the model twice' test "$(grep -c 'Given:' "$folder/out")" = 2

# Another convention is asked about.
loss='E_o1,E_o2,dE_total/dout_o1'
answer '0.5496|yes|0.04712|1.483' mazur --questions "$loss"
expect_out 'a squared error without the factor 1/2. Is that what you take?'
expect_out '--convention loss=plain says so from the start'
expect_out '3 questions: 3 right'
answer '0.5496|0.04712|1.483' mazur --questions "$loss" --convention loss=plain
expect_out '3 questions: 3 right'
expect_status 0
answer '0.5496|no|skip' mazur --questions E_o1
expect_after 'or no? no' 'wrong'
answer '1' mazur --convention loss=round
expect_wrong 'is no convention'

# What may be typed.
printf '\001\033[31m\377\n%09000d\n0.3775' 7 >"$folder/typed"
called='tutor quiz, hostile input'
"$TUTOR" quiz mazur -q --questions net_h1 <"$folder/typed" >"$folder/out" 2>"$folder/err"
expect_out '??[31m?'
expect_out '✓ right'
verify 'no control character' sh -c "! LC_ALL=C grep -q '[[:cntrl:]]' '$folder/out'"

# Narrow, ASCII.
answer '0.5|hint|hint|hint' mazur --width 40 --ascii
verify 'no line is wider than 40' sh -c "! grep -qE '^.{41}' '$folder/out'"
verify 'all of it is ASCII' sh -c "! LC_ALL=C grep -q '[^ -~]' '$folder/out'"

call quiz
expect_wrong "'tutor quiz' needs MODEL"
call quiz mazur --questions nonsense
expect_wrong "nothing called 'nonsense'"
call quiz mazur --questions 'dE_total/dw*'
expect_out '8 questions'
call quiz softmax_ce_gradients
expect_status 0

# The planted mistake: the same by the same seed, found by its line or name, never told before.
answer 'quit' --find --seed 3
cp "$folder/out" "$folder/first"
expect_status 1
expect_out '--seed 3 brings the same example again'
answer 'quit' --find mazur --seed 3
verify 'the same example' cmp "$folder/out" "$folder/first"
verify 'nothing is told' sh -c "! grep -q 'It is line' '$folder/out'"
for seed in 1 2 3 4 5; do
	answer 'show' --find --seed "$seed"
	expect_status 1
	expect_out 'It is line'
	expect_out 'It should read'
	line=$(sed -n 's/.*It is line \([0-9]*\):.*/\1/p' "$folder/out")
	answer "0|99|nonsense|1$line|hint|hint|hint|hint|hint|$line" --find --seed "$seed"
	expect_status 0
	expect_out "? type the number of a line, 1 to "
	expect_out '✓ right'
	expect_out ', with a hint.'
	name=$(sed -n "s/^ *$line  \(.*\) = .*/\1/p" "$folder/out" | sed 's/ =.*//')
	answer "$name" --find --seed "$seed" --ascii
done
answer '29' --find --seed 3
expect_out 'input left out'
answer 'dE_total/dw1' --find --seed 3
expect_out '✓ right'
answer '30|28' --find --seed 3
expect_after 'which line? 30' 'it follows from the lines above it'
expect_after 'which line? 28' 'No: line 28 is right as it stands'
expect_status 1
verify 'no seed given: one is drawn' sh -c "echo quit | '$TUTOR' quiz --find | grep -q -e '--seed [0-9]'"
printf 'const a = 2\nb = a\n' >"$folder/none.model"
call quiz --find "$folder/none.model"
expect_wrong 'no mistake of the catalogue can be made in this model'
finish
