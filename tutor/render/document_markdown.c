// Documents in Markdown, as GitHub and GitLab show it: CommonMark with tables and formulas.
//
// Formulas stand in $`…`$ and in blocks ```math, not between bare dollar signs: there GitHub takes backslashes, underscores
// and the like for Markdown's before it looks for mathematics (github/markup issue 1746).
#include "tutor/render/chart.h"
#include "tutor/render/latex.h"
#include "tutor/render/writer.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { CHART_COLUMNS = 80 };

// ---- Sentences

// Text as it stands: Markdown's own marks are escaped.
static void put_text(Output *output, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\`*_[]<>|~#", *text) || (*text == '&' && (isalpha((unsigned char)text[1]) || text[1] == '#')))
			output_text(output, "\\");
		if (*text == '$')   // as GitHub's manual has it: a \$ beside formulas is taken for their end
			output_text(output, "<span>$</span>");
		else
			output_bytes(output, text, 1);
	}
}

static void put_name(Output *output, const Quantity *name, const TextStyle *style)
{
	output_text(output, "$`");
	latex_name(output, name, style);
	output_text(output, "`$");
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 || c == '_' || c == '-' || c == '$';
}

// A formula that touches a word is none to GitHub: there the name stands as code.
static bool touches_word(const Run *before, const Run *run)
{
	size_t size = before && before->text ? strlen(before->text) : 0;
	const Run *next = run->next;
	return (size && in_word(before->text[size - 1])) || (next && next->kind == RUN_TEXT && in_word(*next->text));
}

static void put_marked(Output *output, const char *mark, const char *text)
{
	output_text(output, mark);
	put_text(output, text);
	output_text(output, mark);
}

// A code may have backticks in it: then it stands between more of them.
static void put_code_run(Output *output, const char *text)
{
	const char *around = strstr(text, "`") ? "`` " : "`";
	output_printf(output, "%s%s%s", around, text, *around == '`' && around[1] ? " ``" : "`");
}

static void put_run(Output *output, const Run *run, const Run *before, const TextStyle *style)
{
	Notation notation = text_notation(style);
	switch (run->kind) {
	case RUN_TEXT:
	case RUN_PRINTED:
		put_text(output, run->text);
		break;
	case RUN_CODE:
		put_code_run(output, run->text);
		break;
	case RUN_NAME:
		if (touches_word(before, run))
			put_code_run(output, run->text);
		else
			put_name(output, run->name, style);
		break;
	case RUN_EMPHASIS:
	case RUN_STRONG:
		put_marked(output, run->kind == RUN_STRONG ? "**" : "*", run->text);
		break;
	case RUN_LINK:
		output_text(output, "[");
		put_text(output, run->text);
		output_printf(output, "](<%s>)", run->target);
		break;
	case RUN_VALUE:
		notation_value(output, run->value, &notation);
		break;
	case RUN_BREAK:
		output_text(output, "\\\n");
		break;
	}
}

// What the first word of a line must not look like: a point of a list, as `-` and `1.` are.
static void put_first(Output *output, Run *run, const TextStyle *style)
{
	size_t digits = strspn(run->text, "0123456789"), mark = digits ? digits : 0;
	if (strchr(digits ? ".)" : "-+", run->text[mark]) && run->text[mark]) {
		output_printf(output, "%.*s\\", (int)mark, run->text);
		run->text += mark;
	}
	put_run(output, run, NULL, style);
}

static void put_sentence(Output *output, const Item *item, const TextStyle *style)
{
	for (const Run *before = NULL, *run = item->run; run; before = run, run = run->next) {
		Run first = *run;
		if (!before && item->kind == ITEM_PARAGRAPH && run->kind == RUN_TEXT)
			put_first(output, &first, style);
		else
			put_run(output, run, before, style);
	}
	output_text(output, "\n");
}

static void put_blanks(Output *output, int count)
{
	output_printf(output, "%*s", count, "");
}

static void put_point(Output *output, const Item *item, const TextStyle *style)
{
	put_blanks(output, 3 * (item->level > 0 ? item->level - 1 : 0));
	if (item->number)
		output_printf(output, "%d. ", item->number);
	else
		output_text(output, "-  ");
	put_sentence(output, item, style);
}

// ---- Tables

static void put_cell(Output *output, const Cell *cell, const TextStyle *style)
{
	Notation notation = text_notation(style);
	notation.digits = cell->digits ? cell->digits : style->digits;
	if (cell->kind == CELL_TEXT)
		put_text(output, cell->text);
	for (size_t i = 0; i < cell->count; i++) {
		output_text(output, i ? ", " : "");
		if (cell->kind == CELL_NAMES)
			put_name(output, cell->name[i], style);
		else
			notation_value(output, cell->value[i], &notation);
	}
}

static void put_table(Output *output, const Item *table, const TextStyle *style)
{
	for (size_t row = 0; row < table->rows; row++) {
		const Cell *cell = table->cell + row * table->columns;
		for (size_t i = 0; i < table->columns; i++) {
			output_text(output, i ? " | " : "| ");
			put_cell(output, &cell[i], style);
		}
		output_text(output, " |\n");
		for (size_t i = 0; row == 0 && i < table->columns; i++) {
			const Cell *below = &table->cell[(table->rows > 1 ? table->columns : 0) + i];
			output_text(output, below->kind == CELL_VALUES && below->count == 1 ? "| ---: " : "| --- ");
		}
		output_text(output, row == 0 ? "|\n" : "");
	}
}

// ---- Items

static void put_fenced(Output *output, const char *text)
{
	const char *fence = strstr(text, "```") ? "~~~~" : "```";
	size_t size = strlen(text);
	output_printf(output, "%s\n%s%s%s\n", fence, text, size && text[size - 1] == '\n' ? "" : "\n", fence);
}

static void put_calculation(Output *output, const Row *row, const TextStyle *style)
{
	Notation notation = {.values = true, .digits = equation_digits(row, style)};
	output_text(output, "    ");
	notation_formula(output, row->formula, &notation);
	output_text(output, "\n");
}

static void close_equations(Writer *writer)
{
	latex_group_end(writer, "\n\\end{aligned}\n```\n");
}

// The picture's file where it has one, else lines of text; the caption below.
static void put_chart(Writer *writer, const Item *item)
{
	Output memory = {0};
	TextStyle style = writer->style;
	style.width = CHART_COLUMNS;
	style.indent = 0;
	if (item->text) {
		chart_describe(&memory, item->chart, &style);
		output_text(writer->output, "![");
		put_text(writer->output, output_memory(&memory));
		output_printf(writer->output, "](<%s>)\n", item->text);
	} else {
		chart_text(&memory, item->chart, &style);
		put_fenced(writer->output, output_memory(&memory));
	}
	output_text(writer->output, "\n");
	put_sentence(writer->output, item, &writer->style);
	output_abandon(&memory);
}

static void put_item(Writer *writer, const Item *item)
{
	Output *output = writer->output;
	switch (item->kind) {
	case ITEM_HEADING:
		output_printf(output, "%.*s ", item->level < 6 ? item->level : 6, "######");
		put_sentence(output, item, &writer->style);
		break;
	case ITEM_PARAGRAPH:
		put_blanks(output, 3 * item->level);
		put_sentence(output, item, &writer->style);
		break;
	case ITEM_POINT:
		put_point(output, item, &writer->style);
		break;
	case ITEM_QUOTE:
		output_text(output, "> ");
		put_sentence(output, item, &writer->style);
		break;
	case ITEM_CODE:
		put_fenced(output, item->text);
		break;
	case ITEM_EQUATION:
		latex_group(writer, item, "```math\n\\begin{aligned}\n", false);
		break;
	case ITEM_CALCULATION:
		put_calculation(output, &item->row, &writer->style);
		break;
	case ITEM_TABLE:
		put_table(output, item, &writer->style);
		break;
	case ITEM_RULE:
		output_text(output, "---\n");
		break;
	case ITEM_SPACE:
		output_text(output, "```\n");
		for (int i = 0; i < item->number; i++)
			output_text(output, "\n");
		output_text(output, "```\n");
		break;
	case ITEM_GRAPH:
		break;
	case ITEM_CHART:
		put_chart(writer, item);
		break;
	}
}

static void markdown_item(Writer *writer, const Item *item)
{
	if (item->kind == ITEM_GRAPH)
		return;
	if (item->kind != ITEM_EQUATION)
		close_equations(writer);
	bool together = item->kind == ITEM_EQUATION ? writer->open
	                : writer->before == item->kind && (item->kind == ITEM_POINT || item->kind == ITEM_CALCULATION);
	output_text(writer->output, writer->begun && !together ? "\n" : "");
	put_item(writer, item);
}

const Format format_markdown = {.name = "markdown", .page = true, .item = markdown_item, .end = close_equations};
