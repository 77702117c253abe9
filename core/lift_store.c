// Storage: where each store lies. Rows whose lives do not overlap share storage (first fit). Declared in
// core/lift_unit.h.
//
// Time is the block: what runs in tiles is alive together. What is written and read in one block only needs no storage
// but a slot of a tile.
#include "core/lift_unit.h"

#include <stdlib.h>
#include <string.h>

// Free rows, by first row, none touching the next; behind `end` all is free.
typedef struct Hole {
	uint32_t first, rows;
} Hole;

typedef struct Pool {
	Hole *hole;
	size_t holes, capacity;
	uint32_t end;
} Pool;

static uint32_t pool_take(Pool *pool, uint32_t rows)
{
	for (size_t i = 0; i < pool->holes; i++) {
		Hole *hole = &pool->hole[i];
		if (hole->rows < rows)
			continue;
		uint32_t first = hole->first;
		hole->first += rows;
		hole->rows -= rows;
		if (!hole->rows) {
			pool->holes--;
			memmove(hole, hole + 1, (pool->holes - i) * sizeof *hole);
		}
		return first;
	}
	uint32_t first = pool->end;
	pool->end += rows;
	return first;
}

static void pool_give(Pool *pool, uint32_t first, uint32_t rows)
{
	size_t at = pool->holes;
	while (at && pool->hole[at - 1].first > first)
		at--;
	bool before = at && pool->hole[at - 1].first + pool->hole[at - 1].rows == first;
	bool behind = at < pool->holes && first + rows == pool->hole[at].first;
	if (before && behind) {
		pool->hole[at - 1].rows += rows + pool->hole[at].rows;
		pool->holes--;
		memmove(&pool->hole[at], &pool->hole[at + 1], (pool->holes - at) * sizeof *pool->hole);
	} else if (before) {
		pool->hole[at - 1].rows += rows;
	} else if (behind) {
		pool->hole[at].first = first;
		pool->hole[at].rows += rows;
	} else {
		array_reserve(pool->hole, pool->holes, pool->capacity, 1);
		memmove(&pool->hole[at + 1], &pool->hole[at], (pool->holes - at) * sizeof *pool->hole);
		pool->hole[at] = (Hole){first, rows};
		pool->holes++;
	}
}

static void find_lives(Plan *plan)
{
	for (size_t i = 0; i < plan->stores; i++)
		plan->store[i].born = plan->store[i].dies = TIME_NEVER;
	for (size_t i = 0; i < plan->ordered; i++) {
		const Unit *unit = &plan->unit[plan->order[i]];
		if (unit->store != STORE_NONE)
			plan->store[unit->store].born = plan->store[unit->store].dies = unit->block;
		for (uint32_t k = 0; k < unit->sources; k++)
			plan->store[unit->source[k]].dies = unit->block;
	}
}

static bool is_local(const Plan *plan, const Unit *unit)
{
	const Store *store = &plan->store[unit->store];
	return unit->kind == INSTRUCTION_ELEMENTS && !store->kept && store->inside == STORE_NONE &&
	       store->dies == store->born;
}

// Slots for the local results of the units from `first` up to `end` of one block.
static void give_slots(Plan *plan, size_t first, size_t end, Program *program)
{
	Pool slots = {0};
	for (size_t i = first; i < end; i++) {
		const Unit *unit = &plan->unit[plan->order[i]];
		if (is_local(plan, unit)) {
			Store *store = &plan->store[unit->store];
			store->space = SPACE_TILE;
			store->first = pool_take(&slots, 1);
			store->dies = (uint32_t)i;
			for (size_t later = i + 1; later < end; later++)
				if (lift_reads(&plan->unit[plan->order[later]], unit->store))
					store->dies = (uint32_t)later;
		}
		for (uint32_t k = 0; k < unit->sources; k++) {
			const Store *read = &plan->store[unit->source[k]];
			if (read->space == SPACE_TILE && read->dies == i)
				pool_give(&slots, read->first, 1);
		}
	}
	if (slots.end > program->tile_slots)
		program->tile_slots = slots.end;
	free(slots.hole);
}

static Pool *pool_of(const Store *store, Pool *pool)
{
	return store->kept || store->inside != STORE_NONE || store->space == SPACE_TILE ? NULL : &pool[store->space];
}

static void place_block(Plan *plan, size_t first, size_t end, Pool *pool)
{
	for (size_t i = first; i < end; i++) {
		const Unit *unit = &plan->unit[plan->order[i]];
		if (unit->store == STORE_NONE)
			continue;
		Store *store = &plan->store[unit->store];
		if (store->inside != STORE_NONE)
			store->first = plan->store[store->inside].first + store->inside_row;
		else if (store->space != SPACE_TILE)
			store->first = pool_take(&pool[store->space], store->rows);
	}
	for (size_t i = first; i < end; i++) {
		const Unit *unit = &plan->unit[plan->order[i]];
		for (uint32_t k = 0; k < unit->sources; k++) {
			Store *store = &plan->store[unit->source[k]];
			if (store->dies == unit->block && store->writer != UNIT_NONE && pool_of(store, pool)) {
				pool_give(pool_of(store, pool), store->first, store->rows);
				store->dies = TIME_NEVER;
			}
		}
	}
}

void lift_place_stores(Plan *plan, Program *program)
{
	Pool pool[2] = {{0}};
	find_lives(plan);
	for (size_t i = 0; i < plan->stores; i++)
		if (plan->store[i].writer == UNIT_NONE && plan->store[i].space == SPACE_FIXED && plan->store[i].kept)
			plan->store[i].first = pool_take(&pool[SPACE_FIXED], plan->store[i].rows);
	for (size_t first = 0, end; first < plan->ordered; first = end) {
		uint32_t block = plan->unit[plan->order[first]].block;
		for (end = first; end < plan->ordered && plan->unit[plan->order[end]].block == block;)
			end++;
		give_slots(plan, first, end, program);
		place_block(plan, first, end, pool);
	}
	program->fixed_rows = pool[SPACE_FIXED].end;
	program->lanes_rows = pool[SPACE_LANES].end;
	free(pool[0].hole);
	free(pool[1].hole);
}
