#!/bin/sh
# grade as a command: right answers are paid in full, a mistake costs what it should, overrides are kept, what is
# broken or hostile stops nothing and shows up nowhere, whatever the number of threads.
. "$(dirname "$0")/lib/cli.sh"
cd "$folder"

# key ID: the right answers of a student's variant, as name,value rows, from the worked key.
key() {
	"$TUTOR" solution "$1" --assignment week --secret key --ascii --width 200 |
		awk '$1 ~ /^[0-9]+\.$/ { print $2 "," $3 }'
}
# answers ID STEM: them as a file to hand in.
answers() {
	{ echo name,value,student; key "$1" | sed "s|\$|,$1|"; } >"in/$2.csv"
}
# change STEM NAME VALUE: another value for an answer.
change() {
	awk -F, -v OFS=, -v name="$2" -v value="$3" '$1 == name { $2 = value } { print }' "in/$1.csv" >changed
	mv changed "in/$1.csv"
}
grade() {
	call grade in --assignment week --secret key --out marks "$@"
}
# column STUDENT NAME: a field of the gradebook.
column() {
	python3 - "$1" "$2" <<'END'
import csv, sys
rows = {row["id"]: row for row in csv.DictReader(open("marks/gradebook.csv", newline=""))}
print(rows[sys.argv[1]][sys.argv[2]])
END
}
expect_column() { verify "$1: $2 is '$(column "$1" "$2")', not '$3'" test "$(column "$1" "$2")" = "$3"; }
expect_column_has() { verify "$1: $2 is '$(column "$1" "$2")'" sh -c 'case $1 in *"$2"*) ;; *) exit 1 ;; esac' - "$(column "$1" "$2")" "$3"; }
expect_file() { verify "$1 lacks '$2'" grep -qF -e "$2" "$1"; }
expect_not_in() { verify "$1 has '$2'" sh -c '! grep -qF -e "$2" "$1"' - "$1" "$2"; }

if ! "$TUTOR" --version | grep -q libsodium; then
	echo 'skipped: built without libsodium'
	exit 0
fi

cat >roster.csv <<'END'
id,name
ann,Ann <script>alert(1)</script>
ben,Ben
cat,Cat
dan,Dan
eve,Eve
fay,Fay
gil,Gil
hal,Hal
../../ivy,Ivy
END
echo 'a sentence that nobody knows' >key
chmod 600 key
"$TUTOR" assign mazur --roster roster.csv --secret key --out week --formulas dE_total/dw5 --planted 1 -q 2>/dev/null >&2
mkdir in

# Right answers, four digits each, earn everything; nobody else has handed in anything.
answers ann 001-ann
answers '../../ivy' x
sed -i '/^find:1/s|/| / |' in/x.csv   # blanks do not count
call grade in/*.csv --assignment week --secret key --out marks
expect_status 0
expect_no_err
expect_out '9 students: 2 marked, 7 without a submission'
for name in points carried better out_of mark; do expect_column ann $name 33; done
expect_column ann status marked
expect_column ann mistakes ''
expect_column ben status 'no submission'
expect_column '../../ivy' better 33
verify 'a page for each student marked' test "$(ls marks/feedback | wc -l)" = 4
verify 'no file of a temporary name' sh -c '! find marks | grep -q part'
expect_file marks/feedback/001-ann.md 'You have 33 of 33 points.'
expect_not_in marks/feedback/001-ann.html '<script>alert'
expect_file marks/report.md 'ben (Ben)'

# A mistake costs the questions where it was made; what follows is carried. Its name, its hint.
answers ben 002-ben
key ben >right
right() { sed -n "s|^$1,||p" right; }
calculate() { python3 -c "from math import *
print('%.4g' % ($1))"; }
b_o1=$(calculate "$(right out_o1)-$(grep '^ben' week/variants.csv | cut -d, -f6)")
change 002-ben dE_total/dnet_o1 "$b_o1"
change 002-ben dE_total/dw5 "$(calculate "$b_o1*$(right out_h1)")"
change 002-ben dE_total/dw6 "$(calculate "$b_o1*$(right out_h2)")"
grade --hint 3
expect_status 0
expect_column ben points 30    # the slip and two that follow from it
expect_column ben carried 28   # the slip, and four that are right but do not follow from it
expect_column ben better 32
expect_column_has ben mistakes 'M05 slope of the output unit left out'
expect_column_has ben flags 'right, but not from the own value before'
expect_file marks/feedback/002-ben.md 'right from your earlier value of dE'
expect_file marks/feedback/002-ben.md "The derivative of the output's activation was left out."
grade --hint 1
expect_not_in marks/feedback/002-ben.md 'M05'
expect_file marks/feedback/002-ben.md "Look at the step through the output's activation."

# A 0 early on makes the rest easy, and earns nothing further on.
answers cat 003-cat
key cat >right
change 003-cat out_h1 0
change 003-cat net_o1 "$(calculate "$(grep '^cat' week/variants.csv | cut -d, -f13)")"
grade
expect_column_has cat flags 'trivial: out_h1'

# Overrides and notes are kept, whatever order they are in; so is a column of the teacher's own.
python3 - <<'END'
import csv
rows = list(csv.DictReader(open("marks/gradebook.csv", newline="")))
with open("marks/gradebook.csv", "w", newline="") as file:
    writer = csv.DictWriter(file, ["group"] + list(rows[0]), delimiter=";")
    writer.writeheader()
    for row in reversed(rows):
        if row["id"] == "ben":
            row.update(override="30,5", note="an appeal; granted")
        writer.writerow({"group": "B", **row})
END
answers dan 004-dan
grade
expect_status 0
expect_column ben override 30,5
expect_column ben note 'an appeal; granted'
expect_column ben mark 30.5
expect_column ben group B
expect_column dan better 33
expect_column ann name 'Ann <script>alert(1)</script>'
expect_file marks/feedback/002-ben.md 'Your mark is 30.5 of 33 points: it was set by your teacher'
expect_not_in marks/feedback/001-ann.md 'Your mark is'

# An override without a submission counts like any other; one that is no mark is said and does not count.
before=$(grep -o 'Mean [0-9.]*' marks/report.md)
cp marks/gradebook.csv good
python3 - <<'END'
import csv
rows = list(csv.DictReader(open("marks/gradebook.csv", newline="")))
for row in rows:
    row["override"] = {"eve": "0", "ann": "abc"}.get(row["id"], row["override"])
with open("marks/gradebook.csv", "w", newline="") as file:
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
END
grade
expect_status 0
expect_err "gradebook.csv: line 2, 'ann': the override 'abc' is no mark"
expect_column ann mark 33
expect_column_has ann flags "the override 'abc' is no mark"
expect_column eve mark 0
expect_out 'lowest 0,'
verify "the mean was $before" test "$before" != "$(grep -o 'Mean [0-9.]*' marks/report.md)"
mv good marks/gradebook.csv
grade

cp marks/gradebook.csv before
grade --threads 3
verify 'the same with any number of threads' cmp before marks/gradebook.csv
grade --threads 1
verify 'the same with one thread' cmp before marks/gradebook.csv
touch -d '2 hours ago' marks/feedback/*
grade -q
verify 'what is the same is not written again' test -z "$(find marks/feedback -type f -mmin -60)"

# Broken and hostile files: each is its student's affair alone.
printf 'name,value,student\nnet_h1,"=HYPERLINK(""http://x"")",eve\nout_h1,+1-1,eve\n@x,-2,eve\n' >'in/=cmd.csv'
printf '\000\001\002' >in/006-fay.csv
ln -s /etc/passwd in/007-gil.csv
mkfifo in/008-hal.csv
printf 'name,value,student\nnet_h1,1,nobody\n' >in/y.csv
printf 'name,value,student\nnet_h1,1,ann\n' >in/004-dan-2.csv
cp in/002-ben.csv in/zz.csv
grade
expect_status 0
expect_column ann better 33
expect_column_has ann flags 'one of 2 files'
expect_column_has ben flags 'one of 2 files'
expect_column ben file 002-ben.csv
expect_column eve file "'=cmd.csv"
expect_column eve better 0
expect_column_has eve flags 'not understood: net_h1 out_h1'
expect_column_has eve flags '1 row to no question'
expect_column_has fay status 'not marked: line 1: a NUL byte'
expect_column_has gil status 'symbolic link'
expect_column_has hal status 'no regular file'
expect_err "not marked: y.csv: it says that it is of 'nobody', who is not in the assignment"
expect_file marks/report.md 'Files of nobody'
verify 'no cell is a formula' python3 - <<'END'
import csv
for row in csv.reader(open("marks/gradebook.csv", newline="")):
    assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for cell in row if cell), row
END
expect_file marks/feedback/005-eve.md 'not understood'
expect_not_in marks/feedback/005-eve.html '<script>alert'
verify 'nothing outside' test ! -e ../ivy.md -a ! -e marks/ivy.md

# The same numbers under another's name.
sed 's/,ann$/,fay/' in/001-ann.csv >in/006-fay.csv
grade
expect_column_has fay flags 'answers the same as those of ann'
expect_column_has ann flags 'answers the same as those of fay'
expect_file marks/report.md 'The same numbers'
expect_column ann better 33

# They are right on ann's sheet, so that nothing is carried for them, whether or not she hands in.
expect_column_has fay flags 'answers fit the sheet of ann'
expect_column fay better 0
expect_file marks/report.md "The numbers of another's sheet"
expect_file marks/feedback/006-fay.md "it is that of another student's sheet: it earns nothing"
verify 'nobody is named to a student' test "$(grep -ci 'ann' marks/feedback/006-fay.md)" = 0
cp -r marks again
grade
verify 'the same when marked again' diff -r marks again
rm -r again
mkdir kept-ann
mv in/001-ann.csv in/004-dan-2.csv in/x.csv kept-ann
grade
expect_column_has fay flags 'answers fit the sheet of ann'
expect_column fay better 0
expect_column ann status 'no submission'
mv kept-ann/*.csv in
rmdir kept-ann
sed -i 's/^\(fay.*\),,,0,marked/\1,20,talked to,0,marked/' marks/gradebook.csv
grade
expect_column fay better 0
expect_column fay mark 20

# Points may be changed afterwards; nothing else.
sed -i 's/^net_h1,1$/net_h1,5/' week/points.csv
grade
expect_column ann better 37
cp week/variants.csv kept
sed -i 's/^ann,001-ann,\([^,]*\),[0-9.]*,/ann,001-ann,\1,0.77,/' week/variants.csv
cp marks/gradebook.csv before
grade
expect_wrong 'variants.csv'
verify 'the gradebook is as it was' cmp before marks/gradebook.csv
mv kept week/variants.csv
head -c 32 /dev/zero | tr '\0' x >other
call grade in --assignment week --secret other --out marks
expect_wrong 'secret'

# A file by another name is read where it is a table of answers; one that is not is said, never passed over.
mkdir named
for name in 001-ann.CSV 002-ben.csv.txt 'my answers.txt'; do cp in/001-ann.csv "named/$name"; done
answers ben 002-ben
answers dan 004-dan
mv in/002-ben.csv named/002-ben.csv.txt
mv in/004-dan.csv 'named/my answers.txt'
echo '%PDF-1.4' >named/003-cat.pdf
echo 'dear teacher' >named/.note
mkdir named/photos
sed 1d named/001-ann.CSV | cut -d, -f1,2 | sed '1i name,value' >named/plain && mv named/plain named/001-ann.CSV
call grade named --assignment week --secret key --out marks2
expect_status 0
expect_out '3 marked, 6 without a submission'
verify 'ann has all points' grep -q '^ann.*,001-ann.CSV$' marks2/gradebook.csv
verify 'so has ben' grep -q '^ben.*,002-ben.csv.txt$' marks2/gradebook.csv
verify 'and dan' grep -q '^dan.*,my answers.txt$' marks2/gradebook.csv
for name in 003-cat.pdf .note photos; do
	expect_err "not marked: $name: "
	expect_file marks2/report.md "$name"
done

# Calls that are wrong.
call grade in --assignment week --secret key
expect_wrong "needs --assignment DIR, --secret FILE and --out DIR"
call grade nowhere.csv --assignment week --secret key --out new
expect_status 1
expect_err 'No such file'
mkdir empty
call grade empty --assignment week --secret key --out new
expect_wrong 'there is no file *.csv'
echo 'name,mark' >marks/gradebook.csv
grade
expect_wrong "there is no column 'id'"
verify 'what is no gradebook is left alone' grep -q name,mark marks/gradebook.csv
rm -r marks
echo >marks
grade
expect_wrong "cannot make the folder 'marks'"
call grade in --assignment week --secret key --out "$folder/new" -o /dev/full
expect_status 2
call grade
expect_status 2

finish
