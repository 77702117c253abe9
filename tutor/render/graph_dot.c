#include "tutor/render/graph_picture.h"

static const char *fill_of(GraphKind kind)
{
	static const char *const fill[] = {[GRAPH_CONST] = "#f2f2f2",  [GRAPH_PARAM] = "#fff1d6", [GRAPH_INPUT] = "#e3effb",
	                                   [GRAPH_TARGET] = "#e3effb", [GRAPH_STEP] = "#ffffff",  [GRAPH_LOSS] = "#fbe3e3"};
	return fill[kind];
}

void graph_dot(Output *output, const Graph *graph, const TextStyle *style)
{
	Notation notation = text_notation(style);
	output_text(output, "digraph derivation {\n\trankdir=LR;\n"
	                    "\tnode [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11];\n");
	for (size_t i = 0; i < graph->count; i++) {
		const GraphNode *node = &graph->node[i];
		output_printf(output, "\tn%zu [fillcolor=\"%s\", label=\"", i + 1, fill_of(node->kind));
		notation_quantity(output, node->name, &notation);
		output_text(output, "\\n");
		notation_value(output, node->value, &notation);
		if (node->gradient_row) {
			output_text(output, "\\ngradient ");
			notation_value(output, node->gradient, &notation);
		}
		output_text(output, "\"];\n");
	}
	for (size_t i = 0; i < graph->count; i++)
		for (size_t k = 0; k < graph->node[i].from_count; k++)
			output_printf(output, "\tn%u -> n%zu;\n", (unsigned)graph->node[i].from[k] + 1, i + 1);
	output_text(output, "}\n");
}
