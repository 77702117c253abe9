# pages_check.sh PROGRAM FOLDER [all]: every lesson, a trace, an answer and a check as pages, papers and Markdown in FOLDER:
# the HTML validated and opened in Chromium, the LaTeX compiled, the Markdown read as GitHub reads it. With `all` the
# pages are also driven, timed and photographed. What a tool is missing for is said, and counts as failed.
# `make check-pages` and `make check-pages-quick` run this.
set -eu
tutor=$(realpath "$1")
mkdir -p "$2"
folder=$(realpath "$2")
how=${3:-quick}
tools=$folder/npm
packages='html-validate@9.7.1 axe-core@4.14.1 katex@0.19.1'
mkdir -p "$folder/pages" "$folder/latex" "$folder/markdown" "$folder/shots"
rm -f "$folder"/pages/* "$folder"/latex/* "$folder"/markdown/* "$folder"/shots/*
failed=0
started=$(date +%s)

want() {
	command -v "$1" >/dev/null || { echo "FAILED: '$1' is not installed" && failed=1 && return 1; }
}

# did WHAT: how long it took.
did() {
	now=$(date +%s)
	echo "$1 ($((now - started)) s)"
	started=$now
}

write() {
	name=$1
	shift
	"$tutor" "$@" --format html -o "$folder/pages/$name.html" || test $? = 1
	"$tutor" "$@" --format latex -o "$folder/latex/$name.tex" || test $? = 1
	"$tutor" "$@" --format markdown -o "$folder/markdown/$name.md" || test $? = 1
}

for lesson in $("$tutor" list | sed 's/ .*//'); do
	write "$lesson" lesson "$lesson"
done
printf '%s\n' name,value net_h1,0.3775 out_h1,0.4067 out_o1,0.7372 out_o2, dE_total/dw5,0.05730 >"$folder/answers.csv"
write trace trace mazur
write why why mazur dE_total/dw1
write check check "$folder/answers.csv" --model mazur
write batch trace tests/models/example3.model --notation d,cross,delta
# sheet LESSON: what `assign` hands out of it, on paper and in Markdown.
sheet() {
	rm -rf "$folder/class"
	"$tutor" assign "$1" --roster "$folder/class.csv" --secret "$folder/secret" --out "$folder/class" --planted 1 -q >/dev/null
	cp "$folder/class/sheets/001-anna.tex" "$folder/latex/sheet-$1.tex"
	cp "$folder/class/sheets/001-anna.md" "$folder/markdown/sheet-$1.md"
}
printf 'id,name\nanna,Anna Ask\n' >"$folder/class.csv"
echo 'a sentence for the pages' >"$folder/secret"
chmod 600 "$folder/secret"
for lesson in mazur lstm batches; do
	sheet "$lesson"
done
largest=$(wc -c "$folder"/pages/*.html | sort -n | tail -n 2 | head -n 1 | awk '{ print $1 }')
did "written; the largest page has $largest bytes"

# paper FILE.tex: compiled, and no line too wide. A function of its own shell, so that several work at a time.
paper='cd "${1%/*}" && pdflatex -interaction=nonstopmode -halt-on-error "${1##*/}" >/dev/null ||
	{ echo "FAILED: pdflatex on $1" && exit 1; }
wide=$(grep -c "^Overfull" "${1%.tex}.log") && echo "FAILED: $wide lines of $1 are too wide" && exit 1
exit 0'
if want pdflatex; then
	printf '%s\n' "$folder"/latex/*.tex | xargs -P "$(nproc)" -n 1 sh -c "$paper" paper || failed=1
	did "pdflatex: $(ls "$folder"/latex/*.pdf | wc -l) papers"
fi

if want npm; then
	[ "$(cat "$tools/packages" 2>/dev/null)" = "$packages" ] ||
		{ npm install --silent --no-audit --no-fund --prefix "$tools" $packages && echo "$packages" >"$tools/packages"; }
	echo '{ "root": true, "extends": ["html-validate:recommended", "html-validate:a11y"], "rules": { "long-title": "off" } }' \
		>"$folder/pages/.htmlvalidate.json"
	"$tools/node_modules/.bin/html-validate" "$folder"/pages/*.html || failed=1
	did "html-validate: $(ls "$folder"/pages/*.html | wc -l) pages"
	want cmark-gfm && { node tests/lib/markdown.mjs "$tools/node_modules/katex" "$folder"/markdown/*.md || failed=1; }
fi

if want node && want "${CHROMIUM:-chromium}"; then
	node tests/lib/pages.mjs "$how" "$folder/pages" "$folder/shots" "$tools/node_modules/axe-core/axe.min.js" || failed=1
	did "Chromium"
fi
echo "pictures: $folder/shots, papers: $folder/latex"
exit $failed
