#include "tutor/render/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 6 };   // about so many ticks

// ---- Ticks

// 1, 2 or 5 times a power of ten, at least `step`.
static double nice_step(double step)
{
	double power = pow(10, floor(log10(step)));
	double first = step/power;
	return power*(first <= 1.0000001 ? 1 : first <= 2.0000001 ? 2 : first <= 5.0000001 ? 5 : 10);
}

// At multiples of a nice number, `least` or more.
static size_t even_ticks(double low, double high, size_t most, double least, double *tick)
{
	double step = fmax(nice_step((high - low)/(double)most), least);
	size_t count = 0;
	for (double i = ceil(low/step - 1e-9); i*step <= high + 1e-9*step && count < CHART_TICKS; i++)
		tick[count++] = i == 0 ? 0 : i*step;
	return count;
}

// Powers of ten, every so many; with their 2 and 5 where there are few.
static size_t power_ticks(double low, double high, double *tick)
{
	double first = floor(log10(low)), last = ceil(log10(high));
	double stride = ceil((last - first)/(STEPS + 1));
	static const double part[] = {1, 2, 5};
	size_t parts = log10(high/low) < 2.2 ? 3 : 1, count = 0;
	for (double power = first; power <= last; power += parts == 3 ? 1 : stride)
		for (size_t i = 0; i < parts && count < CHART_TICKS; i++) {
			double value = part[i]*pow(10, power);
			if (value >= low*0.999999 && value <= high*1.000001)
				tick[count++] = value;
		}
	return count;
}

static void find_ticks(ChartAxis *axis)
{
	axis->ticks = axis->logarithmic ? power_ticks(axis->low, axis->high, axis->tick)
	                                : even_ticks(axis->low, axis->high, STEPS, axis->whole ? 1 : 0, axis->tick);
}

// ---- Ranges

static bool shown(const ChartAxis *axis, double value)
{
	return isfinite(value) && (!axis->logarithmic || value > 0);
}

static void widen(ChartAxis *axis, double value)
{
	if (!shown(axis, value))
		return;
	axis->low = fmin(axis->low, value);
	axis->high = fmax(axis->high, value);
}

// Something to show where there is no range: nothing, or one value alone.
static void repair(ChartAxis *axis)
{
	if (!(axis->low <= axis->high)) {
		axis->low = axis->logarithmic ? 1 : 0;
		axis->high = axis->logarithmic ? 10 : 1;
	}
	if (axis->low == axis->high && axis->logarithmic) {
		axis->low /= 2;
		axis->high *= 2;
	} else if (!(axis->high - axis->low > 1e-12*fmax(fabs(axis->low), fabs(axis->high)))) {
		double by = axis->low == 0 ? 1 : fabs(axis->low)/2;
		axis->low -= by;
		axis->high += by;
	}
}

// A line at the very top or bottom is hard to see: the range goes on to the next tick.
static void round_out(ChartAxis *axis)
{
	if (axis->logarithmic) {
		axis->low /= 1.2;
		axis->high *= 1.2;
		return;
	}
	double step = nice_step((axis->high - axis->low)/STEPS);
	axis->low = floor(axis->low/step + 1e-9)*step;
	axis->high = ceil(axis->high/step - 1e-9)*step;
}

static bool has_bars(const Chart *chart)
{
	return chart->count && chart->series[0].kind == CHART_BARS;
}

static void fit_axis(Chart *chart, ChartAxis *axis, bool across)
{
	if (!axis->fixed) {
		axis->low = INFINITY;
		axis->high = -INFINITY;
		for (size_t i = 0; i < chart->count; i++)
			for (size_t k = 0; k < chart->series[i].count; k++)
				widen(axis, across ? chart->series[i].x[k] : chart->series[i].y[k]);
		if (!across && has_bars(chart))
			widen(axis, 0);
		repair(axis);
		if (!across)
			round_out(axis);
	}
	find_ticks(axis);
}

// Levels of the contour lines: even steps, or powers from what is small in the field to its largest.
static void fit_levels(ChartField *field)
{
	double low = INFINITY, high = -INFINITY, positive = INFINITY;
	for (size_t i = 0; i < field->columns*field->rows; i++) {
		double height = field->height[i];
		if (!isfinite(height))
			continue;
		low = fmin(low, height);
		high = fmax(high, height);
		positive = height > 0 ? fmin(positive, height) : positive;
	}
	if (!(low < high))
		return;
	if (field->logarithmic && positive < high)
		field->levels = power_ticks(fmax(positive, high*1e-6), high, field->level);
	else
		field->levels = even_ticks(low + 1e-3*(high - low), high, CHART_TICKS - 4, 0, field->level);   // no dot at the bottom
}

void chart_fit(Chart *chart)
{
	if (chart->category) {
		chart->x.fixed = true;
		chart->x.low = -0.5;
		chart->x.high = (double)chart->categories - 0.5;
	}
	fit_axis(chart, &chart->x, true);
	fit_axis(chart, &chart->y, false);
	if (chart->field.height)
		fit_levels(&chart->field);
}

// ---- Places

double chart_place(const ChartAxis *axis, double value)
{
	if (!shown(axis, value))
		return NAN;
	if (axis->logarithmic)
		return log(value/axis->low)/log(axis->high/axis->low);
	return (value - axis->low)/(axis->high - axis->low);
}

double chart_value(const ChartAxis *axis, double place)
{
	if (axis->logarithmic)
		return axis->low*pow(axis->high/axis->low, place);
	return axis->low + place*(axis->high - axis->low);
}

// ---- Words

static void put_raised(Output *output, int exponent)
{
	static const char *const digit[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
	char text[16];
	snprintf(text, sizeof text, "%d", exponent);
	for (const char *c = text; *c; c++)
		output_text(output, *c == '-' ? "⁻" : digit[*c - '0']);
}

void chart_number(Output *output, double value, bool unicode)
{
	double size = fabs(value);
	if (value == 0 || (size >= 0.000999 && size < 99999.5)) {
		output_text(output, value < 0 ? unicode ? "−" : "-" : "");
		output_printf(output, size >= 1000 ? "%.5g" : "%.4g", size);
		return;
	}
	char text[32];
	snprintf(text, sizeof text, "%.2e", size);
	char *e = strchr(text, 'e'), *end = e ? e : text + strlen(text);
	int exponent = e ? (int)strtol(e + 1, NULL, 10) : 0;
	while (end > text && (end[-1] == '0' || end[-1] == '.') && memchr(text, '.', (size_t)(end - text)))
		end--;
	output_text(output, value < 0 ? unicode ? "−" : "-" : "");
	bool one = end - text == 1 && *text == '1';
	if (!one || !unicode)
		output_bytes(output, text, (size_t)(end - text));
	if (!e)
		return;
	output_text(output, !unicode ? "e" : one ? "10" : "·10");
	if (unicode)
		put_raised(output, exponent);
	else
		output_printf(output, "%d", exponent);
}

void chart_label(Output *output, const ChartLabel *label, const TextStyle *style)
{
	Notation notation = text_notation(style);
	if (label->name)
		notation_quantity(output, label->name, &notation);
	else
		text_plain(output, label->text ? label->text : "", style);
}

// First and last, lowest and highest.
static void describe_series(Output *output, const Chart *chart, const ChartSeries *series, const TextStyle *style)
{
	size_t first = SIZE_MAX, last = 0;
	double low = INFINITY, high = -INFINITY;
	for (size_t i = 0; i < series->count; i++) {
		if (!isfinite(series->x[i]) || !isfinite(series->y[i]))
			continue;
		first = first == SIZE_MAX ? i : first;
		last = i;
		low = fmin(low, series->y[i]);
		high = fmax(high, series->y[i]);
	}
	output_text(output, " ");
	chart_label(output, &series->label, style);
	if (first == SIZE_MAX) {
		output_text(output, ": nothing to show.");
		return;
	}
	const size_t end[] = {first, last};
	for (size_t i = 0; i < 2; i++) {
		output_text(output, i ? ", to " : ": from ");
		if (series->kind == CHART_PATH) {
			chart_number(output, series->x[end[i]], style->unicode);
			output_text(output, ", ");
		}
		chart_number(output, series->y[end[i]], style->unicode);
		if (series->kind == CHART_PATH)
			continue;
		output_text(output, " at ");
		if (chart->category)
			text_plain(output, chart->category[(size_t)series->x[end[i]]], style);
		else
			chart_number(output, series->x[end[i]], style->unicode);
	}
	if (series->kind != CHART_PATH) {
		output_text(output, "; lowest ");
		chart_number(output, low, style->unicode);
		output_text(output, ", highest ");
		chart_number(output, high, style->unicode);
	}
	output_text(output, ".");
}

void chart_describe(Output *output, const Chart *chart, const TextStyle *style)
{
	const ChartLabel *what = chart->field.height ? &chart->field.title : &chart->y.title;
	output_text(output, chart->field.height ? "Contour lines of " : "Chart of ");
	for (size_t i = 0; i < chart->count && !what->name && !(what->text && *what->text); i++) {
		output_text(output, i == 0 ? "" : i + 1 < chart->count ? ", " : " and ");
		chart_label(output, &chart->series[i].label, style);
	}
	chart_label(output, what, style);
	output_text(output, " over ");
	chart_label(output, &chart->x.title, style);
	if (chart->field.height) {
		output_text(output, " and ");
		chart_label(output, &chart->y.title, style);
	}
	output_text(output, chart->y.logarithmic ? ", logarithmic." : ".");
	for (size_t i = 0; i < chart->count; i++)
		describe_series(output, chart, &chart->series[i], style);
}
