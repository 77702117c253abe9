// How a formula's value depends on the numbers that are put in for its names.
//
// The formula is recorded on a small tape of its own, the names as params, and the tape's gradient
// taken: no second calculus.
#ifndef COURSE_SENSITIVITY_H
#define COURSE_SENSITIVITY_H

#include "tutor/explain/formula.h"

typedef struct Influence {
	uint32_t row;     // the row of the derivation that the name stands for
	double partial;   // the derivative of the formula's value by it
} Influence;

typedef struct Sensitivity {
	Influence *influence;   // one for each row that the formula names
	size_t count;
	double value;   // of the formula, with the leaves' values as they stand in the tree
	double noise;   // a bound on what double precision loses in computing it, to first order
} Sensitivity;

// The result is in `arena`.
Sensitivity sensitivity_of(const Formula *formula, Arena *arena);

#endif
