// plot QUANTITIES over a param, an input or the updates; bars of quantities.
#include "tutor/io/number.h"
#include "tutor/lesson/directive_chart.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum { INDEX_MOST = 1000 };

// ---- Over what is swept: NAME = A..B

typedef struct Sweep {
	const char *name;
	double low, high;
	size_t points;
} Sweep;

static double swept_value(const Sweep *sweep, bool logarithmic, size_t i)
{
	double share = (double)i / (double)(sweep->points - 1);
	if (logarithmic)
		return sweep->low * pow(sweep->high / sweep->low, share);
	double value = sweep->low + share * (sweep->high - sweep->low);
	return fabs(value) < 1e-12 * (sweep->high - sweep->low) ? 0 : value;
}

// The quantity with the leaf at that value, in its update step.
static double value_swept(const ChartItem *item, Node leaf, double value)
{
	const Model *model = &item->model->model;
	Replay replay;
	model_start(model, &replay, 0, model->lanes);
	query_prepare(model, &replay);
	replay_set_all(&replay, leaf, value);
	replay_all(&replay);
	for (uint32_t step = 1; step < item->query.step; step++) {
		model_carry(model, &replay);
		replay_all(&replay);
	}
	double result = replay_value(&replay, item->query.node, item->query.lane);
	replay_free(&replay);
	return result;
}

// As many points as are usual, fewer where they cost much.
static size_t points_for(const ChartCall *call)
{
	double cost = 0;
	for (size_t i = 0; i < call->count; i++)
		cost += chart_cost(call->item[i].model) * call->item[i].query.step;
	double most = CHART_WORK / 40 / cost;
	return most > CHART_POINTS_SWEPT ? CHART_POINTS_SWEPT + 1
	                                 : most < CHART_POINTS_FEWEST ? CHART_POINTS_FEWEST + 1 : (size_t)most + 1;
}

static bool plot_swept(ChartCall *call, Sweep *sweep)
{
	Chart *chart = call->chart;
	if (chart->x.logarithmic && sweep->low <= 0)
		return directive_wrong(call->d, "'log x' needs a range above 0");
	sweep->points = points_for(call);
	for (size_t i = 0; i < call->count; i++) {
		const ChartItem *item = &call->item[i];
		Node leaf;
		if (!chart_leaf(call, item->model, sweep->name, &leaf) ||
		    !chart_bearable(call, item->model, (double)sweep->points * item->query.step))
			return false;
		ChartSeries *series = chart_series(call, sweep->points);
		double *x = (double *)series->x, *y = (double *)series->y;
		for (; series->count < sweep->points; series->count++) {
			x[series->count] = swept_value(sweep, chart->x.logarithmic, series->count);
			y[series->count] = value_swept(item, leaf, x[series->count]);
		}
		const Model *model = &item->model->model;
		if (!chart->x.title.name)
			chart->x.title.name = quantity_of(&model->tape, leaf, 0, 1, call->d->lesson->arena);
	}
	chart->x.fixed = true;
	chart->x.low = sweep->low;
	chart->x.high = sweep->high;
	return chart_put(call, 0);
}

// ---- Over updates A..B

static bool has_update(const LessonModel *model)
{
	return model->model.carry_count > 0;
}

// The updates after which a value is taken: evenly apart on the axis, but never less than one update.
typedef struct Updates {
	uint32_t first, last, stride;
	double ratio;   // of one to the one before on a logarithmic axis; else 1
} Updates;

static Updates updates_between(uint32_t first, uint32_t last, bool logarithmic)
{
	double factor = (double)last / (first ? first : 1);
	return (Updates){first, last, logarithmic ? 1 : (last - first) / CHART_POINTS_MOST + 1,
	                 logarithmic ? pow(factor, 1.0 / CHART_POINTS_MOST) : 1};
}

// One replay of the item's model, its value taken now and then.
static void follow(const ChartItem *item, ChartSeries *series, const Updates *updates)
{
	const Model *model = &item->model->model;
	double *x = (double *)series->x, *y = (double *)series->y;
	Replay replay;
	model_start(model, &replay, 0, model->lanes);
	query_prepare(model, &replay);
	replay_all(&replay);
	for (uint32_t update = 0, next = updates->first; update <= updates->last; update++) {
		if (update == next || update == updates->last) {
			x[series->count] = update;
			y[series->count++] = replay_value(&replay, item->query.node, item->query.lane);
			next = (uint32_t)fmax(update + updates->stride, ceil(update * updates->ratio));
		}
		if (update < updates->last) {
			model_carry(model, &replay);
			replay_all(&replay);
		}
	}
	replay_free(&replay);
}

static bool plot_updates(ChartCall *call, double first, double last)
{
	Chart *chart = call->chart;
	if (first < 0 || last > 1e7 || first != floor(first) || last != floor(last))
		return directive_wrong(call->d, "'over updates' takes whole numbers from 0 to 10000000");
	Updates updates = updates_between((uint32_t)first, (uint32_t)last, chart->x.logarithmic);
	for (size_t i = 0; i < call->count; i++) {
		const ChartItem *item = &call->item[i];
		if (!has_update(item->model))
			return lesson_error(call->d->lesson, call->d->line, "the model of '%s' has no 'update'", item->name);
		if (item->query.step > 1)
			return directive_wrong(call->d, "over updates, a name has no #");
		if (!chart_bearable(call, item->model, last))
			return false;
		ChartSeries *series = chart_series(call, (size_t)fmin(last - first, CHART_POINTS_MOST) + 3);
		follow(item, series, &updates);
	}
	chart->x.fixed = true;
	chart->x.low = chart->x.logarithmic && first == 0 ? 1 : first;
	chart->x.high = last;
	return chart_put(call, 0);
}

// ---- Over an index: v[k] over k = A..B

static bool is_letter(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

// Where the letter stands as a word within brackets; NULL where it does not.
static const char *find_letter(const char *name, const char *letter)
{
	size_t size = strlen(letter);
	const char *open = strchr(name, '[');
	for (const char *at = open; at && (at = strstr(at, letter)); at += size)
		if (!is_letter(at[-1]) && !is_letter(at[size]))
			return at;
	return NULL;
}

static bool is_indexed(const ChartCall *call, const char *letter)
{
	for (size_t i = 0; i < call->count; i++)
		if (!find_letter(call->item[i].name, letter))
			return false;
	return true;
}

static const char *with_index(const char *name, const char *letter, int index, Arena *arena)
{
	for (const char *at; (at = find_letter(name, letter));)
		name = arena_printf(arena, "%.*s%d%s", (int)(at - name), name, index, at + strlen(letter));
	return name;
}

static bool plot_indexed(ChartCall *call, const Sweep *sweep)
{
	Directive *d = call->d;
	if (sweep->low != floor(sweep->low) || sweep->high != floor(sweep->high) ||
	    fabs(sweep->low) > INDEX_MOST || sweep->high - sweep->low > INDEX_MOST)
		return lesson_error(d->lesson, d->line, "an index goes over whole numbers, at most %d of them", INDEX_MOST);
	size_t count = (size_t)(sweep->high - sweep->low) + 1;
	Query *query = arena_array(d->lesson->arena, Query, count);
	for (size_t i = 0; i < call->count; i++) {
		ChartItem *item = &call->item[i];
		Error error = {0};
		item->model = lesson_model_of(d->lesson, d->model, &item->name);
		ChartSeries *series = chart_series(call, count);
		for (size_t k = 0; k < count; k++) {
			const char *name = with_index(item->name, sweep->name, (int)sweep->low + (int)k, d->lesson->arena);
			if (!query_find(&item->model->model, name, &query[k], &error))
				return directive_wrong(d, error.message);
			((double *)series->x)[k] = sweep->low + (double)k;
		}
		query_values(&item->model->model, query, count, (double *)series->y);
		series->count = count;
		series->label.text = item->as ? item->as : item->name;
	}
	if (call->count == 1)
		call->chart->y.title = call->chart->series[0].label;
	call->chart->x.title.text = sweep->name;
	return chart_put(call, 0);
}

// plot ITEM, … over NAME = A..B | updates A..B; plot data FILE: COLUMN, … over COLUMN
bool derive_plot(Directive *d)
{
	ChartCall call;
	Sweep sweep = {0};
	char *name;
	if (d->count && strcmp(d->word[0], "data") == 0)
		return data_plot(d);
	if (!chart_read(&call, d))
		return false;
	size_t word = strcspn(call.over, " ");
	if ((strncmp(call.over, "updates ", 8) == 0 || strncmp(call.over, "epochs ", 7) == 0) &&
	    chart_range(call.over + word + 1, NULL, &sweep.low, &sweep.high)) {
		call.chart->x.title.text = arena_copy(d->lesson->arena, call.over, word);
		return chart_find(&call) && plot_updates(&call, sweep.low, sweep.high);
	}
	if (!chart_range(call.over, &name, &sweep.low, &sweep.high))
		return directive_wrong(d, "'over' takes 'NAME = A..B' or 'updates A..B', A below B");
	sweep.name = name;
	if (is_indexed(&call, name))
		return plot_indexed(&call, &sweep);
	return chart_find(&call) && plot_swept(&call, &sweep);
}

// ---- Bars, written as a table is

// A cell of a row: the next bar of its series.
static bool take_bar(const Directive *d, Chart *chart, size_t column, size_t category, const char *name)
{
	if (column == chart->count)
		return directive_wrong(d, "the row has more cells than the chart has heads");
	ChartSeries *series = &chart->series[column];
	double value;
	if (!*name)
		return true;
	if (!directive_value(d, name, &value))
		return false;
	((double *)series->x)[series->count] = (double)category;
	((double *)series->y)[series->count++] = value;
	return true;
}

static bool read_heads(ChartCall *call, size_t rows)
{
	char *line = call->text, *head;
	call->chart->x.title.text = directive_next_cell(&line);
	while ((head = directive_next_cell(&line))) {
		if (call->chart->count == CHART_SERIES)
			return lesson_error(call->d->lesson, call->d->line, "a chart has at most %d series", CHART_SERIES);
		ChartSeries *series = chart_series(call, rows);
		series->kind = CHART_BARS;
		series->label.text = head;
	}
	if (call->chart->count == 1)
		call->chart->y.title = call->chart->series[0].label;
	return call->chart->count || directive_wrong(call->d, "'bars' is 'bars HEAD | SERIES | SERIES …'");
}

// bars HEAD | SERIES …, then lines `label | NAME …`, then the caption.
bool derive_bars(Directive *d)
{
	if (d->count && strcmp(d->word[0], "data") == 0)
		return data_bars(d);
	ChartCall call;
	chart_start(&call, d);
	size_t rows = 0;
	while (d->rest[rows] && strchr(d->rest[rows], '|'))
		rows++;
	const char **category = arena_array(d->lesson->arena, const char *, rows + 1);
	if (!read_heads(&call, rows))
		return false;
	for (size_t i = 0; i < rows; i++) {
		char *line = arena_copy(d->lesson->arena, d->rest[i], strlen(d->rest[i])), *cell;
		d->line++;
		category[i] = directive_next_cell(&line);
		for (size_t column = 0; (cell = directive_next_cell(&line)); column++)
			if (!take_bar(d, call.chart, column, i, cell))
				return false;
	}
	if (!rows)
		return directive_wrong(d, "'bars' wants lines 'label | NAME …' behind it");
	d->line -= rows;
	call.chart->category = category;
	call.chart->categories = rows;
	return chart_put(&call, rows);
}
