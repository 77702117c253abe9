#include "tutor/course/worked.h"

#include "core/random.h"
#include "tutor/course/questions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define VISIBLE 0.01

void worked_free(Worked *worked)
{
	arena_free(&worked->arena);
	*worked = (Worked){0};
}

// ---- What is shown

// The lines that have names of their own, dL/dL left out.
static bool is_shown(const Lines *lines, uint32_t id)
{
	const Line *line = lines_at(lines, id);
	return line->phase != PHASE_PATH && !derivation_repeats(lines->derivation, id) &&
	       !(line->phase == PHASE_GRADIENT && line->by == lines->loss);
}

static bool is_visible(double wrong, double right)
{
	return isfinite(wrong) && fabs(wrong - right) > VISIBLE * fmax(fabs(wrong), fabs(right));
}

// ---- The mistake

static bool may_be_planted(const Diagnoser *d, const Change *change)
{
	const Lines *lines = &d->lines;
	if (mistake_info[change->mistake].source == SOURCE_CONVENTION || !is_shown(lines, change->line))
		return false;
	// What rests on a later line cannot be put in its place.
	for (uint32_t i = 0; i < change->parents; i++)
		if (change->parent[i] >= change->line)
			return false;
	return is_visible(lines_value(change->formula, d->value), d->value[change->line - 1]);
}

static size_t count_changes(const Diagnoser *d, MistakeId mistake)
{
	size_t count = 0;
	for (size_t i = 0; i < d->count; i++)
		count += d->change[i].mistake == mistake && may_be_planted(d, &d->change[i]);
	return count;
}

static const Change *nth_change(const Diagnoser *d, MistakeId mistake, size_t n)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->change[i].mistake == mistake && may_be_planted(d, &d->change[i]) && n-- == 0)
			return &d->change[i];
	return NULL;
}

static size_t draw_below(uint64_t seed, const char *what, size_t count)
{
	size_t drawn = (size_t)(random_uniform(seed, what, NULL, 0) * (double)count);
	return drawn < count ? drawn : count - 1;
}

// Mistakes are equally likely, then the places of each.
static const Change *choose_change(const Diagnoser *d, uint64_t seed)
{
	MistakeId possible[MISTAKE_COUNT];
	size_t count = 0;
	for (MistakeId mistake = 0; mistake < MISTAKE_COUNT; mistake++)
		if (count_changes(d, mistake))
			possible[count++] = mistake;
	if (!count)
		return NULL;
	MistakeId mistake = possible[draw_below(seed, "mistake", count)];
	return nth_change(d, mistake, draw_below(seed, "place", count_changes(d, mistake)));
}

// ---- The lines

// A copy with the values in it; formulas are no deeper than FORMULA_DEPTH.
static Formula *with_values(const Formula *formula, const double *value, Arena *arena)
{
	Formula *copy = arena_new(arena, Formula);
	*copy = *formula;
	copy->value = lines_value(formula, value);
	if (formula->kind == FORMULA_NUMBER || !formula->count)
		return copy;
	copy->argument = arena_array(arena, Formula *, formula->count);
	for (uint32_t i = 0; i < formula->count; i++)
		copy->argument[i] = with_values(formula->argument[i], value, arena);
	return copy;
}

static void add_row(Worked *worked, const Lines *lines, uint32_t id, const Formula *formula,
                    const double *value)
{
	const Line *line = lines_at(lines, id);
	worked->row[worked->count++] =
		(Row){.phase = line->phase,
	          .id = id,
	          .name = line->leaf->name,
	          .formula = formula ? with_values(formula, value, &worked->arena) : NULL,
	          .value = value[id - 1],
	          .rule = ""};
}

bool worked_start(Worked *worked, const Diagnoser *d, uint64_t seed)
{
	const Lines *lines = &d->lines;
	*worked = (Worked){0};
	const Change *change = choose_change(d, seed);
	if (!change)
		return false;
	worked->line = change->line;
	worked->mistake = change->mistake;
	worked->name = line_name(lines_at(lines, change->line), &worked->arena);
	worked->row = arena_array(&worked->arena, Row, lines->count);
	double *value = arena_array(&worked->arena, double, lines->count);
	memcpy(value, d->value, lines->count * sizeof *value);
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Formula *formula =
			id == change->line ? change->formula : lines_at(lines, id)->formula;
		if (formula)
			value[id - 1] = lines_value(formula, value);
		if (is_shown(lines, id))
			add_row(worked, lines, id, formula, value);
	}
	return true;
}
