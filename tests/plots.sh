# Charts: what is drawn is what the model says, recomputed by Python; each form is well made; wrong lines are told.
. tests/lib/cli.sh
python=${PYTHON:-python3}
lesson=$folder/lesson.md
mkdir "$folder/data"
printf '%s\n' 'size,accuracy,lowest,name' '1,0.9,0.8,one' '10,0.95,0.9,ten' '100,,0.5,many' >"$folder/data/runs.csv"

# lesson LINE...: directives on a small model, from line 22 on.
lesson() {
	printf '%s\n' '# A lesson' '' '```model net' 'param x = 1, y = 0.5' 'const k = 2' 's = sigmoid(k*x)' 'f = x^2 - y^2' 'g = f + s' \
		'v[0] = x' 'v[k=1..3] = (1 - 1/10)*v[k-1]' 'w[2, k=0..3] = k^2 + 0*x' \
		'minimize f' 'update sgd(rate = 0.1)' '```' '```model fast' 'param x = 1, y = 0.5' 'f = x^2 - y^2' 'minimize f' \
		'update momentum(rate = 0.1)' '```' '```derive net' "$@" '```' >"$lesson"
}
drawn() {
	lesson "$@"
	call lesson "$lesson" --format html
	expect_status 0
	cp "$folder/out" "$folder/page.html"
}
wrong_lesson() {
	message=$1
	shift
	lesson "$@"
	call lesson "$lesson"
	expect_wrong "$lesson:22:"
	expect_err "$message"
}
# points WHAT: the chart of page.html, taken apart by tests/lib/charts.py, is what it is said to be.
points() {
	"$python" tests/lib/charts.py "$folder/page.html" "$@" >"$folder/out" 2>&1
	verify "the chart is not that of $*" test "$?" = 0
}

drawn 'plot s, ds/dx over x = -6..6' 'Look at `s`: it is `= s`.'
points line 0 '1/(1 + exp(-2*x))'
points line 1 '2*exp(-2*x)/(1 + exp(-2*x))**2'
verify 'a title and a description' grep -q '<title id="chart1t">Chart of s and ∂s/∂x over x</title>' "$folder/page.html"
drawn 'plot g over k = 0.01..100, log x' 'Look.'
points line 0 '0.75 + 1/(1 + exp(-x))'
drawn 'plot f, s over update.rate = 0.1..0.2, log, log x' 'Look.'
drawn 'plot x, fast:x as with momentum over updates 0..30' 'Look.'
points line 0 '0.8**x'
verify 'a label' grep -q '>with momentum<' "$folder/page.html"
drawn 'plot x over updates 1..5000, log x' 'Look.'
points line 0 '0.8**x'
verify 'the second update is not drawn' "$python" -c 'import re, sys
line = re.search("<path class=.line s0. d=.M([0-9.]+) \\S+l([0-9.]+) ", open(sys.argv[1]).read())
assert 20 < float(line[2]) < 60, line[2]' "$folder/page.html"
drawn 'plot x#4 over update.rate = 0..1, y = -1..1' 'Look.'
points line 0 '(1 - 2*x)**3'
drawn 'plot v[k] as first, w[2,k] over k = 0..3' 'Look.'
points line 0 '(1 - 0.1)**x'
points line 1 'x**2'
drawn 'contour g over x = -2..2, y = -1..1 with paths net as plain, fast for 20 updates' 'Look.'
points contour 'x**2 - y**2 + 1/(1 + exp(-2*x))'
points line 0 'None'
drawn 'bars what | net | fast' 'first | f#2 | fast:f#2' 'second | f#3 |' 'Look.'
verify 'three bars, and two in the legend' test "$(grep -c '<rect class="bar' "$folder/page.html")" = 5
drawn 'plot data runs.csv: accuracy, lowest as worst over size, log x' 'Look.'
points line 1 '{1: .8, 10: .9, 100: .5}[round(x)]'
drawn 'bars data runs.csv: accuracy over name' 'Look.' '' 'table data runs.csv: name as which, accuracy'
verify 'a table' grep -q '<th scope="col">which</th>' "$folder/page.html"

# A contour line has its number: where the frame cuts off the first place for it or a path goes over it, elsewhere.
call lesson learning_rate --format html
for level in 0.1 1 10; do
	verify "the contour line of $level has no number" grep -q "class=\"level\"[^<]*>$level<" "$folder/out"
done

# Every form of the same lesson.
lesson 'plot s, ds/dx over x = -6..6' 'Look.' '' 'contour f over x = -2..2, y = -1..1 with paths net, fast for 20 updates' 'Look.' '' \
	'bars what | net | fast' 'first | f#2 | fast:f#2' 'Look.'
for width in 40 80; do
	call lesson "$lesson" --width $width
	expect_status 0
	verify "wider than $width" sh -c "! grep -q '.\{$((width + 1))\}' '$folder/out'"
	call lesson "$lesson" --width $width --ascii
	expect_status 0
	verify "wider than $width" sh -c "! grep -q '.\{$((width + 1))\}' '$folder/out'"
	expect_out ' as height, y upwards: A net, B fast'
	verify 'not ASCII' sh -c "! LC_ALL=C grep -q '[^ -~]' '$folder/out'"
done
expect_out 'A s, B ds/dx'
for format in html latex markdown; do
	call lesson "$lesson" --format $format
	cp "$folder/out" "$folder/page"
	"$python" tests/lib/pages.py $format "$folder/page" >"$folder/out" 2>&1
	verify "it is not as $format should be" test "$?" = 0
done
call lesson "$lesson" --format markdown --plots "$folder/pictures" -o "$folder/lesson.out.md"
expect_status 0
verify 'a reference' grep -q '](<pictures/lesson-3.svg>)' "$folder/lesson.out.md"
for picture in 1 2 3; do
	verify 'XML' "$python" -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$folder/pictures/lesson-$picture.svg"
done
call lesson "$lesson" --plots "$lesson"
expect_status 2

wrong_lesson 'is its caption' 'plot s over x = 0..1'
wrong_lesson "'plot' is 'plot NAME" 'plot s' 'Look.'
wrong_lesson "'over' takes" 'plot s over x' 'Look.'
wrong_lesson "'over' takes" 'plot s over x = 3..1' 'Look.'
wrong_lesson "'z' is no quantity" 'plot z over x = 0..1' 'Look.'
wrong_lesson "'s' is computed" 'plot f over s = 0..1' 'Look.'
wrong_lesson 'needs a range above 0' 'plot s over x = 0..1, log x' 'Look.'
wrong_lesson 'at most 7 series' 'plot s, s, s, s, s, s, s, s over x = 0..1' 'Look.'
wrong_lesson 'whole numbers' 'plot x over updates 0.5..3' 'Look.'
wrong_lesson 'whole numbers' 'plot v[k] over k = 0..1.5' 'Look.'
wrong_lesson "'v[4]'" 'plot v[k] over k = 0..4' 'Look.'
wrong_lesson 'has no #' 'plot x#2 over updates 0..3' 'Look.'
wrong_lesson 'takes too long' 'plot x#99999999 over x = 0..1' 'Look.'
wrong_lesson "'contour' is 'contour" 'contour f over x = 0..1' 'Look.'
wrong_lesson 'without #' 'contour f#2 over x = 0..1, y = 0..1' 'Look.'
wrong_lesson "there is no model 'slow'" 'contour f over x = 0..1, y = 0..1 with paths slow for 3 updates' 'Look.'
wrong_lesson "paths are 'MODEL" 'contour f over x = 0..1, y = 0..1 with paths net' 'Look.'
wrong_lesson 'wants lines' 'bars what | net' 'Look.'
wrong_lesson "no column 'weight'" 'plot data runs.csv: weight over size' 'Look.'
wrong_lesson 'without a folder' 'plot data ../x.csv: weight over size' 'Look.'
wrong_lesson 'No such file' 'plot data none.csv: weight over size' 'Look.'
lesson 'plot s over x = 0..1' 'Look at `= none`.'
call lesson "$lesson"
expect_wrong "$lesson:23:"
lesson 'plot s over x = 0..1' '- a list'
call lesson "$lesson"
expect_wrong 'a caption is one paragraph'

finish
