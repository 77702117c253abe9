// What the suites of core/ share: short words for recording, and derivatives by differences.
#ifndef TESTS_TEST_CORE_LIB_H
#define TESTS_TEST_CORE_LIB_H

#include "core/algebra.h"
#include "core/gradient.h"
#include "core/replay.h"
#include "tests/suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static inline Node name(Tape *tape, Node node, const char *text)
{
	tape_name_element(tape, node, tape_family(tape, text, strlen(text)), NULL, 0);
	return node;
}

static inline Node name_at(Tape *tape, Node node, const char *text, int32_t index)
{
	tape_name_element(tape, node, tape_family(tape, text, strlen(text)), &index, 1);
	return node;
}

static inline Node param(Tape *tape, const char *text, double value)
{
	return name(tape, tape_leaf(tape, OP_PARAM, value, false), text);
}

static inline Node input(Tape *tape, const char *text, double value)
{
	return name(tape, tape_leaf(tape, OP_INPUT, value, false), text);
}

static inline Node varying(Tape *tape, const char *text)
{
	return name(tape, tape_leaf(tape, OP_INPUT, 0, true), text);
}

static inline Node add2(Tape *tape, Node a, Node b)
{
	return tape_binary(tape, OP_SUM, a, b);
}

static inline Node mul2(Tape *tape, Node a, Node b)
{
	return tape_binary(tape, OP_PROD, a, b);
}

// True where `node` is `op` on exactly these arguments.
static inline bool is_op(const Tape *tape, Node node, Op op, size_t count, const Node *argument)
{
	uint32_t theirs;
	const Node *there = tape_arguments(tape, node, &theirs);
	return tape_op(tape, node) == op && theirs == count && memcmp(there, argument, count * sizeof *there) == 0;
}

#define IS(tape, node, op, ...) \
	is_op(tape, node, op, sizeof((Node[]){__VA_ARGS__}) / sizeof(Node), (Node[]){__VA_ARGS__})

static inline const Path *path_into(const Gradient *gradient, Node user, Node by)
{
	const Adjoint *adjoint = gradient_find(gradient, by);
	for (uint32_t i = adjoint ? adjoint->paths : PATH_NONE; i != PATH_NONE; i = gradient->path[i].next)
		if (gradient->path[i].user == user)
			return &gradient->path[i];
	return NULL;
}

static inline bool close_to(double got, double want, double relative, double absolute)
{
	if (isnan(want))
		return isnan(got);
	if (isinf(want) || isinf(got))
		return got == want;
	return fabs(got - want) <= absolute + relative * fabs(want);
}

// The derivative of `of` by one lane of a leaf: central differences at h, h/2 and h/4, twice extrapolated (Richardson).
// `of` is replayed as a whole each time; the replay is left as it was.
static inline double difference(Replay *replay, Node of, Node leaf, uint32_t lane, double h)
{
	double x = replay_value(replay, leaf, lane), slope[3];
	for (int i = 0; i < 3; i++, h /= 2) {
		replay_set(replay, leaf, lane, x + h);
		replay_run(replay, 0, of + 1);
		double up = replay_value(replay, of, 0), high = x + h;
		replay_set(replay, leaf, lane, x - h);
		replay_run(replay, 0, of + 1);
		slope[i] = (up - replay_value(replay, of, 0)) / (high - (x - h));
	}
	replay_set(replay, leaf, lane, x);
	replay_run(replay, 0, of + 1);
	double first = (4 * slope[1] - slope[0]) / 3, second = (4 * slope[2] - slope[1]) / 3;
	return (16 * second - first) / 15;
}

// A random number generator for tests (xorshift64*): the same numbers everywhere.
static inline uint64_t random_next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545F4914F6CDD1Du;
}

static inline uint32_t random_below(uint64_t *state, uint32_t limit)
{
	return (uint32_t)((random_next(state) >> 33) % limit);
}

static inline double random_between(uint64_t *state, double low, double high)
{
	return low + (high - low) * (double)(random_next(state) >> 11) * 0x1p-53;
}

#endif
