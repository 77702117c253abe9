// How large the boxes of a graph are, and where they stand: the same for every form that it is drawn in.
#include "tutor/render/digits.h"
#include "tutor/render/graph_layout.h"
#include "tutor/render/graph_picture.h"

enum { PADDING = 9, OPEN_COLUMNS = 6 };

static size_t name_columns(const Quantity *name, const TextStyle *style)
{
	Output memory = {0};
	Notation width = style_notation(style, &markup_width, 0);
	notation_quantity(&memory, name, &width);
	size_t columns = memory.count;
	output_abandon(&memory);
	return columns;
}

bool graph_has_value(const Graph *graph, const GraphNode *node)
{
	return !graph->open || (node->kind != GRAPH_STEP && node->kind != GRAPH_LOSS);
}

bool graph_has_gradient(const Graph *graph, const GraphNode *node)
{
	return !graph->open && node->gradient_row;
}

static Point size_of(size_t name, size_t number, int lines)
{
	double wide = (double)name * 8.6, numbers = (double)number * 6.6;
	return (Point){(wide > numbers ? wide : numbers) + 2 * PADDING,
	               GRAPH_NAME_LINE + lines * GRAPH_NUMBER_LINE + PADDING};
}

// Boxes of an open graph are as wide for all students.
static Point box_of(const Graph *graph, const GraphNode *node, const TextStyle *style)
{
	char text[DIGITS_SIZE];
	size_t name = name_columns(node->name, style);
	bool has_value = graph_has_value(graph, node);
	if (graph->open)
		return size_of(name, has_value ? OPEN_COLUMNS : 0, has_value);
	size_t value = digits_write(text, node->value, GRAPH_DIGITS);
	size_t gradient = node->gradient_row ? digits_write(text, node->gradient, GRAPH_DIGITS) : 0;
	return size_of(name, value > gradient ? value : gradient, node->gradient_row ? 2 : 1);
}

Point *graph_boxes(const Graph *graph, const TextStyle *style, Arena *arena)
{
	Point *box = arena_array(arena, Point, graph->count + 1);
	for (size_t i = 0; i < graph->count; i++)
		box[i] = box_of(graph, &graph->node[i], style);
	return box;
}

bool graph_place(Graph *graph, const TextStyle *style, Arena *arena, Error *error)
{
	GraphLayout *layout = arena_new(arena, GraphLayout);
	if (!graph_layout(layout, graph, graph_boxes(graph, style, arena), arena, error))
		return false;
	graph->layout = layout;
	return true;
}
