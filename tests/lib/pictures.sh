# pictures.sh PROGRAM WORK OUT: the pictures of the README, of pages and a paper, made in the folder WORK. `make pictures`
# runs this.
set -eu
tutor=$(realpath "$1")
work=$2
out=$(realpath "$3")
mkdir -p "$work"
for lesson in mazur cross_entropy; do
	"$tutor" lesson $lesson --format html -o "$work/$lesson.html"
done
# The page of the paper on which two paths meet.
"$tutor" lesson mazur --format latex -o "$work/mazur.tex"
(cd "$work" && pdflatex -interaction=nonstopmode -halt-on-error mazur.tex >/dev/null)
page=1
until pdftotext -f $page -l $page "$work/mazur.pdf" - | grep -q '^The hidden layer: two paths'; do
	page=$((page + 1))
done
pdftoppm -f $page -l $page -r 110 -x 80 -y 70 -W 750 -H 1085 -gray -png -singlefile "$work/mazur.pdf" "$work/paper"
echo '<!DOCTYPE html><title>paper</title><style>body { margin: 0 }</style><img src="paper.png" alt="">' >"$work/paper.html"

node tests/lib/pictures.mjs "$work" "$out"
wc -c "$out"/*
