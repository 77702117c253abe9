#!/bin/sh
# The command line itself: help, version, options, operands, output, exit status.
. "$(dirname "$0")/lib/cli.sh"

call
expect_status 0
expect_out 'usage: tutor COMMAND'
expect_no_err

for help in --help -h --he help; do
	call $help
	expect_status 0
	expect_out 'tutor list'
	expect_no_err
done

for help in 'list --help' 'list -h' '-h list' 'help list' '-qh list'; do
	call $help
	expect_status 0
	expect_out '  tutor list  '
	expect_out '--output FILE'
	expect_out 'exit status'
done

for version in --version -V --vers 'list -V'; do
	call $version
	expect_status 0
	expect_out 'MIT'
	verify 'first line' test "$(head -n 1 "$folder/out")" = 'tutor 0.1'
done

call list
expect_status 0
expect_no_err
verify 'one lesson a line' test "$(wc -l <"$folder/out")" = "$(grep -c ' min' "$folder/out")"

call lits
expect_wrong "tutor: unknown command 'lits'; did you mean 'list'?"
call zzzzzzzz
expect_wrong "tutor: unknown command 'zzzzzzzz'"
call help lits
expect_wrong "did you mean 'list'?"
call list --width 40
expect_out '    The chain rule, gate by gate'
verify 'at most 40 columns' test "$(awk 'length > 40' "$folder/out" | wc -l)" = 0
call list extra
expect_wrong "tutor: 'tutor list' takes no operands"
expect_err "try 'tutor list --help'"
call list --steps 3
expect_wrong "'list' takes no option --steps, but --format, --width, --digits, --output, --quiet, --help, --version"

call list --quite
expect_wrong "unknown option '--quite'; did you mean '--quiet'?"
expect_err "try 'tutor list --help'"
call --quite
expect_err "try 'tutor --help'"
call list --d 3
expect_wrong "option '--d' is ambiguous: '--data' or '--digits'"
call list -x
expect_wrong "unknown option '-x'"
call list --quiet=1
expect_wrong 'option --quiet takes no argument'
call list -o
expect_wrong 'option --output needs an argument: --output FILE'
for digits in 0 18 -1 abc 3x 1.5 '' 99999999999999999999; do
	call list --digits "$digits"
	expect_wrong "invalid argument '$digits' to option --digits N: a whole number from 1 to 17 is wanted"
done
for digits in --digits=3 '--digits 3' '--dig 3'; do
	call $digits list
	expect_status 0
done
call -- list
expect_status 0
call list -- --help
expect_wrong 'takes no operands'

call list -o "$folder/new"
expect_status 0
expect_no_out
call list -qo"$folder/bundled"
expect_status 0
verify 'same file' cmp "$folder/new" "$folder/bundled"
call list -o -
expect_status 0
call list -o /dev/stdout
verify 'same output' cmp "$folder/new" "$folder/out"

# A command's help says which forms it writes; the option itself refuses any other.
for row in 'trace xor:text|markdown|latex|html|csv|json' 'graph xor:dot|svg' 'why xor L:text|markdown|latex|html' \
	'lesson xor:text|markdown|latex|html'; do
	call ${row%%:*} --help
	expect_out "the form of the output: ${row#*:}"
	verify 'and no more' sh -c "! grep -qF '${row#*:}|' '$folder/out'"
	call ${row%%:*} --format none
	expect_wrong "to option --format: ${row#*:} is wanted"
done
for command in train assign grade; do
	call $command --help
	expect_out 'threads to use (default: the processors; train: 1)'
done

# A link is followed, permissions stay, and nothing is left beside the file.
mkdir "$folder/kept"
echo old >"$folder/kept/file"
chmod 640 "$folder/kept/file"
ln -s file "$folder/kept/link"
call help -o "$folder/kept/link"
expect_status 0
verify 'the link is still a link' test -L "$folder/kept/link"
verify 'the file was replaced' grep -q usage "$folder/kept/file"
verify 'its permissions stay' test "$(stat -c %a "$folder/kept/file")" = 640
verify 'nothing else' test "$(ls "$folder/kept" | wc -l)" = 2
call help nothing -o "$folder/kept/file"
expect_wrong 'unknown command'
verify 'an error leaves the old file' grep -q usage "$folder/kept/file"
verify 'and nothing else' test "$(ls "$folder/kept" | wc -l)" = 2

call list -o "$folder/none/file"
expect_wrong "tutor: cannot write '$folder/none/file': No such file or directory"
call list -o "$folder"
expect_wrong "cannot write '$folder': Is a directory"
if [ -e /dev/full ]; then
	call help -o /dev/full
	expect_wrong "tutor: cannot write '/dev/full': No space left on device"
	called='tutor help >/dev/full'
	status=0
	"$TUTOR" help >/dev/full 2>"$folder/err" || status=$?
	: >"$folder/out"
	expect_wrong 'tutor: cannot write standard output: No space left on device'
fi

# Each command is taught by example, and each option it is said to take is taken.
for command in $("$TUTOR" | sed -n 's/^  tutor \([a-z]*\) .*/\1/p'); do
	call help "$command"
	expect_status 0
	verify 'examples' test "$(grep -c "^  tutor $command" "$folder/out")" -ge 1
	for option in $(sed -n 's/^.*\(--[a-z-]*\)  .*/\1/p' "$folder/out"); do
		call "$command" "$option" --help
		expect_status 0
	done
done

finish
