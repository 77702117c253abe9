#!/bin/sh
# tutor train killed by SIGKILL at any moment, again and again: what it saved is whole each time, going on from there
# gives bit for bit the run that was never killed, and temporary files do not pile up. KILLS says how often (6);
# make check-killed does it a hundred times.
. "$(dirname "$0")/lib/cli.sh"
data=lessons/data/iris-train.csv
kills=${KILLS:-6}
steps=4   # of an epoch
saved=$folder/killed.csv

train() {
	exec "$TUTOR" train iris --data $data --save "$saved" --quiet "$@"
}

# Waits for the next file to be saved, ten seconds at most.
wait_for_save() {
	before=$(stat -c %i "$saved" 2>/dev/null)
	for tick in $(seq 500); do
		[ "$(stat -c %i "$saved" 2>/dev/null)" = "$before" ] || break
		sleep 0.02
	done
}

(train --epochs 1) >/dev/null
lines=$(wc -l <"$saved")
rm "$saved"
broken=0 left=0 resumed=0
for i in $(seq "$kills"); do
	load=
	[ -f "$saved" ] && load="--load $saved" && resumed=$((resumed + 1))
	train --epochs 1000000000 $load >"$folder/killed.out" 2>&1 &
	pid=$!
	[ $((i % 2)) = 0 ] || wait_for_save
	sleep "0.$(printf %03d $((i * 37 % 173)))"
	kill -9 $pid
	wait $pid 2>/dev/null
	[ -f "$saved" ] || continue
	{ [ "$(head -n 1 "$saved")" = name,value ] && grep -q '^run.best_epoch,[0-9]*$' "$saved" &&
		[ "$(wc -l <"$saved")" = $((lines + 4)) ]; } || broken=$((broken + 1))
	[ "$(ls "$folder" | grep -c part)" -le 1 ] || left=$((left + 1))
done 2>/dev/null
called="tutor train, killed $kills times"
verify 'nothing was saved' test -f "$saved"
verify "$broken files were not whole" test $broken = 0
verify "temporary files piled up $left times" test $left = 0
verify "gone on $resumed times only" test $resumed = $((kills - 1))

# To an end some epochs further on, and there without a stop.
epochs=$(($(sed -n 's/^update\.t,//p' "$saved") / steps + 25))
status=0
(train --epochs $epochs --load "$saved") >"$folder/out" 2>"$folder/err" || status=$?
expect_status 0
verify 'a temporary file is left' test "$(ls "$folder" | grep -c part)" = 0
mv "$saved" "$folder/resumed.csv"
(train --epochs $epochs) >/dev/null
called="tutor train, $epochs epochs"
verify 'it is not the run that was never killed' cmp "$saved" "$folder/resumed.csv"

finish
