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

// ---- Fused updates: a*w + b*(a product used nowhere else) is the product added to w
//
// w - c*g, mu*v + g, mu*v - c*g, mu*v + c*g: two terms, of each one factor beside w or the product.

static bool used_only_once(const Graph *graph, Value value)
{
	return graph->node[value].uses == 1 && !(graph->node[value].flags & VALUE_KEEP);
}

// A matrix product under a batch sum that is used nowhere else, its row `r`.
static bool is_product(const Plan *plan, Value value, uint32_t r)
{
	const Lift *lift = plan->lift;
	const Group *group = lift_group_of(plan, value);
	uint32_t count;
	return group->kind == GROUP_PRODUCT && !group->varies && lift->place[value] == r &&
	       used_only_once(&lift->graph, value) && graph_arguments(&lift->graph, value, &count)[0] == VALUE_NONE;
}

// The two factors of a term; the first is VALUE_NONE where the term is no product of two that is used nowhere else.
typedef struct Term {
	Value factor[2];
} Term;

static Term term_of(const Graph *graph, Value value)
{
	uint32_t count;
	const Value *factor = graph_arguments(graph, value, &count);
	if (graph->node[value].op != OP_PROD || count != 2 || !used_only_once(graph, value))
		return (Term){{VALUE_NONE, value}};
	return (Term){{factor[0], factor[1]}};
}

// The terms of a sum or difference of two; false where the value is none.
static bool find_terms(const Graph *graph, Value value, Term term[2])
{
	uint32_t count, op = graph->node[value].op;
	const Value *argument = graph_arguments(graph, value, &count);
	if (op == VALUE_PAIRS && count == 4) {
		for (uint32_t i = 0; i < 2; i++)
			term[i] = (Term){{argument[2 * i], argument[2 * i + 1]}};
		return true;
	}
	if ((op != OP_SUB && op != OP_SUM) || count != 2)
		return false;
	for (uint32_t i = 0; i < 2; i++)
		term[i] = term_of(graph, argument[i]);
	return true;
}

// One member of an update, whose product is in row `r`.
static bool find_update(const Plan *plan, Value value, uint32_t r, LiftUpdate *update)
{
	const Graph *graph = &plan->lift->graph;
	Term term[2];
	*update = (LiftUpdate){.leaf = plan->leaf_of[value], .product = VALUE_NONE, .minus = graph->node[value].op == OP_SUB};
	if (!find_terms(graph, value, term))
		return false;
	bool found = false;
	for (uint32_t i = 0; i < (update->minus ? 1 : 2) && !found; i++)   // of a difference the first term alone may be w
		for (uint32_t j = 0; j < 2 && !found; j++) {
			const Value *other = term[1 - i].factor;
			uint32_t at = other[0] != VALUE_NONE && is_product(plan, other[0], r) ? 0 : 1;
			found = term[i].factor[j] == update->leaf && is_product(plan, other[at], r);
			update->keep = term[i].factor[1 - j];
			update->product = other[at];
			update->scale = other[1 - at];
		}
	return found;
}

// Whether the group is an update of that kind, with the same factors for all: `first` becomes that of its first member.
static bool is_update(const Plan *plan, const Group *group, LiftUpdate *first)
{
	const Lift *lift = plan->lift;
	uint32_t row;
	if (group->kind != GROUP_ELEMENTS || group->varies || leaves_of(plan, group, &row) == STORE_NONE)
		return false;
	for (uint32_t r = 0; r < group->count; r++) {
		LiftUpdate update;
		if (!find_update(plan, lift->member[group->first + r], r, &update))
			return false;
		if (r == 0)
			*first = update;
		if (lift->group[update.product] != lift->group[first->product] || update.scale != first->scale ||
		    update.keep != first->keep)
			return false;
	}
	return group->count > 0 && lift_group_of(plan, first->product)->count == group->count;
}

static uint32_t unit_of(const Plan *plan, uint32_t group)
{
	return plan->store[group].writer;
}

// The terms' own units, if they have some and these have no other members.
static bool drop_terms(Plan *plan, const Group *group)
{
	const Lift *lift = plan->lift;
	uint32_t count, terms = 0, unit[2];
	Value first = lift->member[group->first];
	const Value *argument = graph_arguments(&lift->graph, first, &count);
	for (uint32_t i = 0; i < count && lift->graph.node[first].op != VALUE_PAIRS; i++) {
		if (term_of(&lift->graph, argument[i]).factor[0] == VALUE_NONE)
			continue;
		if (lift_group_of(plan, argument[i])->count != group->count)
			return false;
		unit[terms++] = unit_of(plan, lift->group[argument[i]]);
	}
	while (terms > 0)
		plan->unit[unit[--terms]].dropped = true;
	return true;
}

void lift_fuse_update(Plan *plan, uint32_t g)
{
	const Group *group = &plan->lift->groups[g];
	LiftUpdate update;
	if (!is_update(plan, group, &update) || !drop_terms(plan, group))
		return;
	uint32_t product_group = plan->lift->group[update.product];
	Unit *product = &plan->unit[unit_of(plan, product_group)];
	plan->unit[unit_of(plan, g)].dropped = true;
	product->next_group = g;
	product->update = update;
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
	             .pack = pair, .rows = rows};
	lift_add_unit(plan, unit);
}
