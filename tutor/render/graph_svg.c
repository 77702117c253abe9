#include "tutor/render/digits.h"
#include "tutor/render/graph_layout.h"
#include "tutor/render/graph_picture.h"
#include "tutor/render/html.h"
#include "tutor/render/symbols.h"

#include <string.h>

enum { MARGIN = 4 };

// ---- Names: marks are small, below and above the line.

static void put_word(Output *output, const char *word, size_t size)
{
	const char *letter = symbol_letter(word, size);
	bool italic = letter || size == 1;
	output_text(output, italic ? "<tspan class=\"i\">" : "");
	output_bytes(output, letter ? letter : word, letter ? strlen(letter) : size);
	output_text(output, italic ? "</tspan>" : "");
}

static void put_mark(Output *output, const char *content, int down)
{
	if (*content)
		output_printf(output, "<tspan class=\"m\" dy=\"%d\">%s</tspan><tspan dy=\"%d\">\u200b</tspan>", down, content,
		              -down);
}

static void join(Output *output, const char *base, const char *sub, const char *super, uint32_t row, uint32_t group)
{
	(void)row;
	(void)group;
	output_text(output, base);
	put_mark(output, sub, 3);
	put_mark(output, super, -5);
}

static const Script script = {put_word, output_text, join};

static void put_name(Output *output, const Quantity *name, const TextStyle *style)
{
	Notation text = text_notation(style);
	if (name->kind == QUANTITY_DERIVATIVE)
		notation_quantity(output, name, &text);
	else
		symbol_name(output, name, &script, 0, 0);
}

static void put_number(Output *output, double value)
{
	char text[DIGITS_SIZE];
	digits_write(text, value, GRAPH_DIGITS);
	html_number(output, text);
}

// ---- Boxes

// What a pointer that rests on the box is told.
static void put_title(Output *output, const Graph *graph, const GraphNode *node, const TextStyle *style)
{
	Output title = {0};
	Notation notation = text_notation(style);
	notation_quantity(&title, node->name, &notation);
	if (*node->rule)
		output_printf(&title, ", by %s", node->rule);
	if (graph_has_value(graph, node)) {
		output_text(&title, " = ");
		notation_value(&title, node->value, &notation);
	}
	if (graph_has_gradient(graph, node)) {
		output_text(&title, "; gradient ");
		notation_value(&title, node->gradient, &notation);
	}
	output_text(output, "<title>");
	html_text(output, output_memory(&title));
	output_text(output, "</title>");
	output_abandon(&title);
}

static void put_line(Output *output, double x, double y, const char *kind, uint32_t group, uint32_t row, double value)
{
	output_printf(output, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\"", kind, x, y);
	html_row(output, group, row);
	output_text(output, ">");
	put_number(output, value);
	output_text(output, "</text>");
}

static void put_node(Output *output, const Graph *graph, const GraphNode *node, Point center, Point box,
                     const TextStyle *style)
{
	double top = center.y - box.y / 2;
	output_printf(output, "<g class=\"node %s\"", graph_kind_text(node->kind));
	html_row(output, graph->group, node->row);
	output_text(output, ">");
	put_title(output, graph, node, style);
	output_printf(output, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"6\"/>",
	              center.x - box.x / 2, top, box.x, box.y);
	output_printf(output, "<text class=\"name\" x=\"%.1f\" y=\"%.1f\">", center.x, top + GRAPH_NAME_LINE);
	put_name(output, node->name, style);
	output_text(output, "</text>");
	if (graph_has_value(graph, node))
		put_line(output, center.x, top + GRAPH_NAME_LINE + GRAPH_NUMBER_LINE, "number", graph->group, node->row, node->value);
	if (graph_has_gradient(graph, node))
		put_line(output, center.x, top + GRAPH_NAME_LINE + 2 * GRAPH_NUMBER_LINE, "gradient", graph->group, node->gradient_row,
		         node->gradient);
	output_text(output, "</g>\n");
}

static void put_edge(Output *output, const Graph *graph, const GraphEdge *edge)
{
	output_printf(output, "<path class=\"edge\" data-from=\"%u.%u\" data-to=\"%u.%u\" d=\"", (unsigned)graph->group,
	              (unsigned)graph->node[edge->from].row, (unsigned)graph->group, (unsigned)graph->node[edge->to].row);
	for (size_t i = 0; i < edge->count; i++)
		output_printf(output, "%s%.1f,%.1f", i == 0 ? "M" : i == 1 ? " C" : " ", edge->point[i].x, edge->point[i].y);
	output_text(output, "\"/>\n");
}

// ---- The picture

static const char colours[] =
    "<style>text{font:11px sans-serif;text-anchor:middle}.name{font:14px serif}.i{font-style:italic}"
    ".m{font-size:10px}.node rect{fill:#fff;stroke:#555}.param rect{fill:#fff1d6}.input rect,.target rect{fill:#e3effb}"
    ".const rect{fill:#f2f2f2}.loss rect{fill:#fbe3e3}.gradient{fill:#a02010}.edge{fill:none;stroke:#888}</style>\n";

static void put_picture(Output *output, const Graph *graph, const GraphLayout *layout, const Point *box,
                        const TextStyle *style)
{
	for (size_t i = 0; i < layout->edges; i++)
		put_edge(output, graph, &layout->edge[i]);
	for (size_t i = 0; i < graph->count; i++)
		put_node(output, graph, &graph->node[i], layout->center[i], box[i], style);
}

static void put_svg(Output *output, const Graph *graph, const TextStyle *style, bool alone, Arena *arena)
{
	const GraphLayout *layout = graph->layout;
	output_printf(output, "<svg%s viewBox=\"%d %d %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" role=\"img\""
	              " aria-label=\"The computation graph%s\">\n",
	              alone ? " xmlns=\"http://www.w3.org/2000/svg\"" : "", -MARGIN, -MARGIN, layout->width + 2 * MARGIN,
	              layout->height + 2 * MARGIN, layout->width + 2 * MARGIN, layout->height + 2 * MARGIN,
	              graph->open ? ", with the numbers that are given" : ": each box with its value and, below it, its gradient");
	output_text(output, alone ? colours : "");
	put_picture(output, graph, layout, graph_boxes(graph, style, arena), style);
	output_text(output, "</svg>\n");
}

bool graph_svg(Output *output, const Graph *graph, const TextStyle *style, bool alone, Error *error)
{
	Arena arena = {0};
	Graph placed = *graph;
	bool good = graph->layout || graph_place(&placed, style, &arena, error);
	if (good)
		put_svg(output, &placed, style, alone, &arena);
	arena_free(&arena);
	return good;
}
