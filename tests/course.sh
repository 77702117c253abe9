# The course: `tutor list` names every lesson once, each behind what it needs, none too long; a lesson says what comes next.
. tests/lib/cli.sh
python=${PYTHON:-python3}

call list
expect_status 0
cp "$folder/out" "$folder/list"
verify 'a lesson is missing' test "$(sed 's/ .*//' "$folder/list" | sort | tr '\n' ' ')" = \
	"$(ls lessons/*.md | sed 's,lessons/,,; s/\.md$//; /^README$/d' | sort | tr '\n' ' ')"
verify 'the order' "$python" -c '
import re, sys
seen = []
for line in open(sys.argv[1]):
    name, title, minutes, needs = re.fullmatch(r"(\w+) +(.+) \((\d+) min(?:; after (.+))?\)\n", line).groups()
    assert title and 5 <= int(minutes) <= 25, line
    assert set((needs or "chain_rule").split(", ")) <= set(seen) | {"chain_rule"}, line
    seen.append(name)' "$folder/list"

verify 'two lessons at one place' test -z "$(sed -n 's/^<!-- course \([0-9]*\).*/\1/p' lessons/*.md | sort | uniq -d)"

# Each but the last ends with the next.
previous=
for lesson in $(sed 's/ .*//' "$folder/list"); do
	if [ -n "$previous" ]; then
		call lesson "$previous" --width 200
		verify "no word of $lesson" sh -c "tail -n 1 '$folder/out' | grep -q 'Next in the course: tutor lesson $lesson '"
	fi
	previous=$lesson
done
call lesson "$previous"
verify 'something behind the last' sh -c "! grep -q 'Next in the course' '$folder/out'"
cp lessons/chain_rule.md "$folder/own.md"
call lesson "$folder/own.md"
verify 'something behind a lesson of its own' sh -c "! grep -q 'Next in the course' '$folder/out'"

# The index links to every lesson's page, in order, and with --linked lessons link to each other; in text there are no links.
for ending in html md; do
	format=$([ $ending = md ] && echo markdown || echo html)
	call list --format $format
	expect_status 0
	grep -o "[a-z_0-9]*\.$ending" "$folder/out" >"$folder/links"
	verify 'a lesson has no link' test "$(awk '!seen[$0]++' "$folder/links" | tr '\n' ' ')" = \
		"$(sed "s/ .*/.$ending/" "$folder/list" | tr '\n' ' ')"
	for lesson in debugging own; do
		[ $lesson = own ] && file=$folder/own.md || file=$lesson
		call lesson "$file" --format $format
		verify 'links that were not asked for' sh -c "! grep -q '[<\"][a-z_]*\.$ending[>\"]' '$folder/out'"
		call lesson "$file" --format $format --linked
		expect_status 0
		[ $lesson = own ] || expect_out "exploding.$ending"
	done
	call lesson rnn --format $format --linked
	expect_out "lstm.$ending"
done
call lesson rnn --linked
expect_out 'tutor lesson lstm'
call list --format text
verify 'another list' cmp "$folder/out" "$folder/list"

# Three exercises a lesson, each a model of its own.
for lesson in $(sed 's/ .*//' "$folder/list"); do
	for number in 1 2 3; do
		call trace "$lesson:exercise_$number" --format csv
		expect_status 0
	done
done

finish
