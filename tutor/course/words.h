// What the rows of tutor/course/mistakes.def ask of a line and build for it, where it takes more
// than tutor/course/place.h.
//
// As there, what does not apply gives false or NULL. `at_` asks whether the place is a line of a
// kind.
#ifndef COURSE_WORDS_H
#define COURSE_WORDS_H

#include "tutor/course/place.h"

// ---- Kinds of lines (words_back.c)

bool word_at_partial(const Place *p);   // dA/dB
bool word_at_slope(const Place *p);     // through an activation
bool word_at_error(const Place *p);     // of a term of the loss by what the network puts out
bool word_at_unit(const Place *p);      // forward, a sum of weight*input
bool word_at_join(const Place *p, bool of_param);   // a gradient that is a sum over paths
bool word_at_shared(const Place *p, bool bias);     // the same of a bias or a weight
bool word_at_square(
	const Place *p,
	bool half);   // a squared error, with a factor 1/2 or without, or its derivative
bool word_at_new_weight(const Place *p);    // w+ = w - ...
bool word_at_regulariser(const Place *p);   // of the loss by a param that stands in it itself
bool word_is_square(const Formula *formula);
bool word_is_bias(const Place *p, uint32_t param);

// ---- Slopes and weights (words_back.c)

// An activation's derivative, of the unit's output and input.
Formula *word_slope_of(const Place *p, Op op, Formula *output, Formula *net);
// The partial with another slope in it.
Formula *word_with_slope(const Place *p, Formula *slope);
// The slope by the formula that takes the output, something else put in for it; the slope of
// another activation.
Formula *word_slope_by_output(const Place *p, Formula *output);
Formula *word_slope_of_other(const Place *p);
// The new value of a term's weight.
Formula *word_param_after(const Place *p, const UnitTerm *term);
// The weight of the matrix transposed, and that of the layer in front, of a partial by a unit's
// input.
Formula *word_weight_across(const Place *p);
Formula *word_weight_in_front(const Place *p);
Formula *word_weights_of_unit(const Place *p);
// What the activation was applied to that made this input.
Formula *word_net_of(const Place *p, const Formula *input);

// ---- Sums over paths (words_sum.c); the place is word_at_join

Formula *word_sum_of_some(const Place *p, bool (*keeps)(const Place *p, uint32_t term));
bool word_is_way(const Place *p,
                 uint32_t term);   // first, last, same place; one of the others; all but one
Formula *word_some_uses(const Place *p);     // last or first use, one example, the mean
Formula *word_some_biases(const Place *p);   // first or last term, one example, the mean
Formula *word_product_of_terms(const Place *p);
// Softmax: dL/de with the way through the sum from the own probability alone; p*(1 - p) of a logit;
// the logit of a p.
Formula *word_diagonal(const Place *p);
Formula *word_slope_of_probability(const Place *p);
Formula *word_logit_of(const Place *p);

// ---- Forward lines, the loss, the update (words_line.c)

Formula *word_in_base(const Place *p, const Formula *logarithm);
Formula *word_without_margin_of(const Place *p, const Formula *sum);
// Whether the formula is a - b, or -b + a; then a and b.
bool word_is_difference(const Formula *f);
Formula *word_added(const Formula *f);
Formula *word_taken(const Formula *f);
bool word_holds_max(const Formula *formula);
Formula *word_factor_of_mean(const Place *p);
bool word_at_biased(const Place *p);
Formula *word_without_biases(const Place *p);
Formula *word_late_biases(const Place *p);
Formula *word_unit_across(const Place *p);
Formula *
word_update_in_way(const Place *p);   // +, without the rate, without the old weight, the rate twice
Formula *word_divided_by_rate(const Place *p);
Formula *word_correction_dropped(const Place *p, const Formula *quotient);
Formula *word_root_of_both(const Place *p, const Formula *sum);
Formula *word_velocity_in_way(const Place *p);

// ---- Conventions (words_line.c)

bool word_is_gradient_root(const Place *p);   // dL/dL
bool word_at_gradient_of_param(const Place *p);
bool word_uses_gradient(const Place *p);   // an update line
Formula *word_turned_sign(const Place *p);
Formula *word_batch_of(const Place *p);
bool word_at_batch_mean(const Place *p);   // the mean over the examples, or its derivative

#endif
