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

static void put_name(Output *output, const Quantity *q, uint32_t row, const Notation *notation)
{
	if (q->kind != QUANTITY_DERIVATIVE) {
		symbol_name(output, q, &script, row, 0);
		return;
	}
	const char *sign = notation->upright ? "\\mathrm{d}" : "\\partial ";
	bool nested = q->of->kind == QUANTITY_DERIVATIVE;
	output_text(output, q->direct ? "\\left." : "");
	output_printf(output, "\\frac{%s", sign);
	if (!nested)
		put_name(output, q->of, 0, notation);
	output_printf(output, "}{%s", sign);
	put_name(output, q->by, 0, notation);
	output_text(output, "}");
	if (nested)
		put_name(output, q->of, 0, notation);
	output_text(output, q->direct ? "\\right|_{\\mathrm{direct}}" : "");
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
    .fraction = {"\\frac{", "}{", "}"}, .power = {"{", "}^{", "}"}, .root = {"\\sqrt{", "}"},
    .bars = {"\\left|", "\\right|"}, .fold = " \\\\\n  & \\quad ",
    .name = put_name, .number = put_number, .function = put_function,
};
