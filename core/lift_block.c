// Blocks: consecutive ELEMENTS of one shape, which run tile by tile, so that what one writes is in cache when the next reads
// it. Declared in core/lift_unit.h.
#include "core/lift_unit.h"

typedef struct Block {
	uint32_t number;
	size_t first;      // in Plan.order
	uint64_t shape;
} Block;

static bool in_block(const Plan *plan, const Block *block, uint32_t store)
{
	uint32_t writer = plan->store[store].writer;
	return writer != UNIT_NONE && plan->unit[writer].done && plan->unit[writer].block == block->number;
}

// Whether the unit's k-th operand is row r of its store for each r, beginning with row `first`.
static bool is_row_for_row(const Plan *plan, const Unit *unit, uint32_t k, uint32_t first)
{
	for (uint32_t r = 0; r < unit->rows; r++)
		if (plan->lift->place[lift_operand(plan, unit, k, r)] != first + r)
			return false;
	return true;
}

// What another unit of the block has written, or writes into leaves that this one reads, must be read row for row.
static bool fits(const Plan *plan, const Block *block, const Unit *unit, size_t end)
{
	uint32_t arity;
	const Group *group = &plan->lift->groups[unit->group];
	Value first = plan->lift->member[group->first];
	const Value *argument = graph_arguments(&plan->lift->graph, first, &arity);
	for (uint32_t k = 0; k < arity; k++) {
		uint32_t store = lift_store_of(plan, argument[k]);
		if (in_block(plan, block, store) && !is_row_for_row(plan, unit, k, 0))
			return false;
	}
	uint32_t leaves = lift_leaves_written(plan, unit);
	if (leaves == STORE_NONE)
		return true;
	for (size_t i = block->first; i < end; i++) {
		const Unit *before = &plan->unit[plan->order[i]];
		if (!lift_reads(before, leaves))
			continue;
		argument = graph_arguments(&plan->lift->graph, plan->lift->member[plan->lift->groups[before->group].first], &arity);
		for (uint32_t k = 0; k < arity; k++)
			if (plan->lift->group[argument[k]] == leaves &&
			    !is_row_for_row(plan, before, k, plan->store[unit->store].inside_row))
				return false;
	}
	return true;
}

void lift_make_blocks(Plan *plan)
{
	Block block = {.number = 0, .shape = UINT64_MAX};
	for (size_t i = 0; i < plan->ordered; i++)
		plan->unit[plan->order[i]].done = false;
	for (size_t i = 0; i < plan->ordered; i++) {
		Unit *unit = &plan->unit[plan->order[i]];
		uint64_t shape = unit->kind == INSTRUCTION_ELEMENTS ? lift_shape(plan, unit) : UINT64_MAX;
		if (i == 0 || shape == UINT64_MAX || shape != block.shape || !fits(plan, &block, unit, i))
			block = (Block){.number = block.number + 1, .first = i, .shape = shape};
		unit->block = block.number;
		unit->done = true;
	}
}
