#!/bin/sh
# Runs tests and counts them: tests/run.sh PROGRAM TEST...
# A TEST is a Check suite, a shell script (told the program by $TUTOR) or an oracle in Python, which checks the golden
# files with --check. What a test prints is shown where it fails.
set -u
TUTOR=$(realpath "$1")
export TUTOR
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=

run_test() {
	case $1 in
	*.sh) sh "$1" ;;
	*.py) "${PYTHON:-python3}" "$1" --check ;;
	*) "$1" ;;
	esac
}

for test in "$@"; do
	case $test in
	*.py) grep -q -e --check "$test" || continue ;;
	esac
	name=${test##*/}
	if run_test "$test" >"$log" 2>&1; then
		passed=$((passed + 1))
		echo "ok    $name: $(tail -n 1 "$log")"
	else
		failed="$failed $name"
		cat "$log"
		echo "FAIL  $name"
	fi
done

if [ -n "$failed" ]; then
	echo "FAILED:$failed ($passed passed)"
	exit 1
fi
echo "all $passed test programs passed"
