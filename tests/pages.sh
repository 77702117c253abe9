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
call why mazur w1 --notation e
expect_wrong "--notation takes d"
call lesson mazur --format pdf
expect_wrong "text|markdown|latex|html is wanted"
call trace mazur --format pdf
expect_wrong "text|markdown|latex|html|csv|json is wanted"

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
verify 'there is a graph without Graphviz' sh -c "! grep -q '<svg' '$folder/out'"

finish
