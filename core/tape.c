#include "core/tape.h"

#include "core/gradient.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void tape_free(Tape *tape)
{
	for (size_t i = 0; i < tape->gradient_count; i++)
		gradient_free(tape->gradient[i]);
	free(tape->gradient);
	gradient_work_free(tape->work);
	free(tape->node);
	free(tape->value);
	free(tape->name);
	free(tape->list);
	free(tape->names);
	free(tape->index);
	free(tape->family);
	nodemap_free(&tape->family_of);
	free(tape->element);
	nodemap_free(&tape->made);
	arena_free(&tape->arena);
	*tape = (Tape){0};
}

void tape_reserve(Tape *tape, size_t nodes, size_t names)
{
	array_reserve(tape->node, tape->count, tape->node_capacity, nodes);
	array_reserve(tape->value, tape->count, tape->value_capacity, nodes);
	array_reserve(tape->name, tape->count, tape->name_capacity, nodes);
	array_reserve(tape->names, tape->names_count, tape->names_capacity, names);
}

#define TRIM(pointer, count, capacity) \
	((capacity) > (count) && (count) ? (void)((pointer) = memory_resize((pointer), (count) * sizeof *(pointer)), \
	                                          (capacity) = (count)) : (void)0)

void tape_trim(Tape *tape)
{
	TRIM(tape->node, tape->count, tape->node_capacity);
	TRIM(tape->value, tape->count, tape->value_capacity);
	TRIM(tape->name, tape->count, tape->name_capacity);
	TRIM(tape->list, tape->list_count, tape->list_capacity);
	TRIM(tape->names, tape->names_count, tape->names_capacity);
	TRIM(tape->index, tape->index_count, tape->index_capacity);
	gradient_work_free(tape->work);
	tape->work = NULL;
}

size_t tape_bytes(const Tape *tape)
{
	size_t bytes = tape->node_capacity * sizeof *tape->node + tape->value_capacity * sizeof *tape->value +
	               tape->name_capacity * sizeof *tape->name + tape->list_capacity * sizeof *tape->list +
	               tape->names_capacity * sizeof *tape->names + tape->index_capacity * sizeof *tape->index +
	               tape->element_capacity * sizeof *tape->element + nodemap_bytes(&tape->made) +
	               tape->family_capacity * sizeof *tape->family + nodemap_bytes(&tape->family_of) + arena_bytes(&tape->arena) +
	               gradient_work_bytes(tape->work);
	for (size_t i = 0; i < tape->gradient_count; i++)
		bytes += gradient_bytes(tape->gradient[i]);
	return bytes;
}

// What the formula of a node that uses `argument` reaches through it.
static unsigned reaches(const Tape *tape, Node argument)
{
	Op op = tape_op(tape, argument);
	if (tape_is_leaf(tape, argument))
		return op == OP_PARAM ? NODE_USES_STEP : op == OP_NUMBER || op == OP_BATCH_SIZE ? 0 : NODE_USES_LEAF;
	if (tape_named(tape, argument))
		return NODE_USES_STEP;
	unsigned flags = tape->node[argument].flags & (NODE_USES_STEP | NODE_USES_LEAF);
	// Gradient may stop at a BATCH_SUM as at a step (core/partials.h).
	return op == OP_BATCH_SUM && flags ? flags | NODE_USES_STEP : flags;
}

static unsigned flags_of(const Tape *tape, Op op, const Node *argument, size_t count)
{
	unsigned flags = NODE_NUMBER;
	for (size_t i = 0; i < count; i++) {
		assert(argument[i] < tape->count);
		unsigned theirs = tape->node[argument[i]].flags;
		flags |= (theirs & NODE_VARIES) | reaches(tape, argument[i]);
		if (!(theirs & NODE_NUMBER))
			flags &= ~(unsigned)NODE_NUMBER;
	}
	if (op == OP_BATCH_SUM)
		flags &= ~(unsigned)(NODE_VARIES | NODE_NUMBER);
	if (!op_info[op].flows)
		flags &= ~(unsigned)(NODE_USES_STEP | NODE_USES_LEAF);
	return flags;
}

static Node add_node(Tape *tape, TapeNode node, double value)
{
	assert(tape->count < NODE_NONE);
	array_reserve(tape->node, tape->count, tape->node_capacity, 1);
	array_reserve(tape->value, tape->count, tape->value_capacity, 1);
	array_reserve(tape->name, tape->count, tape->name_capacity, 1);
	tape->node[tape->count] = node;
	tape->value[tape->count] = value;
	tape->name[tape->count] = NAME_NONE;
	return (Node)tape->count++;
}

static double number_value(const Tape *tape, Op op, const Node *argument, size_t count)
{
	double few[8] = {0}, *value = count <= 8 ? few : memory_alloc(memory_product(count, sizeof *value));
	for (size_t i = 0; i < count; i++)
		value[i] = tape->value[argument[i]];
	double result = op_value(op, value, (uint32_t)count);
	if (value != few)
		free(value);
	return result;
}

Node tape_number(Tape *tape, double value)
{
	uint64_t bits;
	memcpy(&bits, &value, sizeof bits);
	// The bits are mixed so that no number's key is the key of an operation.
	uint64_t key = (bits ^ bits >> 29) * 0x9E3779B97F4A7C15u | (uint64_t)1 << 63;
	uint32_t found = nodemap_get(&tape->made, key);
	if (found != NODEMAP_ABSENT && memcmp(&tape->value[found], &value, sizeof value) == 0)
		return found;
	Node node = add_node(tape, (TapeNode){.op = OP_NUMBER, .flags = NODE_LEAF | NODE_NUMBER}, value);
	nodemap_set(&tape->made, key, node);
	return node;
}

Node tape_leaf(Tape *tape, Op op, double value, bool varies)
{
	assert(op_info[op].arity == ARITY_LEAF && op != OP_NUMBER);
	return add_node(tape, (TapeNode){.op = (uint8_t)op, .flags = varies ? NODE_LEAF | NODE_VARIES : NODE_LEAF}, value);
}

static uint64_t made_key(Op op, Node a, Node b)
{
	uint64_t key = nodemap_pair(a, b) * 0x9E3779B97F4A7C15u;
	return ((key ^ key >> 31) + (uint64_t)op * 0xD6E8FEB86659FD93u) & ~((uint64_t)3 << 62);
}

Node tape_recall(const Tape *tape, Op op, const Node *argument, size_t count)
{
	if (tape->memory_paused || count > 2)
		return NODE_NONE;
	uint32_t found = nodemap_get(&tape->made, made_key(op, argument[0], count == 2 ? argument[1] : NODE_NONE));
	if (found == NODEMAP_ABSENT || tape_op(tape, found) != op)
		return NODE_NONE;
	const TapeNode *node = &tape->node[found];
	bool same = !(node->flags & NODE_LIST) && node->a == argument[0] &&
	            node->b == (count == 2 ? argument[1] : NODE_NONE);
	return same ? found : NODE_NONE;
}

void tape_remember(Tape *tape, Node node)
{
	const TapeNode *n = &tape->node[node];
	if (!tape->memory_paused && !(n->flags & NODE_LIST))
		nodemap_set(&tape->made, made_key((Op)n->op, n->a, n->b), node);
}

void tape_pause_memory(Tape *tape, bool pause)
{
	tape->memory_paused = pause;
}

static Node add_operation(Tape *tape, Op op, const Node *argument, size_t count)
{
	unsigned flags = flags_of(tape, op, argument, count);
	double value = flags & NODE_NUMBER ? number_value(tape, op, argument, count) : 0;
	TapeNode node = {.op = (uint8_t)op, .flags = (uint8_t)flags, .a = argument[0], .b = NODE_NONE};
	if (count == 2) {
		node.b = argument[1];
	} else if (count > 2) {
		assert(tape->list_count + count < NODE_NONE);
		array_reserve(tape->list, tape->list_count, tape->list_capacity, count);
		memcpy(tape->list + tape->list_count, argument, count * sizeof *argument);
		node.a = (uint32_t)tape->list_count;
		node.b = (uint32_t)count;
		node.flags |= NODE_LIST;
		tape->list_count += count;
	}
	Node made = add_node(tape, node, value);
	if (op != OP_SUM && op != OP_PROD)
		tape_remember(tape, made);
	return made;
}

Node tape_unary(Tape *tape, Op op, Node a)
{
	return add_operation(tape, op, &a, 1);
}

Node tape_binary(Tape *tape, Op op, Node a, Node b)
{
	return add_operation(tape, op, (Node[]){a, b}, 2);
}

Node tape_nary(Tape *tape, Op op, const Node *argument, size_t count)
{
	assert(op_info[op].arity == ARITY_NARY && count > 0);
	return add_operation(tape, op, argument, count);
}

Op tape_power_op(const Tape *tape, Node b)
{
	double power = tape->value[b];
	bool whole = tape_is_number(tape, b) && power == floor(power) && fabs(power) <= 64;
	return whole ? OP_INTPOWER : OP_POWER;
}

Node tape_power(Tape *tape, Node a, Node b)
{
	return tape_binary(tape, tape_power_op(tape, b), a, b);
}

Node tape_apply(Tape *tape, Op op, const Node *argument, size_t count)
{
	return add_operation(tape, op, argument, count);
}

Node tape_batch_mean(Tape *tape, Node a, Node batch_size)
{
	return tape_varies(tape, a) ? tape_binary(tape, OP_DIV, tape_unary(tape, OP_BATCH_SUM, a), batch_size) : a;
}

Node tape_varying_copy(Tape *tape, Node a)
{
	Node copy = tape_unary(tape, OP_COPY, a);
	tape->node[copy].flags |= NODE_VARIES;
	return copy;
}

Node tape_step(Tape *tape, Node node, Node since)
{
	bool fresh = node >= since && !tape_named(tape, node) && !tape_is_leaf(tape, node) &&
	             !tape_is_number(tape, node);
	return fresh ? node : tape_unary(tape, OP_COPY, node);
}
