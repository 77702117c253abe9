#include "tutor/render/chart_pen.h"

#include "tutor/render/contour.h"

#include <math.h>
#include <string.h>

enum { MARK_POINTS = 12, MOST_MARKS = 10, ALL_MARKS = 24 };

typedef struct Drawing {
	const Chart *chart;
	ChartPen *pen;
	ChartBox box;          // of what the axes enclose
	Arena arena;
} Drawing;

static const ChartPlace lifted = {NAN, NAN};

static double across(const Drawing *d, double place)
{
	return d->box.left + place * (d->box.right - d->box.left);
}

static double up(const Drawing *d, double place)
{
	return d->box.bottom - place * (d->box.bottom - d->box.top);
}

// Far outside nothing is seen, and coordinates stay small.
static double kept(double place)
{
	return place < -3 ? -3 : place > 4 ? 4 : place;
}

static ChartPlace place_of(const Drawing *d, double x, double y)
{
	return (ChartPlace){across(d, kept(chart_place(&d->chart->x, x))), up(d, kept(chart_place(&d->chart->y, y)))};
}

static bool is_place(ChartPlace place)
{
	return isfinite(place.x) && isfinite(place.y);
}

static bool is_inside(const Drawing *d, ChartPlace place)
{
	return is_place(place) && place.x > d->box.left - 1 && place.x < d->box.right + 1 && place.y > d->box.top - 1 &&
	       place.y < d->box.bottom + 1;
}

// ---- Marks: one shape a series

static const struct Shape {
	size_t count;
	ChartPlace place[MARK_POINTS];
} shape[CHART_SERIES] = {
    {12, {{0, -3.2}, {1.6, -2.8}, {2.8, -1.6}, {3.2, 0}, {2.8, 1.6}, {1.6, 2.8},
          {0, 3.2}, {-1.6, 2.8}, {-2.8, 1.6}, {-3.2, 0}, {-2.8, -1.6}, {-1.6, -2.8}}},
    {4, {{-3, -3}, {3, -3}, {3, 3}, {-3, 3}}},
    {3, {{0, -4.2}, {3.8, 2.8}, {-3.8, 2.8}}},
    {4, {{0, -4.4}, {4.4, 0}, {0, 4.4}, {-4.4, 0}}},
    {12, {{-1.2, -4}, {1.2, -4}, {1.2, -1.2}, {4, -1.2}, {4, 1.2}, {1.2, 1.2},
          {1.2, 4}, {-1.2, 4}, {-1.2, 1.2}, {-4, 1.2}, {-4, -1.2}, {-1.2, -1.2}}},
    {3, {{0, 4.2}, {3.8, -2.8}, {-3.8, -2.8}}},
    {4, {{-4, -1.6}, {4, -1.6}, {4, 1.6}, {-4, 1.6}}},
};

// The mark at each of `count` places, in one go.
static void put_marks(Drawing *d, const ChartPlace *place, size_t count, size_t series)
{
	const struct Shape *mark = &shape[series % CHART_SERIES];
	ChartPlace *all = arena_array(&d->arena, ChartPlace, count * (mark->count + 1) + 1);
	size_t filled = 0;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < mark->count; k++)
			all[filled++] = (ChartPlace){place[i].x + mark->place[k].x, place[i].y + mark->place[k].y};
		all[filled++] = lifted;
	}
	if (count)
		d->pen->fill(d->pen, all, filled, series);
}

// ---- Axes

static double letters(const Drawing *d, const ChartLabel *label)
{
	Output memory = {0};
	chart_label(&memory, label, d->pen->style);
	double columns = (double)notation_columns(output_memory(&memory), memory.count);
	output_abandon(&memory);
	return columns * d->pen->letter;
}

static double number_width(const Drawing *d, double value)
{
	Output memory = {0};
	chart_number(&memory, value, true);
	double columns = (double)notation_columns(output_memory(&memory), memory.count);
	output_abandon(&memory);
	return columns * d->pen->letter;
}

static void put_grid(Drawing *d)
{
	const Chart *chart = d->chart;
	const ChartBox *box = &d->box;
	for (size_t i = 0; i < chart->y.ticks; i++) {
		double y = up(d, chart_place(&chart->y, chart->y.tick[i]));
		ChartPlace line[] = {{box->left, y}, {box->right, y}};
		d->pen->line(d->pen, line, 2, INK_GRID, 0);
		d->pen->number(d->pen, box->left - 6, y + d->pen->size * 0.35, ANCHOR_END, chart->y.tick[i], false);
	}
	for (size_t i = 0; i < chart->x.ticks && !chart->category; i++) {
		double x = across(d, chart_place(&chart->x, chart->x.tick[i]));
		ChartPlace line[] = {{x, box->top}, {x, box->bottom}};
		d->pen->line(d->pen, line, 2, INK_GRID, 0);
		d->pen->number(d->pen, x, box->bottom + d->pen->size * 1.25, ANCHOR_MIDDLE, chart->x.tick[i], false);
	}
}

// Every one, or every few where they would touch.
static void put_categories(Drawing *d)
{
	const Chart *chart = d->chart;
	double widest = 1, room = (d->box.right - d->box.left) / (double)chart->categories;
	for (size_t i = 0; i < chart->categories; i++)
		widest = fmax(widest, letters(d, &(ChartLabel){.text = chart->category[i]}) + d->pen->letter);
	size_t stride = (size_t)ceil(widest / room);
	for (size_t i = 0; i < chart->categories; i += stride)
		d->pen->words(d->pen, across(d, chart_place(&chart->x, (double)i)), d->box.bottom + d->pen->size * 1.25,
		              ANCHOR_MIDDLE, &(ChartLabel){.text = chart->category[i]});
}

static void put_axes(Drawing *d)
{
	const Chart *chart = d->chart;
	const ChartBox *box = &d->box;
	put_grid(d);
	if (chart->category)
		put_categories(d);
	ChartPlace frame[] = {{box->left, box->top}, {box->left, box->bottom}, {box->right, box->bottom}};
	d->pen->line(d->pen, frame, 3, INK_AXIS, 0);
	d->pen->words(d->pen, (box->left + box->right) / 2, d->pen->height - d->pen->size * 0.4, ANCHOR_MIDDLE,
	              &chart->x.title);
	d->pen->words(d->pen, 2, d->pen->size, ANCHOR_START, &chart->y.title);
}

// ---- The legend: samples with their labels, in as many lines as they need

static const double sample = 30;

static bool is_named(const Chart *chart)
{
	return chart->count > 1 || (chart->count == 1 && chart->field.height);
}

static void put_sample(Drawing *d, size_t i, double x, double y)
{
	ChartPlace line[] = {{x, y}, {x + sample - 6, y}}, middle = {x + (sample - 6) / 2, y};
	ChartKind kind = d->chart->series[i].kind;
	if (kind == CHART_BARS)
		d->pen->bar(d->pen, (ChartBox){x + 8, y - 5, x + sample - 8, y + 5}, i);
	if (kind == CHART_LINE || kind == CHART_PATH)
		d->pen->line(d->pen, line, 2, INK_SERIES, i);
	if (kind != CHART_BARS)
		put_marks(d, &middle, 1, i);
}

// Puts the legend's lines from `top` on, or only counts them. The height that they take.
static double legend(Drawing *d, double top, bool put)
{
	double x = d->box.left, line = d->pen->size * 1.6, y = top;
	if (!is_named(d->chart))
		return 0;
	for (size_t i = 0; i < d->chart->count; i++) {
		double width = sample + letters(d, &d->chart->series[i].label) + 4 * d->pen->letter;
		if (x > d->box.left && x + width > d->pen->width) {
			x = d->box.left;
			y += line;
		}
		if (put) {
			put_sample(d, i, x, y + line / 2);
			d->pen->words(d->pen, x + sample, y + line / 2 + d->pen->size * 0.35, ANCHOR_START,
			              &d->chart->series[i].label);
		}
		x += width;
	}
	return y + line - top;
}

// ---- Series

static void put_bars(Drawing *d, const ChartSeries *series, size_t number)
{
	const Chart *chart = d->chart;
	double wide = 0.8 / (double)chart->count, zero = chart->y.logarithmic ? 0 : chart_place(&chart->y, 0);
	for (size_t i = 0; i < series->count; i++) {
		double left = series->x[i] - 0.4 + wide * (double)number, height = chart_place(&chart->y, series->y[i]);
		if (!isfinite(height))
			continue;
		double from = up(d, fmin(fmax(zero, 0), 1)), to = up(d, fmin(fmax(height, 0), 1));
		d->pen->bar(d->pen, (ChartBox){across(d, chart_place(&chart->x, left)), fmin(from, to),
		            across(d, chart_place(&chart->x, left + wide * 0.92)), fmax(from, to)}, number);
	}
}

// A path's first place has a ring around it.
static void put_beginning(Drawing *d, ChartPlace place, size_t number)
{
	ChartPlace ring[13];
	for (size_t i = 0; i < 13; i++)
		ring[i] = (ChartPlace){place.x + 2 * shape[0].place[i % 12].x, place.y + 2 * shape[0].place[i % 12].y};
	(void)number;
	d->pen->line(d->pen, ring, 13, INK_AXIS, 0);
}

static void put_series(Drawing *d, const ChartSeries *series, size_t number)
{
	ChartPlace *place = arena_array(&d->arena, ChartPlace, series->count + 1);
	ChartPlace *mark = arena_array(&d->arena, ChartPlace, series->count + 1);
	size_t marks = 0, stride = series->count / MOST_MARKS + 1;
	bool all = series->count <= ALL_MARKS || series->kind == CHART_POINTS || series->kind == CHART_PATH;
	for (size_t i = 0; i < series->count; i++) {
		place[i] = place_of(d, series->x[i], series->y[i]);
		bool marked = all || (i + number * stride / CHART_SERIES) % stride == stride / 2;
		bool far = !marks || series->kind != CHART_PATH || !is_place(mark[marks - 1]) ||
		           hypot(place[i].x - mark[marks - 1].x, place[i].y - mark[marks - 1].y) > 7;
		if (marked && far && is_inside(d, place[i]))
			mark[marks++] = place[i];
	}
	if (series->kind != CHART_POINTS)
		d->pen->line(d->pen, place, series->count, INK_SERIES, number);
	if (is_named(d->chart) || series->kind == CHART_POINTS || series->count <= ALL_MARKS)
		put_marks(d, mark, marks, number);
	if (series->kind == CHART_PATH && series->count && is_inside(d, place[0]))
		put_beginning(d, place[0], number);
}

// ---- Contour lines, each level once with its number

static ChartPlace on_grid(const Drawing *d, double x, double y)
{
	const ChartField *field = &d->chart->field;
	return (ChartPlace){across(d, x / (double)(field->columns - 1)), up(d, y / (double)(field->rows - 1))};
}

// Whether all places between two lie so close to the straight line from the one to the other that nobody sees it.
static bool is_straight(const ChartPlace *place, size_t from, size_t to)
{
	double x = place[to].x - place[from].x, y = place[to].y - place[from].y, length = hypot(x, y);
	for (size_t i = from + 1; i < to; i++) {
		double across = x * (place[i].y - place[from].y) - y * (place[i].x - place[from].x);
		if (!(fabs(across) <= 0.2 * length))
			return false;
	}
	return true;
}

// Leaves out the places that a line does not need. Returns how many are left.
static size_t thin(ChartPlace *place, size_t count)
{
	size_t kept = count > 0, from = 0;
	for (size_t to = 2; to <= count; to++)
		if (to == count || !is_straight(place, from, to)) {
			from = to - 1;
			place[kept++] = place[from];
		}
	return kept;
}

// Room for a level's number: inside, and no path goes over it.
static bool has_room(const Drawing *d, ChartPlace place, double half)
{
	double size = d->pen->size;
	if (place.x - half <= d->box.left || place.x + half >= d->box.right || place.y - size <= d->box.top ||
	    place.y + size >= d->box.bottom)
		return false;
	for (size_t i = 0; i < d->chart->count; i++)
		for (size_t k = 0; k < d->chart->series[i].count; k++) {
			ChartPlace on = place_of(d, d->chart->series[i].x[k], d->chart->series[i].y[k]);
			if (fabs(on.x - place.x) < half + size && fabs(on.y - place.y) < 1.5 * size)
				return false;
		}
	return true;
}

enum { TRIES = 12 };   // places along a line at which its number may stand

static void put_level(Drawing *d, size_t number)
{
	const ChartField *field = &d->chart->field;
	double level = field->level[number];
	const ContourLine *longest = NULL, *first = contour_lines(field->height, field->columns, field->rows, level,
	                                                          &d->arena);
	for (const ContourLine *line = first; line; line = line->next) {
		ChartPlace *place = arena_array(&d->arena, ChartPlace, line->count);
		for (size_t i = 0; i < line->count; i++)
			place[i] = on_grid(d, line->x[i], line->y[i]);
		d->pen->line(d->pen, place, thin(place, line->count), INK_LEVEL, 0);
		longest = !longest || line->count > longest->count ? line : longest;
	}
	if (!longest || longest->count < field->columns / 3)
		return;
	for (size_t i = 0; i < TRIES; i++) {
		size_t at = longest->count * ((3 + 3 * (number % 3) + 5 * i) % TRIES) / TRIES;   // not all in a row
		ChartPlace place = on_grid(d, longest->x[at], longest->y[at]);
		if (!has_room(d, place, number_width(d, level) / 2))
			continue;
		d->pen->number(d->pen, place.x, place.y + d->pen->size * 0.35, ANCHOR_MIDDLE, level, true);
		return;
	}
}

// ---- The whole

static void frame(Drawing *d)
{
	const Chart *chart = d->chart;
	double widest = 0;
	for (size_t i = 0; i < chart->y.ticks; i++)
		widest = fmax(widest, number_width(d, chart->y.tick[i]));
	d->box = (ChartBox){.left = widest + 12, .right = d->pen->width - 14,
	                    .bottom = d->pen->height - d->pen->size * 3};
	d->box.top = d->pen->size * 1.6 + legend(d, 0, false) + 4;
}

void chart_draw(const Chart *chart, ChartPen *pen)
{
	Drawing d = {.chart = chart, .pen = pen};
	frame(&d);
	put_axes(&d);
	legend(&d, pen->size * 1.4, true);
	pen->clip(pen, d.box);
	for (size_t i = 0; i < chart->field.levels; i++)
		put_level(&d, i);
	for (size_t i = 0; i < chart->count; i++)
		if (chart->series[i].kind == CHART_BARS)
			put_bars(&d, &chart->series[i], i);
		else
			put_series(&d, &chart->series[i], i);
	pen->unclip(pen);
	arena_free(&d.arena);
}
