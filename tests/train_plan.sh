#!/bin/sh
# tutor plan: short programs, told in words; no data is needed.
. "$(dirname "$0")/lib/cli.sh"
python=${PYTHON:-python3}

# instructions MOST WORD...: the JSON has at most so many, and a matrix product with each of the steps.
instructions() {
	verify "more than $1 instructions, or steps are missing" "$python" -c 'import json, sys
o = json.load(open(sys.argv[1]))
assert o["scalar_operations"] > 100 and o["vector_instructions"] == len(o["instructions"]) <= int(sys.argv[2])
assert o["record_seconds"] > 0 and o["lift_seconds"] > 0
products = [s for i in o["instructions"] if i["kind"] == "matrix product" for s in i.get("steps", [])]
for step in sys.argv[3:]: assert step in products, (step, products)' "$folder/out" "$@"
}

example=tests/models/example2.model
sed 's/adam(.*/sgd(rate = 0.1)/' $example >"$folder/sgd.model"
call plan "$folder/sgd.model" --set n=784 --set m=100 --json
expect_status 0
instructions 60 'net[1..100]' 'z[0..9]' 'dL/dh[1..100]' 'w1[1..100,1..784]+' 'w2[0..9,1..100]+'
call plan $example --set n=784 --set m=100 --json
instructions 90 'net[1..100]' 'dL/dw1[1..100,1..784]'
call plan rows --json
instructions 200 'dL/du[1..32,1..8]' 'dL/dw[1..32,1..32]' 'net[8,1..32]'
call plan filters --json
instructions 150 'net1[1..4,1..6,1..6]' 'dL/dk2[1..4,1..4,1..3,1..3]'

call plan digits
expect_status 0
expect_no_err
expect_out '2,048 products and sums an example = one 32×64 by 64×batch matrix product'
expect_out 'max of 10: 1 value an example'
call plan digits --ascii
expect_out 'one 32x64 by 64xbatch matrix product'
verify 'plain ASCII' sh -c "! LC_ALL=C grep -q '[^ -~]' '$folder/out'"
call plan mazur
expect_status 0

# Instructions that are no step of their own say what they are for.
call plan iris
expect_out 'part of dL/dnet[1..8]  '
expect_out 'part of S and others  '
expect_out 'shared by several steps  '
verify 'no line without steps' sh -c "! grep -qE '^ *[0-9]+  ( |in )' '$folder/out'"
printf 'a = 1\nb = 2*a\n' >"$folder/steps.model"
call plan "$folder/steps.model"
expect_status 0
call plan digits --data lessons/data/iris-train.csv
expect_wrong "'plan' takes no option --data"
call plan nothing
expect_wrong "'nothing'"

finish
