# What is long, deep or large: nothing recurses, and a limit is named. Under sanitizers all is ten times smaller, for a
# chain of a million steps takes a minute there.
. tests/lib/cli.sh
million=1000000
[ -z "${SANITIZED:-}" ] || million=100000

# model LINE...: writes $folder/model.
model() { printf '%s\n' "$@" >"$folder/model"; }

# last_value NAME: in the CSV trace of the last call, the value of the row of that name.
last_value() { sed -n "s/^[0-9]*,[a-z]*,$1,.*,\([^,]*\),[0-9 ]*\$/\1/p" "$folder/out" | tail -n 1; }

# in_memory KB ARGUMENT...: a call that may have so much memory. (Sanitizers want all addresses for themselves.)
in_memory() {
	kilobytes=$1
	shift
	[ -n "${SANITIZED:-}" ] || ulimit -S -v "$kilobytes"
	call "$@"
	[ -n "${SANITIZED:-}" ] || ulimit -S -v unlimited
}

# expect_value NAME VALUE: likewise.
expect_value() { verify "$1 is '$(last_value "$1")', not $2" test "$(last_value "$1")" = "$2"; }

# Contributions are added, never overwritten.
model 'param a = 1' 'b = a + a' 'c = b + b' 'minimize c'
call trace "$folder/model" --format csv
expect_value 'dc\/da' 4
expect_value c 4

# More gradients than 16 bits count: each costs what it rests on.
many=70000
[ -z "${SANITIZED:-}" ] || many=7000
model "size n = $many" 'param w[1..n] = 0.5' 'y[i=1..n] = w[i]^2' 'g[i=1..n] = grad(y[i], w[i])' 'E = sum(i=1..n, g[i])'
call trace "$folder/model" --format csv
expect_status 0
expect_value "dy\\[$many\\]\/dw\\[$many\\]" 1

# A chain by one family, and by a `for` block.
model "size n = $million" 'param w = 0.5' 'h[0] = 0' 'h[t=1..n] = h[t-1] + w' 'E = 2*h[n]' 'minimize E' 'update sgd(rate = 1)'
call gradcheck "$folder/model"
expect_status 0
expect_out 'good'
# What it rests on is printed line by line, so less of it. Of its 100,000 paths only so many are written out as fit.
in_memory 300000 why "$folder/model" --set n=$((million / 10)) dE/dw --width 80
expect_status 0
expect_out "= $((million / 5))"
expect_out "($((million / 10)); the first"
model 'param w = 0.5' 'a[0] = 0' "for t = 1..$million" '  a[t] = 0.5*a[t-1] + w' 'end' "E = a[$million]^2" \
	'minimize E'
call gradcheck "$folder/model"
expect_status 0
expect_out 'good'

# All rows of it: w, each a and E; back from E a partial and a gradient for each a, and for w a partial and a path
# each, and their sum.
call trace "$folder/model" --format csv -o "$folder/rows"
expect_status 0
verify 'rows of a chain' test "$(wc -l <"$folder/rows")" = $((5 * million + 8))
verify 'the slope of a chain' test "$(tail -n 1 "$folder/rows" | tail -c 30000000 | awk -F, '{ print $(NF-1) }')" = 4
rm -f "$folder/rows"

# Lifted, each step of a chain whose values are all needed on the way back is some instructions of its own. The loss is
# w^n, its slope at 1 is n, and (1 - 1/n)^n is nearly 1/e.
model "size n = $((million / 5))" 'input x = 1' 'param w = 1' 'h[0] = x' 'h[t=1..n] = w*h[t-1]' 'E = h[n]' 'minimize E' \
	'update sgd(rate = 1/n^2)'
in_memory 1000000 train "$folder/model" --epochs 1 --json
expect_status 0
expect_out '"loss":0.3678'

# A sum, and a product.
model "param w[1..$million] = 0.5" "S = sum(i=1..$million, w[i])" 'E = S^2' 'minimize E' 'update sgd(rate = 1)'
call trace "$folder/model" --format csv -o "$folder/rows"
expect_status 0
verify 'rows of a sum' test "$(wc -l <"$folder/rows")" = $((4 * million + 6))
verify 'the slope of a sum' grep -q "^[0-9]*,gradient,dE/dw\[$million\],.*,$million," "$folder/rows"
verify 'the last row' grep -q "^$((4 * million + 5)),update,w\[$million\]+," "$folder/rows"
rm -f "$folder/rows"
model 'param w = 1' "P = prod(i=1..$million, w)" 'minimize P'
call why "$folder/model" P
expect_status 0

# The digit network has the rows of its equations: 785 inputs and targets and 79,510 params; 340 steps; and so on.
model "$(sed 's/^update.*/update sgd(rate = 0.1)/' tests/models/example2.model)" 'examples' \
	"$(seq -s, -f 'x[%g]' 1 784),digit" "$(seq -s, -f '0.%g' 1 784),3" 'end'
call trace "$folder/model" --set n=784 --set m=100 --format csv -o "$folder/rows"
expect_status 0
rows_of() { grep -c "^[0-9]*,$1," "$folder/rows"; }
verify 'given rows' test "$(rows_of given)" = $((784 + 10 + 784*100 + 100 + 100*10 + 10 + 1))
verify 'forward rows' test "$(rows_of forward)" = $((100 + 100 + 10 + 1 + 1 + 10 + 1))
verify 'update rows' test "$(rows_of update)" = $((784*100 + 100 + 100*10 + 10))
verify 'gradient rows' test "$(rows_of gradient)" = $((784*100 + 100 + 100*10 + 10 + 100 + 100 + 10 + 1 + 1 + 1))
rm -f "$folder/rows"

# A line of a megabyte.
long() { awk -v part="$1" -v bytes=$((1024 * 1024)) 'BEGIN {
	printf "param w = 1\ny = w"; for (n = 0; n < bytes; n += length(part)) printf "%s", part; print "\nminimize y" }'; }
long ' + w*w' >"$folder/model"
call trace "$folder/model" --format csv
expect_status 0
expect_value y 174764
{ printf 'param w = 1 #'; head -c 1048576 /dev/zero | tr '\0' 'x'; printf '\ny = w^2\nminimize y\n'; } >"$folder/model"
call trace "$folder/model" --format csv
expect_value 'dy\/dw' 2

# Too deep, too long: the limit is named.
for nest in '( )' '-( )' 'exp( )' 'max(w,( ))'; do
	awk -v open="${nest% *}" -v close_="${nest#* }" 'BEGIN { printf "param w = 1\ny = ";
		for (n = 0; n < 100000; n++) printf "%s", open; printf "w"; for (n = 0; n < 100000; n++) printf "%s", close_;
		print "" }' >"$folder/model"
	call trace "$folder/model"
	expect_wrong 'nested deeper than the limit of 1000 levels'
done
long ' + w - w' >"$folder/model"
call trace "$folder/model"
expect_status 2
expect_err 'more than 4000000 terms or 10000 levels'
model 'size n = 100000' 'param w[1..n, 1..n] = 0' 'y = w[1,1]'
call trace "$folder/model"
expect_status 2
expect_err 'limit of'

# What a number rests on is written in pieces: every row once, in order, no gap where two pieces meet.
printf 'param w = 0.5\nh[0] = 0\nh[t=1..1800] = h[t-1] + w\n' >"$folder/chain.model"
call why "$folder/chain.model" 'h[1800]'
expect_status 0
seq 2 1799 | sed 's/.*/h[&]/' >"$folder/names"
sed -n 's/^ *\(h\[[0-9]*\]\) = h.*/\1/p' "$folder/out" | sed '1d' | grep -v '^h\[1\]$' >"$folder/rows"
verify 'every row once, in order' cmp -s "$folder/names" "$folder/rows"
verify 'no blank line between rows' test "$(grep -c '^$' "$folder/out")" -lt 5

finish
