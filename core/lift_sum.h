// What the two walks of the normal form share: core/lift_part.c chooses which sums and products are parts of others,
// core/lift_sum.c makes the values.
#ifndef CORE_LIFT_SUM_H
#define CORE_LIFT_SUM_H

#include "core/arena.h"
#include "core/lift_graph.h"
#include "core/nodemap.h"

enum { SHARED = 8, FEW_FACTORS = 4, MOST_FACTORS = 32 };

typedef struct Values {
	Value *at;
	size_t count, capacity;
} Values;

typedef struct Normaliser {
	Graph *raw, *normal;
	Value *value_of;         // raw -> normal
	Values stack, term;      // of the sum at hand
	Values fixed, varying;   // factors of the product at hand, or parts of the sum
	Values divisor;          // of the product term at hand, beside its factors: what it is divided by,
	bool minus;              // and whether it is subtracted
	Values pair;             // the contraction's list
	NodeMap shared;          // how many products of three factors or more have this pair of factors
} Normaliser;

static inline void values_push(Values *values, Value value)
{
	array_reserve(values->at, values->count, values->capacity, 1);
	values->at[values->count++] = value;
}
void values_push_arguments(const Graph *graph, Values *values, Value value);

// The terms of a sum, or of what a batch sum adds up, into n->term: sums used once are taken apart.
void normal_find_terms(Normaliser *n, Value sum);
// The factors of a product, or of a product divided or negated, into n->fixed and n->varying, n->divisor and n->minus:
// varying products used once are taken apart; with `absorb` these are marked. False if the term is no product.
bool normal_find_factors(Normaliser *n, Value term, bool batch, bool absorb);
uint64_t normal_pair_key(Value a, Value b);

// x/s with an s that does not vary and that many share: it is x*(1/s).
bool normal_is_shared_quotient(const Graph *raw, Value value);
// A sum that the second walk takes apart.
bool normal_is_sum(const Graph *raw, Value value);
// Whether the value is needed, and not as a part of another.
static inline bool normal_is_wanted(const Graph *raw, Value value)
{
	const ValueNode *node = &raw->node[value];
	return (node->uses || node->flags & VALUE_KEEP) && !(node->flags & VALUE_ABSORBED);
}
// Marks the parts of a sum or product; to be called for the users before the arguments.
void normal_choose_parts(Normaliser *n, Value value);

#endif
