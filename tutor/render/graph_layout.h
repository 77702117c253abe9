// Where the nodes and edges of a graph stand on paper. Graphviz's `dot` says it, where it is installed.
#ifndef RENDER_GRAPH_LAYOUT_H
#define RENDER_GRAPH_LAYOUT_H

#include "tutor/explain/graph.h"
#include "tutor/render/equation.h"

typedef struct Point {
	double x, y;
} Point;

typedef struct GraphEdge {
	uint32_t from, to;     // places in Graph.node
	const Point *point;    // of Bézier curves: one, then three a curve
	size_t count;
} GraphEdge;

// Lengths are in points, from the upper left corner.
typedef struct GraphLayout {
	double width, height;
	Point *center;         // of each node
	GraphEdge *edge;
	size_t edges;
} GraphLayout;

// A box has a line for the name and below it lines for numbers of so many digits. Letters are 14 and 11 points high.
enum { GRAPH_NAME_LINE = 19, GRAPH_NUMBER_LINE = 14, GRAPH_DIGITS = 6 };

// Whether the box has its value: of an open graph what is given alone. Whether it has its gradient.
bool graph_has_value(const Graph *graph, const GraphNode *node);
bool graph_has_gradient(const Graph *graph, const GraphNode *node);
// How large each node's box is, in `arena`.
Point *graph_boxes(const Graph *graph, const TextStyle *style, Arena *arena);

// Lays out boxes of these sizes (x wide and y high), inputs on the left, the loss on the right. False and `error` where
// there is no `dot`, or it fails.
bool graph_layout(GraphLayout *layout, const Graph *graph, const Point *size, Arena *arena, Error *error);

#endif
