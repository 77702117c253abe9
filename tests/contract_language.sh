#!/bin/sh
# What is promised of the model language and of the names in files, sentence by sentence. Expected numbers are worked
# out by hand, or with mpmath; none is taken from the program.
. "$(dirname "$0")/lib/cli.sh"
. "$(dirname "$0")/lib/trace.sh"

# ---- A batch through time: @k, :direct, tied params, the row of the mean

model time.model <<'MODEL'
size T = 2
input x[1..T]
target y
param w = 0.5, u = 1.0
def f(s) = tanh(s)
h[0] = 0
h[t=1..T] = f(w*h[t-1] + u*x[t])
E = 1/2*(h[T] - y)^2
minimize E
update sgd(rate = 0.1)
examples
x[1],x[2],y
1.0,0.5,0.2
0.2,0.1,-0.1
end
MODEL
rows time.model
expect_value given batch_size 2
expect_value given 'x[2]@1' 0.5
expect_value forward 'h[0]' 0
expect_value forward 'h[1]@2' 0.197375320224904000738157318811
expect_value forward 'h[2]@1' 0.706818409141805545408499126474
expect_value forward E@2 0.0438416850983275141610164079811
expect_value forward E 0.0861370675104214078
expect_value gradient dE/dE 1
expect_value gradient dE/dE@2 0.5
expect_value gradient 'dE/dh[2]@2' 0.148056889570069508064325733488
expect_value partial 'dh[2]@1/dw:direct' 0.38110760771211736355532568115
expect_value partial 'dh[1]@2/dw' 0
expect_value path 'dE/dh[2]@1*dh[2]@1/dw:direct' 0.09657617572624731219322025
expect_value gradient dE/dw 0.124675025798495642317536182181
expect_value gradient dE/du 0.117949905122356423426720555497
expect_no_row 'partial,dh[2]@1/dw,'
expect_no_row 'gradient,dE/dx'
expect_no_row 'gradient,dE/dy'
# Both factors of a path are written, a sum of one term has none.
expect_row 'path,dE/dh[1]@2*dh[1]@2/dw,dE/dh[1]@2*dh[1]@2/dw,'
expect_no_row 'path,dE/dE@1'
expect_no_row 'path,dE/dh[2]@1*dh[2]@1/dh[1]@1'
# dy/dx is the mean's derivative, dy@2/dx that of example 2.
rows time.model --of 'h[2]' --wrt w
expect_value gradient 'dh[2]/dw' 0.28544587592998350
expect_count update 0
rows time.model --of 'h[2]@2' --wrt w
expect_value gradient 'dh[2]@2/dw' 0.189784144147849658181710856187
verify 'all names are those of the model' test "$(grep -c 'example ' "$folder/out")" = 0
call why "$folder/time.model" 'dh[2]@2/dw'
expect_status 0
expect_out '= 0.189784144'
verify 'all names are those of the model' test "$(grep -c 'example ' "$folder/out")" = 0
call why "$folder/time.model" 'h[1]'
expect_wrong "'h[1]' varies with the example: say which, as in 'h[1]@1'"
cat >"$folder/answers.csv" <<'ANSWERS'
name,value
dE/dw,0.12468
h[2]@1,0.706818
dh[2]@2/dw,0.1897841
dh[2]/dw,0.2854459
E,0.08613707
E@2,0.04384169
dE/dh[1]@2,0.07118127
dh[2]@1/dw:direct,0.3811076
w+,0.4875325
E#1,0.08613707
ANSWERS
call check "$folder/answers.csv" --model "$folder/time.model"
expect_status 0
expect_out '10 right'
# One example alone bears no @, and its derivatives are its own.
rows time.model --example 2
expect_value partial 'dh[2]/dw:direct' 0.189784144147849658181710856187
expect_value gradient dE/dE 1
verify 'no @' test "$(grep -c @ "$folder/out")" = 0
# --wrt an input: partials to it too.
rows time.model --of 'h[2]' --wrt 'x[1]'
expect_row 'partial,dh[1]@1/dx[1]@1,'
expect_row 'gradient,dh[2]/dx[1]@2,'

# ---- A gradient row for each step the loss rests on and for each param, also 0

model zero.model <<'MODEL'
param a = 3, unused = 1
z = 2*a
d = detach(z)
k = step(a)
L = a*d + k
minimize L
update sgd(rate = 1)
MODEL
rows zero.model
expect_value gradient dL/dz 0
expect_value gradient dL/dd 3
expect_value gradient dL/dk 1
expect_value gradient dL/da 6
expect_value gradient dL/dunused 0
expect_value update a+ -3
expect_value update unused+ 1
expect_value partial dL/da 6
# The partial of what no gradient flows through is 0, and a row; where A reaches B in another way too, it is the direct one.
expect_value partial dd/dz 0
expect_value partial dk/da 0
model held.model <<'MODEL'
input x
param w = 0.5
net = w*x
q = net*detach(w)
L = q + net
minimize L
update sgd(rate = 1)
examples
x
2
end
MODEL
rows held.model
expect_value partial dq/dw:direct 0
expect_value gradient dL/dw 3
rows held.model --of q --wrt w
expect_value gradient dq/dw 1

# ---- Kinks

model kinks.model <<'MODEL'
param a = 0
y1 = relu(a)
y2 = abs(a)
y3 = step(a)
y4 = leaky_relu(a, 0.1)
y5 = elu(a)
y6 = max(a, 2*a)
y7 = min(3*a, a)
L = y1 + y2 + y3 + y4 + y5 + y6 + y7
minimize L
MODEL
rows kinks.model
expect_value partial dy1/da 0
expect_value partial dy2/da 0
expect_value partial dy4/da 0.1
expect_value partial dy5/da 1
expect_value partial dy6/da 1
expect_value partial dy7/da 3
expect_value gradient dL/dy3 1
expect_value gradient dL/da 5.1

# ---- Functions and their derivatives

model functions.model <<'MODEL'
param x = -0.7
s1 = sigmoid(x)
s2 = tanh(x)
s3 = softplus(x)
s4 = gelu(x)
s5 = elu(x)
s6 = softplus(1000*x) + softplus(-1000*x)
L = s1 + s2 + s3 + s4 + s5
minimize L
MODEL
rows functions.model
expect_value forward s1 0.33181222783183389346921167037
expect_value partial ds1/dx 0.221712873293109050405064283486
expect_value forward s2 -0.604367777117163496308687183104
expect_value partial ds2/dx 0.634739589982458587367014757851
expect_value forward s3 0.403186048885457893190906325932
expect_value partial ds3/dx 0.33181222783183389346921167037
expect_value forward s4 -0.169374556556151110324545299721
expect_value partial ds4/dx 0.0233858988663401347736263070603
expect_value forward s5 -0.503414696208590485295199906602
expect_value partial ds5/dx 0.496585303791409514704800093398
expect_value forward s6 700

# ---- Operators: ^ binds tightest and to the right, then unary -, then * /, then + -

model operators.model <<'MODEL'
size n = 4
param x = 2, b = 3
a1 = -2^2
a2 = 2^-1
a3 = 2^3^2
a4 = 2 - 3 - 4
a5 = 12/3/2
a6 = 2*-3
a7 = -x*x^2
a8 = 2/n
a9 = sum(i=1..0, i) + prod(i=1..0, i)
a10 = max(x, b, 1) + min(x, b, 1)
a11 = max(i=1..3, (i - 2)^2*x)
a12 = sum(i=1..2, j=1..i, 10*i + j)
a13 = eq(2, 2) + eq(1, 2)
a14 = .5 + 1e1 + 1.5E-1
u = x^b
v = x^2
L = u + v
minimize L
MODEL
rows operators.model
expect_value forward a1 -4
expect_value forward a2 0.5
expect_value forward a3 512
expect_value forward a4 -5
expect_value forward a5 2
expect_value forward a6 -6
expect_value forward a7 -8
expect_value forward a8 0.5
expect_value forward a9 1
expect_value forward a10 4
expect_value forward a11 2
expect_value forward a12 54
expect_value forward a13 1
expect_value forward a14 10.65
expect_value partial du/db 5.54517744447956247533785697167
expect_value partial du/dx 12
expect_row 'partial,dv/dx,2*x,2*2,4,'
expect_no_row 'partial,dv/db'

# ---- grad: a Hessian, and over a batch

model hessian.model <<'MODEL'
param x = 2, y = 3
f = x^2*y + y^3
fx = grad(f, x)
fxx = grad(grad(f, x), x)
fxy = grad(fx, y)
fyx = grad(grad(f, y), x)
fyy = grad(grad(f, y), y)
none = grad(fxx, y)
MODEL
rows hessian.model
expect_value forward fx 12
expect_value forward fxx 6
expect_value forward fxy 4
expect_value forward fyx 4
expect_value forward fyy 18
expect_value forward none 2
expect_value gradient 'd(df/dx)/dx' 6
call why "$folder/hessian.model" 'd(df/dx)/dy'
expect_status 0
expect_out '∂(∂f/∂x)/∂y'
model gradbatch.model <<'MODEL'
input a
param w = 2
q = w*a
q2 = q^2
s = grad(q2, w)
z = grad(q2, a)
o = grad(w*1 + 0*q, w)
L = q2 + 0*s
minimize L
examples
a
1
3
end
MODEL
call trace "$folder/gradbatch.model"
expect_wrong "gradbatch.model:7:10: 'grad' takes"
sed '7d' "$folder/gradbatch.model" >"$folder/gradbatch2.model"
# s = mean of 2*w*a^2 = (4 + 36)/2; z@k = 2*w^2*a/2.
rows gradbatch2.model
expect_value forward s 20
expect_value forward z@1 4
expect_value forward z@2 12
expect_value gradient dL/dw 20
expect_value gradient dL/ds 0

# ---- batch_mean and batch_size inside expressions

model norm.model <<'MODEL'
input x
param w = 2
m = batch_mean(w*x)
v = batch_mean((w*x - m)^2)
n = (w*x - m)/sqrt(v + batch_size)
L = n*x
minimize L
examples
x
1
3
end
MODEL
# w*x = 2, 6: m = 4, v = 4, n = -+2/sqrt(6); L = (-2 + 6)/sqrt(6)/2.
rows norm.model
expect_value forward m 4
expect_value forward v 4
expect_value forward n@1 -0.81649658092772603
expect_value forward L 0.81649658092772603
# L(w) = w/sqrt(w^2 + 2): L' = 2/(w^2 + 2)^1.5.
expect_value gradient dL/dw 0.13608276348795434
expect_no_row 'forward,m@1'

# ---- Names and scopes

model names.model <<'MODEL'
size n = 3
param w = 2
def f(w) = w*w
def g(x) = f(x) + w
y = f(w + 1) + g(3)
for w = 1..2
  z[w] = 2*w
end
s = sum(w=1..n, w) + w
input = 3
for[2] = 5
end = 1
state[1] = input + for[2] + end
use = 1
examples = 2
minimize = 3
update = use + examples + minimize
L = y*update
minimize L
t = 7
update sgd(rate = t)
MODEL
rows names.model
expect_value forward y 20
expect_value forward 'z[2]' 4
expect_value forward s 8
expect_value forward 'state[1]' 9
expect_value forward update 6
# dy/dw = 2*(w + 1) + 1; an own t hides the number of the update.
expect_value gradient dL/dw 42
expect_value update w+ -292
# A later range may use an earlier index; the last index is the fastest.
model order.model <<'MODEL'
param w = 1
h[i=1..2, j=i..2] = 10*i + j*w
L = h[1,1] + h[1,2] + h[2,2]
minimize L
MODEL
rows order.model
verify 'last index fastest' test "$(grep -o 'forward,"h[^"]*"' "$folder/out" | tr -d '\n')" = \
	'forward,"h[1,1]"forward,"h[1,2]"forward,"h[2,2]"'
expect_value gradient dL/dw 5
# Lists, eq for all, sizes as a family, tok[t], an index that is computed.
model shapes.model <<'MODEL'
size n[0..2] = [2, 1, 2]
const tok[1..3] = [2, 1, 2]
param I[i=1..2, j=1..2] = eq(i,j), m[1..2, 1..n[2]] = [[.1, .2],
                                                       [.3, .4]]
param e[1..2] = [10, 20]
h[t=1..3] = e[tok[t]]*t
k[i=1..2] = m[i, 3-i] + I[i, i]
L = h[1] + h[2] + h[3]
minimize L
MODEL
rows shapes.model
expect_value forward 'h[1]' 20
expect_value forward 'h[2]' 20
expect_value forward 'h[3]' 60
expect_value forward 'k[1]' 1.2
expect_value forward 'k[2]' 1.3
expect_value gradient 'dL/de[2]' 4
expect_value gradient 'dL/de[1]' 2
expect_value gradient '"dL/dI[1,2]"' 0
# A family of one element is a family.
model single.model <<'MODEL'
param w[1..1] = [4]
y[1] = w[1]
L = y[1]^2
minimize L
MODEL
rows single.model
expect_value gradient 'dL/dw[1]' 8

# ---- Params at random: by seed, family and index alone

model draws.model <<'MODEL'
param a[1..3] ~ normal(0, 1), b ~ uniform(2, 3)
y = a[1] + b
MODEL
rows draws.model
grep 'given,a\[' "$folder/out" >"$folder/a1"
verify 'uniform(2, 3) is in 2..3' awk -F, '$3 == "b" { exit !($6 >= 2 && $6 < 3) }' "$folder/out"
sed 's/^param/param before = 1, c[1..2] ~ normal(0, 1)\nparam/' "$folder/draws.model" >"$folder/draws2.model"
rows draws2.model
verify 'another param moves no draw' test "$(grep -o 'a\[.*' "$folder/a1")" = "$(grep 'given,a\[' "$folder/out" | grep -o 'a\[.*')"
rows draws.model --seed 2
verify 'a seed moves them' test "$(grep -o 'a\[.*' "$folder/a1")" != "$(grep 'given,a\[' "$folder/out" | grep -o 'a\[.*')"

# ---- Update rules: two steps from w = 2 on L = w^2 (mpmath)

while read -r rule first second; do
	cat >"$folder/rule.model" <<MODEL
param w = 2
L = w^2
minimize L
update $rule
MODEL
	rows rule.model
	expect_value update w+ "$first"
	rows rule.model --steps 2
	expect_value update w+ "$second"
	expect_value given w "$first"
done <<'RULES'
sgd(rate=0.1,decay=0.5) 1.5 1.125
momentum(rate=0.1) 1.6 0.92
nesterov(rate=0.1) 1.24 0.4448
adagrad(rate=0.1) 1.9000000000025 1.83112505381223142
rmsprop(rate=0.1) 1.00000002499999938 0.550986771051547772
adam(rate=0.1) 1.90000000025 1.80016648611570043
adamw(rate=0.1) 1.89800000025 1.79627258864479698
RULES

# States: their new values come from the old ones; `t`, schedules; a rule of one's own; two rules.
model states.model <<'MODEL'
param w = 2, b = 1, still = 1
state s = 1, v[1..2] = [3, 4]
y = w*s + v[2] + b^2
minimize y
s+ = 2*s + y
v[1]+ = v[2]
v[2]+ = v[1]
optimizer own(r, limit = 1)
  state m = 1
  c = max(-limit, min(limit, g))
  m+ = m*3 + c
  w+ = w - r*m+*t
end
update own(r = 1/(1 + t)) on w
update sgd(rate = 0.5) on b
MODEL
rows states.model
# c = min(1, 1) = 1, m+ = 4, w+ = 2 - 1/2*4*1; y = 2 + 4 + 1.
expect_value update s+ 9
expect_value update 'v[1]+' 4
expect_value update 'v[2]+' 3
expect_value update w.c 1
expect_value update w.m+ 4
expect_value update w+ 0
expect_value update b+ 0
expect_no_row update,still
rows states.model --steps 2
# s = 9, g = 9, c = 1, m+ = 13, w+ = 0 - 1/3*13*2.
expect_value given s 9
expect_value given w.m 4
expect_value update w.m+ 13
expect_value update w+ -8.6666666666666667
expect_value update s+ 21

# ---- Examples and data: one-hot, quoted names, CRLF, a byte-order mark, an empty line, other columns

printf '\357\273\277input x[1,1..2], z\r\ntarget y[0..1] onehot digit\r\nparam w = 2 # ∂\r\n' >"$folder/crlf.model"
printf 'p[k=0..1] = w*z*x[1,k+1]\r\nL = sum(k=0..1,\r\n  (p[k]-y[k])^2)\r\nminimize L\r\n' >>"$folder/crlf.model"
printf 'examples\r\n"x[1,1]",x[1, 2],z,digit\r\n1,2,"3",1\r\n\r\n4,5,6,0\r\nend\r\n' >>"$folder/crlf.model"
rows crlf.model
expect_value given '"x[1,2]@2"' 5
expect_value given 'y[0]@1' 0
expect_value given 'y[1]@1' 1
expect_value given 'y[0]@2' 1
# (6 - 0)^2 + (12 - 1)^2 and (48 - 1)^2 + (60 - 0)^2.
expect_value forward L@1 157
expect_value forward L@2 5809
expect_value forward L 2983

# ---- use

cat >"$folder/parts.model" <<'MODEL'
param w = 3
def twice(a) = 2*a
MODEL
model whole.model <<'MODEL'
use "parts.model"
y = twice(w)
MODEL
rows whole.model
expect_value forward y 6
printf '# A lesson\n\n```model one\nuse "parts.model"\ny = w\n```\n\n```model other\ny = 7\n```\n' >"$folder/own.md"
call trace "$folder/own.md" --format csv
expect_value forward y 3
for block in other 2; do
	call trace "$folder/own.md:$block" --format csv
	expect_value forward y 7
done
call trace "$folder/own.md:third"
expect_wrong "has no model block 'third'"

# ---- Errors: file, line, column, the line, the caret under the character

# wrong MODEL LINE:COLUMN TEXT: the model, as printf takes it, has this error at that place.
wrong() {
	printf "$1" >"$folder/wrong.model"
	shift
	call trace "$folder/wrong.model"
	expect_wrong "/wrong.model:$1: "
	expect_err "$2"
	verify "the caret is not under column $1" awk -v column="${1#*:}" '
		NR == 3 { exit !(index($0, "^") == column && length($0) == column) }' "$folder/err"
	verify 'lower case, no full stop' awk 'NR == 1 { exit /\.$/ }' "$folder/err"
}

wrong 'param w = 1\n\ty = w*q\n' 2:8 "unknown name 'q'"
wrong 'y = 1 # ∂∂∂\nz = y*wiight\n' 2:7 "unknown name 'wiight'"
wrong 'param weight = 1\r\ny = (weight*wieght)\r\n' 2:13 "did you mean 'weight'?"
wrong 'y = w\nparam w = 1\n' 1:5 'used before it is defined'
wrong 'y = (1 +\n\t2 +\n\t\tq)\n' 3:3 "unknown name 'q'"
wrong 'a[1] = 1\na[i=1..2] = i\n' 2:1 "'a[1]' is defined twice"
wrong 'h[1] = 1\nh = 2\n' 2:1 'both a scalar and a family'
wrong 'a[1..3] = 1\n' 1:4 'a name for the index'
wrong 'h[i=1..3] = i\ny = h[4]\n' 2:5 "'h' has 1..3"
wrong 'h[i=1..3] = i\ny = h[1,2]\n' 2:5 '1 index, not 2'
wrong 'param w[1..2] = [1, 2, 3]\ny = 1\n' 1:17 '3 values where 2 are wanted'
wrong 'input x\ny = x\nexamples\nx,q\n1,2\nend\n' 4:3 "'q' is no input"
wrong 'input x, z\ny = x\nexamples\nx\n1\nend\n' 4:1 'columns are missing: z'
wrong 'input x = 1\nparam w = 1\ny = x\nminimize y\n' 4:10 'depends on no param'
wrong 'param w = 1\ny = w\nminimize y\nupdate adma(rate = 1)\n' 4:8 "did you mean 'adam'?"
wrong 'param w = 1\ny = w\nminimize y\nupdate adam(rat = 1)\n' 4:13 "did you mean 'rate'?"
wrong 'y = (1 + 2\nz = 3\n' 1:5 'is not closed'
wrong 'y = 1\nfor i = 1..2\n  h[i] = 1\n' 2:1 "without its 'end'"
wrong 'param w = 1\n' 1:1 'no step'
wrong 'exp = 1\n' 1:1 'reserved'
wrong 'size n = 1e15\ny = n\n' 1:6 'at most 2147483647'
wrong 'y = max(i=1..0, i)\n' 1:5 'empty'
wrong 'y = 1\nz = 2*y²\n' 2:8 'write ^2'
wrong 'y = 1\nz = 2×y\n' 2:6 'write *'
wrong 'y = 1\nz = y − 2\n' 2:7 'write -'
wrong 'y = ln(2)\n' 1:5 "did you mean 'log'?"
for bytes in 'y = 1\0002' 'y = 1 # \377' 'y = 1 # \303'; do
	printf "$bytes" >"$folder/bytes.model"
	call trace "$folder/bytes.model"
	expect_wrong '/bytes.model:1:'
	verify 'the message is text' iconv -f UTF-8 -t UTF-8 "$folder/err"
done
: >"$folder/empty.model"
call trace "$folder/empty.model"
expect_wrong '/empty.model:1:1: the model is empty'
verify 'no caret under nothing' test "$(wc -l <"$folder/err")" = 1
call trace "$folder"
expect_wrong 'Is a directory'
# In a file that is used, and in a lesson's block: the place is there.
printf 'param w = 3\n\tv = w*\n' >"$folder/parts.model"
call trace "$folder/whole.model"
expect_wrong '/parts.model:2:8: '
printf '# A lesson\n\n```model\ny = 1\nz = y*q\n```\n' >"$folder/own.md"
for command in trace lesson; do
	call $command "$folder/own.md"
	expect_wrong "/own.md:5:7: unknown name 'q'"
done
printf 'use "b.model"\ny = 1\n' >"$folder/a.model"
printf 'use "a.model"\n' >"$folder/b.model"
call trace "$folder/a.model"
expect_wrong 'uses itself'

# ---- What is large

head -c 1000000 /dev/zero | tr '\0' '#' >"$folder/long.model"
printf '\ny = 1\n' >>"$folder/long.model"
rows long.model
{ printf 'y = 1'; yes '+1' | head -n 100000 | tr -d '\n'; echo; } >"$folder/sum.model"
rows sum.model
expect_value forward y 100001
{ printf 'y = '; head -c 100000 /dev/zero | tr '\0' '('; echo 1; } >"$folder/deep.model"
call trace "$folder/deep.model"
expect_wrong 'nested deeper than the limit of'
wrong 'for i = 1..1000000000\nh[i] = 1\nend\n' 1:5 'limit of'
wrong 'param w[1..1000000000] = 0\ny = 1\n' 1:9 'limit of'
wrong 'y = sum(i=1..2000000000, 1)\n' 1:9 'limit of'

finish
