#include "tutor/explain/rule.h"

#include <stdlib.h>
#include <string.h>

// Nodes and what stands for them.
typedef struct Swaps {
	Node *from, *to;
	size_t count, from_capacity, to_capacity;
} Swaps;

static void add_swap(Swaps *swaps, Node from, Node to)
{
	array_reserve(swaps->from, swaps->count, swaps->from_capacity, 1);
	array_reserve(swaps->to, swaps->count, swaps->to_capacity, 1);
	swaps->from[swaps->count] = from;
	swaps->to[swaps->count++] = to;
}

static void free_swaps(Swaps *swaps)
{
	free(swaps->from);
	free(swaps->to);
}

static Node new_for_old(void *context, Tape *tape, Node user, Node by, Node partial)
{
	const Swaps *swaps = context;
	(void)user;
	if (tape_is_leaf(tape, by))
		return partial;
	return gradient_substitute(tape, partial, swaps->from, swaps->to, swaps->count);
}

static Node swapped(const Swaps *swaps, Node node)
{
	for (size_t i = 0; i < swaps->count; i++)
		if (swaps->from[i] == node)
			return swaps->to[i];
	return node;
}

// The named node recorded once more, one step deep, with what was swapped before in it.
static Node record_again(Tape *tape, Node node, const Swaps *swaps)
{
	uint32_t count;
	tape_arguments(tape, node, &count);
	Node *argument = memory_alloc(memory_product(count, sizeof *argument));
	for (uint32_t i = 0; i < count; i++)
		argument[i] = gradient_substitute(tape, tape_arguments(tape, node, &count)[i], swaps->from, swaps->to,
		                                  swaps->count);
	Node again = tape_apply(tape, tape_op(tape, node), argument, count);
	free(argument);
	tape_name_as(tape, again, tape->names[tape->name[node]]);
	return again;
}

static void record_update_again(Model *model, ChangedRule *changed)
{
	Tape *tape = &model->tape;
	Swaps swaps = {0};
	for (size_t i = 0; i < model->param_count; i++)
		add_swap(&swaps, gradient_by(tape, model->gradient, model->param[i]),
		         gradient_by(tape, changed->gradient, model->param[i]));
	size_t names = tape->names_count;
	for (size_t i = 0; i < names; i++) {
		Node node = tape->names[i].node;
		if (node >= model->gradient_end && node < model->update_end && !tape_is_leaf(tape, node))
			add_swap(&swaps, node, record_again(tape, node, &swaps));
	}
	changed->carry_count = model->carry_count;
	changed->carry = memory_alloc(memory_product(model->carry_count, sizeof *changed->carry));
	for (size_t i = 0; i < model->carry_count; i++)
		changed->carry[i] = (Carry){model->carry[i].leaf, swapped(&swaps, model->carry[i].next)};
	free_swaps(&swaps);
}

bool rule_stale_order(Model *model, ChangedRule *changed, Error *error)
{
	*changed = (ChangedRule){0};
	if (!model->gradient || !model->carry_count)
		return error_set(error, "the stale order needs a model with 'minimize' and 'update'");
	Swaps swaps = {0};
	for (size_t i = 0; i < model->carry_count; i++)
		if (tape_op(&model->tape, model->carry[i].leaf) == OP_PARAM)
			add_swap(&swaps, model->carry[i].leaf, model->carry[i].next);
	changed->gradient = gradient_record_changed(&model->tape, model->mean, new_for_old, &swaps);
	record_update_again(model, changed);
	// The swaps were needed while recording only; what is asked for later is 0 or has been recorded.
	changed->gradient->context = NULL;
	free_swaps(&swaps);
	return true;
}

void rule_free(ChangedRule *changed)
{
	free(changed->carry);
	*changed = (ChangedRule){0};
}
