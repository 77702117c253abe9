// The formulas of a tape as the lifting sees them: folded, without copies, each operation once.
//
// A Value is an index into a Graph. Arguments come before what uses them, as on the tape. Equal operations on equal
// arguments are one value (value numbering: Cocke and Schwartz, Programming Languages and Their Compilers, 1970).
// There are two Graphs on the way: the *raw* one, a tape's live operations one to one but for what folds, and the
// *normal* one, in which sums are flat and sums of products are contractions (core/lift_sum.c).
//
// A contraction is c + u_1*v_1 + … + u_n*v_n, its list [c, u_1, v_1, …, u_n, v_n], c VALUE_NONE where there is none.
// Either the u do not vary and the v do, or (VALUE_BATCH) both vary and the sum is taken over the lanes as well.
#ifndef CORE_LIFT_GRAPH_H
#define CORE_LIFT_GRAPH_H

#include "core/program.h"

typedef uint32_t Value;
#define VALUE_NONE UINT32_MAX
#define VALUE_EMPTY UINT64_MAX
// Two more operations: contractions, and sums of a few products x_1*x_2 + x_3*x_4 + …, element by element, of which
// neither the length nor the order matters.
enum { VALUE_CONTRACT = OP_COUNT, VALUE_PAIRS = OP_PAIRS };

enum {
	VALUE_VARIES = 1,
	VALUE_LIST = 2,       // a = start in Graph.list, b = length
	VALUE_KEEP = 4,       // asked for: it must have a place of its own
	VALUE_ABSORBED = 8,   // part of the only sum that uses it
	VALUE_SUMS = 16,      // a sum with product terms: becomes a contraction
	VALUE_FEW = 64,       // a sum of few products: becomes VALUE_PAIRS
	VALUE_BATCH = 32,     // a contraction that is summed over the lanes
	VALUE_LEAF = 128,     // no operation: it has no arguments
};

enum { VALUE_MANY_USES = UINT16_MAX };

// Of a leaf `a` is its node on the tape (0 of BATCH_SIZE: all are one); of a number a and b are the bits.
typedef struct ValueNode {
	uint32_t a, b;
	Node origin;         // the node of the tape that it is, the named one if several are
	uint16_t uses;       // how often it is used, at most VALUE_MANY_USES; by what is live after graph_forget_unused
	uint8_t op, flags;
} ValueNode;

typedef struct Graph {
	ValueNode *node;
	size_t count, node_capacity;
	Value *list;
	size_t list_count, list_capacity;
	uint64_t *table;     // hash table for value numbering: hash and value, VALUE_EMPTY where there is none
	size_t table_capacity, table_count;
	bool alone;          // the next operation is known to have no equal
	const Tape *tape;
} Graph;

void graph_free(Graph *graph);
// Frees the hash table: no value is made any more, and arguments may be put in another order.
void graph_close(Graph *graph);
size_t graph_bytes(const Graph *graph);

// The value of an operation after folding; made where the form has none that is equal.
Value graph_apply(Graph *graph, unsigned op, const Value *argument, size_t count, Node origin);
Value graph_number(Graph *graph, double number);
// A leaf of the tape, to be called once for each; NODE_NONE is the number of lanes.
Value graph_leaf(Graph *graph, Node node);
// The same where its operation, not a number, and whether it varies are known.
Value graph_leaf_of(Graph *graph, unsigned op, bool varies, Node node);
// The operation where it has been made, VALUE_NONE where not, or where nobody is to look for it (Graph.alone).
Value graph_find(Graph *graph, unsigned op, const Value *argument, size_t count);
// The operation as it stands, nothing folded; `flags` beside VALUE_VARIES and VALUE_LIST.
Value graph_make(Graph *graph, unsigned op, const Value *argument, size_t count, unsigned flags, Node origin);

// As graph_make, but without a look for an equal one.
Value graph_append(Graph *graph, unsigned op, const Value *argument, size_t count, unsigned flags, Node origin);

// The arguments of a value and their number; good until the next value is made.
static inline Value *graph_arguments(const Graph *graph, Value value, uint32_t *count)
{
	ValueNode *node = &graph->node[value];
	if (node->flags & VALUE_LIST) {
		*count = node->b;
		return graph->list + node->a;
	}
	*count = node->flags & VALUE_LEAF ? 0 : node->b == VALUE_NONE ? 1 : 2;
	return &node->a;
}
// Lets the value stand for that node, if it says more: a named one.
void graph_prefer_origin(Graph *graph, Value value, Node origin);
double graph_number_value(const Graph *graph, Value value);

static inline bool graph_varies(const Graph *graph, Value value)
{
	return graph->node[value].flags & VALUE_VARIES;
}

static inline bool graph_is_leaf(const Graph *graph, Value value)
{
	return graph->node[value].flags & VALUE_LEAF;
}

static inline bool graph_is_number(const Graph *graph, Value value)
{
	return graph->node[value].op == OP_NUMBER;
}

// Takes the uses by what no kept value rests on off the counts: what is not live has none.
void graph_forget_unused(Graph *graph);

// The raw form of all that `wanted` rests on. value[i] becomes the value of wanted[i].
// `most` gets the most bytes held on the way, if they are more.
void graph_of_tape(Graph *raw, const Tape *tape, const Node *wanted, Value *value, size_t count, size_t *most);
// The normal form of a raw form (core/lift_sum.c); value[i] is put for its value there.
void graph_normalise(Graph *normal, Graph *raw, Value *value, size_t count, size_t *most);
// Renumbers the values by level (of an operation: one more than its highest argument's), each level in the order that it
// had, and leaves out what nothing uses: what works level by level then reads memory from one end to the other. What is
// not live must be forgotten (graph_forget_unused) and the form closed. Level l is what is from start[l] to before
// start[l + 1] of the array returned, which is the caller's; wanted[i] is put for its new number.
size_t *graph_sort_by_level(Graph *graph, Value *wanted, size_t count, uint32_t *levels, size_t *most);

#endif
