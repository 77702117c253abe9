#include "tutor/train/curve.h"

#include "core/arena.h"
#include "tutor/render/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_POINTS = 4096 };

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

// ---- As a chart

static size_t points(const Curve *curve)
{
	return curve->count +
	       (curve->count && curve->point[curve->count - 1].epoch < curve->last.epoch);
}

static const CurvePoint *point_at(const Curve *curve, size_t i)
{
	return i < curve->count ? &curve->point[i] : &curve->last;
}

// Losses that differ by a factor of 20 and more are shown by their logarithms.
static bool is_wide(const Curve *curve)
{
	double low = INFINITY, high = -INFINITY;
	for (size_t i = 0; i < points(curve); i++) {
		const CurvePoint *point = point_at(curve, i);
		low = fmin(low, fmin(point->loss, point->test));
		high = isfinite(point->loss) ? fmax(high, point->loss) : high;
		high = isfinite(point->test) ? fmax(high, point->test) : high;
	}
	return low > 0 && high > 20 * low;
}

static void add_series(Chart *chart, const Curve *curve, bool test, Arena *arena)
{
	size_t count = points(curve), shown = 0;
	double *x = arena_array(arena, double, count + 1), *y = arena_array(arena, double, count + 1);
	for (size_t i = 0; i < count; i++) {
		const CurvePoint *point = point_at(curve, i);
		x[i] = (double)point->epoch;
		y[i] = test ? point->test : point->loss;
		shown += isfinite(y[i]) ? 1 : 0;
	}
	if (shown || !test)
		chart->series[chart->count++] = (ChartSeries){
			.label.text = test ? "test" : "training", .x = x, .y = y, .count = count};
}

// The training losses and, where there are any, the test losses over the epochs.
static Chart chart_of(const Curve *curve, const char *title, Arena *arena)
{
	Chart chart = {.x.title.text = "epochs", .x.whole = true, .y.title.text = title, .number = 1};
	chart.y.logarithmic = is_wide(curve);
	chart.series = arena_array(arena, ChartSeries, 2);
	add_series(&chart, curve, false, arena);
	add_series(&chart, curve, true, arena);
	chart_fit(&chart);
	return chart;
}

void curve_print(const Curve *curve, Output *output, int width, bool utf8)
{
	if (points(curve) < 2)
		return;
	Arena arena = {0};
	Chart chart = chart_of(curve, "loss", &arena);
	TextStyle style = text_style(utf8, 4, (uint32_t)width);
	style.indent = 0;
	chart_text(output, &chart, &style);
	arena_free(&arena);
}

void curve_svg(const Curve *curve, Output *output, const char *title)
{
	Arena arena = {0};
	Chart chart = chart_of(curve, arena_printf(&arena, "loss of %s", title), &arena);
	TextStyle style = text_style(true, 4, 80);
	chart_svg(output, &chart, &style, true);
	arena_free(&arena);
}
