#include "tutor/course/branches.h"

#include <stdlib.h>
#include <string.h>

static bool has_kink(Op op)
{
	switch (op) {
	case OP_MAX:
	case OP_MIN:
	case OP_ARGMAX:
	case OP_ARGMIN:
	case OP_EQ:
	case OP_ABS:
	case OP_SIGN:
	case OP_STEP:
	case OP_RELU:
	case OP_LEAKY_RELU:
	case OP_LEAKY_STEP:
	case OP_ELU:
		return true;
	default:
		return false;
	}
}

// The number of the first largest (or smallest) argument.
static int32_t first_extreme(const Replay *replay, const Node *argument, uint32_t count,
                             uint32_t lane, double sign)
{
	uint32_t best = 0;
	for (uint32_t i = 1; i < count; i++)
		if (sign * replay_value(replay, argument[i], lane) >
		    sign * replay_value(replay, argument[best], lane))
			best = i;
	return (int32_t)best;
}

static int32_t side_of(const Replay *replay, Node node, uint32_t lane)
{
	uint32_t count;
	const Node *argument = tape_arguments(replay->tape, node, &count);
	Op op = tape_op(replay->tape, node);
	double a = replay_value(replay, argument[0], lane);
	if (op == OP_MAX || op == OP_ARGMAX)
		return first_extreme(replay, argument, count, lane, 1);
	if (op == OP_MIN || op == OP_ARGMIN)
		return first_extreme(replay, argument, count, lane, -1);
	if (op == OP_EQ)
		a -= replay_value(replay, argument[1], lane);
	return (a > 0) - (a < 0);
}

// By one walk from the result down.
static uint8_t *find_what_it_rests_on(const Tape *tape, Node result)
{
	uint8_t *rests = memory_alloc(result + (size_t)1);
	memset(rests, 0, result + (size_t)1);
	rests[result] = 1;
	for (size_t i = result + (size_t)1; i-- > 0;) {
		uint32_t count;
		const Node *argument = tape_arguments(tape, (Node)i, &count);
		for (uint32_t k = 0; rests[i] && k < count; k++)
			rests[argument[k]] = 1;
	}
	return rests;
}

static void list_nodes(Branches *branches, const Tape *tape, const uint8_t *rests, Node result)
{
	for (Node node = 0; node <= result; node++) {
		Op op = tape_op(tape, node);
		if (rests[node] && has_kink(op)) {
			array_reserve(branches->node, branches->count, branches->capacity, 1);
			branches->node[branches->count++] = node;
		}
		if (rests[node] && op == OP_DETACH) {
			array_reserve(branches->held, branches->held_count, branches->held_capacity, 1);
			branches->held[branches->held_count++] = node;
		}
	}
}

void branches_start(Branches *branches, const Replay *replay, Node result)
{
	*branches = (Branches){.lanes = replay->lanes};
	uint8_t *rests = find_what_it_rests_on(replay->tape, result);
	list_nodes(branches, replay->tape, rests, result);
	free(rests);
	size_t lanes = replay->lanes;
	branches->side = memory_alloc(memory_product(branches->count * lanes, sizeof(int32_t)));
	branches->value = memory_alloc(memory_product(branches->held_count * lanes, sizeof(double)));
	for (size_t i = 0; i < branches->count; i++)
		for (uint32_t lane = 0; lane < lanes; lane++)
			branches->side[i * lanes + lane] = side_of(replay, branches->node[i], lane);
	for (size_t i = 0; i < branches->held_count; i++)
		for (uint32_t lane = 0; lane < lanes; lane++)
			branches->value[i * lanes + lane] = replay_value(replay, branches->held[i], lane);
}

void branches_free(Branches *branches)
{
	free(branches->node);
	free(branches->side);
	free(branches->held);
	free(branches->value);
	*branches = (Branches){0};
}

void branches_run(const Branches *branches, Replay *replay, Node from, Node to)
{
	for (size_t i = 0; i < branches->held_count; i++) {
		Node held = branches->held[i];
		if (held < from || held >= to)
			continue;
		replay_run(replay, from, held + 1);
		uint32_t lanes = tape_varies(replay->tape, held) ? branches->lanes : 1;
		for (uint32_t lane = 0; lane < lanes; lane++)
			replay_set(replay, held, lane, branches->value[i * branches->lanes + lane]);
		from = held + 1;
	}
	replay_run(replay, from, to);
}

bool branches_same(const Branches *branches, const Replay *replay)
{
	for (size_t i = 0; i < branches->count; i++) {
		uint32_t lanes = tape_varies(replay->tape, branches->node[i]) ? branches->lanes : 1;
		for (uint32_t lane = 0; lane < lanes; lane++)
			if (side_of(replay, branches->node[i], lane) !=
			    branches->side[i * branches->lanes + lane])
				return false;
	}
	return true;
}
