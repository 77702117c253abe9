// Which sums and products are parts of others: the first walk of the normal form, users before arguments. Declared in
// core/lift_sum.h.
#include "core/lift_sum.h"

#include "core/arena.h"

static bool is_used_once(const Graph *raw, Value value)
{
	return raw->node[value].uses == 1 && !(raw->node[value].flags & VALUE_KEEP);
}

static bool is_part(const Graph *raw, Value value, Op op)
{
	const ValueNode *node = &raw->node[value];
	return node->op == op && node->uses == 1 && (node->flags & (VALUE_VARIES | VALUE_KEEP)) == VALUE_VARIES;
}

void values_push_arguments(const Graph *raw, Values *values, Value value)
{
	uint32_t count;
	const Value *argument = graph_arguments(raw, value, &count);
	array_reserve(values->at, values->count, values->capacity, count);
	Value *end = values->at + values->count;
	for (uint32_t i = 0; i < count; i++)
		end[i] = argument[i];
	values->count += count;
}

void normal_find_terms(Normaliser *n, Value sum)
{
	n->stack.count = n->term.count = 0;
	values_push_arguments(n->raw, &n->stack, sum);
	while (n->stack.count) {
		Value value = n->stack.at[--n->stack.count];
		if (is_part(n->raw, value, OP_SUM)) {
			n->raw->node[value].flags |= VALUE_ABSORBED;
			values_push_arguments(n->raw, &n->stack, value);
		} else {
			values_push(&n->term, value);
		}
	}
}

// -x or x/s, s not varying: x with one more factor that does not vary.
static bool is_scaled(const Graph *raw, Value value)
{
	return is_part(raw, value, OP_NEG) || (is_part(raw, value, OP_DIV) && !graph_varies(raw, raw->node[value].b));
}

// The product that a term is but for its scale, VALUE_NONE if it is none.
static Value product_of(const Graph *raw, Value term)
{
	while (is_scaled(raw, term))
		term = raw->node[term].a;
	return is_part(raw, term, OP_PROD) ? term : VALUE_NONE;
}

// The arguments of a product, -x or x/s to the stack; n->minus and n->divisor get what else there is to it.
static void take_apart(Normaliser *n, Value part, bool absorb)
{
	ValueNode *node = &n->raw->node[part];
	if (absorb)
		node->flags |= VALUE_ABSORBED;
	n->minus ^= node->op == OP_NEG;
	if (node->op == OP_DIV)
		values_push(&n->divisor, node->b);
	if (node->op == OP_PROD)
		values_push_arguments(n->raw, &n->stack, part);
	else
		values_push(&n->stack, node->a);
}

// A product of very many factors is taken apart as far as MOST_FACTORS: their pairs are looked at.
//
// Under a batch sum what scales one factor stays with it: computed once for all sums, it leaves them as they are, for an
// update to be fused with.
bool normal_find_factors(Normaliser *n, Value term, bool batch, bool absorb)
{
	Value product = product_of(n->raw, term);
	bool inside = false;
	n->fixed.count = n->varying.count = n->divisor.count = n->stack.count = 0;
	n->minus = false;
	if (product == VALUE_NONE)
		return false;
	values_push(&n->stack, term);
	while (n->stack.count) {
		Value value = n->stack.at[--n->stack.count];
		const bool few = n->fixed.count + n->varying.count + n->stack.count < MOST_FACTORS;
		if (few && (is_part(n->raw, value, OP_PROD) || (is_scaled(n->raw, value) && !(inside && batch))))
			take_apart(n, value, absorb);
		else
			values_push(graph_varies(n->raw, value) ? &n->varying : &n->fixed, value);
		inside |= value == product;
	}
	return true;
}

// ---- Which products and sums are parts

static bool is_product_term(Normaliser *n, Value term, bool batch)
{
	if (!normal_find_factors(n, term, batch, false))
		return false;
	if (batch)
		return n->varying.count >= 2 || (n->fixed.count && n->term.count == 1);
	return n->fixed.count && n->varying.count;
}

uint64_t normal_pair_key(Value a, Value b)
{
	return a < b ? nodemap_pair(a, b) : nodemap_pair(b, a);
}

static void count_pairs(Normaliser *n)
{
	const Values *factor = &n->varying;
	for (size_t i = 0; factor->count >= 3 && i < factor->count; i++)
		for (size_t j = i + 1; j < factor->count; j++) {
			uint64_t key = normal_pair_key(factor->at[i], factor->at[j]);
			uint32_t times = nodemap_get(&n->shared, key);
			nodemap_set(&n->shared, key, times == NODEMAP_ABSENT ? 1 : times + 1);
		}
}

static void absorb_product_terms(Normaliser *n, bool batch)
{
	for (size_t i = 0; i < n->term.count; i++) {
		Value term = n->term.at[i];
		if (!is_product_term(n, term, batch))
			continue;
		normal_find_factors(n, term, batch, true);
		if (batch)
			count_pairs(n);
	}
}

// Whether the sum at hand is one of a few products used nowhere else, which vary all or none.
static bool is_few_products(const Normaliser *n)
{
	const Graph *raw = n->raw;
	if (n->term.count < 2 || n->term.count > FEW_FACTORS)
		return false;
	for (size_t i = 0; i < n->term.count; i++) {
		Value term = n->term.at[i];
		if (raw->node[term].op != OP_PROD || !is_used_once(raw, term) ||
		    graph_varies(raw, term) != graph_varies(raw, n->term.at[0]))
			return false;
	}
	return true;
}

static void choose_few(Normaliser *n, Value value)
{
	if (n->raw->node[value].op != OP_SUM || !is_few_products(n))
		return;
	n->raw->node[value].flags |= VALUE_FEW;
	for (size_t i = 0; i < n->term.count; i++)
		n->raw->node[n->term.at[i]].flags |= VALUE_ABSORBED;
}

static void choose(Normaliser *n, Value value)
{
	bool batch = n->raw->node[value].op == OP_BATCH_SUM;
	normal_find_terms(n, value);
	size_t products = 0;
	for (size_t i = 0; i < n->term.count; i++)
		products += is_product_term(n, n->term.at[i], batch);
	if (products >= (batch ? 1 : 2)) {
		absorb_product_terms(n, batch);
		n->raw->node[value].flags |= VALUE_SUMS;
	} else {
		choose_few(n, value);
	}
}

bool normal_is_shared_quotient(const Graph *raw, Value value)
{
	const ValueNode *node = &raw->node[value];
	return node->op == OP_DIV && !graph_varies(raw, node->b) && raw->node[node->b].uses >= SHARED &&
	       !graph_is_number(raw, node->a);
}

// The products that are part of the product `value`, as long as its factors are few.
static void choose_factors(Normaliser *n, Value value)
{
	Graph *raw = n->raw;
	uint32_t factors, count, more;
	graph_arguments(raw, value, &factors);
	n->stack.count = 0;
	values_push(&n->stack, value);
	while (n->stack.count) {
		const Value *argument = graph_arguments(raw, n->stack.at[--n->stack.count], &count);
		for (uint32_t i = 0; i < count; i++) {
			Value part = argument[i];
			graph_arguments(raw, part, &more);
			if ((raw->node[part].op != OP_PROD && !normal_is_shared_quotient(raw, part)) || !is_used_once(raw, part) ||
			    factors - 1 + more > FEW_FACTORS || graph_varies(raw, part) != graph_varies(raw, value))
				continue;
			raw->node[part].flags |= VALUE_ABSORBED;
			factors += more - 1;
			values_push(&n->stack, part);
		}
	}
}

bool normal_is_sum(const Graph *raw, Value value)
{
	unsigned op = raw->node[value].op;
	return op == OP_BATCH_SUM || (op == OP_SUM && (graph_varies(raw, value) || raw->node[value].flags & VALUE_FEW));
}

void normal_choose_parts(Normaliser *n, Value value)
{
	const Graph *raw = n->raw;
	uint32_t count;
	graph_arguments(raw, value, &count);
	if (normal_is_sum(raw, value)) {
		choose(n, value);
	} else if (raw->node[value].op == OP_SUM && count <= FEW_FACTORS) {
		normal_find_terms(n, value);
		choose_few(n, value);
	} else if (raw->node[value].op == OP_PROD || normal_is_shared_quotient(raw, value)) {
		choose_factors(n, value);
	}
}
