// The values in the order of their levels. Declared in core/lift_graph.h.
#include "core/lift_graph.h"

#include "core/arena.h"

#include <stdlib.h>
#include <string.h>

static uint32_t *find_levels(const Graph *graph, uint32_t *levels)
{
	uint32_t *level = memory_alloc(memory_product(graph->count + 1, sizeof *level));
	*levels = 0;
	for (Value value = 0; value < graph->count; value++) {
		uint32_t count, deepest = 0;
		const Value *argument = graph_arguments(graph, value, &count);
		for (uint32_t i = 0; i < count; i++)
			if (argument[i] != VALUE_NONE && level[argument[i]] >= deepest)
				deepest = level[argument[i]] + 1;
		level[value] = deepest;
		if (deepest >= *levels)
			*levels = deepest + 1;
	}
	return level;
}

static bool is_live(const Graph *graph, Value value)
{
	return graph->node[value].uses || graph->node[value].flags & VALUE_KEEP;
}

// Where each level begins, if level l is to come behind level l - 1: level l at entry l + 1.
static size_t *find_starts(const Graph *graph, const uint32_t *level, uint32_t levels)
{
	size_t *start = memory_alloc(memory_product(levels + (size_t)2, sizeof *start));
	memset(start, 0, (levels + (size_t)2) * sizeof *start);
	for (Value value = 0; value < graph->count; value++)
		if (is_live(graph, value))
			start[level[value] + 2]++;
	for (uint32_t l = 2; l <= levels + 1; l++)
		start[l] += start[l - 1];
	return start;
}

size_t *graph_sort_by_level(Graph *graph, Value *wanted, size_t count, uint32_t *levels, size_t *most)
{
	uint32_t *level = find_levels(graph, levels);
	size_t *start = find_starts(graph, level, *levels), *next = start + 1, live = start[*levels + 1];
	ValueNode *sorted = memory_alloc(memory_product(live + 1, sizeof *sorted));
	Value *number = level;   // of the values already met, their new numbers
	for (Value value = 0; value < graph->count; value++) {
		if (!is_live(graph, value))
			continue;
		uint32_t arguments;
		Value *argument = graph_arguments(graph, value, &arguments);
		for (uint32_t i = 0; i < arguments; i++)
			if (argument[i] != VALUE_NONE)
				argument[i] = number[argument[i]];
		number[value] = (Value)next[level[value]]++;
		sorted[number[value]] = graph->node[value];
	}
	for (size_t i = 0; i < count; i++)
		wanted[i] = number[wanted[i]];
	size_t bytes = graph_bytes(graph) + live * sizeof *sorted + graph->count * sizeof *level;
	*most = bytes > *most ? bytes : *most;
	free(level);
	free(graph->node);
	graph->node = sorted;
	graph->count = graph->node_capacity = live;
	return start;
}
