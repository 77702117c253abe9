// Charts in LaTeX without packages: words in a picture environment, lines as drawing operators of PDF, which pdfTeX, LuaTeX
// and XeTeX pass on. In black and grey, for paper.
#include "tutor/render/chart_pen.h"
#include "tutor/render/latex.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 420, HEIGHT = 236, SQUARE = 320 };

const char chart_latex_preamble[] =
    "\\newcommand{\\plotdraw}[1]{\\ifdefined\\pdfextension\\pdfextension literal{#1}\\else\n"
    "  \\ifdefined\\pdfliteral\\ifnum\\pdfoutput>0 \\pdfliteral{#1}\\fi\\else\\special{pdf:literal #1}\\fi\\fi}\n";

static const char *const dashes[CHART_SERIES] = {"[]", "[6 2.5]", "[1.2 2]", "[7 2 1.5 2]", "[3.5 1.5]", "[10 3]",
                                                 "[3 1.5 1 1.5 1 1.5]"};
static const char *const greys[CHART_SERIES] = {"0.35", "1", "0.75", "0.15", "0.9", "0.55", "0"};

// Each line of operators is a \put of its own: lines of a .tex file are read whole.
static void begin(ChartPen *pen, const char *state)
{
	output_printf(pen->output, "\\put(0,0){\\plotdraw{q %s", state);
}

static void end(ChartPen *pen)
{
	output_text(pen->output, " Q}}%\n");
}

static void put_places(ChartPen *pen, const ChartPlace *place, size_t count, const char *operator)
{
	double x = 0, y = 0;
	bool down = false, any = false;
	for (size_t i = 0; i < count; i++) {
		bool there = isfinite(place[i].x) && isfinite(place[i].y);
		if (there && (!down || fabs(place[i].x - x) + fabs(place[i].y - y) >= 0.4)) {
			output_printf(pen->output, "%s%.1f %.1f %c", i % 8 ? " " : "\n", place[i].x, pen->height - place[i].y,
			              down ? 'l' : 'm');
			x = place[i].x;
			y = place[i].y;
			any = true;
		}
		down = there;
	}
	output_printf(pen->output, " %s", any ? operator : "n");
}

static void put_line(ChartPen *pen, const ChartPlace *place, size_t count, ChartInk ink, size_t series)
{
	static const char *const state[] = {"0.85 G 0.4 w", "0 G 0.6 w", "0.55 G 0.5 w"};
	Arena arena = {0};
	begin(pen, ink == INK_SERIES ? arena_printf(&arena, "0 G 1 w 1 j %s 0 d", dashes[series % CHART_SERIES])
	                             : state[ink]);
	put_places(pen, place, count, "S");
	end(pen);
	arena_free(&arena);
}

static void put_fill(ChartPen *pen, const ChartPlace *place, size_t count, size_t series)
{
	Arena arena = {0};
	begin(pen, arena_printf(&arena, "0 G %s g 0.5 w", greys[series % CHART_SERIES]));
	for (size_t from = 0; from < count;) {
		size_t size = 0;
		while (from + size < count && isfinite(place[from + size].x))
			size++;
		put_places(pen, place + from, size, "b");
		from += size + 1;
	}
	end(pen);
	arena_free(&arena);
}

static void put_bar(ChartPen *pen, ChartBox box, size_t series)
{
	Arena arena = {0};
	begin(pen, arena_printf(&arena, "0 G %s g 0.6 w %.1f %.1f %.1f %.1f re B", greys[series % CHART_SERIES], box.left,
	                        pen->height - box.bottom, box.right - box.left, box.bottom - box.top));
	end(pen);
	arena_free(&arena);
}

// Kept up to unclip: both stand at the same point, as PDF wants it.
static void clip(ChartPen *pen, ChartBox box)
{
	output_printf(pen->output, "\\put(0,0){\\plotdraw{q %.1f %.1f %.1f %.1f re W n}}%%\n", box.left - 4,
	              pen->height - box.bottom - 4, box.right - box.left + 8, box.bottom - box.top + 8);
}

static void unclip(ChartPen *pen)
{
	output_text(pen->output, "\\put(0,0){\\plotdraw{Q}}%\n");
}

static void put_box(ChartPen *pen, double x, double y, ChartAnchor anchor)
{
	static const char *const corner[] = {"[l]", "", "[r]"};
	output_printf(pen->output, "\\put(%.1f,%.1f){\\makebox(0,0)%s{", x, pen->height - y + pen->size * 0.35,
	              corner[anchor]);
}

static void put_words(ChartPen *pen, double x, double y, ChartAnchor anchor, const ChartLabel *label)
{
	put_box(pen, x, y, anchor);
	if (label->name) {
		output_text(pen->output, "$");
		latex_name(pen->output, label->name, pen->style);
		output_text(pen->output, "$");
	} else {
		latex_text(pen->output, label->text ? label->text : "");
	}
	output_text(pen->output, "}}%\n");
}

static void put_number(ChartPen *pen, double x, double y, ChartAnchor anchor, double value, bool on_line)
{
	Output digits = {0};
	chart_number(&digits, value, false);
	if (on_line) {   // on a white ground
		double wide = (double)digits.count * pen->letter;
		begin(pen, "1 g ");
		output_printf(pen->output, "%.1f %.1f %.1f %.1f re f", x - wide / 2, pen->height - y, wide, pen->size * 0.7);
		end(pen);
	}
	put_box(pen, x, y, anchor);
	output_text(pen->output, on_line ? "\\scriptsize$" : "$");
	const char *text = output_memory(&digits);
	if (strncmp(text, "1e", 2) == 0)
		output_printf(pen->output, "10^{%s}", text + 2);
	else
		latex_number(pen->output, text);
	output_text(pen->output, "$}}%\n");
	output_abandon(&digits);
}

void chart_latex(Output *output, const Chart *chart, const TextStyle *style)
{
	ChartPen pen = {.output = output, .style = style, .width = WIDTH, .height = chart->field.height ? SQUARE : HEIGHT,
	                .letter = 4.6, .size = 9, .line = put_line, .fill = put_fill, .bar = put_bar, .clip = clip,
	                .unclip = unclip, .words = put_words, .number = put_number};
	output_printf(output, "\\setlength{\\unitlength}{1bp}\\footnotesize\n\\begin{picture}(%.0f,%.0f)%%\n", pen.width,
	              pen.height);
	chart_draw(chart, &pen);
	output_text(output, "\\end{picture}\n");
}
