# The commands of the README print what it says, and its picture is what the program prints.
python=${PYTHON:-python3}
set -e
"$python" tests/lib/picture.py "$TUTOR" | cmp - lessons/mazur.svg || {
	echo "lessons/mazur.svg is not what the program prints now: make pictures"
	exit 1
}
"$python" tests/lib/console.py "$TUTOR" README.md
