#include "tutor/course/trivial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Search {
	Marks *marks;
	const Diagnoser *d;
	int significant;
	uint32_t step;
	QuestionMark **mark;   // of each line in this step, NULL for most
	bool *tainted;         // of each line, whether it rests on a trivial answer
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

static bool is_trivial(const Search *s, const Judgement *judgement)
{
	double typed = judgement->answer->typed.value;
	bool easy = fabs(typed) <= pow(10, -s->significant) * fabs(judgement->truth) ||
	            fabs(fabs(typed) - 1) <= half_unit_of(1, s->significant) || is_given(s, typed);
	return judgement->verdict == VERDICT_WRONG && easy && !is_explained(s, judgement);
}

// ---- What rests on it

static bool rests_on_tainted(const Search *s, const Line *line)
{
	for (uint32_t i = 0; i < line->parents; i++)
		if (s->tainted[line->parent[i] - 1])
			return true;
	return false;
}

// A number of one's own, be it wrong, is no longer what the trivial one made of it.
static void take_mark(Search *s, QuestionMark *mark, uint32_t id)
{
	const Judgement *judgement = mark->judgement;
	bool follows = judgement->cause != NULL, tainted = s->tainted[id - 1];
	if (!judgement->answer->typed.given || !isfinite(judgement->answer->typed.value))
		return;
	mark->trivial = is_trivial(s, judgement);
	mark->from_trivial = follows && tainted;
	s->tainted[id - 1] = mark->trivial || mark->from_trivial;
}

static void work_lines(Search *s)
{
	const Lines *lines = &s->d->lines;
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Line *line = lines_at(lines, id);
		if (line->formula)
			s->tainted[id - 1] = rests_on_tainted(s, line);
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
	bool *tainted = memcpy(memory_alloc(lines), s->tainted, lines);
	for (size_t i = 0; i < model->carry_count; i++) {
		uint32_t leaf = derivation_find(derivation, model->carry[i].leaf, 0);
		uint32_t next = derivation_find(derivation, model->carry[i].next, 0);
		if (leaf && next)
			s->tainted[leaf - 1] = tainted[next - 1];
	}
	free(tainted);
}

// Update steps beyond which nothing is looked for.
enum { STEPS_LOOKED_AT = 100 };

void find_trivial(Marks *marks, const Diagnoser *d, int significant)
{
	size_t lines = d->lines.count;
	Search s = {.marks = marks, .d = d, .significant = significant};
	s.mark = memory_alloc(lines * sizeof *s.mark);
	s.tainted = memset(memory_alloc(lines), 0, lines);
	uint32_t last = last_step(marks);
	for (s.step = 1; s.step <= last && s.step <= STEPS_LOOKED_AT; s.step++) {
		if (s.step > 1)
			carry(&s);
		place_marks(&s);
		work_lines(&s);
	}
	free(s.mark);
	free(s.tainted);
}
