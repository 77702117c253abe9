#include "tutor/course/words.h"

#include <math.h>

// ---- The loss

Formula *word_in_base(const Place *p, const Formula *logarithm)
{
	return place_apply(p, OP_DIV, (Formula *)logarithm, place_number(p, p->way ? log(2) : log(10)));
}

Formula *word_without_margin_of(const Place *p, const Formula *sum)
{
	Formula *last = sum->argument[sum->count - 1];
	if (last->kind != FORMULA_NUMBER || last->value != 1 || sum->count != 2)
		return NULL;
	(void)p;
	return sum->argument[0];
}

// a - b, or -b + a: what is added and what is taken away.
bool word_is_difference(const Formula *f)
{
	return f->op == OP_SUB || (f->op == OP_SUM && f->count == 2 && f->argument[0]->op == OP_NEG &&
	                           f->argument[0]->kind == FORMULA_OPERATION);
}

Formula *word_added(const Formula *f)
{
	return f->argument[f->op == OP_SUB ? 0 : 1];
}

Formula *word_taken(const Formula *f)
{
	return f->op == OP_SUB ? f->argument[1] : f->argument[0]->argument[0];
}

bool word_holds_max(const Formula *formula)
{
	return place_count(formula, OP_MAX) + place_count(formula, OP_RELU) > 0;
}

// The number of outputs that the loss compares with targets, in one example.
static uint32_t count_outputs(const Place *p)
{
	uint32_t count = 0;
	for (uint32_t id = 1; id <= p->lines->count; id++) {
		Place at = {p->lines, lines_at(p->lines, id), id, 0, p->arena};
		count += at.line->lane == 0 && word_at_error(&at);
	}
	return count;
}

// The factor by which the gradient is wrong: 1/outputs, outputs, the batch size, 1/it.
Formula *word_factor_of_mean(const Place *p)
{
	bool lanes = p->way >= 2;
	uint32_t count = lanes ? p->lines->derivation->replay->lanes : count_outputs(p);
	return count < 2 ? NULL : place_number(p, p->way % 2 == 0 ? 1.0 / count : count);
}

// ---- Bias

Formula *word_without_biases(const Place *p)
{
	Formula *sum = formula_operation(p->arena, OP_SUM, p->line->terms, 0);
	for (uint32_t i = 0; i < p->line->terms; i++)
		sum->argument[i] = place_apply(p, OP_PROD, p->line->term[i].weight, p->line->term[i].input);
	return p->line->activation == OP_COUNT ? sum : place_call(p, p->line->activation, sum);
}

static Formula *plus_biases(const Place *p, const Line *unit, Formula *formula)
{
	for (uint32_t i = unit->terms; i < unit->terms + unit->biases; i++)
		formula = place_apply(p, OP_SUM, formula, unit->term[i].weight);
	return formula;
}

// On two lines: the sum, and the activation behind it.
Formula *word_late_biases(const Place *p)
{
	if (p->line->terms)
		return p->line->activation != OP_COUNT ? plus_biases(p, p->line, word_without_biases(p))
		       : p->line->squashed             ? word_without_biases(p)
		                                       : NULL;
	return plus_biases(p, lines_at(p->lines, p->line->net->row), p->line->formula);
}

bool word_at_biased(const Place *p)
{
	if (p->line->phase != PHASE_FORWARD)
		return false;
	if (p->line->terms)
		return p->line->biases > 0;
	const Line *net = p->way && p->line->activation != OP_COUNT && p->line->net->row
	                      ? lines_at(p->lines, p->line->net->row)
	                      : NULL;
	return net && net->terms && net->biases;
}

Formula *word_unit_across(const Place *p)
{
	const Line *unit = p->line;
	Formula *formula = unit->formula;
	if (unit->layer == 0 || p->lines->layer[unit->layer - 1].count != unit->terms ||
	    unit->terms < 2)
		return NULL;
	Formula *sum = word_without_biases(p);
	Formula *net = unit->activation == OP_COUNT ? sum : sum->argument[0];
	for (uint32_t i = 0; i < unit->terms; i++)
		net->argument[i] = place_apply(p, OP_PROD, place_weight(p, unit->layer, i, unit->place),
		                               unit->term[i].input);
	for (uint32_t i = unit->terms; i < unit->terms + unit->biases; i++)
		net = place_apply(p, OP_SUM, net, unit->term[i].weight);
	return net && formula->op == unit->activation ? place_call(p, unit->activation, net) : net;
}

// ---- The update

// The first constant of the formula: the rate.
static const Formula *rate_in(const Place *p, const Formula *formula)
{
	if (formula->kind != FORMULA_OPERATION) {
		const Line *line = formula->row ? lines_at(p->lines, formula->row) : NULL;
		bool constant = line && line->phase == PHASE_GIVEN && line->kind == OP_CONST;
		return constant || (formula->kind == FORMULA_NUMBER && formula->value != 1) ? formula
		                                                                            : NULL;
	}
	const Formula *found = NULL;
	for (uint32_t i = 0; !found && i < formula->count; i++)
		found = rate_in(p, formula->argument[i]);
	return found;
}

Formula *word_update_in_way(const Place *p)
{
	Formula *old = p->line->formula->argument[0], *step = p->line->formula->argument[1];
	const Formula *rate = rate_in(p, step);
	switch (p->way) {
	case 0:
		return place_apply(p, OP_SUM, old, step);
	case 1:
		return rate ? place_apply(p, OP_SUB, old, place_apply(p, OP_DIV, step, (Formula *)rate))
		            : NULL;
	case 2:
		return place_call(p, OP_NEG, step);
	default:
		return rate ? place_apply(p, OP_SUB, old, place_apply(p, OP_PROD, step, (Formula *)rate))
		            : NULL;
	}
}

Formula *word_divided_by_rate(const Place *p)
{
	Formula *old = p->line->formula->argument[0], *step = p->line->formula->argument[1];
	Formula *rate = (Formula *)rate_in(p, step);
	return place_apply(p, OP_SUB, old,
	                   place_apply(p, OP_DIV, place_apply(p, OP_DIV, step, rate), rate));
}

// x/(1 - b^t): x.
Formula *word_correction_dropped(const Place *p, const Formula *quotient)
{
	const Formula *below = quotient->argument[1];
	bool correction = below->kind == FORMULA_OPERATION && below->op == OP_SUB &&
	                  place_count(below, OP_POWER) + place_count(below, OP_INTPOWER) == 1;
	(void)p;
	return correction ? quotient->argument[0] : NULL;
}

// sqrt(v) + eps: sqrt(v + eps).
Formula *word_root_of_both(const Place *p, const Formula *sum)
{
	const Formula *root = sum->argument[0];
	if (root->kind != FORMULA_OPERATION || root->op != OP_SQRT || sum->count != 2)
		return NULL;
	return place_call(p, OP_SQRT, place_apply(p, OP_SUM, root->argument[0], sum->argument[1]));
}

// mu*v + g.
Formula *word_velocity_in_way(const Place *p)
{
	const Formula *sum = p->line->formula;
	if (sum->kind != FORMULA_OPERATION || sum->op != OP_SUM || sum->count != 2 ||
	    sum->argument[0]->kind != FORMULA_OPERATION || sum->argument[0]->op != OP_PROD ||
	    !sum->argument[1]->row)
		return NULL;
	Formula *old = sum->argument[0], *g = sum->argument[1];
	Formula *rest = place_apply(p, OP_SUB, place_number(p, 1), old->argument[0]);
	return p->way ? place_apply(p, OP_SUB, old, g)
	              : place_apply(p, OP_SUM, old, place_apply(p, OP_PROD, rest, g));
}

// ---- Conventions

bool word_is_gradient_root(const Place *p)
{
	return p->line->phase == PHASE_GRADIENT && p->line->by == p->lines->loss && p->line->by;
}

bool word_at_gradient_of_param(const Place *p)
{
	return p->line->phase == PHASE_GRADIENT && p->line->by && place_by(p)->phase == PHASE_GIVEN;
}

bool word_uses_gradient(const Place *p)
{
	for (uint32_t i = 0; p->line->phase == PHASE_UPDATE && i < p->line->parents; i++)
		if (lines_at(p->lines, p->line->parent[i])->phase == PHASE_GRADIENT)
			return true;
	return false;
}

// A number as it is with its sign turned; in an update the gradients' signs turned.
Formula *word_turned_sign(const Place *p)
{
	Formula *formula = p->line->formula;
	for (uint32_t i = 0; p->line->phase == PHASE_UPDATE && i < p->line->parents; i++) {
		uint32_t parent = p->line->parent[i];
		if (lines_at(p->lines, parent)->phase == PHASE_GRADIENT)
			formula = place_put(p, formula, parent, place_call(p, OP_NEG, place_leaf(p, parent)));
	}
	return p->line->phase == PHASE_UPDATE ? formula : place_call(p, OP_NEG, formula);
}

Formula *word_batch_of(const Place *p)
{
	uint32_t lanes = p->lines->derivation->replay->lanes;
	return lanes > 1 ? place_number(p, lanes) : NULL;
}

// The mean over the examples, and its derivative by each.
bool word_at_batch_mean(const Place *p)
{
	bool partial = p->line->phase == PHASE_PARTIAL && p->line->user == p->lines->loss;
	if (!p->lines->loss || (p->id != p->lines->loss && !partial))
		return false;
	for (uint32_t i = 0; i < p->line->parents; i++)
		if (lines_at(p->lines, p->line->parent[i])->kind == OP_BATCH_SIZE)
			return true;
	return false;
}
