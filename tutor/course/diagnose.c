#include "tutor/course/later.h"
#include "tutor/course/sheet.h"

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

bool diagnoser_start(Diagnoser *d, Model *model, const MistakeId *convention, size_t count)
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
	mistake_adopt(&d->lines, convention, count);
	for (uint32_t id = 1; id <= d->lines.count; id++)
		d->value[id - 1] = d->lines.line[id - 1].leaf->value;
	for (uint32_t id = 1; count && id <= d->lines.count; id++)
		if (d->lines.line[id - 1].formula)
			d->value[id - 1] = lines_value(d->lines.line[id - 1].formula, d->value);
	find_changes(d);
	return true;
}

void diagnoser_renew(Diagnoser *d, const Model *model)
{
	replay_free(&d->replay);
	model_start(model, &d->replay, 0, model->lanes);
	replay_all(&d->replay);
	for (uint32_t id = 1; id <= d->lines.count; id++) {
		Line *line = &d->lines.line[id - 1];
		const RowKey *key = &d->derivation.row[id - 1];
		d->value[id - 1] = line->formula ? lines_value(line->formula, d->value)
		                                 : replay_value(&d->replay, key->node, key->lane);
		line->leaf->value = d->value[id - 1];
	}
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

// ---- Choosing

static Finding weigh(Sheet *sheet, Kind kind)
{
	const Change *change = &sheet->d->change[kind.first];
	Finding finding = {.mistake = change->mistake, .way = change->way};
	for (size_t i = 0; i < sheet->wrongs; i++)
		finding.explained +=
			!sheet->wrong[i].explained && sheet_explains(sheet, kind, sheet->wrong[i]);
	for (size_t i = 0; i < sheet->rights; i++)
		finding.contradicted += sheet_contradicts(sheet, kind, sheet->right[i]);
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

void cause_add(Cause *cause, Finding finding)
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
	for (Kind kind = kind_next(d, 0); kind.first < d->count; kind = kind_next(d, kind.end))
		if (mistake_info[d->change[kind.first].mistake].source != SOURCE_CONVENTION &&
		    sheet_explains(sheet, kind, asked))
			cause_add(&cause, weigh(sheet, kind));
	return cause;
}

static void settle(Sheet *sheet, const Cause *cause)
{
	Kind kind = kind_of(sheet->d, cause->finding[0].mistake, cause->finding[0].way);
	for (size_t i = 0; i < sheet->wrongs; i++)
		sheet->wrong[i].explained =
			sheet->wrong[i].explained || sheet_explains(sheet, kind, sheet->wrong[i]);
}

// First with the mistakes found so far made everywhere, then without.
static Cause find_next_cause(Sheet *sheet, const Diagnosis *found, Asked asked)
{
	Cause cause = {0};
	for (size_t i = 0; i < found->count; i++)
		if (found->cause[i].count)
			sheet_try(sheet,
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

static void find_causes(Diagnosis *diagnosis, Sheet *sheet)
{
	diagnosis->cause = memory_alloc(memory_product(sheet->wrongs, sizeof *diagnosis->cause));
	for (size_t i = 0; i < sheet->wrongs && diagnosis->count < CAUSES_MOST; i++)
		if (!sheet->wrong[i].explained) {
			Cause cause = find_next_cause(sheet, diagnosis, sheet->wrong[i]);
			diagnosis->cause[diagnosis->count++] = cause;
		}
}

// What rests on a wrong number that the reader did not work on with.
static void explain_the_rest(Diagnosis *diagnosis, Sheet *sheet)
{
	for (size_t i = 0; i < diagnosis->count; i++)
		for (size_t k = 0; !diagnosis->cause[i].count && k < sheet->wrongs; k++)
			if (sheet->wrong[k].item == diagnosis->cause[i].item)
				diagnosis->cause[i] = find_cause(sheet, sheet->wrong[k]);
}

static void list_explained(Diagnosis *diagnosis, const Sheet *sheet)
{
	diagnosis->explained =
		memory_alloc(memory_product(sheet->wrongs, sizeof *diagnosis->explained));
	for (size_t i = 0; i < sheet->wrongs; i++)
		if (sheet->wrong[i].explained)
			diagnosis->explained[diagnosis->explained_count++] = sheet->wrong[i].item;
}

void diagnose(Diagnosis *diagnosis, const Diagnoser *d, const Verification *verification,
              int significant)
{
	*diagnosis = (Diagnosis){0};
	if (!verification->tally[VERDICT_WRONG])
		return;
	for (int own = 1; own >= 0; own--) {
		Sheet sheet;
		sheet_start(&sheet, d, verification, significant, own);
		if (own) {
			find_causes(diagnosis, &sheet);
			list_explained(diagnosis, &sheet);
		} else {
			explain_the_rest(diagnosis, &sheet);
		}
		sheet_free(&sheet);
	}
	later_diagnose(diagnosis, d, verification, significant);
}

void diagnosis_free(Diagnosis *diagnosis)
{
	free(diagnosis->cause);
	free(diagnosis->explained);
	*diagnosis = (Diagnosis){0};
}

static bool is_explained(const Diagnosis *diagnosis, const Judgement *item)
{
	for (size_t i = 0; i < diagnosis->explained_count; i++)
		if (diagnosis->explained[i] == item)
			return true;
	return false;
}

// In the order of the derivation, so that one settled settles those after it.
void diagnose_settle(Verification *verification, const Diagnosis *diagnosis)
{
	for (size_t i = 0; i < verification->count; i++) {
		Judgement *item = &verification->item[i];
		const Judgement *zero = item->zero;
		if (item->verdict != VERDICT_WRONG || !zero ||
		    !(zero->verdict == VERDICT_CARRIED || is_explained(diagnosis, zero)))
			continue;
		item->cause = zero->cause ? zero->cause : zero;
		item->remarks &= ~(unsigned)REMARK_TRIVIAL;
		verification->tally[item->verdict]--;
		verification->tally[item->verdict = VERDICT_CARRIED]++;
		verification->follow += item->cause == verification->first;
	}
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

static const Formula **right_formulas(const Diagnoser *d)
{
	const Formula **formula = memory_alloc(memory_product(d->lines.count, sizeof *formula));
	for (uint32_t id = 1; id <= d->lines.count; id++)
		formula[id - 1] = lines_at(&d->lines, id)->formula;
	return formula;
}

// The values by the formulas, which are freed; false where one is not finite that was.
static bool work_out(const Diagnoser *d, const Formula **formula, double *value)
{
	bool finite = true;
	memcpy(value, d->value, d->lines.count * sizeof *value);
	work_planted(d, formula, value);
	free(formula);
	for (uint32_t id = 1; id <= d->lines.count; id++)
		finite = finite && (isfinite(value[id - 1]) || !isfinite(d->value[id - 1]));
	return finite;
}

bool diagnoser_plant(const Diagnoser *d, const Planted *planted, size_t count, double *value)
{
	bool made = count > 0;
	const Formula **formula = right_formulas(d);
	for (size_t i = 0; i < count; i++) {
		Kind kind = kind_of(d, planted[i].mistake, planted[i].way);
		made = made && kind.first < kind.end;
		for (size_t k = kind.first; k < kind.end; k++)
			formula[d->change[k].line - 1] = d->change[k].formula;
	}
	return work_out(d, formula, value) && made;
}

bool diagnoser_plant_line(const Diagnoser *d, const Change *change, double *value)
{
	const Formula **formula = right_formulas(d);
	formula[change->line - 1] = change->formula;
	return work_out(d, formula, value);
}
