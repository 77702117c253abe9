# The exercises of the lessons, their blocks exercise_1, exercise_2 …: assign makes variants of each, quiz asks for it.
. tests/lib/cli.sh
printf 'id\n1\n2\n3\n' >"$folder/class.csv"
printf 'the secret of a test' >"$folder/secret"
chmod 600 "$folder/secret"

for lesson in $("$TUTOR" list | sed 's/ .*//'); do
	[ -f "lessons/$lesson.md" ] || continue
	exercises=$(sed -n 's/^```model \(exercise_[0-9]*\)$/\1/p' "lessons/$lesson.md")
	number=0
	for exercise in $exercises; do
		number=$((number + 1))
		called="$lesson:$exercise"
		verify "it is no. $number" test "$exercise" = "exercise_$number"
		rm -rf "$folder/set"
		call assign "$lesson:$exercise" --roster "$folder/class.csv" --secret "$folder/secret" --out "$folder/set" --quiet
		expect_status 0
		verify "three variants are three" test "$(sed 1d "$folder/set/variants.csv" | cut -d , -f 4- | sort -u | wc -l)" = 3
		printf 'quit\n' | "$TUTOR" quiz "$lesson:$exercise" >"$folder/out" 2>"$folder/err"
		verify "quiz does not ask" test $? -le 1
	done
	called=$lesson
	verify "it has $number exercises" test "$number" -ge 3
	verify "not every exercise has an answer" test "$number" = \
		"$(sed '1,/^## Answers$/d' "lessons/$lesson.md" | grep -c '^\*\*[0-9]*\.\*\*')"
done
finish
