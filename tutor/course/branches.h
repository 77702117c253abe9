// Which way each kink of a computation went: relu, abs, max, step, eq and the like.
//
// Two replays that took the same branches everywhere lie on one smooth piece of the function.
#ifndef COURSE_BRANCHES_H
#define COURSE_BRANCHES_H

#include "core/replay.h"

typedef struct Branches {
	Node *node;   // the operations with kinks that the result rests on
	size_t count, capacity;
	int32_t *side;   // of each, in each lane
	Node *held;      // DETACH nodes that the result rests on
	size_t held_count, held_capacity;
	double *value;   // of each of those, in each lane
	uint32_t lanes;
} Branches;

// What `result` rests on, with the branches that `replay`, which has been run, took.
void branches_start(Branches *branches, const Replay *replay, Node result);
void branches_free(Branches *branches);

// Computes the nodes from `from` to `to`, holding DETACH nodes at the values that they had at the
// start.
void branches_run(const Branches *branches, Replay *replay, Node from, Node to);
// Whether the replay took the same branches as at the start.
bool branches_same(const Branches *branches, const Replay *replay);

#endif
