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
}

// The same random numbers for both.
static inline void pair_feed(Pair *pair)
{
	const Program *program = pair->program;
	for (uint32_t lane = 0; lane < pair->lanes; lane++)
		for (uint32_t c = 0; c < program->columns; c++) {
			double x = (float)next_random(&pair->random);
			size_t at = lane * (size_t)program->columns + c;
			replay_set(&pair->replay, program->column[c], lane, x);
			if (pair->precision == PROGRAM_SINGLE)
				((float *)pair->batch)[at] = (float)x;
			else
				((double *)pair->batch)[at] = x;
		}
	program_feed(pair->program, pair->batch, program->columns, pair->lanes);
}

// The largest magnitude of the node and of what it is made of directly, over the lanes.
static inline double magnitude(const Pair *pair, Node node)
{
	double most = 0;
	uint32_t count;
	const Node *argument = tape_arguments(&pair->model.tape, node, &count);
	for (uint32_t lane = 0; lane < pair->lanes; lane++) {
		most = fmax(most, fabs(replay_value(&pair->replay, node, lane)));
		for (uint32_t i = 0; i < count; i++)
			most = fmax(most, fabs(replay_value(&pair->replay, argument[i], lane)));
	}
	return most;
}

static inline void pair_compare(const Pair *pair, Node node, double wanted, double got, double scale)
{
	double tolerance = pair->precision == PROGRAM_SINGLE ? 1e-4 : 1e-12;
	if (wanted == got || (isnan(wanted) && isnan(got)) || fabs(wanted - got) <= tolerance * scale)
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
	double *scale = malloc((pair->wanted_count + 1) * sizeof *scale), most = 1;
	for (size_t i = 0; i < pair->wanted_count; i++) {
		scale[i] = magnitude(pair, pair->wanted[i]);
		most = fmax(most, isfinite(scale[i]) ? scale[i] : 0);
	}
	for (size_t i = 0; i < pair->wanted_count; i++)
		for (uint32_t lane = 0; lane < pair->lanes; lane++)
			pair_compare(pair, pair->wanted[i], replay_value(&pair->replay, pair->wanted[i], lane),
			             program_value(pair->program, pair->wanted[i], lane), most);
	free(scale);
	for (size_t i = 0; i < pair->model.carry_count; i++) {
		Carry carry = pair->model.carry[i];
		double next = replay_value(&pair->replay, carry.next, 0);
		pair_compare(pair, carry.next, next, program_value(pair->program, carry.leaf, 0), 1 + fabs(next));
	}
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
