// Documents as text for a terminal or a pipe.
#include "tutor/render/writer.h"

#include "tutor/render/chart.h"
#include "tutor/render/notation.h"
#include "tutor/render/table_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- Sentences

static void put_run(Output *output, const Run *run, const TextStyle *style)
{
	Notation notation = text_notation(style);
	switch (run->kind) {
	case RUN_VALUE:
		notation_value(output, run->value, &notation);
		break;
	case RUN_LINK:
		text_plain(output, run->text, style);
		if (strcmp(run->text, run->target) != 0) {
			output_text(output, " <");
			output_text(output, run->target);
			output_text(output, ">");
		}
		break;
	case RUN_BREAK:
		output_text(output, " ");
		break;
	case RUN_NAME:
		notation_quantity(output, run->name, &notation);
		break;
	default:   // emphasis is plain, for its marks would read as products; a number that was printed is as it was
		text_plain(output, run->text, style);
	}
}

static void put_sentence(Output *output, const Item *item, const char *mark, const TextStyle *style)
{
	Output memory = {0};
	for (const Run *run = item->run; run; run = run->next)
		put_run(&memory, run, style);
	TextStyle inner = *style;
	inner.indent = (uint32_t)strlen(mark);
	Output filled = {0};
	text_hanging(&filled, output_memory(&memory), memory.count, item->hangs ? 2 : 0, &inner);
	const char *text = output_memory(&filled);
	output_text(output, mark);
	output_text(output, strlen(text) > inner.indent ? text + inner.indent : "\n");
	output_abandon(&memory);
	output_abandon(&filled);
}

// A heading is filled to the width, and underlined as far as its first line goes.
static void put_heading(Output *output, const Item *item, const TextStyle *style)
{
	Output memory = {0}, filled = {0};
	for (const Run *run = item->run; run; run = run->next)
		put_run(&memory, run, style);
	TextStyle inner = *style;
	inner.indent = 0;
	text_paragraph(&filled, output_memory(&memory), memory.count, &inner);
	const char *text = output_memory(&filled);
	size_t columns = notation_columns(text, strcspn(text, "\n"));
	const char *line = item->level == 1 ? (style->unicode ? "═" : "=") : style->unicode ? "─" : "-";
	output_text(output, text);
	for (size_t i = 0; i < columns; i++)
		output_text(output, line);
	output_text(output, "\n");
	output_abandon(&memory);
	output_abandon(&filled);
}

static void put_point(Output *output, const Item *item, const TextStyle *style)
{
	char mark[32];
	int depth = item->level > 6 ? 6 : item->level;
	int indent = depth > 0 ? 2 * (depth - 1) : 0;
	if (item->number)
		snprintf(mark, sizeof mark, "%*s%d. ", indent, "", item->number);
	else
		snprintf(mark, sizeof mark, "%*s- ", indent, "");
	put_sentence(output, item, mark, style);
}

static void put_code(Output *output, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		if (length) {
			output_text(output, "    ");
			output_bytes(output, text, length);
		}
		output_text(output, "\n");
		text += length + (text[length] == '\n');
	}
}

// ---- Items

static void text_head(Writer *writer, const Item *item)
{
	put_heading(writer->output, item, &writer->style);
}

static void text_prose(Writer *writer, const Item *item)
{
	put_sentence(writer->output, item, item->level > 0 ? "  " : "", &writer->style);
}

static void text_point(Writer *writer, const Item *item)
{
	put_point(writer->output, item, &writer->style);
}

static void text_quote(Writer *writer, const Item *item)
{
	put_sentence(writer->output, item, "  | ", &writer->style);
}

static void text_code(Writer *writer, const Item *item)
{
	put_code(writer->output, item->text);
}

static void text_equation(Writer *writer, const Item *item)
{
	equation_print(writer->output, &item->row, &writer->style);
}

// One line, unbroken.
static void text_calculation(Writer *writer, const Item *item)
{
	output_text(writer->output, "    ");
	equation_calculation(writer->output, &item->row, &writer->style);
	output_text(writer->output, "\n");
}

static void text_table(Writer *writer, const Item *item)
{
	table_text(writer->output, item, &writer->style);
}

static void text_rule(Writer *writer, const Item *item)
{
	(void)item;
	for (uint32_t i = 0; i < writer->style.width / 2; i++)
		output_text(writer->output, writer->style.unicode ? "─" : "-");
	output_text(writer->output, "\n");
}

static void text_space(Writer *writer, const Item *item)
{
	enum { LINES_MOST = 10 };
	for (int i = 0; i < item->number && i < LINES_MOST; i++)
		output_text(writer->output, "\n");
}

static void text_chart(Writer *writer, const Item *item)
{
	chart_text(writer->output, item->chart, &writer->style);
	put_sentence(writer->output, item, "  ", &writer->style);
}

// Items of one kind that follow each other stand together.
static bool stands_together(const Writer *writer, const Item *item)
{
	if (item->close)
		return true;
	if (item->kind == ITEM_EQUATION)
		return !item->apart && (writer->before == ITEM_EQUATION || writer->before == ITEM_HEADING);
	return writer->before == item->kind && (item->kind == ITEM_POINT || item->kind == ITEM_CALCULATION);
}

static void text_before(Writer *writer, const Item *item)
{
	output_text(writer->output, !writer->begun || stands_together(writer, item) ? "" : "\n");
}

const Format format_text = {
    .name = "text", .before = text_before,
    .put = {[ITEM_HEADING] = text_head, [ITEM_PARAGRAPH] = text_prose, [ITEM_POINT] = text_point,
            [ITEM_QUOTE] = text_quote, [ITEM_CODE] = text_code, [ITEM_EQUATION] = text_equation,
            [ITEM_CALCULATION] = text_calculation, [ITEM_TABLE] = text_table, [ITEM_RULE] = text_rule,
            [ITEM_SPACE] = text_space, [ITEM_CHART] = text_chart},
};
