#include "tutor/course/words.h"

// ---- Where

bool word_at_partial(const Place *p)
{
	return p->line->phase == PHASE_PARTIAL && p->line->user && p->line->by;
}

bool word_at_slope(const Place *p)
{
	return word_at_partial(p) && place_user(p)->activation != OP_COUNT;
}

bool word_at_error(const Place *p)
{
	if (!word_at_partial(p) || !place_user(p)->additive || place_by(p)->phase != PHASE_FORWARD ||
	    place_by(p)->additive)
		return false;
	return place_user(p)->activation == OP_COUNT && !place_user(p)->terms;
}

bool word_at_unit(const Place *p)
{
	return p->line->phase == PHASE_FORWARD && p->line->terms;
}

// A gradient that is a sum over paths, of a step or of a param.
bool word_at_join(const Place *p, bool of_param)
{
	return p->line->phase == PHASE_GRADIENT && p->line->formula->kind == FORMULA_OPERATION &&
	       p->line->formula->op == OP_SUM && p->line->by &&
	       (place_by(p)->phase == PHASE_GIVEN) == of_param;
}

bool word_at_shared(const Place *p, bool bias)
{
	if (!word_at_join(p, true) || place_by(p)->kind != OP_PARAM)
		return false;
	const Formula *first = p->line->formula->argument[0];
	Place at = *p;
	at.id = first->kind == FORMULA_TERM ? first->argument[1]->row : 0;
	at.line = at.id ? lines_at(p->lines, at.id) : p->line;
	const UnitTerm *term = place_term_of_weight(&at);
	return term && !term->input == bias;
}

bool word_is_square(const Formula *formula)
{
	return place_count(formula, OP_INTPOWER) + place_count(formula, OP_POWER) == 1;
}

static bool has_half(const Formula *formula)
{
	if (formula->kind == FORMULA_NUMBER)
		return formula->value == 0.5;
	bool half = formula->kind == FORMULA_OPERATION && formula->op == OP_DIV &&
	            formula->argument[0]->value == 1 && formula->argument[1]->kind == FORMULA_NUMBER &&
	            formula->argument[1]->value == 2;
	for (uint32_t i = 0; !half && formula->kind == FORMULA_OPERATION && i < formula->count; i++)
		half = has_half(formula->argument[i]);
	return half;
}

// A term of the loss that is a square, or its derivative by the output.
bool word_at_square(const Place *p, bool half)
{
	const Line *loss = p->line->phase == PHASE_FORWARD ? p->line
	                   : word_at_error(p)              ? place_user(p)
	                                                   : NULL;
	return loss && loss->additive && !loss->terms && word_is_square(loss->formula) &&
	       has_half(loss->formula) == half;
}

bool word_at_new_weight(const Place *p)
{
	return p->line->phase == PHASE_UPDATE && p->line->by && place_by(p)->next == p->id &&
	       place_by(p)->kind == OP_PARAM && p->line->formula->kind == FORMULA_OPERATION &&
	       p->line->formula->op == OP_SUB;
}

bool word_is_bias(const Place *p, uint32_t param)
{
	for (uint32_t id = 1; id <= p->lines->count; id++) {
		const Line *unit = lines_at(p->lines, id);
		for (uint32_t i = unit->terms; i < unit->terms + unit->biases; i++)
			if (unit->term[i].weight->row == param)
				return true;
	}
	return false;
}

bool word_at_regulariser(const Place *p)
{
	return word_at_partial(p) && place_user(p)->additive && place_by(p)->kind == OP_PARAM &&
	       place_by(p)->phase == PHASE_GIVEN && place_holds(p->line->formula, p->line->by);
}

// ---- Slopes

// The activation's derivative as the formula has it, by the unit's output and input; NULL where it
// is another.
Formula *word_slope_of(const Place *p, Op op, Formula *output, Formula *net)
{
	Formula *one = place_number(p, 1), *two = place_number(p, 2);
	switch (op) {
	case OP_SIGMOID:
		return place_apply(p, OP_PROD, output, place_apply(p, OP_SUB, one, output));
	case OP_TANH:
		return place_apply(p, OP_SUB, one, place_apply(p, OP_INTPOWER, output, two));
	case OP_RELU:
		return place_call(p, OP_STEP, net);
	default:
		return NULL;
	}
}

static Formula *own_slope(const Place *p)
{
	const Line *unit = place_user(p);
	return word_slope_of(p, unit->activation, unit->leaf, unit->net);
}

// The partial with another slope: the slope is all of it, or one factor.
Formula *word_with_slope(const Place *p, Formula *slope)
{
	if (place_user(p)->net->row == p->line->by)
		return slope;
	return place_apply(p, OP_DIV, place_apply(p, OP_PROD, p->line->formula, slope), own_slope(p));
}

Formula *word_slope_by_output(const Place *p, Formula *output)
{
	Op op = place_user(p)->activation;
	return op == OP_SIGMOID || op == OP_TANH ? word_slope_of(p, op, output, NULL) : NULL;
}

Formula *word_slope_of_other(const Place *p)
{
	Op op = place_user(p)->activation;
	return op == OP_SIGMOID || op == OP_TANH
	           ? word_slope_of(p, op == OP_TANH ? OP_SIGMOID : OP_TANH, place_user(p)->leaf, NULL)
	           : NULL;
}

// ---- Weights

Formula *word_param_after(const Place *p, const UnitTerm *term)
{
	const Line *param = term ? lines_at(p->lines, term->weight->row) : NULL;
	return param ? place_leaf(p, param->next) : NULL;
}

Formula *word_weight_across(const Place *p)
{
	const Line *user = place_user(p);
	uint32_t input = (uint32_t)(place_term_of_input(p) - user->term);
	return input == user->place ? NULL : place_weight(p, user->layer, input, user->place);
}

// Of the layer that the input itself comes out of.
Formula *word_weight_in_front(const Place *p)
{
	const Line *unit = place_by(p);
	if (!unit->terms && unit->net && unit->net->row)
		unit = lines_at(p->lines, unit->net->row);
	return place_weight(p, unit->layer, place_user(p)->place, unit->place);
}

Formula *word_weights_of_unit(const Place *p)
{
	const Line *user = place_user(p);
	Formula *sum = formula_operation(p->arena, OP_SUM, user->terms, 0);
	for (uint32_t i = 0; i < user->terms; i++)
		sum->argument[i] = user->term[i].weight;
	return user->terms > 1 ? sum : NULL;
}

Formula *word_net_of(const Place *p, const Formula *input)
{
	const Line *line = input && input->row ? lines_at(p->lines, input->row) : NULL;
	return line && line->activation != OP_COUNT && line->net->row ? line->net : NULL;
}
