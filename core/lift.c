#include "core/lift.h"

#include "core/lift_unit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// The nodes to be computed: first those that are wanted, then the carried leaves, then their next values.
static Node *find_wanted(const LiftOptions *options, size_t *count)
{
	*count = options->wanted_count + 2 * options->carry_count;
	Node *node = memory_alloc(memory_product(*count + 1, sizeof *node)), *end = node + options->wanted_count;
	if (options->wanted_count)
		memcpy(node, options->wanted, options->wanted_count * sizeof *node);
	for (size_t i = 0; i < options->carry_count; i++) {
		end[i] = options->carry[i].leaf;
		end[options->carry_count + i] = options->carry[i].next;
	}
	return node;
}

// A leaf as the value of a wanted node, or as the next value of another leaf, is copied first: the leaf may get another
// value in the same update.
static void copy_leaf(Graph *graph, Value *value)
{
	if (!graph_is_leaf(graph, *value) || graph_is_number(graph, *value))
		return;
	*value = graph_make(graph, OP_COPY, value, 1, 0, NODE_NONE);
	graph->node[*value].flags |= VALUE_KEEP;
}

static void copy_leaves(Graph *graph, const Tape *tape, const LiftOptions *options, Value *value)
{
	Value *leaf = value + options->wanted_count, *next = leaf + options->carry_count;
	for (size_t i = 0; i < options->wanted_count; i++)
		if (!tape_is_leaf(tape, options->wanted[i]))
			copy_leaf(graph, &value[i]);
	for (size_t i = 0; i < options->carry_count; i++) {
		assert(!graph_varies(graph, next[i]));
		if (next[i] != leaf[i])
			copy_leaf(graph, &next[i]);
	}
}

static void make_graph(Lift *lift, const Tape *tape, const LiftOptions *options, Node *node, Value *value,
                       size_t count)
{
	Graph raw;
	graph_of_tape(&raw, tape, node, value, count, &lift->most);
	graph_close(&raw);
	graph_normalise(&lift->graph, &raw, value, count, &lift->most);
	graph_free(&raw);
	copy_leaves(&lift->graph, tape, options, value);
	graph_close(&lift->graph);
	graph_forget_unused(&lift->graph);
}

static void note_next_values(Plan *plan)
{
	size_t values = plan->lift->graph.count + 1;
	plan->leaf_of = memory_alloc(memory_product(values, sizeof *plan->leaf_of));
	memset(plan->leaf_of, 0xFF, values * sizeof *plan->leaf_of);
	for (size_t i = 0; i < plan->options->carry_count; i++) {
		Value *leaf = &plan->leaf_of[plan->next[i]];
		if (*leaf == VALUE_NONE && !graph_is_leaf(&plan->lift->graph, plan->next[i]))
			*leaf = plan->leaf[i];
	}
}

// The most memory that lifting held: on the way to the normal form, or at the end.
static size_t most_bytes(const Lift *lift, const Plan *plan, const Program *program)
{
	size_t bytes = graph_bytes(&lift->graph) + 4 * lift->graph.count * sizeof(Value) + arena_bytes(&lift->arena) +
	               arena_bytes(&plan->arena) + program_bytes(program);
	return bytes > lift->most ? bytes : lift->most;
}

Program *lift(const Tape *tape, const LiftOptions *options)
{
	Lift lift = {0};
	size_t count;
	Node *node = find_wanted(options, &count);
	Value *value = memory_alloc(memory_product(count + 1, sizeof *value));
	make_graph(&lift, tape, options, node, value, count);
	lift_group(&lift, value, count);

	Plan plan = {.lift = &lift, .options = options, .wanted_node = node, .wanted = value};
	plan.wanted_count = options->wanted_count + options->carry_count;
	plan.leaf = value + options->wanted_count;
	plan.next = plan.leaf + options->carry_count;
	note_next_values(&plan);
	lift_make_units(&plan);
	lift_schedule(&plan);

	Program *program = memory_alloc(sizeof *program);
	*program = (Program){0};
	lift_place_stores(&plan, program);
	lift_emit(&plan, program);
	program->lift_bytes = most_bytes(&lift, &plan, program);
	lift_plan_free(&plan);
	lift_free(&lift);
	free(value);
	free(node);
	return program;
}
