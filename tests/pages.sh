# Lessons, traces, answers and graphs in every format that is a page: whole, well formed, and every line of it true.
. tests/lib/cli.sh
python=${PYTHON:-python3}

# page FORMAT ARGUMENT...: the call's output in that format has no problem.
page() {
	format=$1
	shift
	call "$@" --format "$format"
	expect_status 0
	expect_no_err
	cp "$folder/out" "$folder/page"
	"$python" tests/lib/pages.py "$format" "$folder/page" "$folder/rest.md" >"$folder/out" 2>&1
	verify "it is not as $format should be" test "$?" = 0
}

latex() {
	call "$@" --format latex
	expect_status 0
	cp "$folder/out" "$folder/page"
	"$python" tests/lib/pages.py latex "$folder/page" >"$folder/out" 2>&1
	verify "it is not as latex should be" test "$?" = 0
}

# true_page LEAST: the formulas' texts of the page are true lines, and so many at least.
true_page() {
	"$python" tests/lib/printed_lines.py "$1" <"$folder/rest.md" >"$folder/out" 2>&1
	verify "a formula's text is not true" test "$?" = 0
}

for lesson in $("$TUTOR" list | sed 's/ .*//'); do
	page html lesson "$lesson"
	true_page 5
	latex lesson "$lesson"
	page markdown lesson "$lesson"
	# What is prose in the Markdown is prose again when it is read as a lesson.
	call lesson "$folder/rest.md" --format markdown
	verify "the prose is not read back as it was" cmp "$folder/out" "$folder/rest.md"
done

for model in tests/models/example3.model lessons/baydin_ad_survey.model lessons/gomez_lstm.model; do
	page html trace "$model"
	true_page 10
	latex trace "$model"
	page markdown trace "$model"
done
page html trace tests/models/example1.model --ops
page html trace mazur --of out_o1 --wrt i1
page html why mazur dE_total/dw1
true_page 20
latex why mazur w5+
page markdown why mazur dE_total/dw1 --notation d,cross
verify 'no × for ·' grep -q 'times' "$folder/page"
verify 'no d for ∂' grep -q 'mathrm{d}' "$folder/page"
call why mazur dE_total/dw1 --notation d,cross
expect_out 'dE_total/dw₁ = dE_total/dnet_h₁×dnet_h₁/dw₁'
call lesson mazur --notation delta
expect_out '∂E_total/∂w₆ = ∂E_total/∂net_o₁·∂net_o₁/∂w₆'
call trace mazur --notation delta
expect_out '∂E_total/∂w₆ = ∂E_total/∂net_o₁·∂net_o₁/∂w₆'

# What a check says, as a document: the same words, the quantities as formulas, what a name or a file has in it as text.
printf '%s\n' name,value out_h1,0.4067 out_o1,0.7372 dout_h1/dnet_h1,0.2413 dE_total/dw5,0.05730 'nett_h1,<b>|$' \
	>"$folder/answers<i>.csv"
for format in html latex markdown; do
	call check "$folder/answers<i>.csv" --model mazur --format "$format"
	expect_status 2
	sed -i '$d' "$folder/answers<i>.csv"
	call check "$folder/answers<i>.csv" --model mazur --format "$format"
	expect_status 1
	cp "$folder/out" "$folder/page"
	"$python" tests/lib/pages.py "$format" "$folder/page" >"$folder/out" 2>&1
	verify "it is not as $format should be" test "$?" = 0
	echo 'nett_h1,<b>|$' >>"$folder/answers<i>.csv"
	verify 'no count' grep -q '1 right, 2 right from your earlier value, 1 wrong' "$folder/page"
	verify 'no cause' grep -q 'sign in the exponent (Mexp)' "$folder/page"
done
verify 'no name as a formula' grep -qF '| ✗ | $`\mathrm{out}_{h1}`$ | 0.4067 | wrong |' "$folder/page"
verify 'no partial as a formula' grep -qF '$`\partial \mathrm{out}_{h1}/\partial \mathrm{net}_{h1}`$' "$folder/page"
verify 'the title is not escaped' grep -qF '# answers\<i\>.csv, checked against mazur' "$folder/page"
call check "$folder/answers<i>.csv" --model mazur --format html
verify 'a problem is markup' sh -c "! grep -q '<b>' '$folder/out'"
verify 'no colour of a wrong answer' grep -q '<td class="bad">wrong' "$folder/out"

call why mazur w1 --notation e
expect_wrong "--notation takes d"
call lesson mazur --format pdf
expect_wrong "text|markdown|latex|html is wanted"
call trace mazur --format pdf
expect_wrong "text|markdown|latex|html|csv|json is wanted"

# Every convention in every format, and what it changes said.
for format in text markdown latex html; do
	for command in 'lesson mazur' 'trace mazur' 'why mazur dE_total/dw1'; do
		call $command --format $format --notation d,cross,delta
		expect_status 0
		verify 'what is changed is not said' grep -q 'Notation: ' "$folder/out"
		"$python" tests/lib/notation.py $format d cross <"$folder/out" >"$folder/err" 2>&1
		verify 'a sign is as it was' test "$?" = 0
		call $command --format $format
		"$python" tests/lib/notation.py $format <"$folder/out" >"$folder/err" 2>&1
		verify 'a sign is not the usual' test "$?" = 0
		verify 'a change is said where there is none' sh -c "! grep -q 'Notation: ' '$folder/out'"
	done
done
call why mazur dE_total/dw1 --notation delta
verify 'the delta form has a chain' sh -c "! grep -q 'full path' '$folder/out'"
call why mazur w5+#2
expect_out 'In update 2:'
call trace mazur --steps 3
expect_out 'In update 3:'
call lesson optimizers
expect_out 'Update 2:'

# On paper a model that one page can hold is not broken by its end; a longer one may be.
for lines in 45 46; do
	{ printf '%s\n' '# T' '' '```model m' 'param w = 0.5' && yes '# more' | head -n $((lines - 2)) && printf '%s\n' 'E = w^2' '```'; } \
		>"$folder/long.md"
	call lesson "$folder/long.md" --format latex
	expect_status 0
	verify "a model of $lines lines" test "$(grep -c '{minipage}.*\\begin{verbatim}' "$folder/out")" = $((46 - lines))
done

# Claims: shown where true, for every element and example; an error where false.
claims() {
	called='claims'
	printf '%s\n' '```model' 'input x' 'target y[0..1]' 'param z[0..1] = [1, 2]' 'e[k=0..1] = exp(x*z[k])' \
		'S = sum(k=0..1, e[k])' 'p[k=0..1] = e[k]/S' 'L = -sum(k=0..1, y[k]*log(p[k]))' 'minimize L' 'examples' \
		'x,y[0],y[1]' '1,0,1' '2,1,0' 'end' '```' '```derive' "$@" '```' >"$folder/claims.md"
	call lesson "$folder/claims.md"
}
claims 'claim dL/dS = 1/S/batch_size' 'claim dL/dz[k] = batch_mean((p[k] - y[k])*x)' 'claim dL/dz[1] = batch_mean(x*(p[1] - y[1]))'
expect_status 0
expect_out '∂L/∂S@1 = 1/S@1/batch_size'
expect_out '∂L/∂z[0] = ((p[0]@1 - y[0]@1)·x@1 + (p[0]@2 - y[0]@2)·x@2)/batch_size'
verify "who says what is not told apart" sh -c "
	test \"\$(grep -c '^By hand:$' '$folder/out')\" = 3 && test \"\$(grep -c '^From the tape:$' '$folder/out')\" = 3"
expect_out '∂L/∂z[1] = ∂L/∂e[1]@1·∂e[1]@1/∂z[1] + '
"$python" tests/lib/printed_lines.py 5 <"$folder/out" >"$folder/err" 2>&1
verify "a claim's line is not true" test "$?" = 0
claims 'claim dL/dz[k] = batch_mean(p[k]*x)'
expect_wrong 'claims.md:17:1: the claim is false: dL/dz[0] is '
claims 'claim dL/dz[k] = (p[k] - y[k])*x'
expect_wrong 'one side of the claim varies'
claims 'claim dL/dq[k] = 1'
expect_wrong "there is no 'q[…]'"
claims 'claim dL/dz[k] = q[k]'
expect_wrong "unknown name 'q'"
claims 'claim dL/dz[k]'
expect_wrong "'claim' is 'claim DERIVATIVE = EXPRESSION'"

# A long sum in parentheses is folded within; the small factor in front of it does not stand alone on a line.
call lesson vanishing --format latex
expect_out 'v_1 & = \frac{1}{4} \cdot ('
verify 'a factor stands alone' sh -c "! grep -q 'frac{1}{4} ..\$' '$folder/out'"

# Of a model that is not drawn the script is told what the lines shown rest on, however far down, and no more.
printf '%s\n' '# T' '' '```model m hidden' 'param w = 0.5' 'a = w*2' 'b = a*3' 'c = b*4' 'd = c + 1' 'minimize d' '```' \
	'So it is:' '' '```derive' 'show c' '```' >"$folder/hidden.md"
call lesson "$folder/hidden.md" --format html
expect_out 'class="rests" data-group="1">[0,[1],[2],[3]]</script>'

# The graph of an exercise has what is given alone; what is wide is scrolled, what is too high to be read is not drawn.
pictured() {
	printf '%s\n' "# T" '' "\`\`\`model $1" "$2" "$3" 'minimize E' '```' 'It is `= E`.' >"$folder/pictured.md"
	call lesson "$folder/pictured.md" --format html
	expect_status 0
}
pictured plain 'param w = 0.5' 'E = w^2'
expect_out 'its gradient: the derivative of <math'
expect_out '<text class="gradient"'
pictured exercise_1 'param w = 0.5' 'E = w^2'
expect_out 'What is computed from what, with the numbers that are given.'
verify 'the answer is told' sh -c "! grep -q 'text class=.gradient\|>0.25</text>' '$folder/out'"
pictured wide 'h[0] = 1' 'h[k=1..30] = sigmoid(h[k-1])
param w = 1
E = w*h[30]'
expect_out '<figure class="graph wide">'
pictured high 'param w[1..40] = 1' 'E = sum(k=1..40, w[k]^2)'
verify 'a picture that nobody can read' sh -c "! grep -q 'figure class=.graph' '$folder/out'"

# On paper a chart and its caption stay together, and formulas behind a model begin without an empty line.
printf '%s\n' '# T' '' '```model' 'param w = 1' 'E = w^2' 'minimize E' '```' '```derive' 'show E' \
	'plot E over w = 0..2' 'A parabola.' '```' 'And:' '' '```derive' 'show dE/dw' '```' >"$folder/paper.md"
call lesson "$folder/paper.md" --format latex
expect_out '\par\nopagebreak\smallskip\begin{minipage}{0.85\textwidth}\centering\small A parabola.'
verify 'an empty line' sh -c "grep -A 2 '^.end{verbatim}' '$folder/out' | grep -qF '\vspace{-\baselineskip}'"
verify 'too little space in a paragraph' sh -c "! grep -A 1 '^And:' '$folder/out' | grep -q vspace"

call graph mazur
expect_status 0
expect_out 'label="w₅\n0.4\ngradient 0.082167041"'
# Without Graphviz a page has no graph, and a picture is an error that says what is wanted.
PATH=/nonexistent
call graph mazur --format svg
PATH=/usr/bin:/bin
expect_wrong "Graphviz's 'dot'"
PATH=/nonexistent
call lesson mazur --format html
PATH=/usr/bin:/bin
expect_status 0
verify 'there is a graph without Graphviz' sh -c "! grep -q 'figure class=.graph' '$folder/out'"

finish
