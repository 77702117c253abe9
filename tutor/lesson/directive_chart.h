// What the directives that put a chart share: how their lines are read, and how the chart gets into the document.
//
//	plot ITEM, ITEM … over WHAT, OPTION …       ITEM is NAME or MODEL:NAME, with `as LABEL` behind it or not
//
// and behind it, up to an empty line, the caption: a text in CommonMark, with values in it as in any sentence.
#ifndef LESSON_DIRECTIVE_CHART_H
#define LESSON_DIRECTIVE_CHART_H

#include "tutor/lesson/directive.h"
#include "tutor/render/chart.h"

// How much a chart may cost: values computed while the tape is replayed. And the points of one series.
#define CHART_WORK 2e9
enum { CHART_POINTS_MOST = 400, CHART_POINTS_SWEPT = 240, CHART_POINTS_FEWEST = 24 };

typedef struct ChartItem {
	const char *name;      // as it was written; of another model without `MODEL:`
	const char *as;        // the label that was asked for, NULL for none
	LessonModel *model;
	Query query;           // found by chart_find
} ChartItem;

typedef struct ChartCall {
	Directive *d;
	char *text;            // the line, behind the directive's name
	ChartItem item[CHART_SERIES];
	size_t count;
	char *over;            // behind `over`
	Chart *chart;
	bool points;           // asked for by an option
} ChartCall;

// An empty chart, and the line with the options at its end taken: log, log x, points, y = A..B.
void chart_start(ChartCall *call, Directive *d);
// Reads items parted by commas.
bool chart_items(ChartCall *call, char *text);
// Both, for a line with `over` in it.
bool chart_read(ChartCall *call, Directive *d);
// Finds the items among the models' quantities, and gives the series their labels.
bool chart_find(ChartCall *call);
// A series of the chart with room for so many points.
ChartSeries *chart_series(ChartCall *call, size_t points);
// The chart is put into the document, with the lines behind the directive (but for the first `skip`) as its caption.
bool chart_put(ChartCall *call, size_t skip);

// NAME = A..B, or A..B alone where name is NULL. False, without an error, where the text is none.
bool chart_range(char *text, char **name, double *low, double *high);
// The text up to the next comma outside of brackets, without the blanks around it; moves *text behind it, NULL at the end.
char *chart_part(char **text);
// The leaf that `name` means in the model, to be swept.
bool chart_leaf(ChartCall *call, LessonModel *model, const char *name, Node *leaf);
// What so many replays of the model cost must be bearable.
bool chart_bearable(const ChartCall *call, const LessonModel *model, double replays);
double chart_cost(const LessonModel *model);

// The same for `data FILE: COLUMN, …` (directive_data.c).
bool data_plot(Directive *d);
bool data_bars(Directive *d);
bool data_table(Directive *d);

#endif
