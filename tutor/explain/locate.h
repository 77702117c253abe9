// The row of a derivation that a name means.
#ifndef EXPLAIN_LOCATE_H
#define EXPLAIN_LOCATE_H

#include "tutor/explain/derivation.h"

typedef struct Located {
	const Derivation *derivation;   // the one given, or `own`
	uint32_t id;
	Derivation own;                 // of another derivative, recorded for the question
} Located;

// The row called `name` (a name as tutor/explain/query.h has them, without #) in `derivation`, which shows `model` with
// the values of `replay`. A derivative that it does not show is recorded, replayed and derived on its own. False and
// `error` where there is no such thing. Freed by located_free.
bool locate_row(Located *located, Model *model, Replay *replay, const Derivation *derivation, const char *name,
                Error *error);
void located_free(Located *located);

#endif
