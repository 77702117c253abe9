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

# Three exercises a lesson, each a model of its own.
for lesson in $(sed 's/ .*//' "$folder/list"); do
	for number in 1 2 3; do
		call trace "$lesson:exercise_$number" --format csv
		expect_status 0
	done
done

finish
