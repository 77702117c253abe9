// Expressions become nodes, exactly as written; in update rules simplified where a number is 0 or 1.
#include "tutor/model/recorder.h"

#include "core/algebra.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- Operations

static bool any_number(const Recorder *r, const Node *node, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (tape_is_number(r->tape, node[i]))
			return true;
	return false;
}

static Node build(Recorder *r, Op op, Node a, Node b)
{
	bool simplify = r->rule && any_number(r, (Node[]){a, b}, 2);
	if (op == OP_SUB)
		return simplify ? algebra_sub(r->tape, a, b) : tape_binary(r->tape, op, a, b);
	if (op == OP_DIV)
		return simplify ? algebra_div(r->tape, a, b) : tape_binary(r->tape, op, a, b);
	return simplify ? algebra_power(r->tape, a, b) : tape_power(r->tape, a, b);
}

// The stack's nodes from `from` on become one SUM, PROD, MAX or MIN; one alone stays what it is.
static Node build_list(Recorder *r, Op op, size_t from)
{
	const Node *node = r->stack + from;
	size_t count = r->stack_count - from;
	r->stack_count = from;
	if (count == 1)
		return node[0];
	if (r->rule && (op == OP_SUM || op == OP_PROD) && any_number(r, node, count))
		return op == OP_SUM ? algebra_sum(r->tape, node, count) : algebra_product(r->tape, node, count);
	return tape_nary(r->tape, op, node, count);
}

static void push(Recorder *r, Node node)
{
	array_reserve(r->stack, r->stack_count, r->stack_capacity, 1);
	r->stack[r->stack_count++] = node;
}

// ---- One function a kind of expression

typedef Node Record(Recorder *r, const Expr *expr);

static Node of_number(Recorder *r, const Expr *expr)
{
	return tape_number(r->tape, expr->number);
}

static Node of_local(Recorder *r, const Expr *expr)
{
	const Local *local = &r->local[r->base + expr->slot];
	return local->known ? tape_number(r->tape, local->value) : local->node;
}

static Node of_reference(Recorder *r, const Expr *expr)
{
	const Symbol *symbol;
	Node node;
	if (!record_reference(r, expr, &symbol, &node))
		return NODE_NONE;
	return symbol->kind == SYMBOL_SIZE ? tape_number(r->tape, r->sizes.value[node]) : node;
}

// True where a bare `t` is the number of the update: no own scalar that is seen here hides it.
static bool is_update_number(const Recorder *r, const Expr *expr)
{
	if (!r->updating || expr->symbol != r->t_symbol)
		return false;
	const Symbol *own = record_symbol(r, expr->symbol);
	if (r->rule)
		return r->rule->built_in || (own->kind != SYMBOL_SIZE && own->kind != SYMBOL_CONST) || own->rank;
	return own->kind == SYMBOL_UNDEFINED || own->rank;
}

static Node of_name(Recorder *r, const Expr *expr)
{
	if (is_update_number(r, expr))
		return record_t(r);
	if (expr->symbol == r->batch_size_symbol)
		return record_batch_size(r);
	return of_reference(r, expr);
}

static Node of_list(Recorder *r, const Expr *expr)
{
	return record_wrong(r, expr->place, "a list where one value is wanted; a family has a range, as in x[1..3]"), NODE_NONE;
}

// a + b + c is one SUM of three; in a - b + c the difference is the first term.
static Node of_chain(Recorder *r, const Expr *expr)
{
	Op plain = expr->kind == EXPR_SUM ? OP_SUM : OP_PROD;
	size_t from = r->stack_count;
	for (uint32_t i = 0; i < expr->count; i++) {
		Node node = record(r, expr->item[i]);
		if (node == NODE_NONE)
			return node;
		if (expr->inverse[i])
			node = build(r, plain == OP_SUM ? OP_SUB : OP_DIV, build_list(r, plain, from), node);
		push(r, node);
	}
	return build_list(r, plain, from);
}

static Node of_negative(Recorder *r, const Expr *expr)
{
	if (expr->item[0]->kind == EXPR_NUMBER)
		return tape_number(r->tape, -expr->item[0]->number);
	Node node = record(r, expr->item[0]);
	if (node == NODE_NONE)
		return node;
	return r->rule && tape_is_number(r->tape, node) ? algebra_neg(r->tape, node) : tape_unary(r->tape, OP_NEG, node);
}

static Node of_power(Recorder *r, const Expr *expr)
{
	Node base = record(r, expr->item[0]);
	Node exponent = base == NODE_NONE ? base : record(r, expr->item[1]);
	return exponent == NODE_NONE ? exponent : build(r, OP_POWER, base, exponent);
}

static Node of_call(Recorder *r, const Expr *expr)
{
	Op op = (Op)expr->op;
	size_t from = r->stack_count;
	for (uint32_t i = 0; i < expr->count; i++) {
		Node node = record(r, expr->item[i]);
		if (node == NODE_NONE)
			return node;
		push(r, node);
	}
	if (op == OP_MAX || op == OP_MIN)
		return build_list(r, op, from);
	r->stack_count = from;
	return tape_apply(r->tape, op, r->stack + from, expr->count);
}

static bool push_term(Recorder *r, void *context)
{
	Node node = record(r, ((const Expr *)context)->item[0]);
	if (node == NODE_NONE)
		return false;
	push(r, node);
	return true;
}

static Node of_reduction(Recorder *r, const Expr *expr)
{
	size_t from = r->stack_count;
	if (!record_ranges(r, expr->range, expr->range_count, push_term, (void *)expr))
		return NODE_NONE;
	if (r->stack_count > from)
		return build_list(r, (Op)expr->op, from);
	if (expr->op == OP_SUM || expr->op == OP_PROD)
		return tape_number(r->tape, expr->op == OP_PROD);
	return record_wrong(r, expr->place, "'%s' over an empty range", op_info[expr->op].text), NODE_NONE;
}

// An index goes to a function as it is, so that it may be an index there too.
static bool argument(Recorder *r, const Expr *expr, Local *local)
{
	if (expr->kind == EXPR_LOCAL && r->local[r->base + expr->slot].known) {
		*local = r->local[r->base + expr->slot];
		return true;
	}
	*local = (Local){.node = record(r, expr)};
	return local->node != NODE_NONE;
}

static Node of_function(Recorder *r, const Expr *expr)
{
	const Statement *def, *outer = r->def;
	if (!record_function(r, expr, &def))
		return NODE_NONE;
	size_t old = r->base, base = record_enter(r, def->slots);
	for (uint32_t i = 0; i < expr->count; i++) {
		Local local;
		if (!argument(r, expr->item[i], &local))
			return NODE_NONE;
		r->local[base + i] = local;
	}
	r->base = base;
	r->def = def;
	Node node = record(r, def->value);
	r->def = outer;
	r->base = old;
	r->top = base;
	return node;
}

// ---- Batches

Node record_batch_size(Recorder *r)
{
	Model *model = r->model;
	if (!r->varies)
		return tape_number(r->tape, 1);
	if (model->batch_size == NODE_NONE) {
		double examples = model->examples ? (double)model->examples : 1;
		model->batch_size = tape_leaf(r->tape, OP_BATCH_SIZE, examples, false);
		tape_name_element(r->tape, model->batch_size, tape_family(r->tape, "batch_size", 10), NULL, 0);
	}
	return model->batch_size;
}

static Node plain_mean(Recorder *r, Node node)
{
	return tape_varies(r->tape, node) ? tape_batch_mean(r->tape, node, record_batch_size(r)) : node;
}

// Within a larger formula a batch mean is a step of its own: xh.mean[1], then xh.mean2[1].
static Node of_batch_mean(Recorder *r, const Expr *expr)
{
	Node node = record(r, expr->item[0]);
	if (node == NODE_NONE || !tape_varies(r->tape, node))
		return node;
	node = plain_mean(r, node);
	char name[ELEMENT_TEXT_SIZE];
	int size = r->means++ ? snprintf(name, sizeof name, "%s.mean%u", r->owner, r->means)
	                      : snprintf(name, sizeof name, "%s.mean", r->owner);
	tape_name_element(r->tape, node, tape_family(r->tape, name, (size_t)size), r->index, r->rank);
	return node;
}

Node record_mean(Recorder *r, Node step)
{
	if (!tape_varies(r->tape, step))
		return step;
	uint32_t found = nodemap_get(&r->mean_of, step);
	if (found != NODEMAP_ABSENT)
		return found;
	Node mean = plain_mean(r, step);
	tape_name_as(r->tape, mean, r->tape->names[r->tape->name[step]]);
	nodemap_set(&r->mean_of, step, mean);
	return mean;
}

// ---- Derivatives

static Node named(Recorder *r, const Expr *expr, const char *what)
{
	Node node = record(r, expr);
	if (node == NODE_NONE || (tape_named(r->tape, node) && tape_op(r->tape, node) != OP_BATCH_SIZE))
		return node;
	return record_wrong(r, expr->place, "'grad' takes %s, not an expression", what), NODE_NONE;
}

static Node of_grad(Recorder *r, const Expr *expr)
{
	Node of = named(r, expr->item[0], "the derivative of a step, given by its name");
	Node by = of == NODE_NONE ? of : named(r, expr->item[1], "the name of a step, param or input");
	if (by == NODE_NONE)
		return by;
	if (tape_is_leaf(r->tape, of))
		return record_wrong(r, expr->item[0]->place, "'grad' takes the derivative of a step"), NODE_NONE;
	Node mean = record_mean(r, of);
	// A gradient may be some times as long as the tape so far, and gradients of gradients grow on.
	if (!gradient_kept(r->tape, mean) && r->tape->count > r->limit / 4)
		return record_wrong(r, expr->place, "with this gradient, more operations than the limit of %llu",
		                    (unsigned long long)r->limit), NODE_NONE;
	return gradient_by(r->tape, gradient_record(r->tape, mean), by);
}

// ---- All of them

static Record *const record_kind[EXPR_KINDS] = {
	[EXPR_NUMBER] = of_number, [EXPR_LOCAL] = of_local, [EXPR_NAME] = of_name, [EXPR_ELEMENT] = of_reference,
	[EXPR_LIST] = of_list, [EXPR_SUM] = of_chain, [EXPR_PRODUCT] = of_chain, [EXPR_NEGATIVE] = of_negative,
	[EXPR_POWER] = of_power, [EXPR_CALL] = of_call, [EXPR_REDUCE] = of_reduction, [EXPR_DEF] = of_function,
	[EXPR_BATCH_MEAN] = of_batch_mean, [EXPR_GRAD] = of_grad,
};

static Node record_anew(Recorder *r, const Expr *expr)
{
	if (r->tape->count > r->limit || ++r->work > r->limit * 4)
		return record_wrong(r, expr->place, "more operations than the limit of %llu", (unsigned long long)r->limit),
		       NODE_NONE;
	if (r->depth >= RECORD_DEPTH_LIMIT)
		return record_wrong(r, expr->place, "expressions nested deeper than the limit of %d", RECORD_DEPTH_LIMIT),
		       NODE_NONE;
	r->depth++;
	Node node = record_kind[expr->kind](r, expr);
	r->depth--;
	return node;
}

Node record(Recorder *r, const Expr *expr)
{
	if (!expr->cache || !r->cache)
		return record_anew(r, expr);
	Node *kept = &r->cache[expr->cache - 1];
	if (*kept == NODE_NONE)
		*kept = record_anew(r, expr);
	return *kept;
}

Node record_right_side(Recorder *r, const Expr *expr)
{
	Node since = (Node)r->tape->count, node;
	r->means = 0;
	if (expr->kind == EXPR_BATCH_MEAN) {
		node = record(r, expr->item[0]);
		node = node == NODE_NONE ? node : plain_mean(r, node);
	} else {
		node = record_anew(r, expr);
	}
	return node == NODE_NONE ? node : tape_step(r->tape, node, since);
}
