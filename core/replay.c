#include "core/replay.h"

#include "core/real.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void replay_free(Replay *replay)
{
	free(replay->value);
	free(replay->at);
	*replay = (Replay){0};
}

// The number of values of a node.
static uint32_t width_of(const Replay *replay, Node node)
{
	return tape_varies(replay->tape, node) ? replay->lanes : 1;
}

// Gives nodes recorded since the last call their places.
static void take_in(Replay *replay)
{
	const Tape *tape = replay->tape;
	size_t wanted = 0;
	for (size_t i = replay->count; i < tape->count; i++)
		wanted += width_of(replay, (Node)i);
	array_reserve(replay->value, replay->value_count, replay->value_capacity, wanted);
	if (replay->lanes != 1)
		array_reserve(replay->at, replay->count, replay->at_capacity, tape->count - replay->count);
	for (size_t i = replay->count; i < tape->count; i++) {
		uint32_t width = width_of(replay, (Node)i);
		double start = tape_op(tape, (Node)i) == OP_BATCH_SIZE ? replay->lanes : tape->value[i];
		for (uint32_t lane = 0; lane < width; lane++)
			replay->value[replay->value_count + lane] = start;
		if (replay->at)
			replay->at[i] = replay->value_count;
		replay->value_count += width;
	}
	replay->count = tape->count;
}

void replay_start(Replay *replay, const Tape *tape, uint32_t lanes)
{
	assert(lanes > 0);
	*replay = (Replay){.tape = tape, .lanes = lanes};
	take_in(replay);
}

static double *place_of(const Replay *replay, Node node)
{
	assert(node < replay->count);
	return replay->value + (replay->at ? replay->at[node] : node);
}

double replay_value(const Replay *replay, Node node, uint32_t lane)
{
	return place_of(replay, node)[tape_varies(replay->tape, node) ? lane : 0];
}

void replay_set(Replay *replay, Node leaf, uint32_t lane, double value)
{
	assert(lane < width_of(replay, leaf));
	place_of(replay, leaf)[lane] = value;
}

void replay_set_all(Replay *replay, Node leaf, double value)
{
	for (uint32_t lane = 0; lane < width_of(replay, leaf); lane++)
		place_of(replay, leaf)[lane] = value;
}

// ---- One lane: node i is value[i]. One case a row of core/ops.def, and one for the same row with a list.

// Folds the arguments ARGUMENT(0) … ARGUMENT(count - 1).
#define FOLD(op, expression) \
	Real a = ARGUMENT(0), y = a, m = a; \
	uint32_t k = 1; \
	(void)m; \
	if ((op) == OP_ARGMAX || (op) == OP_ARGMIN) \
		y = expression; \
	for (k = 2; k <= count; k++) { \
		a = ARGUMENT(k - 1); \
		y = expression; \
	}

#define LIST_BIT 128

#define RUN_LEAF(id, expression)
#define RUN_UNARY(id, expression) \
	case OP_##id: { \
		const Real a = value[node->a]; \
		value[i] = expression; \
		break; \
	}
#define RUN_BINARY(id, expression) \
	case OP_##id: { \
		const Real a = value[node->a], b = value[node->b]; \
		value[i] = expression; \
		break; \
	}
#define RUN_NARY(id, expression) \
	case OP_##id: { \
		const uint32_t count = node->b == NODE_NONE ? 1 : 2; \
		const Node argument[2] = {node->a, count == 2 ? node->b : node->a}; \
		FOLD(OP_##id, expression) \
		value[i] = y; \
		break; \
	} \
	case OP_##id | LIST_BIT: { \
		const Node *argument = list + node->a; \
		const uint32_t count = node->b; \
		FOLD(OP_##id, expression) \
		value[i] = y; \
		break; \
	}

#define ARGUMENT(n) value[argument[n]]

static void run_single(double *value, const Tape *tape, Node from, Node to)
{
	const Node *list = tape->list;
	const TapeNode *node = tape->node + from;
	for (Node i = from; i < to; i++, node++) {
		switch (node->op | (node->flags & NODE_LIST) << 3) {
#define OP(id, text, arity, form, expression, by_a, by_b, rule) RUN_##arity(id, expression)
#include "core/ops.def"
#undef OP
		}
	}
}

#undef ARGUMENT
#undef RUN_LEAF
#undef RUN_UNARY
#undef RUN_BINARY
#undef RUN_NARY

// ---- Lanes: the same rows in loops over the lanes. What does not vary is read again and again (stride 0).

typedef struct Lanes {
	const double *value;
	uint32_t stride;   // 1 where it varies, else 0
} Lanes;

static Lanes lanes_of(const Replay *replay, Node node)
{
	return (Lanes){place_of(replay, node), tape_varies(replay->tape, node)};
}

#define ARGUMENT(n) argument[n].value[lane * argument[n].stride]
#define RUN_LEAF(id, expression)
#define RUN_UNARY(id, expression) \
	case OP_##id: \
		for (uint32_t lane = 0; lane < width; lane++) { \
			const Real a = ARGUMENT(0); \
			result[lane] = expression; \
		} \
		break;
#define RUN_BINARY(id, expression) \
	case OP_##id: \
		for (uint32_t lane = 0; lane < width; lane++) { \
			const Real a = ARGUMENT(0), b = ARGUMENT(1); \
			result[lane] = expression; \
		} \
		break;
#define RUN_NARY(id, expression) \
	case OP_##id: \
		for (uint32_t lane = 0; lane < width; lane++) { \
			FOLD(OP_##id, expression) \
			result[lane] = y; \
		} \
		break;

static void run_node(Replay *replay, Node i, const Lanes *argument, uint32_t count)
{
	double *result = place_of(replay, i);
	const uint32_t width = width_of(replay, i);
	switch (tape_op(replay->tape, i)) {
#define OP(id, text, arity, form, expression, by_a, by_b, rule) RUN_##arity(id, expression)
#include "core/ops.def"
#undef OP
	default:
		break;
	}
}

static void add_up_lanes(Replay *replay, Node i, Lanes argument)
{
	double sum = 0;
	for (uint32_t lane = 0; lane < replay->lanes; lane++)
		sum += argument.value[lane * argument.stride];
	*place_of(replay, i) = sum;
}

static void run_lanes(Replay *replay, Node from, Node to)
{
	static const double none = 0;
	Lanes few[2] = {{&none, 0}, {&none, 0}}, *lanes = few;
	size_t capacity = 2;
	for (Node i = from; i < to; i++) {
		uint32_t count;
		const Node *argument = tape_arguments(replay->tape, i, &count);
		if (count > capacity) {
			Lanes *more = memory_alloc(memory_product(count, sizeof *more));
			if (lanes != few)
				free(lanes);
			lanes = more;
			capacity = count;
		}
		for (uint32_t k = 0; k < count; k++)
			lanes[k] = lanes_of(replay, argument[k]);
		if (tape_op(replay->tape, i) == OP_BATCH_SUM)
			add_up_lanes(replay, i, lanes[0]);
		else
			run_node(replay, i, lanes, count);
	}
	if (lanes != few)
		free(lanes);
}

void replay_run(Replay *replay, Node from, Node to)
{
	if (replay->count < replay->tape->count)
		take_in(replay);
	if (replay->at)
		run_lanes(replay, from, to);
	else
		run_single(replay->value, replay->tape, from, to);
}

void replay_all(Replay *replay)
{
	replay_run(replay, 0, (Node)replay->tape->count);
}

void replay_carry(Replay *replay, const Carry *carry, size_t count)
{
	double *next = memory_alloc(memory_product(count, sizeof *next));
	for (size_t i = 0; i < count; i++)
		next[i] = replay_value(replay, carry[i].next, 0);
	for (size_t i = 0; i < count; i++)
		replay_set_all(replay, carry[i].leaf, next[i]);
	free(next);
}
