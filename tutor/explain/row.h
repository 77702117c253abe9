// A row of a derivation, written out: one line that a person would write. Renderers see rows and formulas, no tape.
#ifndef EXPLAIN_ROW_H
#define EXPLAIN_ROW_H

#include "tutor/explain/formula.h"

#include <stdbool.h>

typedef enum Phase {
	PHASE_GIVEN,      // inputs, targets, consts, params, states, before the shown step
	PHASE_FORWARD,    // each step
	PHASE_PARTIAL,    // the local dA/dB of a step A by what it uses directly
	PHASE_PATH,       // where a sum over paths has more than one term: each term dL/dA*dA/dB
	PHASE_GRADIENT,   // dL/dX
	PHASE_UPDATE,     // states, then w+
} Phase;

const char *phase_text(Phase phase);

typedef struct Row {
	Phase phase;
	uint32_t id;              // from 1
	const Quantity *name;     // NULL for a PATH, whose name is its formula
	Formula *formula;         // NULL for GIVEN
	double value;
	const char *rule;         // what the rule is called that makes the value
	bool open;                // the value is not told: name and formula alone are shown
	bool in_numbers;          // the formula is shown with its numbers put in alone
} Row;

// d`of`/d`by`.
const Quantity *quantity_derivative(const Quantity *of, const Quantity *by, bool direct, Arena *arena);
// A name exactly as files have it: w1[2,3], dL/dh[3]@2, w5.v+.
char *quantity_text(const Quantity *quantity, Arena *arena);
// The ids of the rows that a row's formula uses, ascending, each once. Their number; the ids are in `arena`.
size_t row_parents(const Row *row, Arena *arena, const uint32_t **ids);

#endif
