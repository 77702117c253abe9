#include "tutor/explain/derivation.h"

#include "tutor/explain/build.h"
#include "tutor/explain/query.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void derivation_free(Derivation *d)
{
	for (size_t i = 0; i < d->shown_count; i++) {
		free(d->shown[i].row_of_path);
		free(d->shown[i].row_of_product);
		free(d->shown[i].direct);
	}
	free(d->shown);
	free(d->row_of_name);
	free(d->row);
	*d = (Derivation){0};
}

// ---- Which rows there are

static uint32_t lanes_of(const Derivation *d, Node node)
{
	return tape_varies(d->tape, node) ? d->replay->lanes : 1;
}

// One row for each lane; returns the first one's id.
static uint32_t add_rows(Derivation *d, RowKey key, uint32_t lanes)
{
	array_reserve(d->row, d->count, d->capacity, lanes);
	for (uint32_t lane = 0; lane < lanes; lane++) {
		key.lane = lane;
		d->row[d->count + lane] = key;
	}
	d->count += lanes;
	return (uint32_t)(d->count - lanes + 1);
}

static void add_named(Derivation *d, uint32_t name, Phase phase)
{
	Node node = d->tape->names[name].node;
	d->row_of_name[name] =
	    add_rows(d, (RowKey){.phase = phase & 7, .node = node, .path = PATH_NONE}, lanes_of(d, node));
}

// The lanes in which a path is a term of its own.
static uint32_t path_lanes(const Derivation *d, const Path *path)
{
	return tape_varies(d->tape, path->user) || tape_varies(d->tape, path->by) ? d->replay->lanes : 1;
}

// The number of terms in the sum over the paths into one lane of `adjoint->by`.
static size_t count_terms(const Derivation *d, const Gradient *gradient, const Adjoint *adjoint)
{
	size_t terms = 0;
	for (uint32_t p = adjoint->paths; p != PATH_NONE; p = gradient->path[p].next)
		terms += tape_varies(d->tape, adjoint->by) ? 1 : path_lanes(d, &gradient->path[p]);
	return terms;
}

static uint32_t *no_rows(const Gradient *gradient)
{
	size_t size = gradient->path_count * sizeof(uint32_t);
	return memset(memory_alloc(size), 0, size);
}

static ShownGradient *show(Derivation *d, const Gradient *gradient)
{
	assert(gradient->number < d->shown_count);
	ShownGradient *shown = &d->shown[gradient->number];
	if (!shown->gradient)
		*shown = (ShownGradient){gradient, no_rows(gradient), no_rows(gradient), find_direct_paths(d->tape, gradient)};
	return shown;
}

static void add_adjoint(Derivation *d, const Gradient *gradient, const Adjoint *adjoint)
{
	const ShownGradient *shown = show(d, gradient);
	RowKey key = {.phase = PHASE_PARTIAL, .gradient = gradient->number & 0xFFFFFFF, .node = adjoint->by};
	for (int flat = 0; flat < 2; flat++)
		for (uint32_t p = flat ? adjoint->flat : adjoint->paths; p != PATH_NONE; p = gradient->path[p].next) {
			key.path = p;
			key.direct = shown->direct[p] != 0;
			shown->row_of_path[p] = add_rows(d, key, path_lanes(d, &gradient->path[p]));
		}
	key.phase = PHASE_PATH;
	key.direct = 0;
	if (count_terms(d, gradient, adjoint) > 1)
		for (uint32_t p = adjoint->paths; p != PATH_NONE; p = gradient->path[p].next) {
			key.path = p;
			shown->row_of_product[p] = add_rows(d, key, path_lanes(d, &gradient->path[p]));
		}
	key.phase = PHASE_GRADIENT;
	key.path = PATH_NONE;
	d->row_of_name[d->tape->name[adjoint->node]] = add_rows(d, key, lanes_of(d, adjoint->by));
}

static const Adjoint *adjoint_with_node(const Gradient *gradient, Node by, Node node)
{
	const Adjoint *adjoint = gradient_find(gradient, by);
	return adjoint && adjoint->node == node ? adjoint : NULL;
}

// The gradient and the adjoint that a named derivative belongs to: the one kept, or one recorded with a rule changed. NULL
// where it is of a gradient not shown.
static const Adjoint *find_adjoint(const Derivation *d, Node node, const Gradient **gradient)
{
	const Name *name = &d->tape->names[d->tape->name[node]];
	*gradient = gradient_kept(d->tape, name->a);
	const Adjoint *adjoint = *gradient ? adjoint_with_node(*gradient, name->b, node) : NULL;
	for (size_t i = 0; !adjoint && i < d->tape->gradient_count; i++) {
		*gradient = d->tape->gradient[i];
		if ((*gradient)->of == name->a)
			adjoint = adjoint_with_node(*gradient, name->b, node);
	}
	return adjoint;
}

// ---- Which gradient rows are shown

// With `wrt`: those whose nodes lie between it and `of`.
static uint8_t *find_relevant(const Derivation *d, const DerivationOptions *options)
{
	uint8_t *relevant = memory_alloc(d->tape->count);
	memset(relevant, options->wrt == NODE_NONE, d->tape->count);
	if (options->wrt == NODE_NONE)
		return relevant;
	relevant[options->wrt] = 1;
	const Gradient *gradient = options->only;
	assert(gradient);
	// Users are recorded after what they use, so that one walk over the adjoints from the last to the first …
	for (size_t i = gradient->count; i-- > 0;) {
		const Adjoint *adjoint = &gradient->adjoint[i];
		for (uint32_t p = adjoint->paths; relevant[adjoint->by] && p != PATH_NONE; p = gradient->path[p].next)
			relevant[gradient->path[p].user] = 1;
	}
	return relevant;
}

static bool is_leaf_name(const Tape *tape, size_t name)
{
	return tape_is_leaf(tape, tape->names[name].node);
}

static void add_gradient(Derivation *d, const DerivationOptions *options)
{
	const Gradient *gradient = options->only ? options->only : options->changed;
	uint8_t *relevant = find_relevant(d, options);
	for (size_t i = 0; i < gradient->count; i++)
		if (relevant[gradient->adjoint[i].by])
			add_adjoint(d, gradient, &gradient->adjoint[i]);
	free(relevant);
}

static void add_name(Derivation *d, uint32_t name, const DerivationOptions *options)
{
	const Model *model = d->model;
	Node node = d->tape->names[name].node;
	bool in_forward = node < model->forward_end;
	if (d->tape->names[name].kind == NAME_GRADIENT) {
		const Gradient *gradient = NULL;
		const Adjoint *adjoint = find_adjoint(d, node, &gradient);
		bool of_loss = !in_forward && !options->only && !options->changed && gradient == model->gradient;
		if (adjoint && (in_forward || of_loss))
			add_adjoint(d, gradient, adjoint);
	} else if (in_forward) {
		add_named(d, name, PHASE_FORWARD);
	}
}

void derivation_start(Derivation *d, const Model *model, const Replay *replay, const DerivationOptions *options)
{
	const Tape *tape = &model->tape;
	*d = (Derivation){.model = model, .tape = tape, .replay = replay, .names_count = tape->names_count};
	d->row_of_name = memory_alloc(memory_product(tape->names_count, sizeof *d->row_of_name));
	memset(d->row_of_name, 0, tape->names_count * sizeof *d->row_of_name);
	d->shown_count = tape->gradient_count;
	d->shown = memory_alloc(memory_product(d->shown_count, sizeof *d->shown));
	memset(d->shown, 0, d->shown_count * sizeof *d->shown);
	for (uint32_t i = 0; i < tape->names_count; i++)
		if (is_leaf_name(tape, i) && !query_picks(tape, tape->names[i].node))
			add_named(d, i, PHASE_GIVEN);
	for (uint32_t i = 0; i < tape->names_count; i++)
		if (!is_leaf_name(tape, i))
			add_name(d, i, options);
	if (options->only || options->changed)
		add_gradient(d, options);
	for (uint32_t i = 0; !options->only && !options->changed && i < tape->names_count; i++) {
		Node node = tape->names[i].node;
		if (!is_leaf_name(tape, i) && node >= model->gradient_end && node < model->update_end)
			add_named(d, i, PHASE_UPDATE);
	}
}

// ---- A row written out

static const Quantity *name_of(const Derivation *d, Node node, uint32_t lane, Arena *arena)
{
	return quantity_of(d->tape, node, lane, d->replay->lanes, arena);
}

static const Quantity *partial_name(const Derivation *d, const RowKey *key, Arena *arena)
{
	const Path *path = &d->shown[key->gradient].gradient->path[key->path];
	return quantity_derivative(name_of(d, path->user, key->lane, arena), name_of(d, path->by, key->lane, arena),
	                           key->direct, arena);
}

static Node adjoint_node(const Derivation *d, const RowKey *key, Node by)
{
	return gradient_find(d->shown[key->gradient].gradient, by)->node;
}

// dL/dA*dA/dB in one lane, as a product of two names.
static Formula *path_formula(const Derivation *d, const RowKey *key, Arena *arena)
{
	const Path *path = &d->shown[key->gradient].gradient->path[key->path];
	uint32_t first = d->shown[key->gradient].row_of_path[key->path];
	RowKey partial_key = d->row[first - 1];
	partial_key.lane = key->lane;
	Formula *product = formula_operation(arena, OP_PROD, 2, replay_value(d->replay, path->product, key->lane));
	product->argument[0] = build_name(d, adjoint_node(d, key, path->user), key->lane, arena);
	product->argument[1] = formula_name(arena, partial_name(d, &partial_key, arena),
	                                    replay_value(d->replay, path->partial, key->lane),
	                                    first + (path_lanes(d, path) > 1 ? key->lane : 0));
	return product;
}

static Formula *term_formula(const Derivation *d, RowKey key, uint32_t path, uint32_t lane, Arena *arena)
{
	key.path = path;
	key.lane = lane;
	Formula *product = path_formula(d, &key, arena);
	uint32_t row = d->shown[key.gradient].row_of_product[path];
	bool lanes = path_lanes(d, &d->shown[key.gradient].gradient->path[path]) > 1;
	return formula_term(arena, product->argument[0], product->argument[1], product->value,
	                    row + (lanes ? lane : 0));
}

static Formula *gradient_formula(const Derivation *d, const RowKey *key, double value, Arena *arena)
{
	const Gradient *gradient = d->shown[key->gradient].gradient;
	const Adjoint *adjoint = gradient_find(gradient, key->node);
	size_t terms = count_terms(d, gradient, adjoint), filled = 0;
	if (terms == 0)
		return formula_number(arena, value);
	RowKey only = *key;
	only.path = adjoint->paths;
	if (terms == 1)
		return path_formula(d, &only, arena);
	Formula *sum = formula_operation(arena, OP_SUM, (uint32_t)terms, value);
	for (uint32_t p = adjoint->paths; p != PATH_NONE; p = gradient->path[p].next) {
		uint32_t lanes = tape_varies(d->tape, adjoint->by) ? 1 : path_lanes(d, &gradient->path[p]);
		for (uint32_t lane = 0; lane < lanes; lane++)
			sum->argument[filled++] = term_formula(d, *key, p, lanes > 1 ? lane : key->lane, arena);
	}
	return sum;
}

uint32_t derivation_find(const Derivation *d, Node node, uint32_t lane)
{
	uint32_t name = d->tape->name[node];
	uint32_t first = name < d->names_count ? d->row_of_name[name] : 0;
	return first && tape_varies(d->tape, node) && d->replay->lanes > 1 ? first + lane : first;
}

bool derivation_repeats(const Derivation *d, uint32_t id)
{
	const RowKey *key = &d->row[id - 1];
	if (key->phase != PHASE_GRADIENT)
		return false;
	const Gradient *gradient = d->shown[key->gradient].gradient;
	uint32_t path = gradient_find(gradient, key->node)->paths;
	return key->node == gradient->of || (path != PATH_NONE && gradient->path[path].user == gradient->of &&
	                                     gradient->path[path].next == PATH_NONE);
}

Node derivation_node(const Derivation *d, uint32_t id)
{
	const RowKey *key = &d->row[id - 1];
	if (key->phase == PHASE_GRADIENT)
		return adjoint_node(d, key, key->node);
	if (key->phase != PHASE_PARTIAL && key->phase != PHASE_PATH)
		return key->node;
	const Path *path = &d->shown[key->gradient].gradient->path[key->path];
	return key->phase == PHASE_PARTIAL ? path->partial : path->product;
}

void derivation_row_name(const Derivation *d, uint32_t id, Arena *arena, Row *row)
{
	const RowKey *key = &d->row[id - 1];
	Node node = derivation_node(d, id);
	*row = (Row){.phase = (Phase)key->phase, .id = id, .value = replay_value(d->replay, node, key->lane)};
	if (key->phase == PHASE_PARTIAL)
		row->name = partial_name(d, key, arena);
	else if (key->phase != PHASE_PATH)
		row->name = name_of(d, node, key->lane, arena);
}

static const char *rule_of(const Derivation *d, const RowKey *key)
{
	if (key->phase == PHASE_PARTIAL) {
		Node node = d->shown[key->gradient].gradient->path[key->path].user;
		return op_info[tape_op(d->tape, node)].rule;
	}
	return key->phase == PHASE_PATH || key->phase == PHASE_GRADIENT ? "chain rule" : "";
}

bool derivation_row(const Derivation *d, uint32_t id, Arena *arena, Row *row, Error *error)
{
	const RowKey *key = &d->row[id - 1];
	Error too_long = {0};
	derivation_row_name(d, id, arena, row);
	row->rule = rule_of(d, key);
	switch (row->phase) {
	case PHASE_GIVEN:
		return true;
	case PHASE_FORWARD:
	case PHASE_UPDATE:
		row->formula = build_formula(d, key->node, key->lane, true, arena, &too_long);
		break;
	case PHASE_PARTIAL:
		row->formula = build_formula(d, d->shown[key->gradient].gradient->path[key->path].partial, key->lane, false,
		                             arena, &too_long);
		break;
	case PHASE_PATH:
		row->formula = path_formula(d, key, arena);
		break;
	case PHASE_GRADIENT:
		row->formula = gradient_formula(d, key, row->value, arena);
		break;
	}
	if (too_long.set)
		error_set(error, "%s: %s", quantity_text(row->name, arena), too_long.message);
	return row->formula != NULL;
}
