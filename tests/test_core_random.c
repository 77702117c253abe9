// Gradients of random networks against differences, and the proof that a spoilt derivative would be found.
//
// core/partials.c is compiled into this program a second time with its result falsified on request, so that the linker
// takes it in place of the library's.
#define partials_record partials_record_right
#include "core/partials.c"
#undef partials_record
#include "tests/test_core_lib.h"

void partials_record(Tape *tape, Node step, unsigned wanted, PartialsWork *work);

static Op spoilt_op = OP_COUNT;

// As the real one; but a step that is `spoilt_op` gets a partial that is a thousandth too large.
void partials_record(Tape *tape, Node step, unsigned wanted, PartialsWork *work)
{
	partials_record_right(tape, step, wanted, work);
	for (size_t i = 0; i < work->count && tape_op(tape, step) == spoilt_op; i++)
		work->result[i].partial = algebra_mul(tape, tape_number(tape, 1.001), work->result[i].partial);
}

enum { NETS = 300, MOST_STEPS = 40, MOST_LEAVES = 8, MOST_ARGUMENTS = 12 };

typedef struct Net {
	Tape tape;
	Node leaf[MOST_LEAVES], loss;
	uint32_t leaves, lanes;
	uint64_t random;
} Net;

// The operations that steps are made of; not DETACH, whose gradient is not the function's.
static const Op operations[] = {
	OP_COPY, OP_SUM, OP_SUB, OP_NEG, OP_PROD, OP_DIV, OP_POWER, OP_INTPOWER, OP_MAX, OP_MIN, OP_EXP, OP_LOG, OP_SQRT,
	OP_ABS, OP_SIN, OP_COS, OP_TANH, OP_SIGMOID, OP_RELU, OP_LEAKY_RELU, OP_LEAKY_STEP, OP_ELU, OP_SOFTPLUS, OP_GELU,
	OP_NORMAL_CDF, OP_NORMAL_PDF, OP_BATCH_SUM, OP_SIGN, OP_STEP, OP_EQ,
};
enum { OPERATIONS = sizeof operations / sizeof *operations };

// Something earlier; the newer the likelier, so that nets get deep.
static Node earlier(Net *n, const Node *step, uint32_t steps)
{
	uint32_t all = n->leaves + steps;
	uint32_t back = random_below(&n->random, 3) ? random_below(&n->random, 6) : random_below(&n->random, all);
	uint32_t at = back < all ? all - 1 - back : 0;
	return at < n->leaves ? n->leaf[at] : step[at - n->leaves];
}

// A value from 0.5 up, for what must be positive or not near 0.
static Node positive(Net *n, Node a)
{
	return add2(&n->tape, tape_unary(&n->tape, OP_SOFTPLUS, a), tape_number(&n->tape, 0.5));
}

static Node operation(Net *n, Op op, const Node *step, uint32_t steps)
{
	Tape *t = &n->tape;
	uint32_t count = op_info[op].arity == ARITY_UNARY ? 1 : 2;
	if (op_info[op].arity == ARITY_NARY)
		count = 2 + random_below(&n->random, op == OP_PROD ? 9 : 5);
	Node argument[MOST_ARGUMENTS];
	for (uint32_t i = 0; i < count; i++)
		argument[i] = earlier(n, step, steps);
	for (uint32_t i = 0; i < count && op == OP_PROD; i++)
		argument[i] = add2(t, tape_unary(t, OP_SIGMOID, argument[i]), tape_number(t, 0.4));
	if (op == OP_LOG || op == OP_SQRT || op == OP_POWER)
		argument[0] = positive(n, argument[0]);
	if (op == OP_DIV)
		argument[1] = positive(n, argument[1]);
	if (op == OP_EXP || op == OP_POWER)
		argument[count - 1] = tape_unary(t, OP_TANH, argument[count - 1]);
	if (op == OP_INTPOWER) {
		argument[0] = tape_unary(t, OP_SIGMOID, argument[0]);
		argument[1] = tape_number(t, (int)random_below(&n->random, 6) - 2);
	}
	return tape_apply(t, op, argument, count);
}

static void net_record(Net *n, uint64_t seed)
{
	*n = (Net){.random = seed * 0x9E3779B97F4A7C15u + 1};
	Tape *t = &n->tape;
	Node batch_size = tape_leaf(t, OP_BATCH_SIZE, 1, false), step[MOST_STEPS];
	n->lanes = 1 + random_below(&n->random, 4);
	n->leaves = 2 + random_below(&n->random, MOST_LEAVES - 1);
	for (uint32_t i = 0; i < n->leaves; i++) {
		bool varies = random_below(&n->random, 3) == 0;
		n->leaf[i] = name_at(t, tape_leaf(t, varies ? OP_INPUT : OP_PARAM, 0, varies), "x", (int32_t)i);
	}
	uint32_t steps = 3 + random_below(&n->random, MOST_STEPS - 2);
	for (uint32_t i = 0; i < steps; i++) {
		Op op = operations[random_below(&n->random, OPERATIONS)];
		Node formula = operation(n, op, step, i);
		// Some steps are longer formulas; tanh and 1/2 keep what they give small.
		if (random_below(&n->random, 3) == 0)
			formula = tape_unary(t, OP_TANH, mul2(t, formula, earlier(n, step, i)));
		else if (op == OP_SUM || op == OP_BATCH_SUM || op == OP_DIV || op == OP_INTPOWER)
			formula = mul2(t, tape_number(t, 0.5), formula);
		step[i] = name_at(t, formula, "s", (int32_t)i);
	}
	Node sum = name(t, tape_nary(t, OP_SUM, step + steps / 2, steps - steps / 2), "sum");
	n->loss = name(t, tape_varies(t, sum) ? tape_batch_mean(t, sum, batch_size) : tape_unary(t, OP_COPY, sum), "L");
}

static void start(Net *n, Replay *replay)
{
	replay_start(replay, &n->tape, n->lanes);
	for (uint32_t i = 0; i < n->leaves; i++)
		for (uint32_t lane = 0; lane < (tape_varies(&n->tape, n->leaf[i]) ? n->lanes : 1); lane++)
			replay_set(replay, n->leaf[i], lane, random_between(&n->random, -1.5, 1.5));
	replay_all(replay);
}

// How near the values of the forward pass come to a kink.
static double distance_from_kinks(const Net *n, const Replay *replay)
{
	double nearest = INFINITY;
	for (Node node = 0; node <= n->loss; node++) {
		Op op = tape_op(&n->tape, node);
		uint32_t count;
		const Node *argument = tape_arguments(&n->tape, node, &count);
		bool at_0 = op == OP_ABS || op == OP_RELU || op == OP_LEAKY_RELU || op == OP_LEAKY_STEP || op == OP_STEP ||
		            op == OP_SIGN || op == OP_ELU;
		for (uint32_t lane = 0; lane < n->lanes; lane++) {
			if (at_0)
				nearest = fmin(nearest, fabs(replay_value(replay, argument[0], lane)));
			for (uint32_t i = 0; i < count && (op == OP_MAX || op == OP_MIN); i++) {
				double gap = fabs(replay_value(replay, argument[i], lane) - replay_value(replay, node, lane));
				bool chosen = gap == 0;
				for (uint32_t k = 0; k < i && chosen; k++)
					if (argument[k] != argument[i] &&
					    replay_value(replay, argument[k], lane) == replay_value(replay, node, lane))
						nearest = 0;
				if (!chosen)
					nearest = fmin(nearest, gap);
			}
		}
	}
	return nearest;
}

// The first leaf whose derivative is not that of differences, told in `problem`; false where all are right.
static bool find_wrong(Net *n, Replay *replay, const Node *derivative, char *problem, size_t size)
{
	for (uint32_t i = 0; i < n->leaves; i++)
		for (uint32_t lane = 0; lane < (tape_varies(&n->tape, n->leaf[i]) ? n->lanes : 1); lane++) {
			double got = replay_value(replay, derivative[i], lane);
			double want = difference(replay, n->loss, n->leaf[i], lane, 2e-4);
			if (close_to(got, want, 1e-6, 1e-8))
				continue;
			snprintf(problem, size, "%u lanes, dL/dx[%u]@%u: %.15g, by differences %.15g", n->lanes, i, lane + 1,
			         got, want);
			return true;
		}
	return false;
}

// Records a net and its gradient, and looks for values away from kinks; false where there are none.
static bool net_start(Net *n, uint64_t seed, Replay *replay, Node *derivative)
{
	net_record(n, seed);
	Gradient *gradient = gradient_record(&n->tape, n->loss);
	for (uint32_t i = 0; i < n->leaves; i++)
		derivative[i] = gradient_by(&n->tape, gradient, n->leaf[i]);
	for (int attempt = 0; attempt < 20; attempt++) {
		start(n, replay);
		double loss = replay_value(replay, n->loss, 0);
		if (distance_from_kinks(n, replay) > 1e-3 * (1 + fabs(loss)) && fabs(loss) < 1e3)
			return true;
		replay_free(replay);
	}
	tape_free(&n->tape);
	return false;
}

START_TEST(gradients_of_random_nets_agree_with_differences)
{
	Net n;
	Replay replay;
	Node derivative[MOST_LEAVES];
	int nets = 0;
	for (uint64_t seed = 1; nets < NETS; seed++) {
		ck_assert_msg(seed < 20 * NETS, "hardly a net without a kink");
		if (!net_start(&n, seed, &replay, derivative))
			continue;
		char problem[200];
		ck_assert_msg(!find_wrong(&n, &replay, derivative, problem, sizeof problem), "net %d (seed %d): %s", nets,
		              (int)seed, problem);
		nets++;
		replay_free(&replay);
		tape_free(&n.tape);
	}
}
END_TEST

// ---- Spoilt derivatives

// y = op(x…) as one step, away from kinks; true where the comparison finds something wrong.
static bool is_found_wrong(Op op)
{
	static const double value[] = {0.7, 1.3, -0.4};
	Net n = {.lanes = 1};
	Tape *t = &n.tape;
	n.leaves = op_info[op].arity == ARITY_UNARY || op == OP_INTPOWER ? 1 : op_info[op].arity == ARITY_BINARY ? 2 : 3;
	for (uint32_t i = 0; i < n.leaves; i++)
		n.leaf[i] = name_at(t, tape_leaf(t, OP_PARAM, value[i], false), "x", (int32_t)i);
	Node argument[3] = {n.leaf[0], n.leaf[1], n.leaf[2]};
	if (op == OP_INTPOWER)
		argument[1] = tape_number(t, 3);
	n.loss = name(t, tape_apply(t, op, argument, op == OP_INTPOWER ? 2 : n.leaves), "y");
	Gradient *gradient = gradient_record(t, n.loss);
	Node derivative[MOST_LEAVES];
	for (uint32_t i = 0; i < n.leaves; i++)
		derivative[i] = gradient_by(t, gradient, n.leaf[i]);
	Replay replay;
	replay_start(&replay, t, 1);
	replay_all(&replay);
	char problem[200];
	bool wrong = find_wrong(&n, &replay, derivative, problem, sizeof problem);
	replay_free(&replay);
	tape_free(t);
	return wrong;
}

START_TEST(a_spoilt_derivative_is_found_whatever_its_operation)
{
	for (int op = 0; op < OP_COUNT; op++) {
		// leaky_step is flat for the positive argument that the others want.
		if (op_info[op].arity == ARITY_LEAF || !op_info[op].flows || op == OP_LEAKY_STEP)
			continue;
		bool right = !is_found_wrong((Op)op);
		spoilt_op = (Op)op;
		bool found = is_found_wrong((Op)op);
		spoilt_op = OP_COUNT;
		ck_assert_msg(right, "%s", op_info[op].text);
		ck_assert_msg(found, "%s: a derivative a thousandth too large is not noticed", op_info[op].text);
	}
}
END_TEST

// The random nets find a fault in a common operation too.
START_TEST(random_nets_find_a_spoilt_operation)
{
	static const Op some[] = {OP_PROD, OP_SUM, OP_TANH, OP_BATCH_SUM};
	for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
		int found = 0;
		for (uint64_t seed = 1; seed <= 60; seed++) {
			Net n;
			Replay replay;
			Node derivative[MOST_LEAVES];
			char problem[200];
			spoilt_op = some[i];
			bool started = net_start(&n, seed, &replay, derivative);
			spoilt_op = OP_COUNT;
			if (!started)
				continue;
			found += find_wrong(&n, &replay, derivative, problem, sizeof problem);
			replay_free(&replay);
			tape_free(&n.tape);
		}
		ck_assert_msg(found > 0, "no net found that '%s' is spoilt", op_info[some[i]].text);
	}
}
END_TEST

SUITE(gradients_of_random_nets_agree_with_differences, a_spoilt_derivative_is_found_whatever_its_operation,
      random_nets_find_a_spoilt_operation)
