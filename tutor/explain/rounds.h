// Values in later update steps, without replaying all those before for each.
//
// A lesson asks for the loss after 10,000 updates, then after one, then for an output after 10,000. The two replays that
// went furthest apart are kept where they stand, and go on from there.
#ifndef EXPLAIN_ROUNDS_H
#define EXPLAIN_ROUNDS_H

#include "tutor/explain/query.h"

typedef struct Round {
	Replay replay;
	uint32_t step;   // whose values it has; 0 where it was never started
	size_t nodes;    // of the tape, when it was run
} Round;

// Of one model. A zeroed one is valid.
typedef struct Rounds {
	Round kept[2];   // the second is the one that is further on
} Rounds;

// As query_values; `rounds` is of this model.
void rounds_values(Rounds *rounds, const Model *model, const Query *query, size_t count, double *value);
void rounds_free(Rounds *rounds);

#endif
