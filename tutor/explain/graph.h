// A derivation as a graph: what the forward pass computes from what, with values and gradients.
#ifndef EXPLAIN_GRAPH_H
#define EXPLAIN_GRAPH_H

#include "core/error.h"
#include "tutor/explain/row.h"

#include <stdbool.h>

typedef enum GraphKind { GRAPH_CONST, GRAPH_PARAM, GRAPH_INPUT, GRAPH_TARGET, GRAPH_STEP, GRAPH_LOSS } GraphKind;

// A quantity of the forward pass that something rests on, or that rests on something.
typedef struct GraphNode {
	GraphKind kind;
	const Quantity *name;
	double value, gradient;
	const char *rule;             // of a step made by one operation, what that is called: sigmoid; else ""
	uint32_t row, gradient_row;   // the latter is 0 where there is no gradient
	const uint32_t *from;         // places in Graph.node
	size_t from_count;
} GraphNode;

// The ids of the rows that a row uses.
typedef struct GraphRests {
	const uint32_t *id;
	size_t count;
} GraphRests;

enum { GRAPH_DRAWN = 120 };   // the most quantities of a graph that is drawn in a page

typedef struct Graph {
	GraphNode *node;
	size_t count;
	GraphRests *rests;   // of each row of the derivation, from 1
	size_t rows;
	uint32_t group;      // of a document's derivations: which this is, from 1
	bool hidden;         // not drawn: there for what rests on what
	bool open;           // drawn for who is to work it out: with the values of what is given alone
	bool unplaced;       // nobody could say where its boxes stand
	const struct GraphLayout *layout;   // where its boxes stand, if that is known; else NULL
} Graph;

const char *graph_kind_text(GraphKind kind);
// Whether it is to be seen: not hidden, and not too large.
bool graph_is_drawn(const Graph *graph);

struct Derivation;
// Builds the graph of a derivation in `arena`. False and `error` where a formula is too long.
bool graph_read(Graph *graph, const struct Derivation *derivation, Arena *arena, Error *error);
// Leaves out what no edge leads to or from, such as a step that is a gradient, which rests on no step of the forward pass.
void graph_leave_lone(Graph *graph, Arena *arena);
// Whether both look alike: the same boxes, with the same names and numbers and the same edges.
bool graph_alike(const Graph *a, const Graph *b);

#endif
