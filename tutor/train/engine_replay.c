// The reference: replay of the tape, in double precision.
#include "tutor/train/engine.h"

#include "core/arena.h"

#include <stdlib.h>

typedef struct ReplayState {
	const Model *model;
	Replay replay;
	bool update;
	Node *column;
	uint32_t columns;
} ReplayState;

static void *start(const Model *model, const EngineOptions *options, EngineFacts *facts)
{
	(void)facts;
	ReplayState *state = memory_alloc(sizeof *state);
	*state = (ReplayState){.model = model, .update = options->update};
	size_t capacity = 0;
	for (Node node = 0; node < model->forward_end; node++) {
		Op op = tape_op(&model->tape, node);
		if (!tape_varies(&model->tape, node) || (op != OP_INPUT && op != OP_TARGET))
			continue;
		array_reserve(state->column, state->columns, capacity, 1);
		state->column[state->columns++] = node;
	}
	replay_start(&state->replay, &model->tape, 1);
	return state;
}

static void stop(void *data)
{
	ReplayState *state = data;
	replay_free(&state->replay);
	free(state->column);
	free(state);
}

static Precision precision(const void *state)
{
	(void)state;
	return PROGRAM_DOUBLE;
}

static const Node *columns(const void *data, uint32_t *count)
{
	const ReplayState *state = data;
	*count = state->columns;
	return state->column;
}

// Another number of lanes is another replay: it takes over the leaves' values.
static void change_lanes(ReplayState *state, uint32_t lanes)
{
	const Model *model = state->model;
	Replay next;
	replay_start(&next, &model->tape, lanes);
	for (size_t i = 0; i < model->carry_count; i++)
		replay_set_all(&next, model->carry[i].leaf,
		               replay_value(&state->replay, model->carry[i].leaf, 0));
	replay_free(&state->replay);
	state->replay = next;
}

static void feed(void *data, const void *rows, size_t stride, uint32_t lanes)
{
	ReplayState *state = data;
	const double *number = rows;
	if (lanes != state->replay.lanes)
		change_lanes(state, lanes);
	for (uint32_t lane = 0; lane < lanes; lane++)
		for (uint32_t i = 0; i < state->columns; i++)
			replay_set(&state->replay, state->column[i], lane, number[lane * stride + i]);
}

static void run(void *data)
{
	ReplayState *state = data;
	replay_all(&state->replay);
	if (state->update)
		model_carry(state->model, &state->replay);
}

static double value(const void *data, Node node, uint32_t lane)
{
	return replay_value(&((const ReplayState *)data)->replay, node, lane);
}

static void leaves(const void *data, const Node *leaf, size_t count, double *number)
{
	for (size_t i = 0; i < count; i++)
		number[i] = value(data, leaf[i], 0);
}

static void set(void *data, Node leaf, double number)
{
	replay_set_all(&((ReplayState *)data)->replay, leaf, number);
}

const EngineClass engine_replay = {start, stop, precision, columns, feed, run, value, leaves, set};
