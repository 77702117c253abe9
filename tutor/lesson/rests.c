#include "tutor/lesson/rests.h"

static void mark(bool *shown, const Graph *graph, uint32_t row)
{
	if (row && row <= graph->rows)
		shown[row] = true;
}

// The rows of the graph's derivation that stand in a line or in a sentence.
static void mark_shown(bool *shown, const Graph *graph, const Item *item, Arena *scratch)
{
	for (const Run *run = item->run; run; run = run->next)
		if (run->group == graph->group)
			mark(shown, graph, run->row);
	if (item->kind != ITEM_EQUATION || item->group != graph->group)
		return;
	const uint32_t *parent = NULL;
	size_t count = row_parents(&item->row, scratch, &parent);
	mark(shown, graph, item->row.id);
	for (size_t i = 0; i < count; i++)
		mark(shown, graph, parent[i]);
}

// A row rests on earlier ones alone, so one walk down finds all.
static void mark_what_they_rest_on(bool *shown, const Graph *graph)
{
	for (size_t row = graph->rows; row > 0; row--)
		for (size_t i = 0; shown[row] && i < graph->rests[row].count; i++)
			shown[graph->rests[row].id[i]] = true;
}

static void keep_shown(Document *document, Graph *graph)
{
	Arena scratch = {0};
	bool *shown = arena_array(&scratch, bool, graph->rows + 1);
	for (const Item *item = document->first; item; item = item->next)
		mark_shown(shown, graph, item, &scratch);
	mark_what_they_rest_on(shown, graph);
	size_t last = 0;
	for (size_t row = 1; row <= graph->rows; row++)
		if (shown[row])
			last = row;
		else
			graph->rests[row].count = 0;
	graph->rows = last;
	arena_free(&scratch);
}

void rests_keep_shown(Document *document)
{
	for (Item *item = document->first; item; item = item->next)
		if (item->kind == ITEM_GRAPH && (item->graph->hidden || item->graph->count > GRAPH_DRAWN)) {
			Graph *graph = arena_new(&document->arena, Graph);
			*graph = *item->graph;
			keep_shown(document, graph);
			item->graph = graph;
		}
}
