# For command-line tests: source this, make calls, end with `finish`. $TUTOR is the program; $folder is a scratch
# folder, removed at the end.
set -u
LC_ALL=C.UTF-8
COLUMNS=80
export LC_ALL COLUMNS
unset POSIXLY_CORRECT NO_COLOR
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
checks=0
failures=0

# call ARGUMENT...: runs tutor; its status is then in $status, what it wrote in $folder/out and $folder/err.
call() {
	called="tutor $*"
	status=0
	"$TUTOR" "$@" >"$folder/out" 2>"$folder/err" </dev/null || status=$?
}

failure() {
	failures=$((failures + 1))
	echo "FAILED: $called: $1"
	head -n 12 "$folder/out" | sed 's/^/  out: /'
	head -n 12 "$folder/err" | sed 's/^/  err: /'
}

# verify WHAT COMMAND...: the command succeeds.
verify() {
	what=$1
	shift
	checks=$((checks + 1))
	"$@" >/dev/null 2>&1 || failure "$what"
}

expect_status() { verify "status $status, not $1" test "$status" = "$1"; }
expect_out() { verify "standard output lacks '$1'" grep -qF -e "$1" "$folder/out"; }
expect_err() { verify "standard error lacks '$1'" grep -qF -e "$1" "$folder/err"; }
expect_no_out() { verify "standard output is not empty" test ! -s "$folder/out"; }
expect_no_err() { verify "standard error is not empty" test ! -s "$folder/err"; }

# A wrong call or input: status 2, the message, and no output.
expect_wrong() {
	expect_status 2
	expect_err "$1"
	expect_no_out
}

finish() {
	echo "$checks checks, $failures failed"
	test "$failures" = 0
}
