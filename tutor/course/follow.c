#include "tutor/course/follow.h"

#include "tutor/course/sensitivity.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// Rows times update steps that are worked through.
enum { WORK_LIMIT = 4 * 1000 * 1000 };

// What a row is worth to the reader.
typedef struct Own {
	double value;   // what they typed for it, else what follows from earlier numbers
	Allowance allowance;
	Judgement *cause;   // the wrong answer that it rests on
	bool typed;    // they typed it, or one that it rests on
	bool zeroed;   // 0, or rests on nothing but a wrong 0
} Own;

typedef struct Follower {
	Verification *verification;
	const Derivation *derivation;
	const Model *model;
	int significant;
	uint32_t step, last;   // the update step, and the last that is worked through
	uint8_t *needed;       // rows that an answer rests on
	Own *own;              // of each row, by its id
	Judgement **item;           // of each row in this step, NULL for most
	Arena scratch;
} Follower;

// ---- Verdicts

Verdict follow_judge(Judgement *item, double expected, double from, const Allowance *allowance,
                     int significant)
{
	const Typed *typed = &item->answer->typed;
	Match found = match(typed, expected, from, allowance, significant);
	item->remarks |= found == MATCH_CUT ? REMARK_CUT : 0;
	item->remarks |= found == MATCH_ROUNDED ? REMARK_ROUNDED : 0;
	if (found == MATCH_NONE)
		return VERDICT_NONE;
	if (found == MATCH_FEW_DIGITS) {
		item->remarks |= typed->significant >= significant ? REMARK_NO_STEP : 0;
		return VERDICT_FEW_DIGITS;
	}
	item->remarks |= match_hides_step(typed, expected, from) ? REMARK_HIDES_STEP : 0;
	return VERDICT_RIGHT;
}

// The verdict of a number that is what follows from earlier ones.
static Verdict judge_followed(Judgement *item, const Own *follows, Verdict verdict)
{
	if (!follows->cause) {
		item->remarks |= REMARK_ROUNDED;
		return verdict;
	}
	if (follows->value == 0 && follows->zeroed) {
		item->remarks |= REMARK_TRIVIAL;
		return VERDICT_WRONG;
	}
	return verdict == VERDICT_RIGHT ? VERDICT_CARRIED : verdict;
}

// By the true value, else by what follows from earlier numbers; first as they stand, then with
// rounding allowed for.
static Verdict judge(const Follower *f, Judgement *item, const Own *follows, double own_from)
{
	const Allowance strict = {.noise = follows->allowance.noise};
	const Allowance *const allowances[] = {&strict, &follows->allowance};
	for (int i = 0; i < 2; i++) {
		Verdict verdict =
			follow_judge(item, item->truth, item->from, allowances[i], f->significant);
		if (verdict != VERDICT_NONE)
			return verdict;
		verdict = follow_judge(item, follows->value, own_from, allowances[i], f->significant);
		if (verdict != VERDICT_NONE)
			return judge_followed(item, follows, verdict);
	}
	if (follows->cause &&
	    match_vanishes(&item->answer->typed, follows->value, &follows->allowance, f->significant))
		return VERDICT_CARRIED;
	return VERDICT_WRONG;
}

// ---- One row

// The row written out, by the conventions where there are any.
static bool write_row(const Follower *f, uint32_t id, Arena *arena, Row *row)
{
	Error ignored = {0};
	const Lines *lines = &f->verification->lines;
	bool whole = derivation_row(f->derivation, id, arena, row, &ignored);
	if (whole && lines->count && lines->derivation == f->derivation)
		row->formula = lines_at(lines, id)->formula;
	return whole;
}

static Own *own_of(const Follower *f, uint32_t row)
{
	return &f->own[row - 1];
}

static void put_own_in(void *context, Formula *leaf)
{
	const Follower *f = context;
	if (leaf->row)
		leaf->value = own_of(f, leaf->row)->value;
}

// True for a number that is its own first digits: nobody rounds it.
static bool is_short(double value, int digits)
{
	double unit = 2 * match_half_unit(value) * pow(10, -digits);
	return unit == 0 || fabs(value - unit * round(value / unit)) <= 1e-12 * fabs(value);
}

// What the row's formula gives with the reader's own numbers.
static Own evaluate(const Follower *f, Formula *formula, Arena *arena)
{
	formula_each_leaf(formula, put_own_in, (void *)f);
	Sensitivity sensitivity = sensitivity_of(formula, arena);
	Own own = {.value = sensitivity.value, .allowance.noise = sensitivity.noise};
	for (size_t i = 0; i < sensitivity.count; i++) {
		double weight = fabs(sensitivity.influence[i].partial);
		const Own *theirs = own_of(f, sensitivity.influence[i].row);
		own.allowance.fixed += weight * theirs->allowance.fixed;
		own.allowance.typed += weight * theirs->allowance.typed;
		own.allowance.scaled += weight * theirs->allowance.scaled;
		own.allowance.noise += weight * theirs->allowance.noise;
		own.cause = own.cause ? own.cause : theirs->cause;
		own.zeroed = own.zeroed || theirs->zeroed;
		own.typed = own.typed || theirs->typed;
	}
	own.zeroed = own.zeroed && own.value == 0;
	return own;
}

// What the reader has for a row of which they typed a number.
static Own take_answer(const Judgement *item, const Own *follows, int significant)
{
	const Typed *typed = &item->answer->typed;
	bool off = item->verdict == VERDICT_WRONG || item->verdict == VERDICT_CARRIED ||
	           item->verdict == VERDICT_FEW_DIGITS;
	Own own = {.value = typed->value, .typed = true, .allowance.noise = follows->allowance.noise};
	double off_by = item->remarks & REMARK_CUT ? typed->unit : typed->unit / 2;
	*(typed->significant < significant ? &own.allowance.fixed : &own.allowance.typed) = off_by;
	if (off)
		own.cause =
			item->verdict != VERDICT_WRONG && follows->cause ? follows->cause : (Judgement *)item;
	own.zeroed = off && own.value == 0 && (item->verdict == VERDICT_WRONG || follows->zeroed);
	return own;
}

static void note_first_wrong(const Follower *f, const Judgement *item, uint32_t row, bool own)
{
	Verification *v = f->verification;
	Row written;
	if (item->verdict != VERDICT_WRONG || v->first)
		return;
	v->first = item;
	if (!write_row(f, row, &v->arena, &written) || !written.formula)
		return;
	v->line = written;
	v->line.value = item->carried;
	v->own = own;
	formula_each_leaf(v->line.formula, put_own_in, (void *)f);
}

static bool is_typed(const Judgement *item)
{
	return item && item->answer->typed.given && isfinite(item->answer->typed.value);
}

// Of w+, the reader's own w.
static double own_from(const Follower *f, const Judgement *item)
{
	const Tape *tape = f->derivation->tape;
	if (item->from == 0)
		return 0;
	uint32_t old = derivation_find(f->derivation, tape->names[tape->name[item->query.node]].a, 0);
	return old && f->needed[old - 1] ? own_of(f, old)->value : item->from;
}

// A right number that does not follow from earlier wrong ones was not worked out from them.
static void note_apart(const Follower *f, Judgement *item, const Own *follows)
{
	if (item->verdict == VERDICT_RIGHT && follows->cause &&
	    match(&item->answer->typed, follows->value, own_from(f, item), &follows->allowance,
	          f->significant) == MATCH_NONE)
		item->remarks |= REMARK_APART;
}

static void settle(Follower *f, uint32_t row, Own follows)
{
	const Verification *v = f->verification;
	Judgement *first = f->item[row - 1];
	// Answers are in order, those to the same question one behind the other.
	for (Judgement *item = first; item < v->item + v->count && item->row == row; item++) {
		if (item->query.step != f->step)
			continue;
		if (!item->verdict) {
			item->carried = follows.value;
			item->verdict = judge(f, item, &follows, own_from(f, item));
			item->cause = item->verdict == VERDICT_CARRIED ? follows.cause : NULL;
			item->zero = item->remarks & REMARK_TRIVIAL ? follows.cause : NULL;
			note_first_wrong(f, item, row, follows.typed);
		}
		note_apart(f, item, &follows);
	}
	*own_of(f, row) = is_typed(first) ? take_answer(first, &follows, f->significant) : follows;
}

static void work_row(Follower *f, uint32_t id)
{
	Row row;
	arena_reset(&f->scratch);
	bool whole = write_row(f, id, &f->scratch, &row);
	Own follows = *own_of(f, id);
	if (row.formula) {
		follows = evaluate(f, row.formula, &f->scratch);
	} else if (!whole || f->step == 1 || row.phase != PHASE_GIVEN || isnan(follows.value)) {
		follows = (Own){.value = row.value, .allowance.noise = DBL_EPSILON * fabs(row.value)};
	}
	if (row.formula && !formula_is_leaf(row.formula) && !is_short(follows.value, f->significant))
		follows.allowance.scaled += match_half_unit(follows.value);
	if (f->item[id - 1])
		settle(f, id, follows);
	else
		*own_of(f, id) = follows;
}

// ---- Which rows, and all steps

static void need(Follower *f, Node node)
{
	uint32_t row = derivation_find(f->derivation, node, 0);
	if (row)
		f->needed[row - 1] = 1;
}

// Each row rests only on earlier ones: one walk from the last to the first marks them all.
static size_t mark_needed(Follower *f)
{
	size_t needed = 0;
	for (uint32_t id = (uint32_t)f->derivation->count; id > 0; id--) {
		Row row;
		const uint32_t *parent;
		if (!f->needed[id - 1])
			continue;
		needed++;
		arena_reset(&f->scratch);
		if (!write_row(f, id, &f->scratch, &row))
			continue;
		size_t parents = row_parents(&row, &f->scratch, &parent);
		for (size_t i = 0; i < parents; i++)
			f->needed[parent[i] - 1] = 1;
	}
	return needed;
}

static void plan(Follower *f)
{
	const Verification *v = f->verification;
	for (size_t i = 0; i < v->count; i++) {
		const Judgement *item = &v->item[i];
		if (!item->row || item->verdict)
			continue;
		f->needed[item->row - 1] = 1;
		f->last = item->query.step > f->last ? item->query.step : f->last;
	}
	for (size_t i = 0; i < v->count; i++)
		if (v->item[i].row && v->item[i].verdict == VERDICT_RIGHT && v->item[i].query.step <= f->last)
			f->needed[v->item[i].row - 1] = 1;
	if (f->last > 1)
		for (size_t i = 0; i < f->model->carry_count; i++) {
			need(f, f->model->carry[i].leaf);
			need(f, f->model->carry[i].next);
		}
	size_t needed = mark_needed(f);
	if (needed && f->last > WORK_LIMIT / needed)
		f->last = WORK_LIMIT / needed > 1 ? (uint32_t)(WORK_LIMIT / needed) : 1;
}

static void place_items(Follower *f)
{
	Verification *v = f->verification;
	memset(f->item, 0, f->derivation->count * sizeof *f->item);
	for (size_t i = v->count; i-- > 0;)   // of two answers to one question the first counts
		if (v->item[i].row && v->item[i].query.step == f->step)
			f->item[v->item[i].row - 1] = &v->item[i];
}

// After an update the reader's own new values are the old ones of the next step.
static void carry_own(Follower *f, Replay *replay)
{
	size_t count = f->model->carry_count;
	Own *next = memory_alloc(memory_product(count, sizeof *next));
	for (size_t i = 0; i < count; i++) {
		uint32_t row = derivation_find(f->derivation, f->model->carry[i].next, 0);
		next[i] = row ? *own_of(f, row) : (Own){.value = NAN};
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t row = derivation_find(f->derivation, f->model->carry[i].leaf, 0);
		if (row)
			*own_of(f, row) = next[i];
	}
	free(next);
	model_carry(f->model, replay);
	replay_all(replay);
}

static void walk(Follower *f, Replay *replay)
{
	for (f->step = 1; f->step <= f->last; f->step++) {
		if (f->step > 1)
			carry_own(f, replay);
		place_items(f);
		for (uint32_t id = 1; id <= f->derivation->count; id++)
			if (f->needed[id - 1])
				work_row(f, id);
	}
}

void follow(Verification *verification, const Derivation *derivation, Replay *replay,
            int significant)
{
	size_t rows = derivation->count;
	Follower f = {.verification = verification,
	              .derivation = derivation,
	              .model = derivation->model,
	              .significant = significant};
	f.needed = memset(memory_alloc(rows), 0, rows);
	f.own = memory_alloc(memory_product(rows, sizeof *f.own));
	f.item = memory_alloc(memory_product(rows, sizeof *f.item));
	memset(f.own, 0, rows * sizeof *f.own);
	plan(&f);
	walk(&f, replay);
	arena_free(&f.scratch);
	free(f.needed);
	free(f.own);
	free(f.item);
}
