#include "tutor/course/later.h"

#include "tutor/course/sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Lines of all steps that are worked through for each mistake, and causes that are looked for.
enum { LINES_OF_STEPS_MOST = 5000, LATER_CAUSES_MOST = 5 };

// What an answer would be by the formulas that are tried, its own earlier numbers put in.
typedef struct Outcome {
	double value, from;
	Allowance allowance;
} Outcome;

typedef struct Later {
	const Diagnoser *d;
	const Verification *v;
	int significant;
	uint32_t last;             // step
	const Change **active;     // of each line
	bool looks_ahead;          // an active change uses a later line
	uint32_t step, from;       // that is worked through; that active changes are made from
	const Judgement **asked;   // of each line, in the step that is worked through
	double *value, *carried;
	Allowance *allowance;
	Outcome *plain, *tried;    // of each item
	bool *explained;
} Later;

// ---- Which answers

static bool is_number(const Judgement *item)
{
	return item->row && item->answer->typed.given && isfinite(item->answer->typed.value);
}

static bool is_wrong(const Later *l, size_t i)
{
	const Judgement *item = &l->v->item[i];
	return is_number(item) && item->query.step > 1 && item->query.step <= l->last &&
	       item->verdict == VERDICT_WRONG && !(item->remarks & REMARK_TRIVIAL) && !l->explained[i];
}

static bool is_right(const Later *l, size_t i)
{
	const Judgement *item = &l->v->item[i];
	return is_number(item) && item->query.step > 1 && item->query.step <= l->last &&
	       (item->verdict == VERDICT_RIGHT || item->verdict == VERDICT_CARRIED);
}

static uint32_t last_wrong(const Verification *v)
{
	uint32_t last = 1;
	for (size_t i = 0; i < v->count; i++)
		if (is_number(&v->item[i]) && v->item[i].verdict == VERDICT_WRONG &&
		    v->item[i].query.step > last)
			last = v->item[i].query.step;
	return last;
}

// ---- Working through the steps

static Line line_tried(const Later *l, uint32_t id)
{
	Line line = *lines_at(&l->d->lines, id);
	const Change *change = l->active[id - 1];
	if (change && l->step >= l->from) {
		line.formula = change->formula;
		line.parent = change->parent;
		line.parents = change->parents;
	}
	return line;
}

static void allow(Later *l, uint32_t id, const Line *line)
{
	double value = l->value[id - 1], unit = 2 * match_half_unit(value) * pow(10, -l->significant);
	bool is_short = unit == 0 || fabs(value - unit * round(value / unit)) <= 1e-12 * fabs(value);
	l->allowance[id - 1] = lines_allowance(line, line->formula, l->value, l->allowance);
	if (!formula_is_leaf(line->formula) && !is_short)
		l->allowance[id - 1].scaled += match_half_unit(value);
}

static void take(Later *l, uint32_t id, const Judgement *item, Outcome *outcome)
{
	const Line *line = lines_at(&l->d->lines, id);
	const Typed *typed = &item->answer->typed;
	bool few = typed->significant < l->significant;
	double off_by = item->remarks & REMARK_CUT ? typed->unit : typed->unit / 2;
	outcome->value = l->value[id - 1];
	outcome->from = item->from != 0 && line->by ? l->value[line->by - 1] : 0;
	outcome->allowance = l->allowance[id - 1];
	l->value[id - 1] = typed->value;
	l->allowance[id - 1] = (Allowance){.fixed = few ? off_by : 0, .typed = few ? 0 : off_by};
}

static void work_lines(Later *l, Outcome *outcome, bool allows)
{
	for (uint32_t id = 1; id <= l->d->lines.count; id++) {
		const Line line = line_tried(l, id);
		if (line.formula) {
			l->value[id - 1] = lines_value(line.formula, l->value);
			if (allows)
				allow(l, id, &line);
		}
		if (l->asked[id - 1])
			take(l, id, l->asked[id - 1], &outcome[l->asked[id - 1] - l->v->item]);
	}
}

static void place_items(Later *l, uint32_t step)
{
	memset(l->asked, 0, l->d->lines.count * sizeof *l->asked);
	for (size_t i = l->v->count; i-- > 0;)   // of two answers to one question the first counts
		if (is_number(&l->v->item[i]) && l->v->item[i].query.step == step)
			l->asked[l->v->item[i].row - 1] = &l->v->item[i];
}

static void carry(Later *l)
{
	const Derivation *derivation = &l->d->derivation;
	const Model *model = derivation->model;
	memcpy(l->carried, l->value, l->d->lines.count * sizeof *l->carried);
	for (size_t i = 0; i < model->carry_count; i++) {
		uint32_t leaf = derivation_find(derivation, model->carry[i].leaf, 0);
		uint32_t next = derivation_find(derivation, model->carry[i].next, 0);
		if (!leaf || !next)
			continue;
		l->value[leaf - 1] = l->carried[next - 1];
		l->allowance[leaf - 1] = l->allowance[next - 1];
	}
}

// All steps by the active changes. A change that uses later lines takes them from a first round.
static void work_steps(Later *l, Outcome *outcome, bool allows)
{
	size_t lines = l->d->lines.count;
	memcpy(l->value, l->d->value, lines * sizeof *l->value);
	memset(l->allowance, 0, lines * sizeof *l->allowance);
	for (l->step = 1; l->step <= l->last; l->step++) {
		if (l->step > 1)
			carry(l);
		place_items(l, l->step);
		for (int round = 0; round <= l->looks_ahead; round++)
			work_lines(l, outcome, allows);
	}
}

// ---- Trying

static void try_kind(Later *l, Kind kind, bool active)
{
	for (size_t i = kind.first; i < kind.end; i++) {
		const Change *change = &l->d->change[i];
		if (active && !l->active[change->line - 1])
			l->active[change->line - 1] = change;
		else if (!active && l->active[change->line - 1] == change)
			l->active[change->line - 1] = NULL;
	}
	l->looks_ahead = false;
	for (uint32_t id = 1; id <= l->d->lines.count; id++)
		if (l->active[id - 1] && l->active[id - 1]->parents)
			l->looks_ahead |= l->active[id - 1]->parent[l->active[id - 1]->parents - 1] > id;
}

static bool is_near(const Later *l, size_t i)
{
	const Typed *typed = &l->v->item[i].answer->typed;
	double expected = l->tried[i].value, from = l->tried[i].from;
	return fabs(typed->value - expected) <= 0.6 * fabs(expected - from) + typed->unit;
}

static bool fits(const Later *l, size_t i)
{
	const Outcome *tried = &l->tried[i];
	return match(&l->v->item[i].answer->typed, tried->value, tried->from, &tried->allowance,
	             l->significant) != MATCH_NONE;
}

// Whether what is tried makes a difference to the answer.
static bool concerns(const Later *l, size_t i)
{
	double plain = l->plain[i].value, tried = l->tried[i].value;
	return !(fabs(plain - tried) <= 1e-12 * fabs(plain));
}

// Whether the active changes give the answer.
static bool gives(Later *l, size_t asked)
{
	work_steps(l, l->tried, false);
	if (!concerns(l, asked) || !is_near(l, asked))
		return false;
	work_steps(l, l->tried, true);
	return fits(l, asked);
}

static Finding weigh(const Later *l, const Change *change)
{
	Finding finding = {.mistake = change->mistake, .way = change->way};
	for (size_t i = 0; i < l->v->count; i++) {
		finding.explained += is_wrong(l, i) && concerns(l, i) && fits(l, i);
		finding.contradicted += is_right(l, i) && concerns(l, i) && !fits(l, i);
	}
	return finding;
}

// With what is active made from step `from` on.
static Cause find_cause(Later *l, size_t asked, uint32_t from)
{
	l->from = from;
	const Diagnoser *d = l->d;
	Cause cause = {.item = &l->v->item[asked]};
	for (Kind kind = kind_next(d, 0); kind.first < d->count; kind = kind_next(d, kind.end)) {
		const Change *change = &d->change[kind.first];
		if (mistake_info[change->mistake].source == SOURCE_CONVENTION)
			continue;
		try_kind(l, kind, true);
		if (gives(l, asked))
			cause_add(&cause, weigh(l, change));
		try_kind(l, kind, false);
	}
	return cause;
}

// ---- What was found

static void believe(Later *l, const Cause *cause)
{
	if (cause->count)
		try_kind(l, kind_of(l->d, cause->finding[0].mistake, cause->finding[0].way), true);
}

static void forget(Later *l)
{
	memset(l->active, 0, l->d->lines.count * sizeof *l->active);
	l->looks_ahead = false;
}

// Marks what the active changes give. Their number.
static size_t settle(Later *l, Diagnosis *diagnosis)
{
	size_t count = 0;
	work_steps(l, l->tried, true);
	for (size_t i = 0; i < l->v->count; i++) {
		if (!is_wrong(l, i) || !concerns(l, i) || !fits(l, i))
			continue;
		l->explained[i] = true;
		diagnosis->explained[diagnosis->explained_count++] = &l->v->item[i];
		count++;
	}
	return count;
}

// What was believed in the first step is made on.
static void make_on(Later *l, Diagnosis *diagnosis)
{
	for (size_t i = 0; i < diagnosis->count; i++) {
		if (!diagnosis->cause[i].count)
			continue;
		believe(l, &diagnosis->cause[i]);
		diagnosis->cause[i].finding[0].explained += settle(l, diagnosis);
	}
}

static void find_causes(Later *l, Diagnosis *diagnosis)
{
	for (size_t i = 0, found = 0; i < l->v->count && found < LATER_CAUSES_MOST; i++) {
		if (!is_wrong(l, i))
			continue;
		Cause cause = find_cause(l, i, 1);
		if (!cause.count)
			forget(l);
		for (uint32_t k = 0; k < 2 && !cause.count; k++)
			cause = find_cause(l, i, k ? l->v->item[i].query.step : 1);
		diagnosis->cause[diagnosis->count++] = cause;
		found++;
		believe(l, &cause);
		if (cause.count)
			settle(l, diagnosis);
		l->from = 1;
	}
}

static void later_start(Later *l)
{
	size_t lines = l->d->lines.count, items = l->v->count;
	l->active = memory_alloc(lines * sizeof *l->active);
	l->asked = memory_alloc(lines * sizeof *l->asked);
	l->value = memory_alloc(lines * sizeof *l->value);
	l->carried = memory_alloc(lines * sizeof *l->carried);
	l->allowance = memory_alloc(lines * sizeof *l->allowance);
	l->plain = memset(memory_alloc(items * sizeof *l->plain), 0, items * sizeof *l->plain);
	l->tried = memset(memory_alloc(items * sizeof *l->tried), 0, items * sizeof *l->tried);
	l->explained = memset(memory_alloc(items), 0, items);
	forget(l);
	work_steps(l, l->plain, false);
}

static void later_free(Later *l)
{
	free(l->active);
	free(l->asked);
	free(l->value);
	free(l->carried);
	free(l->allowance);
	free(l->plain);
	free(l->tried);
	free(l->explained);
}

void later_diagnose(Diagnosis *diagnosis, const Diagnoser *d, const Verification *v, int significant)
{
	Later l = {.d = d, .v = v, .significant = significant, .last = last_wrong(v)};
	if (l.last < 2 || l.last > LINES_OF_STEPS_MOST / d->lines.count)
		return;
	diagnosis->cause = memory_resize(
		diagnosis->cause,
		memory_product(diagnosis->count + LATER_CAUSES_MOST, sizeof *diagnosis->cause));
	diagnosis->explained =
		memory_resize(diagnosis->explained, memory_product(v->count, sizeof *diagnosis->explained));
	later_start(&l);
	make_on(&l, diagnosis);
	find_causes(&l, diagnosis);
	later_free(&l);
}
