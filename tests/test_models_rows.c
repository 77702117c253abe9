// The derivations of random models: each row follows from earlier ones, what the loss rests on has
// its gradient, and each row's name finds its value.
#include "tests/lib/each_model.h"
#include "tutor/explain/derivation.h"
#include "tutor/explain/query.h"

enum { MOST_NAMES = 150 };

// ---- Rows

typedef struct Rows {
	const RandomModel *m;
	const Derivation *derivation;
	Arena arena;
	uint32_t id;
	size_t checked;
} Rows;

// A leaf of a row's formula has the value of the earlier row that it comes from.
static void check_leaf(void *context, Formula *leaf)
{
	Rows *rows = context;
	Row parent;
	ck_model(rows->m, leaf->row > 0 && leaf->row < rows->id, "row %u rests on row %u", rows->id,
	         leaf->row);
	derivation_row_name(rows->derivation, leaf->row, &rows->arena, &parent);
	ck_model(rows->m, parent.value == leaf->value, "row %u takes row %u for %.17g, which is %.17g",
	         rows->id, leaf->row, leaf->value, parent.value);
	ck_model(rows->m,
	         leaf->kind != FORMULA_NAME || strcmp(quantity_text(leaf->name, &rows->arena),
	                                              quantity_text(parent.name, &rows->arena)) == 0,
	         "row %u calls row %u another name", rows->id, leaf->row);
}

// The size of the terms of a sum: what rounding is measured by.
static double size_of(const Formula *formula)
{
	double size = fabs(formula->value);
	for (uint32_t i = 0; formula->kind == FORMULA_OPERATION && i < formula->count; i++)
		size += fabs(formula->argument[i]->value);
	return size;
}

static void check_row(Rows *rows)
{
	Row row;
	Error error = {0};
	const uint32_t *parent;
	ck_model(rows->m, derivation_row(rows->derivation, rows->id, &rows->arena, &row, &error), "%s",
	         error.message);
	ck_model(rows->m, (row.phase == PHASE_GIVEN) == !row.formula, "row %u: a formula or none",
	         rows->id);
	if (!row.formula)
		return;
	formula_each_leaf(row.formula, check_leaf, rows);
	double value = formula_evaluate(row.formula);
	ck_model(rows->m, fabs(value - row.value) <= 1e-13 * size_of(row.formula),
	         "row %u, %s: its formula gives %.17g, not %.17g", rows->id,
	         row.name ? quantity_text(row.name, &rows->arena) : "a path", value, row.value);
	size_t count = row_parents(&row, &rows->arena, &parent);
	for (size_t i = 0; i < count; i++)
		ck_assert(parent[i] < rows->id && (i == 0 || parent[i] > parent[i - 1]));
	rows->checked++;
}

static void derivation_of(Derivation *derivation, const Run *run)
{
	derivation_start(derivation, &run->model, &run->replay, &(DerivationOptions){.wrt = NODE_NONE});
}

static void check_rows(const RandomModel *m, Run *run)
{
	Derivation derivation;
	derivation_of(&derivation, run);
	Rows rows = {.m = m, .derivation = &derivation};
	for (rows.id = 1; rows.id <= derivation.count; rows.id++) {
		check_row(&rows);
		arena_reset(&rows.arena);
	}
	ck_model(m, rows.checked > 10, "only %zu rows", rows.checked);
	arena_free(&rows.arena);
	derivation_free(&derivation);
}

START_TEST(each_row_follows_from_earlier_ones)
{
	each_model(check_rows);
}
END_TEST

// ---- Gradient rows

// 1 for the nodes that the loss rests on.
static uint8_t *nodes_of_loss(const Model *model)
{
	const Tape *tape = &model->tape;
	uint8_t *used = calloc(tape->count, 1);
	used[model->mean] = 1;
	for (Node node = model->mean + 1; node-- > 0;) {
		uint32_t count;
		const Node *argument = tape_arguments(tape, node, &count);
		for (uint32_t i = 0; used[node] && i < count; i++)
			used[argument[i]] = 1;
	}
	return used;
}

static bool has_gradient_row(const Derivation *d, Node node, uint32_t lane)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->row[i].phase == PHASE_GRADIENT && d->row[i].node == node && d->row[i].lane == lane &&
		    d->shown[d->row[i].gradient].gradient == d->model->gradient)
			return true;
	return false;
}

static void check_gradient_rows(const RandomModel *m, Run *run)
{
	const Model *model = &run->model;
	const Tape *tape = &model->tape;
	Derivation derivation;
	derivation_of(&derivation, run);
	uint8_t *used = nodes_of_loss(model);
	for (Node node = 0; node < model->forward_end; node++) {
		bool step = used[node] && tape_named(tape, node) && !tape_is_leaf(tape, node);
		char text[NAME_TEXT] = "";
		if (tape_named(tape, node))
			node_name(tape, node, 0, text);
		for (uint32_t lane = 0; lane < (tape_varies(tape, node) ? run->replay.lanes : 1); lane++)
			ck_model(m,
			         (!step && tape_op(tape, node) != OP_PARAM) ||
			             has_gradient_row(&derivation, node, lane),
			         "%s has no gradient in example %u", text, lane + 1);
	}
	free(used);
	derivation_free(&derivation);
}

START_TEST(what_the_loss_rests_on_has_its_gradient)
{
	each_model(check_gradient_rows);
}
END_TEST

// ---- Names

typedef struct RowName {
	char *text;
	int place;   // its phase, and for partials the gradient that it is a partial for
	double value;
} RowName;

static int by_text_and_place(const void *a, const void *b)
{
	const RowName *left = a, *right = b;
	int order = strcmp(left->text, right->text);
	return order ? order : left->place - right->place;
}

static RowName *names_of_rows(const Derivation *d, Arena *arena, size_t *count)
{
	RowName *names = malloc(d->count * sizeof *names);
	*count = 0;
	for (uint32_t id = 1; id <= d->count; id++) {
		Row row;
		derivation_row_name(d, id, arena, &row);
		int place =
			(int)row.phase + (row.phase == PHASE_PARTIAL ? 100 * d->row[id - 1].gradient : 0);
		if (row.name)
			names[(*count)++] = (RowName){quantity_text(row.name, arena), place, row.value};
	}
	qsort(names, *count, sizeof *names, by_text_and_place);
	return names;
}

static bool same_value(double a, double b)
{
	return fabs(a - b) <= 1e-9 * (fabs(a) + fabs(b)) + 1e-12;
}

// Rows of one name stand in different places and have one value.
static void check_repeated(const RandomModel *m, const RowName *names, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (strcmp(names[i].text, names[i - 1].text) == 0) {
			ck_model(m, names[i].place != names[i - 1].place, "%s stands twice", names[i].text);
			ck_model(m, same_value(names[i].value, names[i - 1].value), "%s is %.17g and %.17g",
			         names[i].text, names[i - 1].value, names[i].value);
		}
}

static void check_names(const RandomModel *m, Run *run)
{
	Derivation derivation;
	Arena arena = {0};
	size_t count;
	derivation_of(&derivation, run);
	RowName *names = names_of_rows(&derivation, &arena, &count);
	derivation_free(&derivation);
	check_repeated(m, names, count);
	// Each derivative that is looked up may record a gradient: of many names some.
	size_t stride = count / MOST_NAMES + 1, asked = 0;
	Query *query = malloc(count * sizeof *query);
	double *value = malloc(count * sizeof *value);
	for (size_t i = (size_t)m->number % stride; i < count; i += stride) {
		Error error = {0};
		bool found = query_find(&run->model, names[i].text, &query[asked++], &error);
		ck_model(m, found, "%s: %s", names[i].text, error.message);
	}
	query_values(&run->model, query, asked, value);
	for (size_t i = (size_t)m->number % stride, k = 0; i < count; i += stride, k++)
		ck_model(m, same_value(value[k], names[i].value), "%s is looked up as %.17g, not %.17g",
		         names[i].text, value[k], names[i].value);
	free(value);
	free(query);
	free(names);
	arena_free(&arena);
}

START_TEST(each_name_finds_its_value)
{
	each_model(check_names);
}
END_TEST

SUITE(each_row_follows_from_earlier_ones, what_the_loss_rests_on_has_its_gradient,
      each_name_finds_its_value)
