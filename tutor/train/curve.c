#include "tutor/train/curve.h"

#include "core/arena.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_POINTS = 4096, ROWS = 10, MARGIN = 12 };

void curve_add(Curve *curve, uint64_t epoch, double loss, double test)
{
	curve->last = (CurvePoint){epoch, loss, test};
	if (!curve->point) {
		curve->point = memory_alloc(MOST_POINTS * sizeof *curve->point);
		curve->stride = 1;
	}
	if (curve->count == MOST_POINTS) {
		for (size_t i = 0; i < MOST_POINTS / 2; i++)
			curve->point[i] = curve->point[2 * i];
		curve->count /= 2;
		curve->stride *= 2;
	}
	if (curve->count && epoch < curve->point[curve->count - 1].epoch + curve->stride)
		return;
	curve->point[curve->count++] = curve->last;
}

void curve_free(Curve *curve)
{
	free(curve->point);
	*curve = (Curve){0};
}

// ---- Scales

typedef struct Scale {
	double low, high;     // of the epochs
	double bottom, top;   // of the losses, their logarithms where `logarithmic`
	bool logarithmic;
	bool test;   // there are test losses
} Scale;

static size_t points(const Curve *curve)
{
	return curve->count +
	       (curve->count && curve->point[curve->count - 1].epoch < curve->last.epoch);
}

static const CurvePoint *point_at(const Curve *curve, size_t i)
{
	return i < curve->count ? &curve->point[i] : &curve->last;
}

static void widen(Scale *scale, double loss)
{
	if (!isfinite(loss))
		return;
	scale->bottom = fmin(scale->bottom, loss);
	scale->top = fmax(scale->top, loss);
}

// Losses that differ by a factor of 20 and more are shown by their logarithms.
static Scale scale_of(const Curve *curve)
{
	Scale scale = {.bottom = INFINITY, .top = -INFINITY};
	for (size_t i = 0; i < points(curve); i++) {
		const CurvePoint *point = point_at(curve, i);
		widen(&scale, point->loss);
		widen(&scale, point->test);
		scale.test = scale.test || isfinite(point->test);
	}
	scale.low = (double)point_at(curve, 0)->epoch;
	scale.high = (double)curve->last.epoch;
	scale.logarithmic = scale.bottom > 0 && scale.top > 20 * scale.bottom;
	if (scale.logarithmic) {
		scale.bottom = log(scale.bottom);
		scale.top = log(scale.top);
	}
	if (!(scale.top > scale.bottom))
		scale.top = scale.bottom + 1;
	return scale;
}

static double across(const Scale *scale, const CurvePoint *point)
{
	return ((double)point->epoch - scale->low) / (scale->high - scale->low);
}

// From 0 at the bottom to 1 at the top; NAN where there is no number.
static double up(const Scale *scale, double loss)
{
	return ((scale->logarithmic ? log(loss) : loss) - scale->bottom) / (scale->top - scale->bottom);
}

static double loss_at(const Scale *scale, double height)
{
	double value = scale->bottom + height * (scale->top - scale->bottom);
	return scale->logarithmic ? exp(value) : value;
}

// ---- The terminal: a grid of cells, each 2 dots wide and 4 high

typedef struct Grid {
	int columns;
	unsigned char *dots;   // of each cell, the bits of U+2800
	char *letter;
} Grid;

static void set_dot(Grid *grid, double x, double y, char letter)
{
	static const unsigned char bits[4][2] = {
		{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
	if (!isfinite(x) || !isfinite(y))
		return;
	int column = (int)lround(x * (2 * grid->columns - 1)),
		row = (int)lround((1 - y) * (4 * ROWS - 1));
	int cell = row / 4 * grid->columns + column / 2;
	grid->dots[cell] |= bits[row % 4][column % 2];
	grid->letter[cell] = letter;
}

// The line between two points, dot by dot.
static void set_line(Grid *grid, double x0, double y0, double x1, double y1, char letter)
{
	double columns = fabs(x1 - x0) * 2 * grid->columns, rows = fabs(y1 - y0) * 4 * ROWS;
	int steps = isfinite(columns + rows) ? (int)fmax(columns, rows) + 1 : 0;
	for (int i = 0; i <= steps; i++) {
		double share = steps ? (double)i / steps : 1;
		set_dot(grid, x0 + share * (x1 - x0), y0 + share * (y1 - y0), letter);
	}
}

static void set_curve(Grid *grid, const Curve *curve, const Scale *scale, bool test)
{
	double x = NAN, y = NAN;
	for (size_t i = 0; i < points(curve); i++) {
		const CurvePoint *point = point_at(curve, i);
		double next_x = across(scale, point), next_y = up(scale, test ? point->test : point->loss);
		set_line(grid, x, y, next_x, next_y, test ? 'o' : '*');
		x = next_x;
		y = next_y;
	}
}

static void print_cell(const Grid *grid, int cell, Output *output, bool utf8)
{
	char text[4] = {grid->letter[cell], 0};
	if (utf8) {
		text[0] = (char)0xE2;
		text[1] = (char)(0xA0 | grid->dots[cell] >> 6);
		text[2] = (char)(0x80 | (grid->dots[cell] & 0x3F));
	}
	output_text(output, grid->letter[cell] == ' ' ? " " : text);
}

static void print_row(const Grid *grid, int row, const Scale *scale, Output *output, bool utf8)
{
	int end = grid->columns;
	while (end && grid->letter[row * grid->columns + end - 1] == ' ')
		end--;
	if (row % 3)
		output_printf(output, "%*s %s", MARGIN - 3, "", utf8 ? "│" : "|");
	else
		output_printf(output, "%*.3g %s", MARGIN - 3, loss_at(scale, 1 - (row + 0.5) / ROWS),
		              utf8 ? "┤" : "+");
	for (int i = 0; i < end; i++)
		print_cell(grid, row * grid->columns + i, output, utf8);
	output_text(output, "\n");
}

void curve_print(const Curve *curve, Output *output, int width, bool utf8)
{
	if (points(curve) < 2)
		return;
	Scale scale = scale_of(curve);
	Grid grid = {.columns = (width > 90 ? 90 : width) - MARGIN};
	size_t cells = (size_t)grid.columns * ROWS;
	grid.dots = memset(memory_alloc(cells), 0, cells);
	grid.letter = memset(memory_alloc(cells), ' ', cells);
	set_curve(&grid, curve, &scale, false);
	set_curve(&grid, curve, &scale, true);
	output_printf(output, "%*s loss%s%s\n", MARGIN - 2, "",
	              scale.test ? " (training and test)" : "",
	              scale.logarithmic ? ", logarithmic" : "");
	for (int row = 0; row < ROWS; row++)
		print_row(&grid, row, &scale, output, utf8);
	output_printf(output, "%*s%.0f%*.0f epochs\n", MARGIN - 1, "", scale.low, grid.columns - 8,
	              scale.high);
	free(grid.dots);
	free(grid.letter);
}

// ---- SVG

enum { WIDTH = 720, HEIGHT = 420, LEFT = 80, RIGHT = 700, TOP = 40, BOTTOM = 370, TICKS = 5 };

static void put_escaped(Output *output, const char *text)
{
	for (; *text; text++)
		if (*text == '<' || *text == '&')
			output_text(output, *text == '<' ? "&lt;" : "&amp;");
		else
			output_bytes(output, text, 1);
}

static void put_axes(Output *output, const Scale *scale)
{
	for (int i = 0; i <= TICKS; i++) {
		double share = (double)i / TICKS, y = BOTTOM - share * (BOTTOM - TOP),
			   x = LEFT + share * (RIGHT - LEFT);
		output_printf(output, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>\n", LEFT, y, RIGHT);
		output_printf(output, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.4g</text>\n",
		              LEFT - 8, y + 4, loss_at(scale, share));
		output_printf(output, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.6g</text>\n", x,
		              BOTTOM + 20, round(scale->low + share * (scale->high - scale->low)));
	}
	output_printf(output, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">epochs</text>\n",
	              (LEFT + RIGHT) / 2, BOTTOM + 40);
	output_printf(output, "<text x=\"%d\" y=\"%d\">loss%s</text>\n", LEFT, TOP - 8,
	              scale->logarithmic ? ", logarithmic" : "");
}

// A pen is put down wherever there is a number after none.
static void put_line(Output *output, const Curve *curve, const Scale *scale, bool test)
{
	bool down = false;
	output_printf(output, "<path class=\"%s\" d=\"", test ? "test" : "training");
	for (size_t i = 0; i < points(curve); i++) {
		const CurvePoint *point = point_at(curve, i);
		double x = LEFT + across(scale, point) * (RIGHT - LEFT);
		double y = BOTTOM - up(scale, test ? point->test : point->loss) * (BOTTOM - TOP);
		bool there = isfinite(x) && isfinite(y);
		if (there)
			output_printf(output, "%c%.1f %.1f", down ? 'L' : 'M', x, y);
		down = there;
	}
	output_text(output, "\"/>\n");
}

static void put_legend(Output *output, const Scale *scale)
{
	output_printf(
		output,
		"<path class=\"training\" d=\"M%d %dh24\"/><text x=\"%d\" y=\"%d\">training</text>\n",
		RIGHT - 190, TOP - 12, RIGHT - 160, TOP - 8);
	if (scale->test)
		output_printf(output,
		              "<path class=\"test\" d=\"M%d %dh24\"/><text x=\"%d\" y=\"%d\">test</text>\n",
		              RIGHT - 80, TOP - 12, RIGHT - 50, TOP - 8);
}

void curve_svg(const Curve *curve, Output *output, const char *title)
{
	output_printf(output,
	              "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
	              "font-family=\"sans-serif\" "
	              "font-size=\"13\">\n<title>",
	              WIDTH, HEIGHT);
	put_escaped(output, title);
	output_text(
		output,
		"</title>\n<style>path{fill:none;stroke-width:2;stroke-linejoin:round}.grid{stroke:#ddd;"
		"stroke-width:1}.training{stroke:#1f5fa8}.test{stroke:#c8501e;stroke-dasharray:6 "
	    "3}</style>\n");
	output_printf(output, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, HEIGHT);
	if (points(curve) > 1) {
		Scale scale = scale_of(curve);
		put_axes(output, &scale);
		put_line(output, curve, &scale, false);
		if (scale.test)
			put_line(output, curve, &scale, true);
		put_legend(output, &scale);
	}
	output_text(output, "</svg>\n");
}
