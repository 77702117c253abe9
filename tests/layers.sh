#!/bin/sh
# Proves the layers: tests -> tutor -> core, includes written from the top and pointing down only, and core without
# input, output, exit or environment.
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/.."
problems=0

# deny WHAT PATTERN FILE...: no line of the files matches. Comments and the text of strings are not looked at.
deny() {
	what=$1 pattern=$2
	shift 2
	for file in "$@"; do
		[ -f "$file" ] || continue
		found=$(sed -e '/^[[:space:]]*#[[:space:]]*include/!s/"[^"]*"/""/g' -e 's|//.*||' -e 's|__attribute__.*||' "$file" |
			grep -nE "$pattern") || continue
		echo "$found" | sed "s|^\([0-9]*\):.*|$file:\1: $what|"
		problems=$((problems + 1))
	done
}

below() {
	find "$@" -name '*.[ch]' -o -name '*.def' 2>/dev/null | sort
}

include='^[[:space:]]*#[[:space:]]*include[[:space:]]*'
call='(^|[^A-Za-z0-9_])'
all=$(below core tutor tests)
core=$(below core)

deny 'an include of ours that is not written from the top' \
	"$include\"(\\.|[^/\"]*\"|/)" $all
deny 'core includes core only' "$include\"(tutor|tests|lessons)/" $core
deny 'tutor does not include tests' "$include\"tests/" $(below tutor)
deny 'model is below explain, render and course' \
	"$include\"tutor/(explain|render|course|commands)/" $(below tutor/model)
deny 'explain is below render and course' \
	"$include\"tutor/(render|course|commands)/" $(below tutor/explain)
deny 'render sees no tape' "$include\"(core/tape|tutor/model/|tutor/course/)" $(below tutor/render)
deny 'io is below all of tutor' \
	"$include\"tutor/(model|explain|render|course|train|commands)/" $(below tutor/io)
deny 'core does not print, open files, exit or read the environment' \
	"$call(v?f?printf|v?dprintf|puts|fputs|putc|fputc|putchar|fwrite|fread|fopen|fdopen|freopen|fclose|fflush|open|read|write|perror|scanf|fscanf|stdin|stdout|stderr|exit|_exit|getenv|setenv|system|popen|time|clock)[[:space:]]*(\\(|,|;|\\))" \
	$(echo "$core" | grep -v '^core/arena\.c$')

# The one exception is the hook for memory running out: two lines of core/arena.c.
hook=$(grep -cE "$call(fprintf|exit)\(" core/arena.c)
if [ "$hook" != 2 ]; then
	echo "core/arena.c: prints or exits in more than its one hook"
	problems=$((problems + 1))
fi

# File names are unique in the tree, but for a source and its header.
twice=$(echo "$all" | grep '\.h$' | sed 's,.*/,,' | sort | uniq -d)
if [ -n "$twice" ]; then
	echo "two headers of one name: $twice"
	problems=$((problems + 1))
fi

[ "$problems" = 0 ] && echo "layers: $(echo "$all" | wc -l) files keep to the rule"
[ "$problems" = 0 ]
