#!/bin/sh
# Runs tests, as many at a time as there are processors, and counts them: tests/run.sh PROGRAM TEST...
# A TEST is a Check suite, a shell script (told the program by $TUTOR) or an oracle in Python, which checks the golden
# files with --check. What a test prints is shown where it fails.
set -u

# One test: its last line where it passes, all that it prints where it fails, at once.
if [ "$1" = --one ]; then
	name=${3##*/}
	log=$2/$name.log
	case $3 in
	*.sh) sh "$3" ;;
	*.py) "${PYTHON:-python3}" "$3" --check ;;
	*) "$3" ;;
	esac >"$log" 2>&1
	status=$?
	if [ $status = 0 ]; then
		echo "ok    $name: $(tail -n 1 "$log")"
		: >"$2/$name.passed"
	else
		{ cat "$log"; echo "FAIL  $name"; } >"$2/$name.failed"
		cat "$2/$name.failed"
	fi
	exit 0
fi

TUTOR=$(realpath "$1")
export TUTOR
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for test in "$@"; do
	case $test in
	*.py) grep -q -e --check "$test" || continue ;;
	esac
	printf '%s\n' "$test"
done >"$folder/tests"

xargs -P "$(nproc)" -n 1 sh "$0" --one "$folder" <"$folder/tests"

wanted=$(grep -c . "$folder/tests")
passed=$(find "$folder" -name '*.passed' | grep -c .)
if [ "$passed" != "$wanted" ]; then
	failed=$(find "$folder" -name '*.failed' | sed 's,.*/\(.*\)\.failed, \1,' | sort | tr -d '\n')
	echo "FAILED:${failed:- $((wanted - passed)) that ended without a word} ($passed passed)"
	exit 1
fi
echo "all $passed test programs passed"
