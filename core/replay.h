// Replay: one pass over the tape gives every node its value. It is the reference that all else is tested against.
//
// A Replay holds values for one batch: `lanes` of them for a node that varies, one for any other. Leaves keep what was
// set; all other nodes are computed in the tape's order.
#ifndef CORE_REPLAY_H
#define CORE_REPLAY_H

#include "core/tape.h"

typedef struct Replay {
	const Tape *tape;
	uint32_t lanes;
	double *value;
	size_t *at;          // where the values of a node begin; NULL where nothing varies: node i is value[i]
	size_t count;        // nodes that have a place in `value`
	size_t value_count, value_capacity, at_capacity;
} Replay;

// What takes the place of a leaf after an update: `leaf` becomes the value of `next`.
typedef struct Carry {
	Node leaf, next;
} Carry;

// Prepares for `lanes` examples and gives the leaves the values that the tape has for them; BATCH_SIZE gets `lanes`.
void replay_start(Replay *replay, const Tape *tape, uint32_t lanes);
void replay_free(Replay *replay);

// Computes the nodes from `from` up to (not including) `to`. Nodes recorded since replay_start are taken in.
void replay_run(Replay *replay, Node from, Node to);
// All of them.
void replay_all(Replay *replay);

// The value of a node in one lane (any lane where it does not vary).
double replay_value(const Replay *replay, Node node, uint32_t lane);
// Sets a leaf: one lane, or all of them.
void replay_set(Replay *replay, Node leaf, uint32_t lane, double value);
void replay_set_all(Replay *replay, Node leaf, double value);

// All leaves at once become the values of their next nodes.
void replay_carry(Replay *replay, const Carry *carry, size_t count);

#endif
