// Formulas as wide as they come out where fractions are stacked and marks are small: one letter a column.
#include "tutor/render/notation.h"
#include "tutor/render/symbols.h"

#include <string.h>

static void put_columns(Output *output, size_t columns)
{
	while (columns--)
		output_text(output, "x");
}

static void put_word(Output *output, const char *word, size_t size)
{
	put_columns(output, symbol_letter(word, size) ? 1 : size);
}

static void join(Output *output, const char *base, const char *sub, const char *super, uint32_t row, uint32_t group)
{
	(void)row;
	(void)group;
	size_t below = strlen(sub), above = strlen(super), marks = below > above ? below : above;
	put_columns(output, strlen(base) + (marks * 3 + 3) / 4);
}

static const Script script = {put_word, output_text, join};

static size_t columns_of(const Quantity *q, const Notation *notation)
{
	Output memory = {0};
	notation_quantity(&memory, q, notation);
	size_t columns = memory.count;
	output_abandon(&memory);
	return columns;
}

static void put_name(Output *output, const Quantity *q, uint32_t row, const Notation *notation)
{
	if (q->kind != QUANTITY_DERIVATIVE) {
		symbol_name(output, q, &script, row, 0);
		return;
	}
	const Quantity *base;
	uint32_t order = notation_order(q, &base);
	size_t of = columns_of(base, notation) + (order > 1), by = 0;
	for (const Quantity *at = q; order; order--, at = at->of)
		by += columns_of(at->by, notation) + (order > 1);
	if (notation->slashed)
		put_columns(output, of + by + 2);
	else
		put_columns(output, 1 + (of > by ? of : by) + (q->direct ? 5 : 0));
}

static void put_number(Output *output, const char *digits, uint32_t row, const Notation *notation)
{
	(void)row;
	(void)notation;
	put_columns(output, strlen(digits));
}

const Markup markup_width = {
    .stacks = true,
    .plus = "   ", .minus = "   ", .negative = " ", .times = "  ", .cross = "   ", .comma = "  ", .dots = "   ",
    .parentheses = {" ", " "}, .tall = {" ", " "},
    .fraction = {"", "", ""}, .power = {"", "", ""}, .root = {" ", ""}, .bars = {" ", " "},
    .name = put_name, .number = put_number, .function = output_text,
};
