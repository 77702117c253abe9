#include "tutor/course/fits.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double chance_most = 1e-6, share_least = 1.0 / 300;

// A number rounded to the digits asked: mantissa * 10^exponent.
typedef struct Rounded {
	int exponent;
	int64_t mantissa;
} Rounded;

// A number that answers a question rightly on somebody's sheet.
typedef struct SheetNumber {
	uint32_t question, variant;
	Rounded value;
} SheetNumber;

typedef struct Search {
	const Gradebook *g;
	SheetNumber *sheet;   // in the order of questions and values
	size_t count;
	double *evidence;   // of each variant: the sum of -log p
	uint32_t *fitting;  // and how many answers
	uint32_t *seen;     // variants with a fitting answer
	size_t student;     // whose turn it is
	size_t seen_count;
} Search;

// ---- Numbers

static Rounded rounded(double value, int significant)
{
	int exponent = (int)floor(log10(fabs(value))) - significant + 1;
	int64_t mantissa = llround(value / pow(10, exponent)), end = llround(pow(10, significant));
	bool next = mantissa == end || mantissa == -end;   // 0.99996 is 1.000
	return (Rounded){exponent + next, next ? mantissa / 10 : mantissa};
}

static bool can_be_rounded(double value)
{
	return isfinite(value) && fabs(value) > 1e-200 && fabs(value) < 1e200;
}

// In units of the last digit asked.
static long long distance(double one, double other, int significant)
{
	if (!can_be_rounded(one) || !can_be_rounded(other))
		return LLONG_MAX;
	Rounded a = rounded(one, significant), b = rounded(other, significant);
	return a.exponent == b.exponent ? llabs(a.mantissa - b.mantissa) : LLONG_MAX;
}

// Whether the number is right with the student's own numbers.
static bool is_own(const Outcome *outcome)
{
	return outcome->verdict == VERDICT_RIGHT || outcome->verdict == VERDICT_CARRIED;
}

static int by_value(const SheetNumber *a, uint32_t question, Rounded value)
{
	if (a->question != question)
		return a->question < question ? -1 : 1;
	if (a->value.exponent != value.exponent)
		return a->value.exponent < value.exponent ? -1 : 1;
	return (a->value.mantissa > value.mantissa) - (a->value.mantissa < value.mantissa);
}

static int in_order(const void *left, const void *right)
{
	const SheetNumber *a = left, *b = right;
	int order = by_value(a, b->question, b->value);
	return order ? order : (a->variant > b->variant) - (a->variant < b->variant);
}

static void list_number(Search *s, size_t variant, size_t question, double value)
{
	if (can_be_rounded(value))
		s->sheet[s->count++] = (SheetNumber){(uint32_t)question, (uint32_t)variant,
		                                     rounded(value, s->g->assignment->significant)};
}

// Two numbers of one sheet are never so close that both fit the same answer.
static void list_numbers(Search *s)
{
	const Assignment *a = s->g->assignment;
	size_t most = memory_product(memory_product(a->variants, a->questions), 2) + 1;
	s->sheet = memory_alloc(memory_product(most, sizeof *s->sheet));
	for (size_t i = 0; i < a->variants; i++)
		for (size_t k = 0; s->g->result[i].outcome && k < a->questions; k++) {
			const Outcome *outcome = &s->g->result[i].outcome[k];
			list_number(s, i, k, outcome->truth);
			if (is_own(outcome) && distance(outcome->typed, outcome->truth, a->significant) > 2)
				list_number(s, i, k, outcome->typed);
		}
	if (s->count)
		qsort(s->sheet, s->count, sizeof *s->sheet, in_order);
}

static const SheetNumber *first_from(const Search *s, uint32_t question, Rounded value)
{
	const SheetNumber *first = s->sheet;
	for (size_t count = s->count; count;) {
		size_t half = count / 2;
		bool before = by_value(&first[half], question, value) < 0;
		first += before ? half + 1 : 0;
		count = before ? count - half - 1 : half;
	}
	return first;
}

// ---- What tells

static bool tells(const Outcome *outcome)
{
	return outcome->verdict == VERDICT_WRONG && !outcome->explained && !outcome->trivial &&
	       can_be_rounded(outcome->typed) && outcome_is_telling(outcome->typed);
}

static size_t count_telling(const Gradebook *g, size_t student)
{
	const Result *result = &g->result[student];
	size_t count = 0;
	for (size_t k = 0; result->standing == STANDING_MARKED && k < g->assignment->questions; k++)
		count += tells(&result->outcome[k]);
	return count;
}

bool fit_is_possible(const Gradebook *g, size_t student)
{
	return count_telling(g, student) >= FITS_LEAST;
}

// ---- One student

static void see(Search *s, uint32_t variant, double evidence)
{
	if (!s->fitting[variant]++)
		s->seen[s->seen_count++] = variant;
	s->evidence[variant] += evidence;
}

// An answer that fits many variants is no evidence for one.
static void take_answer(Search *s, uint32_t question, double typed)
{
	double variants = (double)s->g->assignment->variants;
	Rounded value = rounded(typed, s->g->assignment->significant);
	const SheetNumber *first = first_from(s, question, (Rounded){value.exponent, value.mantissa - 1});
	const SheetNumber *end = first_from(s, question, (Rounded){value.exponent, value.mantissa + 2});
	double share = ((double)(end - first) - 1) / variants;
	if (first == end || share > 0.05)
		return;
	double evidence = -log(share > share_least ? share : share_least);
	for (; first < end; first++)
		if (first->variant != s->student)
			see(s, first->variant, evidence);
}

static double log_choose(double n, double m)
{
	return lgamma(n + 1) - lgamma(m + 1) - lgamma(n - m + 1);
}

// The logarithm of how many variants would fit so well by chance.
static double chance_of(const Search *s, uint32_t variant, size_t telling)
{
	return log((double)s->g->assignment->variants) + log_choose((double)telling, s->fitting[variant]) -
	       s->evidence[variant];
}

static void choose(const Search *s, size_t telling, Fit *fit)
{
	double least = log(chance_most);
	for (size_t i = 0; i < s->seen_count; i++) {
		uint32_t variant = s->seen[i];
		double chance = s->fitting[variant] < FITS_LEAST ? 0 : chance_of(s, variant, telling);
		if (chance > least || (chance == least && variant > fit->variant))
			continue;
		least = chance;
		*fit = (Fit){.variant = variant, .answers = s->fitting[variant]};
	}
}

static void find_copied(const Gradebook *g, size_t student, Fit *fit, Arena *arena)
{
	size_t questions = g->assignment->questions;
	const Outcome *own = g->result[student].outcome, *other = g->result[fit->variant].outcome;
	fit->copied = arena_array(arena, bool, questions);
	for (size_t k = 0; k < questions; k++) {
		bool wrong = own[k].verdict == VERDICT_WRONG || own[k].verdict == VERDICT_CARRIED;
		fit->copied[k] = wrong && (own[k].typed == other[k].typed ||
		                           distance(own[k].typed, other[k].truth, g->assignment->significant) <= 1);
	}
}

static void find_fit(Search *s, size_t student, Fit *fit, Arena *arena)
{
	const Outcome *outcome = s->g->result[student].outcome;
	size_t telling = count_telling(s->g, student);
	*fit = (Fit){.variant = SIZE_MAX};
	s->student = student;
	if (telling < FITS_LEAST)
		return;
	for (size_t k = 0; k < s->g->assignment->questions; k++)
		if (tells(&outcome[k]))
			take_answer(s, (uint32_t)k, outcome[k].typed);
	choose(s, telling, fit);
	if (fit->variant != SIZE_MAX)
		find_copied(s->g, student, fit, arena);
	for (; s->seen_count; s->seen_count--) {
		s->fitting[s->seen[s->seen_count - 1]] = 0;
		s->evidence[s->seen[s->seen_count - 1]] = 0;
	}
}

Fit *find_fits(const Gradebook *g, Arena *arena)
{
	size_t students = g->assignment->variants;
	Fit *fit = arena_array(arena, Fit, students);
	Arena scratch = {0};
	Search s = {.g = g};
	list_numbers(&s);
	s.evidence = arena_array(&scratch, double, students);
	s.fitting = arena_array(&scratch, uint32_t, students);
	s.seen = arena_array(&scratch, uint32_t, students);
	for (size_t i = 0; i < students; i++)
		find_fit(&s, i, &fit[i], arena);
	free(s.sheet);
	arena_free(&scratch);
	return fit;
}
