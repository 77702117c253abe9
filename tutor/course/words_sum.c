#include "tutor/course/words.h"

// ---- Sums over paths

Formula *word_sum_of_some(const Place *p, bool (*keeps)(const Place *p, uint32_t term))
{
	const Formula *all = p->line->formula;
	Formula *sum = formula_operation(p->arena, OP_SUM, all->count, 0);
	sum->count = 0;
	for (uint32_t i = 0; i < all->count; i++)
		if (keeps(p, i))
			sum->argument[sum->count++] = all->argument[i];
	if (sum->count == 0 || sum->count == all->count)
		return NULL;
	return sum->count == 1 ? sum->argument[0] : sum;
}

static const Line *term_line(const Place *p, uint32_t term)
{
	return lines_at(p->lines, p->line->formula->argument[term]->row);
}

// The first, the last, the one of the same place in its layer; each of the others; all but one.
bool word_is_way(const Place *p, uint32_t term)
{
	uint32_t count = p->line->formula->count, own = place_by(p)->place;
	const Line *net = place_by(p)->net && place_by(p)->net->row
	                      ? lines_at(p->lines, place_by(p)->net->row)
	                      : NULL;
	own = net ? net->place : own;
	if (p->way < 3)
		return term == (p->way == 0 ? 0 : p->way == 1 ? count - 1 : own);
	if (p->way < 6)
		return term == p->way - 2;
	return count > 2 && term != p->way - 6;
}

static bool of_last_use(const Place *p, uint32_t term)
{
	uint32_t user = term_line(p, term)->user, lane = term_line(p, term)->lane;
	for (uint32_t i = 0; i < p->line->formula->count; i++)
		if (term_line(p, i)->lane == lane && term_line(p, i)->user > user)
			return false;
	return true;
}

static bool of_first_use(const Place *p, uint32_t term)
{
	uint32_t user = term_line(p, term)->user, lane = term_line(p, term)->lane;
	for (uint32_t i = 0; i < p->line->formula->count; i++)
		if (term_line(p, i)->lane == lane && term_line(p, i)->user < user)
			return false;
	return true;
}

static bool of_first_lane(const Place *p, uint32_t term)
{
	return term_line(p, term)->lane == 0;
}

static bool of_first_term(const Place *p, uint32_t term)
{
	(void)p;
	return term == 0;
}

static bool of_last_term(const Place *p, uint32_t term)
{
	return term + 1 == p->line->formula->count;
}

static Formula *mean_of_terms(const Place *p)
{
	return place_apply(p, OP_DIV, p->line->formula, place_number(p, p->line->formula->count));
}

Formula *word_some_uses(const Place *p)
{
	switch (p->way) {
	case 0:
		return word_sum_of_some(p, of_last_use);
	case 1:
		return word_sum_of_some(p, of_first_use);
	case 2:
		return word_sum_of_some(p, of_first_lane);
	default:
		return mean_of_terms(p);
	}
}

Formula *word_some_biases(const Place *p)
{
	switch (p->way) {
	case 0:
		return word_sum_of_some(p, of_first_term);
	case 1:
		return word_sum_of_some(p, of_last_term);
	case 2:
		return word_sum_of_some(p, of_first_lane);
	default:
		return mean_of_terms(p);
	}
}

Formula *word_product_of_terms(const Place *p)
{
	const Formula *sum = p->line->formula;
	Formula *product = formula_operation(p->arena, OP_PROD, sum->count, 0);
	for (uint32_t i = 0; i < sum->count; i++)
		product->argument[i] = sum->argument[i];
	return product;
}

// ---- Softmax: p = e/S with S the sum of the e's, e = exp of a logit

static bool is_quotient_by(const Line *line, uint32_t row)
{
	return line->phase == PHASE_FORWARD && line->formula->kind == FORMULA_OPERATION &&
	       line->formula->op == OP_DIV && line->formula->argument[1]->row == row && row;
}

// What flows back through the sum, from the own probability alone.
static Formula *own_through_sum(const Place *p, const Line *term)
{
	for (uint32_t i = 0; i < p->line->formula->count; i++) {
		const Line *other = term_line(p, i);
		if (!is_quotient_by(lines_at(p->lines, other->user), term->user))
			continue;
		for (uint32_t id = 1; id <= p->lines->count; id++) {
			const Line *line = lines_at(p->lines, id);
			if (line->phase == PHASE_PATH && line->user == other->user && line->by == term->user)
				return line->leaf;
		}
	}
	return NULL;
}

Formula *word_diagonal(const Place *p)
{
	Formula *sum = word_product_of_terms(p);
	bool changed = false;
	sum->op = OP_SUM;
	for (uint32_t i = 0; i < sum->count; i++) {
		Formula *own = own_through_sum(p, term_line(p, i));
		sum->argument[i] = own ? own : sum->argument[i];
		changed = changed || own;
	}
	return changed ? sum : NULL;
}

static bool is_exp_of(const Lines *lines, const Formula *formula, uint32_t logit)
{
	if (formula->row)
		formula = lines_at(lines, formula->row)->formula;
	return formula && formula->kind == FORMULA_OPERATION && formula->op == OP_EXP &&
	       place_holds(formula, logit);
}

// The line that makes a probability of this logit, by softmax or by sigmoid before a cross-entropy;
// 0 if none.
static uint32_t probability_of(const Lines *lines, uint32_t logit)
{
	const Line *line = lines_at(lines, logit);
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Line *p = lines_at(lines, id);
		if (p->phase == PHASE_FORWARD && p->formula->kind == FORMULA_OPERATION &&
		    p->formula->op == OP_DIV && is_exp_of(lines, p->formula->argument[0], logit))
			return id;
		if (line->squashed && p->phase == PHASE_PARTIAL && p->by == line->squashed && p->user &&
		    lines_at(lines, p->user)->additive &&
		    place_count(lines_at(lines, p->user)->formula, OP_LOG) &&
		    lines_at(lines, line->squashed)->activation == OP_SIGMOID)
			return line->squashed;
	}
	return 0;
}

Formula *word_slope_of_probability(const Place *p)
{
	const Line *by = place_by(p);
	bool logit = by && by->phase == PHASE_FORWARD && !by->hidden && by->term;
	uint32_t id = logit ? probability_of(p->lines, p->line->by) : 0;
	return id ? word_slope_of(p, OP_SIGMOID, place_leaf(p, id), NULL) : NULL;
}

Formula *word_logit_of(const Place *p)
{
	const Formula *formula = p->line->formula;
	if (formula->kind != FORMULA_OPERATION || formula->op != OP_DIV)
		return NULL;
	for (uint32_t id = 1; id < p->id; id++)
		if (lines_at(p->lines, id)->term && is_exp_of(p->lines, formula->argument[0], id))
			return place_leaf(p, id);
	return NULL;
}
