// Updates: next values written into the leaves that they replace, and fused into the product that makes them. Declared in
// core/lift_unit.h.
//
// Nothing may write a leaf before the last read of its old value: the schedule sees to that (core/lift_schedule.c), and
// where it cannot be, the next values go to a place of their own and are carried over at the end.
#include "core/lift_unit.h"

// ---- Results in place: the next value of a leaf written into the leaf

// The store of leaves whose next values are the group's members, row by row from `*row` on; STORE_NONE if there is none.
static uint32_t leaves_of(const Plan *plan, const Group *group, uint32_t *row)
{
	const Lift *lift = plan->lift;
	uint32_t store = STORE_NONE;
	for (uint32_t r = 0; r < group->count; r++) {
		Value leaf = plan->leaf_of[lift->member[group->first + r]];
		if (leaf == VALUE_NONE)
			return STORE_NONE;
		if (r == 0) {
			store = lift->group[leaf];
			*row = lift->place[leaf];
		} else if (lift->group[leaf] != store || lift->place[leaf] != *row + r) {
			return STORE_NONE;
		}
	}
	return store;
}

// Whether row r of the unit reads of the leaves none but those that row r replaces.
static bool reads_row_for_row(const Plan *plan, const Unit *unit, uint32_t leaves, uint32_t row)
{
	const Lift *lift = plan->lift;
	uint32_t arity;
	graph_arguments(&lift->graph, lift->member[lift->groups[unit->group].first], &arity);
	for (uint32_t k = 0; k < arity; k++)
		for (uint32_t r = 0; r < unit->rows; r++) {
			Value value = lift_operand(plan, unit, k, r);
			if (lift->group[value] != leaves)
				break;
			if (lift->place[value] != row + r)
				return false;
		}
	return true;
}

bool lift_reads(const Unit *unit, uint32_t store)
{
	for (uint32_t i = 0; i < unit->sources; i++)
		if (unit->source[i] == store)
			return true;
	return false;
}

void lift_put_in_place(Plan *plan, Unit *unit)
{
	uint32_t row, group = unit->next_group != UINT32_MAX ? unit->next_group : unit->group;
	if (unit->dropped || unit->kind == INSTRUCTION_PACK)
		return;
	uint32_t leaves = leaves_of(plan, &plan->lift->groups[group], &row);
	if (leaves == STORE_NONE)
		return;
	if (unit->kind == INSTRUCTION_ELEMENTS ? !reads_row_for_row(plan, unit, leaves, row)
	                                       : unit->next_group == UINT32_MAX && lift_reads(unit, leaves))
		return;
	unit->own_rows = true;
	unit->leaves = leaves;
	plan->store[unit->store].inside = leaves;
	plan->store[unit->store].inside_row = row;
}

// ---- Fused updates: w - c*(a product used nowhere else) is the product added to w

static bool used_only_once(const Graph *graph, Value value)
{
	return graph->node[value].uses == 1 && !(graph->node[value].flags & VALUE_KEEP);
}

// The argument of `value` that is in row `r` of a matrix product under a batch sum and used nowhere else.
static Value product_argument(const Plan *plan, Value value, uint32_t r)
{
	const Lift *lift = plan->lift;
	uint32_t count;
	const Value *argument = graph_arguments(&lift->graph, value, &count);
	for (uint32_t i = 0; i < count && count == 2; i++) {
		const Group *group = lift_group_of(plan, argument[i]);
		uint32_t product_count;
		if (group->kind == GROUP_PRODUCT && !group->varies && lift->place[argument[i]] == r &&
		    used_only_once(&lift->graph, argument[i]) &&
		    graph_arguments(&lift->graph, argument[i], &product_count)[0] == VALUE_NONE)
			return argument[i];
	}
	return VALUE_NONE;
}

// One member of an update w - c*g: its product g and c. c may be missing: w - g.
static Value product_of_update(const Plan *plan, Value update, uint32_t r, Value *scale)
{
	const Graph *graph = &plan->lift->graph;
	uint32_t count;
	Value step = graph_arguments(graph, update, &count)[1];
	*scale = VALUE_NONE;
	if (graph->node[step].op != OP_PROD)
		return product_argument(plan, update, r);
	Value product = used_only_once(graph, step) ? product_argument(plan, step, r) : VALUE_NONE;
	if (product != VALUE_NONE) {
		const Value *factor = graph_arguments(graph, step, &count);
		*scale = factor[factor[0] == product];
	}
	return product;
}

static bool is_update(const Plan *plan, const Group *group, uint32_t *product_group, Value *scale)
{
	const Lift *lift = plan->lift;
	uint32_t row;
	if (group->kind != GROUP_ELEMENTS || group->op != OP_SUB || group->varies ||
	    leaves_of(plan, group, &row) == STORE_NONE)
		return false;
	for (uint32_t r = 0; r < group->count; r++) {
		Value update = lift->member[group->first + r], mine;
		uint32_t count;
		Value product = product_of_update(plan, update, r, &mine);
		const Value *argument = graph_arguments(&lift->graph, update, &count);
		if (product == VALUE_NONE || argument[0] != plan->leaf_of[update])
			return false;
		if (r == 0) {
			*product_group = lift->group[product];
			*scale = mine;
		}
		if (lift->group[product] != *product_group || mine != *scale)
			return false;
	}
	return lift->groups[*product_group].count == group->count;
}

static uint32_t unit_of(const Plan *plan, uint32_t group)
{
	return plan->store[group].writer;
}

void lift_fuse_update(Plan *plan, uint32_t g)
{
	const Lift *lift = plan->lift;
	const Group *group = &lift->groups[g];
	uint32_t product_group = UINT32_MAX, count;
	Value scale = VALUE_NONE;
	if (!is_update(plan, group, &product_group, &scale))
		return;
	Unit *product = &plan->unit[unit_of(plan, product_group)];
	const Value *argument = graph_arguments(&lift->graph, lift->member[group->first], &count);
	if (scale != VALUE_NONE)
		plan->unit[unit_of(plan, lift->group[argument[1]])].dropped = true;
	plan->unit[unit_of(plan, g)].dropped = true;
	product->next_group = g;
	product->scale = scale;
	product->store = g;
	plan->store[g].writer = plan->store[product_group].writer;
}

// ---- Leaves that get their next values at the end

static bool needs_carry(const Plan *plan, size_t i)
{
	Value next = plan->next[i], leaf = plan->leaf[i];
	if (leaf == VALUE_NONE || next == leaf)
		return false;
	bool in_place = plan->store[plan->lift->group[next]].inside != STORE_NONE;
	return !in_place || plan->leaf_of[next] != leaf;
}

void lift_add_carries(Plan *plan)
{
	uint32_t rows = 0, r = 0;
	for (size_t i = 0; i < plan->options->carry_count; i++)
		rows += needs_carry(plan, i);
	if (!rows)
		return;
	Value *pair = arena_array(&plan->arena, Value, 2 * (size_t)rows);
	for (size_t i = 0; i < plan->options->carry_count; i++)
		if (needs_carry(plan, i)) {
			pair[r] = plan->next[i];
			pair[rows + r++] = plan->leaf[i];
		}
	Unit unit = {.kind = INSTRUCTION_CARRY, .group = UINT32_MAX, .store = STORE_NONE, .next_group = UINT32_MAX,
	             .scale = VALUE_NONE, .pack = pair, .rows = rows};
	lift_add_unit(plan, unit);
}
