#!/bin/sh
# What is promised of the commands and their files, sentence by sentence. Expected numbers are worked out by hand or
# with Python; none is taken from the program.
. "$(dirname "$0")/lib/cli.sh"
. "$(dirname "$0")/lib/trace.sh"

# ---- Trace: phases, order, parents

model line.model <<'MODEL'
input x
target y
param w = 1, b = 0
e = w*x + b - y
L = e^2
minimize L
update momentum(rate = 0.1, mu = 0.5)
MODEL
cat >"$folder/d.csv" <<'DATA'
x,y,other
1,2,a
2,3,b
3,5,c
DATA

# Three examples: e = -1, -1, -2; L = 1, 1, 4; dL/dw = 2/3*(-1*1 - 1*2 - 2*3) = -6, dL/db = -8/3.
rows line.model --data "$folder/d.csv"
expect_value given x@2 2
expect_value given w.v 0
expect_value forward e@3 -2
expect_value forward L@3 4
expect_value forward L 2
expect_value gradient dL/dL@2 0.33333333333333333
expect_value gradient dL/de@3 -1.3333333333333333
expect_value partial de@2/dw 2
expect_value path 'dL/de@3*de@3/dw' -4
expect_value gradient dL/dw -6
expect_value gradient dL/db -2.6666666666666667
expect_value update w.v+ -6
expect_value update w+ 1.6
expect_value update b+ 0.26666666666666667
expect_no_row gradient,dL/dx
verify 'phases in order' awk -F, 'NR > 1 {
	phase = index("given forward backward update", $2 ~ /partial|path|gradient/ ? "backward" : $2)
	if (phase < last) exit failed = 1
	last = phase } END { exit failed }' "$folder/out"
verify 'each state, then w+' test "$(cut -d, -f2,3 "$folder/out" | grep update, | tr '\n' ' ')" = \
	'update,w.v+ update,w+ update,b.v+ update,b+ '

# One example alone bears no @.
rows line.model --data "$folder/d.csv" --example 2
expect_value forward L 1
expect_value gradient dL/dw -4
expect_value update w+ 1.4
verify 'no name bears an example' test "$(grep -c @ "$folder/out")" = 0
expect_no_row given,batch_size

# --batch: 1 and 2; then 3 alone, the short last one; then 1 and 2 again. (Python: momentum by hand.)
rows line.model --data "$folder/d.csv" --batch 2
expect_value update w+ 1.3
expect_value update b.v+ -2
rows line.model --data "$folder/d.csv" --batch 2 --steps 2
expect_value given w 1.3
expect_value given w.v -3
expect_value forward e -0.9
expect_value forward L 0.81
expect_value update w.v+ -6.9
expect_value update w+ 1.99
verify 'a batch of one has no example in its names' test "$(grep -c @ "$folder/out")" = 0
rows line.model --data "$folder/d.csv" --batch 2 --steps 3
expect_value given b 0.48
expect_value given x@2 2
expect_value update w.v+ -0.06
expect_value update w+ 1.996
rows line.model --data "$folder/d.csv" --batch 1 --steps 3
expect_value given x 3
expect_value given w 1.46
rows line.model --data "$folder/d.csv" --batch 99
expect_value update w+ 1.6
call trace - --data "$folder/d.csv" --batch 2 --steps 2 --format csv
expect_wrong 'standard input:1:1: the model is empty'
status=0
"$TUTOR" trace - --data "$folder/d.csv" --batch 2 --steps 2 --format csv <"$folder/line.model" >"$folder/out" || status=$?
expect_status 0
expect_value update w+ 1.99

# ---- Trace: what is not finite

model spoilt.model <<'MODEL'
input x = -1
param w = 2
s = w*x
l = log(s)
L = (l + 1)^2
minimize L
update sgd(rate = 0.1)
MODEL
call trace "$folder/spoilt.model"
expect_status 0
expect_no_err
expect_out 'The first value that is not finite'
verify 'it is the last line' test "$(tail -n 1 "$folder/out")" = '  l = log(s) = log(-2) = nan'
rows spoilt.model
expect_err 'tutor: the first value that is not finite:'
expect_err '  l = log(s) = log(-2) = nan'
expect_row 'forward,l,log(s),log(-2),nan,'
rows spoilt.model --quiet
expect_no_err
call trace "$folder/spoilt.model" --format json
expect_status 0
expect_out '"name":"l","formula":"log(s)","substituted":"log(-2)","value":null'
model infinite.model <<'MODEL'
param x = 0
y = sqrt(x)
z = y*y
minimize z
MODEL
call trace "$folder/infinite.model"
verify 'a partial may be the first' test "$(tail -n 1 "$folder/out")" = '  ∂y/∂x = 1/(2·y) = 1/(2·0) = inf'
call trace mazur
verify 'nothing is said where all is finite' test "$(grep -c finite "$folder/out")" = 0

# ---- Trace: a chain of ones says no 'x = x'

model ones.model <<'MODEL'
param w = 2
y = w*3
z = y + 1
L = z
minimize L
MODEL
call trace "$folder/ones.model"
expect_out '  ∂L/∂w = ∂L/∂y·∂y/∂w = 1·3 = 3'

# ---- Trace: single operations

call trace "$folder/line.model" --data "$folder/d.csv" --ops
expect_status 0
verify 'each heading once' test "$(grep -cE '^(Given|Forward pass|Backward pass|Update)$' "$folder/out")" = 4
verify 'numbers stand in formulas' test "$(grep -cE '^  %[^ ]* = [0-9.]*$' "$folder/out")" = 0
expect_out '  L = %'

# ---- MODEL: a file, a lesson, a block, standard input

for name in mazur mazur:1 mazur:mazur; do
	call trace "$name" --format csv
	expect_status 0
	expect_value forward E_total 0.298371108760002737
done
call trace mazr
expect_wrong "there is no file and no lesson 'mazr'; did you mean 'mazur'?"
call trace mazur:none
expect_wrong "has no model block 'none'"
call trace optimizers:adm
expect_wrong "lessons/optimizers.md has no model block 'adm'; did you mean 'adam'?"
call trace "$folder/nowhere.model"
expect_wrong 'cannot read'
call list
expect_status 0
verify 'name, title' grep -q '^mazur  *Backpropagation' "$folder/out"

# ---- Everywhere: -o, --quiet, --digits, --help

for command in list 'lesson mazur' 'trace mazur' 'why mazur w5+'; do
	call $command
	expect_status 0
	cp "$folder/out" "$folder/same"
	call $command -o "$folder/written"
	expect_status 0
	expect_no_out
	verify "-o writes the same" cmp "$folder/same" "$folder/written"
	call $command -o /dev/full
	expect_wrong "cannot write '/dev/full'"
	status=0
	"$TUTOR" $command >/dev/full 2>"$folder/err" || status=$?
	expect_status 2
	expect_err 'cannot write standard output'
done
# An error leaves the file as it was, and no half one beside it.
mkdir "$folder/there"
echo before >"$folder/there/file"
call trace mazur --of nothing --wrt w1 -o "$folder/there/file"
expect_wrong "'nothing' is no quantity of the model"
call trace "$folder/line.model" -o "$folder/there/file"
expect_wrong 'the columns are x, y'
verify 'the file is as it was' test "$(cat "$folder/there/file")" = before
verify 'nothing is beside it' test "$(ls "$folder/there")" = file
for command in list lesson trace why check gradcheck; do
	call $command --help
	expect_status 0
	expect_out "usage: tutor $command"
	expect_out "  tutor $command"
	verify 'help is at most 100 columns wide' awk 'length($0) > 100 { exit failed = 1 }' "$folder/out"
done
call trace mazur --digits 4
expect_out '  out_o₁ = sigmoid(net_o₁) = sigmoid(1.1059) = 0.7514'
call trace mazur --digits 1
expect_out '  w₆ = 0.45'
call trace mazur --digits 12
expect_out ' = 0.29837110876'
call trace mazur
expect_out '  E_total = E_o₁ + E_o₂ = 0.274811083 + 0.023560026 = 0.298371109'

# ---- --set: param, const, state, input, target, size; --seed

model set.model <<'MODEL'
size n = 2
input x[1..n] = 1
target y = 2
const c = 3
param w[1..n] = 4, r ~ normal(0, 1)
state s = 5
L = sum(i=1..n, w[i]*x[i]) + c*s - y
minimize L
MODEL
rows set.model
expect_value forward L 21
rows set.model --set n=3 --set 'x[2]=10' --set y=0 --set c=-1 --set 'w[3]=0.5' --set s=2
expect_value forward L 42.5
rows set.model --set r=7
expect_value given r 7
for set in q=1 L=1 w=1 'w[9]=1' c c= =1 c=abc; do
	call trace "$folder/set.model" --set "$set"
	expect_status 2
	expect_no_out
	verify 'a message' test -s "$folder/err"
done
call trace "$folder/line.model" --set x=1
expect_wrong 'the columns are y'
rows line.model --set x=1 --set y=3
expect_value gradient dL/dw -4

# ---- --of and --wrt

rows set.model --of L --wrt 'w[2]'
expect_value gradient 'dL/dw[2]' 1
expect_count update 0
call trace mazur --of out_o1 --wrt w1 --format csv
expect_status 0
# 0.4*out_h1*(1 - out_h1)*0.05*out_o1*(1 - out_o1)
expect_value gradient dout_o1/dw1 0.000901574741777345732
call trace mazur --of net_h1 --wrt E_total --format csv
expect_value gradient dnet_h1/dE_total 0
call trace mazur --of i1 --wrt w1
expect_wrong "'i1' is given, not computed"

# ---- why: formula, substitution, value; the paths one level up, and each full path

call why mazur dE_total/dw1
expect_status 0
expect_out '  ∂E_total/∂w₁ = ∂E_total/∂net_h₁·∂net_h₁/∂w₁ = 0.008771355·0.05 = 0.000438568'
expect_out 'The full paths to the loss, as products of local partials (2)'
expect_out '     = 1·0.74136507·0.186815602·0.4·0.241300709·0.05'
verify 'no line is said twice' test -z "$(grep ' = ' "$folder/out" | sed 's/ = .*//' | grep -v '^ *$' | sort | uniq -d)"
call why mazur dout_o1/dw1
expect_out 'The full path to out_o1, as a product of local partials (1)'
call why mazur 'E_total#2'
expect_status 0
expect_out ' = 0.291027774'
call why mazur i1
expect_out 'It is given.'
for name in nosuch dE_total/dw9 out_h 'E_total#0' 'E_total@1x' dE_total ''; do
	call why mazur "$name"
	expect_status 2
	expect_no_out
done

# ---- JSON: the same rows, no NaN

call trace mazur --format json
expect_status 0
verify 'it is JSON with the fields of the table' python3 -c '
import json, sys
rows = json.load(open(sys.argv[1]))
assert [row["id"] for row in rows] == list(range(1, len(rows) + 1))
assert set(rows[0]) == {"id", "phase", "name", "formula", "substituted", "value", "parents"}
assert all(parent < row["id"] for row in rows for parent in row["parents"])' "$folder/out"

# ---- check: order, other columns, delimiters, decimal commas, fractions, blanks, exit status

model answers.model <<'MODEL'
input x[1..2] = [1, 3]
param w = 2
y = w*x[1] + x[2]/7
L = y^2
minimize L
update sgd(rate = 0.1)
MODEL
# y = 17/7, L = 289/49, dL/dw = 34/7, w+ = 2 - 3.4/7.
check() {
	printf "$1" >"$folder/answers.csv"
	call check "$folder/answers.csv" --model "$folder/answers.model"
}
check 'note;value;name\n;2,4286;y\n;5,898;L\n;34/7;d L / d w\n;1,5143;w+\n;;x[1]\n'
expect_status 0
expect_out '4 right, 1 not answered'
check 'name\tvalue\r\nL#1\t5.898e0\r\n'
expect_status 0
expect_out '1 right'
check 'name,value\ny,2.4\nL,5.76\n'
expect_status 1
expect_out 'too few digits'
expect_out 'right from your earlier value of y'
check 'name,value\ny,2.4287\nL,5.899\n'
expect_status 1
expect_out 'y = w·x[1] + x[2]/7'
check 'name,value\ny,2.428\n'
expect_status 0
expect_out 'cut off'
check 'name,value\nw+,2.4857\n'
expect_status 1
check 'name,value\nq,1\n'
expect_status 2
expect_err "answers.csv:2:1: 'q' is no quantity of the model"
check 'name,value\ny,1.5,7\n'
expect_wrong 'answers.csv:2:7: '
check 'name,number\ny,1\n'
expect_wrong "there is no 'value'"

# ---- Width and symbols: no line is too long, none bears a symbol that the terminal has not

for width in 40 60 80 120; do
	for file in mazur "$folder/line.model"; do
		for symbols in C C.UTF-8; do
			LC_ALL=$symbols COLUMNS=$width "$TUTOR" trace "$file" --set x=1 --set y=2 >"$folder/out" 2>"$folder/err" ||
				LC_ALL=$symbols COLUMNS=$width "$TUTOR" trace "$file" >"$folder/out"
			verify "a line of $file is wider than $width" python3 -c '
import sys
assert all(len(line.rstrip("\n")) <= int(sys.argv[2]) for line in open(sys.argv[1], encoding="utf-8"))' \
				"$folder/out" "$width"
			verify "a line of $file ends in a blank" sh -c "! grep -q ' \$' '$folder/out'"
			test $symbols = C.UTF-8 || verify 'ASCII alone' sh -c "! LC_ALL=C grep -q '[^ -~]' '$folder/out'"
		done
	done
done

finish
