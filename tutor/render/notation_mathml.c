// Formulas and names in MathML Core.
#include "tutor/render/html.h"
#include "tutor/render/notation.h"
#include "tutor/render/symbols.h"

#include <stdlib.h>
#include <string.h>

static void put_word(Output *output, const char *word, size_t size)
{
	const char *letter = symbol_letter(word, size);
	output_text(output, "<mi>");
	output_bytes(output, letter ? letter : word, letter ? strlen(letter) : size);
	output_text(output, "</mi>");
}

static void put_mark(Output *output, const char *mark)
{
	output_printf(output, strcmp(mark, "+") == 0 ? "<mo>%s</mo>" : "<mn>%s</mn>", mark);
}

static void open_element(Output *output, const char *element, uint32_t row, uint32_t group)
{
	output_printf(output, "<%s", element);
	html_row(output, group, row);
	output_text(output, ">");
}

// More than one element in a row, as one.
static void put_grouped(Output *output, const char *content)
{
	const char *close = strstr(content, "</");
	bool one = close && !strchr(close + 2, '<') && content[0] == '<';
	output_printf(output, one ? "%s" : "<mrow>%s</mrow>", content);
}

static void join(Output *output, const char *base, const char *sub, const char *super, uint32_t row, uint32_t group)
{
	const char *element = *sub && *super ? "msubsup" : *sub ? "msub" : *super ? "msup" : "mrow";
	open_element(output, element, row, group);
	put_grouped(output, base);
	if (*sub)
		put_grouped(output, sub);
	if (*super)
		put_grouped(output, super);
	output_printf(output, "</%s>", element);
}

static const Script script = {put_word, put_mark, join};

static void put_derivative(Output *output, const Quantity *q, uint32_t row, const Notation *notation);

static void put_name(Output *output, const Quantity *q, uint32_t row, const Notation *notation)
{
	if (q->kind == QUANTITY_DERIVATIVE)
		put_derivative(output, q, row, notation);
	else
		symbol_name(output, q, &script, row, notation->group);
}

static void put_raised(Output *output, const char *base, uint32_t exponent)
{
	if (exponent > 1)
		output_printf(output, "<msup>%s<mn>%u</mn></msup>", base, (unsigned)exponent);
	else
		output_text(output, base);
}

static void put_sign(Output *output, uint32_t order, const Notation *notation)
{
	put_raised(output, notation->upright ? "<mi mathvariant=\"normal\">d</mi>" : "<mi>∂</mi>", order);
}

// What is derived, or derived by.
static void put_end(Output *output, const Quantity *q, uint32_t exponent, const Notation *notation)
{
	Output name = {0};
	bool nested = q->kind == QUANTITY_DERIVATIVE;
	output_text(&name, nested ? "<mrow><mo>(</mo>" : "");
	put_name(&name, q, 0, notation);
	output_text(&name, nested ? "<mo>)</mo></mrow>" : "");
	put_raised(output, output_memory(&name), exponent);
	output_abandon(&name);
}

static void put_derivative(Output *output, const Quantity *q, uint32_t row, const Notation *notation)
{
	const Quantity *base;
	uint32_t order = notation_order(q, &base);
	const char *element = notation->slashed ? "mrow" : "mfrac";
	if (q->direct)
		output_text(output, "<msub><mrow>");
	open_element(output, element, row, notation->group);
	output_text(output, "<mrow>");
	put_sign(output, order, notation);
	put_end(output, base, 1, notation);
	output_text(output, notation->slashed ? "</mrow><mo lspace=\"0\" rspace=\"0\">/</mo><mrow>" : "</mrow><mrow>");
	for (const Quantity *at = q; order;) {
		uint32_t same = order > 1 ? notation_same(at, base) : 1;
		put_sign(output, 1, notation);
		put_end(output, at->by, same, notation);
		for (order -= same; same; same--)
			at = at->of;
	}
	output_printf(output, "</mrow></%s>", element);
	if (q->direct)
		output_text(output, "<mo stretchy=\"true\" form=\"postfix\">|</mo></mrow><mi>direct</mi></msub>");
}

// A minus sign is no hyphen.
static void put_digits(Output *output, const char *digits, size_t size)
{
	bool minus = *digits == '-';
	output_text(output, minus ? "−" : "");
	output_bytes(output, digits + minus, size - minus);
}

static void put_number(Output *output, const char *digits, uint32_t row, const Notation *notation)
{
	const char *exponent = strchr(digits, 'e');
	if (strcmp(digits, "inf") == 0 || strcmp(digits, "-inf") == 0)
		digits = *digits == '-' ? "-∞" : "∞", exponent = NULL;
	open_element(output, exponent ? "mrow" : "mn", row, notation->group);
	output_text(output, exponent ? "<mn>" : "");
	put_digits(output, digits, exponent ? (size_t)(exponent - digits) : strlen(digits));
	if (exponent)
		output_printf(output, "</mn><mo>·</mo><msup><mn>10</mn><mn>%s%d</mn></msup></mrow>",
		              exponent[1] == '-' ? "−" : "", abs(atoi(exponent + 1)));
	else
		output_text(output, "</mn>");
}

static void put_function(Output *output, const char *name)
{
	const char *letter = strcmp(name, "Phi") == 0 ? "Φ" : strcmp(name, "phi") == 0 ? "φ" : name;
	output_printf(output, "<mi>%s</mi><mo>&#x2061;</mo>", letter);
}

const Markup markup_mathml = {
    .stacks = true,
    .plus = "<mo>+</mo>", .minus = "<mo>−</mo>", .negative = "<mo form=\"prefix\">−</mo>",
    .times = "<mo>·</mo>", .cross = "<mo>×</mo>", .comma = "<mo>,</mo>", .dots = "<mo>⋯</mo>",
    .parentheses = {"<mo stretchy=\"false\">(</mo>", "<mo stretchy=\"false\">)</mo>"},
    .tall = {"<mrow><mo>(</mo>", "<mo>)</mo></mrow>"},
    .fraction = {"<mfrac><mrow>", "</mrow><mrow>", "</mrow></mfrac>"}, .slash = "<mo>/</mo>",
    .power = {"<msup><mrow>", "</mrow><mrow>", "</mrow></msup>"},
    .root = {"<msqrt>", "</msqrt>"}, .bars = {"<mrow><mo>|</mo>", "<mo>|</mo></mrow>"},
    .fold = "</mrow></mtd></mtr><mtr><mtd></mtd><mtd><mrow><mspace width=\"2em\"/>",
    .name = put_name, .number = put_number, .function = put_function,
};
