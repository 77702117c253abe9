#include "tutor/render/document_text.h"

#include "tutor/render/notation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static Notation notation_of(const TextStyle *style)
{
	return (Notation){.unicode = style->unicode, .digits = style->digits, .widest = style->widest};
}

// ---- Sentences

// Typographic characters that CommonMark's reader makes, as ASCII.
static void put_plain(Output *output, const char *text, const TextStyle *style)
{
	static const char *const pair[][2] = {{"“", "\""}, {"”", "\""}, {"‘", "'"}, {"’", "'"}, {"–", "-"},
	                                      {"—", "--"}, {"…", "..."}, {"∂", "d"}, {"·", "*"}, {"η", "eta"},
	                                      {"→", "->"}, {"−", "-"}, {"×", "x"}};
	while (*text) {
		size_t found = SIZE_MAX;
		for (size_t i = 0; !style->unicode && i < sizeof pair / sizeof *pair && found == SIZE_MAX; i++)
			if (strncmp(text, pair[i][0], strlen(pair[i][0])) == 0)
				found = i;
		if (found == SIZE_MAX) {
			output_bytes(output, text++, 1);
		} else {
			output_text(output, pair[found][1]);
			text += strlen(pair[found][0]);
		}
	}
}

static void put_run(Output *output, const Run *run, const TextStyle *style)
{
	Notation notation = notation_of(style);
	switch (run->kind) {
	case RUN_VALUE:
		notation_value(output, run->value, &notation);
		break;
	case RUN_EMPHASIS:
	case RUN_STRONG:
		output_text(output, run->kind == RUN_STRONG ? "*" : "_");
		put_plain(output, run->text, style);
		output_text(output, run->kind == RUN_STRONG ? "*" : "_");
		break;
	case RUN_LINK:
		put_plain(output, run->text, style);
		if (strcmp(run->text, run->target) != 0) {
			output_text(output, " <");
			output_text(output, run->target);
			output_text(output, ">");
		}
		break;
	case RUN_BREAK:
		output_text(output, " ");
		break;
	default:
		put_plain(output, run->text, style);
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
	text_paragraph(&filled, output_memory(&memory), memory.count, &inner);
	const char *text = output_memory(&filled);
	output_text(output, mark);
	output_text(output, strlen(text) > inner.indent ? text + inner.indent : "\n");
	output_abandon(&memory);
	output_abandon(&filled);
}

static void put_heading(Output *output, const Item *item, const TextStyle *style)
{
	Output memory = {0};
	for (const Run *run = item->run; run; run = run->next)
		put_run(&memory, run, style);
	const char *text = output_memory(&memory);
	size_t columns = notation_columns(text, memory.count);
	const char *line = item->level == 1 ? (style->unicode ? "═" : "=") : style->unicode ? "─" : "-";
	output_text(output, text);
	output_text(output, "\n");
	for (size_t i = 0; i < columns && i < style->width; i++)
		output_text(output, line);
	output_text(output, "\n");
	output_abandon(&memory);
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

// ---- Tables

typedef struct Grid {
	Output *cell;      // each written to memory
	size_t *width;     // of each column
	size_t rows, columns;
} Grid;

static void write_cell(Output *output, const Cell *cell, const TextStyle *style)
{
	Notation notation = notation_of(style);
	if (cell->digits)
		notation.digits = cell->digits;
	switch (cell->kind) {
	case CELL_TEXT:
		put_plain(output, cell->text, style);
		break;
	case CELL_NAME:
		notation_quantity(output, cell->name, &notation);
		break;
	case CELL_VALUE:
		notation_value(output, cell->value, &notation);
		break;
	}
}

static size_t cell_columns(const Grid *grid, size_t i)
{
	return notation_columns(output_memory(&grid->cell[i]), grid->cell[i].count);
}

static Grid grid_start(const Item *table, const TextStyle *style)
{
	size_t cells = table->rows * table->columns;
	Grid grid = {.rows = table->rows, .columns = table->columns};
	grid.cell = memory_alloc(memory_product(cells, sizeof *grid.cell));
	grid.width = memory_alloc(memory_product(table->columns, sizeof *grid.width));
	memset(grid.cell, 0, cells * sizeof *grid.cell);
	memset(grid.width, 0, table->columns * sizeof *grid.width);
	for (size_t i = 0; i < cells; i++) {
		write_cell(&grid.cell[i], &table->cell[i], style);
		size_t columns = cell_columns(&grid, i), *width = &grid.width[i % table->columns];
		*width = columns > *width ? columns : *width;
	}
	return grid;
}

static void grid_free(Grid *grid)
{
	for (size_t i = 0; i < grid->rows * grid->columns; i++)
		output_abandon(&grid->cell[i]);
	free(grid->cell);
	free(grid->width);
}

static void put_repeated(Output *output, const char *text, size_t count)
{
	while (count--)
		output_text(output, text);
}

static void put_grid_row(Output *output, const Item *table, Grid *grid, size_t row, uint32_t indent)
{
	put_repeated(output, " ", indent);
	for (size_t column = 0; column < grid->columns; column++) {
		size_t i = row * grid->columns + column, blanks = grid->width[column] - cell_columns(grid, i);
		bool number = row > 0 && table->cell[i].kind == CELL_VALUE;
		output_text(output, column ? "  " : "");
		put_repeated(output, " ", number ? blanks : 0);
		output_text(output, output_memory(&grid->cell[i]));
		put_repeated(output, " ", number || column + 1 == grid->columns ? 0 : blanks);
	}
	output_text(output, "\n");
}

// A table too wide for the page: each row as lines `head: cell`.
static void put_as_list(Output *output, Grid *grid, const TextStyle *style)
{
	for (size_t row = 1; row < grid->rows; row++) {
		for (size_t column = 0; column < grid->columns; column++) {
			Output line = {0};
			const char *head = output_memory(&grid->cell[column]);
			if (column && *head) {
				output_text(&line, head);
				output_text(&line, ": ");
			}
			output_text(&line, output_memory(&grid->cell[row * grid->columns + column]));
			TextStyle inner = *style;
			inner.indent = style->indent + (column ? 2 : 0);
			text_paragraph(output, output_memory(&line), line.count, &inner);
			output_abandon(&line);
		}
	}
}

static void put_table(Output *output, const Item *table, const TextStyle *style)
{
	Grid grid = grid_start(table, style);
	size_t whole = style->indent + 2 * (grid.columns - 1);
	for (size_t i = 0; i < grid.columns; i++)
		whole += grid.width[i];
	if (whole > style->width) {
		put_as_list(output, &grid, style);
	} else {
		put_grid_row(output, table, &grid, 0, style->indent);
		put_repeated(output, " ", style->indent);
		put_repeated(output, style->unicode ? "─" : "-", whole - style->indent);
		output_text(output, "\n");
		for (size_t row = 1; row < grid.rows; row++)
			put_grid_row(output, table, &grid, row, style->indent);
	}
	grid_free(&grid);
}

// ---- Items

// One line for a calculator: numbers only, in ASCII, unbroken.
static void put_calculation(Output *output, const Row *row, const TextStyle *style)
{
	Notation notation = {.values = true, .digits = style->digits};
	output_text(output, "    ");
	notation_formula(output, row->formula, &notation);
	output_text(output, "\n");
}

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
		put_table(output, item, style);
		break;
	case ITEM_RULE:
		put_repeated(output, style->unicode ? "─" : "-", style->width / 2);
		output_text(output, "\n");
		break;
	}
}

// Items of one kind that follow each other stand together.
static bool stands_together(const Item *item)
{
	return item->next && item->next->kind == item->kind && (item->kind == ITEM_EQUATION || item->kind == ITEM_POINT ||
	                                                         item->kind == ITEM_CALCULATION);
}

void document_text(Output *output, const Document *document, const TextStyle *style)
{
	for (const Item *item = document->first; item; item = item->next) {
		put_item(output, item, style);
		output_text(output, !item->next || stands_together(item) ? "" : "\n");
	}
}
