#include "tutor/course/sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Lines at which one mistake is tried by itself for one answer.
enum { PLACES_MOST = 64 };

#define VANISHED 1e-13

// ---- A sheet

static bool is_typed(const Sheet *sheet, uint32_t id)
{
	return sheet->item[id - 1] != NULL;
}

static const Formula *formula_at(const Sheet *sheet, uint32_t id)
{
	const Change *change = sheet->active[id - 1];
	return change ? change->formula : lines_at(sheet->lines, id)->formula;
}

// What is used there, the active changes considered.
static Line line_at(const Sheet *sheet, uint32_t id)
{
	Line line = *lines_at(sheet->lines, id);
	const Change *change = sheet->active[id - 1];
	if (change) {
		line.formula = change->formula;
		line.parent = change->parent;
		line.parents = change->parents;
	}
	return line;
}

// A number that is its own first digits is not rounded by anybody.
static bool is_short(double value, int digits)
{
	double unit = 2 * match_half_unit(value) * pow(10, -digits);
	return unit == 0 || fabs(value - unit * round(value / unit)) <= 1e-12 * fabs(value);
}

static void work_line(Sheet *sheet, uint32_t id)
{
	const Formula *formula = formula_at(sheet, id);
	sheet->value[id - 1] = lines_value(formula, sheet->value);
}

static void allow_line(Sheet *sheet, uint32_t id)
{
	const Line line = line_at(sheet, id);
	Allowance *allowance = &sheet->allowance[id - 1];
	*allowance = lines_allowance(&line, line.formula, sheet->value, sheet->allowance);
	double value = sheet->value[id - 1];
	if (!formula_is_leaf(line.formula) && !is_short(value, sheet->significant))
		allowance->scaled += match_half_unit(value);
}

static void take_typed(Sheet *sheet, uint32_t id)
{
	const Judgement *item = sheet->item[id - 1];
	const Typed *typed = &item->answer->typed;
	double off_by = item->remarks & REMARK_CUT ? typed->unit : typed->unit / 2;
	bool few = typed->significant < sheet->significant;
	sheet->value[id - 1] = typed->value;
	sheet->allowance[id - 1] = (Allowance){.fixed = few ? off_by : 0, .typed = few ? 0 : off_by};
}

static void work_sheet(Sheet *sheet)
{
	for (uint32_t id = 1; id <= sheet->lines->count; id++) {
		sheet->value[id - 1] = sheet->d->value[id - 1];
		if (is_typed(sheet, id)) {
			take_typed(sheet, id);
		} else if (lines_at(sheet->lines, id)->formula) {
			work_line(sheet, id);
			allow_line(sheet, id);
		}
	}
}

// ---- Trying

// Marks the lines that decide about `id`: those that it rests on, as far back as something was
// typed.
static uint32_t mark_cone(Sheet *sheet, uint32_t id)
{
	uint32_t lowest = id;
	memset(sheet->marked, 0, id);
	sheet->marked[id - 1] = 1;
	for (uint32_t i = id; i >= lowest; i--) {
		if (!sheet->marked[i - 1])
			continue;
		const Line line = line_at(sheet, i);
		for (uint32_t k = 0; k < line.parents; k++) {
			uint32_t parent = line.parent[k];
			if (parent >= i || is_typed(sheet, parent) || !lines_at(sheet->lines, parent)->formula)
				continue;
			sheet->marked[parent - 1] = 1;
			lowest = parent < lowest ? parent : lowest;
		}
	}
	return lowest;
}

static double old_weight(const Sheet *sheet, Asked asked)
{
	return asked.item->from == 0 ? 0 : sheet->value[lines_at(sheet->lines, asked.id)->by - 1];
}

// Whether the active changes give the number that was typed.
static bool gives(Sheet *sheet, Asked asked)
{
	const uint32_t id = asked.id, lowest = mark_cone(sheet, id);
	size_t count = id - lowest + 1;
	const Typed *typed = &asked.item->answer->typed;
	memcpy(sheet->kept, sheet->value + lowest - 1, count * sizeof *sheet->kept);
	memcpy(sheet->kept_allowance, sheet->allowance + lowest - 1,
	       count * sizeof *sheet->kept_allowance);
	for (uint32_t i = lowest; i <= id; i++)
		if (sheet->marked[i - 1])
			work_line(sheet, i);
	double expected = sheet->value[id - 1], from = old_weight(sheet, asked);
	// What is far off is so however it was rounded; what vanished is looked at again.
	bool fits = fabs(typed->value - expected) <= 0.6 * fabs(expected - from) + typed->unit ||
	            fabs(typed->value) < VANISHED;
	for (uint32_t i = lowest; fits && i <= id; i++)
		if (sheet->marked[i - 1])
			allow_line(sheet, i);
	const Allowance *allowance = &sheet->allowance[id - 1];
	fits = fits && (match(typed, expected, from, allowance, sheet->significant) != MATCH_NONE ||
	                match_vanishes(typed, expected, allowance, sheet->significant));
	memcpy(sheet->value + lowest - 1, sheet->kept, count * sizeof *sheet->kept);
	memcpy(sheet->allowance + lowest - 1, sheet->kept_allowance,
	       count * sizeof *sheet->kept_allowance);
	return fits;
}

Kind kind_next(const Diagnoser *d, size_t first)
{
	size_t end = first;
	while (end < d->count && d->change[end].mistake == d->change[first].mistake &&
	       d->change[end].way == d->change[first].way)
		end++;
	return (Kind){first, end};
}

Kind kind_of(const Diagnoser *d, MistakeId mistake, uint32_t way)
{
	Kind kind = kind_next(d, 0);
	while (kind.first < d->count &&
	       (d->change[kind.first].mistake != mistake || d->change[kind.first].way != way))
		kind = kind_next(d, kind.end);
	return kind;
}

void sheet_try(Sheet *sheet, Kind kind, bool active)
{
	for (size_t i = kind.first; i < kind.end; i++) {
		const Change *change = &sheet->d->change[i];
		if (active && !sheet->active[change->line - 1])
			sheet->active[change->line - 1] = change;
		else if (!active && sheet->active[change->line - 1] == change)
			sheet->active[change->line - 1] = NULL;
	}
}

// Whether the number is what all changes of the kind give, as somebody would make them who believes
// in it.
static bool all_give(Sheet *sheet, Kind kind, Asked asked)
{
	sheet_try(sheet, kind, true);
	bool fits = gives(sheet, asked);
	sheet_try(sheet, kind, false);
	return fits;
}

// The changes of the kind that are in question for `id`, at most `most`.
static size_t find_in_question(Sheet *sheet, Kind kind, uint32_t id, size_t *found, size_t most)
{
	size_t count = 0;
	mark_cone(sheet, id);
	for (size_t i = kind.first; i < kind.end && count < most; i++)
		if (sheet->d->change[i].line <= id && sheet->marked[sheet->d->change[i].line - 1])
			found[count++] = i;
	return count;
}

static bool one_gives(Sheet *sheet, Kind kind, Asked asked)
{
	size_t found[PLACES_MOST], count = find_in_question(sheet, kind, asked.id, found, PLACES_MOST);
	for (size_t i = 0; count > 1 && i < count; i++)
		if (all_give(sheet, (Kind){found[i], found[i] + 1}, asked))
			return true;
	return false;
}

static bool concerns(Sheet *sheet, Kind kind, uint32_t id)
{
	size_t found;
	return find_in_question(sheet, kind, id, &found, 1) == 1;
}

bool sheet_explains(Sheet *sheet, Kind kind, Asked asked)
{
	return concerns(sheet, kind, asked.id) &&
	       (all_give(sheet, kind, asked) || one_gives(sheet, kind, asked));
}

// Whether somebody who makes it everywhere would not have this answer.
bool sheet_contradicts(Sheet *sheet, Kind kind, Asked asked)
{
	return concerns(sheet, kind, asked.id) && !all_give(sheet, kind, asked);
}

// ---- Start

static bool is_number_typed(const Judgement *item)
{
	return item->query.step == 1 && item->answer->typed.given &&
	       isfinite(item->answer->typed.value);
}

static void sort_item(Sheet *sheet, const Judgement *item)
{
	uint32_t id = is_number_typed(item) ? lines_find(sheet->lines, item->answer->name) : 0;
	if (!id || sheet->item[id - 1])
		return;
	if (sheet->own || item->verdict == VERDICT_RIGHT)
		sheet->item[id - 1] = item;
	if (item->verdict == VERDICT_RIGHT || item->verdict == VERDICT_CARRIED)
		sheet->right[sheet->rights++] = (Asked){item, id, false};
	else if (item->verdict == VERDICT_WRONG && !(item->remarks & REMARK_TRIVIAL) &&
	         lines_at(sheet->lines, id)->formula && sheet->wrongs < WRONG_MOST)
		sheet->wrong[sheet->wrongs++] = (Asked){item, id, false};
}

void sheet_start(Sheet *sheet, const Diagnoser *d, const Verification *v, int significant, bool own)
{
	size_t lines = d->lines.count;
	*sheet = (Sheet){.d = d, .lines = &d->lines, .significant = significant, .own = own};
	sheet->item = memset(memory_alloc(lines * sizeof *sheet->item), 0, lines * sizeof *sheet->item);
	sheet->active =
		memset(memory_alloc(lines * sizeof *sheet->active), 0, lines * sizeof *sheet->active);
	sheet->allowance =
		memset(memory_alloc(lines * sizeof(Allowance)), 0, lines * sizeof(Allowance));
	sheet->value = memory_alloc(lines * sizeof *sheet->value);
	sheet->kept = memory_alloc(lines * sizeof *sheet->kept);
	sheet->kept_allowance = memory_alloc(lines * sizeof *sheet->kept_allowance);
	sheet->marked = memory_alloc(lines);
	sheet->right = memory_alloc(memory_product(v->count, sizeof *sheet->right));
	sheet->wrong = memory_alloc(memory_product(v->count, sizeof *sheet->wrong));
	for (size_t i = 0; i < v->count; i++)
		sort_item(sheet, &v->item[i]);
	work_sheet(sheet);
}

void sheet_free(Sheet *sheet)
{
	free(sheet->item);
	free(sheet->active);
	free(sheet->allowance);
	free(sheet->value);
	free(sheet->kept);
	free(sheet->kept_allowance);
	free(sheet->marked);
	free(sheet->right);
	free(sheet->wrong);
}
