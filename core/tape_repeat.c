// Nodes recorded once more. Declared in core/tape.h.
#include "core/tape.h"

#include <assert.h>

bool tape_can_repeat(const Tape *tape, const Repeat *repeat)
{
	for (Node node = repeat->first; node < repeat->end; node++) {
		if (tape_op(tape, node) == OP_NUMBER)
			return false;
		if (!tape_named(tape, node))
			continue;
		unsigned kind = tape->names[tape->name[node]].kind;
		if (kind != NAME_MEMBER && kind != NAME_NEXT)
			return false;
	}
	return true;
}

static void repeat_list(Tape *tape, const Repeat *repeat, TapeNode *node)
{
	array_reserve(tape->list, tape->list_count, tape->list_capacity, node->b);
	assert(tape->list_count + node->b < NODE_NONE);
	for (uint32_t i = 0; i < node->b; i++)
		tape->list[tape->list_count + i] = tape_repeated(repeat, tape->list[node->a + i]);
	node->a = (uint32_t)tape->list_count;
	tape->list_count += node->b;
}

// The name of `node` for its repetition.
static uint32_t repeat_name(Tape *tape, const Repeat *repeat, Node node)
{
	if (!tape_named(tape, node))
		return NAME_NONE;
	Name name = tape->names[tape->name[node]];
	name.node = tape_repeated(repeat, node);
	name.a = tape_repeated(repeat, name.a);
	array_reserve(tape->names, tape->names_count, tape->names_capacity, 1);
	tape->names[tape->names_count] = name;
	return (uint32_t)tape->names_count++;
}

void tape_repeat(Tape *tape, Repeat *repeat)
{
	const size_t nodes = repeat->end - repeat->first;
	tape_reserve(tape, nodes, 0);
	assert(tape->count + nodes < NODE_NONE);
	repeat->shift = (Node)tape->count - repeat->first;
	for (Node node = repeat->first; node < repeat->end; node++, tape->count++) {
		TapeNode copy = tape->node[node];
		if (copy.flags & NODE_LIST) {
			repeat_list(tape, repeat, &copy);
		} else if (!(copy.flags & NODE_LEAF)) {
			copy.a = tape_repeated(repeat, copy.a);
			copy.b = tape_repeated(repeat, copy.b);
		}
		tape->node[tape->count] = copy;
		tape->value[tape->count] = tape->value[node];
		tape->name[tape->count] = repeat_name(tape, repeat, node);
	}
}
