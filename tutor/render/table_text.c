#include "tutor/render/table_text.h"

#include "tutor/render/notation.h"

#include <stdlib.h>
#include <string.h>

enum { GAP = 2, NARROWEST = 12 };

typedef struct Grid {
	const Item *table;
	Output *cell;      // each written to memory
	size_t *width;     // of each column
	size_t *point;     // columns before the decimal point, of each column
} Grid;

static bool is_number(const Item *table, size_t i)
{
	return table->cell[i].kind == CELL_VALUES && table->cell[i].count == 1;
}

static void write_cell(Output *output, const Cell *cell, const TextStyle *style)
{
	Notation notation = text_notation(style);
	if (cell->digits)
		notation.digits = cell->digits;
	if (cell->text)
		text_plain(output, cell->text, style);
	for (size_t i = 0; i < cell->count && !cell->text; i++) {
		output_text(output, i ? ", " : "");
		if (cell->kind == CELL_NAMES)
			notation_quantity(output, cell->name[i], &notation);
		else
			notation_value(output, cell->value[i], &notation);
	}
}

static const char *cell_text(Grid *grid, size_t i)
{
	return output_memory(&grid->cell[i]);
}

static size_t cell_columns(Grid *grid, size_t i)
{
	return notation_columns(cell_text(grid, i), grid->cell[i].count);
}

// Columns before the decimal point of a number.
static size_t before_point(Grid *grid, size_t i)
{
	return strcspn(cell_text(grid, i), ".e");
}

static size_t blanks_before(Grid *grid, size_t i)
{
	return is_number(grid->table, i) ? grid->point[i % grid->table->columns] - before_point(grid, i) : 0;
}

static void measure(Grid *grid)
{
	const Item *table = grid->table;
	for (size_t i = 0; i < table->rows * table->columns; i++) {
		size_t *point = &grid->point[i % table->columns];
		if (is_number(table, i) && before_point(grid, i) > *point)
			*point = before_point(grid, i);
	}
	for (size_t i = 0; i < table->rows * table->columns; i++) {
		size_t columns = cell_columns(grid, i) + blanks_before(grid, i), *width = &grid->width[i % table->columns];
		*width = columns > *width ? columns : *width;
	}
}

static Grid grid_start(const Item *table, const TextStyle *style)
{
	size_t cells = table->rows * table->columns;
	Grid grid = {.table = table};
	grid.cell = memory_alloc(memory_product(cells, sizeof *grid.cell));
	grid.width = memory_alloc(memory_product(table->columns, 2 * sizeof *grid.width));
	grid.point = grid.width + table->columns;
	memset(grid.cell, 0, cells * sizeof *grid.cell);
	memset(grid.width, 0, 2 * table->columns * sizeof *grid.width);
	for (size_t i = 0; i < cells; i++)
		write_cell(&grid.cell[i], &table->cell[i], style);
	measure(&grid);
	return grid;
}

static void grid_free(Grid *grid)
{
	for (size_t i = 0; i < grid->table->rows * grid->table->columns; i++)
		output_abandon(&grid->cell[i]);
	free(grid->cell);
	free(grid->width);
}

static size_t whole_width(const Grid *grid, const TextStyle *style)
{
	size_t whole = style->indent + GAP * (grid->table->columns - 1);
	for (size_t i = 0; i < grid->table->columns; i++)
		whole += grid->width[i];
	return whole;
}

// Whether a column may be made narrower: it has no single numbers.
static bool may_shrink(const Grid *grid, size_t column)
{
	for (size_t row = 1; row < grid->table->rows; row++)
		if (is_number(grid->table, row * grid->table->columns + column))
			return false;
	return grid->width[column] > NARROWEST;
}

// Takes from the widest columns until the table fits. False if it cannot.
static bool shrink(Grid *grid, const TextStyle *style)
{
	for (size_t whole = whole_width(grid, style); whole > style->width; whole--) {
		size_t widest = SIZE_MAX;
		for (size_t i = 0; i < grid->table->columns; i++)
			if (may_shrink(grid, i) && (widest == SIZE_MAX || grid->width[i] > grid->width[widest]))
				widest = i;
		if (widest == SIZE_MAX)
			return false;
		grid->width[widest]--;
	}
	return true;
}

static void put_repeated(Output *output, const char *text, size_t count)
{
	while (count--)
		output_text(output, text);
}

// The next line of a cell filled into its column, broken at blanks and behind commas (of indices): bytes from *at on; moves *at behind it.
static size_t next_line(const char *text, size_t *at, size_t width, const char **line)
{
	const char *start = text + *at + strspn(text + *at, " ");
	size_t size = 0, good = 0, columns = 0;
	while (start[size]) {
		columns += ((unsigned char)start[size] & 0xC0) != 0x80;
		if (columns > width)
			break;
		size++;
		if (start[size] == ' ' || !start[size] || start[size - 1] == ',')
			good = size;
	}
	size = good ? good : size;
	*line = start;
	*at = (size_t)(start - text) + size;
	return size;
}

// A row of the table: as many lines as its longest cell needs.
static void put_row(Output *output, Grid *grid, size_t row, const TextStyle *style)
{
	size_t columns = grid->table->columns, *at = memory_alloc(columns * sizeof *at);
	memset(at, 0, columns * sizeof *at);
	for (bool first = true, more = true; more; first = false) {
		size_t pending = style->indent;   // blanks that are only written before a text
		more = false;
		for (size_t column = 0; column < columns; column++) {
			size_t i = row * columns + column, before = first ? blanks_before(grid, i) : 0;
			const char *line;
			size_t size = next_line(cell_text(grid, i), &at[column], grid->width[column], &line);
			size_t taken = notation_columns(line, size) + before;
			put_repeated(output, " ", size ? pending + before : 0);
			output_bytes(output, line, size);
			pending = (size ? 0 : pending + taken) + grid->width[column] - taken + GAP;
			more |= cell_text(grid, i)[at[column]] != '\0';
		}
		output_text(output, "\n");
	}
	free(at);
}

static void put_columns(Output *output, Grid *grid, const TextStyle *style)
{
	put_row(output, grid, 0, style);
	put_repeated(output, " ", style->indent);
	put_repeated(output, style->unicode ? "─" : "-", whole_width(grid, style) - style->indent);
	output_text(output, "\n");
	for (size_t row = 1; row < grid->table->rows; row++)
		put_row(output, grid, row, style);
}

static void put_field(Output *output, Grid *grid, size_t row, size_t column, const TextStyle *style)
{
	Output line = {0};
	const char *head = cell_text(grid, column);
	if (column && *head) {
		output_text(&line, head);
		output_text(&line, ": ");
	}
	output_text(&line, cell_text(grid, row * grid->table->columns + column));
	TextStyle inner = *style;
	inner.indent = style->indent + (column ? 2 : 0);
	text_paragraph(output, output_memory(&line), line.count, &inner);
	output_abandon(&line);
}

static void put_lines(Output *output, Grid *grid, const TextStyle *style)
{
	for (size_t row = 1; row < grid->table->rows; row++)
		for (size_t column = 0; column < grid->table->columns; column++)
			put_field(output, grid, row, column, style);
}

// ---- Rows as lines of their own: all cells but the last in columns.

// At 40 columns too names such as dE_total/dnet_o1 have theirs.
enum { LIST_INDENT = 4, LIST_NAME = 18 };

// The columns that the widest cell takes of those that take no more than `most`.
static size_t list_width(const Item *table, size_t column, size_t most, const TextStyle *style)
{
	size_t width = 0;
	Output memory = {0};
	for (size_t i = table->columns + column; i < table->rows * table->columns; i += table->columns) {
		memory.count = 0;
		write_cell(&memory, &table->cell[i], style);
		size_t columns = notation_columns(output_memory(&memory), memory.count);
		width = columns > width && columns <= most ? columns : width;
	}
	output_abandon(&memory);
	return width;
}

// Broken at blanks, later lines indented.
static void put_list_row(Output *output, const char *text, const TextStyle *style)
{
	size_t used = 0;
	while (*text) {
		size_t blanks = strspn(text, " "), size = strcspn(text + blanks, " ");
		size_t columns = notation_columns(text, blanks + size);
		if (used > LIST_INDENT && used + columns > style->width) {
			output_text(output, "\n");
			put_repeated(output, " ", used = LIST_INDENT);
			text += blanks;
			continue;
		}
		output_bytes(output, text, blanks + size);
		used += columns;
		text += blanks + size;
	}
	output_text(output, "\n");
}

// A cell too long for its column ends the line: the next stands below, in its own column.
static void put_list_cells(Output *output, const Item *table, size_t row, const size_t *width, const TextStyle *style)
{
	Output line = {0};
	size_t start = 0;   // of the column
	for (size_t column = 0; column < table->columns; column++) {
		size_t before = line.count;
		write_cell(&line, &table->cell[row * table->columns + column], style);
		if (column + 1 == table->columns)
			break;
		size_t columns = notation_columns(output_memory(&line) + before, line.count - before);
		size_t gap = width[column] == 1 ? 1 : GAP;   // behind a mark
		start += width[column] + gap;
		if (columns <= width[column]) {
			put_repeated(&line, " ", width[column] - columns + gap);
			continue;
		}
		put_list_row(output, output_memory(&line), style);
		line.count = 0;
		put_repeated(&line, " ", start);
	}
	put_list_row(output, output_memory(&line), style);
	output_abandon(&line);
}

static void put_list(Output *output, const Item *table, const TextStyle *style)
{
	size_t *width = memory_alloc(memory_product(table->columns, sizeof *width));
	size_t most = style->width / 2 - 6;
	for (size_t column = 0; column < table->columns; column++)
		width[column] = list_width(table, column, most < LIST_NAME ? LIST_NAME : most, style);
	for (size_t row = 1; row < table->rows; row++)
		put_list_cells(output, table, row, width, style);
	free(width);
}

void table_text(Output *output, const Item *table, const TextStyle *style)
{
	if (table->list) {
		put_list(output, table, style);
		return;
	}
	Grid grid = grid_start(table, style);
	if (shrink(&grid, style))
		put_columns(output, &grid, style);
	else
		put_lines(output, &grid, style);
	grid_free(&grid);
}
