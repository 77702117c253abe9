# For tests that read the table of `tutor trace --format csv`, behind lib/cli.sh.

# model NAME: standard input becomes the file $folder/NAME.
model() { cat >"$folder/$1"; }

# rows FILE OPTION...: the trace of a model file as a table, which must be sound.
rows() {
	file=$1
	shift
	call trace "$folder/$file" --format csv "$@"
	expect_status 0
	verify 'table is not sound' awk -F, '
		NR == 1 { if ($0 != "id,phase,name,formula,substituted,value,parents") exit failed = 1; next }
		{
			if ($1 != NR - 1) exit failed = 1
			if ($2 !~ /^(given|forward|partial|path|gradient|update)$/) exit failed = 1
			count = split($NF, parent, " ")
			for (i = 1; i <= count; i++) if (parent[i] < 1 || parent[i] >= $1) exit failed = 1
			if (seen[$2 $3 $4]++ && $2 != "partial" && $2 != "path") exit failed = 1
		}
		END { exit failed }' "$folder/out"
}

# expect_value PHASE NAME NUMBER: there is exactly one such row and that is its value. A name with a comma is quoted.
expect_value() {
	verify "no single row '$1,$2' of value $3" awk -F, -v want="$1,$2," -v number="$3" '
		{ line = $0; sub(/^[0-9]+,/, "", line) }
		index(line, want) == 1 {
			rows++
			difference = $(NF - 1) - number; size = number < 0 ? -number : number
			if (difference < 0) difference = -difference
			good += difference <= 1e-12*(size < 1 ? 1 : size)
		}
		END { exit !(rows == 1 && good == 1) }' "$folder/out"
}

# expect_row TEXT: a line of the table behind its id begins so.
expect_row() { verify "no row '$1'" awk -v want="$1" '
	{ sub(/^[0-9]+,/, "") } index($0, want) == 1 { found = 1 } END { exit !found }' "$folder/out"; }
expect_no_row() { verify "there is a row '$1'" awk -v want="$1" '
	{ sub(/^[0-9]+,/, "") } index($0, want) == 1 { found = 1 } END { exit found }' "$folder/out"; }

# expect_count PHASE NUMBER: so many rows are of this phase.
expect_count() {
	verify "not $2 rows of phase $1" test "$(grep -c "^[0-9]*,$1," "$folder/out")" = "$2"
}
