// How short the programs are, and what lifting costs in memory for each operation of the tape; `tutor plan` tells the time.
#include "tests/test_lift.h"

#define SOFTMAX \
	"top         = max(k=0..c-1, z[k])\n" \
	"S           = sum(k=0..c-1, exp(z[k] - top))\n" \
	"p[k=0..c-1] = exp(z[k] - top)/S\n" \
	"L           = top + log(S) - sum(k=0..c-1, y[k]*z[k])\n" \
	"minimize L\n"

#define EXAMPLE_2 \
	"size n = 784, m = 100, c = 10\n" \
	"input x[1..n]\ntarget y[0..c-1]\n" \
	"param w1[1..m, 1..n] ~ normal(0, sqrt(2/n))\nparam b1[1..m] = 0\n" \
	"param w2[0..c-1, 1..m] ~ normal(0, sqrt(2/m))\nparam b2[0..c-1] = 0\n" \
	"net[j=1..m] = sum(i=1..n, w1[j,i]*x[i]) + b1[j]\n" \
	"h[j=1..m]   = relu(net[j])\n" \
	"z[k=0..c-1] = sum(j=1..m, w2[k,j]*h[j]) + b2[k]\n" SOFTMAX

#define RECURRENT \
	"size T = 28, n = 28, m = 64, c = 10\n" \
	"input x[1..T, 1..n]\ntarget y[0..c-1]\n" \
	"param u[1..m,1..n] ~ normal(0, 0.1)\nparam w[1..m,1..m] ~ normal(0, 0.1)\nparam b[1..m] = 0\n" \
	"param v[0..c-1,1..m] ~ normal(0, 0.5)\nparam d[0..c-1] = 0\nh[0,j=1..m] = 0\n" \
	"h[t=1..T,j=1..m] = tanh(sum(i=1..n, u[j,i]*x[t,i]) + sum(i=1..m, w[j,i]*h[t-1,i]) + b[j])\n" \
	"z[k=0..c-1] = sum(j=1..m, v[k,j]*h[T,j]) + d[k]\n" SOFTMAX

#define CONVOLUTION \
	"size n = 28, F = 8, c = 10\n" \
	"input x[1..n,1..n]\ntarget y[0..c-1]\n" \
	"param k1[1..F,1..5,1..5] ~ normal(0, 0.2)\nparam a1[1..F] = 0\n" \
	"param k2[1..F,1..F,1..5,1..5] ~ normal(0, 0.1)\nparam a2[1..F] = 0\n" \
	"param v[0..c-1,1..F,1..n-8,1..n-8] ~ normal(0, 0.05)\nparam d[0..c-1] = 0\n" \
	"c1[f=1..F,r=1..n-4,s=1..n-4] = sum(i=1..5,j=1..5, k1[f,i,j]*x[r+i-1,s+j-1]) + a1[f]\n" \
	"h1[f=1..F,r=1..n-4,s=1..n-4] = relu(c1[f,r,s])\n" \
	"c2[f=1..F,r=1..n-8,s=1..n-8] = sum(g=1..F,i=1..5,j=1..5, k2[f,g,i,j]*h1[g,r+i-1,s+j-1]) + a2[f]\n" \
	"h2[f=1..F,r=1..n-8,s=1..n-8] = relu(c2[f,r,s])\n" \
	"z[k=0..c-1] = sum(f=1..F,r=1..n-8,s=1..n-8, v[k,f,r,s]*h2[f,r,s]) + d[k]\n" SOFTMAX

typedef struct Size {
	const char *name, *text;
	uint32_t instructions;
	uint32_t lanes;          // of the comparison with replay
} Size;

static const Size sizes[] = {
	{"784-100-10, sgd", EXAMPLE_2 "update sgd(rate = 0.1)\n", 60, 5},
	{"784-100-10, adam", EXAMPLE_2 "update adam(rate = 0.001)\n", 90, 5},
	{"recurrent, sgd", RECURRENT "update sgd(rate = 0.01)\n", 700, 3},
	{"recurrent, adam", RECURRENT "update adam(rate = 0.01)\n", 700, 3},
	{"convolution, sgd", CONVOLUTION "update sgd(rate = 0.001)\n", 150, 3},
};

START_TEST(few_instructions)
{
	Pair pair;
	pair_start(&pair, sizes[_i].text, WANT_LOSS, PROGRAM_DOUBLE, sizes[_i].lanes);
	uint32_t count = pair.program->count;
	size_t bytes = pair.program->lift_bytes / pair.model.tape.count;
	ck_assert_msg(count <= sizes[_i].instructions, "%s: %u instructions", sizes[_i].name, count);
	ck_assert_msg(bytes <= 100, "%s: %zu bytes an operation", sizes[_i].name, bytes);
	pair_step(&pair);
	pair_end(&pair);
}
END_TEST

// What `plan` tells of Example 2's first product, and of the update that is fused into the last.
START_TEST(described)
{
	Pair pair;
	pair_start(&pair, sizes[0].text, WANT_LOSS, PROGRAM_SINGLE, 2);
	char name[NAME_TEXT];
	bool forward = false, update = false;
	for (uint32_t i = 0; i < pair.program->count; i++) {
		Description d = program_describe(pair.program, i);
		if (d.kind != INSTRUCTION_PRODUCT)
			continue;
		node_name(&pair.model.tape, d.node[d.rows - 1], 0, name);
		if (strcmp(name, "net[100]@1") == 0) {
			forward = true;
			ck_assert_uint_eq(d.m, 100);
			ck_assert_uint_eq(d.inner, 784);
			ck_assert_uint_eq(d.columns, 1);
			ck_assert(d.varies && d.columns_lanes && !d.inner_lanes && !d.next);
			ck_assert_uint_eq(d.operations, 2 * 78400);
		} else if (strcmp(name, "dL/dw1[100,784]") == 0) {
			update = true;
			ck_assert(!d.varies && d.inner_lanes && d.next);
			ck_assert_uint_eq(d.rows, 78400);
			node_name(&pair.model.tape, d.next[1], 0, name);
			ck_assert_str_eq(name, "w1[1,2]+");
		}
	}
	ck_assert(forward && update);
	pair_end(&pair);
}
END_TEST

// A number or a value that does not vary may stand anywhere in the terms: one matrix product forward and one for dL/dw,
// nothing for each pair of weight and input and example.
static const char *const scaled[] = {
	"w[j,i]*x[i]",    "w[j,i]*x[i]/16",    "0.5*w[j,i]*x[i]",         "-w[j,i]*x[i]",   "-(w[j,i]*x[i])",
	"-(w[j,i]*x[i]/s)", "s*w[j,i]*x[i]",   "w[j,i]*(x[i] - 0.5)*2",   "x[i]*w[j,i]/s/3", "x[i]*w[j,i]/16*2",
	"w[j,i]*(x[i]/s)", "w[j,i]/sqrt(n)*x[i]", "w[j,i]*-x[i]", "-(-(x[i]*w[j,i])/3)",
};

START_TEST(scaled_products)
{
	char text[600];
	Pair pair;
	snprintf(text, sizeof text,
	         "size n = 8, m = 6\ninput x[1..n], y\nparam w[1..m,1..n] ~ normal(0, 1)\nstate s = 0.7\nparam b[1..m] = 0.1\n"
	         "net[j=1..m] = sum(i=1..n, %s) + b[j]\nE = sum(j=1..m, (net[j] - y)^2)\nminimize E\n"
	         "update sgd(rate = 0.01)\n", scaled[_i]);
	pair_start(&pair, text, WANT_LOSS, PROGRAM_DOUBLE, 7);
	int forward = 0, backward = 0;
	for (uint32_t i = 0; i < pair.program->count; i++) {
		Description d = program_describe(pair.program, i);
		if (d.kind != INSTRUCTION_PRODUCT)
			ck_assert_msg(!d.varies || d.rows < 48, "%s: instruction %u has %u rows an example", scaled[_i], i, d.rows);
		else if (d.m == 6 && d.columns == 8 && d.inner_lanes)
			backward++;
		else if (d.m == 6 && d.inner == 8 && d.varies)
			forward++;
	}
	ck_assert_msg(forward >= 1 && backward == 1, "%s: %d forward, %d backward", scaled[_i], forward, backward);
	pair_step(&pair);
	pair_end(&pair);
	check_model(text);
}
END_TEST

// The product goes straight into the leaf that it changes, whoever reads the old value; not where it is used twice, or
// where the factors are not the same for all.
static const struct {
	const char *rule;
	bool fused;
} rules[] = {
	{"w+ = w - 0.1*g", true},
	{"w+ = w - g", true},
	{"w+ = w + -0.1*g", true},
	{"w+ = 0.9*w - 0.1*g", true},
	{"state v = 0.3\nv+ = 0.9*v + g\nw+ = w - 0.1*v+", true},
	{"state v = 0.3\nv+ = g + 0.9*v\nw+ = w - 0.1*v+", true},
	{"state v = 0.3\nv+ = v + 0.5*g\nw+ = w - 0.1*v+", true},
	{"state v = 0.3\nv+ = 0.9*v + 0.1*g\nw+ = w - 0.1*v+", true},
	{"state v = 0.3\nv+ = 0.9*v - 0.1*g\nw+ = w + v+", true},
	{"state v = 0.3\nv+ = v*(1 - 1/(1 + t)) - g/(1 + t)\nw+ = w + v+", true},
	{"state v = 0.3\nv+ = 0.9*v + g\nw+ = w - v", true},              // the old v, late
	{"state v = 0.3\nv+ = 0.9*v + g\nw+ = w - tanh(v+ - v)", true},   // both
	{"state v = 0.3\nv+ = 0.9*v + g\nw+ = w - 0.1*v", false},         // 0.9*v and 0.1*v are computed in one
	{"state v = 0.3\nstate u = 0.2\nv+ = 0.9*v + g\nu+ = v\nw+ = w - 0.1*u", true},
	{"state v = 0.3\nstate u = 0.2\nv+ = 0.9*u + g\nu+ = v\nw+ = w - 0.1*v+", false},    // not its own old value
	{"state v = 0.3\nv+ = 0.9*v + g\nw+ = w - 0.1*(g + 0.9*v+)", false},  // g twice
	{"state v = 0.3\nv+ = g - 0.9*v\nw+ = w - 0.1*v+", false},
	{"state v = 0.3\nv+ = w*v + g\nw+ = w - 0.1*v+", false},
};

START_TEST(fused_updates)
{
	char text[600];
	Pair pair;
	snprintf(text, sizeof text,
	         "size n = 8, m = 9\ninput x[1..n], y\nparam w[1..m,1..n] ~ normal(0, 1)\n"
	         "net[j=1..m] = tanh(sum(i=1..n, w[j,i]*x[i]))\nE = sum(j=1..m, (net[j] - y)^2)\nminimize E\n"
	         "optimizer own()\n%s\nend\nupdate own()\n", rules[_i].rule);
	pair_start(&pair, text, WANT_LOSS, PROGRAM_DOUBLE, 7);
	bool fused = false;
	for (uint32_t i = 0; i < pair.program->count; i++)
		fused |= pair.program->instruction[i].next != NULL;
	ck_assert_msg(fused == rules[_i].fused, "%s: %s", rules[_i].rule, fused ? "fused" : "not fused");
	pair_end(&pair);
	check_model(text);
}
END_TEST

// The slope of a relu or of a sigmoid is computed where it is wanted, from the unit's value, which is there anyway: neither
// it nor what the unit had before its activation has rows of its own.
static const char *const activations[] = {"relu", "sigmoid", "tanh"};

START_TEST(slopes_need_no_memory)
{
	char text[600];
	Pair pair;
	snprintf(text, sizeof text,
	         "size n = 8, m = 32, c = 9\ninput x[1..n], y\nparam w[1..m,1..n] ~ normal(0, 1)\nparam v[1..c,1..m] ~ normal(0, 1)\n"
	         "h[j=1..m] = %s(sum(i=1..n, w[j,i]*x[i]))\nE = sum(k=1..c, (sum(j=1..m, v[k,j]*h[j]) - y)^2)\nminimize E\n"
	         "update sgd(rate = 0.01)\n", activations[_i]);
	pair_start(&pair, text, WANT_LOSS, PROGRAM_DOUBLE, 7);
	ck_assert_msg(pair.program->lanes_rows <= 3 * 32, "%s: %u rows", activations[_i], pair.program->lanes_rows);   // h, dE/dh, dE/dz
	pair_step(&pair);
	pair_end(&pair);
	check_model(text);
}
END_TEST

// A product of very many factors: its pairs are looked at, but not all of them.
START_TEST(long_product)
{
	Pair pair;
	pair_start(&pair, "size T = 300000\ninput x, y\nparam w = 0.5\nh[0] = w\n"
	                  "h[t=1..T] = (1 + x/300000)*h[t-1]*exp(y/300000)\nE = (h[T] - y)^2\nminimize E\nupdate sgd(rate = 0.001)\n",
	           WANT_LOSS, PROGRAM_DOUBLE, 2);
	pair_step(&pair);
	pair_end(&pair);
}
END_TEST

// A long chain of which each node is read by the next alone and is to be read by the caller. It takes moments to lift, or
// many minutes where a unit waits anew for all behind it.
START_TEST(long_kept_chain)
{
	enum { NODES = 400 * 1000, SIDES = 4, LANES = 2 };
	Tape tape = {0};
	Node input[SIDES], term[SIDES], *wanted = malloc((NODES + 2) * sizeof *wanted);
	size_t count = 0;
	for (int i = 0; i < SIDES; i++) {
		input[i] = tape_leaf(&tape, OP_INPUT, 0, true);
		term[i] = tape_binary(&tape, OP_PROD, input[i], tape_leaf(&tape, OP_PARAM, 0.2 + 0.1 * i, false));
	}
	Node at = tape_nary(&tape, OP_SUM, term, SIDES);
	wanted[count++] = tape_unary(&tape, OP_BATCH_SUM, at);
	for (int i = 0; i < NODES; i++)
		wanted[count++] = at = tape_unary(&tape, i % 2 ? OP_SIN : OP_COS, at);
	wanted[count++] = tape_unary(&tape, OP_BATCH_SUM, at);
	Program *program = lift(&tape, &(LiftOptions){.wanted = wanted, .wanted_count = count});
	double batch[LANES * SIDES];
	Replay replay;
	replay_start(&replay, &tape, LANES);
	program_start(program, PROGRAM_DOUBLE, LANES);
	for (uint32_t c = 0; c < LANES * SIDES; c++) {
		batch[c] = 0.3 + 0.1 * c;
		replay_set(&replay, program->column[c % SIDES], c / SIDES, batch[c]);
	}
	program_feed(program, batch, SIDES, LANES);
	program_run(program);
	replay_all(&replay);
	for (size_t i = 0; i < count; i++)
		for (uint32_t lane = 0; lane < LANES; lane++)
			ck_assert_double_eq_tol(program_value(program, wanted[i], lane), replay_value(&replay, wanted[i], lane), 1e-12);
	replay_free(&replay);
	program_delete(program);
	tape_free(&tape);
	free(wanted);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create(__FILE__);
	TCase *tcase = tcase_create(__FILE__);
	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(tcase, few_instructions, 0, (int)(sizeof sizes / sizeof *sizes));
	tcase_add_test(tcase, described);
	tcase_add_loop_test(tcase, fused_updates, 0, (int)(sizeof rules / sizeof *rules));
	tcase_add_loop_test(tcase, slopes_need_no_memory, 0, (int)(sizeof activations / sizeof *activations));
	tcase_add_test(tcase, long_kept_chain);
	tcase_add_test(tcase, long_product);
	tcase_add_loop_test(tcase, scaled_products, 0, (int)(sizeof scaled / sizeof *scaled));
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
