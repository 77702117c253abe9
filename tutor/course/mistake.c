#include "tutor/course/mistake.h"

#include "tutor/course/place.h"

#include <math.h>
#include <string.h>

// ---- Where

static bool at_partial(const Place *p)
{
	return p->line->phase == PHASE_PARTIAL && p->line->user && p->line->by;
}

static bool at_slope(const Place *p)
{
	return at_partial(p) && place_user(p)->activation != OP_COUNT;
}

static bool at_error(const Place *p)
{
	if (!at_partial(p) || !place_user(p)->additive || place_by(p)->phase != PHASE_FORWARD ||
	    place_by(p)->additive)
		return false;
	return place_user(p)->activation == OP_COUNT && !place_user(p)->terms;
}

static bool at_unit(const Place *p)
{
	return p->line->phase == PHASE_FORWARD && p->line->terms;
}

// A gradient that is a sum over paths, of a step or of a param.
static bool at_join(const Place *p, bool of_param)
{
	return p->line->phase == PHASE_GRADIENT && p->line->formula->kind == FORMULA_OPERATION &&
	       p->line->formula->op == OP_SUM && p->line->by &&
	       (place_by(p)->phase == PHASE_GIVEN) == of_param;
}

static bool at_shared(const Place *p, bool bias)
{
	if (!at_join(p, true) || place_by(p)->kind != OP_PARAM)
		return false;
	const Formula *first = p->line->formula->argument[0];
	Place at = *p;
	at.id = first->kind == FORMULA_TERM ? first->argument[1]->row : 0;
	at.line = at.id ? lines_at(p->lines, at.id) : p->line;
	const UnitTerm *term = place_term_of_weight(&at);
	return term && !term->input == bias;
}

static bool is_square(const Formula *formula)
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
static bool at_square(const Place *p, bool half)
{
	const Line *loss = p->line->phase == PHASE_FORWARD ? p->line
	                   : at_error(p)                   ? place_user(p)
	                                                   : NULL;
	return loss && loss->additive && !loss->terms && is_square(loss->formula) &&
	       has_half(loss->formula) == half;
}

static bool at_new_weight(const Place *p)
{
	return p->line->phase == PHASE_UPDATE && p->line->by && place_by(p)->next == p->id &&
	       place_by(p)->kind == OP_PARAM && p->line->formula->kind == FORMULA_OPERATION &&
	       p->line->formula->op == OP_SUB;
}

static bool is_bias(const Place *p, uint32_t param)
{
	for (uint32_t id = 1; id <= p->lines->count; id++) {
		const Line *unit = lines_at(p->lines, id);
		for (uint32_t i = unit->terms; i < unit->terms + unit->biases; i++)
			if (unit->term[i].weight->row == param)
				return true;
	}
	return false;
}

static bool at_regulariser(const Place *p)
{
	return at_partial(p) && place_user(p)->additive && place_by(p)->kind == OP_PARAM &&
	       place_by(p)->phase == PHASE_GIVEN && place_holds(p->line->formula, p->line->by);
}

// ---- Slopes

// The activation's derivative as the formula has it, by the unit's output and input; NULL where it
// is another.
static Formula *slope_of(const Place *p, Op op, Formula *output, Formula *net)
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
	return slope_of(p, unit->activation, unit->leaf, unit->net);
}

// The partial with another slope: the slope is all of it, or one factor.
static Formula *with_slope(const Place *p, Formula *slope)
{
	if (place_user(p)->net->row == p->line->by)
		return slope;
	return place_apply(p, OP_DIV, place_apply(p, OP_PROD, p->line->formula, slope), own_slope(p));
}

static Formula *slope_by_output(const Place *p, Formula *output)
{
	Op op = place_user(p)->activation;
	return op == OP_SIGMOID || op == OP_TANH ? slope_of(p, op, output, NULL) : NULL;
}

static Formula *slope_of_other(const Place *p)
{
	Op op = place_user(p)->activation;
	return op == OP_SIGMOID || op == OP_TANH
	           ? slope_of(p, op == OP_TANH ? OP_SIGMOID : OP_TANH, place_user(p)->leaf, NULL)
	           : NULL;
}

// ---- Weights

static Formula *param_after(const Place *p, const UnitTerm *term)
{
	const Line *param = term ? lines_at(p->lines, term->weight->row) : NULL;
	return param ? place_leaf(p, param->next) : NULL;
}

static Formula *weight_across(const Place *p)
{
	const Line *user = place_user(p);
	uint32_t input = (uint32_t)(place_term_of_input(p) - user->term);
	return input == user->place ? NULL : place_weight(p, user->layer, input, user->place);
}

// Of the layer that the input itself comes out of.
static Formula *weight_in_front(const Place *p)
{
	const Line *unit = place_by(p);
	if (!unit->terms && unit->net && unit->net->row)
		unit = lines_at(p->lines, unit->net->row);
	return place_weight(p, unit->layer, place_user(p)->place, unit->place);
}

static Formula *weights_of_unit(const Place *p)
{
	const Line *user = place_user(p);
	Formula *sum = formula_operation(p->arena, OP_SUM, user->terms, 0);
	for (uint32_t i = 0; i < user->terms; i++)
		sum->argument[i] = user->term[i].weight;
	return user->terms > 1 ? sum : NULL;
}

static Formula *net_of(const Place *p, const Formula *input)
{
	const Line *line = input && input->row ? lines_at(p->lines, input->row) : NULL;
	return line && line->activation != OP_COUNT && line->net->row ? line->net : NULL;
}

// ---- Sums over paths

static Formula *sum_of_some(const Place *p, bool (*keeps)(const Place *p, uint32_t term))
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
static bool is_way(const Place *p, uint32_t term)
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

static Formula *some_uses(const Place *p)
{
	switch (p->way) {
	case 0:
		return sum_of_some(p, of_last_use);
	case 1:
		return sum_of_some(p, of_first_use);
	case 2:
		return sum_of_some(p, of_first_lane);
	default:
		return mean_of_terms(p);
	}
}

static Formula *some_biases(const Place *p)
{
	switch (p->way) {
	case 0:
		return sum_of_some(p, of_first_term);
	case 1:
		return sum_of_some(p, of_last_term);
	case 2:
		return sum_of_some(p, of_first_lane);
	default:
		return mean_of_terms(p);
	}
}

static Formula *product_of_terms(const Place *p)
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

static Formula *diagonal(const Place *p)
{
	Formula *sum = product_of_terms(p);
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

static Formula *slope_of_probability(const Place *p)
{
	const Line *by = place_by(p);
	bool logit = by && by->phase == PHASE_FORWARD && !by->hidden && by->term;
	uint32_t id = logit ? probability_of(p->lines, p->line->by) : 0;
	return id ? slope_of(p, OP_SIGMOID, place_leaf(p, id), NULL) : NULL;
}

static Formula *logit_of(const Place *p)
{
	const Formula *formula = p->line->formula;
	if (formula->kind != FORMULA_OPERATION || formula->op != OP_DIV)
		return NULL;
	for (uint32_t id = 1; id < p->id; id++)
		if (lines_at(p->lines, id)->term && is_exp_of(p->lines, formula->argument[0], id))
			return place_leaf(p, id);
	return NULL;
}

// ---- The loss

static Formula *in_base(const Place *p, const Formula *logarithm)
{
	return place_apply(p, OP_DIV, (Formula *)logarithm, place_number(p, p->way ? log(2) : log(10)));
}

static Formula *without_margin_of(const Place *p, const Formula *sum)
{
	Formula *last = sum->argument[sum->count - 1];
	if (last->kind != FORMULA_NUMBER || last->value != 1 || sum->count != 2)
		return NULL;
	(void)p;
	return sum->argument[0];
}

static bool holds_max(const Formula *formula)
{
	return place_count(formula, OP_MAX) + place_count(formula, OP_RELU) > 0;
}

// The number of outputs that the loss compares with targets, in one example.
static uint32_t count_outputs(const Place *p)
{
	uint32_t count = 0;
	for (uint32_t id = 1; id <= p->lines->count; id++) {
		Place at = {p->lines, lines_at(p->lines, id), id, 0, p->arena};
		count += at.line->lane == 0 && at_error(&at);
	}
	return count;
}

// The factor by which the gradient is wrong: 1/outputs, outputs, the batch size, 1/it.
static Formula *factor_of_mean(const Place *p)
{
	bool lanes = p->way >= 2;
	uint32_t count = lanes ? p->lines->derivation->replay->lanes : count_outputs(p);
	return count < 2 ? NULL : place_number(p, p->way % 2 == 0 ? 1.0 / count : count);
}

// ---- Bias

static Formula *without_biases(const Place *p)
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
static Formula *late_biases(const Place *p)
{
	if (p->line->terms)
		return p->line->activation != OP_COUNT ? plus_biases(p, p->line, without_biases(p))
		       : p->line->squashed             ? without_biases(p)
		                                       : NULL;
	return plus_biases(p, lines_at(p->lines, p->line->net->row), p->line->formula);
}

static bool at_biased(const Place *p)
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

static Formula *unit_across(const Place *p)
{
	const Line *unit = p->line;
	Formula *formula = unit->formula;
	if (unit->layer == 0 || p->lines->layer[unit->layer - 1].count != unit->terms ||
	    unit->terms < 2)
		return NULL;
	Formula *sum = without_biases(p);
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

static Formula *update_in_way(const Place *p)
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

static Formula *divided_by_rate(const Place *p)
{
	Formula *old = p->line->formula->argument[0], *step = p->line->formula->argument[1];
	Formula *rate = (Formula *)rate_in(p, step);
	return place_apply(p, OP_SUB, old,
	                   place_apply(p, OP_DIV, place_apply(p, OP_DIV, step, rate), rate));
}

// x/(1 - b^t): x.
static Formula *correction_dropped(const Place *p, const Formula *quotient)
{
	const Formula *below = quotient->argument[1];
	bool correction = below->kind == FORMULA_OPERATION && below->op == OP_SUB &&
	                  place_count(below, OP_POWER) + place_count(below, OP_INTPOWER) == 1;
	(void)p;
	return correction ? quotient->argument[0] : NULL;
}

// sqrt(v) + eps: sqrt(v + eps).
static Formula *root_of_both(const Place *p, const Formula *sum)
{
	const Formula *root = sum->argument[0];
	if (root->kind != FORMULA_OPERATION || root->op != OP_SQRT || sum->count != 2)
		return NULL;
	return place_call(p, OP_SQRT, place_apply(p, OP_SUM, root->argument[0], sum->argument[1]));
}

// mu*v + g.
static Formula *velocity_in_way(const Place *p)
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

static bool is_gradient_root(const Place *p)
{
	return p->line->phase == PHASE_GRADIENT && p->line->by == p->lines->loss && p->line->by;
}

static bool at_gradient_of_param(const Place *p)
{
	return p->line->phase == PHASE_GRADIENT && p->line->by && place_by(p)->phase == PHASE_GIVEN;
}

static bool uses_gradient(const Place *p)
{
	for (uint32_t i = 0; p->line->phase == PHASE_UPDATE && i < p->line->parents; i++)
		if (lines_at(p->lines, p->line->parent[i])->phase == PHASE_GRADIENT)
			return true;
	return false;
}

// A number as it is with its sign turned; in an update the gradients' signs turned.
static Formula *turned_sign(const Place *p)
{
	Formula *formula = p->line->formula;
	for (uint32_t i = 0; p->line->phase == PHASE_UPDATE && i < p->line->parents; i++) {
		uint32_t parent = p->line->parent[i];
		if (lines_at(p->lines, parent)->phase == PHASE_GRADIENT)
			formula = place_put(p, formula, parent, place_call(p, OP_NEG, place_leaf(p, parent)));
	}
	return p->line->phase == PHASE_UPDATE ? formula : place_call(p, OP_NEG, formula);
}

static Formula *batch_of(const Place *p)
{
	uint32_t lanes = p->lines->derivation->replay->lanes;
	return lanes > 1 ? place_number(p, lanes) : NULL;
}

// The mean over the examples, and its derivative by each.
static bool at_batch_mean(const Place *p)
{
	bool partial = p->line->phase == PHASE_PARTIAL && p->line->user == p->lines->loss;
	if (!p->lines->loss || (p->id != p->lines->loss && !partial))
		return false;
	for (uint32_t i = 0; i < p->line->parents; i++)
		if (lines_at(p->lines, p->line->parent[i])->kind == OP_BATCH_SIZE)
			return true;
	return false;
}

// ---- The words of mistakes.def

#define NONE NULL
#define way p->way
#define itself p->line->formula
#define num(value) place_number(p, value)
#define call(op, a) place_call(p, OP_##op, a)
#define negative(a) call(NEG, a)
#define add(a, b) place_apply(p, OP_SUM, a, b)
#define times(a, b) place_apply(p, OP_PROD, a, b)
#define divide(a, b) place_apply(p, OP_DIV, a, b)
#define product(a, b) place_apply(p, OP_PROD, a, b)
// `a` put for a leaf of the line's itself.
#define put(leaf, a) place_put(p, itself, (leaf) ? (leaf)->row : 0, a)

#define weight_back (at_partial(p) && place_term_of_input(p))
#define w (place_term_of_input(p)->weight)
#define updated(leaf) param_after(p, place_term_of_input(p))
#define transposed weight_across(p)
#define weight_before weight_in_front(p)
#define sum_of_weights weights_of_unit(p)
#define by_weight (at_partial(p) && place_term_of_weight(p) && place_term_of_weight(p)->input)
#define x (place_term_of_weight(p)->input)
#define net_of_input net_of(p, x)
#define the_param place_leaf(p, p->line->by)
#define weight_or_input (weight_back || by_weight)
#define either (weight_back ? w : x)
#define put_either(a) put(either, a)
#define by_bias (at_partial(p) && place_term_of_weight(p) && !place_term_of_weight(p)->input)

#define slope at_slope(p)
#define output_slope (slope && !place_user(p)->hidden)
#define hidden_slope (slope && place_user(p)->hidden)
#define y (place_user(p)->leaf)
#define z (place_user(p)->net)
#define activate(a) place_call(p, place_user(p)->activation, a)
#define set_slope(a) with_slope(p, a)
#define drop_slope with_slope(p, num(1))
#define slope_from_output(a) slope_by_output(p, a)
#define other_slope slope_of_other(p)
#define exponential \
	(at_partial(p) && itself->row == p->line->user && place_user(p)->formula->op == OP_EXP)
#define line_z (place_user(p)->formula->argument[0])
#define whole_number (at_partial(p) && itself->kind == FORMULA_NUMBER && itself->value > 1)

#define back place_back(p)
#define partial_leaf (itself->argument[1])
#define outer_gradient \
	(back->squashed ? place_leaf(p, lines_at(p->lines, back->squashed)->gradient) : NULL)
#define output_leaf \
	(back->squashed ? place_leaf(p, back->squashed) : place_leaf(p, place_back_id(p)))
#define join_step at_join(p, false)
#define keep_term(which) sum_of_some(p, which)
#define one_of_way is_way
#define as_product product_of_terms(p)
#define softmax_diagonal diagonal(p)
#define any_gradient (p->line->phase == PHASE_GRADIENT)
#define probability_slope slope_of_probability(p)

#define error at_error(p)
#define squared_error (error && is_square(place_user(p)->formula))
#define mean_for_sum factor_of_mean(p)
#define loss_leaf \
	(place_user(p) == lines_at(p->lines, p->lines->loss) ? NULL : place_leaf(p, p->lines->loss))
#define log_error (error && place_count(place_user(p)->formula, OP_LOG) > 1 && itself->op == OP_SUB)
#define left (itself->argument[0])
#define right (itself->argument[1])
#define forward (p->line->phase == PHASE_FORWARD)
#define log_of_base(base) place_rewrite(p, itself, OP_LOG, in_base)
#define logit logit_of(p)
#define hinge_loss (forward && p->line->additive && holds_max(itself))
#define without_margin place_rewrite(p, itself, OP_SUM, without_margin_of)
#define hinge_error (error && holds_max(place_user(p)->formula) && place_count(itself, OP_EQ) > 1)
#define regulariser at_regulariser(p)

#define shared_bias at_shared(p, true)
#define bias_sum some_biases(p)
#define shared_weight at_shared(p, false)
#define weight_sum some_uses(p)
#define biased at_biased(p)
#define bias_dropped (p->line->terms ? without_biases(p) : NULL)
#define bias_behind late_biases(p)
#define unit_sum at_unit(p)
#define transposed_unit unit_across(p)
#define sigmoid_unit (forward && p->line->activation == OP_SIGMOID)
#define line_net (p->line->net)

#define any_update (p->line->phase == PHASE_UPDATE)
#define new_weight at_new_weight(p)
#define wrong_update update_in_way(p)
#define rate_divided divided_by_rate(p)
#define uncorrected place_rewrite(p, itself, OP_DIV, correction_dropped)
#define epsilon_inside place_rewrite(p, itself, OP_SUM, root_of_both)
#define velocity (p->line->phase == PHASE_UPDATE && !at_new_weight(p))
#define wrong_velocity velocity_in_way(p)

#define half_square at_square(p, true)
#define plain_square at_square(p, false)
#define doubled times(itself, num(2))
#define halved times(itself, num(0.5))
#define batch_mean at_batch_mean(p)
#define batch_size batch_of(p)
#define delta_sign (is_gradient_root(p) || at_gradient_of_param(p))
#define descent_sign (is_gradient_root(p) || uses_gradient(p))
#define turned turned_sign(p)
#define new_bias (at_new_weight(p) && is_bias(p, p->line->by))

typedef Formula *Change(const Place *p);

#define MISTAKE(id, source, ways, where, change, ...) \
	static Formula *id##_change(const Place *p) \
	{ \
		return (where) ? (change) : NULL; \
	}
#define CONVENTION(id, text, ways, where, change, ...) \
	MISTAKE(id, text, ways, where, change, __VA_ARGS__)
#include "tutor/course/mistakes.def"

static Change *const change_of[MISTAKE_COUNT] = {
#define MISTAKE(id, ...) [MISTAKE_##id] = id##_change,
#define CONVENTION(id, ...) MISTAKE(id, __VA_ARGS__)
#include "tutor/course/mistakes.def"
};

const Mistake mistake_info[MISTAKE_COUNT] = {
#define MISTAKE(id, source, ways, where, change, name, look, compare, what) \
	[MISTAKE_##id] = {#id, name, SOURCE_##source, ways, {look, compare, what}},
#define CONVENTION(id, text, ways, where, change, name, look, compare, what) \
	[MISTAKE_##id] = {text, name, SOURCE_CONVENTION, ways, {look, compare, what}},
#include "tutor/course/mistakes.def"
};

Formula *mistake_formula(MistakeId mistake, uint32_t number, const Lines *lines, uint32_t id,
                         Arena *arena)
{
	Place place = {lines, lines_at(lines, id), id, number, arena};
	return place.line->formula ? change_of[mistake](&place) : NULL;
}

MistakeId mistake_convention(const char *text)
{
	for (MistakeId i = 0; i < MISTAKE_COUNT; i++)
		if (mistake_info[i].source == SOURCE_CONVENTION && strcmp(mistake_info[i].id, text) == 0)
			return i;
	return MISTAKE_NONE;
}
