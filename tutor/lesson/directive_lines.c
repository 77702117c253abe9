// Directives that put lines of the derivation: show, chain, calculate, paths, claim.
#include "tutor/explain/locate.h"
#include "tutor/io/output.h"
#include "tutor/lesson/directive.h"

#include <string.h>

typedef enum Manner { AS_ROW, AS_CHAIN, AS_CALCULATION } Manner;

// Lines of different updates look alike: the update that they are of stands before them.
static bool name_update(const Directive *d)
{
	uint32_t update = d->model->step > 1 ? d->model->step : 1;
	if (!d->lesson->updates || d->lesson->update == update)
		return false;
	d->lesson->update = update;
	document_say(d->lesson->document, ITEM_PARAGRAPH, arena_printf(d->lesson->arena, "Update %u:", (unsigned)update));
	return true;
}

// A partial that is a given quantity itself has that one's row: it is to have the name that it is asked for by.
static void name_partial(const Directive *d, const char *name, Row *row)
{
	Arena *arena = d->lesson->arena;
	const Tape *tape = &d->model->model.tape;
	const char *bar = strstr(name, "/d"), *end = bar ? bar + strcspn(bar, ":#") : NULL;
	bool derivative = row->name && row->name->kind == QUANTITY_DERIVATIVE;
	if (!bar || *name != 'd' || derivative)
		return;
	Error none = {0};
	Node of, by;
	uint32_t of_lane, by_lane, lanes = d->model->model.lanes;
	if (!query_element(&d->model->model, arena_copy(arena, name + 1, (size_t)(bar - name - 1)), &of, &of_lane, &none) ||
	    !query_element(&d->model->model, arena_copy(arena, bar + 2, (size_t)(end - bar - 2)), &by, &by_lane, &none))
		return;
	row->formula = formula_name(arena, row->name, row->value, row->id);
	row->name = quantity_derivative(quantity_of(tape, of, of_lane, lanes, arena),
	                                quantity_of(tape, by, by_lane, lanes, arena), strncmp(end, ":direct", 7) == 0, arena);
	row->phase = PHASE_PARTIAL;
	row->id = 0;
}

static bool add_located(const Directive *d, const Located *located, const char *name, Manner manner)
{
	Error error = {0};
	bool named = name_update(d);
	Item *item = lesson_add(d->lesson, manner == AS_CALCULATION ? ITEM_CALCULATION : ITEM_EQUATION);
	item->close = named;
	item->group = located->derivation == &d->model->derivation && d->model->step <= 1 ? d->model->group : 0;
	bool chain = manner != AS_ROW && !d->lesson->delta && located->derivation->row[located->id - 1].phase == PHASE_GRADIENT;
	bool good = chain ? chain_row(located->derivation, located->id, d->lesson->arena, &item->row, &error)
	                  : derivation_row(located->derivation, located->id, d->lesson->arena, &item->row, &error);
	if (!good)
		return directive_wrong(d, error.message);
	if (manner != AS_CALCULATION)
		name_partial(d, name, &item->row);
	return manner != AS_CALCULATION || item->row.formula ||
	       lesson_error(d->lesson, d->line, "'%s' is given: there is nothing to calculate",
	                    quantity_text(item->row.name, d->lesson->arena));
}

// The model's values in that update step.
static void replay_to(LessonModel *model, uint32_t step)
{
	replay_free(&model->replay);
	model->step = step;
	model_start(&model->model, &model->replay, 0, model->model.lanes);
	replay_all(&model->replay);
	for (uint32_t i = 1; i < step; i++) {
		model_carry(&model->model, &model->replay);
		replay_all(&model->replay);
	}
}

// The row of NAME, or of NAME#k with the values of the k-th step: left() afterwards.
static bool locate(const Directive *d, const char *name, Located *located)
{
	Error error = {0};
	LessonModel *model = d->model;
	const char *hash = strchr(name, '#');
	Query query = {.step = 1};
	if (hash && !query_find(&model->model, name, &query, &error))
		return directive_wrong(d, error.message);
	if (query.step > 1)
		replay_to(model, query.step);
	const char *bare = arena_copy(d->lesson->arena, name, hash ? (size_t)(hash - name) : strlen(name));
	return locate_row(located, &model->model, &model->replay, &model->derivation, bare, &error) ||
	       directive_wrong(d, error.message);
}

// Done with the row; the values are those of the first step again.
static void left(const Directive *d, const char *name, Located *located)
{
	located_free(located);
	if (strchr(name, '#'))
		replay_to(d->model, 1);
}

static bool add_lines(const Directive *d, Manner manner)
{
	bool good = true;
	for (size_t i = 0; good && i < d->count; i++) {
		Located located;
		good = locate(d, d->word[i], &located);
		if (good) {
			good = add_located(d, &located, d->word[i], manner);
			left(d, d->word[i], &located);
		}
	}
	return good;
}

bool derive_show(Directive *d)
{
	return add_lines(d, AS_ROW);
}

bool derive_chain(Directive *d)
{
	return add_lines(d, AS_CHAIN);
}

bool derive_calculate(Directive *d)
{
	return add_lines(d, AS_CALCULATION);
}

// Every path into the node, then their sum.
bool derive_paths(Directive *d)
{
	Located located = {0};
	if (d->count != 1)
		return directive_wrong(d, "'paths' takes one derivative");
	if (!locate(d, d->word[0], &located) || !located.derivation)
		return false;
	Arena scratch = {0};
	Error error = {0};
	Row row;
	const uint32_t *parent = NULL;
	bool good = derivation_row(located.derivation, located.id, &scratch, &row, &error);
	size_t count = good ? row_parents(&row, &scratch, &parent) : 0;
	uint32_t sum = located.id;
	for (size_t i = 0; good && i < count; i++) {
		located.id = parent[i];
		good = located.derivation->row[parent[i] - 1].phase != PHASE_PATH || add_located(d, &located, "", AS_ROW);
	}
	located.id = sum;
	good = good && add_located(d, &located, "", AS_ROW);
	arena_free(&scratch);
	left(d, d->word[0], &located);
	return good;
}

// claim DERIVATIVE = EXPRESSION.
bool derive_claim(Directive *d)
{
	Output text = {0};
	for (size_t i = 0; i < d->count; i++)
		output_printf(&text, i ? " %s" : "%s", d->word[i]);
	bool good = claim_add(d->lesson, d->model, output_memory(&text), d->line);
	output_abandon(&text);
	return good;
}
