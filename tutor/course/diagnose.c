#include "tutor/course/diagnose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- A model's lines and what can be wrong with them

static void add_change(Diagnoser *d, Change change)
{
	Row row = {.formula = change.formula};
	change.parents = (uint32_t)row_parents(&row, &d->arena, &change.parent);
	array_reserve(d->change, d->count, d->capacity, 1);
	d->change[d->count++] = change;
}

static void find_changes(Diagnoser *d)
{
	for (MistakeId mistake = 0; mistake < MISTAKE_COUNT; mistake++)
		for (uint32_t way = 0; way < mistake_info[mistake].ways; way++)
			for (uint32_t id = 1; id <= d->lines.count; id++) {
				Formula *formula = mistake_formula(mistake, way, &d->lines, id, &d->arena);
				if (formula)
					add_change(d, (Change){mistake, way, id, formula, NULL, 0});
			}
}

bool diagnoser_start(Diagnoser *d, Model *model)
{
	*d = (Diagnoser){0};
	DerivationOptions options = {.wrt = NODE_NONE};
	model_start(model, &d->replay, 0, model->lanes);
	replay_all(&d->replay);
	derivation_start(&d->derivation, model, &d->replay, &options);
	if (!lines_start(&d->lines, &d->derivation)) {
		diagnoser_free(d);
		return false;
	}
	d->value = memory_alloc(memory_product(d->lines.count, sizeof *d->value));
	for (uint32_t id = 1; id <= d->lines.count; id++)
		d->value[id - 1] = d->lines.line[id - 1].leaf->value;
	find_changes(d);
	return true;
}

void diagnoser_free(Diagnoser *d)
{
	free(d->change);
	free(d->value);
	lines_free(&d->lines);
	derivation_free(&d->derivation);
	replay_free(&d->replay);
	arena_free(&d->arena);
	*d = (Diagnoser){0};
}

// ---- A sheet

// An answer with its line.
typedef struct Asked {
	const Item *item;
	uint32_t id;
	bool explained;
} Asked;

typedef struct Sheet {
	const Diagnoser *d;
	const Lines *lines;
	const Item **item;   // of each line, what was typed for it; NULL for most
	double *value;       // of each line, with the reader's own numbers
	Allowance *allowance;
	const Change **active;   // of each line, the change that is tried there
	double *kept;            // values and allowances while something is tried
	Allowance *kept_allowance;
	uint8_t *marked;
	int significant;
	Asked *right, *wrong;   // in the order of the lines
	size_t rights, wrongs;
} Sheet;

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
	const Item *item = sheet->item[id - 1];
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
	bool fits = fabs(typed->value - expected) <= 0.6 * fabs(expected - from) + typed->unit;
	for (uint32_t i = lowest; fits && i <= id; i++)
		if (sheet->marked[i - 1])
			allow_line(sheet, i);
	fits = fits && match(typed, expected, from, &sheet->allowance[id - 1], sheet->significant) !=
	                   MATCH_NONE;
	memcpy(sheet->value + lowest - 1, sheet->kept, count * sizeof *sheet->kept);
	memcpy(sheet->allowance + lowest - 1, sheet->kept_allowance,
	       count * sizeof *sheet->kept_allowance);
	return fits;
}

// The changes of one mistake made in one way: change[first .. end).
typedef struct Kind {
	size_t first, end;
} Kind;

static Kind next_kind(const Diagnoser *d, size_t first)
{
	size_t end = first;
	while (end < d->count && d->change[end].mistake == d->change[first].mistake &&
	       d->change[end].way == d->change[first].way)
		end++;
	return (Kind){first, end};
}

static void set_active(Sheet *sheet, Kind kind, bool active)
{
	for (size_t i = kind.first; i < kind.end; i++) {
		const Change *change = &sheet->d->change[i];
		if (active && !sheet->active[change->line - 1])
			sheet->active[change->line - 1] = change;
		else if (!active && sheet->active[change->line - 1] == change)
			sheet->active[change->line - 1] = NULL;
	}
}

// Whether a change of the kind is in question for `id`.
static bool concerns(Sheet *sheet, Kind kind, uint32_t id)
{
	mark_cone(sheet, id);
	for (size_t i = kind.first; i < kind.end; i++)
		if (sheet->d->change[i].line <= id && sheet->marked[sheet->d->change[i].line - 1])
			return true;
	return false;
}

// Whether the number is what all changes of the kind give, as somebody would make them who believes
// in it.
static bool all_give(Sheet *sheet, Kind kind, Asked asked)
{
	set_active(sheet, kind, true);
	bool fits = gives(sheet, asked);
	set_active(sheet, kind, false);
	return fits;
}

static bool one_gives(Sheet *sheet, Kind kind, Asked asked)
{
	bool fits = false;
	for (size_t i = kind.first; !fits && i < kind.end; i++)
		if (concerns(sheet, (Kind){i, i + 1}, asked.id))
			fits = all_give(sheet, (Kind){i, i + 1}, asked);
	return fits;
}

static bool explains(Sheet *sheet, Kind kind, Asked asked)
{
	return concerns(sheet, kind, asked.id) &&
	       (all_give(sheet, kind, asked) || one_gives(sheet, kind, asked));
}

// Whether somebody who makes it everywhere would not have this answer.
static bool contradicts(Sheet *sheet, Kind kind, Asked asked)
{
	return concerns(sheet, kind, asked.id) && !all_give(sheet, kind, asked);
}

// ---- Choosing

static Finding weigh(Sheet *sheet, Kind kind)
{
	const Change *change = &sheet->d->change[kind.first];
	Finding finding = {.mistake = change->mistake, .way = change->way};
	for (size_t i = 0; i < sheet->wrongs; i++)
		finding.explained += !sheet->wrong[i].explained && explains(sheet, kind, sheet->wrong[i]);
	for (size_t i = 0; i < sheet->rights; i++)
		finding.contradicted += contradicts(sheet, kind, sheet->right[i]);
	return finding;
}

static bool is_better(const Finding *a, const Finding *b)
{
	MistakeSource left = mistake_info[a->mistake].source, right = mistake_info[b->mistake].source;
	if (a->explained != b->explained)
		return a->explained > b->explained;
	if (a->contradicted != b->contradicted)
		return a->contradicted < b->contradicted;
	return left != right ? left < right : a->mistake < b->mistake;
}

// Puts the finding in its place; of one mistake the best way counts.
static void add_finding(Cause *cause, Finding finding)
{
	size_t at = 0, last;
	while (at < cause->count && !is_better(&finding, &cause->finding[at]))
		if (cause->finding[at++].mistake == finding.mistake)
			return;
	for (last = at; last < cause->count && cause->finding[last].mistake != finding.mistake;)
		last++;
	if (last == FINDINGS_MOST)
		last--;
	if (last == cause->count)
		cause->count++;
	if (at > last)
		return;
	memmove(&cause->finding[at + 1], &cause->finding[at], (last - at) * sizeof finding);
	cause->finding[at] = finding;
}

static Cause find_cause(Sheet *sheet, Asked asked)
{
	const Diagnoser *d = sheet->d;
	Cause cause = {.item = asked.item};
	for (Kind kind = next_kind(d, 0); kind.first < d->count; kind = next_kind(d, kind.end))
		if (mistake_info[d->change[kind.first].mistake].source != SOURCE_CONVENTION &&
		    explains(sheet, kind, asked))
			add_finding(&cause, weigh(sheet, kind));
	return cause;
}

static Kind kind_of(const Diagnoser *d, MistakeId mistake, uint32_t way)
{
	Kind kind = next_kind(d, 0);
	while (kind.first < d->count &&
	       (d->change[kind.first].mistake != mistake || d->change[kind.first].way != way))
		kind = next_kind(d, kind.end);
	return kind;
}

static void settle(Sheet *sheet, const Cause *cause)
{
	Kind kind = kind_of(sheet->d, cause->finding[0].mistake, cause->finding[0].way);
	for (size_t i = 0; i < sheet->wrongs; i++)
		sheet->wrong[i].explained =
			sheet->wrong[i].explained || explains(sheet, kind, sheet->wrong[i]);
}

// First with the mistakes found so far made everywhere, then without.
static Cause find_next_cause(Sheet *sheet, const Diagnosis *found, Asked asked)
{
	Cause cause = {0};
	for (size_t i = 0; i < found->count; i++)
		if (found->cause[i].count)
			set_active(sheet,
			           kind_of(sheet->d, found->cause[i].finding[0].mistake,
			                   found->cause[i].finding[0].way),
			           true);
	if (found->count)
		cause = find_cause(sheet, asked);
	if (cause.count)
		settle(sheet, &cause);
	memset(sheet->active, 0, sheet->lines->count * sizeof *sheet->active);
	if (cause.count)
		return cause;
	cause = find_cause(sheet, asked);
	if (cause.count)
		settle(sheet, &cause);
	return cause;
}

// ---- The whole

static bool is_number_typed(const Item *item)
{
	return item->query.step == 1 && item->answer->typed.given &&
	       isfinite(item->answer->typed.value);
}

static void sort_item(Sheet *sheet, const Item *item)
{
	uint32_t id = is_number_typed(item) ? lines_find(sheet->lines, item->answer->name) : 0;
	if (!id || sheet->item[id - 1])
		return;
	sheet->item[id - 1] = item;
	if (item->verdict == VERDICT_RIGHT || item->verdict == VERDICT_CARRIED)
		sheet->right[sheet->rights++] = (Asked){item, id, false};
	else if (item->verdict == VERDICT_WRONG && !(item->remarks & REMARK_TRIVIAL) &&
	         lines_at(sheet->lines, id)->formula)
		sheet->wrong[sheet->wrongs++] = (Asked){item, id, false};
}

static void sheet_start(Sheet *sheet, const Diagnoser *d, const Verification *v, int significant)
{
	size_t lines = d->lines.count;
	*sheet = (Sheet){.d = d, .lines = &d->lines, .significant = significant};
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

static void sheet_free(Sheet *sheet)
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

void diagnose(Diagnosis *diagnosis, const Diagnoser *d, const Verification *verification,
              int significant)
{
	Sheet sheet;
	*diagnosis = (Diagnosis){0};
	if (!verification->tally[VERDICT_WRONG])
		return;
	sheet_start(&sheet, d, verification, significant);
	diagnosis->cause = memory_alloc(memory_product(sheet.wrongs, sizeof *diagnosis->cause));
	for (size_t i = 0; i < sheet.wrongs; i++)
		if (!sheet.wrong[i].explained) {
			Cause cause = find_next_cause(&sheet, diagnosis, sheet.wrong[i]);
			diagnosis->cause[diagnosis->count++] = cause;
		}
	sheet_free(&sheet);
}

void diagnosis_free(Diagnosis *diagnosis)
{
	free(diagnosis->cause);
	*diagnosis = (Diagnosis){0};
}

// ---- Planting

// Once more wherever a line rests on later ones, as with new weights taken for old.
static void work_planted(const Diagnoser *d, const Formula *const *formula, double *value)
{
	for (int round = 0; round < 8; round++) {
		bool same = true;
		for (uint32_t id = 1; id <= d->lines.count; id++) {
			double old = value[id - 1];
			if (formula[id - 1])
				value[id - 1] = lines_value(formula[id - 1], value);
			same = same && (value[id - 1] == old || isnan(old));
		}
		if (same)
			return;
	}
}

bool diagnoser_plant(const Diagnoser *d, const Planted *planted, size_t count, double *value)
{
	bool made = count > 0;
	const Formula **formula = memory_alloc(memory_product(d->lines.count, sizeof *formula));
	for (uint32_t id = 1; id <= d->lines.count; id++)
		formula[id - 1] = lines_at(&d->lines, id)->formula;
	memcpy(value, d->value, d->lines.count * sizeof *value);
	for (size_t i = 0; i < count; i++) {
		Kind kind = kind_of(d, planted[i].mistake, planted[i].way);
		made = made && kind.first < kind.end;
		for (size_t k = kind.first; k < kind.end; k++)
			formula[d->change[k].line - 1] = d->change[k].formula;
	}
	work_planted(d, formula, value);
	free(formula);
	for (uint32_t id = 1; id <= d->lines.count; id++)
		made = made && (isfinite(value[id - 1]) || !isfinite(d->value[id - 1]));
	return made;
}
