// Sums in normal form (design, "Lifting", 2). Declared in core/lift_graph.h.
//
// A sum used once, by a sum, is part of that sum. What does not vary in a varying sum is added up apart, once a batch.
// What varies are plain terms and *product terms*: products used only there, taken apart into factors, -1 and 1/s among
// them. The factors that do not vary make u, those that vary make v; under a batch sum both vary. From two product terms on (one under a batch
// sum) the product terms become one contraction.
//
// Under a batch sum a product may have three varying factors or more: dL/dh[j] * (1 - h[j]^2) * x[i], where a step is
// written without a name for its sum. Then the pair that most such products share, here the first two, is multiplied
// first: it is computed once for all i, and a matrix product is left.
#include "core/lift_sum.h"

#include "core/arena.h"

#include <stdlib.h>

// ---- The second walk, arguments before users

static Value put_together(Normaliser *n, Op op, const Values *values, Node origin)
{
	if (values->count > 1)
		return graph_apply(n->normal, op, values->at, values->count, origin);
	if (values->count)
		graph_prefer_origin(n->normal, values->at[0], origin);
	return values->count ? values->at[0] : VALUE_NONE;
}

static void to_normal(const Normaliser *n, Values *values)
{
	for (size_t i = 0; i < values->count; i++)
		values->at[i] = n->value_of[values->at[i]];
}

static Value inverse_of(Normaliser *n, Value raw)
{
	return graph_apply(n->normal, OP_DIV, (Value[]){graph_number(n->normal, 1), n->value_of[raw]}, 2, NODE_NONE);
}

// Multiplies the pair of varying factors that most products share, until two factors are left; they become u and v.
static void pair_up(Normaliser *n)
{
	Values *factor = &n->varying;
	while (factor->count > 2) {
		size_t best_i = 0, best_j = 1;
		uint32_t best = 0;
		for (size_t i = 0; i < factor->count; i++)
			for (size_t j = i + 1; j < factor->count; j++) {
				uint32_t times = nodemap_get(&n->shared, normal_pair_key(factor->at[i], factor->at[j]));
				if (times != NODEMAP_ABSENT && times > best)
					best = times, best_i = i, best_j = j;
			}
		Value both[2] = {n->value_of[factor->at[best_i]], n->value_of[factor->at[best_j]]};
		Value product = graph_apply(n->normal, OP_PROD, both, 2, NODE_NONE);
		// The pair's place is taken by a value of the normal form, so the others are put in the same terms.
		factor->at[best_j] = factor->at[--factor->count];
		factor->at[best_i] = factor->at[--factor->count];
		to_normal(n, factor);
		values_push(factor, product);
		for (; factor->count > 2; factor->count--)
			factor->at[factor->count - 2] =
			    graph_apply(n->normal, OP_PROD, factor->at + factor->count - 2, 2, NODE_NONE);
		return;
	}
	to_normal(n, factor);
}

// The factors of a product term to the end of the list. What does not vary and stands under a batch sum goes into u; of
// a batch sum's only term it is returned, to be multiplied once the lanes are added up.
static Value add_product_term(Normaliser *n, Value term, bool batch)
{
	normal_find_factors(n, term, batch, false);
	Value outside = VALUE_NONE, u, v;
	to_normal(n, &n->fixed);
	if (n->minus)
		values_push(&n->fixed, graph_number(n->normal, -1));
	for (size_t i = 0; i < n->divisor.count; i++)
		values_push(&n->fixed, inverse_of(n, n->divisor.at[i]));
	Value fixed = put_together(n, OP_PROD, &n->fixed, NODE_NONE);
	if (batch) {
		pair_up(n);
		if (n->term.count == 1)
			outside = fixed;
		else if (fixed != VALUE_NONE)
			n->varying.at[0] = graph_apply(n->normal, OP_PROD, (Value[]){n->varying.at[0], fixed}, 2, NODE_NONE);
		u = n->varying.at[0];
		v = n->varying.count > 1 ? n->varying.at[1] : VALUE_NONE;
	} else {
		to_normal(n, &n->varying);
		u = fixed;
		v = put_together(n, OP_PROD, &n->varying, NODE_NONE);
	}
	values_push(&n->pair, u);
	values_push(&n->pair, v);
	return outside;
}

// The sum of the plain terms, those that do not vary added up apart. `extra` is one more term.
static Value sum_of_plain(Normaliser *n, Value extra, bool fixed_only, Node origin)
{
	n->fixed.count = n->varying.count = 0;
	for (size_t i = 0; i < n->term.count; i++) {
		Value term = n->term.at[i];
		if (n->raw->node[term].flags & VALUE_ABSORBED)
			continue;
		values_push(graph_varies(n->raw, term) ? &n->varying : &n->fixed, n->value_of[term]);
	}
	Value fixed = put_together(n, OP_SUM, &n->fixed, NODE_NONE);
	if (fixed_only)
		return fixed;
	if (extra != VALUE_NONE)
		values_push(&n->varying, extra);
	else if (fixed != VALUE_NONE)
		values_push(&n->varying, fixed);
	return put_together(n, OP_SUM, &n->varying, origin);
}

static size_t count_plain(const Normaliser *n, bool varying)
{
	size_t count = 0;
	for (size_t i = 0; i < n->term.count; i++)
		count += !(n->raw->node[n->term.at[i]].flags & VALUE_ABSORBED) &&
		         graph_varies(n->raw, n->term.at[i]) == varying;
	return count;
}

// Each product as a pair, further factors multiplied into its second.
static Value normal_pairs(Normaliser *n, Node origin)
{
	n->pair.count = 0;
	for (size_t i = 0; i < n->term.count; i++) {
		uint32_t count;
		const Value *factor = graph_arguments(n->raw, n->term.at[i], &count);
		values_push(&n->pair, n->value_of[factor[0]]);
		n->varying.count = 0;
		for (uint32_t k = 1; k < count; k++)
			values_push(&n->varying, n->value_of[factor[k]]);
		values_push(&n->pair, put_together(n, OP_PROD, &n->varying, NODE_NONE));
	}
	return graph_append(n->normal, VALUE_PAIRS, n->pair.at, n->pair.count, 0, origin);
}

static Value normal_sum(Normaliser *n, Value value, Node origin)
{
	normal_find_terms(n, value);
	if (n->raw->node[value].flags & VALUE_FEW)
		return normal_pairs(n, origin);
	if (!(n->raw->node[value].flags & VALUE_SUMS))
		return sum_of_plain(n, VALUE_NONE, false, origin);
	size_t varying = count_plain(n, true), fixed = count_plain(n, false);
	bool one = varying == 0 || (varying == 1 && fixed == 0);
	n->pair.count = 0;
	values_push(&n->pair, sum_of_plain(n, VALUE_NONE, !one, NODE_NONE));
	for (size_t i = 0; i < n->term.count; i++)
		if (n->raw->node[n->term.at[i]].flags & VALUE_ABSORBED)
			add_product_term(n, n->term.at[i], false);
	Value sum = graph_append(n->normal, VALUE_CONTRACT, n->pair.at, n->pair.count, 0, origin);
	return one ? sum : sum_of_plain(n, sum, false, origin);
}

static Value normal_batch_sum(Normaliser *n, Value value, Node origin)
{
	normal_find_terms(n, value);
	Value plain = sum_of_plain(n, VALUE_NONE, false, NODE_NONE), outside = VALUE_NONE;
	if (plain != VALUE_NONE)
		plain = graph_apply(n->normal, OP_BATCH_SUM, &plain, 1, n->raw->node[value].flags & VALUE_SUMS ? NODE_NONE : origin);
	if (!(n->raw->node[value].flags & VALUE_SUMS))
		return plain;
	n->pair.count = 0;
	values_push(&n->pair, plain);
	for (size_t i = 0; i < n->term.count; i++)
		if (n->raw->node[n->term.at[i]].flags & VALUE_ABSORBED)
			outside = add_product_term(n, n->term.at[i], true);
	Value sum;
	if (n->pair.at[2] == VALUE_NONE)
		sum = graph_apply(n->normal, OP_BATCH_SUM, &n->pair.at[1], 1, NODE_NONE);
	else
		sum = graph_append(n->normal, VALUE_CONTRACT, n->pair.at, n->pair.count, VALUE_BATCH,
		                   outside == VALUE_NONE ? origin : NODE_NONE);
	return outside == VALUE_NONE ? sum : graph_apply(n->normal, OP_PROD, (Value[]){outside, sum}, 2, origin);
}

// A product used once, by a product, is part of it, up to a few factors. Numbers that many products share (a rate, a
// correction) are multiplied first, once for all.
static Value normal_product(Normaliser *n, Value value, Node origin)
{
	const Graph *raw = n->raw;
	n->stack.count = n->fixed.count = n->varying.count = 0;
	values_push(&n->stack, value);
	while (n->stack.count) {
		Value part = n->stack.at[--n->stack.count];
		bool whole = part != value && !(raw->node[part].flags & VALUE_ABSORBED);
		if (whole) {
			values_push(!graph_varies(raw, part) && raw->node[part].uses >= SHARED ? &n->fixed : &n->varying, n->value_of[part]);
		} else if (raw->node[part].op == OP_DIV) {
			values_push(&n->stack, raw->node[part].a);
			values_push(&n->fixed, inverse_of(n, raw->node[part].b));
		} else {
			values_push_arguments(raw, &n->stack, part);
		}
	}
	if (!n->varying.count)
		return put_together(n, OP_PROD, &n->fixed, origin);
	if (n->fixed.count)
		values_push(&n->varying, put_together(n, OP_PROD, &n->fixed, NODE_NONE));
	return graph_append(n->normal, OP_PROD, n->varying.at, n->varying.count, 0, origin);
}

static Value normal_value(Normaliser *n, Value value)
{
	const ValueNode *node = &n->raw->node[value];
	Node origin = n->raw->node[value].origin;
	if (node->op == OP_NUMBER)
		return graph_number(n->normal, graph_number_value(n->raw, value));
	if (graph_is_leaf(n->raw, value))
		return graph_leaf_of(n->normal, node->op, graph_varies(n->raw, value), origin);
	if (normal_is_sum(n->raw, value))
		return node->op == OP_SUM ? normal_sum(n, value, origin) : normal_batch_sum(n, value, origin);
	if (node->op == OP_PROD || normal_is_shared_quotient(n->raw, value))
		return normal_product(n, value, origin);
	n->varying.count = 0;
	values_push_arguments(n->raw, &n->varying, value);
	to_normal(n, &n->varying);
	return graph_append(n->normal, node->op, n->varying.at, n->varying.count, 0, origin);
}

void graph_normalise(Graph *normal, Graph *raw, Value *value, size_t count, size_t *most)
{
	*normal = (Graph){.tape = raw->tape};
	Normaliser n = {.raw = raw, .normal = normal};
	graph_forget_unused(raw);
	size_t wanted = 0;
	for (Value i = (Value)raw->count; i-- > 0;)
		if (normal_is_wanted(raw, i)) {
			normal_choose_parts(&n, i);
			wanted++;
		}
	array_reserve(normal->node, 0, normal->node_capacity, wanted + wanted / 16);   // a few are made besides
	n.value_of = memory_alloc(memory_product(raw->count + 1, sizeof *n.value_of));
	for (Value i = 0; i < raw->count; i++)
		n.value_of[i] = normal_is_wanted(raw, i) ? normal_value(&n, i) : VALUE_NONE;
	for (size_t i = 0; i < count; i++) {
		value[i] = n.value_of[value[i]];
		normal->node[value[i]].flags |= VALUE_KEEP;
	}
	size_t bytes = graph_bytes(raw) + graph_bytes(normal) + raw->count * sizeof *n.value_of + nodemap_bytes(&n.shared);
	*most = bytes > *most ? bytes : *most;
	free(n.value_of);
	free(n.stack.at), free(n.term.at), free(n.fixed.at), free(n.varying.at), free(n.pair.at), free(n.divisor.at);
	nodemap_free(&n.shared);
}
