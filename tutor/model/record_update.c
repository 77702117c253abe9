// What belongs to the update: the gradient of the loss, next values of states, update rules.
#include "tutor/model/recorder.h"

#include "tutor/nearest.h"

#include <stdio.h>
#include <string.h>

// ---- The loss

bool record_loss(Recorder *r)
{
	Model *model = r->model;
	if (model->loss != NODE_NONE)
		model->mean = record_mean(r, model->loss);
	model->forward_end = model->gradient_end = (Node)r->tape->count;
	if (model->loss == NODE_NONE || r->options->no_gradient)
		return true;
	model->gradient = gradient_record(r->tape, model->mean);
	if (r->tape->count > r->limit)
		return record_wrong(r, r->loss_place, "with its gradient, more operations than the limit of %llu",
		                    (unsigned long long)r->limit);
	bool rests = false;
	r->param_gradient = memory_alloc(memory_product(model->param_count, sizeof *r->param_gradient));
	for (size_t i = 0; i < model->param_count; i++) {
		r->param_gradient[i] = gradient_by(r->tape, model->gradient, model->param[i]);
		rests = rests || gradient_find(model->gradient, model->param[i])->paths != PATH_NONE;
	}
	if (!rests)
		return record_wrong(r, r->loss_place, "the loss depends on no param");
	model->gradient_end = (Node)r->tape->count;
	return true;
}

void record_carry(Model *model, Node leaf, Node next)
{
	array_reserve(model->carry, model->carry_count, model->carry_capacity, 1);
	model->carry[model->carry_count++] = (Carry){leaf, next};
}

// ---- The number of the update

Node record_t(Recorder *r)
{
	if (r->model->t == NODE_NONE) {
		r->model->t = tape_leaf(r->tape, OP_STATE, 1, false);
		tape_name_element(r->tape, r->model->t, tape_family(r->tape, "update.t", 8), NULL, 0);
	}
	return r->model->t;
}

void record_t_next(Recorder *r)
{
	if (r->model->t == NODE_NONE)
		return;
	Node next = tape_binary(r->tape, OP_SUM, r->model->t, tape_number(r->tape, 1));
	tape_name_next(r->tape, next, r->model->t);
	record_carry(r->model, r->model->t, next);
}

// ---- s+ = …

static bool add_next(Recorder *r, void *context)
{
	const Statement *s = context;
	const Symbol *symbol;
	char text[ELEMENT_TEXT_SIZE];
	symbol = record_symbol(r, s->left.symbol);
	Node leaf = symbol_element(symbol, r->tape, r->index, r->rank);
	symbol_element_text(text, symbol->name, r->index, r->rank);
	if (leaf == NODE_NONE)
		return record_wrong(r, s->left.place, "'%s' is not defined", text);
	if (nodemap_get(&r->next_of, leaf) != NODEMAP_ABSENT)
		return record_wrong(r, s->left.place, "'%s+' is defined twice", text);
	r->owner = symbol->name;
	Node next = record_right_side(r, s->value);
	if (next == NODE_NONE)
		return false;
	if (tape_varies(r->tape, next))
		return record_wrong(r, s->value->place, "'%s+' must not vary from example to example: take its batch_mean", text);
	tape_name_next(r->tape, next, leaf);
	nodemap_set(&r->next_of, leaf, next);
	record_carry(r->model, leaf, next);
	return true;
}

bool record_next(Recorder *r, const Statement *s)
{
	const Symbol *symbol = record_symbol(r, s->left.symbol);
	if (symbol->kind == SYMBOL_UNDEFINED)
		return record_unknown(r, s->left.place, s->left.symbol);
	if (symbol->kind != SYMBOL_STATE)
		return record_wrong(r, s->left.place, "'%s' is a %s: only a state has a '%s+'", symbol->name,
		                    symbol_kind_text[symbol->kind], symbol->name);
	if (symbol->statement > r->number)
		return record_wrong(r, s->left.place, "'%s' is used before it is defined", symbol->name);
	if (symbol->rank != s->left.rank)
		return record_wrong(r, s->left.place, "'%s' has %u ind%s, not %u", symbol->name, symbol->rank,
		                    symbol->rank == 1 ? "ex" : "ices", s->left.rank);
	r->updating = true;
	bool well = record_elements(r, &s->left, add_next, (void *)s);
	r->updating = false;
	return well;
}

// ---- Which rule, which arguments, which params

static const Rule *find_rule(const Recorder *r, uint32_t symbol)
{
	const Rule *rule = r->syntax->rule;
	while (rule && rule->symbol != symbol)
		rule = rule->next;
	return rule;
}

static bool unknown_rule(Recorder *r, const Statement *s)
{
	const Symbol *name = record_symbol(r, s->left.symbol);
	Nearest nearest = nearest_start(name->name, name->length);
	for (const Rule *rule = r->syntax->rule; rule; rule = rule->next)
		nearest_offer(&nearest, record_symbol(r, rule->symbol)->name);
	if (nearest.name)
		return record_wrong(r, s->left.place, "unknown update rule '%s'; did you mean '%s'?", name->name, nearest.name);
	return record_wrong(r, s->left.place, "unknown update rule '%s'", name->name);
}

// The place of an argument among those of the rule, or their number.
static uint32_t place_of(const Rule *rule, uint32_t symbol)
{
	uint32_t i = 0;
	while (i < rule->argument_count && rule->argument[i].symbol != symbol)
		i++;
	return i;
}

static bool unknown_argument(Recorder *r, const Rule *rule, const Argument *argument)
{
	const Symbol *name = record_symbol(r, argument->symbol);
	const char *rule_name = record_symbol(r, rule->symbol)->name;
	Nearest nearest = nearest_start(name->name, name->length);
	for (uint32_t i = 0; i < rule->argument_count; i++)
		nearest_offer(&nearest, record_symbol(r, rule->argument[i].symbol)->name);
	if (nearest.name)
		return record_wrong(r, argument->place, "rule '%s' has no argument '%s'; did you mean '%s'?", rule_name,
		                    name->name, nearest.name);
	char known[200] = "";
	size_t size = 0;
	for (uint32_t i = 0; i < rule->argument_count && size < sizeof known; i++)
		size += (size_t)snprintf(known + size, sizeof known - size, "%s%s", i ? ", " : "; it has ",
		                         record_symbol(r, rule->argument[i].symbol)->name);
	return record_wrong(r, argument->place, "rule '%s' has no argument '%s'%s", rule_name, name->name, known);
}

static const Argument *given(const Statement *s, uint32_t symbol)
{
	for (uint32_t i = 0; i < s->argument_count; i++)
		if (s->argument[i].symbol == symbol)
			return &s->argument[i];
	return NULL;
}

static bool check_arguments(Recorder *r, const Statement *s, const Rule *rule)
{
	for (uint32_t i = 0; i < s->argument_count; i++)
		if (place_of(rule, s->argument[i].symbol) == rule->argument_count)
			return unknown_argument(r, rule, &s->argument[i]);
	for (uint32_t i = 0; i < rule->argument_count; i++)
		if (!rule->argument[i].value && !given(s, rule->argument[i].symbol))
			return record_wrong(r, s->left.place, "rule '%s' needs the argument '%s'",
			                    record_symbol(r, rule->symbol)->name, record_symbol(r, rule->argument[i].symbol)->name);
	return true;
}

static bool take_params(Recorder *r, const Statement *s)
{
	if (!s->on_count && r->rest_update != SYMBOL_NONE)
		return record_wrong(r, s->place, "a second 'update' without 'on': its params would be updated twice");
	if (!s->on_count)
		r->rest_update = r->updates;
	for (uint32_t i = 0; i < s->on_count; i++) {
		Symbol *symbol = record_symbol(r, s->on[i].symbol);
		if (symbol->kind == SYMBOL_UNDEFINED)
			return record_unknown(r, s->on[i].place, s->on[i].symbol);
		if (symbol->kind != SYMBOL_PARAM)
			return record_wrong(r, s->on[i].place, "'%s' is a %s, not a param", symbol->name,
			                    symbol_kind_text[symbol->kind]);
		if (symbol->update != SYMBOL_NONE)
			return record_wrong(r, s->on[i].place, "'%s' is updated twice", symbol->name);
		symbol->update = r->updates;
	}
	return true;
}

// In the first pass, so that errors come in the order of the text.
bool record_check_update(Recorder *r, const Statement *s)
{
	const Rule *rule = find_rule(r, s->left.symbol);
	if (!rule)
		return unknown_rule(r, s);
	if (!rule->built_in && rule->number > s->number)
		return record_wrong(r, s->left.place, "rule '%s' is used before it is defined",
		                    record_symbol(r, rule->symbol)->name);
	if (!check_arguments(r, s, rule) || !take_params(r, s))
		return false;
	r->updates++;
	return true;
}

// ---- Arguments

// The value of an expression of numbers and sizes alone.
static bool plain_number(Recorder *r, const Expr *expr, double *value)
{
	Error none = {0}, *error = r->error;
	r->error = &none;
	r->plain_only = true;
	bool well = record_number(r, expr, value);
	r->plain_only = false;
	r->error = error;
	return well;
}

// A bare name of a const or state stands for itself in the rule; NODE_NONE for anything else.
static Node bare_leaf(Recorder *r, const Expr *expr)
{
	Error none = {0}, *error = r->error;
	if (expr->kind != EXPR_NAME && expr->kind != EXPR_ELEMENT)
		return NODE_NONE;
	r->error = &none;
	Node node = record(r, expr);
	r->error = error;
	if (node == NODE_NONE)
		return node;
	return tape_op(r->tape, node) == OP_CONST || tape_op(r->tape, node) == OP_STATE ? node : NODE_NONE;
}

static Node computed_argument(Recorder *r, const Expr *expr, const char *name)
{
	r->owner = name;
	r->rank = 0;
	Node node = record_right_side(r, expr);
	if (node != NODE_NONE && tape_varies(r->tape, node))
		return record_wrong(r, expr->place, "an argument must not vary from example to example"), NODE_NONE;
	return node;
}

// 0 and 1 are plain numbers, so that they fold; else a const, or where it is computed a step, named update.rate.
static Node record_argument(Recorder *r, const Expr *expr, const char *name)
{
	double value;
	Node node;
	if (!plain_number(r, expr, &value)) {
		if ((node = bare_leaf(r, expr)) != NODE_NONE)
			return node;
		node = computed_argument(r, expr, name);
	} else if (value == 0 || value == 1) {
		return tape_number(r->tape, value);
	} else {
		node = tape_leaf(r->tape, OP_CONST, value, false);
	}
	if (node != NODE_NONE)
		tape_name_element(r->tape, node, tape_family(r->tape, name, strlen(name)), NULL, 0);
	return node;
}

// The rule's arguments go to the slots of its frame at `base`.
static bool record_arguments(Recorder *r, const Statement *s, const Rule *rule, size_t base, uint32_t update)
{
	for (uint32_t i = 0; i < rule->argument_count; i++) {
		const Argument *mine = given(s, rule->argument[i].symbol);
		char name[ELEMENT_TEXT_SIZE], number[16] = "";
		if (update)
			snprintf(number, sizeof number, "%u", update + 1);
		snprintf(name, sizeof name, "update%s.%s", number, record_symbol(r, rule->argument[i].symbol)->name);
		r->rule = mine ? NULL : rule;
		Node node = record_argument(r, mine ? mine->value : rule->argument[i].value, name);
		r->rule = NULL;
		if (node == NODE_NONE)
			return false;
		r->local[base + RULE_FIRST_ARGUMENT + i] = (Local){.node = node};
	}
	return true;
}

// ---- The statement

bool record_update(Recorder *r, const Statement *s)
{
	const Rule *rule = find_rule(r, s->left.symbol);
	if (r->model->loss == NODE_NONE)
		return record_wrong(r, s->place, "'update' without a 'minimize'");
	uint32_t update = r->updates++;
	size_t old = r->base, base = record_enter(r, rule->slots);
	record_prepare(r, rule);
	r->updating = true;
	bool well = record_arguments(r, s, rule, base, update);
	r->rule = rule;
	r->base = base;
	r->owner = record_symbol(r, rule->symbol)->name;
	well = well && record_rules(r, rule, !s->on_count, update);
	r->rule = NULL;
	r->cache = NULL;
	r->base = old;
	r->updating = false;
	return well;
}
