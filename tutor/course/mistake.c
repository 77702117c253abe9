#include "tutor/course/mistake.h"

#include "tutor/course/words.h"

#include <string.h>

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

#define weight_back (word_at_partial(p) && place_term_of_input(p))
#define w (place_term_of_input(p)->weight)
#define updated(leaf) word_param_after(p, place_term_of_input(p))
#define transposed word_weight_across(p)
#define weight_before word_weight_in_front(p)
#define sum_of_weights word_weights_of_unit(p)
#define by_weight (word_at_partial(p) && place_term_of_weight(p) && place_term_of_weight(p)->input)
#define x (place_term_of_weight(p)->input)
#define net_of_input word_net_of(p, x)
#define the_param place_leaf(p, p->line->by)
#define weight_or_input (weight_back || by_weight)
#define either (weight_back ? w : x)
#define put_either(a) put(either, a)
#define by_bias (word_at_partial(p) && place_term_of_weight(p) && !place_term_of_weight(p)->input)

#define slope word_at_slope(p)
#define output_slope (slope && !place_user(p)->hidden)
#define hidden_slope (slope && place_user(p)->hidden)
#define y (place_user(p)->leaf)
#define z (place_user(p)->net)
#define activate(a) place_call(p, place_user(p)->activation, a)
#define set_slope(a) word_with_slope(p, a)
#define drop_slope word_with_slope(p, num(1))
#define slope_from_output(a) word_slope_by_output(p, a)
#define other_slope word_slope_of_other(p)
#define exponential \
	(word_at_partial(p) && itself->row == p->line->user && place_user(p)->formula->op == OP_EXP)
#define line_z (place_user(p)->formula->argument[0])
#define whole_number (word_at_partial(p) && itself->kind == FORMULA_NUMBER && itself->value > 1)

#define back place_back(p)
#define partial_leaf (itself->argument[1])
#define outer_gradient \
	(back->squashed ? place_leaf(p, lines_at(p->lines, back->squashed)->gradient) : NULL)
#define output_leaf \
	(back->squashed ? place_leaf(p, back->squashed) : place_leaf(p, place_back_id(p)))
#define join_step word_at_join(p, false)
#define keep_term(which) word_sum_of_some(p, which)
#define one_of_way word_is_way
#define as_product word_product_of_terms(p)
#define softmax_diagonal word_diagonal(p)
#define any_gradient (p->line->phase == PHASE_GRADIENT)
#define probability_slope word_slope_of_probability(p)

#define error word_at_error(p)
#define squared_error (error && word_is_square(place_user(p)->formula))
#define mean_for_sum word_factor_of_mean(p)
#define loss_leaf \
	(place_user(p) == lines_at(p->lines, p->lines->loss) ? NULL : place_leaf(p, p->lines->loss))
#define log_error (error && place_count(place_user(p)->formula, OP_LOG) > 1 && word_is_difference(itself))
#define left word_added(itself)
#define right word_taken(itself)
#define forward (p->line->phase == PHASE_FORWARD)
#define log_of_base(base) place_rewrite(p, itself, OP_LOG, word_in_base)
#define logit word_logit_of(p)
#define hinge_loss (forward && p->line->additive && word_holds_max(itself))
#define without_margin place_rewrite(p, itself, OP_SUM, word_without_margin_of)
#define hinge_error \
	(error && word_holds_max(place_user(p)->formula) && place_count(itself, OP_EQ) > 1)
#define regulariser word_at_regulariser(p)

#define shared_bias word_at_shared(p, true)
#define bias_sum word_some_biases(p)
#define shared_weight word_at_shared(p, false)
#define weight_sum word_some_uses(p)
#define biased word_at_biased(p)
#define bias_dropped (p->line->terms ? word_without_biases(p) : NULL)
#define bias_behind word_late_biases(p)
#define unit_sum word_at_unit(p)
#define transposed_unit word_unit_across(p)
#define sigmoid_unit (forward && p->line->activation == OP_SIGMOID)
#define line_net (p->line->net)

#define any_update (p->line->phase == PHASE_UPDATE)
#define new_weight word_at_new_weight(p)
#define wrong_update word_update_in_way(p)
#define rate_divided word_divided_by_rate(p)
#define uncorrected place_rewrite(p, itself, OP_DIV, word_correction_dropped)
#define epsilon_inside place_rewrite(p, itself, OP_SUM, word_root_of_both)
#define velocity (p->line->phase == PHASE_UPDATE && !word_at_new_weight(p))
#define wrong_velocity word_velocity_in_way(p)

#define half_square word_at_square(p, true)
#define loss_square (forward && half_square)
#define plain_square word_at_square(p, false)
#define doubled times(itself, num(2))
#define halved times(itself, num(0.5))
#define batch_mean word_at_batch_mean(p)
#define batch_size word_batch_of(p)
#define delta_sign (word_is_gradient_root(p) || word_at_gradient_of_param(p))
#define descent_sign (word_is_gradient_root(p) || word_uses_gradient(p))
#define turned word_turned_sign(p)
#define new_bias (word_at_new_weight(p) && word_is_bias(p, p->line->by))

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

static void adopt(Lines *lines, MistakeId convention)
{
	Formula **formula = arena_array(&lines->arena, Formula *, lines->count);
	for (uint32_t id = 1; id <= lines->count; id++)
		formula[id - 1] = mistake_formula(convention, 0, lines, id, &lines->arena);
	for (uint32_t id = 1; id <= lines->count; id++)
		if (formula[id - 1])
			lines_put(lines, id, formula[id - 1]);
}

void mistake_adopt(Lines *lines, const MistakeId *convention, size_t count)
{
	for (size_t i = 0; i < count; i++)
		adopt(lines, convention[i]);
}

MistakeId mistake_convention(const char *text)
{
	for (MistakeId i = 0; i < MISTAKE_COUNT; i++)
		if (mistake_info[i].source == SOURCE_CONVENTION && strcmp(mistake_info[i].id, text) == 0)
			return i;
	return MISTAKE_NONE;
}
