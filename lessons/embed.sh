#!/bin/sh
# Writes C for tutor/embedded.h: every file named on the command line as an array of its bytes, so that any byte
# survives and no compiler's limit on the length of a string matters. Names are taken below lessons/.
set -eu
LC_ALL=C
export LC_ALL

echo '#include "tutor/embedded.h"'
number=0
for file in "$@"; do
	printf '\nstatic const char file_%d[] = {' $number
	od -An -v -td1 "$file" | awk '{ printf "\n\t"; for (i = 1; i <= NF; i++) printf "%s,", $i }'
	printf '\n\t0\n};\n'
	number=$((number + 1))
done

printf '\nconst Embedded embedded_files[] = {\n'
number=0
for file in "$@"; do
	printf '\t{"%s", file_%d, sizeof file_%d - 1},\n' "${file#lessons/}" $number $number
	number=$((number + 1))
done
printf '\t{0}\n};\nconst size_t embedded_count = %d;\n' $number
