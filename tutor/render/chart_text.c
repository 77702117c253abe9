// Charts as lines of text: a grid of cells, each two dots of Braille wide and four high, or one letter in ASCII.
//
// Where there are several series each has its letter, A, B, C. A field of heights is printed as digits, band by band, with
// every second band left blank, so that the edges between are the contour lines.
#include "tutor/render/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDEST = 90, ROWS = 16, FEW_ROWS = 12, NARROW = 60, APART = 14, NUMBER_COLUMNS = 10, MOST_CATEGORY = 24 };

typedef struct Grid {
	const Chart *chart;
	const TextStyle *style;
	Output *output;
	int columns, rows, margin;
	unsigned char *dots;   // of each cell, the bits of U+2800
	char *letter;          // of each cell, ' ' for none
} Grid;

static void put_repeated(Output *output, const char *text, int count)
{
	while (count-- > 0)
		output_text(output, text);
}

static int columns_of(Output *memory)
{
	return (int)notation_columns(output_memory(memory), memory->count);
}

// A number in so many columns, at their right end.
static void put_right(Grid *grid, double value, int columns)
{
	Output memory = {0};
	chart_number(&memory, value, grid->style->unicode);
	put_repeated(grid->output, " ", columns - columns_of(&memory));
	output_text(grid->output, output_memory(&memory));
	output_abandon(&memory);
}

static char letter_of(const Chart *chart, size_t series)
{
	return chart->count == 1 && !chart->field.height ? '*' : (char)('A' + series % 26);
}

// ---- Dots and letters

// Where a place from 0 to 1 falls among so many; -1 for outside.
static int cell_at(double place, int count)
{
	if (!(place >= -1e-9 && place <= 1 + 1e-9))
		return -1;
	int at = (int)lround(place * (count - 1));
	return at < 0 ? 0 : at >= count ? count - 1 : at;
}

static void set_dot(Grid *grid, double x, double y, char letter)
{
	static const unsigned char bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
	int column = cell_at(x, 2 * grid->columns), row = cell_at(1 - y, 4 * grid->rows);
	if (column < 0 || row < 0)
		return;
	int cell = row / 4 * grid->columns + column / 2;
	grid->dots[cell] |= bits[row % 4][column % 2];
	if (!grid->style->unicode && grid->letter[cell] == ' ')
		grid->letter[cell] = letter;
}

static void set_letter(Grid *grid, double x, double y, char letter)
{
	int column = cell_at(x, 2 * grid->columns), row = cell_at(1 - y, 4 * grid->rows);
	if (column >= 0 && row >= 0)
		grid->letter[row / 4 * grid->columns + column / 2] = letter;
}

static double far(double place)
{
	return place < -9 ? -9 : place > 9 ? 9 : place;
}

static void set_line(Grid *grid, double x0, double y0, double x1, double y1, char letter)
{
	if (!isfinite(x0 + y0 + x1 + y1))
		return;
	x0 = far(x0), y0 = far(y0), x1 = far(x1), y1 = far(y1);
	int steps = (int)fmax(fabs(x1 - x0) * 2 * grid->columns, fabs(y1 - y0) * 4 * grid->rows) + 1;
	for (int i = 0; i <= steps; i++)
		set_dot(grid, x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps, letter);
}

// Letters on a line stand some columns apart, those of the next series between them.
static bool wants_letter(const Grid *grid, double x, size_t series, int *last)
{
	int column = (int)lround(far(x) * (grid->columns - 1));
	int shift = (int)(series * APART / grid->chart->count);
	bool wanted = *last < 0 ? column >= shift : column >= *last + APART;
	if (wanted)
		*last = *last < 0 ? shift : column;
	return wanted;
}

static void set_series(Grid *grid, size_t number)
{
	const Chart *chart = grid->chart;
	const ChartSeries *series = &chart->series[number];
	bool every = series->kind != CHART_LINE || series->count <= 24, many = letter_of(chart, number) != '*';
	double x = NAN, y = NAN;
	int last = -1;
	for (size_t i = 0; i < series->count; i++) {
		double next_x = chart_place(&chart->x, series->x[i]), next_y = chart_place(&chart->y, series->y[i]);
		bool lined = series->kind == CHART_LINE || (series->kind == CHART_PATH && !chart->field.height);
		if (lined)
			set_line(grid, x, y, next_x, next_y, letter_of(chart, number));
		if (isfinite(next_x) && isfinite(next_y)) {
			if (series->kind != CHART_LINE || i == 0)
				set_dot(grid, next_x, next_y, letter_of(chart, number));
			if ((many || series->kind == CHART_POINTS) && (every || wants_letter(grid, next_x, number, &last)))
				set_letter(grid, next_x, next_y, letter_of(chart, number));
		}
		x = next_x;
		y = next_y;
	}
}

// ---- Heights

// The band that a height is in: 0 below the first level.
static size_t band_of(const ChartField *field, double height)
{
	size_t band = 0;
	while (band < field->levels && height >= field->level[band])
		band++;
	return band;
}

static char band_letter(size_t band)
{
	return band % 2 ? ' ' : (char)('0' + band / 2);
}

static void set_field(Grid *grid)
{
	const ChartField *field = &grid->chart->field;
	for (int row = 0; row < grid->rows; row++)
		for (int column = 0; column < grid->columns; column++) {
			size_t x = (size_t)lround((double)column / (grid->columns - 1) * (double)(field->columns - 1));
			size_t y = (size_t)lround((double)(grid->rows - 1 - row) / (grid->rows - 1) * (double)(field->rows - 1));
			double height = field->height[y * field->columns + x];
			if (isfinite(height))
				grid->letter[row * grid->columns + column] = band_letter(band_of(field, height));
		}
}

// 0 below -2, blank from -2 to -1, 1 from -1 to 0, … Every band is named, or the last would be in doubt.
static void put_bands(Grid *grid)
{
	const ChartField *field = &grid->chart->field;
	Output line = {0};
	output_text(&line, "Heights: ");
	for (size_t band = 0; band <= field->levels; band++) {
		char letter[] = {band_letter(band), '\0'};
		output_printf(&line, "%s%s %s", band ? "; " : "", letter[0] == ' ' ? "blank" : letter,
		              band == 0 ? "below " : "from ");
		chart_number(&line, field->level[band ? band - 1 : 0], grid->style->unicode);
		if (band && band < field->levels) {
			output_text(&line, " to ");
			chart_number(&line, field->level[band], grid->style->unicode);
		}
		output_text(&line, band && band == field->levels ? " up" : "");
	}
	output_text(&line, ".");
	text_paragraph(grid->output, output_memory(&line), line.count, grid->style);
	output_abandon(&line);
}

// ---- What stands around it

// The title of the y axis (of a field: what the height is too), then the legend.
static void put_legend(Grid *grid)
{
	const Chart *chart = grid->chart;
	Output line = {0};
	if (chart->field.height) {
		chart_label(&line, &chart->field.title, grid->style);
		output_text(&line, " as height, ");
	}
	chart_label(&line, &chart->y.title, grid->style);
	output_text(&line, chart->field.height ? " upwards" : "");
	output_text(&line, !chart->y.logarithmic ? "" : line.count ? " (logarithmic)" : "logarithmic");
	bool many = chart->count > 1 || chart->field.height;
	for (size_t i = 0; i < chart->count && many; i++) {
		output_printf(&line, "%s%c ", i ? ", " : line.count ? ": " : "", letter_of(chart, i));
		chart_label(&line, &chart->series[i].label, grid->style);
	}
	if (line.count)
		text_paragraph(grid->output, output_memory(&line), line.count, grid->style);
	output_abandon(&line);
}

// The y tick that falls on a row; NAN for none.
static double tick_at(const Grid *grid, int row)
{
	const ChartAxis *axis = &grid->chart->y;
	for (size_t i = 0; i < axis->ticks; i++)
		if (cell_at(1 - chart_place(axis, axis->tick[i]), 4 * grid->rows) / 4 == row)
			return axis->tick[i];
	return NAN;
}

static void put_cell(const Grid *grid, int cell)
{
	char text[4] = {grid->letter[cell], 0};
	if (grid->letter[cell] == ' ' && grid->dots[cell]) {
		text[0] = (char)0xE2;
		text[1] = (char)(0xA0 | grid->dots[cell] >> 6);
		text[2] = (char)(0x80 | (grid->dots[cell] & 0x3F));
	}
	output_text(grid->output, text);
}

static void put_row(Grid *grid, int row)
{
	int end = grid->columns, first = row * grid->columns;
	while (end && grid->letter[first + end - 1] == ' ' && !grid->dots[first + end - 1])
		end--;
	double tick = tick_at(grid, row);
	put_repeated(grid->output, " ", (int)grid->style->indent);
	if (isfinite(tick))
		put_right(grid, tick, grid->margin - 2);
	else
		put_repeated(grid->output, " ", grid->margin - 2);
	output_text(grid->output, isfinite(tick) ? grid->style->unicode ? " ┤" : " +" : grid->style->unicode ? " │" : " |");
	for (int i = 0; i < end; i++)
		put_cell(grid, first + i);
	output_text(grid->output, "\n");
}

// The line below: the axis with its ticks. The numbers that have room go to `numbers`.
static void put_below(Grid *grid)
{
	const ChartAxis *axis = &grid->chart->x;
	bool unicode = grid->style->unicode;
	Output numbers = {0};
	int filled = 0, column = 0;
	put_repeated(grid->output, " ", (int)grid->style->indent + grid->margin - 1);
	output_text(grid->output, unicode ? "└" : "+");
	for (size_t i = 0; i < axis->ticks; i++) {
		Output memory = {0};
		chart_number(&memory, axis->tick[i], unicode);
		int at = cell_at(chart_place(axis, axis->tick[i]), 2 * grid->columns) / 2, wide = columns_of(&memory);
		int start = at + grid->margin - wide / 2;
		if (at >= column && start > filled && start + wide <= grid->columns + grid->margin + 2) {
			put_repeated(grid->output, unicode ? "─" : "-", at - column);
			output_text(grid->output, unicode ? "┬" : "+");
			column = at + 1;
			put_repeated(&numbers, " ", start - filled);
			output_text(&numbers, output_memory(&memory));
			filled = start + wide;
		}
		output_abandon(&memory);
	}
	put_repeated(grid->output, unicode ? "─" : "-", grid->columns - column);
	output_text(grid->output, "\n");
	put_repeated(grid->output, " ", (int)grid->style->indent);
	output_text(grid->output, output_memory(&numbers));
	output_text(grid->output, "\n");
	output_abandon(&numbers);
}

static void put_title_below(Grid *grid)
{
	Output title = {0};
	chart_label(&title, &grid->chart->x.title, grid->style);
	int before = grid->margin + (grid->columns - columns_of(&title)) / 2;
	put_repeated(grid->output, " ", (int)grid->style->indent + (before > 0 ? before : 0));
	output_text(grid->output, output_memory(&title));
	output_text(grid->output, grid->chart->x.logarithmic ? " (logarithmic)\n" : "\n");
	output_abandon(&title);
}

// ---- Bars lie: a line for each category and series, its length and its number

static double bar_length(const ChartAxis *axis, double value)
{
	double from = axis->logarithmic ? 0 : chart_place(axis, 0), to = chart_place(axis, value);
	return fabs(fmin(fmax(to, 0), 1) - fmin(fmax(from, 0), 1));
}

static void put_bar(Grid *grid, const ChartSeries *series, size_t number, size_t category, int names)
{
	const Chart *chart = grid->chart;
	Output *output = grid->output;
	for (size_t i = 0; i < series->count; i++) {
		if (series->x[i] != (double)category)
			continue;
		Output name = {0};
		text_plain(&name, number ? "" : chart->category[category], grid->style);
		put_repeated(output, " ", (int)grid->style->indent);
		output_text(output, output_memory(&name));
		put_repeated(output, " ", names - columns_of(&name) + 1);
		if (chart->count > 1)
			output_printf(output, "%c ", letter_of(chart, number));
		int room = (int)grid->style->width - (int)grid->style->indent - names - NUMBER_COLUMNS - 4;
		room = room > WIDEST - 30 ? WIDEST - 30 : room;
		double length = isfinite(series->y[i]) ? bar_length(&chart->y, series->y[i]) : 0;
		put_repeated(output, grid->style->unicode ? "▇" : "#", (int)lround(length * room));
		output_text(output, length > 0 ? " " : "");
		chart_number(output, series->y[i], grid->style->unicode);
		output_text(output, "\n");
		output_abandon(&name);
	}
}

static void put_bars(Grid *grid)
{
	const Chart *chart = grid->chart;
	int names = 0;
	for (size_t i = 0; i < chart->categories; i++) {
		int columns = (int)notation_columns(chart->category[i], strlen(chart->category[i]));
		names = columns > names ? columns : names;
	}
	put_legend(grid);
	for (size_t category = 0; category < chart->categories; category++)
		for (size_t i = 0; i < chart->count; i++)
			put_bar(grid, &chart->series[i], i, category, names < MOST_CATEGORY ? names : MOST_CATEGORY);
}

// ---- The whole

static int widest_tick(const Grid *grid)
{
	int widest = 0;
	for (size_t i = 0; i < grid->chart->y.ticks; i++) {
		Output memory = {0};
		chart_number(&memory, grid->chart->y.tick[i], grid->style->unicode);
		widest = columns_of(&memory) > widest ? columns_of(&memory) : widest;
		output_abandon(&memory);
	}
	return widest;
}

static void put_plane(Grid *grid)
{
	int width = (int)(grid->style->width < WIDEST ? grid->style->width : WIDEST) - (int)grid->style->indent;
	grid->margin = widest_tick(grid) + 2;
	grid->columns = width - grid->margin - 2;
	grid->rows = width < NARROW ? FEW_ROWS : ROWS;
	if (grid->chart->field.height)
		grid->rows = width / 4 < ROWS ? ROWS : width / 4;
	size_t cells = (size_t)grid->columns * (size_t)grid->rows;
	grid->dots = memset(memory_alloc(cells), 0, cells);
	grid->letter = memset(memory_alloc(cells), ' ', cells);
	if (grid->chart->field.height)
		set_field(grid);
	for (size_t i = 0; i < grid->chart->count; i++)
		set_series(grid, i);
	put_legend(grid);
	for (int row = 0; row < grid->rows; row++)
		put_row(grid, row);
	put_below(grid);
	put_title_below(grid);
	if (grid->chart->field.levels)
		put_bands(grid);
	free(grid->dots);
	free(grid->letter);
}

void chart_text(Output *output, const Chart *chart, const TextStyle *style)
{
	Grid grid = {.chart = chart, .style = style, .output = output};
	if (chart->category)
		put_bars(&grid);
	else
		put_plane(&grid);
}
