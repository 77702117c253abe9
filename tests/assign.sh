#!/bin/sh
# What is promised of `tutor assign` and `tutor solution`.
. "$(dirname "$0")/lib/cli.sh"
cd "$folder" || exit 1
"$TUTOR" --version | grep -q libsodium || {
	echo "no libsodium: nothing to test"
	exit 0
}

printf 'id,name\nanna,Anna A.\nbert,\n../x,"<b>&"\n' >class.csv
printf 'correct horse battery staple\n' >key
chmod 600 key
assign() { call assign "$@" --roster class.csv --secret key; }

# ---- What is written

assign mazur --out d1
expect_status 0
expect_no_err
expect_out '3 variants in d1: 31 questions, 31 points, 12 numbers vary'
verify 'the files' test "$(cd d1 && find . -type f | sort | tr '\n' ' ')" = "./answers/001-anna.csv \
./answers/002-bert.csv ./answers/003-x.csv ./assignment.csv ./model.model ./points.csv \
./sheets/001-anna.html ./sheets/001-anna.md ./sheets/001-anna.tex ./sheets/002-bert.html \
./sheets/002-bert.md ./sheets/002-bert.tex ./sheets/003-x.html ./sheets/003-x.md \
./sheets/003-x.tex ./variants.csv "
verify 'nothing else' test "$(ls | tr '\n' ' ')" = 'class.csv d1 err key out '
verify 'answers have the rows' test "$(sed -n '1p;2p;$p' d1/answers/001-anna.csv | tr '\n' ' ')" = \
	'name,value,student net_h1,,anna w8+,,anna '
verify 'the model can be traced' "$TUTOR" trace d1/model.model -q
verify 'a name is text in a page' grep -q '&lt;b&gt;&amp;' d1/sheets/003-x.html
verify 'and no element' test "$(grep -c '<b>' d1/sheets/003-x.html)" = 0
verify 'the network is drawn where the Markdown stands' grep -q '^```mermaid$' d1/sheets/001-anna.md
verify 'a unit with all that it is made of' grep -qx '  n1 & n2 & n5 & n6 & n13 --> n15' d1/sheets/001-anna.md
verify 'by its name' grep -qF 'n15["net_h₁"]:::step' d1/sheets/001-anna.md
verify 'the numbers are the own' grep -qF "[\"i₁ = $(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "i1") at = i } NR == 2 { print $at }' d1/variants.csv)\"]:::input" d1/sheets/001-anna.md
if command -v dot >/dev/null; then
	verify 'drawn on paper: 30 edges and 25 frames' test "$(grep -c '^.put(0,0){.plotdraw{q' d1/sheets/001-anna.tex)" = 55
	verify 'and in the page' test "$(grep -c '<rect' d1/sheets/001-anna.html)" = 25
fi
verify 'a page needs no other file' test "$(grep -cE '(src|href)="?http' d1/sheets/001-anna.html)" = 0
verify 'the key is nowhere' test "$(grep -rlF 'correct horse' d1 | wc -l)" = 0

# Round numbers are written as people write them, in every format.
for points in 30 100; do
	printf 'name,points\n*,0\nw8+,%s\n' $points >round.csv
	assign mazur --out "r$points" --points round.csv --format html,latex,markdown,text -q
	expect_out "31 questions, $points points"
	for sheet in "r$points"/sheets/001-anna.*; do
		verify "$sheet: $points points" grep -qF "31 questions, $points points in all" "$sheet"
	done
	verify 'in the table' grep -qx "w8+,$points" "r$points/points.csv"
	call solution anna --assignment "r$points" --secret key
	expect_status 0
done
verify 'half a point is promised' grep -q 'Too few digits earn half' d1/sheets/001-anna.md
rm -r r30 r100 round.csv

# Names that LaTeX has trouble with: a quote is set, and for letters it lacks there is the id.
printf 'id,name\nq1,"Jo ""X"" O'\''Neil_$"\nz1,李 明\nz2,علي\nz3,Zażółć Müller\n' >names.csv
call assign mazur --roster names.csv --secret key --out names
expect_status 0
expect_err '2 LaTeX sheets have the id alone'
expect_err "'z1', 李 明); hand out the HTML, or write names in Latin letters"
call solution z1 --assignment names --secret key --format latex
expect_status 0
expect_err 'the key has the id alone: pdflatex cannot set the name; --format html has it'
verify 'no letters lost' test "$(grep -c '??\|? ?' "$folder/out")" = 0
cp "$folder/out" names/sheets/key.tex
call solution z3 --assignment names --secret key --format latex
expect_no_err
expect_out 'Zażółć Müller'
call solution z1 --assignment names --secret key --format html
expect_no_err
expect_out '李 明'
verify 'the id stands there' grep -qF 'textbf{z1}' names/sheets/002-z1.tex
verify 'the name does elsewhere' grep -qF '李 明' names/sheets/002-z1.md
if command -v pdflatex >/dev/null; then
	for sheet in names/sheets/*.tex; do
		verify "$sheet compiles" pdflatex -interaction=batchmode -halt-on-error -output-directory names "$sheet"
	done
fi
rm -r names names.csv

# The same call gives the same files; another order of students the same numbers.
assign mazur --out d2
verify 'made again' diff -r d1 d2
printf 'id\n../x\nzoe\nanna\n' >other.csv
call assign mazur --roster other.csv --secret key --out d3
numbers() { awk -F, -v id="$2" '$1 == id { $1 = $2 = $3 = $NF = ""; print }' "$1/variants.csv"; }
verify 'numbers by id' test "$(numbers d1 anna)" = "$(numbers d3 anna)"
verify 'numbers of their own' test "$(numbers d3 zoe)" != "$(numbers d3 anna)"
printf 'correct horse battery staplE' >key2
chmod 600 key2
call assign mazur --roster class.csv --secret key2 --out d4
verify 'another secret' test "$(numbers d1 anna)" != "$(numbers d4 anna)"

# ---- The key

# The answers of the key are right by check, with the numbers of variants.csv.
sets() {
	awk -F, -v id="$2" 'NR == 1 { split($0, name, ",") }
		$1 == id { for (i = 4; i < NF; i++) printf "--set %s=%s ", name[i], $i }' "$1/variants.csv"
}
call solution anna --assignment d1 --secret key --format markdown
expect_status 0
expect_out '# Key: Backpropagation step by step'
expect_out '## Forward pass'
grep '^| 1*[0-9]*\. ' out | sed 's/[^|]*|[^|]*|[^|]*|[^|]* \(-*[0-9.e-]*\) | .*/\1/' >values
(echo name,value && sed 1d d1/answers/001-anna.csv | cut -d, -f1 | head -9 | paste -d, - values | head -9) >filled.csv
# shellcheck disable=SC2046
call check filled.csv --model d1/model.model $(sets d1 anna)
expect_status 0
expect_out '9 right'
for format in text latex html; do
	call solution bert --assignment d1 --secret key --format $format
	expect_status 0
done
call solution ana --assignment d1 --secret key
expect_wrong "the assignment has no student 'ana'; did you mean 'anna'?"
call solution anna --assignment d1 --secret key2
expect_wrong 'd1: not written under this secret'
cp -r d1 d5
sed -i 's/^bert,002-bert,,0/bert,002-bert,,1/' d5/variants.csv
call solution anna --assignment d5 --secret key
expect_wrong "d5/variants.csv: the row of 'bert' was changed"
call solution anna --assignment none --secret key
expect_wrong "cannot read 'none/assignment.csv'"
call solution anna --assignment d1
expect_wrong "needs --assignment DIR and --secret FILE"

# ---- Questions, points, numbers that vary

printf 'name,points\n*,2\nw*+,0.5\nfind:*,5\n' >points.csv
assign mazur --out d6 --questions 'dE_total/dw5,w5+,net_h*' --formulas 'dE_total/dw5' --planted 1 \
	--points points.csv --significant 5 --title 'Week <5>' --format html,text
expect_status 0
expect_out '3 variants in d6: 6 questions, 13.5 points, 12 numbers vary'
expect_out 'no question asked shows these mistakes: '
verify 'points' test "$(tr '\n' ' ' <d6/points.csv)" = \
	'name,points net_h1,2 net_h2,2 dE_total/dw5,2 w5+,0.5 formula:dE_total/dw5,2 find:1,5 '
verify 'only those forms' test "$(ls d6/sheets | wc -l)" = 6
verify 'five digits' grep -q 'Give 5 significant digits' d6/sheets/001-anna.txt
verify 'the title is text' grep -q '<h1>Week &lt;5&gt;</h1>' d6/sheets/001-anna.html
verify 'an example to look through' grep -q '^Worked example 1$' d6/sheets/001-anna.txt
call solution anna --assignment d6 --secret key
line=$(sed -n 's/^  6\.  *find:1  *\([^ ]*\).*/\1/p' out)
verify 'the wrong line is known' test -n "$line" -a "$line" != '?'
verify 'and not written down' test "$(grep -cF ",$line," d6/variants.csv)" = 0

assign mazur --out d7 --vary 'w?' --quiet
verify 'only those vary' test "$(sed -n 1p d7/variants.csv)" = 'id,file,name,w1,w2,w3,w4,w5,w6,w7,w8,mac'
verify 'one line is said' test "$(wc -l <out)" = 1

# Values of --set, examples of --data, files that are used.
cat >base.model <<'MODEL'
param w = 0.5, b = 0.25
MODEL
cat >net.model <<'MODEL'
input x
target y
use "base.model"
const c = 2
h = w*x + b
E = 1/2*c*(h - y)^2
minimize E
update sgd(rate = 0.1)
MODEL
printf 'x,y,z\n0.5,0.3,a\n-0.4,0.9,b\n' >data.csv
assign net.model --data data.csv --set c=3 --out d8
expect_status 0
expect_out '11 questions, 11 points, 6 numbers vary'
rm base.model net.model data.csv
call solution anna --assignment d8 --secret key
expect_status 0
expect_out 'c = 3'
expect_out 'x@2 = '

# A linear output has a delta too: a slip of its sign costs one point, not all that follows.
cat >linear.model <<'MODEL'
input x[1..3] = [1, 0.5, -1]
target y = 0.7
param W[1..2,1..3] = [[0.1,0.2,-0.3],[0.4,-0.5,0.6]], b[1..2] = [0.1,-0.2], v[1..2] = [0.3,-0.4], c = 0.05
z[j=1..2] = sum(i=1..3, W[j,i]*x[i]) + b[j]
h[j=1..2] = tanh(z[j])
o = sum(j=1..2, v[j]*h[j]) + c
L = 1/2*(o - y)^2
minimize L
update sgd(rate = 0.1)
MODEL
assign linear.model --out d12
expect_status 0
expect_out '31 questions'
expect_out 'the same for all: x[1], x[3]'
verify 'its delta, then those of the hidden units' test \
	"$(sed -n '8,10p' d12/points.csv | cut -d, -f1 | tr '\n' ' ')" = 'dL/do dL/dz[1] dL/dz[2] '
call solution anna --assignment d12 --secret key
expect_out '∂L/∂o '

# A circuit is there for its derivatives: by each step, from the output back. What is a number is no question.
asked() { sed 1d "$1/points.csv" | cut -d, -f1 | tr '\n' ' '; }
assign chain_rule:exercise_1 --out d13
verify 'each step of a circuit' test "$(asked d13)" = 'p q r f df/dq df/dp df/dr df/dz df/dx df/dy '
assign rnn --out d14
verify 'not h[0] = 0' test "$(asked d14)" = \
	'net[1] h[1] net[2] h[2] net[3] h[3] E dE/dnet[3] dE/dnet[2] dE/dnet[1] dE/dw dE/du w+ u+ '
rm -r d13 d14

# ---- What is wrong

assign mazur --out d1 --significant 5
expect_wrong "'d1' is there already, with another --significant; who comes late is added by the same call"
for other in '--questions all' '--planted 1' '--set b1=0.5' '--seed 2' '--title X' '--vary w1'; do
	assign mazur --out d1 $other
	expect_wrong "with another"
done
assign xor --out d1
expect_wrong "with another model"
call assign mazur --out d1 --roster class.csv --secret key2
expect_wrong 'd1: not written under this secret'
call assign mazur --out d1 --roster class.csv --secret nokey
expect_wrong "the secret 'nokey' is not"
verify 'no secret is made' test ! -e nokey
mkdir full && : >full/file
assign mazur --out full
expect_wrong "'full' is there already"
rm -r full

# ---- Who comes late

cp -r d1 late
sed -i 's/^net_h1,1$/net_h1,2/' late/points.csv
cp -r late kept
printf 'id,name\nzoe,Zoe\nanna,Another name\n../x,\nyan,\n' >longer.csv
call assign mazur --roster longer.csv --secret key --out late
expect_status 0
expect_out '2 variants added to late: 31 questions, 32 points'
verify 'what was there is as it was, but for the rows added' test \
	"$(diff -rq kept late | sed 's/.*: //; s/Files.*variants.csv differ/variants/' | sort | tr '\n' ' ')" = \
	'004-zoe.csv 004-zoe.html 004-zoe.md 004-zoe.tex 005-yan.csv 005-yan.html 005-yan.md 005-yan.tex variants '
verify 'rows stay' test "$(head -n 4 late/variants.csv)" = "$(cat kept/variants.csv)"
verify 'the numbers are those of any such call' test "$(numbers late zoe)" = "$(numbers d3 zoe)"
verify 'points as edited' grep -q '(2 points)' late/sheets/004-zoe.md
call solution zoe --assignment late --secret key
expect_status 0
cp -r late again
call assign mazur --roster longer.csv --secret key --out late
expect_status 0
expect_out 'nothing to add: late has a variant for each student of the roster'
verify 'nothing is changed' diff -r again late
printf 'id\nanna\nzoe\nlast\n' >longer.csv
call assign mazur --roster longer.csv --secret key --out late --format html
expect_out '1 variant added to late'
verify 'numbered on' test -e late/sheets/006-last.html -a ! -e late/sheets/006-last.md
sed -i 's/^zoe,004-zoe,Zoe,/zoe,004-zoe,Bob,/' late/variants.csv
printf 'id\nnew\n' >longer.csv
call assign mazur --roster longer.csv --secret key --out late
expect_wrong "the row of 'zoe' was changed"
rm -r late kept again longer.csv
assign mazur --out none/d
expect_wrong "cannot make the folder 'none/d': No such file or directory"
call assign mazur --roster class.csv --secret key
expect_wrong 'needs --roster CSV, --secret FILE and --out DIR'
printf 'id\nanna\nanna\n' >twice.csv
call assign mazur --roster twice.csv --secret key --out d9
expect_wrong "twice.csv:3:1: 'anna' is there twice; first in line 2"
printf 'short' >bad
call assign mazur --roster class.csv --secret bad --out d9
expect_wrong "the secret 'bad' has 5 bytes; at least 16 are wanted"
assign mazur --out d9 --questions 'net_h1,dE_total/dw9'
expect_wrong "the model computes nothing called 'dE_total/dw9'; did you mean 'dE_total/dw"
assign mazur --out d9 --vary b1
expect_wrong "'b1' is no param, input or target whose number can vary"
assign mazur --out d9 --format pdf
expect_wrong 'pdf'
printf 'name,points\nw9+,2\n' >points.csv
assign mazur --out d9 --points points.csv
expect_wrong "points.csv:2:1: no question is called 'w9+'"
assign digits --data "$(dirname "$0")/../lessons/data/digits-train.csv.gz" --out d9
expect_status 2
printf 'h = 1\nE = h^2\n' >none.model
assign none.model --out d9
expect_wrong '0 numbers vary'
verify 'nothing was left' test ! -e d9 -a "$(ls -d ./*.part 2>/dev/null | wc -l)" = 0

# ---- The secret: made where there is none, for the owner alone, and said

call assign mazur --roster class.csv --secret new --out d9
expect_status 0
expect_err "made a new secret, 'new'; keep it"
verify 'for the owner alone' test "$(stat -c %a new)" = 600
call solution anna --assignment d9 --secret new
expect_status 0
call solution anna --assignment d9 --secret newer
expect_wrong 'newer'
verify 'none is made to read one' test ! -e newer
chmod 644 new
call assign mazur --roster class.csv --secret new --out d10
expect_err "others may read the secret 'new'"

# ---- A class

(echo id && seq -f 's%g' 200) >many.csv
call assign mazur --roster many.csv --secret key --out d11 --format markdown
expect_status 0
verify '200 sheets' test "$(ls d11/sheets | wc -l)" = 200
verify '200 variants' test "$(cut -d, -f4-15 d11/variants.csv | sort -u | wc -l)" = 201

finish
