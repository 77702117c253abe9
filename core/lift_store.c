// Storage: where each store lies. Rows whose lives do not overlap share storage (first fit). Declared in
// core/lift_unit.h.
//
// Time is the block: what runs in tiles is alive together. What is written and read in one block only needs no storage
// but a slot of a tile.
#include "core/lift_unit.h"

#include <stdlib.h>
#include <string.h>

// Free rows, by first row, none touching the next; behind `end` all is free. What was given since the pool was last
// settled stands behind those, as it came.
typedef struct Hole {
	uint32_t first, rows;
} Hole;

typedef struct Pool {
	Hole *hole;
	size_t holes, given, capacity;
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
	array_reserve(pool->hole, pool->holes + pool->given, pool->capacity, 1);
	pool->hole[pool->holes + pool->given++] = (Hole){first, rows};
}

static int by_first(const void *a, const void *b)
{
	uint32_t first = ((const Hole *)a)->first, second = ((const Hole *)b)->first;
	return first < second ? -1 : first > second;
}

// Makes what was given ready to be taken: all of a block at once, since a million holes are not moved for each of them.
static void pool_settle(Pool *pool)
{
	if (!pool->given)
		return;
	size_t count = pool->holes + pool->given, kept = 1;
	qsort(pool->hole, count, sizeof *pool->hole, by_first);
	for (size_t i = 1; i < count; i++) {
		Hole *last = &pool->hole[kept - 1];
		if (last->first + last->rows == pool->hole[i].first)
			last->rows += pool->hole[i].rows;
		else
			pool->hole[kept++] = pool->hole[i];
	}
	pool->holes = kept;
	pool->given = 0;
}

static void find_lives(Plan *plan)
{
	for (size_t i = 0; i < plan->stores; i++)
		plan->store[i].born = plan->store[i].dies = TIME_NEVER;
	for (size_t i = 0; i < plan->ordered; i++) {
		const Unit *unit = &plan->unit[plan->order[i]];
		if (unit->store != STORE_NONE) {
			Store *store = &plan->store[unit->store];
			store->born = store->dies = unit->block;
			store->last = (uint32_t)i;
		}
		for (uint32_t k = 0; k < unit->sources; k++) {
			Store *read = &plan->store[unit->source[k]];
			read->dies = unit->block;
			read->last = (uint32_t)i;
		}
	}
}

static bool is_local(const Plan *plan, const Unit *unit)
{
	const Store *store = &plan->store[unit->store];
	return unit->kind == INSTRUCTION_ELEMENTS && !store->kept && store->inside == STORE_NONE &&
	       store->dies == store->born;
}

// A tile is to stay in cache, and one of a million slots would not even fit in memory: local results that find no slot
// get rows like others.
enum { MOST_SLOTS = 256 };

typedef struct Slots {
	uint32_t unused[MOST_SLOTS], count;   // those that were given back
	uint32_t end;
} Slots;

// Slots for the local results of the units from `first` up to `end` of one block.
static void give_slots(Plan *plan, size_t first, size_t end, Program *program)
{
	Slots slots = {.end = 0};
	for (size_t i = first; i < end; i++) {
		const Unit *unit = &plan->unit[plan->order[i]];
		if (is_local(plan, unit) && (slots.count || slots.end < MOST_SLOTS)) {
			Store *store = &plan->store[unit->store];
			store->space = SPACE_TILE;
			store->first = slots.count ? slots.unused[--slots.count] : slots.end++;
			store->dies = store->last;
		}
		for (uint32_t k = 0; k < unit->sources; k++) {
			const Store *read = &plan->store[unit->source[k]];
			if (read->space == SPACE_TILE && read->dies == i)
				slots.unused[slots.count++] = read->first;
		}
	}
	if (slots.end > program->tile_slots)
		program->tile_slots = slots.end;
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
	pool_settle(&pool[SPACE_FIXED]);
	pool_settle(&pool[SPACE_LANES]);
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
