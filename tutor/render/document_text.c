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
	case RUN_EMPHASIS:
	case RUN_STRONG:
		output_text(output, run->kind == RUN_STRONG ? "*" : "_");
		text_plain(output, run->text, style);
		output_text(output, run->kind == RUN_STRONG ? "*" : "_");
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
	default:   // a number that was printed is as it was
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

// One line for a calculator: numbers only, in ASCII, unbroken.
static void put_calculation(Output *output, const Row *row, const TextStyle *style)
{
	Notation notation = {.values = true, .digits = equation_digits(row, style)};
	output_text(output, "    ");
	notation_formula(output, row->formula, &notation);
	output_text(output, "\n");
}

static void put_rule(Output *output, const TextStyle *style)
{
	for (uint32_t i = 0; i < style->width / 2; i++)
		output_text(output, style->unicode ? "─" : "-");
	output_text(output, "\n");
}

enum { LINES_MOST = 10 };
static const char lines[LINES_MOST + 1] = "\n\n\n\n\n\n\n\n\n\n";

static void put_item(Output *output, const Item *item, const TextStyle *style)
{
	switch (item->kind) {
	case ITEM_HEADING:
		put_heading(output, item, style);
		break;
	case ITEM_PARAGRAPH:
		put_sentence(output, item, item->level > 0 ? "  " : "", style);
		break;
	case ITEM_POINT:
		put_point(output, item, style);
		break;
	case ITEM_QUOTE:
		put_sentence(output, item, "  | ", style);
		break;
	case ITEM_CODE:
		put_code(output, item->text);
		break;
	case ITEM_EQUATION:
		equation_print(output, &item->row, style);
		break;
	case ITEM_CALCULATION:
		put_calculation(output, &item->row, style);
		break;
	case ITEM_TABLE:
		table_text(output, item, style);
		break;
	case ITEM_RULE:
		put_rule(output, style);
		break;
	case ITEM_SPACE:
		output_printf(output, "%.*s", item->number < LINES_MOST ? item->number : LINES_MOST, lines);
		break;
	case ITEM_GRAPH:
		break;
	case ITEM_CHART:
		chart_text(output, item->chart, style);
		put_sentence(output, item, "  ", style);
		break;
	}
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

static void text_item(Writer *writer, const Item *item)
{
	if (item->kind == ITEM_GRAPH)
		return;
	output_text(writer->output, !writer->begun || stands_together(writer, item) ? "" : "\n");
	put_item(writer->output, item, &writer->style);
}

const Format format_text = {.name = "text", .item = text_item};
