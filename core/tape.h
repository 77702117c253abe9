// The tape: every operation of a network, in the order in which it is computed.
//
// A Node is an index into the tape. It stands for one operation: what it does, its arguments (earlier nodes) and, once
// replayed, a value (core/replay.h). Forward pass, backward pass and update are all nodes of the same kind; nothing on
// the tape is special because it is a derivative.
//
// A node may *vary*: it has one value for each example of a batch (a lane). Inputs and targets taken from data vary,
// and so does all that rests on them, except through BATCH_SUM, which adds up the lanes (of what does not vary: takes it
// once for each lane).
//
// A *step* is a node with a name. What lies between named nodes, unnamed nodes, is the formula of the step that uses
// them: `net = w*x + b` is one step of three nodes. Names are computed from small records (Name, below), not stored.
//
// A *number* is a node whose value is written in the formula (1/2, 2/n): it may be folded in derivatives. A named node
// is never a number.
#ifndef CORE_TAPE_H
#define CORE_TAPE_H

#include "core/arena.h"
#include "core/nodemap.h"
#include "core/ops.h"

#include <stdbool.h>

typedef uint32_t Node;
#define NODE_NONE UINT32_MAX
#define NAME_NONE UINT32_MAX

// The most nodes that a tape may hold; the reader of models turns more into an error that names it.
enum { TAPE_LIMIT = 200 * 1000 * 1000 };

enum {
	NODE_VARIES = 1,      // one value an example
	NODE_NUMBER = 2,      // a number of the formula: its value is known while recording
	NODE_USES_STEP = 4,   // its formula reaches a step or param, so that gradient may flow through it
	NODE_USES_LEAF = 8,   // its formula reaches another leaf: an input, target, const or state
	NODE_LIST = 16,       // the arguments are a list: `a` is its start in Tape.list, `b` its length
	NODE_LEAF = 32,       // it has no arguments
};

typedef struct TapeNode {
	uint32_t a, b;   // the arguments, or the list of arguments
	uint8_t op, flags;
} TapeNode;

// What a name is made of.
typedef enum NameKind {
	NAME_ELEMENT,    // w1[2,3]: a = family, indices from Tape.index[b]
	NAME_GRADIENT,   // dA/dB: a = node A, b = node B
	NAME_NEXT,       // w5+: a = the node whose next value it is
	NAME_MEMBER,     // w5.v: a = the node of w5, b = the family whose name is v
} NameKind;

typedef struct Name {
	Node node;
	uint32_t a, b;
	uint8_t kind, rank;   // rank: the number of indices of an element
} Name;

// A place of the hash table of elements.
typedef struct TapeElement {
	uint32_t name;   // a record of `names`, or NAME_NONE
	uint32_t hash;   // of the element, so that most others are told apart without a look at their records
} TapeElement;

typedef struct Tape {
	TapeNode *node;
	double *value;     // of numbers; the start value of leaves
	uint32_t *name;    // of each node: its record in `names`, or NAME_NONE
	size_t count, node_capacity, value_capacity, name_capacity;
	Node *list;        // the arguments of nodes with NODE_LIST
	size_t list_count, list_capacity;
	Name *names;       // in the order in which they were given
	size_t names_count, names_capacity;
	int32_t *index;    // the indices of elements
	size_t index_count, index_capacity;
	const char **family;   // names of families and of members; the text lives in `arena`
	size_t family_count, family_capacity;
	NodeMap family_of;     // hash of a family's name -> family
	TapeElement *element;  // hash table of the named elements
	size_t element_count, element_capacity;
	NodeMap made;          // what tape_recall finds
	bool memory_paused;
	Node deriving;         // the step whose partials are being recorded (core/partials.h)
	uint64_t limit;        // 0 for none: gradient_record stops where there are more nodes, its gradient unfinished
	struct Gradient **gradient;   // recorded so far (core/gradient.h)
	size_t gradient_count, gradient_capacity;
	struct GradientWork *work;    // for core/gradient.c
	Arena arena;
} Tape;

void tape_free(Tape *tape);
// Makes room for so many more nodes and names.
void tape_reserve(Tape *tape, size_t nodes, size_t names);
// Gives back what the arrays have too much; call it when all is recorded.
void tape_trim(Tape *tape);
// Bytes that the tape holds in memory.
size_t tape_bytes(const Tape *tape);

// ---- Recording. Nothing is simplified: the tape gets the operation as it was written.

// A number written in a formula. Equal numbers are one node.
Node tape_number(Tape *tape, double value);
// A leaf: CONST, PARAM, STATE, INPUT, TARGET or BATCH_SIZE. Each call makes a new one.
Node tape_leaf(Tape *tape, Op op, double value, bool varies);
Node tape_unary(Tape *tape, Op op, Node a);
Node tape_binary(Tape *tape, Op op, Node a, Node b);
// An operation of any number of arguments from 1; SUM, PROD, MAX, MIN, ARGMAX and ARGMIN.
Node tape_nary(Tape *tape, Op op, const Node *argument, size_t count);
// a^b: INTPOWER where b is a whole number of the formula from -64 to 64, else POWER.
Node tape_power(Tape *tape, Node a, Node b);
Op tape_power_op(const Tape *tape, Node b);
// An operation of any arity by its arguments.
Node tape_apply(Tape *tape, Op op, const Node *argument, size_t count);
// The mean over the lanes, batch_sum(a)/batch_size; `a` itself where it does not vary.
Node tape_batch_mean(Tape *tape, Node a, Node batch_size);
// A COPY that varies though `a` does not: dL/dL[k] of each example, 1/B.
Node tape_varying_copy(Tape *tape, Node a);

// Nodes recorded once more, with two nodes that they use put for two others of the same operation and flags.
typedef struct Repeat {
	Node first, end;       // from `first` to before `end`
	Node from[2], to[2];
	Node shift;            // how far behind its original each new node is; tape_repeat sets it
} Repeat;

// Whether that can be: of what is defined there only members and next values have names (each name once on a tape), and
// no number was new (a tape has each once).
bool tape_can_repeat(const Tape *tape, const Repeat *repeat);
// The new nodes are those that the same calls as before would have made; none is remembered (tape_recall).
void tape_repeat(Tape *tape, Repeat *repeat);
// What stands for a node in the repetition.
static inline Node tape_repeated(const Repeat *repeat, Node node)
{
	return node >= repeat->first && node < repeat->end ? node + repeat->shift
	       : node == repeat->from[0]                   ? repeat->to[0]
	       : node == repeat->from[1]                   ? repeat->to[1]
	                                                   : node;
}

// An operation on one or two arguments that the tape has already; NODE_NONE where it has none, or did not remember it.
// Remembered is what is recorded by the functions above (but for sums and products, which are many and seldom wanted
// again) and by core/algebra.h. Between tape_pause_memory(…, true) and (…, false) nothing is remembered or found.
Node tape_recall(const Tape *tape, Op op, const Node *argument, size_t count);
void tape_remember(Tape *tape, Node node);
void tape_pause_memory(Tape *tape, bool pause);
// The key in Tape.made of what belongs to a node in another way: `what` says in which. No operation has such a key.
static inline uint64_t tape_key(Node node, uint32_t what)
{
	return (uint64_t)1 << 62 | (uint64_t)what << 32 | node;
}

// ---- Reading.

static inline Op tape_op(const Tape *tape, Node node)
{
	return (Op)tape->node[node].op;
}

// The arguments of a node and their number. The pointer is good until the next node is recorded.
static inline const Node *tape_arguments(const Tape *tape, Node node, uint32_t *count)
{
	const TapeNode *n = &tape->node[node];
	if (n->flags & NODE_LIST) {
		*count = n->b;
		return tape->list + n->a;
	}
	*count = n->flags & NODE_LEAF ? 0 : n->b == NODE_NONE ? 1 : 2;
	return &n->a;
}

static inline bool tape_varies(const Tape *tape, Node node)
{
	return tape->node[node].flags & NODE_VARIES;
}

static inline bool tape_named(const Tape *tape, Node node)
{
	return tape->name[node] != NAME_NONE;
}

// True for a number of the formula; its value is tape->value[node].
static inline bool tape_is_number(const Tape *tape, Node node)
{
	return tape->node[node].flags & NODE_NUMBER;
}

static inline bool tape_is_leaf(const Tape *tape, Node node)
{
	return tape->node[node].flags & NODE_LEAF;
}

// ---- Names. A node is named once, and only a node that nothing else uses yet may be named.

// The number of a family's name; a new one where the text is new.
uint32_t tape_family(Tape *tape, const char *text, size_t length);
// As tape_family, NAME_NONE where there is none of that name.
uint32_t tape_family_find(const Tape *tape, const char *text, size_t length);
const char *tape_family_text(const Tape *tape, uint32_t family);

void tape_name_element(Tape *tape, Node node, uint32_t family, const int32_t *index, size_t rank);
void tape_name_gradient(Tape *tape, Node node, Node of, Node by);
void tape_name_next(Tape *tape, Node node, Node of);
void tape_name_member(Tape *tape, Node node, Node of, uint32_t member);
// A name that another node has, once more: the plain name of a batch's mean loss stands beside the names of the examples'
// losses. tape_find goes on finding the first.
void tape_name_as(Tape *tape, Node node, Name name);
// The element of that family and index; NODE_NONE where there is none.
Node tape_find(const Tape *tape, uint32_t family, const int32_t *index, size_t rank);

// `node` if it can be named as a new step: unnamed, no leaf, no number and recorded at or after `since`; else a COPY.
Node tape_step(Tape *tape, Node node, Node since);

#endif
