// How a chart is laid out on a plane, once for all forms that are drawn: where its axes, lines, marks and words go. A pen
// puts them down (chart_svg.c, chart_latex.c). Coordinates run to the right and down, in points.
#ifndef RENDER_CHART_PEN_H
#define RENDER_CHART_PEN_H

#include "tutor/render/chart.h"

typedef enum ChartInk { INK_GRID, INK_AXIS, INK_LEVEL, INK_SERIES } ChartInk;

typedef struct ChartPlace {
	double x, y;
} ChartPlace;

typedef struct ChartBox {
	double left, top, right, bottom;
} ChartBox;

typedef enum ChartAnchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END } ChartAnchor;

typedef struct ChartPen ChartPen;
struct ChartPen {
	Output *output;
	const TextStyle *style;
	double width, height;   // of the whole
	double letter;          // the mean width of one
	double size;            // of the letters
	// A line through places; one that is not finite lifts the pen.
	void (*line)(ChartPen *pen, const ChartPlace *place, size_t count, ChartInk ink, size_t series);
	// Polygons of one series, filled; parted by places that are not finite.
	void (*fill)(ChartPen *pen, const ChartPlace *place, size_t count, size_t series);
	// A bar of a series.
	void (*bar)(ChartPen *pen, ChartBox box, size_t series);
	// What is drawn from here on is seen within the box only; then again everywhere.
	void (*clip)(ChartPen *pen, ChartBox box);
	void (*unclip)(ChartPen *pen);
	void (*words)(ChartPen *pen, double x, double y, ChartAnchor anchor, const ChartLabel *label);
	// A number at an axis, or (on a line of that height) at a contour line.
	void (*number)(ChartPen *pen, double x, double y, ChartAnchor anchor, double value, bool on_line);
};

void chart_draw(const Chart *chart, ChartPen *pen);

#endif
