// What is known before recording: numbers, sizes, indices, consts, and what is computed of them. Ranges and the elements
// that a name stands for rest on nothing else.
#include "tutor/model/recorder.h"

#include "tutor/nearest.h"

#include <assert.h>
#include <math.h>
#include <string.h>

// ---- Names

bool record_unknown(Recorder *r, Place place, uint32_t symbol)
{
	const Symbol *name = record_symbol(r, symbol);
	if (name->later && !(r->rule && r->rule->built_in))
		return record_wrong(r, place, "'%s' is used before it is defined", name->name);
	Nearest nearest = nearest_start(name->name, name->length);
	for (size_t i = 0; i < r->syntax->symbols.count; i++)
		if (r->syntax->symbols.symbol[i].kind != SYMBOL_UNDEFINED)
			nearest_offer(&nearest, r->syntax->symbols.symbol[i].name);
	if (r->updating)
		nearest_offer(&nearest, "t");
	if (nearest.name)
		return record_wrong(r, place, "unknown name '%s'; did you mean '%s'?", name->name, nearest.name);
	return record_wrong(r, place, "unknown name '%s'", name->name);
}

// An update rule sees sizes and consts only; a built-in one nothing of the model.
static bool is_visible(const Recorder *r, const Symbol *symbol)
{
	return !r->rule || (!r->rule->built_in && (symbol->kind == SYMBOL_SIZE || symbol->kind == SYMBOL_CONST));
}

static bool check_name(Recorder *r, const Expr *expr, const Symbol *symbol)
{
	if (symbol->kind == SYMBOL_UNDEFINED || (r->rule && r->rule->built_in))
		return record_unknown(r, expr->place, expr->symbol);
	if (!is_visible(r, symbol))
		return record_wrong(r, expr->place, "'%s' is a %s: an update rule sees w, g, t, its arguments and states, "
		                    "sizes and consts", symbol->name, symbol_kind_text[symbol->kind]);
	if (r->second_pass && symbol->statement > r->number)
		return record_wrong(r, expr->place, "'%s' is used before it is defined", symbol->name);
	if (symbol->kind == SYMBOL_DEF)
		return record_wrong(r, expr->place, "'%s' is a function: expected '('", symbol->name);
	if (symbol->rank == expr->count && (expr->count > 0) == (expr->kind == EXPR_ELEMENT))
		return true;
	if (expr->kind == EXPR_NAME)
		return record_wrong(r, expr->place, "'%s' is a family: its index is missing", symbol->name);
	if (symbol->rank == 0)
		return record_wrong(r, expr->place, "'%s' is no family: it has no index", symbol->name);
	return record_wrong(r, expr->place, "'%s' has %u ind%s, not %u", symbol->name, symbol->rank,
	                    symbol->rank == 1 ? "ex" : "ices", expr->count);
}

static bool not_there(Recorder *r, const Expr *expr, const Symbol *symbol, const int32_t *index)
{
	char element[ELEMENT_TEXT_SIZE], known[ELEMENT_TEXT_SIZE];
	symbol_element_text(element, symbol->name, index, symbol->rank);
	symbol_elements_text(known, symbol, record_home(r, symbol));
	return record_wrong(r, expr->place, "'%s' is not defined; '%s' has %s%s", element, symbol->name,
	                    *known ? known : "no elements", r->second_pass ? "" : " so far");
}

bool record_reference(Recorder *r, const Expr *expr, const Symbol **symbol, Node *node)
{
	int32_t index[RANK_LIMIT];
	*symbol = record_symbol(r, expr->symbol);
	if (!check_name(r, expr, *symbol))
		return false;
	for (uint32_t i = 0; i < expr->count; i++)
		if (!record_whole(r, expr->item[i], &index[i]))
			return false;
	*node = symbol_element(*symbol, record_home(r, *symbol), index, expr->count);
	return *node != NODE_NONE || not_there(r, expr, *symbol, index);
}

// ---- Ranges

static bool too_much(Recorder *r, Place place)
{
	return record_wrong(r, place, "more than the limit of %llu terms and elements", (unsigned long long)r->limit * 4);
}

bool record_bounds(Recorder *r, const Range *range, int32_t *low, int32_t *high)
{
	*low = 0;
	if (!record_whole(r, range->low, low))
		return false;
	*high = *low;
	return !range->high || record_whole(r, range->high, high);
}

// `rounds` is what the ranges outside multiply to. A product far beyond the limit is seen before anything is recorded;
// ranges that get shorter from round to round come to half of it at the least.
static bool go_through(Recorder *r, const Range *range, uint32_t count, double rounds, RecordEach *each, void *context)
{
	int32_t low, high;
	if (count == 0)
		return each(r, context);
	if (!record_bounds(r, range, &low, &high))
		return false;
	uint64_t width = low <= high ? (uint64_t)((int64_t)high - low + 1) : 1;
	r->work += width;
	if (r->work > r->limit * 4 || rounds * (double)width > 8.0 * (double)r->limit)
		return too_much(r, range->place);
	for (int64_t i = low; i <= high; i++) {
		record_set_index(r, range->slot, (int32_t)i);
		if (!go_through(r, range + 1, count - 1, rounds * (double)width, each, context))
			return false;
	}
	return true;
}

bool record_ranges(Recorder *r, const Range *range, uint32_t count, RecordEach *each, void *context)
{
	return go_through(r, range, count, 1, each, context);
}

// ---- Functions

size_t record_enter(Recorder *r, uint32_t slots)
{
	size_t base = r->top;
	array_reserve(r->local, r->top, r->local_capacity, slots);
	r->top += slots;
	return base;
}

// The function of this language that goes by another name elsewhere; NULL if there is none.
static const char *known_elsewhere(const char *name)
{
	static const char *const pair[][2] = {{"ln", "log"},          {"logistic", "sigmoid"}, {"expit", "sigmoid"},
	                                      {"fabs", "abs"},        {"maximum", "max"},      {"minimum", "min"},
	                                      {"heaviside", "step"},  {"mean", "batch_mean"},  {"stop_gradient", "detach"},
	                                      {"product", "prod"},    {"summe", "sum"},        {"lrelu", "leaky_relu"}};
	for (size_t i = 0; i < sizeof pair / sizeof *pair; i++)
		if (strcmp(name, pair[i][0]) == 0)
			return pair[i][1];
	return NULL;
}

bool record_function(Recorder *r, const Expr *expr, const Statement **def)
{
	const Symbol *symbol = record_symbol(r, expr->symbol);
	bool visible = !(r->rule && r->rule->built_in);
	if (visible && symbol->kind != SYMBOL_DEF && symbol->kind != SYMBOL_UNDEFINED)
		return record_wrong(r, expr->place, "'%s' is a %s, not a function", symbol->name,
		                    symbol_kind_text[symbol->kind]);
	if (!visible || symbol->kind == SYMBOL_UNDEFINED) {
		if (symbol->later)
			return record_unknown(r, expr->place, expr->symbol);
		Nearest nearest = nearest_start(symbol->name, symbol->length);
		for (size_t i = 0; i < function_count; i++)
			nearest_offer(&nearest, function_table[i].name);
		for (size_t i = 0; i < r->syntax->symbols.count; i++)
			if (r->syntax->symbols.symbol[i].kind == SYMBOL_DEF)
				nearest_offer(&nearest, r->syntax->symbols.symbol[i].name);
		if (!nearest.name)
			nearest.name = known_elsewhere(symbol->name);
		return record_wrong(r, expr->place, "unknown function '%s'%s%s%s", symbol->name,
		                    nearest.name ? "; did you mean '" : "", nearest.name ? nearest.name : "",
		                    nearest.name ? "'?" : "");
	}
	*def = symbol->def;
	if ((r->def && r->def->number <= symbol->def->number) || (r->second_pass && symbol->statement > r->number))
		return record_wrong(r, expr->place, "function '%s' is used before it is defined", symbol->name);
	if (symbol->def->argument_count == expr->count)
		return true;
	return record_wrong(r, expr->place, "'%s' takes %u argument%s, not %u", symbol->name,
	                    symbol->def->argument_count, symbol->def->argument_count == 1 ? "" : "s", expr->count);
}

// ---- Values, one function a kind of expression

typedef bool Evaluate(Recorder *r, const Expr *expr, double *value);

static bool not_known(Recorder *r, const Expr *expr, double *value)
{
	(void)value;
	return record_wrong(r, expr->place, "this must be known before recording: only numbers, sizes, indices and consts "
	                    "may stand here");
}

static bool of_number(Recorder *r, const Expr *expr, double *value)
{
	(void)r;
	*value = expr->number;
	return true;
}

static bool is_known_node(const Recorder *r, Node node)
{
	return tape_is_number(r->tape, node) || (tape_op(r->tape, node) == OP_CONST && !r->plain_only);
}

static bool of_local(Recorder *r, const Expr *expr, double *value)
{
	const Local *local = &r->local[r->base + expr->slot];
	if (!local->known && !is_known_node(r, local->node))
		return not_known(r, expr, value);
	*value = local->known ? local->value : r->tape->value[local->node];
	return true;
}

static bool of_reference(Recorder *r, const Expr *expr, double *value)
{
	const Symbol *symbol;
	Node node;
	if (!record_reference(r, expr, &symbol, &node))
		return false;
	if (symbol->kind != SYMBOL_SIZE && !is_known_node(r, node))
		return record_wrong(r, expr->place, "'%s' is a %s: only numbers, sizes, indices and consts are known before "
		                    "recording", symbol->name, symbol_kind_text[symbol->kind]);
	*value = record_home(r, symbol)->value[node];
	return true;
}

static bool of_list(Recorder *r, const Expr *expr, double *value)
{
	(void)value;
	return record_wrong(r, expr->place, "a list where one value is wanted; a family has a range, as in x[1..3]");
}

static bool of_chain(Recorder *r, const Expr *expr, double *value)
{
	for (uint32_t i = 0; i < expr->count; i++) {
		double item;
		if (!record_number(r, expr->item[i], &item))
			return false;
		if (i == 0)
			*value = item;
		else if (expr->kind == EXPR_SUM)
			*value += expr->inverse[i] ? -item : item;
		else
			*value = expr->inverse[i] ? *value / item : *value * item;
	}
	return true;
}

static bool of_negative(Recorder *r, const Expr *expr, double *value)
{
	bool well = record_number(r, expr->item[0], value);
	*value = -*value;
	return well;
}

static bool of_power(Recorder *r, const Expr *expr, double *value)
{
	double a[2];
	if (!record_number(r, expr->item[0], &a[0]) || !record_number(r, expr->item[1], &a[1]))
		return false;
	bool whole = a[1] == floor(a[1]) && fabs(a[1]) <= 64;
	*value = op_value(whole ? OP_INTPOWER : OP_POWER, a, 2);
	return true;
}

// `a op b`, where there may be no `a` yet.
static double fold(Op op, double a, double b, bool first)
{
	return first ? b : op_value(op, (double[]){a, b}, 2);
}

static bool of_call(Recorder *r, const Expr *expr, double *value)
{
	Op op = (Op)expr->op;
	double a[2] = {0, 0};
	if (op == OP_ARGMAX || op == OP_ARGMIN)
		return not_known(r, expr, value);
	for (uint32_t i = 0; i < expr->count; i++) {
		double item;
		if (!record_number(r, expr->item[i], &item))
			return false;
		if (op_info[op].arity == ARITY_NARY)
			*value = fold(op, i ? *value : 0, item, i == 0);
		else
			a[i] = item;
	}
	if (op_info[op].arity != ARITY_NARY)
		*value = op_value(op, a, expr->count);
	return true;
}

typedef struct Reduction {
	const Expr *expr;
	double value;
	bool any;
} Reduction;

static bool reduce_one(Recorder *r, void *context)
{
	Reduction *reduction = context;
	double item;
	if (!record_number(r, reduction->expr->item[0], &item))
		return false;
	reduction->value = fold((Op)reduction->expr->op, reduction->value, item, !reduction->any);
	reduction->any = true;
	return true;
}

static bool of_reduction(Recorder *r, const Expr *expr, double *value)
{
	Reduction reduction = {.expr = expr, .value = expr->op == OP_PROD};
	if (!record_ranges(r, expr->range, expr->range_count, reduce_one, &reduction))
		return false;
	*value = reduction.value;
	if (!reduction.any && expr->op != OP_SUM && expr->op != OP_PROD)
		return record_wrong(r, expr->place, "'%s' over an empty range", op_info[expr->op].text);
	return true;
}

static bool of_function(Recorder *r, const Expr *expr, double *value)
{
	const Statement *def = NULL, *outer = r->def;
	if (!record_function(r, expr, &def))
		return false;
	assert(def);
	size_t old = r->base, base = record_enter(r, def->slots);
	for (uint32_t i = 0; i < expr->count; i++) {
		double item;
		if (!record_number(r, expr->item[i], &item))
			return false;
		r->local[base + i] = (Local){.value = item, .known = true};
	}
	r->base = base;
	r->def = def;
	bool well = record_number(r, def->value, value);
	r->def = outer;
	r->base = old;
	r->top = base;
	return well;
}

static Evaluate *const evaluate[EXPR_KINDS] = {
	[EXPR_NUMBER] = of_number, [EXPR_LOCAL] = of_local, [EXPR_NAME] = of_reference, [EXPR_ELEMENT] = of_reference,
	[EXPR_LIST] = of_list, [EXPR_SUM] = of_chain, [EXPR_PRODUCT] = of_chain, [EXPR_NEGATIVE] = of_negative,
	[EXPR_POWER] = of_power, [EXPR_CALL] = of_call, [EXPR_REDUCE] = of_reduction, [EXPR_DEF] = of_function,
	[EXPR_BATCH_MEAN] = not_known, [EXPR_GRAD] = not_known,
};

bool record_number(Recorder *r, const Expr *expr, double *value)
{
	*value = 0;
	if (++r->work > r->limit * 4)
		return too_much(r, expr->place);
	if (r->depth >= RECORD_DEPTH_LIMIT)
		return record_wrong(r, expr->place, "expressions nested deeper than the limit of %d", RECORD_DEPTH_LIMIT);
	r->depth++;
	bool well = evaluate[expr->kind](r, expr, value);
	r->depth--;
	return well;
}

bool record_whole(Recorder *r, const Expr *expr, int32_t *value)
{
	double number;
	if (expr->kind == EXPR_LOCAL && r->local[r->base + expr->slot].known)
		number = r->local[r->base + expr->slot].value;
	else if (!record_number(r, expr, &number))
		return false;
	if (!(number >= INT32_MIN && number <= INT32_MAX))
		return record_wrong(r, expr->place, "%g is beyond the limit of an index, %d", number, INT32_MAX);
	*value = (int32_t)number;
	return *value == number || record_wrong(r, expr->place, "an index must be whole, and this is %g", number);
}
