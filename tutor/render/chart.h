// A chart as data: series of points over two axes, bars, or contour lines with paths over them; and how it is drawn.
//
// A Chart is filled in by whoever has the numbers, then fitted once (chart_fit), which finds what the axes show. Every
// form that it takes is made from that: lines of text (chart_text), SVG (chart_svg), LaTeX without packages
// (chart_latex). Series differ by more than colour: by the letter, the dashes, the marks.
#ifndef RENDER_CHART_H
#define RENDER_CHART_H

#include "tutor/render/equation.h"

// The most series of a chart: those that can be told apart.
enum { CHART_SERIES = 7 };

// A text, or the name of a quantity where `name` is not NULL.
typedef struct ChartLabel {
	const char *text;
	const Quantity *name;
} ChartLabel;

typedef enum ChartKind {
	CHART_LINE,     // from point to point
	CHART_POINTS,   // marks alone
	CHART_BARS,     // x is the place of a category, from 0
	CHART_PATH,     // a line whose beginning is shown
} ChartKind;

typedef struct ChartSeries {
	ChartLabel label;
	ChartKind kind;
	const double *x, *y;   // a value that is not finite breaks the line
	size_t count;
} ChartSeries;

enum { CHART_TICKS = 16 };

typedef struct ChartAxis {
	ChartLabel title;
	bool logarithmic;      // then values that are not positive are not shown
	bool whole;            // ticks at whole numbers only
	bool fixed;            // low and high are as they were given
	double low, high;      // what is shown; found by chart_fit where not fixed
	double tick[CHART_TICKS];
	size_t ticks;
} ChartAxis;

// Heights over a grid, for contour lines: height[row*columns + column], evenly over the axes, row 0 at the bottom.
typedef struct ChartField {
	ChartLabel title;
	const double *height;
	size_t columns, rows;
	bool logarithmic;      // levels by powers, not by steps
	double level[CHART_TICKS];
	size_t levels;         // found by chart_fit
} ChartField;

typedef struct Chart {
	ChartAxis x, y;
	ChartSeries *series;
	size_t count;
	const char *const *category;   // of bars; NULL where the x axis has numbers
	size_t categories;
	ChartField field;              // height is NULL where there is none
	uint32_t number;               // place among the charts of a document, from 1
} Chart;

// Finds ranges, ticks and levels.
void chart_fit(Chart *chart);

// Where a value stands on an axis: 0 at its low end, 1 at its high one. NAN for what cannot be shown.
double chart_place(const ChartAxis *axis, double value);
double chart_value(const ChartAxis *axis, double place);

// A number at an axis: 0.25, 1e-6 (or 10⁻⁶ in Unicode).
void chart_number(Output *output, double value, bool unicode);
void chart_label(Output *output, const ChartLabel *label, const TextStyle *style);
// What the chart has in a sentence or two, for those who do not see it.
void chart_describe(Output *output, const Chart *chart, const TextStyle *style);

// Lines of text, at most style->width wide.
void chart_text(Output *output, const Chart *chart, const TextStyle *style);
// An <svg>; `alone` as a file of its own, with its colours.
void chart_svg(Output *output, const Chart *chart, const TextStyle *style, bool alone);
// A picture environment. It wants the command \plotdraw of chart_latex_preamble.
void chart_latex(Output *output, const Chart *chart, const TextStyle *style);
extern const char chart_latex_preamble[];

#endif
