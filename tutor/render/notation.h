// Formulas and names in a mathematical notation.
//
// What a formula says, where it needs parentheses and what is left out of it is decided once (notation.c). How its
// pieces are written is a Markup: one file and one table a notation.
#ifndef RENDER_NOTATION_H
#define RENDER_NOTATION_H

#include "tutor/explain/formula.h"
#include "tutor/io/output.h"

#include <stdbool.h>

typedef struct Notation Notation;

// How a notation writes the pieces of a formula. Where a text stands around two others, it is in three parts.
typedef struct Markup {
	bool stacks;                  // quotients have a bar and powers are raised: nothing in them needs parentheses
	const char *plus, *minus, *negative, *times, *cross, *comma, *dots;
	const char *parentheses[2];
	const char *tall[2];          // parentheses around what has fractions in it
	const char *fraction[3], *slash, *power[3];
	const char *root[2], *bars[2];   // of sqrt and abs; NULL where they are written like other functions
	const char *fold;             // where a long formula goes on in a new line
	// `row` is the row of the derivation that a name or number comes from, 0 for none.
	void (*name)(Output *output, const Quantity *quantity, uint32_t row, const Notation *notation);
	void (*number)(Output *output, const char *digits, uint32_t row, const Notation *notation);
	void (*function)(Output *output, const char *name);
} Markup;

extern const Markup markup_text;     // ∂E/∂w₅ and a·b in Unicode, dE/dw5 and a*b, as files have them, in ASCII
extern const Markup markup_latex;
extern const Markup markup_mathml;
extern const Markup markup_width;    // no notation: letters, as many as columns are taken where fractions are stacked

struct Notation {
	const Markup *markup;   // NULL is markup_text
	bool unicode;           // for text
	bool values;            // values put in for names
	bool cross;             // × for products
	bool upright;           // d for ∂
	bool slashed;           // derivatives with a slash, as in a sentence
	int digits;             // of the values, as tutor/render/digits.h has them; -1 for %.17g
	uint32_t widest;        // sums and the like of more arguments are elided: a + b + … + z; 0 for never
	uint32_t columns;       // sums and products wider than this are folded where the markup can; 0 for never
	uint32_t group;         // which derivation of a document the rows are of, 0 for none
};

// A formula. Values are in parentheses where negative, but for a formula that is one value alone.
void notation_formula(Output *output, const Formula *formula, const Notation *notation);
void notation_quantity(Output *output, const Quantity *quantity, const Notation *notation);
// The same, the row known that the name comes from.
void notation_name(Output *output, const Quantity *quantity, uint32_t row, const Notation *notation);
// A derivative of derivatives, d(df/dx)/dy, is one of the second order, of f by y and x. How often `base` is derived in
// all; 1 where it is a first derivative, or cannot be written so because it is taken by a derivative.
uint32_t notation_order(const Quantity *derivative, const Quantity **base);
// How often in a row, from the outermost derivative inwards, the same is derived by: 2 for d(df/dx)/dx.
uint32_t notation_same(const Quantity *derivative, const Quantity *base);
// One number, as the notation has its values.
void notation_value(Output *output, double value, const Notation *notation);
void notation_number(Output *output, double value, uint32_t row, const Notation *notation);

// An exponent as Unicode has it, ². False, and nothing written, where it has none.
bool notation_small_power(Output *output, double exponent);
// Whether notation_formula leaves something out.
bool notation_elides(const Formula *formula, const Notation *notation);

// How many columns a text takes: its characters, for the symbols used here.
size_t notation_columns(const char *text, size_t size);

#endif
