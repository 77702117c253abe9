// The gradient as recorded: its structure, its sizes, derivatives of derivatives, rule changes.
#include "tests/test_core_lib.h"

#include <stdlib.h>

static double value_of(const Tape *tape, Node node)
{
	Replay replay;
	replay_start(&replay, tape, 1);
	replay_all(&replay);
	double value = replay_value(&replay, node, 0);
	replay_free(&replay);
	return value;
}

static Node derivative(Tape *tape, Node of, Node by)
{
	return gradient_by(tape, gradient_record(tape, of), by);
}

static double slope(Tape *tape, Node of, Node by)
{
	return value_of(tape, derivative(tape, of, by));
}

// ---- What each step gets

START_TEST(contributions_are_added)
{
	Tape tape = {0};
	Node a = param(&tape, "a", 1), b = name(&tape, add2(&tape, a, a), "b"), c = name(&tape, add2(&tape, b, b), "c");
	ck_assert(slope(&tape, c, a) == 4);
	tape_free(&tape);
}
END_TEST

START_TEST(a_step_with_many_users)
{
	Tape tape = {0};
	Node w = param(&tape, "w", 0.5), h = name(&tape, tape_unary(&tape, OP_SIN, w), "h"), user[100];
	for (int i = 0; i < 100; i++)
		user[i] = name_at(&tape, mul2(&tape, tape_number(&tape, i + 2), h), "u", i);
	Node y = name(&tape, tape_nary(&tape, OP_SUM, user, 100), "y");
	Gradient *gradient = gradient_record(&tape, y);
	// The contributions come in the order of the users.
	uint32_t path = gradient_find(gradient, h)->paths;
	for (int i = 0; i < 100; i++, path = gradient->path[path].next) {
		ck_assert_uint_ne(path, PATH_NONE);
		ck_assert_uint_eq(gradient->path[path].user, user[i]);
		ck_assert_uint_eq(gradient->path[path].by, h);
	}
	ck_assert_uint_eq(path, PATH_NONE);
	ck_assert(close_to(value_of(&tape, gradient_by(&tape, gradient, w)), 5150 * cos(0.5), 1e-14, 0));
	tape_free(&tape);
}
END_TEST

START_TEST(a_shared_weight)
{
	Tape tape = {0};
	Node w = param(&tape, "w", 0.3), h = input(&tape, "h", 1);
	for (int t = 1; t <= 3; t++)
		h = name_at(&tape, tape_unary(&tape, OP_TANH, mul2(&tape, w, h)), "h", t);
	Replay replay;
	Node d = derivative(&tape, h, w);
	replay_start(&replay, &tape, 1);
	replay_all(&replay);
	ck_assert(close_to(replay_value(&replay, d, 0), difference(&replay, h, w, 0, 1e-2), 1e-9, 0));
	replay_free(&replay);
	tape_free(&tape);
}
END_TEST

// ---- Partials as a person writes them

START_TEST(half_a_square)
{
	Tape tape = {0};
	Node t = input(&tape, "t", 0.1), o = param(&tape, "o", 0.7);
	Node d = tape_binary(&tape, OP_SUB, t, o);
	Node half = tape_binary(&tape, OP_DIV, tape_number(&tape, 1), tape_number(&tape, 2));
	Node e = name(&tape, mul2(&tape, half, tape_power(&tape, d, tape_number(&tape, 2))), "E");
	Gradient *gradient = gradient_record(&tape, e);
	ck_assert(IS(&tape, path_into(gradient, e, o)->partial, OP_NEG, d));
	gradient_by(&tape, gradient, t);
	ck_assert_uint_eq(path_into(gradient, e, t)->partial, d);
	tape_free(&tape);
}
END_TEST

START_TEST(a_square_and_a_product_with_itself)
{
	Tape tape = {0};
	Node x = param(&tape, "x", 3), y = name(&tape, mul2(&tape, x, x), "y");
	Node z = name(&tape, tape_power(&tape, x, tape_number(&tape, 2)), "z");
	Node two = tape_number(&tape, 2);
	ck_assert(IS(&tape, path_into(gradient_record(&tape, y), y, x)->partial, OP_PROD, two, x));
	ck_assert(IS(&tape, path_into(gradient_record(&tape, z), z, x)->partial, OP_PROD, two, x));
	tape_free(&tape);
}
END_TEST

START_TEST(functions_reuse_their_value)
{
	Tape tape = {0};
	Node x = param(&tape, "x", 0.4), one = tape_number(&tape, 1);
	Node s = name(&tape, tape_unary(&tape, OP_SIGMOID, x), "s");
	Node partial = path_into(gradient_record(&tape, s), s, x)->partial;
	uint32_t count;
	const Node *argument = tape_arguments(&tape, partial, &count);
	ck_assert(tape_op(&tape, partial) == OP_PROD && count == 2 && argument[0] == s);
	ck_assert(IS(&tape, argument[1], OP_SUB, one, s));
	Node e = name(&tape, tape_unary(&tape, OP_EXP, x), "e");
	ck_assert_uint_eq(path_into(gradient_record(&tape, e), e, x)->partial, e);
	Node r = name(&tape, tape_unary(&tape, OP_RELU, x), "r");
	ck_assert(IS(&tape, path_into(gradient_record(&tape, r), r, x)->partial, OP_STEP, x));
	tape_free(&tape);
}
END_TEST

START_TEST(softmax_reuses_its_probabilities)
{
	enum { K = 4 };
	Tape tape = {0};
	Node z[K], e[K], p[K];
	for (int k = 0; k < K; k++)
		z[k] = name_at(&tape, tape_leaf(&tape, OP_PARAM, 0.3 * k, false), "z", k);
	Node top = name(&tape, tape_nary(&tape, OP_MAX, z, K), "top");
	for (int k = 0; k < K; k++)
		e[k] = tape_unary(&tape, OP_EXP, tape_binary(&tape, OP_SUB, z[k], top));
	Node s = name(&tape, tape_nary(&tape, OP_SUM, e, K), "S");
	for (int k = 0; k < K; k++) {
		Node again = tape_unary(&tape, OP_EXP, tape_binary(&tape, OP_SUB, z[k], top));
		p[k] = name_at(&tape, tape_binary(&tape, OP_DIV, again, s), "p", k);
	}
	Node loss = name(&tape, add2(&tape, top, tape_unary(&tape, OP_LOG, s)), "L");
	Gradient *gradient = gradient_record(&tape, loss);
	for (int k = 0; k < K; k++) {
		uint32_t count;
		Node z_minus_top = tape_arguments(&tape, e[k], &count)[0];
		ck_assert(IS(&tape, path_into(gradient, s, z[k])->partial, OP_EXP, z_minus_top));
		ck_assert(close_to(value_of(&tape, gradient_by(&tape, gradient, z[k])), value_of(&tape, p[k]), 1e-14, 0));
		// The derivative of p[k] itself is p[k] again.
		Gradient *of_p = gradient_record(&tape, p[k]);
		ck_assert_uint_eq(path_into(of_p, p[k], z[k])->partial, p[k]);
	}
	tape_free(&tape);
}
END_TEST

// ---- Where no gradient flows

START_TEST(nothing_flows_through_detach_eq_and_step)
{
	Tape tape = {0};
	Node x = param(&tape, "x", 0.4), y = param(&tape, "y", 0.4), h = name(&tape, mul2(&tape, x, x), "h");
	Node terms[] = {tape_unary(&tape, OP_DETACH, mul2(&tape, h, y)), tape_binary(&tape, OP_EQ, x, y),
	                tape_unary(&tape, OP_STEP, x), tape_unary(&tape, OP_SIGN, y), x};
	Node l = name(&tape, tape_nary(&tape, OP_SUM, terms, 5), "L");
	Gradient *gradient = gradient_record(&tape, l);
	// A step that the loss rests on through detach alone has a row all the same, and it is 0.
	ck_assert(gradient_find(gradient, h) && gradient_find(gradient, y));
	ck_assert_uint_eq(gradient_find(gradient, h)->paths, PATH_NONE);
	const Path *flat = &gradient->path[gradient_find(gradient, h)->flat];
	ck_assert(flat->user == l && flat->by == h && flat->product == NODE_NONE && flat->next == PATH_NONE);
	ck_assert(tape_is_number(&tape, flat->partial) && value_of(&tape, flat->partial) == 0);
	// x is used with and without: it has the one path.
	ck_assert_uint_eq(gradient_find(gradient, x)->flat, PATH_NONE);
	ck_assert(value_of(&tape, gradient_find(gradient, h)->node) == 0);
	ck_assert(value_of(&tape, gradient_find(gradient, y)->node) == 0);
	ck_assert(value_of(&tape, gradient_find(gradient, x)->node) == 1);
	tape_free(&tape);
}
END_TEST

START_TEST(an_exponent_gets_a_gradient_only_where_it_rests_on_something)
{
	Tape tape = {0};
	Node x = param(&tape, "x", -2), b = param(&tape, "b", 3), c = name(&tape, tape_leaf(&tape, OP_CONST, 3, false), "c");
	Node y = name(&tape, tape_power(&tape, x, c), "y");
	Gradient *gradient = gradient_record(&tape, y);
	ck_assert(value_of(&tape, gradient_by(&tape, gradient, x)) == 12);
	for (Node node = 0; node < tape.count; node++)
		ck_assert(tape_op(&tape, node) != OP_LOG);
	Node z = name(&tape, tape_power(&tape, x, b), "z");
	ck_assert(isnan(slope(&tape, z, b)));
	tape_free(&tape);
}
END_TEST

START_TEST(what_is_not_used_has_derivative_0)
{
	Tape tape = {0};
	Node x = param(&tape, "x", 2), unused = param(&tape, "unused", 3);
	Node aside = name(&tape, mul2(&tape, x, unused), "aside"), y = name(&tape, mul2(&tape, x, x), "y");
	Node later = name(&tape, mul2(&tape, y, x), "later"), i = input(&tape, "i", 1);
	Gradient *gradient = gradient_record(&tape, y);
	ck_assert(!gradient_find(gradient, unused) && !gradient_find(gradient, aside));
	const Node zero[] = {unused, aside, later, i};
	for (int k = 0; k < 4; k++) {
		Node d = gradient_by(&tape, gradient, zero[k]);
		ck_assert(value_of(&tape, d) == 0 && tape_named(&tape, d));
		ck_assert_uint_eq(gradient_by(&tape, gradient, zero[k]), d);
	}
	ck_assert(value_of(&tape, gradient_by(&tape, gradient, y)) == 1);
	tape_free(&tape);
}
END_TEST

START_TEST(leaves_are_asked_for_later)
{
	Tape tape = {0};
	Node w = param(&tape, "w", 2), i = input(&tape, "i", 3), j = input(&tape, "j", 5);
	Node h = name(&tape, mul2(&tape, w, i), "h"), k = name(&tape, mul2(&tape, i, j), "k");
	Node y = name(&tape, add2(&tape, mul2(&tape, h, h), mul2(&tape, k, j)), "y");
	Gradient *gradient = gradient_record(&tape, y);
	ck_assert(!gradient_find(gradient, i));
	// y = w^2*i^2 + i*j^2
	ck_assert(value_of(&tape, gradient_by(&tape, gradient, i)) == 2 * 4 * 3 + 25);
	ck_assert(value_of(&tape, gradient_by(&tape, gradient, j)) == 2 * 3 * 5);
	ck_assert(path_into(gradient, k, j) && path_into(gradient, y, j));
	size_t count = tape.count;
	gradient_by(&tape, gradient, i);
	ck_assert_uint_eq(tape.count, count);
	tape_free(&tape);
}
END_TEST

START_TEST(a_gradient_is_recorded_once)
{
	Tape tape = {0};
	Node x = param(&tape, "x", 2), y = name(&tape, mul2(&tape, x, x), "y"), z = name(&tape, mul2(&tape, y, x), "z");
	ck_assert_ptr_null(gradient_kept(&tape, y));
	Gradient *gradient = gradient_record(&tape, y), *other = gradient_record(&tape, z);
	size_t count = tape.count;
	ck_assert_ptr_eq(gradient_record(&tape, y), gradient);
	ck_assert_ptr_eq(gradient_kept(&tape, z), other);
	ck_assert_uint_eq(tape.count, count);
	tape_free(&tape);
}
END_TEST

START_TEST(every_derivative_has_its_name)
{
	Tape tape = {0};
	Node a = param(&tape, "a", 1), b = name(&tape, add2(&tape, a, a), "b");
	Node c = name(&tape, tape_binary(&tape, OP_SUB, b, a), "c");
	Gradient *gradient = gradient_record(&tape, c);
	const Node by[] = {c, b, a};
	ck_assert_uint_eq(gradient->count, 3);
	for (int i = 0; i < 3; i++) {
		const Name *n = &tape.names[tape.name[gradient->adjoint[i].node]];
		ck_assert_uint_eq(gradient->adjoint[i].by, by[i]);
		ck_assert(n->kind == NAME_GRADIENT && n->a == c && n->b == by[i]);
	}
	tape_free(&tape);
}
END_TEST

// Two derivatives that are equal are each recorded from their own paths: neither is a copy of the other.
START_TEST(a_derivative_is_the_sum_of_its_own_paths)
{
	Tape tape = {0};
	Node a = param(&tape, "a", 1), b = param(&tape, "b", 2), c = param(&tape, "c", 3);
	Node d = name(&tape, tape_binary(&tape, OP_SUB, tape_binary(&tape, OP_SUB, c, a), b), "d");
	Node e = name(&tape, add2(&tape, a, b), "e");
	Node y = name(&tape, mul2(&tape, tape_unary(&tape, OP_SIN, d), e), "y");
	Gradient *gradient = gradient_record(&tape, y);
	Node by_d = gradient_by(&tape, gradient, d), by_e = gradient_by(&tape, gradient, e);
	Node by[] = {a, b};
	for (int i = 0; i < 2; i++)
		ck_assert(IS(&tape, gradient_by(&tape, gradient, by[i]), OP_SUM, path_into(gradient, d, by[i])->product, by_e) &&
		          IS(&tape, path_into(gradient, d, by[i])->product, OP_NEG, by_d));
	tape_free(&tape);
}
END_TEST

// ---- Sizes

START_TEST(a_chain_of_a_million_steps)
{
	enum { LENGTH = 1000 * 1000 };
	Tape tape = {0};
	Node x = param(&tape, "x", 0.5), c = tape_number(&tape, 1.000001), h = x;
	for (int i = 0; i < LENGTH; i++)
		h = name_at(&tape, mul2(&tape, c, h), "h", i);
	ck_assert(close_to(slope(&tape, h, x), pow(1.000001, LENGTH), 1e-9, 0));
	tape_free(&tape);
}
END_TEST

START_TEST(a_formula_a_million_deep)
{
	enum { DEPTH = 1000 * 1000 };
	Tape tape = {0};
	Node x = param(&tape, "x", 0.5), c = param(&tape, "c", 1.000001), y = x;
	for (int i = 0; i < DEPTH; i++)
		y = i % 2 ? tape_unary(&tape, OP_NEG, y) : tape_binary(&tape, OP_DIV, y, c);
	y = name(&tape, y, "y");
	ck_assert(close_to(slope(&tape, y, x), pow(1.000001, -DEPTH / 2), 1e-9, 0));
	tape_free(&tape);
}
END_TEST

START_TEST(a_sum_of_a_million_terms)
{
	enum { COUNT = 1000 * 1000 };
	Tape tape = {0};
	Node *term = memory_alloc(COUNT * sizeof *term);
	for (int i = 0; i < COUNT; i++)
		term[i] = name_at(&tape, tape_leaf(&tape, OP_PARAM, 1, false), "x", i);
	Node y = name(&tape, tape_power(&tape, tape_nary(&tape, OP_SUM, term, COUNT), tape_number(&tape, 2)), "y");
	Gradient *gradient = gradient_record(&tape, y);
	Replay replay;
	replay_start(&replay, &tape, 1);
	replay_all(&replay);
	for (int i = 0; i < COUNT; i += 99999)
		ck_assert(replay_value(&replay, gradient_find(gradient, term[i])->node, 0) == 2.0 * COUNT);
	replay_free(&replay);
	free(term);
	tape_free(&tape);
}
END_TEST

static void wide(Op op, uint32_t count, size_t nodes)
{
	Tape tape = {0};
	Node *factor = memory_alloc(count * sizeof *factor);
	for (uint32_t i = 0; i < count; i++)
		factor[i] = name_at(&tape, tape_leaf(&tape, OP_PARAM, 1 + 1e-5 * (i % 7), false), "x", (int32_t)i);
	Node y = name(&tape, tape_nary(&tape, op, factor, count), "y");
	Gradient *gradient = gradient_record(&tape, y);
	ck_assert_msg(tape.count < nodes * count + 10, "%s of %u: %zu nodes", op_info[op].text, count, tape.count);
	Replay replay;
	replay_start(&replay, &tape, 1);
	replay_all(&replay);
	for (uint32_t i = 0; i < count; i += 9973) {
		double want = op == OP_PROD ? replay_value(&replay, y, 0) / replay_value(&replay, factor[i], 0) : i == 6;
		ck_assert(close_to(replay_value(&replay, gradient_find(gradient, factor[i])->node, 0), want, 1e-10, 0));
	}
	replay_free(&replay);
	free(factor);
	tape_free(&tape);
}

START_TEST(wide_products_and_maxima_are_linear)
{
	wide(OP_PROD, 100 * 1000, 6);
	wide(OP_MAX, 100 * 1000, 6);
}
END_TEST

// ---- Derivatives of derivatives

typedef Node Build2(Tape *tape, Node x, Node y);

// x^2*y + sin(x*y)
static Node wave(Tape *tape, Node x, Node y)
{
	Node first = mul2(tape, tape_power(tape, x, tape_number(tape, 2)), y);
	return add2(tape, first, tape_unary(tape, OP_SIN, mul2(tape, x, y)));
}

// (1 - x)^2 + 100*(y - x^2)^2, with y - x^2 for a step
static Node rosenbrock(Tape *tape, Node x, Node y)
{
	Node two = tape_number(tape, 2);
	Node valley = name(tape, tape_binary(tape, OP_SUB, y, tape_power(tape, x, two)), "valley");
	Node near = tape_power(tape, tape_binary(tape, OP_SUB, tape_number(tape, 1), x), two);
	return add2(tape, near, mul2(tape, tape_number(tape, 100), tape_power(tape, valley, two)));
}

START_TEST(hessians)
{
	static const struct {
		Build2 *build;
		double x, y, xx, xy, yy;   // computed with mpmath
	} table[] = {
		{wave, 1.3, 0.7, 1.0131431675519242982, 2.4952973463709566717, -1.3342613200760161961},
		{rosenbrock, -1.2, 1, 1330, 480, 200},
	};
	for (int i = 0; i < 2; i++) {
		Tape tape = {0};
		Node x = param(&tape, "x", table[i].x), y = param(&tape, "y", table[i].y);
		Node f = name(&tape, table[i].build(&tape, x, y), "f");
		Node fx = derivative(&tape, f, x), fy = derivative(&tape, f, y);
		const struct {
			Node first, by;
			double want;
		} entry[] = {{fx, x, table[i].xx}, {fx, y, table[i].xy}, {fy, x, table[i].xy}, {fy, y, table[i].yy}};
		for (int k = 0; k < 4; k++) {
			double got = slope(&tape, entry[k].first, entry[k].by);
			ck_assert_msg(close_to(got, entry[k].want, 1e-13, 0), "f%d, entry %d: %.17g", i, k, got);
		}
		tape_free(&tape);
	}
}
END_TEST

START_TEST(the_third_derivative_of_exp)
{
	Tape tape = {0};
	Node x = param(&tape, "x", 0.8), y = name(&tape, tape_unary(&tape, OP_EXP, mul2(&tape, tape_number(&tape, 2), x)), "y");
	Node d = y;
	for (int order = 1; order <= 3; order++)
		d = derivative(&tape, d, x);
	ck_assert(close_to(value_of(&tape, d), 8 * 4.9530324243951148037, 1e-14, 0));
	tape_free(&tape);
}
END_TEST

// ---- Rule changes

typedef struct Change {
	Node user, by, to;
} Change;

static Node change_one(void *context, Tape *tape, Node user, Node by, Node partial)
{
	(void)tape;
	const Change *change = context;
	return user == change->user && by == change->by ? change->to : partial;
}

START_TEST(a_path_is_dropped_or_a_partial_replaced)
{
	Tape tape = {0};
	Node x = param(&tape, "x", 3), h = name(&tape, mul2(&tape, x, x), "h");
	Node y = name(&tape, add2(&tape, h, mul2(&tape, tape_number(&tape, 5), x)), "y");
	Gradient *right = gradient_record(&tape, y);
	Change drop = {y, x, tape_number(&tape, 0)}, replace = {h, x, x};
	Gradient *dropped = gradient_record_changed(&tape, y, change_one, &drop);
	Gradient *replaced = gradient_record_changed(&tape, y, change_one, &replace);
	ck_assert_ptr_eq(gradient_kept(&tape, y), right);
	ck_assert(value_of(&tape, gradient_by(&tape, right, x)) == 11);
	ck_assert(value_of(&tape, gradient_by(&tape, dropped, x)) == 6);
	ck_assert_ptr_null(path_into(dropped, y, x));
	ck_assert(value_of(&tape, gradient_by(&tape, replaced, x)) == 8);
	tape_free(&tape);
}
END_TEST

START_TEST(a_node_is_put_for_another)
{
	Tape tape = {0};
	Node x = param(&tape, "x", 3), y = param(&tape, "y", 4), z = param(&tape, "z", 5);
	Node step = name(&tape, mul2(&tape, x, y), "step");
	Node f = add2(&tape, mul2(&tape, x, step), tape_unary(&tape, OP_NEG, mul2(&tape, y, y)));
	Node g = gradient_substitute(&tape, f, &x, &z, 1);
	ck_assert(value_of(&tape, g) == 5 * 12 - 16);                              // not behind a name
	ck_assert_uint_eq(gradient_substitute(&tape, f, &z, &x, 1), f);            // nothing to do: the same node
	ck_assert(value_of(&tape, gradient_substitute(&tape, f, &step, &y, 1)) == 3 * 4 - 16);
	ck_assert(value_of(&tape, gradient_substitute(&tape, f, (Node[]){x, y}, (Node[]){y, x}, 2)) == 4 * 12 - 9);
	ck_assert_uint_eq(gradient_substitute(&tape, x, &x, &y, 1), y);
	tape_free(&tape);
}
END_TEST

// A formula that uses its parts twice, 60 times over: 2^60 ways lead to x, and a chain a million deep.
START_TEST(substitution_takes_each_node_once)
{
	Tape tape = {0};
	Node x = param(&tape, "x", 1), y = param(&tape, "y", 2), f = x;
	for (int i = 0; i < 60; i++)
		f = add2(&tape, f, f);
	ck_assert(value_of(&tape, gradient_substitute(&tape, f, &x, &y, 1)) == 0x1p61);
	Node deep = x;
	for (int i = 0; i < 1000 * 1000; i++)
		deep = tape_unary(&tape, OP_NEG, deep);
	ck_assert(value_of(&tape, gradient_substitute(&tape, deep, &x, &y, 1)) == 2);
	tape_free(&tape);
}
END_TEST

// ---- The published 2-2-2 example, and its well-known slip

typedef struct Mazur {
	Node i[3], w[9], out_h[3], out_o[3], error;
} Mazur;

static Node neuron(Tape *tape, const char *text, Node wa, Node a, Node wb, Node b, Node bias)
{
	Node terms[] = {mul2(tape, wa, a), mul2(tape, wb, b), mul2(tape, bias, tape_number(tape, 1))};
	char out[20];
	snprintf(out, sizeof out, "out_%s", text);
	Node net = name(tape, tape_nary(tape, OP_SUM, terms, 3), text);
	return name(tape, tape_unary(tape, OP_SIGMOID, net), out);
}

static Node half_square(Tape *tape, Node target, Node out, const char *text)
{
	Node d = tape_binary(tape, OP_SUB, target, out);
	return name(tape, mul2(tape, tape_number(tape, 0.5), tape_power(tape, d, tape_number(tape, 2))), text);
}

static Mazur mazur(Tape *tape)
{
	static const double start[] = {0, 0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55};
	Mazur m;
	m.i[1] = input(tape, "i1", 0.05), m.i[2] = input(tape, "i2", 0.10);
	Node t1 = input(tape, "t1", 0.01), t2 = input(tape, "t2", 0.99);
	for (int k = 1; k <= 8; k++)
		m.w[k] = name_at(tape, tape_leaf(tape, OP_PARAM, start[k], false), "w", k);
	Node b1 = input(tape, "b1", 0.35), b2 = input(tape, "b2", 0.60);
	m.out_h[1] = neuron(tape, "h1", m.w[1], m.i[1], m.w[2], m.i[2], b1);
	m.out_h[2] = neuron(tape, "h2", m.w[3], m.i[1], m.w[4], m.i[2], b1);
	m.out_o[1] = neuron(tape, "o1", m.w[5], m.out_h[1], m.w[6], m.out_h[2], b2);
	m.out_o[2] = neuron(tape, "o2", m.w[7], m.out_h[1], m.w[8], m.out_h[2], b2);
	Node e1 = half_square(tape, t1, m.out_o[1], "E_o1"), e2 = half_square(tape, t2, m.out_o[2], "E_o2");
	m.error = name(tape, add2(tape, e1, e2), "E");
	return m;
}

// w - 0.5*g
static Node updated(Tape *tape, Node w, Node g)
{
	return tape_binary(tape, OP_SUB, w, mul2(tape, tape_number(tape, 0.5), g));
}

static double error_after_one_update(const Tape *tape, const Mazur *m, const Node *next)
{
	Replay replay;
	replay_start(&replay, tape, 1);
	replay_all(&replay);
	Carry carry[8];
	for (int k = 1; k <= 8; k++)
		carry[k - 1] = (Carry){m->w[k], next[k]};
	replay_carry(&replay, carry, 8);
	replay_all(&replay);
	double error = replay_value(&replay, m->error, 0);
	replay_free(&replay);
	return error;
}

typedef struct Stale {
	const Mazur *m;
	const Node *next;
} Stale;

// Takes the new w5..w8 for the old ones wherever a partial names them.
static Node stale_order(void *context, Tape *tape, Node user, Node by, Node partial)
{
	(void)user, (void)by;
	const Stale *stale = context;
	return gradient_substitute(tape, partial, stale->m->w + 5, stale->next + 5, 4);
}

START_TEST(updating_before_going_on_backwards_gives_the_published_error)
{
	Tape tape = {0};
	Mazur m = mazur(&tape);
	Node next[9], late[9];
	Gradient *gradient = gradient_record(&tape, m.error);
	for (int k = 1; k <= 8; k++)
		late[k] = next[k] = updated(&tape, m.w[k], gradient_by(&tape, gradient, m.w[k]));
	Stale stale = {&m, next};
	Gradient *wrong = gradient_record_changed(&tape, m.error, stale_order, &stale);
	for (int k = 1; k <= 4; k++)
		late[k] = updated(&tape, m.w[k], gradient_by(&tape, wrong, m.w[k]));
	double right_error = error_after_one_update(&tape, &m, next);
	double stale_error = error_after_one_update(&tape, &m, late);
	ck_assert_msg(fabs(right_error - 0.2910277736936) < 6e-14, "%.16f", right_error);
	ck_assert_msg(fabs(stale_error - 0.2910279239054) < 6e-14, "%.16f", stale_error);
	tape_free(&tape);
}
END_TEST

SUITE(contributions_are_added, a_step_with_many_users, a_shared_weight, half_a_square, a_square_and_a_product_with_itself,
      functions_reuse_their_value, softmax_reuses_its_probabilities, nothing_flows_through_detach_eq_and_step,
      an_exponent_gets_a_gradient_only_where_it_rests_on_something, what_is_not_used_has_derivative_0,
      leaves_are_asked_for_later, a_gradient_is_recorded_once, every_derivative_has_its_name,
      a_derivative_is_the_sum_of_its_own_paths, a_chain_of_a_million_steps, a_formula_a_million_deep,
      a_sum_of_a_million_terms, wide_products_and_maxima_are_linear, hessians, the_third_derivative_of_exp,
      a_path_is_dropped_or_a_partial_replaced, a_node_is_put_for_another, substitution_takes_each_node_once,
      updating_before_going_on_backwards_gives_the_published_error)
