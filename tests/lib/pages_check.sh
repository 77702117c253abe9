# pages_check.sh PROGRAM FOLDER: every lesson, a trace and an answer as pages in FOLDER; the HTML validated and driven in
# Chromium, the LaTeX compiled. What a tool is missing for is said, and counts as failed. `make check-pages` runs this.
set -eu
tutor=$(realpath "$1")
folder=$2
tools=$folder/npm
mkdir -p "$folder/pages" "$folder/latex" "$folder/shots"
rm -f "$folder"/pages/* "$folder"/latex/* "$folder"/shots/*
failed=0

want() {
	command -v "$1" >/dev/null || { echo "FAILED: '$1' is not installed" && failed=1 && return 1; }
}

write() {
	name=$1
	shift
	"$tutor" "$@" --format html -o "$folder/pages/$name.html"
	"$tutor" "$@" --format latex -o "$folder/latex/$name.tex"
}

started=$(date +%s%N)
for lesson in $("$tutor" list | sed 's/ .*//'); do
	write "$lesson" lesson "$lesson"
done
write trace trace mazur
write why why mazur dE_total/dw1
write batch trace tests/models/example3.model
echo "written in $((($(date +%s%N) - started) / 1000000)) ms; the largest page has $(cat "$folder"/pages/*.html | wc -c) bytes" |
	sed "s/has [0-9]*/has $(wc -c "$folder"/pages/*.html | sort -n | tail -n 2 | head -n 1 | awk '{ print $1 }')/"

if want pdflatex; then
	for paper in "$folder"/latex/*.tex; do
		(cd "$folder/latex" && pdflatex -interaction=nonstopmode -halt-on-error "${paper##*/}" >/dev/null) ||
			{ echo "FAILED: pdflatex on $paper" && failed=1; }
		wide=$(grep -c '^Overfull' "${paper%.tex}.log") || true
		[ "$wide" = 0 ] || { echo "FAILED: $wide lines of $paper are too wide" && failed=1; }
	done
	echo "pdflatex: $(ls "$folder"/latex/*.pdf | wc -l) papers"
fi

if want npm; then
	[ -d "$tools/node_modules/axe-core" ] || npm install --silent --no-audit --no-fund --prefix "$tools" html-validate axe-core
	echo '{ "root": true, "extends": ["html-validate:recommended", "html-validate:a11y"], "rules": { "long-title": "off" } }' \
		>"$folder/pages/.htmlvalidate.json"
	"$tools/node_modules/.bin/html-validate" "$folder"/pages/*.html || failed=1
	echo "html-validate: $(ls "$folder"/pages/*.html | wc -l) pages"
fi

if want node && want "${CHROMIUM:-chromium}"; then
	node tests/lib/pages.mjs "$folder/pages" "$folder/shots" "$tools/node_modules/axe-core/axe.min.js" || failed=1
fi
echo "pictures: $folder/shots, papers: $folder/latex"
exit $failed
