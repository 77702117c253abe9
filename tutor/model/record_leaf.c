// Declared names: size, const, input, target, param, state.
#include "tutor/model/recorder.h"

#include "core/random.h"

#include <string.h>

static const Op leaf_op[SYMBOL_KINDS] = {
	[SYMBOL_SIZE] = OP_CONST, [SYMBOL_CONST] = OP_CONST, [SYMBOL_INPUT] = OP_INPUT, [SYMBOL_TARGET] = OP_TARGET,
	[SYMBOL_PARAM] = OP_PARAM, [SYMBOL_STATE] = OP_STATE,
};

bool record_define(Recorder *r, const Left *left, SymbolKind kind)
{
	Symbol *symbol = record_symbol(r, left->symbol);
	if (symbol->kind == SYMBOL_UNDEFINED) {
		symbol->kind = (uint8_t)kind;
		symbol->rank = (uint8_t)left->rank;
		symbol->statement = r->number;
		symbol->family = tape_family(record_home(r, symbol), symbol->name, symbol->length);
		return true;
	}
	const char *what = symbol_kind_text[symbol->kind];
	if (symbol->kind != kind)
		return record_wrong(r, left->place, "'%s' is defined twice: it is a %s already", symbol->name, what);
	if ((symbol->rank == 0) != (left->rank == 0))
		return record_wrong(r, left->place, "'%s' cannot be both a scalar and a family", symbol->name);
	if (symbol->rank != left->rank)
		return record_wrong(r, left->place, "'%s' has %u ind%s, not %u", symbol->name, symbol->rank,
		                    symbol->rank == 1 ? "ex" : "ices", left->rank);
	return true;
}

bool record_is_new(Recorder *r, const Left *left)
{
	const Symbol *symbol = record_symbol(r, left->symbol);
	if (!symbol->count || symbol_element(symbol, record_home(r, symbol), r->index, left->rank) == NODE_NONE)
		return true;
	char text[ELEMENT_TEXT_SIZE];
	return record_wrong(r, left->place, "'%s' is defined twice",
	                    symbol_element_text(text, symbol->name, r->index, left->rank));
}

// ---- Elements

typedef struct Elements {
	const Left *left;
	RecordEach *each;
	void *context;
} Elements;

static bool take_index(Recorder *r, void *context)
{
	const Elements *elements = context;
	r->rank = elements->left->rank;
	for (uint32_t i = 0; i < r->rank; i++)
		r->index[i] = (int32_t)r->local[r->base + elements->left->range[i].slot].value;
	return elements->each(r, elements->context);
}

bool record_elements(Recorder *r, const Left *left, RecordEach *each, void *context)
{
	Elements elements = {left, each, context};
	return record_ranges(r, left->range, left->rank, take_index, &elements);
}

// ---- Start values

typedef struct Leaf {
	const Statement *statement;
	Symbol *symbol;
	uint64_t key;              // of random draws
	bool same;                 // `value` and `second` are the same for all elements, and known
	bool may_be_there;         // some elements may be defined already
	double value, second;
	uint32_t elements;
	Node last;
} Leaf;

// Whether an expression rests on a slot of the left side.
static bool rests_on_index(const Expr *expr, uint32_t first_slot)
{
	if (expr->kind == EXPR_LOCAL)
		return expr->slot >= first_slot;
	for (uint32_t i = 0; i < expr->count; i++)
		if (rests_on_index(expr->item[i], first_slot))
			return true;
	for (uint32_t i = 0; i < expr->range_count; i++)
		if (rests_on_index(expr->range[i].low, first_slot) || rests_on_index(expr->range[i].high, first_slot))
			return true;
	return false;
}

static bool is_same_for_all(const Statement *s)
{
	return !s->left.rank || !(rests_on_index(s->value, s->left.range[0].slot) ||
	                          (s->second && rests_on_index(s->second, s->left.range[0].slot)));
}

// The expression for the element in r->index: nested lists are followed along the ranges.
static bool list_item(Recorder *r, const Left *left, const Expr **value)
{
	const Expr *list = *value;
	if (list->kind != EXPR_LIST)
		return true;
	for (uint32_t i = 0; i < left->rank; i++) {
		int32_t low, high;
		if (!left->range[i].high)
			continue;
		if (!record_bounds(r, &left->range[i], &low, &high))
			return false;
		uint32_t wanted = high < low ? 0 : (uint32_t)((int64_t)high - low + 1);
		if (list->kind != EXPR_LIST)
			return record_wrong(r, list->place, "a list of %u value%s is wanted here", wanted, wanted == 1 ? "" : "s");
		if (list->count != wanted)
			return record_wrong(r, list->place, "the list has %u value%s where %u %s wanted", list->count,
			                    list->count == 1 ? "" : "s", wanted, wanted == 1 ? "is" : "are");
		list = list->item[r->index[i] - low];
	}
	*value = list;
	return true;
}

static bool evaluate(Recorder *r, Leaf *leaf)
{
	const Statement *s = leaf->statement;
	const Expr *value = s->value;
	if (leaf->same)
		return true;
	return list_item(r, &s->left, &value) && record_number(r, value, &leaf->value) &&
	       (!s->second || record_number(r, s->second, &leaf->second));
}

static bool start_value(Recorder *r, Leaf *leaf, double *value)
{
	Start start = (Start)leaf->statement->start;
	if (start == START_DATA || start == START_ONEHOT)
		return true;
	if (!evaluate(r, leaf))
		return false;
	*value = leaf->value;
	if (start == START_NORMAL)
		*value += leaf->second * random_normal_key(leaf->key, r->index, r->rank);
	if (start == START_UNIFORM)
		*value += (leaf->second - leaf->value) * random_uniform_key(leaf->key, r->index, r->rank);
	return true;
}

// ---- Leaves

static void note_leaf(Recorder *r, Node leaf, uint32_t symbol, SymbolKind kind)
{
	Model *model = r->model;
	if (kind == SYMBOL_PARAM) {
		array_reserve(model->param, model->param_count, model->param_capacity, 1);
		array_reserve(r->param_symbol, model->param_count, r->param_symbol_capacity, 1);
		r->param_symbol[model->param_count] = symbol;
		model->param[model->param_count++] = leaf;
	} else if (kind == SYMBOL_STATE) {
		array_reserve(model->state, model->state_count, model->state_capacity, 1);
		model->state[model->state_count++] = leaf;
	}
}

static bool check_size(Recorder *r, const Statement *s, double value)
{
	if (s->leaf != SYMBOL_SIZE || (value >= INT32_MIN && value <= INT32_MAX && value == (int32_t)value))
		return true;
	return record_wrong(r, s->left.place, "a size must be a whole number of at most %d, and this is %g", INT32_MAX,
	                    value);
}

static bool add_leaf(Recorder *r, void *context)
{
	Leaf *leaf = context;
	const Statement *s = leaf->statement;
	Tape *home = record_home(r, leaf->symbol);
	double value = 0;
	bool set = setting_find(r, s->left.symbol, &value);
	if ((leaf->may_be_there && !record_is_new(r, &s->left)) || (!set && !start_value(r, leaf, &value)) ||
	    !check_size(r, s, value))
		return false;
	if (home->count > r->limit)
		return record_wrong(r, s->left.place, "more elements than the limit of %llu", (unsigned long long)r->limit);
	bool has_column = s->start == START_DATA || s->start == START_ONEHOT, from_data = has_column && !set;
	if (from_data && r->varies)
		record_batch_size(r);
	Node node = tape_leaf(home, leaf_op[s->leaf], value, from_data && r->varies);
	tape_name_element(home, node, leaf->symbol->family, r->index, r->rank);
	symbol_add_element(leaf->symbol, node, r->index);
	note_leaf(r, node, s->left.symbol, (SymbolKind)s->leaf);
	leaf->elements++;
	leaf->last = node;
	if (has_column)
		return set ? feed_skip(r, s) : feed_leaf(r, s, leaf->symbol, node);
	return true;
}

// The elements follow one another on the tape in the order of their indices: found without the hash table.
static bool is_dense(const Symbol *symbol, Node last)
{
	uint64_t volume = 1;
	for (uint32_t i = 0; i < symbol->rank && symbol->count; i++) {
		volume *= (uint64_t)((int64_t)symbol->high[i] - symbol->low[i] + 1);
		if (volume > symbol->count)
			return false;
	}
	return symbol->count == volume && last - symbol->first == symbol->count - 1;
}

bool record_leaf(Recorder *r, const Statement *s)
{
	if (!record_define(r, &s->left, (SymbolKind)s->leaf))
		return false;
	Leaf leaf = {.statement = s, .symbol = record_symbol(r, s->left.symbol)};
	bool first = leaf.symbol->count == 0;
	leaf.may_be_there = !first;
	leaf.key = random_key(r->options->seed, leaf.symbol->name);
	if (s->value && s->start != START_ONEHOT && s->value->kind != EXPR_LIST && is_same_for_all(s) &&
	    !evaluate(r, &leaf))
		return false;
	leaf.same = s->value && s->value->kind != EXPR_LIST && is_same_for_all(s);
	if (s->value && s->value->kind == EXPR_LIST && !s->left.rank)
		return record_wrong(r, s->value->place, "'%s' is a scalar, and this is a list", leaf.symbol->name);
	size_t missing = r->missing_size, missing_count = r->missing_count;
	if (!record_elements(r, &s->left, add_leaf, &leaf))
		return false;
	leaf.symbol->dense = first && leaf.elements && is_dense(leaf.symbol, leaf.last);
	if (first && leaf.elements > 2 && r->missing_count - missing_count == leaf.elements)
		feed_shorten_missing(r, leaf.symbol, missing);
	if (s->start == START_ONEHOT && s->leaf == SYMBOL_TARGET)
		r->model->onehot = leaf.symbol->family;
	return true;
}
