#include "tutor/render/digits.h"
#include "tutor/render/graph_layout.h"
#include "tutor/render/graph_picture.h"

// The ink is said with the ground: a page's own may be dark.
static const char *ground_of(GraphKind kind)
{
	static const char *const ground[] = {[GRAPH_CONST] = "#f2f2f2",  [GRAPH_PARAM] = "#fff1d6", [GRAPH_INPUT] = "#e3effb",
	                                     [GRAPH_TARGET] = "#e3effb", [GRAPH_STEP] = "#ffffff",  [GRAPH_LOSS] = "#fbe3e3"};
	return ground[kind];
}

static void put_box(Output *output, const Graph *graph, size_t i, const TextStyle *style)
{
	const GraphNode *node = &graph->node[i];
	Notation notation = text_notation(style);
	char value[DIGITS_SIZE];
	output_printf(output, "  n%zu[\"", i + 1);
	notation_quantity(output, node->name, &notation);
	digits_write(value, node->value, GRAPH_DIGITS);
	if (graph_has_value(graph, node))
		output_printf(output, " = %s", value);
	output_printf(output, "\"]:::%s\n", graph_kind_text(node->kind));
}

static void put_edges(Output *output, const GraphNode *node, size_t number)
{
	for (size_t k = 0; k < node->from_count; k++)
		output_printf(output, k ? " & n%u" : "  n%u", (unsigned)node->from[k] + 1);
	if (node->from_count)
		output_printf(output, " --> n%zu\n", number);
}

void graph_mermaid(Output *output, const Graph *graph, const TextStyle *style)
{
	output_text(output, "flowchart LR\n");
	for (size_t i = 0; i < graph->count; i++)
		put_box(output, graph, i, style);
	for (size_t i = 0; i < graph->count; i++)
		put_edges(output, &graph->node[i], i + 1);
	for (GraphKind kind = GRAPH_CONST; kind <= GRAPH_LOSS; kind++)
		output_printf(output, "  classDef %s fill:%s,stroke:#555,color:#000\n", graph_kind_text(kind), ground_of(kind));
}
