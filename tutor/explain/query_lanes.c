// What has a value for each example of a batch, as nodes that do not vary: its mean, and one example's own value. Declared
// in tutor/explain/query.h.
#include "tutor/explain/query.h"

#include <stdio.h>
#include <string.h>

Node query_member(const Tape *tape, Node node, uint32_t member)
{
	for (size_t i = 0; i < tape->names_count; i++) {
		const Name *name = &tape->names[i];
		if (name->kind == NAME_MEMBER && name->a == node && name->b == member)
			return name->node;
	}
	return NODE_NONE;
}

Node query_mean(Model *model, Node node)
{
	Tape *tape = &model->tape;
	if (!tape_varies(tape, node))
		return node;
	if (!tape_named(tape, node))
		return tape_batch_mean(tape, node, model->batch_size);
	const Name *name = &tape->names[tape->name[node]];
	for (size_t i = 0; i < tape->names_count; i++) {
		const Name *other = &tape->names[i];
		if (other->kind == NAME_ELEMENT && name->kind == NAME_ELEMENT && other->a == name->a &&
		    other->rank == name->rank && !tape_varies(tape, other->node) &&
		    memcmp(tape->index + other->b, tape->index + name->b, name->rank * sizeof *tape->index) == 0)
			return other->node;
	}
	Node mean = tape_batch_mean(tape, node, model->batch_size);
	if (name->kind == NAME_ELEMENT)
		tape_name_as(tape, mean, *name);
	else
		tape_name_member(tape, mean, node, tape_family(tape, "mean", 4));
	return mean;
}

// The sum over the lanes of value*[the lane is that one]. The mask is a leaf that the model does not know, named so that
// nobody can write it; query_prepare sets it.
Node query_pick(Model *model, Node node, uint32_t lane)
{
	Tape *tape = &model->tape;
	if (!tape_varies(tape, node))
		return node;
	char text[64];
	int length = snprintf(text, sizeof text, "example %u", (unsigned)lane + 1);
	uint32_t family = tape_family(tape, text, (size_t)length);
	Node mask = tape_find(tape, family, NULL, 0);
	if (mask == NODE_NONE) {
		mask = tape_leaf(tape, OP_INPUT, 0, true);
		tape_name_element(tape, mask, family, NULL, 0);
	}
	Node known = query_member(tape, node, family);
	if (known != NODE_NONE)
		return known;
	Node pick = tape_unary(tape, OP_BATCH_SUM, tape_nary(tape, OP_PROD, (Node[]){node, mask}, 2));
	tape_name_member(tape, pick, node, family);
	return pick;
}

bool query_picks(const Tape *tape, Node leaf)
{
	if (tape_op(tape, leaf) != OP_INPUT || !tape_named(tape, leaf))
		return false;
	const Name *name = &tape->names[tape->name[leaf]];
	return name->kind == NAME_ELEMENT && strchr(tape_family_text(tape, name->a), ' ') != NULL;
}

void query_prepare(const Model *model, Replay *replay)
{
	replay_run(replay, 0, 0);
	for (uint32_t lane = 0; lane < model->lanes; lane++) {
		char text[64];
		int length = snprintf(text, sizeof text, "example %u", (unsigned)lane + 1);
		uint32_t family = tape_family_find(&model->tape, text, (size_t)length);
		if (family != NAME_NONE)
			replay_set(replay, tape_find(&model->tape, family, NULL, 0), lane, 1);
	}
}
