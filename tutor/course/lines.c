#include "tutor/course/lines.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void lines_free(Lines *lines)
{
	textmap_free(&lines->row_of_name);
	arena_free(&lines->arena);
	*lines = (Lines){0};
}

// ---- Values

double lines_value(const Formula *formula, const double *value)
{
	if (formula->kind != FORMULA_OPERATION)
		return formula->row ? value[formula->row - 1] : formula->value;
	double few[4] = {0}, *argument = few;
	if (formula->count > 4)
		argument = memory_alloc(memory_product(formula->count, sizeof *argument));
	for (uint32_t i = 0; i < formula->count; i++)
		argument[i] = lines_value(formula->argument[i], value);
	double result = op_value(formula->op, argument, formula->count);
	if (argument != few)
		free(argument);
	return result;
}

Allowance lines_allowance(const Line *line, const Formula *formula, double *value,
                          const Allowance *allowance)
{
	Allowance result = {.noise = 8 * DBL_EPSILON * fabs(lines_value(formula, value))};
	for (uint32_t i = 0; i < line->parents; i++) {
		uint32_t parent = line->parent[i] - 1;
		const Allowance *theirs = &allowance[parent];
		if (theirs->fixed == 0 && theirs->typed == 0 && theirs->scaled == 0 && theirs->noise == 0)
			continue;
		double kept = value[parent], h = 1e-5 * fmax(fabs(kept), 1e-5);
		value[parent] = kept + h;
		double above = lines_value(formula, value);
		value[parent] = kept - h;
		double partial = fabs(above - lines_value(formula, value)) / (2 * h);
		value[parent] = kept;
		result.fixed += partial * theirs->fixed;
		result.typed += partial * theirs->typed;
		result.scaled += partial * theirs->scaled;
		result.noise += partial * theirs->noise;
	}
	return result;
}

void lines_put(Lines *lines, uint32_t id, Formula *formula)
{
	Row row = {.formula = formula};
	Line *line = &lines->line[id - 1];
	line->formula = formula;
	line->parents = (uint32_t)row_parents(&row, &lines->arena, &line->parent);
}

// ---- Which line is which

static const char *name_of(const Row *row, Arena *arena)
{
	if (row->name)
		return quantity_text(row->name, arena);
	Formula *const *factor = row->formula->argument;
	return arena_printf(arena, "%s*%s", quantity_text(factor[0]->name, arena),
	                    quantity_text(factor[1]->name, arena));
}

uint32_t lines_find(const Lines *lines, const char *name)
{
	char plain[500];
	size_t size = strlen(name);
	bool first = size > 2 && size < sizeof plain && strcmp(name + size - 2, "#1") == 0;
	if (first)
		memcpy(plain, name, size - 2), plain[size - 2] = '\0';
	uint32_t id = textmap_get(&lines->row_of_name, first ? plain : name);
	return id == TEXTMAP_ABSENT ? 0 : id;
}

static uint32_t row_of(const Derivation *d, Node node, uint32_t lane)
{
	return derivation_find(d, node, tape_varies(d->tape, node) ? lane : 0);
}

// The line of a new value is known to the param.
static void read_update(Lines *lines, uint32_t id)
{
	const Tape *tape = lines->derivation->tape;
	Node node = lines->derivation->row[id - 1].node;
	const Name *name = &tape->names[tape->name[node]];
	Line *line = &lines->line[id - 1];
	if (name->kind != NAME_NEXT && name->kind != NAME_MEMBER)
		return;
	line->by = derivation_find(lines->derivation, name->a, 0);
	if (name->kind == NAME_NEXT && line->by)
		lines->line[line->by - 1].next = id;
}

static void read_key(Lines *lines, uint32_t id)
{
	const Derivation *d = lines->derivation;
	const RowKey *key = &d->row[id - 1];
	Line *line = &lines->line[id - 1];
	line->lane = key->lane;
	line->kind = tape_op(d->tape, key->node);
	if (key->phase == PHASE_PARTIAL || key->phase == PHASE_PATH)
		line->user = row_of(d, d->shown[key->gradient].gradient->path[key->path].user, key->lane);
	if (key->phase == PHASE_PARTIAL || key->phase == PHASE_PATH || key->phase == PHASE_GRADIENT)
		line->by = row_of(d, key->node, key->lane);
	bool of_loss =
		key->phase == PHASE_GRADIENT && d->shown[key->gradient].gradient == d->model->gradient;
	if (of_loss && line->by)
		lines->line[line->by - 1].gradient = id;
	if (of_loss && key->node == d->model->mean)
		lines->loss = line->by;
	if (key->phase == PHASE_UPDATE)
		read_update(lines, id);
}

// ---- Units

static bool is_param(const Lines *lines, const Formula *formula)
{
	return formula->row && lines_at(lines, formula->row)->phase == PHASE_GIVEN &&
	       lines_at(lines, formula->row)->kind == OP_PARAM;
}

static bool is_fixed(const Lines *lines, const Formula *formula)
{
	const Line *line = formula->row ? lines_at(lines, formula->row) : NULL;
	return formula->kind == FORMULA_NUMBER || (line && line->phase == PHASE_GIVEN &&
	                                           (line->kind == OP_PARAM || line->kind == OP_CONST));
}

// weight*input in either order, a param or a constant alone, or one of them times a number.
static bool read_term(const Lines *lines, Formula *formula, UnitTerm *term)
{
	*term = (UnitTerm){formula, NULL};
	if (formula->kind != FORMULA_OPERATION)
		return is_fixed(lines, formula) && formula->kind != FORMULA_NUMBER;
	if (formula->op != OP_PROD || formula->count != 2)
		return false;
	Formula *a = formula->argument[0], *b = formula->argument[1];
	if (a->kind == FORMULA_OPERATION || b->kind == FORMULA_OPERATION)
		return false;
	bool second = is_param(lines, b) && !is_param(lines, a);
	*term = (UnitTerm){second ? b : a, second ? a : b};
	if (is_fixed(lines, term->weight) && term->input->kind == FORMULA_NUMBER)
		*term = (UnitTerm){term->weight, NULL};
	return is_fixed(lines, term->weight);
}

static uint32_t count_leaves(const Formula *formula)
{
	uint32_t count = formula->kind != FORMULA_OPERATION || formula->op != OP_SUM;
	for (uint32_t i = 0; !count && i < formula->count; i++)
		count += count_leaves(formula->argument[i]);
	return count ? count : 1;
}

// The terms of nested sums, from left to right.
static bool read_terms(const Lines *lines, Formula *formula, UnitTerm *term, uint32_t *count)
{
	if (formula->kind != FORMULA_OPERATION || formula->op != OP_SUM)
		return read_term(lines, formula, &term[(*count)++]);
	for (uint32_t i = 0; i < formula->count; i++)
		if (!read_terms(lines, formula->argument[i], term, count))
			return false;
	return true;
}

static uint32_t count_terms(const Formula *formula)
{
	if (formula->kind != FORMULA_OPERATION || formula->op != OP_SUM)
		return count_leaves(formula);
	uint32_t count = 0;
	for (uint32_t i = 0; i < formula->count; i++)
		count += count_terms(formula->argument[i]);
	return count;
}

// Weighted terms first.
static void sort_terms(Line *line, const UnitTerm *read, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (read[i].input)
			line->term[line->terms++] = read[i];
	for (uint32_t i = 0; i < count; i++)
		if (!read[i].input)
			line->term[line->terms + line->biases++] = read[i];
}

static bool is_activation(Op op)
{
	switch (op) {
	case OP_SIGMOID:
	case OP_TANH:
	case OP_RELU:
	case OP_LEAKY_RELU:
	case OP_ELU:
	case OP_SOFTPLUS:
	case OP_GELU:
		return true;
	default:
		return false;
	}
}

static void read_unit(Lines *lines, Line *line)
{
	Formula *formula = line->formula;
	bool inside = formula->kind == FORMULA_OPERATION && is_activation(formula->op);
	line->activation = inside ? formula->op : OP_COUNT;
	line->net = inside ? formula->argument[0] : formula;
	if (inside && line->net->kind == FORMULA_NAME && line->net->row)
		lines->line[line->net->row - 1].squashed = (uint32_t)(line - lines->line) + 1;
	if (line->net->kind != FORMULA_OPERATION)
		return;
	uint32_t count = 0;
	UnitTerm *read = arena_array(&lines->arena, UnitTerm, count_terms(line->net));
	if (!read_terms(lines, line->net, read, &count))
		return;
	line->term = arena_array(&lines->arena, UnitTerm, count);
	sort_terms(line, read, count);
}

static bool same_inputs(const Line *a, const Line *b)
{
	if (a->terms != b->terms)
		return false;
	for (uint32_t i = 0; i < a->terms; i++)
		if (a->term[i].input->row != b->term[i].input->row)
			return false;
	return true;
}

static void join_layer(Lines *lines, uint32_t id)
{
	Line *line = &lines->line[id - 1];
	uint32_t layer = 0;
	while (layer < lines->layers &&
	       !same_inputs(line, lines_at(lines, lines->layer[layer].unit[0])))
		layer++;
	Layer *joined = &lines->layer[layer];
	if (layer == lines->layers) {
		lines->layers++;
		joined->unit = arena_new(&lines->arena, uint32_t);
		*joined->unit = id;
	}
	line->layer = layer + 1;
	line->place = joined->count++;
}

static void fill_layers(Lines *lines)
{
	for (uint32_t i = 0; i < lines->layers; i++)
		lines->layer[i].unit = arena_array(&lines->arena, uint32_t, lines->layer[i].count);
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Line *line = lines_at(lines, id);
		if (line->layer)
			lines->layer[line->layer - 1].unit[line->place] = id;
	}
}

static void read_units(Lines *lines)
{
	uint32_t units = 0;
	for (uint32_t id = 1; id <= lines->count; id++)
		if (lines->line[id - 1].phase == PHASE_FORWARD)
			read_unit(lines, &lines->line[id - 1]);
	for (uint32_t id = 1; id <= lines->count; id++)
		units += lines->line[id - 1].terms > 0;
	lines->layer = arena_array(&lines->arena, Layer, units);
	for (uint32_t id = 1; id <= lines->count; id++)
		if (lines->line[id - 1].terms)
			join_layer(lines, id);
	fill_layers(lines);
}

// ---- Where in the network

static bool is_number(const Lines *lines, const Line *line)
{
	for (uint32_t i = 0; i < line->parents; i++)
		if (lines_at(lines, line->parent[i])->kind != OP_BATCH_SIZE)
			return false;
	return true;
}

static bool is_input_of(const Line *unit, uint32_t id)
{
	for (uint32_t i = 0; i < unit->terms; i++)
		if (unit->term[i].input->row == id)
			return true;
	return false;
}

// Partials come from the loss back, those of a step by others after all by it.
static void read_places(Lines *lines)
{
	if (lines->loss)
		lines->line[lines->loss - 1].additive = true;
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Line *line = lines_at(lines, id);
		if (line->phase != PHASE_PARTIAL || !line->user || !line->by)
			continue;
		const Line *user = lines_at(lines, line->user);
		Line *by = &lines->line[line->by - 1];
		by->hidden = by->hidden || user->hidden || is_input_of(user, line->by);
		by->additive = by->additive || (user->additive && is_number(lines, line));
	}
}

// ---- Start

static bool read_line(Lines *lines, uint32_t id)
{
	Row row;
	Error ignored = {0};
	Line *line = &lines->line[id - 1];
	if (!derivation_row(lines->derivation, id, &lines->arena, &row, &ignored))
		return false;
	const uint32_t *parent;
	line->phase = row.phase;
	line->activation = OP_COUNT;
	line->formula = row.formula;
	line->parents = (uint32_t)row_parents(&row, &lines->arena, &parent);
	line->parent = parent;
	line->leaf = row.name ? formula_name(&lines->arena, row.name, row.value, id)
	                      : formula_term(&lines->arena, row.formula->argument[0],
	                                     row.formula->argument[1], row.value, id);
	textmap_add(&lines->row_of_name, name_of(&row, &lines->arena), id);
	return true;
}

bool lines_start(Lines *lines, const Derivation *derivation)
{
	*lines = (Lines){.derivation = derivation};
	if (derivation->count > LINES_MOST)
		return false;
	lines->count = (uint32_t)derivation->count;
	lines->line = arena_array(&lines->arena, Line, lines->count);
	for (uint32_t id = 1; id <= lines->count; id++)
		if (!read_line(lines, id))
			return false;
	for (uint32_t id = 1; id <= lines->count; id++)
		read_key(lines, id);
	read_units(lines);
	read_places(lines);
	return true;
}
