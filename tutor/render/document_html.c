// Documents in HTML: one file that needs no other, readable without its script.
#include "tutor/render/chart.h"
#include "tutor/render/html.h"
#include "tutor/render/symbols.h"

#include <stdio.h>
#include <string.h>

static void html_start(Writer *writer)
{
	Output *output = writer->output;
	output_text(output, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	                    "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	html_text(output, writer->title);
	output_text(output, "</title>\n<style>\n@font-face { font-family: \"Tutor Math\"; src: url(data:font/woff2;base64,");
	html_file(output, "font/TutorMath.woff2", true);
	output_text(output, ") format(\"woff2\"); }\n");
	html_file(output, "tutor/render/page.css", false);
	html_file(output, "tutor/render/chart.css", false);
	output_text(output, "</style>\n</head>\n<body>\n<main>\n");
}

// ---- Sentences

static void put_element(Output *output, const char *element, const char *text)
{
	output_printf(output, "<%s>", element);
	html_text(output, text);
	output_printf(output, "</%s>", element);
}

static void put_digits(Output *output, double value, const Notation *notation)
{
	Output digits = {0};
	notation_value(&digits, value, notation);
	html_number(output, output_memory(&digits));
	output_abandon(&digits);
}

static void put_value(Output *output, double value, uint32_t group, uint32_t row, const Notation *notation)
{
	output_text(output, "<span class=\"value\"");
	html_row(output, group, row);
	output_text(output, ">");
	put_digits(output, value, notation);
	output_text(output, "</span>");
}

static void put_run(Output *output, const Run *run, const TextStyle *style)
{
	Notation notation = text_notation(style);
	switch (run->kind) {
	case RUN_TEXT:
		html_text(output, run->text);
		break;
	case RUN_CODE:
		put_element(output, "code", run->text);
		break;
	case RUN_NAME:
		html_name(output, run->name, run->group, run->row, style);
		break;
	case RUN_EMPHASIS:
	case RUN_STRONG:
		put_element(output, run->kind == RUN_STRONG ? "strong" : "em", run->text);
		break;
	case RUN_LINK:
		output_text(output, "<a href=\"");
		html_text(output, run->target);
		output_text(output, "\">");
		html_text(output, run->text);
		output_text(output, "</a>");
		break;
	case RUN_VALUE:
		put_value(output, run->value, run->group, run->row, &notation);
		break;
	case RUN_PRINTED:
		output_text(output, "<span class=\"value\">");
		html_number(output, run->text);
		output_text(output, "</span>");
		break;
	case RUN_BREAK:
		output_text(output, "<br>");
		break;
	}
}

static void put_sentence(Output *output, const Item *item, const char *element, const TextStyle *style)
{
	output_printf(output, "<%s>", element);
	for (const Run *run = item->run; run; run = run->next)
		put_run(output, run, style);
	output_printf(output, "</%s>\n", element);
}

// ---- Tables: figure blanks behind a number bring the decimal points into line.

static bool is_number(const Item *table, size_t i)
{
	return table->cell[i].kind == CELL_VALUES && table->cell[i].count == 1;
}

static bool is_empty(const Cell *cell)
{
	return cell->kind == CELL_TEXT && !*cell->text;
}

// Whether a column has nothing but numbers below its head, from the first row on.
static bool is_numbers(const Item *table, size_t column)
{
	size_t first = table->columns + column;
	for (size_t i = first; i < table->rows * table->columns; i += table->columns)
		if (!is_number(table, i) && !(i > first && is_empty(&table->cell[i])))
			return false;
	return table->rows > 1;
}

static void write_number(Output *output, const Cell *cell, const TextStyle *style)
{
	Notation notation = text_notation(style);
	notation.digits = cell->digits ? cell->digits : style->digits;
	put_digits(output, cell->value[0], &notation);
}

// Characters from the decimal point on.
static size_t behind_point(const Item *table, size_t i, const TextStyle *style)
{
	Output memory = {0};
	write_number(&memory, &table->cell[i], style);
	const char *text = output_memory(&memory), *point = strchr(text, '.');
	size_t size = point ? strlen(point) : 0;
	output_abandon(&memory);
	return size;
}

static size_t most_behind_point(const Item *table, size_t column, const TextStyle *style)
{
	size_t most = 0;
	for (size_t i = column; i < table->rows * table->columns; i += table->columns) {
		size_t size = is_number(table, i) ? behind_point(table, i, style) : 0;
		most = size > most ? size : most;
	}
	return most;
}

static void put_number(Output *output, const Item *table, size_t i, const TextStyle *style)
{
	size_t behind = behind_point(table, i, style), most = most_behind_point(table, i % table->columns, style);
	write_number(output, &table->cell[i], style);
	if (!is_numbers(table, i % table->columns))
		return;
	// Spaces as wide as a point and as a digit.
	if (behind == 0 && most > 0)
		output_text(output, "&#x2008;"), behind++;
	while (behind++ < most)
		output_text(output, "&#x2007;");
}

// A name without a formula, as heads of tables have it: not all readers find a formula there.
static void put_word(Output *output, const char *word, size_t size)
{
	const char *letter = symbol_letter(word, size);
	output_text(output, letter || size == 1 ? "<i>" : "");
	output_bytes(output, letter ? letter : word, letter ? strlen(letter) : size);
	output_text(output, letter || size == 1 ? "</i>" : "");
}

static void join(Output *output, const char *base, const char *sub, const char *super, uint32_t row, uint32_t group)
{
	(void)row;
	(void)group;
	output_text(output, base);
	if (*sub)
		output_printf(output, "<sub>%s</sub>", sub);
	if (*super)
		output_printf(output, "<sup>%s</sup>", super);
}

static const Script plain_script = {put_word, output_text, join};

static void put_name(Output *output, const Quantity *name, bool head, const TextStyle *style)
{
	if (head && name->kind != QUANTITY_DERIVATIVE)
		symbol_name(output, name, &plain_script, 0, 0);
	else
		html_name(output, name, 0, 0, style);
}

static void put_cell(Output *output, const Item *table, size_t i, const TextStyle *style)
{
	const Cell *cell = &table->cell[i];
	Notation notation = text_notation(style);
	if (is_number(table, i)) {
		put_number(output, table, i, style);
		return;
	}
	if (cell->kind == CELL_TEXT)
		html_text(output, cell->text);
	for (size_t k = 0; k < cell->count; k++) {
		output_text(output, k ? ", " : "");
		if (cell->kind == CELL_NAMES)
			put_name(output, cell->name[k], i < table->columns, style);
		else
			put_digits(output, cell->value[k], &notation);
	}
}

static void put_table(Output *output, const Item *table, const TextStyle *style)
{
	output_text(output, "<div class=\"table\"><table>\n<thead>\n");
	for (size_t i = 0; i < table->rows * table->columns; i++) {
		size_t row = i / table->columns, column = i % table->columns;
		const Cell *cell = &table->cell[i];
		bool head = row == 0 && !(cell->kind == CELL_TEXT && !*cell->text);
		bool number = is_numbers(table, column);
		output_text(output, column ? "" : "<tr>");
		static const char *const tone[] = {"", " class=\"good\"", " class=\"doubt\"", " class=\"bad\""};
		output_printf(output, "<%s%s>", head ? "th scope=\"col\"" : "td",
		              number ? " class=\"number\"" : tone[cell->tone]);
		put_cell(output, table, i, style);
		output_text(output, head ? "</th>" : "</td>");
		if (column + 1 == table->columns)
			output_text(output, row ? "</tr>\n" : "</tr>\n</thead>\n<tbody>\n");
	}
	output_text(output, "</tbody>\n</table></div>\n");
}

// ---- Lists

static void close_lists(Writer *writer, int depth)
{
	for (; writer->depth > depth; writer->depth--)
		output_printf(writer->output, "</li></%s>\n", writer->list[writer->depth - 1] == '1' ? "ol" : "ul");
}

static void html_point(Writer *writer, const Item *item)
{
	int depth = item->level < 1 ? 1 : item->level > 8 ? 8 : item->level;
	close_lists(writer, depth);
	if (writer->depth == depth)
		output_text(writer->output, "</li>\n");
	for (; writer->depth < depth; writer->depth++) {
		writer->list[writer->depth] = item->number ? '1' : '-';
		output_text(writer->output, item->number ? "<ol>\n" : "<ul>\n");
	}
	output_text(writer->output, "<li>");
	for (const Run *run = item->run; run; run = run->next)
		put_run(writer->output, run, &writer->style);
}

// ---- Items

static void html_heading(Writer *writer, const Item *item)
{
	static const char level[][3] = {"h1", "h2", "h3", "h4", "h5", "h6"};
	put_sentence(writer->output, item, level[(item->level - 1) % 6], &writer->style);
}

static void html_paragraph(Writer *writer, const Item *item)
{
	put_sentence(writer->output, item, "p", &writer->style);
}

static void html_quote(Writer *writer, const Item *item)
{
	output_text(writer->output, "<blockquote>");
	put_sentence(writer->output, item, "p", &writer->style);
	output_text(writer->output, "</blockquote>\n");
}

static void html_code(Writer *writer, const Item *item)
{
	output_text(writer->output, "<pre><code>");
	html_text(writer->output, item->text);
	output_text(writer->output, "</code></pre>\n");
}

static void html_line(Writer *writer, const Item *item)
{
	html_equation(writer->output, item, &writer->style);
}

static void html_calculation(Writer *writer, const Item *item)
{
	output_text(writer->output, "<pre class=\"calculation\"><code>");
	equation_calculation(writer->output, &item->row, &writer->style);
	output_text(writer->output, "</code></pre>\n");
}

static void html_table(Writer *writer, const Item *item)
{
	put_table(writer->output, item, &writer->style);
}

static void html_rule(Writer *writer, const Item *item)
{
	(void)item;
	output_text(writer->output, "<hr>\n");
}

static void html_space(Writer *writer, const Item *item)
{
	output_printf(writer->output, "<div class=\"space\" style=\"height: %dem\"></div>\n", 2 * item->number);
}

static void html_drawing(Writer *writer, const Item *item)
{
	html_graph(writer->output, item->graph, &writer->style);
}

static void html_chart(Writer *writer, const Item *item)
{
	output_text(writer->output, "<figure class=\"plot\">\n");
	chart_svg(writer->output, item->chart, &writer->style, false);
	put_sentence(writer->output, item, "figcaption", &writer->style);
	output_text(writer->output, "</figure>\n");
}

static void html_before(Writer *writer, const Item *item)
{
	if (item->kind != ITEM_POINT && (item->kind == ITEM_HEADING || item->level == 0))
		close_lists(writer, 0);
}

static void html_end(Writer *writer)
{
	close_lists(writer, 0);
	output_text(writer->output, "</main>\n<script>\n");
	html_file(writer->output, "tutor/render/page.js", false);
	output_text(writer->output, "</script>\n</body>\n</html>\n");
}

const Format format_html = {
    .name = "html", .page = true, .linked = "html", .start = html_start, .before = html_before, .end = html_end,
    .put = {[ITEM_HEADING] = html_heading, [ITEM_PARAGRAPH] = html_paragraph, [ITEM_POINT] = html_point,
            [ITEM_QUOTE] = html_quote, [ITEM_CODE] = html_code, [ITEM_EQUATION] = html_line,
            [ITEM_CALCULATION] = html_calculation, [ITEM_TABLE] = html_table, [ITEM_RULE] = html_rule,
            [ITEM_SPACE] = html_space, [ITEM_GRAPH] = html_drawing, [ITEM_CHART] = html_chart},
};
