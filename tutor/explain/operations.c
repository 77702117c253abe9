#include "tutor/explain/operations.h"

// Rows are numbered lane by lane, node by node.
static uint32_t row_of(const Replay *replay, Node node, uint32_t lane)
{
	size_t first = replay->at ? replay->at[node] : node;
	return (uint32_t)first + 1 + (tape_varies(replay->tape, node) ? lane : 0);
}

static const Quantity *name_of(const Replay *replay, Node node, uint32_t lane, Arena *arena)
{
	if (tape_named(replay->tape, node))
		return quantity_of(replay->tape, node, lane, replay->lanes, arena);
	Quantity *name = arena_new(arena, Quantity);
	*name = (Quantity){.kind = QUANTITY_ELEMENT,
	                   .text = arena_printf(arena, "%%%u", (unsigned)row_of(replay, node, lane))};
	return name;
}

static Formula *argument_of(const Replay *replay, Node node, uint32_t lane, Arena *arena)
{
	double value = replay_value(replay, node, lane);
	if (tape_is_leaf(replay->tape, node) && !tape_named(replay->tape, node))
		return formula_number(arena, value);
	return formula_name(arena, name_of(replay, node, lane, arena), value, row_of(replay, node, lane));
}

static Phase phase_of(const Model *model, Node node)
{
	if (tape_is_leaf(&model->tape, node))
		return PHASE_GIVEN;
	return node < model->forward_end ? PHASE_FORWARD : node < model->gradient_end ? PHASE_GRADIENT : PHASE_UPDATE;
}

void operation_row(const Model *model, const Replay *replay, Node node, uint32_t lane, Arena *arena, Row *row)
{
	const Tape *tape = &model->tape;
	uint32_t count;
	const Node *argument = tape_arguments(tape, node, &count);
	Op op = tape_op(tape, node);
	double value = replay_value(replay, node, lane);
	*row = (Row){.phase = phase_of(model, node), .id = row_of(replay, node, lane), .value = value,
	             .name = name_of(replay, node, lane, arena), .rule = op_info[op].rule};
	if (count == 0)
		return;
	bool over_lanes = op == OP_BATCH_SUM;
	uint32_t arguments = over_lanes ? replay->lanes : count;
	row->formula = formula_operation(arena, over_lanes ? OP_SUM : op, arguments, value);
	for (uint32_t i = 0; i < arguments; i++)
		row->formula->argument[i] =
		    argument_of(replay, argument[over_lanes ? 0 : i], over_lanes ? i : lane, arena);
	if (op == OP_COPY || arguments == 1)
		row->formula = op == OP_COPY || op_info[op].arity == ARITY_NARY || over_lanes ? row->formula->argument[0]
		                                                                             : row->formula;
}
