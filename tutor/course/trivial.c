#include "tutor/course/trivial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// What an own number makes of those that are worked out from it.
typedef enum Taint {
	TAINT_NONE,
	TAINT_COARSE,    // it has too few digits: 0, 1, -1 and numbers of one digit earn nothing
	TAINT_TRIVIAL,   // nothing earns anything
} Taint;

typedef struct Search {
	Marks *marks;
	const Diagnoser *d;
	int significant;
	uint32_t step;
	QuestionMark **mark;   // of each line in this step, NULL for most
	Taint *taint;          // of each line
} Search;

// ---- What is trivial

static double half_unit_of(double value, int significant)
{
	return match_half_unit(value) * pow(10, -significant);
}

static bool is_given(const Search *s, double typed)
{
	for (uint32_t id = 1; id <= s->d->lines.count; id++) {
		double given = s->d->value[id - 1];
		if (!lines_at(&s->d->lines, id)->formula &&
		    fabs(typed - given) <= half_unit_of(given, s->significant))
			return true;
	}
	return false;
}

// Whether a mistake that is named gives the number.
static bool is_explained(const Search *s, const Judgement *judgement)
{
	const Diagnosis *diagnosis = &s->marks->diagnosis;
	for (size_t i = 0; i < diagnosis->explained_count; i++)
		if (diagnosis->explained[i] == judgement)
			return true;
	return false;
}

static bool is_easy(const Search *s, const Judgement *judgement)
{
	double typed = judgement->answer->typed.value;
	return fabs(typed) <= pow(10, -s->significant) * fabs(judgement->truth) ||
	       fabs(fabs(typed) - 1) <= half_unit_of(1, s->significant);
}

// A mistake excuses a number where it was made, not where an earlier number has made it easy.
static bool is_trivial(const Search *s, const Judgement *judgement, Taint rests_on)
{
	double typed = judgement->answer->typed.value;
	if (judgement->verdict == VERDICT_FEW_DIGITS)   // 0.0 of 0.03 has no digit at all
		return typed == 0;
	bool easy = is_easy(s, judgement) || is_given(s, typed);
	return judgement->verdict == VERDICT_WRONG && easy &&
	       (rests_on != TAINT_NONE || !is_explained(s, judgement));
}

// ---- What rests on it

static Taint taint_before(const Search *s, const Line *line)
{
	Taint taint = TAINT_NONE;
	for (uint32_t i = 0; i < line->parents; i++)
		if (s->taint[line->parent[i] - 1] > taint)
			taint = s->taint[line->parent[i] - 1];
	return taint;
}

// Whether the number is what it is because of an own number that is not the true one.
static bool is_carried(const Search *s, const Judgement *judgement)
{
	const Allowance none = {0};
	const Typed *typed = &judgement->answer->typed;
	return judgement->cause ||
	       (judgement->verdict == VERDICT_FEW_DIGITS &&
	        match(typed, judgement->truth, judgement->from, &none, s->significant) == MATCH_NONE);
}

static bool is_from(const Search *s, const Judgement *judgement, Taint rests_on)
{
	bool poor = judgement->answer->typed.significant <= 1 || is_easy(s, judgement);
	return (rests_on == TAINT_TRIVIAL || (rests_on == TAINT_COARSE && poor)) && is_carried(s, judgement);
}

// Too few digits, or so few that it is wrong for no other reason: 2 for 1.757.
static bool is_coarse(const Search *s, const Judgement *judgement)
{
	const Typed *typed = &judgement->answer->typed;
	bool rounded = typed->significant < s->significant && fabs(typed->value - judgement->truth) < typed->unit;
	return (judgement->verdict == VERDICT_FEW_DIGITS && !(judgement->remarks & REMARK_NO_STEP)) ||
	       (judgement->verdict == VERDICT_WRONG && rounded);
}

// A number of one's own, be it wrong, is no longer what an earlier one made of it.
static void take_mark(Search *s, QuestionMark *mark, uint32_t id)
{
	const Judgement *judgement = mark->judgement;
	Taint rests_on = s->taint[id - 1];
	if (!judgement->answer->typed.given || !isfinite(judgement->answer->typed.value))
		return;
	mark->trivial = is_trivial(s, judgement, rests_on);
	mark->from_trivial = !mark->trivial && is_from(s, judgement, rests_on);
	s->taint[id - 1] = mark->trivial || mark->from_trivial ? TAINT_TRIVIAL
	                   : is_coarse(s, judgement)            ? TAINT_COARSE
	                   : judgement->cause                  ? rests_on
	                                                       : TAINT_NONE;
}

static void work_lines(Search *s)
{
	const Lines *lines = &s->d->lines;
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Line *line = lines_at(lines, id);
		if (line->formula)
			s->taint[id - 1] = taint_before(s, line);
		if (s->mark[id - 1])
			take_mark(s, s->mark[id - 1], id);
	}
}

// ---- Update steps

static uint32_t last_step(const Marks *marks)
{
	uint32_t last = 1;
	for (size_t i = 0; i < marks->count; i++) {
		const Judgement *judgement = marks->question[i].judgement;
		if (judgement && judgement->row && judgement->query.step > last)
			last = judgement->query.step;
	}
	return last;
}

static void place_marks(Search *s)
{
	memset(s->mark, 0, s->d->lines.count * sizeof *s->mark);
	for (size_t i = 0; i < s->marks->count; i++) {
		QuestionMark *mark = &s->marks->question[i];
		if (mark->judgement && mark->judgement->row &&
		    mark->judgement->query.step == s->step)
			s->mark[mark->judgement->row - 1] = mark;
	}
}

// New values are the old ones of the next step.
static void carry(Search *s)
{
	const Model *model = s->d->derivation.model;
	const Derivation *derivation = &s->d->derivation;
	size_t lines = s->d->lines.count;
	Taint *taint = memcpy(memory_alloc(lines * sizeof *taint), s->taint, lines * sizeof *taint);
	for (size_t i = 0; i < model->carry_count; i++) {
		uint32_t leaf = derivation_find(derivation, model->carry[i].leaf, 0);
		uint32_t next = derivation_find(derivation, model->carry[i].next, 0);
		if (leaf && next)
			s->taint[leaf - 1] = taint[next - 1];
	}
	free(taint);
}

// Update steps beyond which nothing is looked for.
enum { STEPS_LOOKED_AT = 100 };

void find_trivial(Marks *marks, const Diagnoser *d, int significant)
{
	size_t lines = d->lines.count;
	Search s = {.marks = marks, .d = d, .significant = significant};
	s.mark = memory_alloc(lines * sizeof *s.mark);
	s.taint = memset(memory_alloc(lines * sizeof *s.taint), 0, lines * sizeof *s.taint);
	uint32_t last = last_step(marks);
	for (s.step = 1; s.step <= last && s.step <= STEPS_LOOKED_AT; s.step++) {
		if (s.step > 1)
			carry(&s);
		place_marks(&s);
		work_lines(&s);
	}
	free(s.mark);
	free(s.taint);
}
