#include "tutor/explain/graph.h"

#include "tutor/explain/derivation.h"

#include <stdlib.h>
#include <string.h>

typedef struct Reading {
	Graph *graph;
	const Derivation *derivation;
	Arena *arena;
	uint32_t *place;   // of each row, its node's place from 1; 0 for none
} Reading;

const char *graph_kind_text(GraphKind kind)
{
	static const char *const text[] = {[GRAPH_CONST] = "const",   [GRAPH_PARAM] = "param", [GRAPH_INPUT] = "input",
	                                   [GRAPH_TARGET] = "target", [GRAPH_STEP] = "step",   [GRAPH_LOSS] = "loss"};
	return text[kind];
}

bool graph_is_drawn(const Graph *graph)
{
	return !graph->hidden && graph->count > 0 && graph->count <= GRAPH_DRAWN;
}

static GraphKind kind_of(const Derivation *d, Node node)
{
	switch (tape_op(d->tape, node)) {
	case OP_PARAM:
		return GRAPH_PARAM;
	case OP_INPUT:
		return GRAPH_INPUT;
	case OP_TARGET:
		return GRAPH_TARGET;
	default:
		return tape_is_leaf(d->tape, node) ? GRAPH_CONST : node == d->model->mean ? GRAPH_LOSS : GRAPH_STEP;
	}
}

// What every row rests on.
static bool read_rests(Reading *reading, Error *error)
{
	Arena scratch = {0};
	Graph *graph = reading->graph;
	bool good = true;
	for (uint32_t id = 1; good && id <= graph->rows; id++) {
		Row row;
		const uint32_t *parent = NULL;
		good = derivation_row(reading->derivation, id, &scratch, &row, error);
		GraphRests *rests = &graph->rests[id];
		rests->count = good ? row_parents(&row, &scratch, &parent) : 0;
		uint32_t *copy = arena_array(reading->arena, uint32_t, rests->count + 1);
		if (rests->count)
			memcpy(copy, parent, rests->count * sizeof *copy);
		rests->id = copy;
		arena_reset(&scratch);
	}
	arena_free(&scratch);
	return good;
}

static bool is_forward(const Derivation *d, uint32_t id)
{
	return d->row[id - 1].phase == PHASE_GIVEN || d->row[id - 1].phase == PHASE_FORWARD;
}

// Steps, and what they use.
static void choose_rows(Reading *reading)
{
	const Derivation *d = reading->derivation;
	for (uint32_t id = 1; id <= reading->graph->rows; id++) {
		if (d->row[id - 1].phase != PHASE_FORWARD)
			continue;
		reading->place[id] = 1;
		for (size_t i = 0; i < reading->graph->rests[id].count; i++)
			reading->place[reading->graph->rests[id].id[i]] = 1;
	}
	for (uint32_t id = 1; id <= reading->graph->rows; id++)
		if (reading->place[id] && is_forward(d, id))
			reading->place[id] = (uint32_t)++reading->graph->count;
		else
			reading->place[id] = 0;
}

static const char *rule_of(const Derivation *d, Node node)
{
	const OpInfo *info = &op_info[tape_op(d->tape, node)];
	return info->form == FORM_CALL ? info->text : "";
}

static void read_node(Reading *reading, uint32_t id)
{
	const Derivation *d = reading->derivation;
	Graph *graph = reading->graph;
	GraphNode *node = &graph->node[reading->place[id] - 1];
	Row row;
	derivation_row_name(d, id, reading->arena, &row);
	*node = (GraphNode){.kind = kind_of(d, d->row[id - 1].node), .name = row.name, .value = row.value, .row = id,
	                    .rule = rule_of(d, d->row[id - 1].node)};
	uint32_t *from = arena_array(reading->arena, uint32_t, graph->rests[id].count + 1);
	for (size_t i = 0; i < graph->rests[id].count; i++)
		if (reading->place[graph->rests[id].id[i]])
			from[node->from_count++] = reading->place[graph->rests[id].id[i]] - 1;
	node->from = from;
}

static void read_gradients(Reading *reading)
{
	const Derivation *d = reading->derivation;
	for (uint32_t id = 1; id <= reading->graph->rows; id++) {
		const RowKey *key = &d->row[id - 1];
		if (key->phase != PHASE_GRADIENT || d->shown[key->gradient].gradient != d->model->gradient)
			continue;
		uint32_t row = derivation_find(d, key->node, key->lane);
		if (!row || !reading->place[row])
			continue;
		Row gradient;
		derivation_row_name(d, id, reading->arena, &gradient);
		GraphNode *node = &reading->graph->node[reading->place[row] - 1];
		node->gradient_row = id;
		node->gradient = gradient.value;
	}
}

bool graph_read(Graph *graph, const Derivation *derivation, Arena *arena, Error *error)
{
	*graph = (Graph){.rows = derivation->count};
	graph->rests = arena_array(arena, GraphRests, derivation->count + 1);
	Reading reading = {.graph = graph, .derivation = derivation, .arena = arena};
	reading.place = arena_array(arena, uint32_t, derivation->count + 1);
	if (!read_rests(&reading, error))
		return false;
	choose_rows(&reading);
	graph->node = arena_array(arena, GraphNode, graph->count + 1);
	for (uint32_t id = 1; id <= graph->rows; id++)
		if (reading.place[id])
			read_node(&reading, id);
	read_gradients(&reading);
	return true;
}

void graph_leave_lone(Graph *graph, Arena *arena)
{
	bool *joined = arena_array(arena, bool, graph->count + 1);
	size_t *place = arena_array(arena, size_t, graph->count + 1), count = 0;
	for (size_t i = 0; i < graph->count; i++)
		for (size_t k = 0; k < graph->node[i].from_count; k++)
			joined[i] = joined[graph->node[i].from[k]] = true;
	for (size_t i = 0; i < graph->count; i++)
		if (joined[i]) {
			place[i] = count;
			graph->node[count++] = graph->node[i];
		}
	graph->count = count;
	for (size_t i = 0; i < count; i++) {
		uint32_t *from = arena_array(arena, uint32_t, graph->node[i].from_count + 1);
		for (size_t k = 0; k < graph->node[i].from_count; k++)
			from[k] = (uint32_t)place[graph->node[i].from[k]];
		graph->node[i].from = from;
	}
}

static bool node_alike(const GraphNode *a, const GraphNode *b, Arena *scratch)
{
	return a->kind == b->kind && a->value == b->value && !a->gradient_row == !b->gradient_row &&
	       a->gradient == b->gradient && a->from_count == b->from_count &&
	       memcmp(a->from, b->from, a->from_count * sizeof *a->from) == 0 && strcmp(a->rule, b->rule) == 0 &&
	       strcmp(quantity_text(a->name, scratch), quantity_text(b->name, scratch)) == 0;
}

bool graph_alike(const Graph *a, const Graph *b)
{
	Arena scratch = {0};
	bool alike = a->count == b->count && a->open == b->open;
	for (size_t i = 0; alike && i < a->count; i++)
		alike = node_alike(&a->node[i], &b->node[i], &scratch);
	arena_free(&scratch);
	return alike;
}
