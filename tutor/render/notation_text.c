// Formulas and names as one line of text.
#include "tutor/render/notation.h"
#include "tutor/render/symbols.h"

#include <ctype.h>
#include <string.h>

static void put_symbol(Output *output, const char *name)
{
	static const char *const subscript[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};
	const char *bare = symbol_bare(name);
	size_t length = strlen(bare), letters = length;
	while (letters > 1 && isdigit((unsigned char)bare[letters - 1]))
		letters--;
	const char *letter = symbol_letter(bare, letters);
	output_bytes(output, letter ? letter : bare, letter ? strlen(letter) : letters);
	for (; letters < length; letters++)
		output_text(output, subscript[bare[letters] - '0']);
}

static void put_quantity(Output *output, const Quantity *q, const Notation *notation);

static void put_end(Output *output, const Quantity *q, const Notation *notation)
{
	bool nested = q->kind == QUANTITY_DERIVATIVE;
	output_text(output, notation->unicode && !notation->upright ? "∂" : "d");
	output_text(output, nested ? "(" : "");
	put_quantity(output, q, notation);
	output_text(output, nested ? ")" : "");
}

static void put_element(Output *output, const Quantity *q, const Notation *notation)
{
	if (notation->unicode)
		put_symbol(output, q->text);
	else
		output_text(output, q->text);
	for (uint32_t i = 0; i < q->rank; i++)
		output_printf(output, "%c%d", i ? ',' : '[', (int)q->index[i]);
	output_text(output, q->rank ? "]" : "");
	if (q->example)
		output_printf(output, "@%u", (unsigned)q->example);
}

static void put_quantity(Output *output, const Quantity *q, const Notation *notation)
{
	switch (q->kind) {
	case QUANTITY_ELEMENT:
		put_element(output, q, notation);
		break;
	case QUANTITY_DERIVATIVE:
		put_end(output, q->of, notation);
		output_text(output, "/");
		put_end(output, q->by, notation);
		output_text(output, q->direct ? ":direct" : "");
		break;
	case QUANTITY_NEXT:
		put_quantity(output, q->of, notation);
		output_text(output, notation->unicode ? "⁺" : "+");
		break;
	case QUANTITY_MEMBER:
		put_quantity(output, q->of, notation);
		output_text(output, ".");
		output_text(output, q->text);
		break;
	}
}

static void put_name(Output *output, const Quantity *quantity, uint32_t row, const Notation *notation)
{
	(void)row;
	put_quantity(output, quantity, notation);
}

static void put_number(Output *output, const char *digits, uint32_t row, const Notation *notation)
{
	(void)row;
	(void)notation;
	output_text(output, digits);
}

const Markup markup_text = {
    .plus = " + ", .minus = " - ", .negative = "-", .times = "·", .cross = "×", .comma = ", ", .dots = "…",
    .parentheses = {"(", ")"}, .tall = {"(", ")"}, .fraction = {"", "/", ""}, .power = {"", "^", ""},
    .name = put_name, .number = put_number, .function = output_text,
};
