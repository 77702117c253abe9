#include "tutor/course/planted.h"

#include "core/random.h"

#include <math.h>
#include <string.h>

// ---- What is shown

static bool is_partial_of_loss(const Lines *lines, uint32_t id)
{
	const Line *line = lines_at(lines, id);
	return line->gradient == 0 && line->phase == PHASE_PARTIAL && line->user == lines->loss;
}

// A gradient that only says its partial again is shown once, as that.
static bool is_shown(const Lines *lines, uint32_t id)
{
	const Line *line = lines_at(lines, id);
	bool repeats = derivation_repeats(lines->derivation, id);
	switch (line->phase) {
	case PHASE_FORWARD:
	case PHASE_UPDATE:
		return line->formula != NULL;
	case PHASE_GRADIENT:
		return !repeats;
	case PHASE_PARTIAL:
		return is_partial_of_loss(lines, id);
	default:
		return false;
	}
}

static void choose_shown(PlantedExample *e)
{
	const Lines *lines = &e->diagnoser->lines;
	e->line = arena_array(&e->arena, uint32_t, lines->count);
	e->place = arena_array(&e->arena, PlantedPlace, lines->count);
	for (uint32_t id = 1; id <= lines->count; id++)
		if (is_shown(lines, id))
			e->line[e->count++] = id;
}

// ---- Where the mistake is

static const uint32_t *parents_of(const PlantedExample *e, uint32_t id, uint32_t *count)
{
	const Line *line = lines_at(&e->diagnoser->lines, id);
	bool changed = id == e->change->line;
	*count = changed ? e->change->parents : line->parents;
	return changed ? e->change->parent : line->parent;
}

// The lines that hold the mistake: its own, and, as far as lines are not shown, those that use it.
static size_t mark_holders(const PlantedExample *e, uint8_t *holds)
{
	const Lines *lines = &e->diagnoser->lines;
	size_t shown = 0;
	memset(holds, 0, lines->count);
	for (uint32_t id = e->change->line; id <= lines->count; id++) {
		uint32_t count;
		const uint32_t *parent = parents_of(e, id, &count);
		bool found = id == e->change->line;
		for (uint32_t i = 0; i < count && !found; i++)
			found = parent[i] < id && holds[parent[i] - 1] && !is_shown(lines, parent[i]);
		holds[id - 1] = found;
		shown += found && is_shown(lines, id);
	}
	return shown;
}

static bool differs(double a, double b, double by)
{
	return !(fabs(a - b) <= by * fmax(fabs(a), fabs(b)));
}

static void find_places(PlantedExample *e, const uint8_t *holds)
{
	for (size_t i = 0; i < e->count; i++) {
		uint32_t id = e->line[i];
		bool off = differs(e->value[id - 1], e->diagnoser->value[id - 1], 1e-12);
		e->place[i] = holds[id - 1] ? PLANTED_MISTAKE : off ? PLANTED_FOLLOWS : PLANTED_RIGHT;
		if (holds[id - 1])
			e->wrong = i;
	}
}

// Ten units of the last place asked for, so that nobody takes it for rounding.
static bool is_visible(const PlantedExample *e, int significant)
{
	uint32_t id = e->line[e->wrong];
	return isfinite(e->value[id - 1]) &&
	       differs(e->value[id - 1], e->diagnoser->value[id - 1], 100 * pow(10, -significant));
}

static bool try_change(PlantedExample *e, const Change *change, uint8_t *holds, int significant)
{
	e->change = change;
	if (mistake_info[change->mistake].source == SOURCE_CONVENTION || mark_holders(e, holds) != 1 ||
	    !diagnoser_plant_line(e->diagnoser, change, e->value))
		return false;
	find_places(e, holds);
	return is_visible(e, significant);
}

// ---- Choosing

// The changes in an order that belongs to the seed: first which mistake, then where.
static double rank(uint64_t seed, const Diagnoser *d, size_t change, bool where)
{
	const Change *c = &d->change[change];
	int32_t numbers[] = {(int32_t)c->mistake, where ? (int32_t)c->way : -1,
	                     where ? (int32_t)c->line : -1};
	return random_uniform(seed, "planted", numbers, 3);
}

static bool comes_before(uint64_t seed, const Diagnoser *d, size_t a, size_t b)
{
	double left = rank(seed, d, a, false), right = rank(seed, d, b, false);
	if (left != right)
		return left < right;
	left = rank(seed, d, a, true), right = rank(seed, d, b, true);
	return left != right ? left < right : a < b;
}

bool planted_start(PlantedExample *e, const Diagnoser *d, uint64_t seed, int significant)
{
	*e = (PlantedExample){.diagnoser = d};
	size_t best = SIZE_MAX;
	e->value = arena_array(&e->arena, double, d->lines.count);
	uint8_t *holds = arena_array(&e->arena, uint8_t, d->lines.count);
	choose_shown(e);
	for (size_t i = 0; i < d->count; i++)
		if ((best == SIZE_MAX || comes_before(seed, d, i, best)) &&
		    try_change(e, &d->change[i], holds, significant))
			best = i;
	return best != SIZE_MAX && try_change(e, &d->change[best], holds, significant);
}

void planted_free(PlantedExample *e)
{
	arena_free(&e->arena);
	*e = (PlantedExample){0};
}

// ---- What is written

// The formula with paths as products and partials that are not shown as the numbers that they are.
static Formula *written_out(const PlantedExample *e, const Formula *f, bool right, Arena *arena)
{
	if (f->kind == FORMULA_NUMBER)
		return formula_number(arena, f->value);
	if (f->kind == FORMULA_NAME) {
		double value = f->row ? e->value[f->row - 1] : f->value;
		const Line *line = f->row ? lines_at(&e->diagnoser->lines, f->row) : NULL;
		if (right && line && line->formula && !is_shown(&e->diagnoser->lines, f->row))
			value = lines_value(line->formula, e->value);
		return formula_name(arena, f->name, value, f->row);
	}
	bool path = f->kind == FORMULA_TERM;
	const Formula *whole = path && f->row ? lines_at(&e->diagnoser->lines, f->row)->formula : f;
	if (path && !right && f->row == e->change->line)
		whole = e->change->formula;
	if (whole->kind != FORMULA_TERM && whole->kind != FORMULA_OPERATION)
		return written_out(e, whole, right, arena);
	Op op = whole->kind == FORMULA_TERM ? OP_PROD : whole->op;
	Formula *result = formula_operation(arena, op, whole->count, 0);
	for (uint32_t i = 0; i < whole->count; i++)
		result->argument[i] = written_out(e, whole->argument[i], right, arena);
	result->value = formula_evaluate(result);
	return result;
}

Row planted_row(const PlantedExample *e, size_t index, bool right, Arena *arena)
{
	uint32_t id = e->line[index];
	const Line *line = lines_at(&e->diagnoser->lines, id);
	const Formula *formula = !right && id == e->change->line ? e->change->formula : line->formula;
	Row row = {.phase = line->phase, .id = id, .name = line->leaf->name};
	row.formula = written_out(e, formula, right, arena);
	row.value = right ? row.formula->value : e->value[id - 1];
	return row;
}

size_t planted_find(const PlantedExample *e, const char *name)
{
	uint32_t id = lines_find(&e->diagnoser->lines, name);
	for (size_t i = 0; i < e->count; i++) {
		const Line *line = lines_at(&e->diagnoser->lines, e->line[i]);
		// A gradient that repeats its partial has its name.
		if (e->line[i] == id || (id && line->phase == PHASE_PARTIAL &&
		                         lines_at(&e->diagnoser->lines, id)->formula &&
		                         lines_at(&e->diagnoser->lines, id)->formula->row == e->line[i]))
			return i;
	}
	return SIZE_MAX;
}
