# Every printed line of every lesson and of every model's trace is true: recomputed from its digits by Python.
. tests/lib/cli.sh
python=${PYTHON:-python3}

# true_lines LEAST [DIGITS | csv]: what the last call printed has at least so many lines to recompute; all are true.
# Python looks at all of them at the end.
printed=0
true_lines() {
	printed=$((printed + 1))
	cp "$folder/out" "$folder/printed.$printed"
	printf '%s\t%s\t%s\t%s\n' "$folder/printed.$printed" "$1" "${2:-9}" "$called" >>"$folder/printed"
}

# A text in the terminal's width, but for models as they stand and calculator lines, which are not broken.
narrow() {
	verify "a line is too wide" sh -c "! grep -v '^    \|https*:' '$folder/out' | grep -q '.\{41\}'"
}

for lesson in $("$TUTOR" list | sed 's/ .*//'); do
	[ -f "lessons/$lesson.md" ] || continue
	for width in 80 40 200; do
		call lesson "$lesson" --width "$width"
		expect_status 0
		true_lines 18
		[ "$width" != 40 ] || narrow
		call lesson "$lesson" --width "$width" --ascii
		true_lines 18
		verify "the plain form has symbols" sh -c "! LC_ALL=C grep -q '[^ -~]' '$folder/out'"
	done
	call lesson "$lesson" --digits 4
	true_lines 18 4
	call lesson "$lesson" --digits 15
	true_lines 18 15
done

for model in lessons/*.model tests/models/*.model; do
	case $model in */optimizers.model) continue ;; esac
	call trace "$model" --format csv
	case $status in
	2) verify "it needs data and does not say which" grep -q 'column' "$folder/err" && continue ;;
	esac
	expect_status 0
	true_lines 3 csv
	call trace "$model" --format csv --steps 3
	true_lines 3 csv
	call trace "$model"
	expect_status 0
	true_lines 2
	call trace "$model" --width 40 --ascii --digits 6
	true_lines 2 6
	call trace "$model" --ops --format csv
	true_lines 3 csv
	call trace "$model" --format json
	expect_status 0
	verify "the JSON is none" "$python" -m json.tool "$folder/out"
done

called="the lines of $printed texts"
"$python" tests/lib/printed_lines.py each <"$folder/printed" >"$folder/out" 2>"$folder/err"
verify "a printed line is not true" test "$?" = 0

# Every number in a lesson's prose is computed, or is a citation. What the search must find, it finds.
called=prose_numbers.py
verify "a number in the prose is typed" "$python" tests/lib/prose_numbers.py lessons/[a-z]*.md
for typed in 'is 0.5.' 'is `0.5`' 'has -.25 and' '# 1.5 times' '- 3.14' '> 2.50' '`printed 0.5`' '`= E` 0.1 `= F`'; do
	printf '%s\n' '```model' 'E = 0.5' '```' "$typed" >"$folder/typed.md"
	called="prose_numbers.py on '$typed'"
	verify "a typed number is not found" sh -c "! '$python' tests/lib/prose_numbers.py '$folder/typed.md'"
done
printf '%s\n' '[The book](https://x.y/1.5) prints `printed -0.50`, in 2.' >"$folder/printed.md"
verify "a citation is taken for a number" "$python" tests/lib/prose_numbers.py "$folder/printed.md"
call lesson "$folder/printed.md" --ascii
expect_out 'The book <https://x.y/1.5> prints -0.50, in 2.'
call lesson "$folder/printed.md" --format html
expect_out '<span class="value">−0.50</span>'
call lesson "$folder/printed.md" --format latex
expect_out 'prints $-0.50$, in 2.'
printf '%s\n' 'It prints' '`printed half`' >"$folder/printed.md"
call lesson "$folder/printed.md"
expect_wrong "printed.md:2:1: 'printed' takes a number as a source prints it, not 'half'"

finish
