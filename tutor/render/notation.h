// Formulas and names as one line of text.
#ifndef RENDER_NOTATION_H
#define RENDER_NOTATION_H

#include "tutor/explain/formula.h"
#include "tutor/io/output.h"

#include <stdbool.h>

typedef struct Notation {
	bool unicode;      // ∂E/∂w₅ and a·b; else dE/dw5 and a*b, as files have them
	bool values;       // values put in for names
	int digits;        // of the values, as tutor/render/digits.h has them; -1 for %.17g
	uint32_t widest;   // sums and the like of more arguments are elided: a + b + … + z; 0 for never
} Notation;

// A formula. Values are in parentheses where negative, but for a formula that is one value alone.
void notation_formula(Output *output, const Formula *formula, const Notation *notation);
void notation_quantity(Output *output, const Quantity *quantity, const Notation *notation);
// One number, as the notation has its values.
void notation_value(Output *output, double value, const Notation *notation);

// Whether notation_formula leaves something out.
bool notation_elides(const Formula *formula, const Notation *notation);

// How many columns a text takes: its characters, for the symbols used here.
size_t notation_columns(const char *text, size_t size);

#endif
