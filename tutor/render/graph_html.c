// A graph within a page.
#include "tutor/render/graph_picture.h"
#include "tutor/render/html.h"

// For the script: of each row the rows that it uses, as [[…],0,[…],…] from row 1 on, 0 where it uses none.
static void put_rests(Output *output, const Graph *graph)
{
	output_printf(output, "<script type=\"application/json\" class=\"rests\" data-group=\"%u\">[",
	              (unsigned)graph->group);
	for (size_t row = 1; row <= graph->rows; row++) {
		size_t count = graph->rests[row].count;
		output_text(output, row > 1 ? "," : "");
		for (size_t i = 0; i < count; i++)
			output_printf(output, i ? ",%u" : "[%u", (unsigned)graph->rests[row].id[i]);
		output_text(output, count ? "]" : "0");
	}
	output_text(output, "]</script>\n");
}

// What the boxes show.
static const char *caption_of(const Graph *graph)
{
	if (graph->open)
		return ", with the numbers that are given.";
	for (size_t i = 0; i < graph->count; i++)
		if (graph->node[i].gradient_row)
			return ". Each box has its value and, below it, its gradient: the derivative of the loss by it.";
	return ". Each box has its value.";
}

void html_graph(Output *output, const Graph *graph, const TextStyle *style)
{
	Output svg = {0};
	Error ignored = {0};
	bool drawn = !graph->hidden && graph->count > 0 && graph->count <= GRAPH_DRAWN;
	if (drawn && graph_svg(&svg, graph, style, false, &ignored)) {
		output_text(output, "<figure class=\"graph\">\n");
		output_bytes(output, output_memory(&svg), svg.count);
		output_printf(output, "<figcaption>What is computed from what%s</figcaption>\n</figure>\n", caption_of(graph));
	}
	output_abandon(&svg);
	if (!graph->open)
		put_rests(output, graph);
}
