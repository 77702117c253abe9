#include "tutor/render/latex.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_COLUMNS = 76 };

// ---- Text

static const struct {
	const char *text, *latex;
} character[] = {
    {"\\", "\\textbackslash{}"}, {"{", "\\{"}, {"}", "\\}"}, {"$", "\\$"}, {"&", "\\&"}, {"#", "\\#"}, {"%", "\\%"},
    {"_", "\\_"}, {"^", "\\textasciicircum{}"}, {"~", "\\textasciitilde{}"}, {"\"", "{\\char34}"},
    {"<", "$<$"}, {">", "$>$"}, {"|", "$|$"},
    {"“", "``"}, {"”", "''"}, {"‘", "`"}, {"’", "'"}, {"–", "--"}, {"—", "---"}, {"…", "\\dots{}"},
    {"∂", "$\\partial$"}, {"·", "$\\cdot$"}, {"×", "$\\times$"}, {"−", "$-$"}, {"→", "$\\to$"}, {"⁺", "$^+$"},
    {"≈", "$\\approx$"}, {"≤", "$\\le$"}, {"≥", "$\\ge$"}, {"≠", "$\\ne$"}, {"∞", "$\\infty$"}, {"√", "$\\surd$"},
    {"η", "$\\eta$"}, {"α", "$\\alpha$"}, {"β", "$\\beta$"}, {"δ", "$\\delta$"}, {"ε", "$\\varepsilon$"},
    {"λ", "$\\lambda$"}, {"μ", "$\\mu$"}, {"σ", "$\\sigma$"}, {"θ", "$\\theta$"}, {"π", "$\\pi$"}, {"Σ", "$\\Sigma$"},
    {"Δ", "$\\Delta$"}, {"²", "$^2$"}, {"ᵀ", "$^T$"}, {"✓", "$\\surd$"}, {"✗", "$\\times$"}, {"\u00a0", "~"},
};

// Bytes of the character in UTF-8 that begins here.
static size_t character_size(const char *text)
{
	unsigned char c = (unsigned char)*text;
	size_t size = c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4, there = strnlen(text, size);
	return there;
}

static const char *latex_of(const char *text, size_t size)
{
	for (size_t i = 0; i < sizeof character / sizeof *character; i++)
		if (strlen(character[i].text) == size && memcmp(character[i].text, text, size) == 0)
			return character[i].latex;
	return NULL;
}

// ASCII, and the letters with accents that LaTeX's first encoding, OT1, has or puts together.
static bool is_in_ot1(const char *text, size_t size)
{
	static const char missing[] = "«»ÐÞðþĄąĐđĘęĦħĮįĸĿŀŉŊŋŦŧŲųſ";
	unsigned code = size == 2 ? (unsigned)(text[0] & 0x1F) << 6 | (unsigned)(text[1] & 0x3F) : 0;
	if (size < 2)
		return size == 1;
	if (!((code > 0xA0 && code < 0x180 && code != 0xAD) || (code >= 0x218 && code <= 0x21B)))
		return false;
	for (const char *at = missing; *at; at += 2)
		if (memcmp(at, text, 2) == 0)
			return false;
	return true;
}

bool latex_can_set(const char *text)
{
	for (size_t size; *text; text += size) {
		size = character_size(text);
		if (!latex_of(text, size) && !is_in_ot1(text, size))
			return false;
	}
	return true;
}

void latex_text(Output *output, const char *text)
{
	for (size_t size; *text; text += size) {
		size = character_size(text);
		const char *latex = latex_of(text, size);
		if (latex)
			output_text(output, latex);
		else if (is_in_ot1(text, size))
			output_bytes(output, text, size);
		else
			output_text(output, "?");
	}
}

// ---- Formulas

void latex_number(Output *output, const char *digits)
{
	const char *exponent = strchr(digits, 'e');
	bool minus = *digits == '-';
	if (strcmp(digits + minus, "inf") == 0)
		output_printf(output, "%s\\infty ", minus ? "-" : "");
	else if (strcmp(digits + minus, "nan") == 0)
		output_text(output, "\\mathrm{nan}");
	else if (exponent)
		output_printf(output, "%.*s\\cdot 10^{%d}", (int)(exponent - digits), digits, atoi(exponent + 1));
	else
		output_text(output, digits);
}

void latex_name(Output *output, const Quantity *name, const TextStyle *style)
{
	Notation notation = style_notation(style, &markup_latex, 0);
	notation.slashed = true;
	notation_quantity(output, name, &notation);
}

// A new line of the same equation: no page ends before it.
static void put_new_line(Output *output, bool named, bool paper)
{
	output_text(output, paper ? " \\\\*\n  &" : " \\\\\n  &");
	output_text(output, named ? "" : " \\quad");
}

bool latex_equation(Output *output, const Row *row, const TextStyle *style, bool paper)
{
	Equation equation = equation_parts(row, style);
	bool is_long = equation_is_long(&equation, style, LINE_COLUMNS), named = row->name != NULL;
	Notation notation = style_notation(style, &markup_latex, 0);
	notation.columns = equation_fold(&equation, style, LINE_COLUMNS);
	output_text(output, named ? "" : "  & ");
	for (size_t i = 0; i < equation.count; i++) {
		if (i == 1 && named)
			output_text(output, " &");
		else if (i && is_long)
			put_new_line(output, named, paper);
		if (i)
			output_text(output, equation.part[i].about ? " \\approx " : " = ");
		equation_part(output, &equation, i, &notation);
	}
	return is_long;
}

void latex_group(Writer *writer, const Item *item, const char *begin, bool paper)
{
	Output equation = {0};
	bool is_long = latex_equation(&equation, &item->row, &writer->style, paper);
	bool gap = item->apart || is_long || writer->spread;
	output_text(writer->output, !writer->open ? begin : gap ? " \\\\[1.2ex]\n" : " \\\\\n");
	output_bytes(writer->output, output_memory(&equation), equation.count);
	output_abandon(&equation);
	writer->open = true;
	writer->spread = is_long;
}

void latex_group_end(Writer *writer, const char *end)
{
	output_text(writer->output, writer->open ? end : "");
	writer->open = writer->spread = false;
}
