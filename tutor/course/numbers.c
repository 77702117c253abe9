#include "tutor/course/numbers.h"

#include "core/random.h"
#include "tutor/course/pattern.h"
#include "tutor/explain/derivation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECIMALS_MOST = 2, CHOICES_LEAST = 8 };

// Sizes of a kind of numbers are taken together where they are at most so far apart.
#define TOGETHER 20
#define TARGET_REACH 0.15

void numbers_free(Numbers *numbers)
{
	arena_free(&numbers->arena);
	*numbers = (Numbers){0};
}

// ---- Where numbers are

static const Feed *feed_of(const Model *model, Node leaf)
{
	for (size_t i = 0; i < model->feed_count && model->examples; i++)
		if (model->feed[i].leaf == leaf)
			return &model->feed[i];
	return NULL;
}

static bool may_vary(const Model *model, Node leaf)
{
	Op op = tape_op(&model->tape, leaf);
	return (op == OP_PARAM || op == OP_INPUT || op == OP_TARGET) &&
	       tape_named(&model->tape, leaf) &&
	       model->tape.names[model->tape.name[leaf]].kind == NAME_ELEMENT;
}

static void add_number(Numbers *numbers, Model *model, Node leaf, uint32_t lane)
{
	bool varies = tape_varies(&model->tape, leaf);
	const Feed *feed = feed_of(model, leaf);
	size_t at = feed ? lane * model->columns + feed->column : SIZE_MAX;
	if (feed && feed->onehot)
		return;   // its column is a label, no number of its own
	const Quantity *quantity =
		quantity_of(&model->tape, leaf, lane, varies ? model->lanes : 1, &numbers->arena);
	numbers->number[numbers->count++] = (Number){.name = quantity_text(quantity, &numbers->arena),
	                                             .leaf = leaf,
	                                             .lane = lane,
	                                             .at = at,
	                                             .value = feed ? model->data[at]
	                                                           : model->tape.value[leaf]};
}

// How many values the leaf has that may vary.
static uint32_t values_of(const Model *model, Node leaf)
{
	return !may_vary(model, leaf) ? 0 : tape_varies(&model->tape, leaf) ? model->lanes : 1;
}

static void list_numbers(Numbers *numbers, Model *model)
{
	size_t count = 0;
	for (Node leaf = 0; leaf < model->forward_end; leaf++)
		count += values_of(model, leaf);
	numbers->number = arena_array(&numbers->arena, Number, count + 1);
	for (Node leaf = 0; leaf < model->forward_end; leaf++)
		for (uint32_t lane = 0; lane < values_of(model, leaf); lane++)
			add_number(numbers, model, leaf, lane);
}

// ---- Which of them vary

static bool is_target(const Model *model, const Number *number)
{
	return tape_op(&model->tape, number->leaf) == OP_TARGET;
}

static uint32_t family_of(const Model *model, const Number *number)
{
	return model->tape.names[model->tape.name[number->leaf]].a;
}

static bool are_of_one_vector(const Model *model, const Number *a, const Number *b)
{
	return is_target(model, b) && a->lane == b->lane && family_of(model, a) == family_of(model, b);
}

// Targets of one family that are 1 in all, none negative.
static void find_group(Numbers *numbers, const Model *model, size_t first)
{
	Number *one = &numbers->number[first];
	double sum = 0;
	size_t count = 0;
	for (size_t i = first; i < numbers->count; i++)
		if (are_of_one_vector(model, one, &numbers->number[i])) {
			count++;
			sum += numbers->number[i].value >= 0 ? numbers->number[i].value : NAN;
		}
	if (count < 2 || !(fabs(sum - 1) < 1e-9))
		return;
	numbers->groups++;
	for (size_t i = first; i < numbers->count; i++)
		if (are_of_one_vector(model, one, &numbers->number[i]))
			numbers->number[i].group = (uint32_t)numbers->groups;
}

static void find_groups(Numbers *numbers, const Model *model)
{
	for (size_t i = 0; i < numbers->count; i++)
		if (is_target(model, &numbers->number[i]) && !numbers->number[i].group)
			find_group(numbers, model, i);
}

static bool varies_by_default(const Model *model, const Number *number)
{
	double size = fabs(number->value);
	return number->group || tape_op(&model->tape, number->leaf) == OP_PARAM ||
	       !(size == 0 || size == 1);
}

// A number is named with its example, or for all examples without.
static bool is_meant(const char *pattern, const char *name)
{
	char plain[300];
	size_t size = strcspn(name, "@");
	if (pattern_fits(pattern, name))
		return true;
	if (!name[size] || size >= sizeof plain)
		return false;
	memcpy(plain, name, size);
	plain[size] = '\0';
	return pattern_fits(pattern, plain);
}

// Of a vector all or none: the others of what is named vary with it.
static void take_groups(const Numbers *numbers, bool *taken)
{
	for (size_t i = 0; i < numbers->count; i++)
		for (size_t k = 0; taken[i] && numbers->number[i].group && k < numbers->count; k++)
			taken[k] = taken[k] || numbers->number[k].group == numbers->number[i].group;
}

static bool choose(Numbers *numbers, const Model *model, const char *vary, bool *taken,
                   Error *error)
{
	for (size_t i = 0; !vary && i < numbers->count; i++)
		taken[i] = varies_by_default(model, &numbers->number[i]);
	if (!vary)
		return true;
	for (const char *word; (word = pattern_next(&vary, &numbers->arena));) {
		bool any = false;
		for (size_t i = 0; i < numbers->count; i++)
			if (is_meant(word, numbers->number[i].name))
				taken[i] = any = true;
		if (!any)
			return error_set(error, "'%.200s' is no param, input or target whose number can vary",
			                 word);
	}
	take_groups(numbers, taken);
	return true;
}

// ---- How they are drawn

static int decimals_of(double value)
{
	for (int decimals = 0; decimals < DECIMALS_MOST; decimals++)
		if (fabs(round(value * pow(10, decimals)) - value * pow(10, decimals)) < 1e-9)
			return decimals;
	return DECIMALS_MOST;
}

static bool is_alike(const Model *model, const Number *a, const Number *b)
{
	double x = fabs(a->value), y = fabs(b->value);
	return tape_op(&model->tape, a->leaf) == tape_op(&model->tape, b->leaf) &&
	       (x == 0 || y == 0 || (x <= y * TOGETHER && y <= x * TOGETHER));
}

// The range of those like it.
static void find_range(const Numbers *numbers, const Model *model, Number *number)
{
	double low = INFINITY, high = 0;
	number->decimals = 1;
	for (size_t i = 0; i < numbers->count; i++) {
		const Number *other = &numbers->number[i];
		if (other->group || !is_alike(model, number, other))
			continue;
		double size = fabs(other->value);
		int decimals = decimals_of(other->value);
		number->decimals = decimals > number->decimals ? decimals : number->decimals;
		low = size > 0 && size < low ? size : low;
		high = size > high ? size : high;
		number->negative = number->negative || other->value < 0;
	}
	number->low = isinf(low) ? 0.1 : low / 2;
	number->high = high == 0 ? 0.9 : 1.25 * high;
}

// A target between 0 and 1 stays there, near where it was.
static void find_target_range(Number *number)
{
	number->low = fmax(number->value - TARGET_REACH, 0.01);
	number->high = fmin(number->value + TARGET_REACH, 0.99);
	number->decimals = DECIMALS_MOST;
	number->negative = false;
}

// In units of the last decimal, of which there are enough.
static void find_units(Number *number)
{
	while (number->decimals > 0 && number->low * pow(10, number->decimals - 1) >= 100)
		number->decimals--;
	while (number->decimals < 12 &&
	       (number->high - number->low) * pow(10, number->decimals) < CHOICES_LEAST)
		number->decimals++;
	double unit = pow(10, number->decimals);
	number->low = fmax(ceil(number->low * unit - 1e-6), 1);
	number->high = fmax(floor(number->high * unit + 1e-6), number->low);
}

static void find_style(const Numbers *numbers, const Model *model, Number *number)
{
	bool probability = is_target(model, number) && number->value > 0 && number->value < 1;
	if (probability)
		find_target_range(number);
	else
		find_range(numbers, model, number);
	find_units(number);
}

bool numbers_start(Numbers *numbers, Model *model, const char *vary, Error *error)
{
	*numbers = (Numbers){0};
	list_numbers(numbers, model);
	find_groups(numbers, model);
	bool *taken = arena_array(&numbers->arena, bool, numbers->count + 1);
	if (!choose(numbers, model, vary, taken, error)) {
		numbers_free(numbers);
		return false;
	}
	size_t count = 0;
	for (size_t i = 0; i < numbers->count; i++)
		if (taken[i] && !numbers->number[i].group)
			find_style(numbers, model, &numbers->number[i]);
	for (size_t i = 0; i < numbers->count; i++)
		if (taken[i])
			numbers->number[count++] = numbers->number[i];
	numbers->count = count;
	return true;
}

// ---- Drawing

static double draw(uint64_t seed, const char *what, const char *name, int32_t attempt)
{
	char family[400];
	snprintf(family, sizeof family, "%s %s", what, name);
	return random_uniform(seed, family, &attempt, 1);
}

// Neither 1, which says nothing as a factor, nor 0.
static double draw_one(const Number *number, uint64_t seed, int32_t attempt)
{
	double unit = pow(10, number->decimals), choices = number->high - number->low + 1;
	double size = number->low + floor(choices * draw(seed, "size", number->name, attempt));
	if (size == unit && number->low < number->high)
		size += size < number->high ? 1 : -1;
	bool minus = number->negative && draw(seed, "sign", number->name, attempt) < 0.5;
	return (minus ? -size : size) / unit;
}

// A permutation: the values go to the places in the order of what is drawn for them.
static void draw_group(const Numbers *numbers, uint32_t group, uint64_t seed, int32_t attempt,
                       double *value)
{
	for (size_t i = 0; i < numbers->count; i++) {
		const Number *number = &numbers->number[i];
		double mine = draw(seed, "place", number->name, attempt);
		size_t before = 0;
		for (size_t k = 0; number->group == group && k < numbers->count; k++)
			before += numbers->number[k].group == group &&
			          draw(seed, "place", numbers->number[k].name, attempt) < mine;
		for (size_t k = 0; number->group == group && k < numbers->count; k++)
			if (numbers->number[k].group == group && before-- == 0)
				value[k] = number->value;
	}
}

void numbers_draw(const Numbers *numbers, uint64_t seed, int32_t attempt, double *value)
{
	for (size_t i = 0; i < numbers->count; i++)
		if (!numbers->number[i].group)
			value[i] = draw_one(&numbers->number[i], seed, attempt);
	for (uint32_t group = 1; group <= numbers->groups; group++)
		draw_group(numbers, group, seed, attempt, value);
}

void numbers_put(const Numbers *numbers, Model *model, const double *value)
{
	for (size_t i = 0; i < numbers->count; i++) {
		const Number *number = &numbers->number[i];
		if (number->at != SIZE_MAX)
			model->data[number->at] = value[i];
		if (!tape_varies(&model->tape, number->leaf))
			model->tape.value[number->leaf] = value[i];
	}
}
