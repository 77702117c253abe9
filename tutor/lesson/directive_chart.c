#include "tutor/lesson/directive_chart.h"

#include "tutor/io/number.h"
#include "tutor/io/output.h"

#include <stdlib.h>
#include <string.h>

// ---- The line

static char *trim(char *text)
{
	text += strspn(text, " \t");
	for (size_t size = strlen(text); size && strchr(" \t", text[size - 1]); size--)
		text[size - 1] = '\0';
	return text;
}

char *chart_part(char **text)
{
	int depth = 0;
	char *start = *text, *at = start;
	if (!start)
		return NULL;
	for (; *at && (*at != ',' || depth > 0); at++)
		depth += (*at == '[' || *at == '(') - (*at == ']' || *at == ')');
	*text = *at ? at + 1 : NULL;
	*at = '\0';
	return trim(start);
}

bool chart_range(char *text, char **name, double *low, double *high)
{
	char *equals = strchr(text, '='), *from = equals && name ? equals + 1 : text, *dots = strstr(from, "..");
	if (!dots || (name != NULL) != (equals != NULL))
		return false;
	*dots = '\0';
	bool good = number_parse(from, low) && number_parse(dots + 2, high) && *low < *high;
	*dots = '.';
	if (good && name) {
		*equals = '\0';
		*name = trim(text);
	}
	return good;
}

// The last comma outside of brackets; NULL where there is none.
static char *last_comma(char *text)
{
	int depth = 0;
	char *comma = NULL;
	for (; *text; text++) {
		depth += (*text == '[' || *text == '(') - (*text == ']' || *text == ')');
		comma = *text == ',' && depth == 0 ? text : comma;
	}
	return comma;
}

static bool take_option(ChartCall *call, char *word)
{
	Chart *chart = call->chart;
	char *name, *text = arena_copy(call->d->lesson->arena, word, strlen(word));
	double low, high;
	if (strcmp(word, "log") == 0 || strcmp(word, "log y") == 0) {
		chart->y.logarithmic = chart->field.logarithmic = true;
	} else if (strcmp(word, "log x") == 0) {
		chart->x.logarithmic = true;
	} else if (strcmp(word, "points") == 0) {
		call->points = true;
	} else if (chart_range(text, &name, &low, &high) && strcmp(name, "y") == 0 && !chart->y.fixed &&
	           strncmp(call->d->name, "contour", 7) != 0) {
		chart->y.low = low;
		chart->y.high = high;
		chart->y.fixed = true;
	} else {
		return false;
	}
	return true;
}

// From the end on, as long as there are options.
static void take_options(ChartCall *call)
{
	for (char *comma; (comma = last_comma(call->text)) && take_option(call, trim(comma + 1));)
		*comma = '\0';
}

// ---- The items

static bool read_item(ChartCall *call, char *text)
{
	Directive *d = call->d;
	if (call->count == CHART_SERIES)
		return lesson_error(d->lesson, d->line, "a chart has at most %d series", CHART_SERIES);
	ChartItem *item = &call->item[call->count++];
	char *as = strstr(text, " as ");
	if (as) {
		*as = '\0';
		item->as = trim(as + 4);
	}
	item->name = trim(text);
	item->model = d->model;
	return *item->name || directive_wrong(d, "a name is missing before a comma");
}

void chart_start(ChartCall *call, Directive *d)
{
	Output line = {0};
	for (size_t i = 0; i < d->count; i++)
		output_printf(&line, i ? " %s" : "%s", d->word[i]);
	*call = (ChartCall){.d = d, .text = arena_copy(d->lesson->arena, output_memory(&line), line.count)};
	output_abandon(&line);
	call->chart = arena_new(d->lesson->arena, Chart);
	call->chart->series = arena_array(d->lesson->arena, ChartSeries, CHART_SERIES);
	take_options(call);
}

bool chart_items(ChartCall *call, char *text)
{
	for (char *part; (part = chart_part(&text));)
		if (!read_item(call, part))
			return false;
	return true;
}

bool chart_read(ChartCall *call, Directive *d)
{
	chart_start(call, d);
	char *over = strstr(call->text, " over ");
	for (char *next = over; next; next = strstr(over + 1, " over "))
		over = next;
	if (!over)
		return lesson_error(d->lesson, d->line, "'%s' is '%s NAME, NAME … over …'; lessons/README.md says what may follow",
		                    d->name, d->name);
	*over = '\0';
	call->over = trim(over + 6);
	return chart_items(call, call->text);
}

// One label for all that are the same quantity of different models: the models' names.
static bool is_one_quantity(const ChartCall *call)
{
	for (size_t i = 1; i < call->count; i++)
		if (strcmp(call->item[i].name, call->item[0].name) != 0)
			return false;
	return call->count > 1;
}

static ChartLabel label_of(const ChartCall *call, const ChartItem *item)
{
	Arena *arena = call->d->lesson->arena;
	const Model *model = &item->model->model;
	if (item->as)
		return (ChartLabel){.text = item->as};
	const Quantity *name = quantity_of(&model->tape, item->query.node, item->query.lane, model->lanes, arena);
	if (item->model == call->d->model && !is_one_quantity(call))
		return (ChartLabel){.name = name};
	const char *of = *item->model->name ? item->model->name : "the model";
	return (ChartLabel){.text = is_one_quantity(call) ? of : arena_printf(arena, "%s: %s", of, item->name)};
}

bool chart_find(ChartCall *call)
{
	Directive *d = call->d;
	for (size_t i = 0; i < call->count; i++) {
		ChartItem *item = &call->item[i];
		Error error = {0};
		item->model = lesson_model_of(d->lesson, d->model, &item->name);
		if (!query_find(&item->model->model, item->name, &item->query, &error))
			return directive_wrong(d, error.message);
	}
	Chart *chart = call->chart;
	for (size_t i = 0; i < call->count; i++)
		chart->series[i].label = label_of(call, &call->item[i]);
	const ChartItem *first = &call->item[0];
	const Model *model = &first->model->model;
	if (call->count == 1 || is_one_quantity(call))
		chart->y.title.name = quantity_of(&model->tape, first->query.node, first->query.lane, model->lanes,
		                                  d->lesson->arena);
	if (call->count == 1 && first->as)
		chart->y.title = (ChartLabel){.text = first->as};
	return true;
}

ChartSeries *chart_series(ChartCall *call, size_t points)
{
	ChartSeries *series = &call->chart->series[call->chart->count++];
	series->kind = call->points ? CHART_POINTS : CHART_LINE;
	series->x = arena_array(call->d->lesson->arena, double, points + 1);
	series->y = arena_array(call->d->lesson->arena, double, points + 1);
	return series;
}

// ---- The document

bool chart_put(ChartCall *call, size_t skip)
{
	Directive *d = call->d;
	size_t rows = directive_rows(d);
	Output caption = {0};
	for (size_t i = skip; i < rows; i++)
		output_printf(&caption, "%s\n", d->rest[i]);
	d->rest_taken = rows;
	if (!caption.count) {
		output_abandon(&caption);
		return lesson_error(d->lesson, d->line, "the line behind '%s' is its caption: what there is to see", d->name);
	}
	Item *item = lesson_add(d->lesson, ITEM_CHART);
	call->chart->number = ++d->lesson->charts;
	chart_fit(call->chart);
	item->chart = call->chart;
	LessonModel *last = d->lesson->model;
	d->lesson->model = d->model;
	bool good = lesson_sentence(d->lesson, output_memory(&caption), d->line + skip, &item->run);
	d->lesson->model = last;
	output_abandon(&caption);
	return good;
}

// ---- What is swept

bool chart_leaf(ChartCall *call, LessonModel *model, const char *name, Node *leaf)
{
	Error error = {0};
	uint32_t lane;
	if (!query_element(&model->model, name, leaf, &lane, &error))
		return directive_wrong(call->d, error.message);
	Op op = tape_op(&model->model.tape, *leaf);
	return (tape_is_leaf(&model->model.tape, *leaf) && op != OP_BATCH_SIZE) ||
	       lesson_error(call->d->lesson, call->d->line, "'%s' is computed; a param, an input, a target or a const can be varied",
	                    name);
}

double chart_cost(const LessonModel *model)
{
	return (double)model->model.tape.count * (double)model->model.lanes;
}

bool chart_bearable(const ChartCall *call, const LessonModel *model, double replays)
{
	return chart_cost(model) * replays <= CHART_WORK ||
	       directive_wrong(call->d, "that takes too long: more than 2,000,000,000 values to compute");
}
