// Documents in Markdown, as GitHub and GitLab show it: CommonMark with tables and formulas.
//
// Formulas stand in $`…`$ and in blocks ```math, not between bare dollar signs: there GitHub takes backslashes, underscores
// and the like for Markdown's before it looks for mathematics (github/markup issue 1746).
#include "tutor/render/chart.h"
#include "tutor/render/graph_picture.h"
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

static void close_equations(Writer *writer)
{
	latex_group_end(writer, "\n\\end{aligned}\n```\n");
}

static void markdown_heading(Writer *writer, const Item *item)
{
	output_printf(writer->output, "%.*s ", item->level < 6 ? item->level : 6, "######");
	put_sentence(writer->output, item, &writer->style);
}

static void markdown_paragraph(Writer *writer, const Item *item)
{
	put_blanks(writer->output, 3 * item->level);
	put_sentence(writer->output, item, &writer->style);
}

static void markdown_point(Writer *writer, const Item *item)
{
	put_point(writer->output, item, &writer->style);
}

static void markdown_quote(Writer *writer, const Item *item)
{
	output_text(writer->output, "> ");
	put_sentence(writer->output, item, &writer->style);
}

static void markdown_code(Writer *writer, const Item *item)
{
	put_fenced(writer->output, item->text);
}

static void markdown_equation(Writer *writer, const Item *item)
{
	latex_group(writer, item, "```math\n\\begin{aligned}\n", false);
}

static void markdown_calculation(Writer *writer, const Item *item)
{
	output_text(writer->output, "    ");
	equation_calculation(writer->output, &item->row, &writer->style);
	output_text(writer->output, "\n");
}

static void markdown_table(Writer *writer, const Item *item)
{
	put_table(writer->output, item, &writer->style);
}

static void markdown_rule(Writer *writer, const Item *item)
{
	(void)item;
	output_text(writer->output, "---\n");
}

static void markdown_space(Writer *writer, const Item *item)
{
	output_text(writer->output, "```\n");
	for (int i = 0; i < item->number; i++)
		output_text(writer->output, "\n");
	output_text(writer->output, "```\n");
}

// The picture's file where it has one, else lines of text; the caption below.
static void markdown_chart(Writer *writer, const Item *item)
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

// Drawn in its place, from text: a file that is mailed alone has it.
static void markdown_graph(Writer *writer, const Item *item)
{
	output_text(writer->output, "```mermaid\n");
	graph_mermaid(writer->output, item->graph, &writer->style);
	output_text(writer->output, "```\n");
}

static void markdown_before(Writer *writer, const Item *item)
{
	if (item->kind != ITEM_EQUATION)
		close_equations(writer);
	bool together = item->kind == ITEM_EQUATION ? writer->open
	                : writer->before == item->kind && (item->kind == ITEM_POINT || item->kind == ITEM_CALCULATION);
	output_text(writer->output, writer->begun && !together ? "\n" : "");
}

const Format format_markdown = {
    .name = "markdown", .page = true, .linked = "md", .open_graphs = true, .before = markdown_before, .end = close_equations,
    .put = {[ITEM_HEADING] = markdown_heading, [ITEM_PARAGRAPH] = markdown_paragraph, [ITEM_POINT] = markdown_point,
            [ITEM_QUOTE] = markdown_quote, [ITEM_CODE] = markdown_code, [ITEM_EQUATION] = markdown_equation,
            [ITEM_CALCULATION] = markdown_calculation, [ITEM_TABLE] = markdown_table, [ITEM_RULE] = markdown_rule,
            [ITEM_SPACE] = markdown_space, [ITEM_CHART] = markdown_chart,
            [ITEM_GRAPH] = markdown_graph},
};
