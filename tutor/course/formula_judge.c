#include "tutor/course/formula_judge.h"

#include "core/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Lines that one number is tried for, ways to put numbers for lines that are tried in all, and the
// operations that this may take.
enum { CHOICES_MOST = 6, TRIES_MOST = 20 * 1000, WORK_MOST = 4 * 1000 * 1000 };

// Two points of each: all changed; all but targets; all but targets and inputs that are 0 or 1.
enum { POINTS_ALL = 0, POINTS_BY_TARGETS = 2, POINTS_BY_DATA = 4, POINTS_EACH = 2 };

#define SAME 1e-8   // relative: far more than rounding loses, far less than the points are apart

// ---- The points

// What is whole may be a power, a count or a switch, and what is const is never another number.
static bool is_changed(const Line *line, double value, int point)
{
	bool whole = value == round(value);
	if (line->phase != PHASE_GIVEN)
		return false;
	if (line->kind == OP_PARAM || line->kind == OP_STATE)
		return true;
	if (line->kind == OP_INPUT)
		return point < POINTS_BY_DATA || !whole;
	return line->kind == OP_TARGET ? point < POINTS_BY_TARGETS : !whole;
}

static double changed(double value, int point, uint32_t id)
{
	int32_t numbers[] = {point, (int32_t)id};
	double draw = random_uniform(1, "point", numbers, 2);
	double by = (draw < 0.5 ? -1 : 1) * (0.01 + 0.04 * fabs(2 * draw - 1));
	return value == 0 ? by : value * (1 + by);
}

static void work_lines(const Lines *lines, double *value)
{
	for (uint32_t id = 1; id <= lines->count; id++)
		if (lines_at(lines, id)->formula)
			value[id - 1] = lines_value(lines_at(lines, id)->formula, value);
}

void formula_judge_start(FormulaJudge *judge, const Lines *lines, const double *value)
{
	*judge = (FormulaJudge){.lines = lines, .value = value};
	written_names_start(&judge->names, lines);
	for (int point = 0; point < JUDGE_POINTS; point++) {
		double *at = memory_alloc(memory_product(lines->count, sizeof *at));
		for (uint32_t id = 1; id <= lines->count; id++)
			at[id - 1] = is_changed(lines_at(lines, id), value[id - 1], point)
			                 ? changed(value[id - 1], point, id)
			                 : value[id - 1];
		work_lines(lines, at);
		judge->point[point] = at;
	}
}

void formula_judge_free(FormulaJudge *judge)
{
	for (int point = 0; point < JUDGE_POINTS; point++)
		free(judge->point[point]);
	written_names_free(&judge->names);
	*judge = (FormulaJudge){0};
}

// ---- One formula

// What a part may stand for: a line, perhaps with the opposite sign, or, where `row` is 0, itself.
typedef struct Choice {
	uint32_t row;
	double sign;
} Choice;

typedef struct Part {
	Choice choice[CHOICES_MOST];
	uint32_t count, chosen;
	bool few_digits[CHOICES_MOST];
} Part;

typedef struct Case {
	const FormulaJudge *judge;
	uint32_t id;
	const double *own;
	int significant;
	Written written;
	Part *part;
	double *put;      // a value for each part
	double *mine;     // of each line, with the student's own numbers
	uint8_t *earlier;   // of each line: the asked one rests on it
	JudgedFormula *judged;
} Case;

static bool is_same(double a, double b)
{
	return isfinite(a) && isfinite(b) && fabs(a - b) <= SAME * fmax(fabs(a), fabs(b));
}

static void mark_earlier(Case *c)
{
	c->earlier[c->id - 1] = 1;
	for (uint32_t id = c->id; id > 0; id--) {
		const Line *line = lines_at(c->judge->lines, id);
		for (uint32_t i = 0; c->earlier[id - 1] && i < line->parents; i++)
			if (line->parent[i] < id)
				c->earlier[line->parent[i] - 1] = 1;
	}
}

static void work_own(Case *c)
{
	const Lines *lines = c->judge->lines;
	memcpy(c->mine, c->judge->value, lines->count * sizeof *c->mine);
	for (uint32_t id = 1; id <= lines->count && c->own; id++) {
		const Line *line = lines_at(lines, id);
		if (isfinite(c->own[id - 1]) && id != c->id)
			c->mine[id - 1] = c->own[id - 1];
		else if (line->formula)
			c->mine[id - 1] = lines_value(line->formula, c->mine);
	}
}

// ---- Names that must not be used

static bool rests_on(const Case *c, uint32_t row, uint8_t *marked)
{
	const Lines *lines = c->judge->lines;
	memset(marked, 0, lines->count);
	marked[c->id - 1] = 1;
	for (uint32_t id = c->id + 1; id <= row; id++)
		for (uint32_t i = 0; i < lines_at(lines, id)->parents; i++)
			marked[id - 1] |= marked[lines_at(lines, id)->parent[i] - 1];
	return marked[row - 1];
}

static bool find_circle(Case *c)
{
	uint8_t *marked = memory_alloc(c->judge->lines->count);
	const WrittenPart *found = NULL;
	for (size_t i = 0; i < c->written.count && !found; i++) {
		const WrittenPart *part = &c->written.part[i];
		if (part->size && part->row && rests_on(c, part->row, marked))
			found = part;
	}
	free(marked);
	if (!found)
		return false;
	const char *text = c->written.text;
	Error error = {0};
	error_set(&error,
	          found->row == c->id ? "'%.*s' is what is asked for" : "'%.*s' rests on what is asked for",
	          (int)(found->size < 200 ? found->size : 200), text + found->at);
	c->judged->verdict = FORMULA_CIRCULAR;
	c->judged->column = written_column(text, found->at);
	memcpy(c->judged->problem, error.message, sizeof error.message);
	return true;
}

// ---- What numbers stand for

static Match compare(const Case *c, const Typed *typed, double value)
{
	return match(typed, value, 0, &(Allowance){0}, c->significant);
}

// Lines that are one and the same function need no second try, and one that never changes none.
static bool is_new(const Case *c, const Part *part, Choice choice)
{
	const double *at = c->judge->point[0];
	if (at[choice.row - 1] == c->judge->value[choice.row - 1] && c->judge->lines->line[choice.row - 1].formula)
		return false;
	for (uint32_t i = 1; i < part->count; i++)
		if (part->choice[i].sign == choice.sign && at[part->choice[i].row - 1] == at[choice.row - 1])
			return false;
	return true;
}

// How well the number is the line's, the true value or the student's own.
static Match is_value_of(const Case *c, const Typed *typed, double sign, uint32_t id)
{
	Typed turned = *typed;
	turned.value *= sign;
	Match found = compare(c, &turned, c->judge->value[id - 1]);
	bool own = found == MATCH_NONE && c->own && isfinite(c->own[id - 1]);
	return own ? compare(c, &turned, c->own[id - 1]) : found;
}

// The nearest lines first, but those last whose value the number has with too few digits.
static void find_choices(Case *c, Part *part, const Typed *typed)
{
	part->choice[part->count++] = (Choice){0, 1};
	for (int few = 0; few < 2; few++)
		for (uint32_t id = c->id - 1; id > 0; id--)
			for (int sign = 1; c->earlier[id - 1] && sign >= -1; sign -= 2) {
				Match found = is_value_of(c, typed, sign, id);
				if (found == MATCH_NONE || (found == MATCH_FEW_DIGITS) != few ||
				    part->count == CHOICES_MOST || !is_new(c, part, (Choice){id, sign}))
					continue;
				part->choice[part->count] = (Choice){id, sign};
				part->few_digits[part->count++] = few;
			}
}

static void find_parts(Case *c)
{
	for (size_t i = 0; i < c->written.count; i++) {
		const WrittenPart *part = &c->written.part[i];
		if (part->row)
			c->part[i].choice[c->part[i].count++] = (Choice){part->row, 1};
		else
			find_choices(c, &c->part[i], &part->typed);
	}
}

// ---- Comparing

static bool agrees_at(Case *c, int point)
{
	const double *value = c->judge->point[point];
	double expected = value[c->id - 1];
	for (size_t i = 0; i < c->written.count; i++) {
		Choice choice = c->part[i].choice[c->part[i].chosen];
		c->put[i] = choice.row ? choice.sign * value[choice.row - 1] : c->written.part[i].typed.value;
	}
	return is_same(written_value_of(&c->written, c->put), expected);
}

// The next way to choose, false behind the last.
static bool choose_next(Case *c)
{
	for (size_t i = 0; i < c->written.count; i++) {
		if (++c->part[i].chosen < c->part[i].count)
			return true;
		c->part[i].chosen = 0;
	}
	return false;
}

static bool agrees(Case *c, int points)
{
	size_t tries = 0, most = WORK_MOST / c->written.model.tape.count;
	for (size_t i = 0; i < c->written.count; i++)
		c->part[i].chosen = 0;
	do {
		bool all = true;
		for (int k = 0; k < POINTS_EACH && all; k++)
			all = agrees_at(c, points + k);
		if (all)
			return true;
	} while (++tries < TRIES_MOST && tries < most && choose_next(c));
	return false;
}

static bool takes_numbers(const Case *c)
{
	for (size_t i = 0; i < c->written.count; i++)
		if (c->part[i].choice[c->part[i].chosen].row && !c->written.part[i].row)
			return true;
	return false;
}

static bool has_numbers(const Case *c)
{
	for (size_t i = 0; i < c->written.count; i++)
		if (!c->written.part[i].row)
			return true;
	return false;
}

static bool is_right(Case *c)
{
	JudgedFormula *judged = c->judged;
	bool by_data = has_numbers(c);
	bool found = agrees(c, POINTS_ALL) || agrees(c, POINTS_BY_TARGETS);
	bool held = !found && by_data && agrees(c, POINTS_BY_DATA);
	if (!found && !held)
		return false;
	judged->verdict = held || takes_numbers(c) ? FORMULA_IN_NUMBERS : FORMULA_RIGHT;
	for (size_t i = 0; i < c->written.count; i++)
		judged->few_digits = judged->few_digits || c->part[i].few_digits[c->part[i].chosen];
	return true;
}

// A number that is no quantity's: small whole numbers belong to formulas.
static void find_stranger(Case *c)
{
	for (size_t i = 0; i < c->written.count && !*c->judged->stranger; i++) {
		const WrittenPart *part = &c->written.part[i];
		bool whole = part->typed.value == round(part->typed.value) && part->typed.value < 10;
		if (part->row || whole || c->part[i].count > 1)
			continue;
		size_t size = part->size < sizeof c->judged->stranger ? part->size : sizeof c->judged->stranger - 1;
		memcpy(c->judged->stranger, c->written.text + part->at, size);
	}
}

static void judge_written(Case *c)
{
	JudgedFormula *judged = c->judged;
	mark_earlier(c);
	work_own(c);
	judged->value = written_value(&c->written, c->mine);
	judged->expected = c->mine[c->id - 1];
	if (find_circle(c))
		return;
	find_parts(c);
	if (is_right(c))
		return;
	Typed typed = {.value = judged->value, .significant = 17, .given = true};
	bool coincides = compare(c, &typed, judged->expected) != MATCH_NONE ||
	                 compare(c, &typed, c->judge->value[c->id - 1]) != MATCH_NONE;
	judged->verdict = coincides ? FORMULA_COINCIDES : FORMULA_WRONG;
	find_stranger(c);
}

void formula_judge(JudgedFormula *judged, const FormulaJudge *judge, uint32_t id, const char *text,
                   const double *own, int significant)
{
	Case c = {.judge = judge, .id = id, .own = own, .significant = significant, .judged = judged};
	Error error = {0};
	*judged = (JudgedFormula){.verdict = FORMULA_UNREADABLE, .value = NAN, .expected = NAN};
	if (!written_read(&c.written, &judge->names, text, &error)) {
		judged->column = (size_t)error.column;
		memcpy(judged->problem, error.message, sizeof error.message);
		return;
	}
	size_t lines = judge->lines->count, parts = c.written.count + 1;
	c.part = memset(memory_alloc(memory_product(parts, sizeof *c.part)), 0, parts * sizeof *c.part);
	c.put = memory_alloc(memory_product(parts, sizeof *c.put));
	c.mine = memory_alloc(memory_product(lines, sizeof *c.mine));
	c.earlier = memset(memory_alloc(lines), 0, lines);
	if (c.written.alone) {
		judged->verdict = FORMULA_ALONE;
		judged->value = written_value(&c.written, judge->value);
	} else {
		judge_written(&c);
	}
	free(c.part);
	free(c.put);
	free(c.mine);
	free(c.earlier);
	written_free(&c.written);
}

// ---- In words

char *formula_judge_text(const JudgedFormula *judged, Arena *arena)
{
	const char *stranger = *judged->stranger
	                           ? arena_printf(arena, "; %s is none of the quantities", judged->stranger)
	                           : "";
	switch (judged->verdict) {
	case FORMULA_RIGHT:
		return arena_printf(arena, "right: it is the formula, and gives %.6g", judged->value);
	case FORMULA_IN_NUMBERS:
		return arena_printf(arena, "right with the numbers put in: it gives %.6g%s", judged->value,
		                    judged->few_digits ? "; some have too few digits" : "");
	case FORMULA_COINCIDES:
		return arena_printf(arena, "it gives the right number here, %.6g, but is not the formula%s",
		                    judged->value, stranger);
	case FORMULA_WRONG:
		return arena_printf(arena, "wrong: it gives %.6g%s", judged->value, stranger);
	case FORMULA_ALONE:
		return arena_printf(arena, "%.6g is a number, not a formula", judged->value);
	default:
		return arena_printf(arena, "column %zu: %s", judged->column, judged->problem);
	}
}
