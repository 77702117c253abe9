#include "tutor/render/html.h"

#include <string.h>

void html_text(Output *output, const char *text)
{
	while (*text) {
		size_t plain = strcspn(text, "&<>\"");
		output_bytes(output, text, plain);
		text += plain;
		if (*text)
			output_text(output, *text == '&' ? "&amp;" : *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : "&quot;");
		text += *text != '\0';
	}
}

void html_number(Output *output, const char *digits)
{
	bool minus = *digits == '-';
	output_text(output, minus ? "−" : "");
	output_text(output, digits + minus);
}

void html_row(Output *output, uint32_t group, uint32_t row)
{
	if (group && row)
		output_printf(output, " data-row=\"%u.%u\"", (unsigned)group, (unsigned)row);
}

// Base64 of RFC 4648.
static void put_base64(Output *output, const unsigned char *bytes, size_t size)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < size; i += 3) {
		unsigned three = (unsigned)bytes[i] << 16;
		three |= i + 1 < size ? (unsigned)bytes[i + 1] << 8 : 0;
		three |= i + 2 < size ? bytes[i + 2] : 0;
		char four[4] = {digit[three >> 18], digit[three >> 12 & 63], digit[three >> 6 & 63], digit[three & 63]};
		four[2] = i + 1 < size ? four[2] : '=';
		four[3] = i + 2 < size ? four[3] : '=';
		output_bytes(output, four, 4);
	}
}

void html_file(Output *output, const char *name, bool base64)
{
	const Embedded *file = embedded_find(name);
	if (file && base64)
		put_base64(output, (const unsigned char *)file->data, file->size);
	else if (file)
		output_bytes(output, file->data, file->size);
}

// ---- Formulas

enum { LINE_COLUMNS = 76 };

static void put_alttext(Output *output, const Row *row, const TextStyle *style)
{
	Output text = {0};
	TextStyle line = *style;
	line.indent = 0;
	line.width = UINT32_MAX;
	equation_print(&text, row, &line);
	text.count -= text.count > 0;   // its line's end
	html_text(output, output_memory(&text));
	output_abandon(&text);
}

static void put_sign(Output *output, const Part *part)
{
	output_text(output, part->about ? "<mo>≈</mo>" : "<mo>=</mo>");
}

// One row of parts, or rows in two columns, the = signs in the second.
static void put_parts(Output *output, const Equation *equation, bool rows, const Notation *notation)
{
	bool named = equation->row->name != NULL;
	output_text(output, !rows ? "" : named ? "<mtable displaystyle=\"true\"><mtr><mtd>"
	                                       : "<mtable displaystyle=\"true\"><mtr><mtd></mtd><mtd>");
	for (size_t i = 0; i < equation->count; i++) {
		if (rows && i)
			output_text(output, i == 1 && named ? "</mtd><mtd>" : "</mtd></mtr><mtr><mtd></mtd><mtd>");
		if (i)
			put_sign(output, &equation->part[i]);
		output_text(output, "<mrow>");
		equation_part(output, equation, i, notation);
		output_text(output, "</mrow>");
	}
	output_text(output, rows ? "</mtd></mtr></mtable>" : "");
}

void html_equation(Output *output, const Item *item, const TextStyle *style)
{
	Equation equation = equation_parts(&item->row, style);
	bool rows = equation_is_long(&equation, style, LINE_COLUMNS);
	Notation notation = style_notation(style, &markup_mathml, item->group);
	notation.columns = rows ? equation_fold(&equation, style, LINE_COLUMNS) : 0;
	output_printf(output, "<div class=\"eq%s\"", item->apart ? " apart" : "");
	html_row(output, item->group, item->row.id);
	output_text(output, "><math display=\"block\" alttext=\"");
	put_alttext(output, &item->row, style);
	output_text(output, "\">");
	put_parts(output, &equation, rows, &notation);
	output_text(output, "</math></div>\n");
}

void html_name(Output *output, const Quantity *name, uint32_t group, uint32_t row, const TextStyle *style)
{
	Notation text = text_notation(style), notation = style_notation(style, &markup_mathml, group);
	notation.slashed = true;
	Output alttext = {0};
	notation_quantity(&alttext, name, &text);
	output_text(output, "<math alttext=\"");
	html_text(output, output_memory(&alttext));
	output_text(output, "\">");
	notation_name(output, name, row, &notation);
	output_text(output, "</math>");
	output_abandon(&alttext);
}
