#include "core/lift_unit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void lift_plan_free(Plan *plan)
{
	free(plan->store);
	free(plan->unit);
	free(plan->leaf_of);
	nodemap_free(&plan->packs);
	arena_free(&plan->arena);
}

uint32_t lift_add_store(Plan *plan, Store store)
{
	array_reserve(plan->store, plan->stores, plan->stores_capacity, 1);
	store.inside = STORE_NONE;
	plan->store[plan->stores] = store;
	return (uint32_t)plan->stores++;
}

uint32_t lift_add_unit(Plan *plan, Unit unit)
{
	array_reserve(plan->unit, plan->units, plan->units_capacity, 1);
	if (unit.store != STORE_NONE)
		plan->store[unit.store].writer = (uint32_t)plan->units;
	plan->unit[plan->units] = unit;
	return (uint32_t)plan->units++;
}

uint32_t lift_store_of(const Plan *plan, Value value)
{
	uint32_t group = plan->lift->group[value];
	return lift_is_input(plan, value) ? plan->turned[group] : group;
}

// ---- Stores of groups

static void make_stores(Plan *plan)
{
	const Lift *lift = plan->lift;
	uint32_t column = 0;
	for (size_t g = 0; g < lift->groups_count; g++) {
		const Group *group = &lift->groups[g];
		bool leaves = group->kind == GROUP_LEAVES, kept = leaves;
		for (uint32_t r = 0; r < group->count; r++)
			kept |= (lift->graph.node[lift->member[group->first + r]].flags & VALUE_KEEP) != 0;
		Store store = {.kept = kept, .rows = group->count, .writer = UNIT_NONE};
		store.space = !group->varies ? SPACE_FIXED : leaves ? SPACE_INPUT : SPACE_LANES;
		if (store.space == SPACE_INPUT) {
			store.first = column;
			column += group->count;
		}
		lift_add_store(plan, store);
	}
	plan->turned = arena_array(&plan->arena, uint32_t, lift->groups_count);
	memset(plan->turned, 0xFF, lift->groups_count * sizeof *plan->turned);
}

// ---- Packs

static void turn_input(Plan *plan, Value value)
{
	uint32_t group = plan->lift->group[value];
	if (!lift_is_input(plan, value) || plan->turned[group] != STORE_NONE)
		return;
	const Group *g = &plan->lift->groups[group];
	uint32_t unit = lift_pack(plan, plan->lift->member + g->first, g->count);
	plan->turned[group] = plan->unit[unit].store;
}

// Whether a pack reads inputs as they came: where it is nothing but one of their groups, or a part. Else they are turned
// first, once, since rows that come several times are copied faster than turned.
bool lift_packs_inputs(const Plan *plan, const Value *value, uint32_t rows)
{
	if (value[0] == VALUE_NONE || rows > lift_group_of(plan, value[0])->count)
		return false;
	for (uint32_t r = 0; r < rows; r++)
		if (value[r] == VALUE_NONE || !lift_is_input(plan, value[r]) ||
		    plan->lift->group[value[r]] != plan->lift->group[value[0]])
			return false;
	return true;
}

static uint64_t pack_hash(const Value *value, uint32_t rows)
{
	uint64_t hash = rows;
	for (uint32_t r = 0; r < rows; r++)
		hash = (hash ^ value[r]) * 0xD6E8FEB86659FD93u + (hash >> 32);
	return hash;
}

uint32_t lift_pack(Plan *plan, const Value *value, uint32_t rows)
{
	uint64_t hash = pack_hash(value, rows);
	uint32_t known;
	for (; (known = nodemap_get(&plan->packs, hash)) != NODEMAP_ABSENT; hash++)
		if (plan->unit[known].rows == rows && memcmp(plan->unit[known].pack, value, rows * sizeof *value) == 0)
			return known;
	bool varies = false;
	for (uint32_t r = 0; r < rows; r++)
		varies |= value[r] != VALUE_NONE && graph_varies(&plan->lift->graph, value[r]);
	if (!lift_packs_inputs(plan, value, rows))
		for (uint32_t r = 0; r < rows; r++)
			if (value[r] != VALUE_NONE)
				turn_input(plan, value[r]);
	uint32_t store = lift_add_store(plan, (Store){.space = varies ? SPACE_LANES : SPACE_FIXED, .rows = rows});
	Unit unit = {.kind = INSTRUCTION_PACK, .group = UINT32_MAX, .store = store, .next_group = UINT32_MAX,
	             .pack = value, .rows = rows};
	uint32_t number = lift_add_unit(plan, unit);
	nodemap_set(&plan->packs, hash, number);
	return number;
}

// ---- Units of groups

static const uint8_t kind_of_group[] = {
	[GROUP_ELEMENTS] = INSTRUCTION_ELEMENTS, [GROUP_FOLD] = INSTRUCTION_FOLD,
	[GROUP_BATCH_SUM] = INSTRUCTION_BATCH_SUM, [GROUP_PRODUCT] = INSTRUCTION_PRODUCT,
	[GROUP_CONTRACT] = INSTRUCTION_CONTRACT,
};

static void make_unit(Plan *plan, uint32_t g)
{
	const Group group = plan->lift->groups[g];
	Unit unit = {.kind = kind_of_group[group.kind], .group = g, .store = g, .next_group = UINT32_MAX,
	             .rows = group.count};
	uint32_t number = lift_add_unit(plan, unit), count;
	if (group.kind == GROUP_PRODUCT)
		lift_find_sides(plan, number);
	Value first = plan->lift->member[group.first];
	const Value *argument = graph_arguments(&plan->lift->graph, first, &count);
	if (group.kind == GROUP_PRODUCT)
		count = 1;
	for (uint32_t i = 0; i < count; i++)
		if (argument[i] != VALUE_NONE)
			turn_input(plan, argument[i]);
}

// ---- What a unit reads

static void add_read(Plan *plan, Unit *unit, uint32_t *capacity, uint32_t store)
{
	uint32_t number = (uint32_t)(unit - plan->unit) + 1;
	if (plan->store[store].reader == number)
		return;
	plan->store[store].reader = number;
	if (unit->sources == *capacity) {
		uint32_t *more = arena_array(&plan->arena, uint32_t, *capacity ? 2 * (size_t)*capacity : 4);
		if (unit->sources)
			memcpy(more, unit->source, unit->sources * sizeof *more);
		unit->source = more;
		*capacity = *capacity ? 2 * *capacity : 4;
	}
	unit->source[unit->sources++] = store;
}

static void read_pack(Plan *plan, Unit *unit, uint32_t *capacity)
{
	bool inputs = lift_packs_inputs(plan, unit->pack, unit->rows);
	uint32_t last = STORE_NONE;
	for (uint32_t r = 0; r < unit->rows; r++) {
		if (unit->pack[r] == VALUE_NONE)
			continue;
		uint32_t store = inputs ? plan->lift->group[unit->pack[r]] : lift_store_of(plan, unit->pack[r]);
		if (store != last)
			add_read(plan, unit, capacity, last = store);
	}
}

static void find_reads(Plan *plan, Unit *unit)
{
	uint32_t capacity = 0, count;
	if (unit->kind == INSTRUCTION_PACK) {
		read_pack(plan, unit, &capacity);
		return;
	}
	const Lift *lift = plan->lift;
	Value first = lift->member[lift->groups[unit->group].first];
	const Value *argument = graph_arguments(&lift->graph, first, &count);
	if (unit->kind == INSTRUCTION_PRODUCT) {
		count = 1;
		for (uint32_t i = 0; i < 2 * unit->product->segments; i++)
			add_read(plan, unit, &capacity, unit->side_store[i]);
	}
	for (uint32_t i = 0; i < count; i++)
		if (argument[i] != VALUE_NONE)
			add_read(plan, unit, &capacity, lift_store_of(plan, argument[i]));
	if (unit->next_group != UINT32_MAX) {
		const Value needed[] = {unit->update.leaf, unit->update.keep, unit->update.scale};
		for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
			if (needed[i] != VALUE_NONE)
				add_read(plan, unit, &capacity, lift->group[needed[i]]);
	}
}

void lift_make_units(Plan *plan)
{
	size_t groups = plan->lift->groups_count;
	make_stores(plan);
	for (uint32_t g = 0; g < groups; g++)
		if (plan->lift->groups[g].kind != GROUP_LEAVES)
			make_unit(plan, g);
	for (uint32_t g = 0; g < groups; g++)
		lift_fuse_update(plan, g);
	for (size_t i = 0; i < plan->units; i++)
		find_reads(plan, &plan->unit[i]);
	for (size_t i = 0; i < plan->units; i++)
		lift_put_in_place(plan, &plan->unit[i]);
}
