#!/bin/sh
# tutor train: the same numbers as trace, files, interruption, wrong data.
. "$(dirname "$0")/lib/cli.sh"
data=lessons/data
python=${PYTHON:-python3}

# rows FILE: name and value of a saved file, t left out.
rows() { grep -v '^name,\|^update\.t,' "$1"; }

# cut_place FILE: the line and column behind the last byte that comes out of a file cut off.
cut_place() {
	"$python" -c 'import sys, zlib
text = zlib.decompressobj(31).decompress(open(sys.argv[1], "rb").read())
print("%s:%d:%d" % (sys.argv[1], text.count(b"\n") + 1, len(text) - text.rfind(b"\n")))' "$1"
}

# ---- The same numbers as trace, in batches with a short last one

call trace xor --batch 3 --steps 8 --format csv
"$python" -c 'import csv, sys
for row in csv.DictReader(sys.stdin):
    if row["phase"] == "update" and row["name"].endswith("+"): print(row["name"][:-1] + "," + row["value"])' \
	<"$folder/out" >"$folder/traced"
call train xor --batch 3 --no-shuffle --epochs 4 --save "$folder/trained.csv"
expect_status 0
rows "$folder/trained.csv" >"$folder/rows"
verify 'as trace has them' "$python" -c 'import sys
a, b = ({k: float(v) for k, v in (line.split(",") for line in open(f))} for f in sys.argv[1:])
a.pop("update.t", 0)
assert a.keys() == b.keys() and len(a) == 9, (a.keys(), b.keys())
assert all(abs(a[k] - b[k]) <= 1e-13 for k in a)' "$folder/traced" "$folder/rows"

# ---- Learning

call train xor --epochs 2000 --json
expect_status 0
verify 'one object on one line' test "$(wc -l <"$folder/out")" = 1
verify 'its keys' "$python" -c 'import json, sys
o = json.load(open(sys.argv[1]))
for key in "record_seconds lift_seconds scalar_operations vector_instructions samples_per_second loss".split():
    assert o[key] > 0, key
assert o["test_loss"] is None and o["accuracy"] == 1 and o["test_accuracy"] is None
assert o["updates"] == 2000 and o["loss"] < 0.01' "$folder/out"

call train iris --data $data/iris-train.csv --test $data/iris-test.csv --epochs 60 --json --precision single
verify 'irises are told' "$python" -c 'import json, sys
o = json.load(open(sys.argv[1]))
assert o["accuracy"] > 0.95 and o["test_accuracy"] > 0.9 and o["test_loss"] < 0.3' "$folder/out"

if "$TUTOR" --version | grep -q zlib; then
	for model in digits:40 rows:30 filters:20; do
		call train "${model%:*}" --data $data/digits-train.csv.gz --test $data/digits-test.csv.gz \
			--epochs "${model#*:}" --json
		verify 'digits are told' "$python" -c 'import json, sys
assert json.load(open(sys.argv[1]))["test_accuracy"] >= 0.95' "$folder/out"
	done
	gzip -dc $data/digits-train.csv.gz | gzip -c | head -c 9000 >"$folder/cut.csv.gz"
	call train digits --data "$folder/cut.csv.gz"
	expect_wrong "$(cut_place "$folder/cut.csv.gz"): this compressed file is cut off"
	gzip -dc $data/digits-train.csv.gz >"$folder/digits.csv"

	# Every command that takes examples reads them compressed.
	gzip -c $data/iris-test.csv >"$folder/iris.csv.gz"
	for command in 'gradcheck iris' 'trace iris --format csv' 'why iris L'; do
		call $command --data $data/iris-test.csv
		expect_status 0
		cp "$folder/out" "$folder/plain"
		call $command --data "$folder/iris.csv.gz"
		verify 'as from the plain file' cmp -s "$folder/plain" "$folder/out"
	done
	head -c 100 "$folder/iris.csv.gz" >"$folder/cut.csv.gz"
	call gradcheck iris --data "$folder/cut.csv.gz"
	expect_wrong "$(cut_place "$folder/cut.csv.gz"): this compressed file is cut off"
	call train digits --data "$folder/digits.csv" --epochs 1
	expect_status 0
	expect_out 'accuracy'
fi

# The same seed gives the same run, another one another.
for seed in 1 1 2; do
	call train iris --data $data/iris-train.csv --epochs 3 --seed $seed --save "$folder/seed$seed.csv"
	[ -f "$folder/seed.csv" ] || cp "$folder/seed1.csv" "$folder/seed.csv"
done
verify 'the same' cmp "$folder/seed.csv" "$folder/seed1.csv"
verify 'another' sh -c "! cmp '$folder/seed.csv' '$folder/seed2.csv'"

# ---- Files

call train iris --data $data/iris-train.csv --test $data/iris-test.csv --epochs 5 --log "$folder/log.csv" \
	--plot "$folder/plot.svg" --quiet
expect_status 0
expect_no_err
verify 'a row an epoch' test "$(wc -l <"$folder/log.csv")" = 6
verify 'all measures' "$python" -c 'import csv, sys
rows = list(csv.DictReader(open(sys.argv[1])))
assert [int(r["epoch"]) for r in rows] == [1, 2, 3, 4, 5] and [int(r["step"]) for r in rows] == [4, 8, 12, 16, 20]
for r in rows:
    for key in "loss test_loss accuracy test_accuracy gradient_norm seconds".split(): assert float(r[key]) > 0, key' \
	"$folder/log.csv"
verify 'XML' "$python" -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$folder/plot.svg"
call train iris --data $data/iris-train.csv --epochs 1 --save "$folder/none/x.csv"
expect_status 2
expect_err "cannot write '$folder/none/x.csv'"

# No epoch at all measures what is there; patience ends a run early.
call train iris --data - --epochs 0
expect_status 2
call train iris --data $data/iris-train.csv --epochs 0 --load "$folder/seed1.csv" --json
expect_status 0
verify 'measured' grep -q '"loss":0\.[0-9]*\|"loss":1\.[0-9]*' "$folder/out"

# What is kept is the run of as many epochs as the best one's number; it is gone on with from there.
iris="iris --data $data/iris-train.csv --test $data/iris-test.csv --batch 8 --seed 3"
call train $iris --epochs 100000 --patience 5 --json --save "$folder/kept.csv"
expect_err 'stopped after epoch 25: no lower test loss for 5 epochs; params of epoch 20 kept'
verify 'said in the object too' grep -q '"updates":375,.*"stopped_early":true,"epoch_kept":20' "$folder/out"
call train $iris --epochs 20 --save "$folder/twenty.csv"
verify 'the file of twenty epochs' cmp "$folder/twenty.csv" "$folder/kept.csv"
tail -n +3 "$folder/out" | head -n 2 >"$folder/measured"
call train $iris --epochs 100000 --patience 5
expect_out 'with the params of epoch 20:'
verify 'measured with them' sh -c "tail -n +3 '$folder/out' | head -n 2 | cmp - '$folder/measured'"
call train $iris --epochs 5 --load "$folder/kept.csv" --save "$folder/kept.csv"
call train $iris --epochs 25 --save "$folder/twenty.csv"
verify 'gone on with' cmp "$folder/twenty.csv" "$folder/kept.csv"
call train $iris --epochs 22 --patience 5 --save "$folder/kept.csv"
expect_err 'not stopped early: params of epoch 22, the last, kept; the lowest test loss was that of epoch 20'
call train $iris --epochs 22 --save "$folder/twenty.csv"
verify 'as without patience' cmp "$folder/twenty.csv" "$folder/kept.csv"
# A test loss that is never finite is no reason to throw the training away.
printf 'input x\nparam w = 2\nL = x*w^2\nminimize L\nupdate sgd(rate = 0.01)\n' >"$folder/far.model"
printf 'x\n1\n' >"$folder/near.csv"
printf 'x\n1.7e308\n' >"$folder/far.csv"
call train "$folder/far.model" --data "$folder/near.csv" --test "$folder/far.csv" --epochs 9 --patience 3
expect_err 'stopped after epoch 3: no test loss was a finite number'
expect_out 'with the final params:'

# What is loaded must be the model's, and tell of a run that can have been.
call train iris --data $data/iris-train.csv --load "$folder/trained.csv"
expect_wrong "$folder/trained.csv:2:1: the model has no param or state 'w1'"
head -n 20 "$folder/seed1.csv" >"$folder/half.csv"
call train iris --data $data/iris-train.csv --load "$folder/half.csv"
expect_wrong "is missing in it"
for row in run.first,1e300 update.t,0.5 run.best_epoch,-1; do
	grep -v "^${row%,*}," "$folder/seed1.csv" >"$folder/odd.csv"
	echo "$row" >>"$folder/odd.csv"
	call train iris --data $data/iris-train.csv --load "$folder/odd.csv"
	expect_wrong "'${row%,*}' counts, so a whole number is expected"
done
echo run.first,500 | cat "$folder/seed1.csv" - >"$folder/odd.csv"
call train iris --data $data/iris-train.csv --load "$folder/odd.csv"
expect_wrong "odd.csv: 'run.first' counts more updates than 'update.t'"
echo run.best:b2[0],500 | cat "$folder/seed1.csv" - >"$folder/odd.csv"
call train iris --data $data/iris-train.csv --load "$folder/odd.csv"
expect_wrong "odd.csv: 'run.best:w1[1,1]' of the model is missing in it"

# Two runs of two epochs are one of four.
for name in w1 w2; do
	call train iris --data $data/iris-train.csv --epochs 2 --save "$folder/two.csv" \
		$([ $name = w2 ] && echo --load "$folder/two.csv")
	expect_status 0
done
call train iris --data $data/iris-train.csv --epochs 4 --save "$folder/four.csv"
verify 'two and two' cmp "$folder/two.csv" "$folder/four.csv"

# The same with threads: as many give the same numbers.
for name in w1 w2; do
	call train digits --data $data/digits-train.csv.gz --batch 600 --threads 2 --epochs 2 --save "$folder/two.csv" \
		$([ $name = w2 ] && echo --load "$folder/two.csv")
	expect_status 0
done
call train digits --data $data/digits-train.csv.gz --batch 600 --threads 2 --epochs 4 --save "$folder/four.csv"
verify 'two and two, with two threads' cmp "$folder/two.csv" "$folder/four.csv"

# ---- Interrupted by Ctrl-C, then continued

epochs=20000
call train iris --data $data/iris-train.csv --epochs $epochs --save "$folder/whole.csv" --quiet
go_on="$TUTOR train iris --data $data/iris-train.csv --epochs $epochs --save $folder/killed.csv --quiet"
rm -f "$folder/killed.csv"
$go_on --log "$folder/killed.log" >/dev/null 2>&1 &
pid=$!
sleep 0.4
kill -INT $pid 2>/dev/null
wait $pid
status=$?
called='tutor train, interrupted'
if [ $status = 130 ]; then
	verify 'under way' grep -q '^run.first,0$' "$folder/killed.csv"
	$go_on --load "$folder/killed.csv" --log "$folder/killed.log" >/dev/null 2>&1
fi
verify 'continued, it is the run that was not interrupted' cmp "$folder/whole.csv" "$folder/killed.csv"
verify 'its log has each epoch once' test "$(cut -d, -f2 "$folder/killed.log" | sort -un | wc -l)" = "$(wc -l <"$folder/killed.log")"

# A run that has its epochs already.
printf 'run.first,0\nrun.epoch_loss,0\nrun.best,inf\nrun.best_epoch,0\n' | cat "$folder/seed1.csv" - >"$folder/done.csv"
call train iris --data $data/iris-train.csv --load "$folder/done.csv" --epochs 2
expect_status 0
expect_err "nothing was left to do: the run in '$folder/done.csv' has made 12 updates, and --epochs 2 ends at 8"

# ---- What is read is not written over, what cannot be written is known before the training

cp $data/iris-train.csv "$folder/own.csv"
for option in save log plot output; do
	call train iris --data "$folder/own.csv" --$option "$folder/own.csv"
	expect_wrong "--data and --$option are one file: '$folder/own.csv'"
	call train iris --data $data/iris-train.csv --test "$folder/own.csv" --$option "$folder/../$(basename "$folder")/own.csv"
	expect_wrong "--test and --$option are one file"
done
verify 'the data are as they were' cmp $data/iris-train.csv "$folder/own.csv"
cp lessons/xor.model "$folder/own.model"
call train "$folder/own.model" --save "$folder/own.model"
expect_wrong "the model and --save are one file"
call train iris --data "$folder/own.csv" --save "$folder/new.csv" --log "$folder/new.csv"
expect_wrong '--save and --log are one file'
for option in save plot log; do
	call train iris --data "$folder/own.csv" --epochs 1000000000 --$option "$folder/none/x.csv"
	expect_wrong "cannot write '$folder/none/x.csv': No such file or directory"
	call train iris --data "$folder/own.csv" --epochs 1 --$option /dev/full
	expect_status 2
	expect_err "cannot write '/dev/full': No space left on device"
done
call train iris --data "$folder/own.csv" --epochs 2 --log -
verify 'rows of the log' grep -q '^8,2,' "$folder/out"
call train iris --data "$folder/own.csv" --of w1
expect_wrong '--of says what --explain T is to explain'

# ---- Wrong calls and data

for number in nan inf; do
	sed "5s/,[^,]*,/,$number,/" $data/iris-train.csv >"$folder/odd.csv"
	call train iris --data "$folder/odd.csv" --no-shuffle --batch 1
	expect_wrong "update 4: no finite number in example 4: sepal_width = $number: look at the data"
done
sed '5s/,[^,]*,/,nan,/' $data/iris-train.csv >"$folder/odd.csv"
call train iris --data "$folder/odd.csv" --epochs 0
expect_err 'the loss is no finite number: sepal_width = nan in example 4: look at the data'
call train iris --data $data/iris-test.csv --test "$folder/odd.csv" --epochs 1
expect_err 'the test loss is no finite number: sepal_width = nan in example 4: look at the data'
call train iris --data $data/iris-test.csv --test $data/iris-train.csv --epochs 1
verify 'finite numbers are not spoken of' sh -c "! grep -q 'finite' '$folder/err'"
head -c 3000 $data/iris-train.csv | tr 4 '\0' >"$folder/odd.csv"
call train iris --data "$folder/odd.csv"
expect_wrong "$folder/odd.csv:2:11: a NUL byte: this is not a text file"
{ printf '\377\376'; cat $data/iris-train.csv; } >"$folder/odd.csv"
call train iris --data "$folder/odd.csv"
expect_wrong "$folder/odd.csv:1:1: this is UTF-16"

call train iris
expect_wrong 'the model needs data and has none; the columns are sepal_length'
call train xor --data $data/iris-train.csv
expect_wrong "$data/iris-train.csv:1:1: columns are missing: x1, x2, y"
call train xor --precision half
expect_wrong "invalid argument 'half' to option --precision: double|single is wanted"
call train mazur --data $data/iris-train.csv
expect_wrong 'the model takes no data'
call train iris --data "$folder/nothing.csv"
expect_wrong "cannot read '$folder/nothing.csv'"
call train fashion --data "$folder"
expect_wrong "the folder '$folder' has no file train-images-idx3-ubyte"
printf 'a = 1\nb = a\n' >"$folder/none.model"
call train "$folder/none.model"
expect_wrong 'the model minimizes nothing'
"$python" -c 'print(",".join("c%d" % i for i in range(1000000)))' >"$folder/wide.csv"
called='tutor train, a million columns'
status=0
(ulimit -v 500000; exec "$TUTOR" train iris --data "$folder/wide.csv") >"$folder/out" 2>"$folder/err" || status=$?
[ -n "${SANITIZED:-}" ] || expect_wrong '1000000 columns, more than the limit of 100000'

# A row without an end in a small compressed file, images without an end in a header.
if "$TUTOR" --version | grep -q zlib && [ -z "${SANITIZED:-}" ]; then
	{ head -n 2 $data/iris-train.csv; head -c 150000000 /dev/zero | tr '\0' 1; } | gzip -1 >"$folder/endless.csv.gz"
	called='tutor train, an endless row'
	status=0
	(ulimit -v 500000; exec "$TUTOR" train iris --data "$folder/endless.csv.gz") >"$folder/out" 2>"$folder/err" || status=$?
	expect_wrong "$folder/endless.csv.gz:3:1: a row of more than the limit of 64 MiB"
fi
printf '\0\0\10\3\377\377\377\377\0\0\0\34\0\0\0\34' >"$folder/images"
printf '\0\0\10\1\377\377\377\377' >"$folder/labels"
called='tutor train, a header that lies'
status=0
(ulimit -v 500000; exec "$TUTOR" train fashion --data "$folder/images,$folder/labels") >"$folder/out" 2>"$folder/err" || status=$?
[ -n "${SANITIZED:-}" ] || expect_wrong "$folder/images:1:17: the header says 4294967295x28x28 numbers, and the file ends in number 1"

# A loss that is no number stops the run, and nothing is saved.
call train xor --set b3=1000 --save "$folder/infinite.csv"
expect_status 2
expect_err 'update 1: no finite number in example 2: L = -(y*log(p) + (1 - y)*log(1 - p)) = -(1*log(1) + (1 - 1)*log(1 - 1)) = nan'
verify 'nothing is saved' test ! -e "$folder/infinite.csv"
printf 'param w = 1\nL = -w^4\nminimize L\nupdate sgd(rate = 1)\n' >"$folder/grows.model"
call train "$folder/grows.model" --epochs 100
expect_status 2
expect_err 'update 6: no finite number: L = -w^4 = '
expect_err ' = -inf: try a smaller rate; --norms shows what grew'
verify 'six digits are enough' "$python" -c 'import re, sys
assert all(len(d.replace(".", "")) <= 7 for d in re.findall(r"[0-9.]+(?=e)", open(sys.argv[1]).read()))' "$folder/err"
call train "$folder/grows.model" --epochs 100 --norms
expect_status 2
expect_no_out
expect_err 'in update 5:'
expect_err "diverging: the loss of a batch went from -1 down to -8.942e+106, then to no finite number: try a smaller rate, or a loss with a lower bound"
expect_err "exploding: an update moves 'w' by"
expect_err ' = -inf: try a smaller rate'
# What was loaded, or begun with, is no fault of this run's updates: the loss did not diverge in it.
call train "$folder/grows.model" --epochs 5 --save "$folder/grown.csv"
expect_status 0
expect_err 'the loss is no finite number with the params that the last update made'
expect_out 'training  loss -inf'
call train "$folder/grows.model" --load "$folder/grown.csv" --norms
expect_status 2
expect_err '^4 = -inf: this run has made no update yet, so look at the params that were loaded and at the data'
verify 'no verdict' sh -c "! grep -q 'diverging\|exploding\|smaller rate' '$folder/err'"
sed 's/^w,.*/w,nan/' "$folder/grown.csv" >"$folder/nan.csv"
call train "$folder/grows.model" --load "$folder/nan.csv"
expect_wrong "$folder/nan.csv:2:3: the param 'w' is no finite number"
# The very first update may be too large: params that are not finite are not saved, even where the loss still was.
printf 'param w = 1e150\nL = w^2\nminimize L\nupdate sgd(rate = 1e200)\n' >"$folder/leaps.model"
for epochs in 1 2; do
	call train "$folder/leaps.model" --epochs $epochs --norms --save "$folder/leaps.csv"
	expect_status 2
	expect_err 'update 1: no finite number: w+ = w - update.rate*dL/dw = 1e+150 - 1e+200*2e+150 = -inf: try a smaller rate'
	expect_err "exploding: an update moves 'w' by inf times its own size, its gradient's norm is 2e+150"
	verify 'no rise of a loss' sh -c "! grep -q diverging '$folder/err'"
	verify 'nothing is saved' test ! -e "$folder/leaps.csv"
done
# The operation inside a formula: a root, in a gradient alone; a logarithm, late, in one example.
printf 'param w = 0\nL = sqrt(w)\nminimize L\nupdate sgd(rate = 0.1)\n' >"$folder/root.model"
call train "$folder/root.model"
expect_err 'dL/dw = dL/dL*dL/dw = 1*inf = inf, for 1/0 = inf: no update was made yet, so look at the start values and the data'
printf 'input x\nparam w = 1\nL = 3*w - log(w - x)\nminimize L\nupdate sgd(rate = 0.25)\nexamples\nx\n-1\n-2\n0.5\nend\n' >"$folder/log.model"
call train "$folder/log.model" --batch 1 --no-shuffle --norms --epochs 100
expect_err ', for log('
expect_err ' in example 3: L = 3*w - log(w - x) = '
expect_err 'try a smaller rate, or a formula without log('
verify 'a loss that did not rise' sh -c "! grep -q diverging '$folder/err'"
# Of a long sum the shape, and the numbers that matter.
sed 's/adam(.*/sgd(rate = 1e20)/' lessons/iris.model | sed 's/tanh/relu/' >"$folder/wild.model"
call train "$folder/wild.model" --data $data/iris-train.csv
expect_status 2
expect_err 'z[0] = w2[0,1]*h[1] + w2[0,2]*h[2] + ... + w2[0,8]*h[8] + b2[0] = '
expect_err ' are the largest of 17 numbers: try a smaller rate; --norms shows what grew'
verify 'short enough to read' test "$(wc -c <"$folder/err")" -lt 330

# The two losses say which they are; the epochs' line has the same in it with and without --norms.
call train xor --epochs 3
expect_out 'with the final params:'
expect_out 'training  loss'
expect_err 'epoch 3  mean batch loss '
cp "$folder/err" "$folder/line"
call train xor --epochs 3 --norms
verify 'the same line' sh -c "tail -n 1 '$folder/err' | cmp -s - '$folder/line'"

# ---- The derivation of one update, as trace has it

# On a screen, many rows are announced.
cat >"$folder/screen.py" <<'END'
import os, pty, subprocess, sys
ours, theirs = pty.openpty()
run = subprocess.Popen(sys.argv[1:], stdout=theirs, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
os.close(theirs)
if os.fork() == 0:
    try:
        while os.read(ours, 65536): pass
    except OSError: pass
    os._exit(0)
os.close(ours)
sys.stdout.write(run.stderr.read().decode())
END
called='tutor train iris --explain 1, on a screen'
"$python" "$folder/screen.py" "$TUTOR" train iris --data $data/iris-train.csv --epochs 1 --explain 1 >"$folder/out" 2>"$folder/err"
verify 'many rows are announced' grep -q 'has [0-9]* rows; --of NAME,NAME prints those of some params' "$folder/out"
"$python" "$folder/screen.py" "$TUTOR" train iris --data $data/iris-train.csv --epochs 1 --explain 1 --of b2 >"$folder/out" 2>"$folder/err"
verify 'few are not' sh -c "! grep -q 'prints those' '$folder/out'"
call train iris --data $data/iris-train.csv --epochs 1 --explain 1
verify 'nor where they go to a file' sh -c "! grep -q 'prints those' '$folder/err'"

call trace xor --batch 2 --steps 3
grep '∂L/∂w₁ =\|w₁⁺ =' "$folder/out" >"$folder/traced"
call train xor --batch 2 --no-shuffle --explain 3 --of w1
expect_status 0
expect_out 'update 3, with examples 1, 2 (@1 to @2)'
verify 'as trace has it' sh -c "test -s '$folder/traced' && while read -r line; do
	grep -qF \"\$line\" '$folder/out' || exit 1; done <'$folder/traced'"
call train xor --explain 3 --of 'out7'
expect_status 2
expect_err "'out7'"
called='tutor train, a name that is wrong behind more updates than there is time for'
status=0
timeout 60 "$TUTOR" train xor --epochs 1000000000000 --explain 1000000000000 --of out7 >"$folder/out" 2>"$folder/err" ||
	status=$?
expect_wrong "'out7' is no quantity of the model"
call train xor --explain 11
expect_wrong 'update 11 is not one of this run, which makes the updates 1 to 10'
# Several names; a family is all of its elements, with the states that its rule keeps.
call train iris --data $data/iris-train.csv --explain 3 --of 'w1[1, 2],b2'
for row in '∂L/∂w₁[1,2] =' 'w₁[1,2].m⁺ =' 'w₁[1,2]⁺ =' '∂L/∂b₂[0] =' 'b₂[0]⁺ =' 'b₂[2]⁺ ='; do
	verify "no row $row" test "$(grep -cF "  $row" "$folder/out")" = 1
done
verify 'no other' sh -c "! grep -qF 'w₁[1,1]⁺ =' '$folder/out'"

# ---- On a terminal: one line, whatever its width, with time left

cat >"$folder/narrow.py" <<'END'
import fcntl, os, pty, re, struct, subprocess, sys, termios
columns = int(sys.argv[1])
ours, theirs = pty.openpty()
fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
run = subprocess.Popen(sys.argv[2:], stderr=theirs, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
os.close(theirs)
seen = b""
try:
    while piece := os.read(ours, 65536): seen += piece
except OSError: pass
lines = re.findall(r"\r\033\[K([^\r\n]*)", seen.decode())
lines = [line for line in lines if line]
assert lines and all(len(line) < columns for line in lines), lines
assert all(re.search(r"\d+ %  .*loss \S+ .*\d+:\d\d left$", line) for line in lines), lines
assert columns < 60 or all("test 0." in line or "test loss 0." in line for line in lines[-3:]), lines
assert columns < 80 or all(line.startswith("[") for line in lines), lines
assert columns < 140 or all("mean batch loss" in line for line in lines[-3:]), lines
assert run.wait() == 0
END
for columns in 40 60 80 140; do
	called="tutor train, $columns columns"
	verify 'a line that fits' "$python" "$folder/narrow.py" $columns "$TUTOR" train iris \
		--data $data/iris-train.csv --test $data/iris-test.csv --epochs 200
done
# Epochs are whole; the table of norms fits a narrow screen.
COLUMNS=40 call train xor --epochs 3 --norms
verify 'whole ticks' sh -c "! grep -q '1\.5' '$folder/out'"
verify '40 columns' "$python" -c 'import sys
table = open(sys.argv[1], encoding="utf-8").read().split("\n\n")[1].splitlines()[:-1]
assert len(table) == 10 and all(len(line) <= 40 for line in table), table' "$folder/out"

# ---- Norms and verdicts

call train iris --data $data/iris-train.csv --epochs 3 --norms --log "$folder/norms.csv"
expect_status 0
expect_out 'family'
verify 'further columns' "$python" -c 'import csv, sys
for row in csv.DictReader(open(sys.argv[1])):
    parts = [float(row["gradient_norm[%s]" % f]) for f in ("w1", "b1", "w2", "b2")]
    whole = float(row["gradient_norm"])
    assert whole > 0 and abs(sum(p*p for p in parts) - whole*whole) < 1e-9*whole*whole
    assert 0 < float(row["update_ratio[w1]"]) < 1 and row["dead_relus"] == "" and 0 <= float(row["saturated"]) < 0.5' \
	"$folder/norms.csv"
call train xor --set b1=30 --set b2=-30 --norms
expect_out 'saturated: 67 %'
expect_out "vanishing: a gradient of 'w1', near the data, is about 0"
# Larger start values are no advice beside smaller ones.
expect_out 'the units between are saturated'
verify 'two pieces of advice that contradict each other' sh -c "! grep -q 'larger start values' '$folder/out'"
# A family of layers is seen layer by layer: ten sigmoids behind one another, each with weights below 1.
cat >"$folder/deep.model" <<'END'
size n = 3, D = 10
input  x[1..n]
target y
param  w[1..D, 1..n, 1..n] ~ normal(0, 0.5), b[1..D, 1..n] = 0
h[0, j=1..n] = x[j]
for l = 1..D
  h[l, j=1..n] = sigmoid(sum(i=1..n, w[l,j,i]*h[l-1,i]) + b[l,j])
end
E = 1/2*(sum(j=1..n, h[D,j]) - y)^2
minimize E
update sgd(rate = 0.01)
examples
x[1],x[2],x[3],y
0.1,-0.4,0.3,1
0.2,-0.4,-0.3,2
end
END
call train "$folder/deep.model" --norms --json --log "$folder/deep.csv"
verify 'layer by layer' "$python" -c 'import csv, json, sys
o = json.load(open(sys.argv[1]))
names = ["w[%d,1..3,1..3]" % l for l in range(1, 11)] + ["b[%d,1..3]" % l for l in range(1, 11)]
assert [f["name"] for f in o["families"]] == names and o["dead_relus"] is None and o["saturated"] == 0
norm = [f["gradient_norm"] for f in o["families"]]
assert all(a < b for a, b in zip(norm[:9], norm[1:10]))
[verdict] = o["verdicts"]
assert verdict["verdict"] == "vanishing" and "w[1,1..3,1..3]" in verdict["text"] and "w[10,1..3,1..3]" in verdict["text"]
rows = list(csv.DictReader(open(sys.argv[2])))
whole = sum(float(rows[-1]["gradient_norm[%s]" % n])**2 for n in names)
assert abs(whole - float(rows[-1]["gradient_norm"])**2) < 1e-9*whole' "$folder/out" "$folder/deep.csv"
call train "$folder/deep.model" --norms --set n=1 --set D=2
call train rows --data $data/digits-train.csv.gz --epochs 1 --norms --json
! "$TUTOR" --version | grep -q zlib || verify 'shared over time, one family' "$python" -c 'import json, sys
assert [f["name"] for f in json.load(open(sys.argv[1]))["families"]] == ["u", "w", "b", "v", "d"]' "$folder/out"
sed 's/adam(.*/sgd(rate = 8)/' lessons/iris.model | sed 's/tanh/relu/' >"$folder/dead.model"
call train "$folder/dead.model" --data $data/iris-train.csv --norms
expect_out 'dead: '
printf 'param w = 1\nL = w^2\nminimize L\nupdate sgd(rate = 1.1)\n' >"$folder/swings.model"
call train "$folder/swings.model" --norms
expect_out 'diverging: the loss of an epoch went from 1 to 26.62'
expect_out "exploding: an update moves 'w' by 2.2 times its own size"
call train "$folder/swings.model" --norms --epochs 1
verify 'one epoch is no rise' sh -c "! grep -q diverging '$folder/out'"
# A loss below 0 may fall, and rise by less than its size.
for rate in 0.01:0 -0.001:0 -0.03:1; do
	printf 'param w = 0.5\nL = w^2 - 2\nminimize L\nupdate sgd(rate = %s)\n' "${rate%:*}" >"$folder/below.model"
	call train "$folder/below.model" --norms --epochs 40
	verify "diverging at rate ${rate%:*}" test "$(grep -c diverging "$folder/out")" = "${rate#*:}"
done

finish
