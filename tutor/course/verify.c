#include "tutor/course/verify.h"

#include "tutor/course/follow.h"
#include "tutor/course/textmap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Update steps that are worked through by other conventions.
enum { STEPS_MOST = 10 * 1000 };

typedef struct Verifier {
	Verification *result;
	const Answers *answers;
	Model *model;
	const VerifyOptions *options;
	Arena names;   // the texts that `rows` borrows
	Replay replay;
} Verifier;

// ---- Names

static void name_rows(const Derivation *d, TextMap *map, Arena *arena)
{
	for (uint32_t id = 1; id <= d->count; id++) {
		Row row;
		derivation_row_name(d, id, arena, &row);
		if (row.name)
			textmap_add(map, quantity_text(row.name, arena), id);
	}
}

// A path has no name but its formula, the product of two derivatives.
static void name_paths(const Derivation *d, TextMap *map, Arena *arena)
{
	for (uint32_t id = 1; id <= d->count; id++) {
		Row row;
		Error ignored = {0};
		if (d->row[id - 1].phase != PHASE_PATH || !derivation_row(d, id, arena, &row, &ignored))
			continue;
		textmap_add(map,
		            arena_printf(arena, "%s*%s",
		                         quantity_text(row.formula->argument[0]->name, arena),
		                         quantity_text(row.formula->argument[1]->name, arena)),
		            id);
	}
}

static TextMap rows_by_name(const Derivation *d, const Answers *answers, Arena *arena)
{
	TextMap map = {0};
	bool paths = false;
	for (size_t i = 0; i < answers->count; i++)
		paths = paths || strchr(answers->answer[i].name, '*');
	name_rows(d, &map, arena);
	if (paths)
		name_paths(d, &map, arena);
	return map;
}

// NAME or NAME#k: the row, and the step.
static uint32_t find_row(const TextMap *map, const char *name, uint32_t *step, Arena *arena)
{
	const char *mark = strrchr(name, '#');
	char *end = NULL;
	*step = 1;
	if (mark && mark[1] >= '1' && mark[1] <= '9') {
		unsigned long number = strtoul(mark + 1, &end, 10);
		if (*end || number > 100UL * 1000 * 1000)
			return 0;
		*step = (uint32_t)number;
		name = arena_copy(arena, name, (size_t)(mark - name));
	}
	uint32_t row = textmap_get(map, name);
	return row == TEXTMAP_ABSENT ? 0 : row;
}

static void unknown(Verifier *v, Judgement *item, const char *problem)
{
	item->verdict = VERDICT_UNKNOWN;
	item->problem = arena_copy(&v->result->arena, problem, strlen(problem));
}

static void find_item(Verifier *v, Judgement *item, const Derivation *d, const TextMap *map)
{
	Error error = {0};
	uint32_t step;
	item->row = find_row(map, item->answer->name, &step, &v->names);
	if (item->row) {
		Node node = derivation_node(d, item->row);
		item->query = (Query){node, d->row[item->row - 1].lane, step};
	} else if (!query_find(v->model, item->answer->name, &item->query, &error)) {
		unknown(v, item, error.message);
	}
}

// ---- True values

// The old weight of a new one.
static bool is_new_weight(const Model *model, Node node, Node *old)
{
	const Tape *tape = &model->tape;
	if (!tape_named(tape, node) || tape->names[tape->name[node]].kind != NAME_NEXT)
		return false;
	*old = tape->names[tape->name[node]].a;
	return tape_op(tape, *old) == OP_PARAM;
}

static void find_values(Verifier *v)
{
	size_t count = v->result->count;
	Query *query = memory_alloc(memory_product(2 * count, sizeof *query));
	double *value = memory_alloc(memory_product(2 * count, sizeof *value));
	for (size_t i = 0; i < count; i++) {
		const Judgement *item = &v->result->item[i];
		query[2 * i] = item->verdict == VERDICT_UNKNOWN ? (Query){0, 0, 1} : item->query;
		query[2 * i + 1] = query[2 * i];
		is_new_weight(v->model, query[2 * i].node, &query[2 * i + 1].node);
	}
	query_values(v->model, query, 2 * count, value);
	for (size_t i = 0; i < count; i++) {
		v->result->item[i].truth = value[2 * i];
		v->result->item[i].from = query[2 * i].node == query[2 * i + 1].node ? 0 : value[2 * i + 1];
	}
	free(query);
	free(value);
}

// ---- True values by other conventions

static void take_step(const Verifier *v, uint32_t step, const double *value)
{
	const Lines *lines = &v->result->lines;
	for (size_t i = 0; i < v->result->count; i++) {
		Judgement *item = &v->result->item[i];
		if (!item->row || item->verdict || item->query.step != step)
			continue;
		const Line *line = lines_at(lines, item->row);
		item->truth = value[item->row - 1];
		item->from = item->from != 0 && line->by ? value[line->by - 1] : item->from;
	}
}

static void carry_step(const Verifier *v, const Derivation *d, double *value)
{
	const Model *model = v->model;
	double *next = memory_alloc(memory_product(model->carry_count, sizeof *next));
	for (size_t i = 0; i < model->carry_count; i++) {
		uint32_t row = derivation_find(d, model->carry[i].next, 0);
		next[i] = row ? value[row - 1] : NAN;
	}
	for (size_t i = 0; i < model->carry_count; i++) {
		uint32_t row = derivation_find(d, model->carry[i].leaf, 0);
		if (row)
			value[row - 1] = next[i];
	}
	free(next);
}

// All lines are put by the conventions, and worked out for as many update steps as are asked for.
static void adopt_conventions(Verifier *v, const Derivation *d)
{
	Lines *lines = &v->result->lines;
	uint32_t last = 1;
	if (!v->options->conventions || !lines_start(lines, d))
		return;
	mistake_adopt(lines, v->options->convention, v->options->conventions);
	double *value = memory_alloc(memory_product(lines->count, sizeof *value));
	for (uint32_t id = 1; id <= lines->count; id++)
		value[id - 1] = lines_at(lines, id)->leaf->value;
	for (size_t i = 0; i < v->result->count; i++)
		last = v->result->item[i].query.step > last ? v->result->item[i].query.step : last;
	for (uint32_t step = 1; step <= last && step <= STEPS_MOST; step++) {
		if (step > 1)
			carry_step(v, d, value);
		for (uint32_t id = 1; id <= lines->count; id++)
			if (lines_at(lines, id)->formula)
				value[id - 1] = lines_value(lines_at(lines, id)->formula, value);
		take_step(v, step, value);
	}
	free(value);
}

// What the golden file says goes before what the model gives.
static void take_golden(Verifier *v)
{
	const Answers *golden = v->options->golden;
	Verification *result = v->result;
	TextMap map = {0}, asked = {0};
	for (size_t i = 0; i < golden->count; i++)
		if (golden->answer[i].typed.given)
			textmap_add(&map, golden->answer[i].name, (uint32_t)i);
	for (size_t i = 0; i < result->count; i++) {
		Judgement *item = &result->item[i];
		uint32_t found = textmap_get(&map, item->answer->name);
		textmap_add(&asked, item->answer->name, 0);
		if (found != TEXTMAP_ABSENT)
			item->truth = golden->answer[found].typed.value;
		else if (!v->model && !item->verdict)
			item->verdict = VERDICT_APART;
	}
	for (size_t i = 0; i < golden->count; i++)
		result->unasked += textmap_get(&asked, golden->answer[i].name) == TEXTMAP_ABSENT;
	textmap_free(&map);
	textmap_free(&asked);
}

// ---- Verdicts

// What the true value decides, with no rounding allowed for.
static void judge_by_truth(Verifier *v)
{
	for (size_t i = 0; i < v->result->count; i++) {
		Judgement *item = &v->result->item[i];
		Allowance none = {0};
		if (item->verdict)
			continue;
		if (!item->answer->typed.given)
			item->verdict = VERDICT_UNANSWERED;
		else if (!typed_is_like(&item->answer->typed, item->truth))
			unknown(v, item, arena_printf(&v->names, NO_NUMBER, item->answer->text));
		else
			item->verdict =
				follow_judge(item, item->truth, item->from, &none, v->options->significant);
	}
}

// Of two answers to one question with different values the first counts for what follows.
static void note_twice(Verification *result)
{
	TextMap first = {0};
	for (size_t i = 0; i < result->count; i++) {
		Judgement *item = &result->item[i];
		const Typed *typed = &item->answer->typed;
		uint32_t before = typed->given ? textmap_get(&first, item->answer->name) : (uint32_t)i;
		if (before == TEXTMAP_ABSENT)
			textmap_add(&first, item->answer->name, (uint32_t)i);
		else if (typed->value != result->item[before].answer->typed.value)
			item->remarks |= REMARK_TWICE;
	}
	textmap_free(&first);
}

static bool any_open(const Verification *result)
{
	for (size_t i = 0; i < result->count; i++)
		if (result->item[i].verdict == VERDICT_NONE)
			return true;
	return false;
}

// The gradient that an open item without a row is an entry of; NULL where it is none.
static const Gradient *gradient_of(const Model *model, const Judgement *item)
{
	const Tape *tape = &model->tape;
	if (item->verdict || item->row || item->query.step != 1 || !tape_named(tape, item->query.node))
		return NULL;
	const Name *name = &tape->names[tape->name[item->query.node]];
	return name->kind == NAME_GRADIENT ? gradient_kept(tape, name->a) : NULL;
}

// Other derivatives have derivations of their own, in which the forward steps are the same.
static void follow_gradient(Verifier *v, const Gradient *gradient)
{
	Verification *result = v->result;
	Derivation derivation;
	DerivationOptions options = {.only = gradient, .wrt = NODE_NONE};
	uint32_t *row = memory_alloc(memory_product(result->count, sizeof *row)), step;
	derivation_start(&derivation, v->model, &v->replay, &options);
	TextMap map = rows_by_name(&derivation, v->answers, &v->names);
	for (size_t i = 0; i < result->count; i++) {
		row[i] = result->item[i].row;
		result->item[i].row = find_row(&map, result->item[i].answer->name, &step, &v->names);
	}
	follow(result, &derivation, &v->replay, v->options->significant);
	for (size_t i = 0; i < result->count; i++)
		result->item[i].row = row[i];
	textmap_free(&map);
	derivation_free(&derivation);
	free(row);
}

static void restart(Verifier *v)
{
	replay_free(&v->replay);
	model_start(v->model, &v->replay, 0, v->model->lanes);
	replay_all(&v->replay);
}

static void follow_all(Verifier *v, const Derivation *derivation)
{
	Verification *result = v->result;
	follow(result, derivation, &v->replay, v->options->significant);
	for (size_t i = 0; i < result->count; i++) {
		const Gradient *gradient = gradient_of(v->model, &result->item[i]);
		if (!gradient)
			continue;
		restart(v);
		follow_gradient(v, gradient);
		if (!result->item[i].verdict)
			result->item[i].verdict = VERDICT_WRONG;
	}
}

static int in_order(const void *a, const void *b)
{
	const Judgement *left = a, *right = b;
	size_t rows[] = {left->answer->row, right->answer->row};
	uint32_t steps[] = {left->query.step, right->query.step};
	uint32_t ids[] = {left->row - 1, right->row - 1};   // no row comes last
	if (steps[0] != steps[1])
		return steps[0] < steps[1] ? -1 : 1;
	if (ids[0] != ids[1])
		return ids[0] < ids[1] ? -1 : 1;
	return (rows[0] > rows[1]) - (rows[0] < rows[1]);
}

static void judge_with_model(Verifier *v)
{
	Verification *result = v->result;
	Derivation derivation;
	DerivationOptions options = {.wrt = NODE_NONE};
	restart(v);
	derivation_start(&derivation, v->model, &v->replay, &options);
	TextMap map = rows_by_name(&derivation, v->answers, &v->names);
	for (size_t i = 0; i < result->count; i++)
		if (!result->item[i].verdict)
			find_item(v, &result->item[i], &derivation, &map);
	textmap_free(&map);
	qsort(result->item, result->count, sizeof *result->item, in_order);
	find_values(v);
	adopt_conventions(v, &derivation);
	if (v->options->golden)
		take_golden(v);
	judge_by_truth(v);
	if (any_open(result)) {
		restart(v);
		follow_all(v, &derivation);
	}
	derivation_free(&derivation);
	replay_free(&v->replay);
}

static void count_up(Verification *result)
{
	for (size_t i = 0; i < result->count; i++) {
		Judgement *item = &result->item[i];
		if (!item->verdict)
			item->verdict = VERDICT_WRONG;
		if (item->verdict == VERDICT_WRONG && !result->first)
			result->first = item;
		result->tally[item->verdict]++;
	}
	for (size_t i = 0; i < result->count; i++)
		result->follow += result->first && result->item[i].cause == result->first;
}

void verify(Verification *result, const Answers *answers, Model *model,
            const VerifyOptions *options)
{
	*result = (Verification){.count = answers->count};
	Verifier v = {result, answers, model, options, {0}, {0}};
	result->item = memory_alloc(memory_product(answers->count, sizeof *result->item));
	for (size_t i = 0; i < answers->count; i++) {
		Judgement *item = &result->item[i];
		*item = (Judgement){.answer = &answers->answer[i], .truth = NAN, .carried = NAN};
		item->query.step = 1;
		if (item->answer->problem)
			unknown(&v, item, item->answer->problem);
	}
	if (model) {
		judge_with_model(&v);
	} else {
		take_golden(&v);
		judge_by_truth(&v);
	}
	note_twice(result);
	count_up(result);
	arena_free(&v.names);
}

void verify_free(Verification *result)
{
	free(result->item);
	lines_free(&result->lines);
	arena_free(&result->arena);
	*result = (Verification){0};
}
