// contour NAME over NAME = A..B, NAME = C..D [with paths MODEL, MODEL … for N updates]: a surface from above, and the ways
// that updates take over it.
#include "tutor/io/number.h"
#include "tutor/lesson/directive_chart.h"

#include <math.h>
#include <string.h>

enum { GRID = 121, GRID_FEWEST = 13, PATH_MOST = 2000 };

typedef struct Plane {
	char *name[2];
	double low[2], high[2];
} Plane;

// ---- The surface

static size_t grid_for(const ChartCall *call)
{
	double cost = chart_cost(call->item[0].model) * call->item[0].query.step;
	size_t side = (size_t)fmin(GRID, sqrt(CHART_WORK / 10 / cost));
	return side < GRID_FEWEST ? GRID_FEWEST : side;
}

static double height_at(const ChartItem *item, Replay *replay, const Node leaf[2], double x, double y)
{
	replay_set_all(replay, leaf[0], x);
	replay_set_all(replay, leaf[1], y);
	replay_all(replay);
	return replay_value(replay, item->query.node, item->query.lane);
}

static bool survey(ChartCall *call, const Plane *plane)
{
	const ChartItem *item = &call->item[0];
	ChartField *field = &call->chart->field;
	Node leaf[2];
	size_t side = grid_for(call);
	if (!chart_leaf(call, item->model, plane->name[0], &leaf[0]) ||
	    !chart_leaf(call, item->model, plane->name[1], &leaf[1]) ||
	    !chart_bearable(call, item->model, (double)(side * side)))
		return false;
	double *height = arena_array(call->d->lesson->arena, double, side * side);
	Replay replay;
	model_start(&item->model->model, &replay, 0, item->model->model.lanes);
	query_prepare(&item->model->model, &replay);
	for (size_t i = 0; i < side * side; i++)
		height[i] = height_at(item, &replay, leaf,
		                      plane->low[0] + (plane->high[0] - plane->low[0]) * (double)(i % side) / (double)(side - 1),
		                      plane->low[1] + (plane->high[1] - plane->low[1]) * (double)(i / side) / (double)(side - 1));
	replay_free(&replay);
	field->height = height;
	field->columns = field->rows = side;
	return true;
}

// ---- The paths

static bool add_path(ChartCall *call, const Plane *plane, LessonModel *model, const char *label, uint32_t updates)
{
	Node leaf[2];
	if (call->chart->count == CHART_SERIES)
		return lesson_error(call->d->lesson, call->d->line, "a chart has at most %d series", CHART_SERIES);
	if (!model->model.carry_count)
		return lesson_error(call->d->lesson, call->d->line, "the model '%s' has no 'update'", model->name);
	if (!chart_leaf(call, model, plane->name[0], &leaf[0]) || !chart_leaf(call, model, plane->name[1], &leaf[1]) ||
	    !chart_bearable(call, model, updates))
		return false;
	ChartSeries *series = chart_series(call, updates + 1);
	double *x = (double *)series->x, *y = (double *)series->y;
	series->kind = CHART_PATH;
	series->label = (ChartLabel){.text = label};
	Replay replay;
	model_start(&model->model, &replay, 0, model->model.lanes);
	for (uint32_t update = 0; update <= updates; update++) {
		replay_all(&replay);
		x[series->count] = replay_value(&replay, leaf[0], 0);
		y[series->count++] = replay_value(&replay, leaf[1], 0);
		model_carry(&model->model, &replay);
	}
	replay_free(&replay);
	return true;
}

// MODEL [as LABEL], … for N updates
static bool read_paths(ChartCall *call, const Plane *plane, char *text)
{
	char *last = strstr(text, " for ");
	double updates;
	for (char *next = last; next; next = strstr(last + 1, " for "))
		last = next;
	char *end = last ? strstr(last, " updates") : NULL;
	if (end)
		*end = '\0';
	if (!end || !number_parse(last + 5, &updates) || updates < 1 || updates > PATH_MOST || updates != floor(updates))
		return lesson_error(call->d->lesson, call->d->line, "paths are 'MODEL, MODEL … for N updates', N from 1 to %d",
		                    PATH_MOST);
	*last = '\0';
	for (char *rest = text, *part; (part = chart_part(&rest));) {
		char *as = strstr(part, " as "), *name = part;
		if (as)
			*as = '\0';
		LessonModel *model = lesson_model(call->d->lesson, name, call->d->line);
		if (!model || !add_path(call, plane, model, as ? as + 4 : name, (uint32_t)updates))
			return false;
	}
	return true;
}

static bool read_plane(ChartCall *call, Plane *plane, char *text)
{
	for (size_t i = 0; i < 2; i++) {
		char *part = chart_part(&text);
		if (!part || !chart_range(part, &plane->name[i], &plane->low[i], &plane->high[i]))
			return directive_wrong(call->d, "'contour' is 'contour NAME over NAME = A..B, NAME = C..D'");
	}
	return !text || directive_wrong(call->d, "'contour' takes two ranges and, behind 'with paths', models");
}

bool derive_contour(Directive *d)
{
	ChartCall call;
	Plane plane = {0};
	if (!chart_read(&call, d) || !chart_find(&call))
		return false;
	if (call.count != 1 || call.item[0].query.step > 1)
		return directive_wrong(d, "'contour' takes one quantity, without #");
	char *paths = strstr(call.over, " with paths ");
	if (paths)
		*paths = '\0';
	call.chart->field.title = call.chart->y.title;
	if (!read_plane(&call, &plane, call.over) || !survey(&call, &plane) ||
	    (paths && !read_paths(&call, &plane, paths + 12)))
		return false;
	Chart *chart = call.chart;
	ChartAxis *axis[] = {&chart->x, &chart->y};
	Arena *arena = d->lesson->arena;
	const Model *model = &call.item[0].model->model;
	for (size_t i = 0; i < 2; i++) {
		Node leaf;
		if (!chart_leaf(&call, call.item[0].model, plane.name[i], &leaf))
			return false;
		*axis[i] = (ChartAxis){.fixed = true, .low = plane.low[i], .high = plane.high[i],
		                       .title.name = quantity_of(&model->tape, leaf, 0, 1, arena)};
	}
	return chart_put(&call, 0);
}
