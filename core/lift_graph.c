#include "core/lift_graph.h"

#include "core/arena.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void graph_free(Graph *graph)
{
	free(graph->node);
	free(graph->list);
	free(graph->table);
	*graph = (Graph){0};
}

void graph_close(Graph *graph)
{
	free(graph->table);
	graph->table = NULL;
	graph->table_capacity = graph->table_count = 0;
}

size_t graph_bytes(const Graph *graph)
{
	return graph->node_capacity * sizeof *graph->node + graph->list_capacity * sizeof *graph->list +
	       graph->table_capacity * sizeof *graph->table;
}

double graph_number_value(const Graph *graph, Value value)
{
	uint64_t bits = (uint64_t)graph->node[value].a << 32 | graph->node[value].b;
	double number;
	memcpy(&number, &bits, sizeof number);
	return number;
}

// ---- Value numbering
//
// An entry of the table is the upper half of the hash and the value, so that a look at it mostly suffices. Leaves but for
// numbers and the batch size are met once each and need no entry.

static uint64_t hash_of(unsigned op, const Value *argument, size_t count)
{
	uint64_t hash = op * 0x9E3779B97F4A7C15u + count;
	for (size_t i = 0; i < count; i++) {
		hash = (hash ^ argument[i]) * 0xD6E8FEB86659FD93u;
		hash ^= hash >> 32;
	}
	return hash * 0x9E3779B97F4A7C15u;
}

static uint64_t entry_of(uint64_t hash, Value value)
{
	return (hash & ~(uint64_t)UINT32_MAX) | value;
}

static size_t table_slot(const Graph *graph, uint64_t upper)
{
	return (upper >> 32) * 0x9E3779B1u >> 7 & (graph->table_capacity - 1);
}

static bool is_equal(const Graph *graph, Value value, ValueNode wanted, const Value *argument, size_t count)
{
	const ValueNode *node = &graph->node[value];
	if (node->op != wanted.op || (node->flags & VALUE_BATCH) != (wanted.flags & VALUE_BATCH))
		return false;
	if (!(node->flags & VALUE_LIST))
		return count <= 2 && node->a == wanted.a && node->b == wanted.b;
	return node->b == count && memcmp(graph->list + node->a, argument, count * sizeof *argument) == 0;
}

static void table_put(Graph *graph, uint64_t entry)
{
	size_t at = table_slot(graph, entry);
	while (graph->table[at] != VALUE_EMPTY)
		at = (at + 1) & (graph->table_capacity - 1);
	graph->table[at] = entry;
}

static void table_resize(Graph *graph, size_t capacity)
{
	uint64_t *old = graph->table;
	size_t old_capacity = graph->table_capacity;
	graph->table = memory_alloc(memory_product(capacity, sizeof *graph->table));
	memset(graph->table, 0xFF, capacity * sizeof *graph->table);
	graph->table_capacity = capacity;
	for (size_t i = 0; i < old_capacity; i++)
		if (old[i] != VALUE_EMPTY)
			table_put(graph, old[i]);
	free(old);
}

// The value equal to the operation, VALUE_NONE if there is none.
static Value table_find(Graph *graph, uint64_t hash, ValueNode node, const Value *argument, size_t count)
{
	if (2 * graph->table_count >= graph->table_capacity)
		table_resize(graph, graph->table_capacity ? 2 * graph->table_capacity : 1024);
	for (size_t at = table_slot(graph, hash);; at = (at + 1) & (graph->table_capacity - 1)) {
		uint64_t entry = graph->table[at];
		if (entry == VALUE_EMPTY)
			return VALUE_NONE;
		if (entry >> 32 == hash >> 32 && is_equal(graph, (Value)entry, node, argument, count))
			return (Value)entry;
	}
}

static inline Value add_value(Graph *graph, ValueNode node)
{
	assert(graph->count < VALUE_NONE);
	array_reserve(graph->node, graph->count, graph->node_capacity, 1);
	graph->node[graph->count] = node;
	return (Value)graph->count++;
}

void graph_prefer_origin(Graph *graph, Value value, Node origin)
{
	Node *kept = &graph->node[value].origin;
	if (origin == NODE_NONE || graph_is_leaf(graph, value))
		return;
	if (*kept == NODE_NONE || (!tape_named(graph->tape, *kept) && tape_named(graph->tape, origin)))
		*kept = origin;
}

static inline ValueNode node_of(unsigned op, const Value *argument, size_t count, unsigned flags, Node origin)
{
	return (ValueNode){.op = (uint8_t)op, .flags = (uint8_t)flags, .a = argument[0],
	                   .b = count > 1 ? argument[1] : VALUE_NONE, .origin = origin};
}

static uint32_t add_list(Graph *graph, const Value *argument, size_t count)
{
	array_reserve(graph->list, graph->list_count, graph->list_capacity, count);
	memcpy(graph->list + graph->list_count, argument, count * sizeof *argument);
	graph->list_count += count;
	return (uint32_t)(graph->list_count - count);
}

Value graph_append(Graph *graph, unsigned op, const Value *argument, size_t count, unsigned flags, Node origin)
{
	const unsigned passes_on = op == OP_BATCH_SUM || flags & VALUE_BATCH ? 0 : VALUE_VARIES;
	for (size_t i = 0; i < count; i++) {
		if (argument[i] == VALUE_NONE)
			continue;
		ValueNode *theirs = &graph->node[argument[i]];
		flags |= theirs->flags & passes_on;
		if (theirs->uses < VALUE_MANY_USES)
			theirs->uses++;
	}
	ValueNode node = node_of(op, argument, count, flags, origin);
	if (count > 2) {
		node.a = add_list(graph, argument, count);
		node.b = (uint32_t)count;
		node.flags |= VALUE_LIST;
	}
	return add_value(graph, node);
}

Value graph_find(Graph *graph, unsigned op, const Value *argument, size_t count)
{
	return table_find(graph, hash_of(op, argument, count), node_of(op, argument, count, 0, NODE_NONE), argument, count);
}

Value graph_make(Graph *graph, unsigned op, const Value *argument, size_t count, unsigned flags, Node origin)
{
	if (graph->alone)
		return graph_append(graph, op, argument, count, flags, origin);
	uint64_t hash = hash_of(op, argument, count);
	Value found = table_find(graph, hash, node_of(op, argument, count, flags, origin), argument, count);
	if (found != VALUE_NONE) {
		graph_prefer_origin(graph, found, origin);
		return found;
	}
	found = graph_append(graph, op, argument, count, flags, origin);
	table_put(graph, entry_of(hash, found));
	graph->table_count++;
	return found;
}

static Value shared_leaf(Graph *graph, ValueNode node)
{
	const Value content[2] = {node.a, node.b};
	uint64_t hash = hash_of(node.op, content, 2);
	Value found = table_find(graph, hash, node, content, 2);
	if (found == VALUE_NONE) {
		found = add_value(graph, node);
		table_put(graph, entry_of(hash, found));
		graph->table_count++;
	}
	return found;
}

Value graph_number(Graph *graph, double number)
{
	uint64_t bits;
	memcpy(&bits, &number, sizeof bits);
	ValueNode node = {.op = OP_NUMBER, .flags = VALUE_LEAF, .a = (uint32_t)(bits >> 32), .b = (uint32_t)bits, .origin = NODE_NONE};
	return shared_leaf(graph, node);
}

Value graph_leaf(Graph *graph, Node node)
{
	if (node == NODE_NONE)
		return graph_leaf_of(graph, OP_BATCH_SIZE, false, node);
	if (tape_is_number(graph->tape, node))
		return graph_number(graph, graph->tape->value[node]);
	return graph_leaf_of(graph, tape_op(graph->tape, node), tape_varies(graph->tape, node), node);
}

Value graph_leaf_of(Graph *graph, unsigned op, bool varies, Node node)
{
	if (op == OP_BATCH_SIZE)
		return shared_leaf(graph, (ValueNode){.op = OP_BATCH_SIZE, .flags = VALUE_LEAF, .origin = node});
	unsigned flags = varies ? VALUE_LEAF | VALUE_VARIES : VALUE_LEAF;
	return add_value(graph, (ValueNode){.op = (uint8_t)op, .flags = (uint8_t)flags, .a = node, .origin = node});
}

void graph_forget_unused(Graph *graph)
{
	for (Value value = (Value)graph->count; value-- > 0;) {
		if (graph->node[value].uses || graph->node[value].flags & VALUE_KEEP)
			continue;
		uint32_t count;
		const Value *argument = graph_arguments(graph, value, &count);
		for (uint32_t i = 0; i < count; i++)
			if (argument[i] != VALUE_NONE && graph->node[argument[i]].uses < VALUE_MANY_USES)
				graph->node[argument[i]].uses--;
	}
}

// ---- From the tape

// Of each node, the kinds of operations that use it (KINDS bits), those of which more than one does (KINDS bits on top),
// and two marks.
enum { KINDS = 7, WANTED = 1 << 2 * KINDS, ALONE = 2 * WANTED };

static unsigned kind_of(const Tape *tape, Node node)
{
	return 1u << tape_op(tape, node) % KINDS;
}

// 0 for a node that nothing wanted rests on; `live` gets the number of the others.
static uint16_t *find_users(const Tape *tape, const Node *wanted, size_t count, size_t *live)
{
	uint16_t *users = memory_alloc(memory_product(tape->count + 1, sizeof *users));
	memset(users, 0, (tape->count + 1) * sizeof *users);
	for (size_t i = 0; i < count; i++)
		users[wanted[i]] = WANTED;
	for (Node node = (Node)tape->count; node-- > 0;) {
		if (!users[node])
			continue;
		++*live;
		uint32_t arguments;
		const Node *argument = tape_arguments(tape, node, &arguments);
		unsigned kind = kind_of(tape, node);
		for (uint32_t i = 0; i < arguments; i++)
			users[argument[i]] |= (uint16_t)(users[argument[i]] & kind ? kind << KINDS : kind);
	}
	return users;
}

// Whether no other operation is likely to be equal: a named one, or the only user of its kind of a named node, of a leaf
// or of another such one. Most of a gradient and of an update is of this kind, and need not be looked for.
static bool is_alone(const Tape *tape, const uint16_t *users, Node node)
{
	uint32_t arguments;
	const Node *argument = tape_arguments(tape, node, &arguments);
	if (arguments > 2 || tape_op(tape, node) == OP_RELU)   // its step looks for it
		return false;
	if (tape_named(tape, node))
		return true;
	for (uint32_t i = 0; i < arguments; i++) {
		unsigned of = users[argument[i]];
		if (!(of & kind_of(tape, node) << KINDS) && (of & ALONE || tape_named(tape, argument[i])))
			return true;
	}
	return false;
}

void graph_of_tape(Graph *raw, const Tape *tape, const Node *wanted, Value *value, size_t count, size_t *most)
{
	*raw = (Graph){.tape = tape};
	size_t live = 0;
	uint16_t *users = find_users(tape, wanted, count, &live);
	array_reserve(raw->node, 0, raw->node_capacity, live);
	Value *value_of = memory_alloc(memory_product(tape->count + 1, sizeof *value_of));
	size_t capacity = 16;
	Value *argument = memory_alloc(capacity * sizeof *argument);
	for (Node node = 0; node < tape->count; node++) {
		if (!users[node])
			continue;
		uint32_t arguments;
		const Node *theirs = tape_arguments(tape, node, &arguments);
		array_reserve(argument, 0, capacity, arguments + (size_t)1);
		for (uint32_t i = 0; i < arguments; i++)
			argument[i] = value_of[theirs[i]];
		if (!arguments) {
			value_of[node] = graph_leaf(raw, node);
			continue;
		}
		raw->alone = is_alone(tape, users, node);
		users[node] |= raw->alone ? ALONE : 0;
		value_of[node] = graph_apply(raw, tape_op(tape, node), argument, arguments, node);
	}
	raw->alone = false;
	for (size_t i = 0; i < count; i++) {
		value[i] = value_of[wanted[i]];
		raw->node[value[i]].flags |= VALUE_KEEP;
	}
	size_t bytes = graph_bytes(raw) + tape->count * (sizeof *value_of + sizeof *users) + capacity * sizeof *argument;
	*most = bytes > *most ? bytes : *most;
	free(argument);
	free(value_of);
	free(users);
}
