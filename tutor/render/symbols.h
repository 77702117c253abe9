// Names as books write them: what belongs below, what above, and which letters are Greek.
#ifndef RENDER_SYMBOLS_H
#define RENDER_SYMBOLS_H

#include "tutor/explain/formula.h"
#include "tutor/io/output.h"

// The letter that mathematics writes for a name: α for alpha. NULL where it has none.
const char *symbol_letter(const char *name, size_t size);

// A name as the program has it without what it bears for the program's sake: update.rate is rate.
const char *symbol_bare(const char *name);

// How a notation writes the parts of a name.
typedef struct Script {
	void (*word)(Output *output, const char *word, size_t size);   // w, net, alpha
	void (*mark)(Output *output, const char *mark);                // 5, 2,3, [1], +
	void (*join)(Output *output, const char *base, const char *sub, const char *super, uint32_t row,
	             uint32_t group);                                  // any of the last two may be ""
} Script;

// Writes a name that is no derivative: net_h1 is net with h1 below, w1[2,3] is w with [1] above and 2,3 below, h[3]@2 is
// h with (2) above and 3 below, w5+ is w with + above and 5 below, w5.v is v with w5 below. So the course of Andrew Ng
// writes layers, in brackets, and examples, in parentheses. batch_size is B.
void symbol_name(Output *output, const Quantity *quantity, const Script *script, uint32_t row, uint32_t group);

#endif
