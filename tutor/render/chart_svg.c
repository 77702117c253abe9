// Charts as SVG, within a page or as files of their own.
#include "tutor/render/chart_pen.h"
#include "tutor/render/html.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 640, HEIGHT = 380, SQUARE = 460 };

static const char *const anchor_class[] = {"start", "middle", "end"};

// Places with a decimal, each as the way from the one before; what moves less than can be seen is left out.
static void put_places(Output *output, const ChartPlace *place, size_t count, bool close)
{
	double x = 0, y = 0;
	bool down = false;
	for (size_t i = 0; i < count; i++) {
		bool there = isfinite(place[i].x) && isfinite(place[i].y);
		if (!there || !down || fabs(place[i].x - x) + fabs(place[i].y - y) >= 0.5) {
			if (!there && down && close)
				output_text(output, "z");
			if (there && !down)
				output_printf(output, "M%.1f %.1f", place[i].x, place[i].y);
			else if (there)
				output_printf(output, "l%.4g %.4g", round(10 * (place[i].x - x)) / 10, round(10 * (place[i].y - y)) / 10);
			x = down && there ? x + round(10 * (place[i].x - x)) / 10 : round(10 * place[i].x) / 10;
			y = down && there ? y + round(10 * (place[i].y - y)) / 10 : round(10 * place[i].y) / 10;
		}
		down = there;
	}
}

static void put_line(ChartPen *pen, const ChartPlace *place, size_t count, ChartInk ink, size_t series)
{
	static const char *const ink_class[] = {"grid", "axis", "contour"};
	if (ink == INK_SERIES)
		output_printf(pen->output, "<path class=\"line s%u\" d=\"", (unsigned)(series % CHART_SERIES));
	else
		output_printf(pen->output, "<path class=\"%s\" d=\"", ink_class[ink]);
	put_places(pen->output, place, count, false);
	output_text(pen->output, "\"/>\n");
}

static void put_fill(ChartPen *pen, const ChartPlace *place, size_t count, size_t series)
{
	output_printf(pen->output, "<path class=\"mark s%u\" d=\"", (unsigned)(series % CHART_SERIES));
	put_places(pen->output, place, count, true);
	output_text(pen->output, "\"/>\n");
}

static void put_bar(ChartPen *pen, ChartBox box, size_t series)
{
	output_printf(pen->output, "<rect class=\"bar s%u\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n",
	              (unsigned)(series % CHART_SERIES), box.left, box.top, box.right - box.left, box.bottom - box.top);
}

// An inner <svg> shows nothing outside of itself, and needs no name of its own as a clipPath does.
static void clip(ChartPen *pen, ChartBox box)
{
	output_printf(pen->output, "<svg x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" viewBox=\"%.1f %.1f %.1f %.1f\">\n",
	              box.left - 5, box.top - 5, box.right - box.left + 10, box.bottom - box.top + 10, box.left - 5,
	              box.top - 5, box.right - box.left + 10, box.bottom - box.top + 10);
}

static void unclip(ChartPen *pen)
{
	output_text(pen->output, "</svg>\n");
}

static void put_words(ChartPen *pen, double x, double y, ChartAnchor anchor, const ChartLabel *label)
{
	Output memory = {0};
	chart_label(&memory, label, pen->style);
	output_printf(pen->output, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", anchor_class[anchor], x, y);
	html_text(pen->output, output_memory(&memory));
	output_text(pen->output, "</text>\n");
	output_abandon(&memory);
}

static void put_number(ChartPen *pen, double x, double y, ChartAnchor anchor, double value, bool on_line)
{
	output_printf(pen->output, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", on_line ? "level" : anchor_class[anchor], x,
	              y);
	chart_number(pen->output, value, true);
	output_text(pen->output, "</text>\n");
}

static void put_title(Output *output, const Chart *chart, const TextStyle *style)
{
	Output memory = {0};
	chart_describe(&memory, chart, style);
	const char *text = output_memory(&memory);
	size_t first = strcspn(text, ".");
	Arena arena = {0};
	output_printf(output, "<title id=\"chart%ut\">", (unsigned)chart->number);
	html_text(output, arena_copy(&arena, text, first));
	output_printf(output, "</title>\n<desc id=\"chart%ud\">", (unsigned)chart->number);
	html_text(output, text);
	output_text(output, "</desc>\n");
	arena_free(&arena);
	output_abandon(&memory);
}

void chart_svg(Output *output, const Chart *chart, const TextStyle *style, bool alone)
{
	ChartPen pen = {.output = output, .style = style, .width = WIDTH, .height = chart->field.height ? SQUARE : HEIGHT,
	                .letter = 7.6, .size = 13, .line = put_line, .fill = put_fill, .bar = put_bar, .clip = clip,
	                .unclip = unclip, .words = put_words, .number = put_number};
	unsigned number = (unsigned)chart->number;
	output_printf(output, "<svg%s class=\"chart\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" role=\"img\""
	              " aria-labelledby=\"chart%ut chart%ud\">\n",
	              alone ? " xmlns=\"http://www.w3.org/2000/svg\"" : "", pen.width, pen.height, pen.width, pen.height,
	              number, number);
	put_title(output, chart, style);
	if (alone) {
		output_text(output, "<style>\n");
		html_file(output, "tutor/render/chart.css", false);
		output_printf(output, ".paper { fill: var(--paper); }\n</style>\n<rect class=\"paper\" width=\"%.0f\" height=\"%.0f\"/>\n",
		              pen.width, pen.height);
	}
	chart_draw(chart, &pen);
	output_text(output, "</svg>\n");
}
