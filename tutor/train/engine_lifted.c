// The fast one: the tape lifted to a vector program.
#include "tutor/train/engine.h"

#include "core/lift.h"
#include "tutor/train/clock.h"

#include <stdlib.h>

// In single precision t + 1 is t from 2^24 on: there the state counts the updates and t follows, as
// near as a float comes.
enum { COUNTED_BY_FLOATS = 1 << 24 };

typedef struct LiftedState {
	const Tape *tape;
	Program *program;
	Precision precision;
	Node counted;   // the leaf t where it is counted here, else NODE_NONE
	double count;
} LiftedState;

static void *start(const Model *model, const EngineOptions *options, EngineFacts *facts)
{
	LiftOptions what = {.wanted = options->wanted, .wanted_count = options->wanted_count};
	if (options->update) {
		what.carry = model->carry;
		what.carry_count = model->carry_count;
	}
	double before = clock_seconds();
	LiftedState *state = memory_alloc(sizeof *state);
	*state = (LiftedState){&model->tape, lift(&model->tape, &what), options->precision, NODE_NONE, 0};
	if (options->update && options->precision == PROGRAM_SINGLE && model->t != NODE_NONE) {
		state->counted = model->t;
		state->count = model->tape.value[model->t];
	}
	facts->lift_seconds = clock_seconds() - before;
	facts->instructions = state->program->count;
	program_start_threads(state->program, options->precision, options->lanes, options->threads ? options->threads : 1);
	return state;
}

static void stop(void *data)
{
	LiftedState *state = data;
	program_delete(state->program);
	free(state);
}

static Precision precision(const void *data)
{
	return ((const LiftedState *)data)->precision;
}

static const Node *columns(const void *data, uint32_t *count)
{
	const LiftedState *state = data;
	*count = state->program->columns;
	return state->program->column;
}

static void feed(void *data, const void *rows, size_t stride, uint32_t lanes)
{
	program_feed(((LiftedState *)data)->program, rows, stride, lanes);
}

static void run(void *data)
{
	LiftedState *state = data;
	program_run(state->program);
	if (state->counted != NODE_NONE && ++state->count > COUNTED_BY_FLOATS)
		program_set(state->program, state->counted, state->count);
}

// A leaf that nothing rests on is not in the program: it stays as it is on the tape.
static double value(const void *data, Node node, uint32_t lane)
{
	const LiftedState *state = data;
	const Program *program = state->program;
	if (node == state->counted)
		return state->count;
	if (tape_is_leaf(state->tape, node) &&
	    (node >= program->nodes || program->place_of[node] == NODE_ROW_NONE))
		return state->tape->value[node];
	return program_value(program, node, lane);
}

static void leaves(const void *data, const Node *leaf, size_t count, double *number)
{
	const LiftedState *state = data;
	for (size_t i = 0; i < count; i++)
		number[i] = state->tape->value[leaf[i]];
	program_leaves(state->program, leaf, count, number);
}

static void set(void *data, Node leaf, double number)
{
	LiftedState *state = data;
	if (leaf == state->counted)
		state->count = number;
	program_set(state->program, leaf, number);
}

const EngineClass engine_lifted = {start, stop, precision, columns, feed, run, value, leaves, set};
