// Directives that put a calculation beside another one: nudge, compare.
#include "tutor/io/number.h"
#include "tutor/lesson/directive.h"

#include <string.h>

// The loss when `param` is moved by so much.
static double loss_moved(const Model *model, Node param, double by)
{
	Replay replay;
	model_start(model, &replay, 0, model->lanes);
	replay_set_all(&replay, param, replay_value(&replay, param, 0) + by);
	replay_all(&replay);
	double loss = replay_value(&replay, model->mean, 0);
	replay_free(&replay);
	return loss;
}

// nudge PARAM BY: the loss with the param moved a little, beside what the gradient foretells.
bool derive_nudge(Directive *d)
{
	Error error = {0};
	Node param;
	uint32_t lane;
	double by, gradient;
	Model *model = &d->model->model;
	if (d->count != 2 || !number_parse(d->word[1], &by))
		return directive_wrong(d, "'nudge' takes a param and a number");
	if (!query_element(model, d->word[0], &param, &lane, &error))
		return directive_wrong(d, error.message);
	if (model->loss == NODE_NONE || tape_op(&model->tape, param) != OP_PARAM)
		return directive_wrong(d, "'nudge' takes a param of a model with 'minimize'");
	Arena *arena = d->lesson->arena;
	const char *loss_text = quantity_text(directive_loss(d), arena);
	if (!directive_value(d, arena_printf(arena, "d%s/d%s", loss_text, d->word[0]), &gradient))
		return false;
	double loss = loss_moved(model, param, 0), moved = loss_moved(model, param, by);
	const char *const line[] = {"as it is", arena_printf(arena, "as foretold: %s·gradient more", d->word[1]),
	                            arena_printf(arena, "computed anew with %s + %s", d->word[0], d->word[1]),
	                            "the two differ by"};
	const double value[] = {loss, loss + by * gradient, moved, moved - (loss + by * gradient)};
	Item *table = directive_table_add(d, 5, 2);
	directive_put_quantity(d, table, 0, 1, directive_loss(d));
	for (size_t i = 0; i < 4; i++) {
		directive_put_text(d, table, i + 1, 0, line[i]);
		directive_put_value(d, table, i + 1, 1, value[i], 0);
	}
	return true;
}

// The values of `query` with the stale order of updates.
static void stale_values(const LessonModel *model, const Query *query, size_t count, double *value)
{
	Replay replay;
	model_start(&model->model, &replay, 0, model->model.lanes);
	uint32_t last = 0;
	for (size_t i = 0; i < count; i++)
		last = query[i].step > last ? query[i].step : last;
	for (uint32_t step = 1; step <= last; step++) {
		replay_all(&replay);
		for (size_t i = 0; i < count; i++)
			if (query[i].step == step)
				value[i] = replay_value(&replay, query[i].node, query[i].lane);
		replay_carry(&replay, model->stale.carry, model->stale.carry_count);
	}
	replay_free(&replay);
}

typedef struct Comparison {
	Query query;
	const char *printed, *label;
	int digits;
} Comparison;

// NAME PRINTED label …
static bool read_comparison(const Directive *d, char *line, Comparison *comparison)
{
	char *save, *name = strtok_r(line, " ", &save), *printed = strtok_r(NULL, " ", &save);
	double number;
	Error error = {0};
	if (!printed || !number_parse(printed, &number))
		return directive_wrong(d, "a row of 'compare' is 'NAME PRINTED label'");
	if (!query_find(&d->model->model, name, &comparison->query, &error))
		return directive_wrong(d, error.message);
	comparison->printed = printed;
	comparison->label = *save ? save : name;
	const char *point = strchr(printed, '.');
	comparison->digits = point ? (int)strspn(point + 1, "0123456789") : 0;
	return true;
}

// compare, then lines `NAME PRINTED label`: right, with the stale order, and as it was printed.
bool derive_compare(Directive *d)
{
	static const char *const head[] = {"", "old weights", "new weights", "printed"};
	size_t rows = directive_rows(d);
	Error error = {0};
	if (!d->model->stale.gradient && !rule_stale_order(&d->model->model, &d->model->stale, &error))
		return directive_wrong(d, error.message);
	Comparison *row = arena_array(d->lesson->arena, Comparison, rows + 1);
	Query *query = arena_array(d->lesson->arena, Query, rows + 1);
	double *right = arena_array(d->lesson->arena, double, rows + 1);
	double *stale = arena_array(d->lesson->arena, double, rows + 1);
	d->rest_taken = rows;
	for (size_t i = 0; i < rows; i++) {
		d->line++;
		if (!read_comparison(d, arena_copy(d->lesson->arena, d->rest[i], strlen(d->rest[i])), &row[i]))
			return false;
		query[i] = row[i].query;
	}
	rounds_values(&d->model->rounds, &d->model->model, query, rows, right);
	stale_values(d->model, query, rows, stale);
	Item *table = directive_table_add(d, rows + 1, 4);
	directive_put_head(d, table, head, sizeof head / sizeof *head);
	for (size_t i = 0; i < rows; i++) {
		directive_put_text(d, table, i + 1, 0, row[i].label);
		directive_put_value(d, table, i + 1, 1, right[i], row[i].digits);
		directive_put_value(d, table, i + 1, 2, stale[i], row[i].digits);
		directive_put_text(d, table, i + 1, 3, row[i].printed);
	}
	return true;
}
