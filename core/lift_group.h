// Levels, groups and matrix products (design, "Lifting", 3 to 6): from a Graph in normal form to groups of values, each
// of which one vector instruction computes.
//
// Within a level, values of the same operation on arguments of the same groups are a group. Its members get consecutive
// rows of storage, in the order of their arguments' rows, so that the next level finds them in order. Arguments of a
// sum, product or contraction are themselves put in the order of their rows. Groups are numbered level by level.
//
// Contractions of the same groups are one group only as far as they are a matrix product (core/lift_product.c).
#ifndef CORE_LIFT_GROUP_H
#define CORE_LIFT_GROUP_H

#include "core/lift_graph.h"

typedef enum GroupKind {
	GROUP_LEAVES,
	GROUP_ELEMENTS,    // the operation on each member's arguments
	GROUP_FOLD,        // the same for many arguments
	GROUP_BATCH_SUM,
	GROUP_PRODUCT,     // contractions that are a matrix product
	GROUP_CONTRACT,    // contractions that are none: term by term
} GroupKind;

enum { GROUP_FEW = 8 };   // an operation on more arguments than these is a fold

typedef struct Group {
	uint8_t kind, op;
	bool varies;
	uint32_t count;     // members, and rows
	uint32_t first;     // Lift.member[first] is the one in row 0
	uint32_t product;   // in Lift.product
	uint32_t signature; // start in Lift.signature, for values of the level at hand
	uint32_t length;
	uint32_t after;     // the group of the value that came behind one of its members last, for the level at hand
} Group;

// Members r = i*q + j of the group are the sums over t < n of u[i*n + t]*v[j*n + t], VALUE_NONE in v for a zero.
typedef struct LiftProduct {
	uint32_t m, q, n;
	Value *u, *v;
} LiftProduct;

typedef struct Lift {
	Graph graph;
	uint32_t *group, *place;   // of each value: its group, and its row in it
	Value *member;
	Group *groups;
	size_t groups_count, groups_capacity;
	LiftProduct *product;
	size_t product_count, product_capacity;
	uint32_t *signature;
	size_t signature_count, signature_capacity;
	size_t most;         // the most bytes held so far, by the lifting as a whole
	Arena arena;
} Lift;

// Groups the values of `lift->graph`, which must be closed (graph_close) and what is not live forgotten
// (graph_forget_unused). The values are numbered anew; wanted[i] is put for its new number.
void lift_group(Lift *lift, Value *wanted, size_t count);
// Breaks the group of contractions `group` up into matrix products and a rest.
void lift_find_products(Lift *lift, uint32_t group);
void lift_free(Lift *lift);

// Where a value is stored, as a number to sort by: group, then row.
static inline uint64_t lift_where(const Lift *lift, Value value)
{
	return (uint64_t)lift->group[value] << 32 | lift->place[value];
}

// One more word into a hash.
static inline uint64_t lift_mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
	return hash ^ hash >> 32;
}

// Sorts values by keys (the keys go along); equal keys keep the order of the values.
typedef struct Keyed {
	uint64_t key;
	Value value, other;
} Keyed;
void lift_sort(Keyed *keyed, size_t count);

#endif
