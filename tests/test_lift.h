// What the tests of the lifting share: a model's program and its replay side by side, on the same random batches.
#ifndef TESTS_TEST_LIFT_H
#define TESTS_TEST_LIFT_H

#include "core/lift.h"
#include "tests/test_model.h"

typedef enum Wanted { WANT_LOSS, WANT_STEPS, WANT_ALL } Wanted;

typedef struct Pair {
	Model model;
	Program *program;
	Replay replay;
	Node *wanted;
	size_t wanted_count;
	Precision precision;
	uint32_t lanes;
	void *batch;           // the batch as the program takes it
	double *scale;         // of each node: see find_scales
	uint64_t random;
	const char *text;
} Pair;

// Uniform in (-1, 1).
static inline double next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (double)(int64_t)(*state >> 11) / (double)((int64_t)1 << 52) - 1;
}

static inline void pair_wanted(Pair *pair, Wanted wanted)
{
	const Tape *tape = &pair->model.tape;
	pair->wanted = malloc((tape->count + 1) * sizeof *pair->wanted);
	for (Node node = 0; node < tape->count; node++)
		if (wanted == WANT_ALL || (wanted == WANT_STEPS && tape_named(tape, node)) || node == pair->model.mean)
			if (!tape_is_leaf(tape, node))
				pair->wanted[pair->wanted_count++] = node;
}

// Instructions of one block run over the same rows.
static inline void check_blocks(const Program *program)
{
	for (uint32_t n = 1; n < program->count; n++) {
		const Instruction *a = &program->instruction[n - 1], *b = &program->instruction[n];
		ck_assert(a->block != b->block || (a->rows == b->rows && a->varies == b->varies && a->kind == b->kind));
	}
}

static inline void pair_start_threads(Pair *pair, const char *text, Wanted wanted, Precision precision, uint32_t lanes,
                                      uint32_t threads)
{
	*pair = (Pair){.precision = precision, .lanes = lanes, .random = 42, .text = text};
	must_read(&pair->model, text, &(ModelOptions){.seed = 1, .batch = true, .needs_no_data = true});
	pair_wanted(pair, wanted);
	LiftOptions options = {pair->model.carry, pair->model.carry_count, pair->wanted, pair->wanted_count};
	pair->program = lift(&pair->model.tape, &options);
	check_blocks(pair->program);
	program_start_threads(pair->program, precision, lanes, threads);
	replay_start(&pair->replay, &pair->model.tape, lanes);
	pair->scale = calloc(pair->model.tape.count + (size_t)1, sizeof *pair->scale);
	pair->batch = malloc((pair->program->columns + (size_t)1) * lanes * sizeof(double));
}

static inline void pair_start(Pair *pair, const char *text, Wanted wanted, Precision precision, uint32_t lanes)
{
	pair_start_threads(pair, text, wanted, precision, lanes, 1);
}

static inline void pair_end(Pair *pair)
{
	program_delete(pair->program);
	replay_free(&pair->replay);
	model_free(&pair->model);
	free(pair->wanted);
	free(pair->batch);
	free(pair->scale);
}

// The same random numbers for both, in one lane.
static inline void pair_feed_lane(Pair *pair, uint32_t lane)
{
	const Program *program = pair->program;
	for (uint32_t c = 0; c < program->columns; c++) {
		double x = (float)next_random(&pair->random);
		size_t at = lane * (size_t)program->columns + c;
		replay_set(&pair->replay, program->column[c], lane, x);
		if (pair->precision == PROGRAM_SINGLE)
			((float *)pair->batch)[at] = (float)x;
		else
			((double *)pair->batch)[at] = x;
	}
}

static inline void pair_feed(Pair *pair)
{
	for (uint32_t lane = 0; lane < pair->lanes; lane++)
		pair_feed_lane(pair, lane);
	program_feed(pair->program, pair->batch, pair->program->columns, pair->lanes);
}

static inline double tolerance(const Pair *pair)
{
	return pair->precision == PROGRAM_SINGLE ? 1e-4 : 1e-12;
}

// How far the value in one lane moves, in tolerances, where argument k is off by as much as it may be: by the argument's
// scale for sums and what chooses among its arguments. `a` has the arguments; it is changed and restored.
static inline double moved_by(const Pair *pair, Node node, double *a, uint32_t count, uint32_t k, double scale)
{
	Op op = tape_op(&pair->model.tape, node);
	if (op == OP_SUM || op == OP_SUB || op == OP_MAX || op == OP_MIN || op == OP_BATCH_SUM)
		return scale;
	if (op == OP_ARGMAX || op == OP_ARGMIN)
		return 0;
	const double here = op_value(op, a, count), kept = a[k];
	a[k] = kept + tolerance(pair) * scale;
	double above = fabs(op_value(op, a, count) - here);
	a[k] = kept - tolerance(pair) * scale;
	double below = fabs(op_value(op, a, count) - here);
	a[k] = kept;
	return fmax(above, below) / tolerance(pair);
}

// The largest magnitude in the sums that a node rests on, over all lanes: of its own value, and of what its arguments'
// scales come to in it. An error is measured by it: a sum of large terms has their errors, however small it is, and what
// is computed from it has what becomes of them. Leaves that were updated keep the scale of their next value.
static inline void find_scale(Pair *pair, Node node)
{
	uint32_t count;
	const Node *argument = tape_arguments(&pair->model.tape, node, &count);
	double *a = malloc((count + (size_t)1) * sizeof *a), most = pair->scale[node];
	const uint32_t lanes = tape_varies(&pair->model.tape, node) ? pair->lanes : 1;
	for (uint32_t lane = 0; lane < lanes; lane++) {
		most = fmax(most, fabs(replay_value(&pair->replay, node, lane)));
		for (uint32_t i = 0; i < count; i++)
			a[i] = replay_value(&pair->replay, argument[i], lane);
		for (uint32_t i = 0; i < count; i++)
			most = fmax(most, moved_by(pair, node, a, count, i, pair->scale[argument[i]]));
	}
	pair->scale[node] = most;
	free(a);
}

static inline void find_scales(Pair *pair)
{
	const Tape *tape = &pair->model.tape;
	for (Node node = 0; node < tape->count; node++) {
		if (!tape_is_leaf(tape, node))
			pair->scale[node] = 0;
		find_scale(pair, node);
	}
}

static inline void pair_compare(const Pair *pair, Node node, double wanted, double got)
{
	double scale = pair->scale[node];
	if (wanted == got || (isnan(wanted) && isnan(got)) || fabs(wanted - got) <= tolerance(pair) * scale)
		return;
	char name[NAME_TEXT] = "?";
	if (tape_named(&pair->model.tape, node))
		node_name(&pair->model.tape, node, 0, name);
	ck_abort_msg("node %u (%s, op %s): replay %.17g, program %.17g, scale %g, lanes %u\n%s", node, name,
	             op_info[tape_op(&pair->model.tape, node)].text, wanted, got, scale, pair->lanes, pair->text);
}

// Runs the program on the batch that replay has run on; all that is wanted, and the leaves after the update, are compared.
static inline void pair_check(Pair *pair)
{
	program_run(pair->program);
	find_scales(pair);
	for (size_t i = 0; i < pair->wanted_count; i++)
		for (uint32_t lane = 0; lane < pair->lanes; lane++)
			pair_compare(pair, pair->wanted[i], replay_value(&pair->replay, pair->wanted[i], lane),
			             program_value(pair->program, pair->wanted[i], lane));
	for (size_t i = 0; i < pair->model.carry_count; i++) {
		Carry carry = pair->model.carry[i];
		pair_compare(pair, carry.next, replay_value(&pair->replay, carry.next, 0),
		             program_value(pair->program, carry.leaf, 0));
	}
	for (size_t i = 0; i < pair->model.carry_count; i++)
		pair->scale[pair->model.carry[i].leaf] = pair->scale[pair->model.carry[i].next];
	replay_carry(&pair->replay, pair->model.carry, pair->model.carry_count);
}

static inline void pair_step(Pair *pair)
{
	pair_feed(pair);
	replay_all(&pair->replay);
	pair_check(pair);
}

// Three updates, at each batch size, precision and choice of what is wanted.
static inline void check_model(const char *text)
{
	static const uint32_t sizes[] = {1, 2, 7, 32, 129};
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
		for (int wanted = WANT_LOSS; wanted <= WANT_ALL; wanted++)
			for (int precision = PROGRAM_SINGLE; precision <= PROGRAM_DOUBLE; precision++) {
				Pair pair;
				pair_start(&pair, text, (Wanted)wanted, (Precision)precision, sizes[s]);
				for (int step = 0; step < 3; step++)
					pair_step(&pair);
				pair_end(&pair);
			}
}

#endif
