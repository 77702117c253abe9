#include "tutor/course/place.h"

Formula *place_number(const Place *place, double value)
{
	return formula_number(place->arena, value);
}

Formula *place_call(const Place *place, Op op, Formula *a)
{
	if (!a)
		return NULL;
	Formula *formula = formula_operation(place->arena, op, 1, 0);
	formula->argument[0] = a;
	return formula;
}

Formula *place_apply(const Place *place, Op op, Formula *a, Formula *b)
{
	if (!a || !b)
		return NULL;
	Formula *formula = formula_operation(place->arena, op, 2, 0);
	formula->argument[0] = a;
	formula->argument[1] = b;
	return formula;
}

static Formula *copy_with(const Place *place, const Formula *formula, Formula *const *argument)
{
	Formula *copy = formula_operation(place->arena, formula->op, formula->count, formula->value);
	for (uint32_t i = 0; i < formula->count; i++)
		copy->argument[i] = argument[i];
	return copy;
}

static Formula *put(const Place *place, const Formula *formula, uint32_t row, Formula *with,
                    bool *found)
{
	if (formula->kind != FORMULA_OPERATION) {
		bool here = formula->row == row;
		*found = *found || here;
		return here ? with : (Formula *)formula;
	}
	Formula **argument = arena_array(place->arena, Formula *, formula->count);
	for (uint32_t i = 0; i < formula->count; i++)
		argument[i] = put(place, formula->argument[i], row, with, found);
	return copy_with(place, formula, argument);
}

Formula *place_put(const Place *place, const Formula *formula, uint32_t row, Formula *with)
{
	bool found = false;
	if (!formula || !row || !with)
		return NULL;
	Formula *result = put(place, formula, row, with, &found);
	return found ? result : NULL;
}

static Formula *rewrite(const Place *place, const Formula *formula, Op op, PlaceChange *change,
                        bool *found)
{
	if (formula->kind != FORMULA_OPERATION)
		return (Formula *)formula;
	Formula *changed = formula->op == op ? change(place, formula) : NULL;
	*found = *found || changed;
	if (changed)
		return changed;
	Formula **argument = arena_array(place->arena, Formula *, formula->count);
	for (uint32_t i = 0; i < formula->count; i++)
		argument[i] = rewrite(place, formula->argument[i], op, change, found);
	return copy_with(place, formula, argument);
}

Formula *place_rewrite(const Place *place, const Formula *formula, Op op, PlaceChange *change)
{
	bool found = false;
	Formula *result = formula ? rewrite(place, formula, op, change, &found) : NULL;
	return found ? result : NULL;
}

// ---- Lines around this one

const Line *place_user(const Place *place)
{
	return place->line->user ? lines_at(place->lines, place->line->user) : NULL;
}

const Line *place_by(const Place *place)
{
	return place->line->by ? lines_at(place->lines, place->line->by) : NULL;
}

Formula *place_leaf(const Place *place, uint32_t id)
{
	return id ? lines_at(place->lines, id)->leaf : NULL;
}

const UnitTerm *place_term_of_input(const Place *place)
{
	const Line *user = place_user(place);
	for (uint32_t i = 0; place->line->phase == PHASE_PARTIAL && user && i < user->terms; i++)
		if (user->term[i].input->row == place->line->by)
			return &user->term[i];
	return NULL;
}

const UnitTerm *place_term_of_weight(const Place *place)
{
	const Line *user = place_user(place);
	for (uint32_t i = 0;
	     place->line->phase == PHASE_PARTIAL && user && i < user->terms + user->biases; i++)
		if (user->term[i].weight->row == place->line->by)
			return &user->term[i];
	return NULL;
}

uint32_t place_back_id(const Place *place)
{
	const Line *line = place->line;
	const Formula *formula = line->formula;
	bool product = (line->phase == PHASE_PATH || line->phase == PHASE_GRADIENT) &&
	               formula->kind == FORMULA_OPERATION && formula->op == OP_PROD &&
	               formula->count == 2;
	uint32_t partial = product ? formula->argument[1]->row : 0;
	if (!partial || lines_at(place->lines, partial)->phase != PHASE_PARTIAL)
		return 0;
	Place at = {place->lines, lines_at(place->lines, partial), partial, 0, place->arena};
	return place_term_of_input(&at) ? at.line->user : 0;
}

const Line *place_back(const Place *place)
{
	uint32_t id = place_back_id(place);
	return id ? lines_at(place->lines, id) : NULL;
}

Formula *place_weight(const Place *place, uint32_t layer, uint32_t unit, uint32_t input)
{
	if (!layer || unit >= place->lines->layer[layer - 1].count)
		return NULL;
	const Line *line = lines_at(place->lines, place->lines->layer[layer - 1].unit[unit]);
	return input < line->terms ? line->term[input].weight : NULL;
}

uint32_t place_count(const Formula *formula, Op op)
{
	uint32_t count = formula->kind == FORMULA_OPERATION && formula->op == op;
	for (uint32_t i = 0; formula->kind == FORMULA_OPERATION && i < formula->count; i++)
		count += place_count(formula->argument[i], op);
	return count;
}

bool place_holds(const Formula *formula, uint32_t row)
{
	if (formula->kind != FORMULA_OPERATION)
		return formula->row == row;
	for (uint32_t i = 0; i < formula->count; i++)
		if (place_holds(formula->argument[i], row))
			return true;
	return false;
}
