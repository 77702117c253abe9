// Formulas and names in LaTeX, of which amsmath is all that is needed.
#include "tutor/render/latex.h"
#include "tutor/render/notation.h"
#include "tutor/render/symbols.h"

#include <string.h>

static void put_word(Output *output, const char *word, size_t size)
{
	const char *letter = symbol_letter(word, size);
	if (letter && strcmp(letter, "η") == 0)
		output_text(output, "\\eta");
	else if (letter && strcmp(letter, "ε") == 0)
		output_text(output, "\\varepsilon");
	else if (letter)
		output_printf(output, "\\%.*s", (int)size, word);
	else
		output_printf(output, size == 1 ? "%.*s" : "\\mathrm{%.*s}", (int)size, word);
}

static void join(Output *output, const char *base, const char *sub, const char *super, uint32_t row, uint32_t group)
{
	(void)row;
	(void)group;
	output_text(output, base);
	if (*sub)
		output_printf(output, sub[1] ? "_{%s}" : "_%s", sub);
	if (*super)
		output_printf(output, super[1] ? "^{%s}" : "^%s", super);
}

static const Script script = {put_word, output_text, join};

static void put_name(Output *output, const Quantity *q, uint32_t row, const Notation *notation);

static void put_sign(Output *output, uint32_t order, const Notation *notation)
{
	output_text(output, notation->upright ? "\\mathrm{d}" : "\\partial");
	if (order > 1)
		output_printf(output, "^{%u}", (unsigned)order);
	output_text(output, notation->upright && order == 1 ? "" : " ");
}

// What is derived, or derived by.
static void put_end(Output *output, const Quantity *q, const Notation *notation)
{
	bool nested = q->kind == QUANTITY_DERIVATIVE;
	output_text(output, nested ? "\\left(" : "");
	put_name(output, q, 0, notation);
	output_text(output, nested ? "\\right)" : "");
}

static void put_name(Output *output, const Quantity *q, uint32_t row, const Notation *notation)
{
	if (q->kind != QUANTITY_DERIVATIVE) {
		symbol_name(output, q, &script, row, 0);
		return;
	}
	const Quantity *base;
	uint32_t order = notation_order(q, &base);
	output_text(output, q->direct ? "\\left." : "");
	output_text(output, notation->slashed ? "" : "\\frac{");
	put_sign(output, order, notation);
	put_end(output, base, notation);
	output_text(output, notation->slashed ? "/" : "}{");
	for (const Quantity *at = q; order;) {
		uint32_t same = order > 1 ? notation_same(at, base) : 1;
		put_sign(output, 1, notation);
		put_end(output, at->by, notation);
		if (same > 1)
			output_printf(output, "^{%u}", (unsigned)same);
		for (order -= same; same; same--)
			at = at->of;
		output_text(output, order ? "\\," : "");
	}
	output_text(output, notation->slashed ? "" : "}");
	output_text(output, q->direct ? "\\right\\vert_{\\mathrm{direct}}" : "");
}

static void put_number(Output *output, const char *digits, uint32_t row, const Notation *notation)
{
	(void)row;
	(void)notation;
	latex_number(output, digits);
}

static void put_function(Output *output, const char *name)
{
	static const char *const known[] = {"exp", "log", "sin", "cos", "tanh", "max", "min", "phi", "Phi"};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(name, known[i]) == 0) {
			output_printf(output, "\\%s", name);
			return;
		}
	output_text(output, "\\operatorname{");
	latex_text(output, name);
	output_text(output, "}");
}

const Markup markup_latex = {
    .stacks = true,
    .plus = " + ", .minus = " - ", .negative = "-", .times = " \\cdot ", .cross = " \\times ", .comma = ", ",
    .dots = "\\cdots ", .parentheses = {"(", ")"}, .tall = {"\\left(", "\\right)"},
    .fraction = {"\\frac{", "}{", "}"}, .slash = "/", .power = {"{", "}^{", "}"}, .root = {"\\sqrt{", "}"},
    .bars = {"\\left\\vert ", "\\right\\vert "}, .fold = " \\\\\n  & \\quad ",
    .name = put_name, .number = put_number, .function = put_function,
};
