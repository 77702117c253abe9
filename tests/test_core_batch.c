// Batches: values that vary, sums over the lanes, and the gradient of the batch's mean loss.
#include "tests/test_core_lib.h"

enum { LEAVES = 3 };

// x and z vary; w, b, c do not.
typedef struct Net {
	Tape tape;
	Node B, x, z, w, b, c, loss;
} Net;

static void net_start(Net *n)
{
	*n = (Net){0};
	Tape *t = &n->tape;
	n->B = tape_leaf(t, OP_BATCH_SIZE, 1, false);
	n->x = varying(t, "x");
	n->z = varying(t, "z");
	n->w = param(t, "w", 0.7);
	n->b = param(t, "b", -0.3);
	n->c = param(t, "c", 1.2);
}

static void mean(Net *n, Node of)
{
	n->loss = name(&n->tape, tape_batch_mean(&n->tape, of, n->B), "L");
}

static Node call(Net *n, Op op, Node a)
{
	return tape_unary(&n->tape, op, a);
}

static void bias_alone(Net *n)
{
	mean(n, name(&n->tape, add2(&n->tape, n->x, n->b), "e"));
}

static void one_formula(Net *n)
{
	Tape *t = &n->tape;
	mean(n, tape_nary(t, OP_SUM, (Node[]){mul2(t, n->w, n->x), n->b, n->z}, 3));
}

static void perceptron(Net *n)
{
	Tape *t = &n->tape;
	Node net = name(t, add2(t, mul2(t, n->w, n->x), n->b), "net");
	Node out = name(t, call(n, OP_TANH, net), "out");
	Node d = tape_binary(t, OP_SUB, out, n->z);
	mean(n, name(t, mul2(t, tape_number(t, 0.5), tape_power(t, d, tape_number(t, 2))), "E"));
}

// A regulariser, the same for every example, used by each example's loss.
static void regulariser(Net *n)
{
	Tape *t = &n->tape;
	Node r = name(t, add2(t, mul2(t, n->w, n->w), mul2(t, n->c, n->c)), "R");
	Node e = name(t, mul2(t, mul2(t, n->w, n->x), n->z), "e");
	mean(n, name(t, tape_nary(t, OP_SUM, (Node[]){e, r, mul2(t, n->b, r)}, 3), "E"));
}

// The same one beside the mean: paths from the examples and one that does not vary meet in w.
static void regulariser_outside(Net *n)
{
	Tape *t = &n->tape;
	Node e = name(t, mul2(t, call(n, OP_SIN, mul2(t, n->w, n->x)), n->b), "e");
	Node data = tape_batch_mean(t, e, n->B);
	n->loss = name(t, tape_nary(t, OP_SUM, (Node[]){data, mul2(t, n->w, n->w), mul2(t, n->c, n->b)}, 3), "L");
}

// A fixed step of varying ones, used by varying ones.
static void fixed_of_varying(Net *n)
{
	Tape *t = &n->tape;
	Node h = name(t, call(n, OP_SIGMOID, add2(t, mul2(t, n->w, n->x), n->c)), "h");
	Node total = name(t, call(n, OP_BATCH_SUM, mul2(t, mul2(t, h, n->w), n->z)), "total");
	Node q = name(t, mul2(t, mul2(t, h, total), add2(t, n->b, n->w)), "q");
	mean(n, name(t, call(n, OP_TANH, q), "E"));
}

static void normalise(Net *n, bool in_steps)
{
	Tape *t = &n->tape;
	Node u = name(t, add2(t, mul2(t, n->w, n->x), n->c), "u");
	Node mu = tape_batch_mean(t, u, n->B);
	if (in_steps)
		name(t, mu, "mu");
	Node two = tape_number(t, 2), d = tape_binary(t, OP_SUB, u, mu);
	Node v = tape_batch_mean(t, tape_power(t, d, two), n->B);
	if (in_steps)
		name(t, v, "v");
	Node sd = call(n, OP_SQRT, add2(t, v, tape_number(t, 0.1)));
	Node xhat = name(t, tape_binary(t, OP_DIV, tape_binary(t, OP_SUB, u, mu), sd), "xhat");
	Node y = name(t, add2(t, mul2(t, n->b, xhat), n->c), "y");
	mean(n, name(t, mul2(t, call(n, OP_EXP, y), n->z), "E"));
}

static void batch_norm_in_steps(Net *n)
{
	normalise(n, true);
}

static void batch_norm_in_one_formula(Net *n)
{
	normalise(n, false);
}

// Sums over the lanes inside a varying formula, of inputs alone and nested, and of what does not vary.
static void nested_sums(Net *n)
{
	Tape *t = &n->tape;
	Node all_x = call(n, OP_BATCH_SUM, n->x);
	Node inner = call(n, OP_BATCH_SUM, mul2(t, mul2(t, n->z, n->w), all_x));
	Node e = name(t, mul2(t, add2(t, n->x, inner), add2(t, n->b, all_x)), "e");
	Node fixed = name(t, call(n, OP_BATCH_SUM, mul2(t, n->w, n->c)), "fixed");
	Node f = name(t, mul2(t, call(n, OP_SIN, e), call(n, OP_BATCH_SUM, n->b)), "f");
	n->loss = name(t, add2(t, call(n, OP_BATCH_SUM, mul2(t, f, fixed)), mul2(t, fixed, n->c)), "L");
}

// A formula that does not vary with a varying part of which only fixed things are asked for.
static void fixed_formula(Net *n)
{
	Tape *t = &n->tape;
	Node inner = call(n, OP_BATCH_SUM, mul2(t, n->w, mul2(t, n->x, n->c)));
	Node outer = call(n, OP_BATCH_SUM, mul2(t, call(n, OP_TANH, mul2(t, inner, n->z)), add2(t, n->b, n->w)));
	n->loss = name(t, mul2(t, outer, n->b), "L");
}

typedef struct Case {
	const char *name;
	void (*build)(Net *);
} Case;

static const Case cases[] = {
	{"bias alone", bias_alone},
	{"one formula", one_formula},
	{"perceptron", perceptron},
	{"regulariser", regulariser},
	{"regulariser outside", regulariser_outside},
	{"fixed of varying", fixed_of_varying},
	{"batch norm in steps", batch_norm_in_steps},
	{"batch norm in one formula", batch_norm_in_one_formula},
	{"nested sums", nested_sums},
	{"fixed formula", fixed_formula},
};
enum { CASES = sizeof cases / sizeof *cases };

static void start(Replay *replay, const Net *n, uint32_t lanes)
{
	replay_start(replay, &n->tape, lanes);
	for (uint32_t lane = 0; lane < lanes; lane++) {
		replay_set(replay, n->x, lane, 0.4 + 0.37 * lane - 0.05 * lane * lane);
		replay_set(replay, n->z, lane, 0.9 - 0.41 * lane);
	}
	replay_all(replay);
}

static void compare(const char *what, uint32_t lanes, Replay *replay, Node of, Node leaf, Node derivative)
{
	uint32_t width = tape_varies(replay->tape, leaf) ? lanes : 1;
	ck_assert_msg(tape_varies(replay->tape, leaf) == tape_varies(replay->tape, derivative),
	              "%s, B=%u: a derivative varies as what it is by", what, lanes);
	for (uint32_t lane = 0; lane < width; lane++) {
		double got = replay_value(replay, derivative, lane), want = difference(replay, of, leaf, lane, 1e-2);
		ck_assert_msg(close_to(got, want, 1e-8, 1e-9), "%s, B=%u, leaf %u@%u: %.15g, by differences %.15g", what,
		              lanes, leaf, lane + 1, got, want);
	}
}

static void compare_all(Net *n, const char *what, Node of, const Node *derivative)
{
	const Node leaf[] = {n->x, n->z, n->w, n->b, n->c};
	for (uint32_t lanes = 1; lanes <= 5; lanes += lanes == 1 ? 1 : 3) {
		Replay replay;
		start(&replay, n, lanes);
		for (size_t i = 0; i < 5; i++)
			compare(what, lanes, &replay, of, leaf[i], derivative[i]);
		replay_free(&replay);
	}
}

static void check_first(const Case *row)
{
	Net n;
	net_start(&n);
	row->build(&n);
	Gradient *gradient = gradient_record(&n.tape, n.loss);
	Node d[5];
	const Node leaf[] = {n.x, n.z, n.w, n.b, n.c};
	for (size_t i = 0; i < 5; i++)
		d[i] = gradient_by(&n.tape, gradient, leaf[i]);
	compare_all(&n, row->name, n.loss, d);
	tape_free(&n.tape);
}

START_TEST(gradients_agree_with_differences_of_the_batch)
{
	for (size_t i = 0; i < CASES; i++)
		check_first(&cases[i]);
}
END_TEST

// The gradient of dL/dw, and of the mean of what dL/dx gives, on the same tape.
static void check_second(const Case *row)
{
	Net n;
	net_start(&n);
	row->build(&n);
	Tape *t = &n.tape;
	Gradient *gradient = gradient_record(t, n.loss);
	const Node leaf[] = {n.x, n.z, n.w, n.b, n.c};
	Node first[2] = {gradient_by(t, gradient, n.w), gradient_by(t, gradient, n.x)};
	first[1] = name(t, tape_batch_mean(t, mul2(t, first[1], n.z), n.B), "mean of dL/dx");
	for (size_t f = 0; f < 2; f++) {
		Gradient *again = gradient_record(t, first[f]);
		Node d[5];
		for (size_t i = 0; i < 5; i++)
			d[i] = gradient_by(t, again, leaf[i]);
		compare_all(&n, row->name, first[f], d);
	}
	tape_free(t);
}

START_TEST(second_derivatives_agree_with_differences_of_the_first)
{
	for (size_t i = 0; i < CASES; i++)
		check_second(&cases[i]);
}
END_TEST

START_TEST(of_the_mean_each_example_has_one_bth)
{
	Net n;
	net_start(&n);
	perceptron(&n);
	Node e = tape_find(&n.tape, tape_family(&n.tape, "E", 1), NULL, 0);
	Gradient *gradient = gradient_record(&n.tape, n.loss);
	Node d = gradient_by(&n.tape, gradient, e);
	ck_assert(tape_varies(&n.tape, d) && tape_named(&n.tape, d));
	Replay replay;
	start(&replay, &n, 5);
	for (uint32_t lane = 0; lane < 5; lane++)
		ck_assert(replay_value(&replay, d, lane) == 1.0 / 5);
	replay_free(&replay);
	tape_free(&n.tape);
}
END_TEST

START_TEST(a_params_gradient_is_one_sum_over_the_lanes)
{
	Net n;
	net_start(&n);
	regulariser_outside(&n);
	Gradient *gradient = gradient_record(&n.tape, n.loss);
	Node d = gradient_by(&n.tape, gradient, n.w);
	uint32_t count;
	const Node *term = tape_arguments(&n.tape, d, &count);
	ck_assert(tape_op(&n.tape, d) == OP_SUM && count == 2);
	ck_assert(tape_op(&n.tape, term[0]) == OP_BATCH_SUM);
	Node e = tape_find(&n.tape, tape_family(&n.tape, "e", 1), NULL, 0);
	const Path *path = path_into(gradient, e, n.w);
	ck_assert(path && IS(&n.tape, term[0], OP_BATCH_SUM, path->product));
	tape_free(&n.tape);
}
END_TEST

// The numbers are those of a textbook exercise: x = 1..4, dy = (1, 0, 0, 0).
START_TEST(batch_normalisation_as_steps)
{
	Net n;
	net_start(&n);
	Tape *t = &n.tape;
	Node dy = varying(t, "dy");
	Node mu = name(t, tape_batch_mean(t, n.x, n.B), "mu");
	Node d = tape_binary(t, OP_SUB, n.x, mu);
	Node v = name(t, tape_batch_mean(t, tape_power(t, d, tape_number(t, 2)), n.B), "v");
	Node xhat = name(t, tape_binary(t, OP_DIV, tape_binary(t, OP_SUB, n.x, mu), call(&n, OP_SQRT, v)), "xhat");
	Node loss = name(t, call(&n, OP_BATCH_SUM, mul2(t, xhat, dy)), "L");
	Node dx = gradient_by(t, gradient_record(t, loss), n.x);
	Replay replay;
	replay_start(&replay, t, 4);
	for (uint32_t lane = 0; lane < 4; lane++)
		replay_set(&replay, n.x, lane, lane + 1);
	replay_set(&replay, dy, 0, 1);
	replay_all(&replay);
	const double want[] = {0.268328, -0.357771, -0.089443, 0.178885};
	for (uint32_t lane = 0; lane < 4; lane++)
		ck_assert_msg(fabs(replay_value(&replay, dx, lane) - want[lane]) < 5e-7, "lane %u: %.9f", lane,
		              replay_value(&replay, dx, lane));
	replay_free(&replay);
	tape_free(t);
}
END_TEST

START_TEST(the_mean_of_what_does_not_vary_is_itself)
{
	Net n;
	net_start(&n);
	ck_assert_uint_eq(tape_batch_mean(&n.tape, n.w, n.B), n.w);
	tape_free(&n.tape);
}
END_TEST

SUITE(gradients_agree_with_differences_of_the_batch, second_derivatives_agree_with_differences_of_the_first,
      of_the_mean_each_example_has_one_bth, a_params_gradient_is_one_sum_over_the_lanes, batch_normalisation_as_steps,
      the_mean_of_what_does_not_vary_is_itself)
