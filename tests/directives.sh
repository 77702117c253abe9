# Lessons: each directive, and each thing that may be wrong with one, is told with its line.
. tests/lib/cli.sh
lesson=$folder/lesson.md

# lesson LINE...: a lesson with a model and these directives, which begin on line 13.
lesson() {
	printf '%s\n' '# A lesson' '' '```model net' 'input x = 2' 'param w = 0.5, v = 1' 'const k = 3' 'h = tanh(w*x)' \
		'E = (h*v - k)^2' 'minimize E' 'update sgd(rate = 0.1)' '```' '```derive' "$@" '```' >"$lesson"
	call lesson "$lesson" --ascii
}

# wrong_lesson MESSAGE LINE...: the lesson is wrong at its line 13.
wrong_lesson() {
	message=$1
	shift
	lesson "$@"
	expect_wrong "$lesson:13:"
	expect_err "$message"
}

lesson 'show h' '# left out' '' 'chain dE/dw' 'paths dE/dh' 'calculate w+' 'show E_none'
expect_wrong "$lesson:19:"
expect_err "'E_none' is no quantity"
lesson 'show h E dE/dh w+' 'chain dE/dw' 'paths dE/dv' 'calculate dE/dw' 'weights w v' 'nudge w 0.01' 'rounds E 0 1 10'
expect_status 0
expect_out 'h = tanh(w*x) = tanh(0.5*2) = 0.761594156'
expect_out 'weight'
expect_out 'as foretold'
expect_out 'updates'
# A name is a quantity also where another model than the last one has it, but no example's own value.
printf '%s\n' '# A lesson' '' '```model' 'input x' 'param w1 = 1' 'p2 = w1*x' 'examples' 'x' 1 2 end '```' '```model' \
	'param a3 = 1' 'E = a3^2' 'minimize E' '```' 'It is `w1`, `a3` and `b4`, not `p2`.' >"$lesson"
call lesson "$lesson"
expect_out 'It is w₁, a₃ and b4, not p2.'
# The proof: two derivatives and two params, the lifted program off by rounding at most; in single precision it is off.
lesson 'proof'
expect_status 0
verify 'off by rounding' "${PYTHON:-python3}" -c 'import re, sys
rows = re.findall(r"(gradients|new params) +(\d+) +(\S+) +(\S+)", open(sys.argv[1]).read())
assert [r[1] for r in rows] == ["2", "2"] and all(float(r[2]) < 1e-14 and 0 <= float(r[3]) < 1e-5 for r in rows)
assert any(float(r[3]) > 1e-12 for r in rows)' "$folder/out"
printf '%s\n' '# A lesson' '' '```model' 'param w = 1' 'E = w^2' 'minimize E' '```' '```derive' 'proof' '```' >"$lesson"
call lesson "$lesson"
expect_wrong "$lesson:9:1: the model has no update to compare"
lesson 'symbols' 'x k: given' 'h: computed'
expect_status 0
expect_out 'x, k'
lesson 'compare' 'E#2 1.5 the error'
expect_status 0
expect_out 'printed'

lesson 'show h#2 w+' 'paths dE/dh'
expect_status 0
expect_out 'h = tanh(w*x) = tanh(0.876'
expect_out 'w+ = w - update.rate*dE/dw = 0.5 - 0.1*'
lesson 'table quantity | now | then' 'of layer 1 | h | h#2' 'given | w' '| | net:k'
expect_status 0
expect_out 'of layer 1'
expect_out 'then'
lesson 'table quantity | now' 'h | h | h#2'
expect_wrong "$lesson:14:"
expect_err 'more cells than the table has heads'
lesson 'table quantity | now' 'h | h2'
expect_wrong "$lesson:14:"
wrong_lesson 'the update step behind # is a whole number' 'show h#0'

wrong_lesson "'shew' is no directive" 'shew h'
wrong_lesson "'h2' is no quantity of the model; did you mean 'h'" 'show h2'
wrong_lesson "'w' is given: there is nothing to calculate" 'calculate w'
wrong_lesson 'takes one derivative' 'paths dE/dh dE/dw'
wrong_lesson 'no quantity' 'paths zz'
wrong_lesson 'no quantity' 'weights zz'
wrong_lesson 'gives that no new value' 'weights h'
wrong_lesson 'takes a param and a number' 'nudge w'
wrong_lesson 'takes a param and a number' 'nudge w much'
wrong_lesson 'no quantity' 'nudge zz 0.1'
wrong_lesson 'takes a param of a model with' 'nudge h 0.1'
wrong_lesson 'takes a quantity and numbers of updates' 'rounds E'
wrong_lesson 'numbers of updates from 0' 'rounds E many'
wrong_lesson 'numbers of updates from 0' 'rounds E -1'
wrong_lesson 'no quantity' 'rounds zz 1'
lesson 'symbols' 'x k'
expect_wrong "a row of 'symbols' is"
lesson 'symbols' 'zz: nothing'
expect_wrong 'no quantity'
lesson 'plan h'
expect_status 0
expect_out 'tanh: 1 value'
lesson 'plan'
expect_status 0
expect_out 'as vector instructions'
wrong_lesson "no instruction of the plan gives that; see 'tutor plan'" 'plan zz'
lesson 'compare' 'E#2'
expect_wrong "a row of 'compare' is"
lesson 'compare' 'zz 1 label'
expect_wrong 'no quantity'

# prose LINE...: a lesson of these lines alone.
prose() {
	printf '%s\n' "$@" >"$lesson"
	call lesson "$lesson" --ascii --width 60
}
prose '# T' '' "[don't" 'go](https://a.b) <https://c.d>, [e](f)'
expect_status 0
expect_out "don't go <https://a.b> https://c.d, e <f>"
prose 'Text, `code`, *so* **and** so.\' 'New line' '' '1. one' '2. two' '' '> said' '' '***' '' '    as it stands'
expect_status 0
expect_out 'code'
expect_out '1. one'
expect_out '    as it stands'
prose 'The value `= E`'
expect_wrong 'there is no model above'
prose '```derive' 'show E' '```'
expect_wrong 'there is no model above'
prose '```model a' 'y = 1' '```' '```derive b' 'show y' '```'
expect_wrong "there is no model 'b'"
prose '```model' 'y = 1 +' '```'
expect_wrong "$lesson:2:8"
prose '```model' 'y = 1' '```' '`= z`'
expect_wrong "'z' is no quantity"
prose '```model one' 'y = 1' '```' '```model two' 'y = 2' '```' 'First `= one:y` and then `= y`.'
expect_out 'First 1 and then 2.'
prose '```model one' 'y = 1' '```' '`= two:y`'
expect_wrong "'two:y' is no quantity"
prose '```model' 'y = 2' '```' '```derive' 'weights y' '```'
expect_wrong "needs a model with 'minimize' and 'update'"
prose '```model' 'y = 2' '```' '```derive' 'compare' 'y 1 label' '```'
expect_status 2
call lesson mazzur
expect_wrong "did you mean 'mazur'"
call lesson "$folder/none.md"
expect_wrong 'No such file'
call lesson gomez_lstm
expect_wrong 'is a model, not a lesson'

# A model of a lesson by its name and number.
prose '```model one' 'y = 1' '```' '```model two' 'y = 2' '```'
for block in "$lesson" "$lesson:1" "$lesson:one"; do
	call trace "$block" --format csv
	expect_status 0
	expect_out 'forward,y,1,'
done
for block in "$lesson:2" "$lesson:two"; do
	call trace "$block" --format csv
	expect_out 'forward,y,2,'
done
for block in "$lesson:3" "$lesson:three" "$lesson:0"; do
	call trace "$block"
	expect_status 2
done
prose 'Nothing but prose.'
call trace "$lesson"
expect_status 2

# A local partial that is a given quantity itself has the name that it is asked for by.
prose '```model' 'param x = 1.5, y = 2' 'a = x*y' 'q = y*a + x*y' 'minimize q' '```' '```derive' \
	'show da/dy:direct dq/da:direct dq/dy:direct' '```'
call lesson "$lesson" --ascii
expect_out 'da/dy:direct = x = 1.5'
expect_out 'dq/da:direct = y = 2'
expect_out 'dq/dy:direct = a + x'

# In a text emphasis is plain: a star is a product. The other formats have it.
prose 'A **sum** hands *on* 2*x.' '```model' 'y = 2' '```'
call lesson "$lesson" --ascii
expect_out 'A sum hands on 2*x.'
call lesson "$lesson" --format markdown
expect_out 'A **sum** hands *on*'
call lesson "$lesson" --format html
expect_out '<strong>sum</strong>'

# Large numbers have as many digits as are asked for.
prose '```model' 'a = 2.6077210658119783e+34' '```' '```derive' 'table | of a' 'one | a' '```'
call lesson "$lesson" --ascii
expect_out 'one  2.60772107e+34'
verify 'there are more digits' sh -c "! grep '^  one' '$folder/out' | grep -q '0772107[0-9]'"
call lesson "$lesson" --ascii --digits 15
expect_out 'one  2.60772106581198e+34'

# The graph of a page has no boxes that nothing leads to or from.
prose '```model' 'param x = 3' 'f = x^2' 'slope = grad(f, x)' 'minimize f' '```' '```derive' 'show f' '```'
call lesson "$lesson" --format html
sed -n '/<figure class="graph">/,/<.figure>/p' "$folder/out" >"$folder/graph"
verify 'the graph has x and f' sh -c "grep -q 'x' '$folder/graph' && grep -q '<svg' '$folder/graph'"
verify 'the graph has no lone box' sh -c "! grep -q 'slope' '$folder/graph'"

# A model that looks as one above, but for its update rule, has no picture of its own; with another number it has.
two() {
	prose '```model' 'param x = 3' 'f = x^2' 'minimize f' 'update sgd(rate = 0.1)' '```' \
		'```model' "param x = $1" 'f = x^2' 'minimize f' 'update momentum(rate = 0.1)' '```' '```derive' 'show x+' '```'
	call lesson "$lesson" --format html
	verify "not $2 pictures" test "$(grep -c '<figure class="graph">' "$folder/out")" = "$2"
}
two 3 1
two 4 2

# A long name in a narrow table is broken behind a comma.
call lesson convolution --ascii --width 40
verify 'a bracket stands alone' sh -c "! grep -q '^  \] ' '$folder/out'"

# A line is broken before a whole term, not within its parentheses.
call lesson batch_norm --ascii --width 80
expect_out '          + (-0.5)*(4 - 2.5)'
call lesson saddle_points --ascii --width 40
expect_out '         + (1 - 0.99)*(-0.000999999)^2'

# The legend of a contour names every band.
call lesson learning_rate --ascii --width 200
expect_out 'from 1 to 10; 2 from 10 up.'

finish
