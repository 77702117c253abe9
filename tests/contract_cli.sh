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

finish
