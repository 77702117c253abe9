# trace, why and gradcheck asked in every way: the numbers are those of tests/golden_language.
. tests/lib/cli.sh
batch=tests/models/example3.model
net=tests/models/example1.model

# Another derivative than the loss's.
call trace "$net" --of out_o1 --wrt i1 --format csv
expect_status 0
expect_out 'gradient,dout_o1/di1,'
verify 'nothing of the loss' sh -c "! grep -q dE_total '$folder/out'"
verify 'no update' sh -c "! grep -q ,update, '$folder/out'"
call trace "$net" --wrt i1
expect_status 0
call trace "$net" --of w1
expect_wrong 'is given, not computed: it has no derivatives'
call trace "$net" --of zz
expect_wrong 'no quantity'
call trace "$net" --wrt zz
expect_wrong 'no quantity'
call trace tests/fuzz/none.model
expect_wrong 'No such file'
call trace "$net" --format pdf
expect_status 2
printf 'y = 1\n' >"$folder/plain.model"
call trace "$folder/plain.model" --wrt y
expect_wrong 'minimizes nothing'

# One example, batches, update steps.
call trace "$batch" --example 2 --format csv
expect_status 0
expect_out 'forward,E,'
verify 'no example is named' sh -c "! grep -q @ '$folder/out'"
call trace "$batch" --example 3
expect_status 2
for step in 1 2 3; do
	call trace "$batch" --batch 1 --steps "$step" --format csv
	expect_status 0
done
printf 'input x\nparam w = 1\nE = w*x\nminimize E\nupdate sgd(rate = 1)\nexamples\nx\n1\n2\n4\nend\n' >"$folder/three.model"
call trace "$folder/three.model" --batch 2 --steps 2 --format csv
expect_out ',update,w+,w - dE/dw,(-0.5) - 4,-4.5,'
call trace "$folder/three.model" --batch 2 --steps 3 --format csv
expect_out ',update,w+,w - dE/dw,(-4.5) - 1.5,-6,'
call trace "$folder/three.model" --steps 2 --set w=3 --set x=5 --format csv
expect_status 0
expect_out ',forward,E,w*x,(-2)*5,-10,'
call trace "$folder/three.model" --set zz=3
expect_status 2

# Data in a file.
printf 'x,other\n10,a\n' >"$folder/data.csv"
call trace "$folder/three.model" --data "$folder/data.csv" --format csv
expect_out ',forward,E,w*x,1*10,10,'
printf 'other\n10\n' >"$folder/data.csv"
call trace "$folder/three.model" --data "$folder/data.csv"
expect_wrong "columns are missing: x"
call trace "$folder/three.model" --set x=5 --data "$folder/data.csv" --format csv
expect_out ',forward,E,w*x,1*5,5,'
call trace "$folder/three.model" --data "$folder/none.csv"
expect_wrong 'No such file'

# why.
call why "$batch" E --ascii
expect_status 0
expect_out '0.083940557'
call why "$batch" dE/dw
expect_out '-0.001345275'
expect_out '(6)'
call why "$batch" dE@1/dw
expect_out '-0.131217367'
call why "$batch" dE/dh[2]@2 --digits 4
expect_status 0
call why "$net" dE_total/dw1
expect_out '(2)'
call why "$net" w5+
expect_out '0.35891648'
call why "$net" i1
expect_status 0
call why "$net" dE_total/di1
expect_status 0
call why "$net" 'dE_o1 / dout_h1'
expect_out '0.055399425'
call why "$net" zz
expect_wrong 'no quantity'
call why "$net" out_o1#3
expect_status 0

# gradcheck.
call gradcheck "$net"
expect_status 0
expect_out 'passed: 8 of 8'
call gradcheck "$batch" --quiet
expect_status 0
call gradcheck tests/models/example2_small.model
expect_status 0
call gradcheck "$folder/plain.model"
expect_status 2
printf 'param w = 0\nE = relu(w)\nminimize E\n' >"$folder/kink.model"
call gradcheck "$folder/kink.model"
expect_status 0
expect_out 'on a kink'
printf 'param w = -1\nE = log(w)\nminimize E\n' >"$folder/nan.model"
call gradcheck "$folder/nan.model"
expect_status 1
expect_out 'not finite'

finish
