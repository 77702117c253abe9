// A graph within a page.
#include "tutor/render/graph_layout.h"
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

// The quantity whose derivatives the boxes have; NULL where they have none.
static const Quantity *derived(const Graph *graph)
{
	const Quantity *loss = NULL;
	bool gradients = false;
	for (size_t i = 0; i < graph->count; i++) {
		if (graph->node[i].kind == GRAPH_LOSS)
			loss = graph->node[i].name;
		gradients |= graph->node[i].gradient_row > 0;
	}
	return gradients ? loss : NULL;
}

// What the boxes show.
static void put_caption(Output *output, const Graph *graph, const TextStyle *style)
{
	const Quantity *loss = derived(graph);
	output_text(output, "<figcaption>What is computed from what");
	if (graph->open)
		output_text(output, ", with the numbers that are given.");
	else if (loss) {
		output_text(output, ". Each box has its value and, below it, its gradient: the derivative of ");
		html_name(output, loss, 0, 0, style);
		output_text(output, " by it.");
	} else
		output_text(output, ". Each box has its value.");
	output_text(output, "</figcaption>\n");
}

// A page shows a graph this many pixels wide and high at most; what is wider is scrolled, and what is so much higher
// that nobody could read it is not drawn. page.css has the same lengths.
enum { WIDEST = 1700, HIGHEST = 1290 };

static void put_figure(Output *output, const Graph *graph, const TextStyle *style)
{
	Output svg = {0};
	Error ignored = {0};
	if (graph->layout->height <= HIGHEST && graph_svg(&svg, graph, style, false, &ignored)) {
		output_printf(output, "<figure class=\"graph%s\">\n", graph->layout->width > WIDEST ? " wide" : "");
		output_bytes(output, output_memory(&svg), svg.count);
		put_caption(output, graph, style);
		output_text(output, "</figure>\n");
	}
	output_abandon(&svg);
}

void html_graph(Output *output, const Graph *graph, const TextStyle *style)
{
	Arena arena = {0};
	Error ignored = {0};
	Graph placed = *graph;
	bool drawn = graph_is_drawn(graph) && !graph->unplaced;
	if (drawn && (graph->layout || graph_place(&placed, style, &arena, &ignored)))
		put_figure(output, &placed, style);
	arena_free(&arena);
	if (graph->group)
		put_rests(output, graph);
}
