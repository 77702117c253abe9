#!/bin/sh
# check and gradcheck as commands: the report, golden files, exit status, answers of every kind.
. "$(dirname "$0")/lib/cli.sh"
cd "$(dirname "$0")/.."

# sheet NAME=VALUE...: an answers file.
sheet() {
	echo name,value >"$folder/sheet.csv"
	for row in "$@"; do
		echo "${row%%=*},${row#*=}" >>"$folder/sheet.csv"
	done
}

sheet net_h1=0.3775 out_h1=0.5933 E_total=0.29837
call check "$folder/sheet.csv" --model mazur
expect_status 0
expect_out '✓ out_h1   0.5933   right'
expect_out '3 right'
expect_no_err
call check "$folder/sheet.csv" --model mazur --ascii -q
expect_status 0
verify 'one line' test "$(cat "$folder/out")" = '3 right'

sheet net_h1=0.3775 out_h1=0.4067 out_o1=0.7372 out_o2= dE_total/dw5=0.05730
call check "$folder/sheet.csv" --model mazur
expect_status 1
expect_out '✗ out_h1'
expect_out 'right from your earlier value of out_h1'
expect_out 'not answered'
expect_out 'first wrong: out_h1. You have 0.4067; your own numbers give'
expect_out 'out_h₁ = sigmoid(net_h₁) = sigmoid(0.3775) = 0.593269992'
expect_out '2 later answers are right from it'
expect_out '1 right, 2 right from your earlier value, 1 wrong, 1 not answered'
call check "$folder/sheet.csv" --model mazur --width 40 --ascii
expect_status 1
verify 'at most 40 columns' test "$(awk 'length > 40' "$folder/out" | wc -l)" = 0
verify 'plain ASCII' sh -c "LC_ALL=C; ! grep -q '[^ -~]' '$folder/out'"
expect_out 'x out_h1'

# Names have their column at 40 columns too; what is longer still stands above it.
sheet dE_total/dnet_o1=0.1385 dE_total/dw5=0.08217 dE_total/dnet_o1*dnet_o1/dout_h1=0.05540
call check "$folder/sheet.csv" --model mazur --width 40 --ascii
expect_out '+ dE_total/dnet_o1  0.1385   right'
expect_out '+ dE_total/dw5      0.08217  right'
verify 'the value is in its column' grep -q '^                    0.05540  right' "$folder/out"

# A mistake is named, as plainly as is asked for; what fits none is not guessed at.
sheet dE_total/dnet_o1=0.7414 dE_total/dw5=0.4398 dE_total/dout_h1=0.1234
call check "$folder/sheet.csv" --model mazur
expect_status 1
expect_out 'dE_total/dnet_o1: likely mistake: slope of the output unit left out (M05)'
expect_out 'dE_total/dout_h1: no mistake that is known gives 0.1234'
call check "$folder/sheet.csv" --model mazur --hint 1
expect_out "dE_total/dnet_o1: Look at the step through the output's activation."
verify 'no name' sh -c "! grep -q M05 '$folder/out'"
call check "$folder/sheet.csv" --model mazur --hint 3 --width 1000
expect_out "The derivative of the output's activation was left out."
call check "$folder/sheet.csv" --model mazur --hint 4
expect_wrong "invalid argument '4' to option --hint 1|2|3"

# Conventions are asked about, not called wrong.
sheet E_o1=0.5496 E_o2=0.04712 dE_total/dout_o1=1.483
call check "$folder/sheet.csv" --model mazur --width 1000
expect_status 1
expect_out 'right by another convention'
expect_out 'If so, say --convention loss=plain.'
call check "$folder/sheet.csv" --model mazur --convention loss=plain
expect_out 'E_o1              0.5496   right'
call check "$folder/sheet.csv" --model mazur --convention loss=twice
expect_wrong "'loss=twice' is no convention; there are loss=plain"

sheet E_o1=0.5496 E_o2=0.04712 E_total=0.5967 dE_total/dnet_o1=0.1385
call check "$folder/sheet.csv" --model mazur --width 1000
expect_out 'E_o1: likely mistake: factor 1/2 of the loss left out (in the loss only) (M10b)'
expect_out 'It gives 2 of your wrong answers.'
sheet E_o1=0.5496 E_o2=0.02356
call check "$folder/sheet.csv" --model mazur --width 1000
expect_out 'factor 1/2 of the loss left out (in the loss only) (M10b)'
expect_out 'first wrong: E_o1. You have 0.5496; the model gives'

# Rows that cannot be taken say what to do.
printf 'name,value\nout_h1,"0,5933"\nnet_h1,nan\nE_o1+,1\nnet_h2,0.3925\nnet_h2,0.4\n' >"$folder/sheet.csv"
call check "$folder/sheet.csv" --model mazur --width 1000
expect_status 2
expect_out "'0,5933' has a decimal comma: write a point, or put ; between all columns"
expect_out "'nan' is no number"
expect_out "'E_o1+': the update gives that no new value"
expect_out 'given before with another value: the first counts'
expect_err '(and 2 more rows are not understood)'
verify 'the first is not said to be given twice' test "$(grep -c 'given before' "$folder/out")" = 1
printf 'x = 2\nparam w = 1\nL = (w*x - 1)^2\n' >"$folder/still.model"
sheet w+=3
call check "$folder/sheet.csv" --model "$folder/still.model" --width 1000
expect_out "'w+': the model has no update, so nothing has a new value"
printf '\377\376n\000a\000' >"$folder/sheet.csv"
call check "$folder/sheet.csv" --model mazur
expect_wrong 'this is UTF-16; save it as UTF-8 (in a spreadsheet: CSV UTF-8)'

# What is no number is not wrong: nothing can be said of it, and nothing rests on it.
printf 'name,value\nnet_h1,inf\nout_h1,-\nnet_h2,-Infinity\nout_h2,0.5969\n' >"$folder/infinite.csv"
call check "$folder/infinite.csv" --model mazur --width 1000
expect_status 2
expect_out "net_h1  inf        not understood: 'inf' is no number"
expect_out "out_h1  -          not understood: '-' is no number"
expect_out "net_h2  -Infinity  not understood: '-Infinity' is no number"
expect_out '1 right, 3 not understood'

# Digits asked.
sheet out_h1=0.593
call check "$folder/sheet.csv" --model mazur
expect_status 1
expect_out 'too few digits'
call check "$folder/sheet.csv" --model mazur --significant 3
expect_status 0
call check "$folder/sheet.csv" --model mazur --significant 0
expect_wrong "invalid argument '0' to option --significant N"

# Nothing answered is no yes.
sheet out_h1=
call check "$folder/sheet.csv" --model mazur
expect_status 1
expect_out '0 right, 1 not answered'

# A row that is wrong itself: reported with its place, and no other row is hidden.
sheet out_h1=0.5933 nett_h1=1 net_h1=x
call check "$folder/sheet.csv" --model mazur
expect_status 2
expect_out '✓ out_h1'
expect_out "'x' is no number"
expect_out '1 right, 2 not understood'
expect_err "$folder/sheet.csv:3:1: 'nett_h1' is no quantity of the model; did you mean 'net_h1'?"
call check "$folder/sheet.csv" --model mazur -o "$folder/report"
expect_status 2
verify 'no half file' test ! -e "$folder/report"

# The call.
call check "$folder/sheet.csv"
expect_wrong "'tutor check' needs --model MODEL or --golden CSV"
call check
expect_wrong "'tutor check' needs ANSWERS.csv"
call check "$folder/none.csv" --model mazur
expect_wrong 'none.csv'
call check "$folder/sheet.csv" --model nosuch
expect_wrong 'nosuch'
call check "$folder/sheet.csv" --golden "$folder/none.csv"
expect_wrong 'none.csv'
printf '' >"$folder/empty.csv"
call check "$folder/empty.csv" --model mazur
expect_wrong 'no table here'
printf 'name,value\n\0' >"$folder/nul.csv"
call check "$folder/nul.csv" --model mazur
expect_wrong 'nul.csv:2:1'
printf 'quantity,value\nE,1\n' >"$folder/columns.csv"
call check "$folder/columns.csv" --model mazur
expect_wrong "there is no 'name'"

# Spreadsheets of other countries.
printf 'value;name\r\n0,3775; net_h1 \r\n"2984/10000";E_total\r\n' >"$folder/german.csv"
call check "$folder/german.csv" --model mazur
expect_status 0
expect_out '2 right'

# Every golden file holds against its model, and the model's trace against the golden file, with
# and without a model to ask.
for golden in golden/*.csv; do
	name=$(basename "$golden" .csv | tr . :)
	call check "$golden" --model "$name" -q
	expect_status 0
	call trace "$name" --format csv -o "$folder/trace.csv"
	expect_status 0
	call check "$folder/trace.csv" --golden "$golden" -q
	expect_status 0
	call check "$folder/trace.csv" --model "$name" -q
	expect_status 0
	# Without a model a number stands for itself: the last digits of a double are not held against it. A trace has no
	# quantities of later updates.
	sed 's/\(\.[0-9]\{12\}\)[0-9]*/\1/g' "$folder/trace.csv" >"$folder/short.csv"
	cp "$golden" "$folder/other name.csv"
	if cut -d , -f 1 "$golden" | tail -n +2 | grep -qv '#'; then
		call check "$folder/short.csv" --golden "$folder/other name.csv" -q
		expect_status 0
	fi
	call gradcheck "$name"
	if grep -q "has no 'minimize'" "$folder/err"; then
		expect_status 2
	else
		expect_status 0
		expect_out passed
	fi
done
for golden in tests/golden_language/*.csv; do
	model=tests/models/$(basename "$golden" .csv).model
	call check "$golden" --model "$model" -q
	expect_status 0
	call gradcheck "$model" -q
	expect_status 0
done

# A golden file alone tells right from wrong; that of a lesson says what follows, too.
sheet out_h1=0.4067 out_o1=0.7372
call check "$folder/sheet.csv" --golden golden/mazur.csv
expect_status 1
expect_out 'right from your earlier value of out_h1'
cp golden/mazur.csv "$folder/mine.csv"
call check "$folder/sheet.csv" --golden "$folder/mine.csv"
expect_status 1
expect_out '0 right, 2 wrong'
sed 's/0.59326999210718726/0.7/' golden/mazur.csv >"$folder/mazur.csv"
sheet out_h1=0.7000
call check "$folder/sheet.csv" --golden "$folder/mazur.csv"
expect_status 0

printf 'param w = 0\nE = abs(w)\nminimize E\n' >"$folder/kink.model"
call gradcheck "$folder/kink.model"
expect_status 0
expect_out 'on a kink'
printf 'param w = -1\nE = log(w)\nminimize E\n' >"$folder/log.model"
call gradcheck "$folder/log.model"
expect_status 1
expect_out 'not finite'
expect_out 'FAILED: 1 of 1 params checked, 1 without a difference to compare with'
verify 'nothing was measured, so no error is told' sh -c "! grep -q '[0-9]e-\|error [0-9]' '$folder/out'"
printf 'param w = 1\nE = w\n' >"$folder/lossless.model"
call gradcheck "$folder/lossless.model"
expect_wrong "has no 'minimize'"
call gradcheck mazur --verbose
expect_status 0
expect_out 'w5: recorded 0.082167041, differences 0.082167041'
call gradcheck mazur -q
verify 'one line' test "$(wc -l <"$folder/out")" = 1

finish
