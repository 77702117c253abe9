// The order of the units (list scheduling: Coffman, Computer and Job-Shop Scheduling Theory, 1976, ch. 2). Declared in
// core/lift_unit.h.
//
// A unit runs after those that write what it reads. One that writes into leaves runs after all that read the leaves' old
// values; where units wait for one another in a circle, one of them gives up its place in the leaves.
//
// Of the units that are ready the one that is needed first is taken, what varies before what does not; but while there are
// ELEMENTS of the same shape as the one before, one of those: so they can be fused. ELEMENTS that only one other needs, such
// as the slope of an activation, are put off until it can run.
#include "core/lift_unit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// Lists of units: of each store, who reads it.
typedef struct Links {
	uint32_t *start, *unit;
} Links;

typedef struct Scheduler {
	Plan *plan;
	Links readers, writers;   // writers: of leaves, the units that write into them
	uint32_t *needs;          // stores that a unit still waits for
	uint32_t *waits;          // of leaves: readers that those who write into them still wait for
	uint32_t *called;         // a stack
	uint32_t *off;            // of each unit: how many of those that it needs are put off
	bool *is_off, *stays;     // of each unit: it is put off; of each store: other than ELEMENTS read it, or it is a leaf
	bool *late;               // of each unit: it does not vary, or packs for such ones
	uint32_t *latest;         // of each unit: the first unit that needs it, itself if it is no ELEMENTS
	uint32_t *ready;          // a heap: the smallest `latest` first, then the smallest unit
	size_t ready_count;
	uint32_t *next_of_shape;  // ready ELEMENTS of the same shape
	NodeMap shape;            // shape -> the last that became ready
	uint32_t first_unfinished;
} Scheduler;

// ---- Who reads what

static Links find_readers(const Plan *plan, Arena *arena)
{
	Links links = {.start = arena_array(arena, uint32_t, plan->stores + 2)};
	for (size_t i = 0; i < plan->units; i++)
		for (uint32_t k = 0; !plan->unit[i].dropped && k < plan->unit[i].sources; k++)
			links.start[plan->unit[i].source[k] + 2]++;
	for (size_t s = 2; s < plan->stores + 2; s++)
		links.start[s] += links.start[s - 1];
	links.unit = arena_array(arena, uint32_t, links.start[plan->stores + 1] + (size_t)1);
	for (uint32_t i = 0; i < plan->units; i++)
		for (uint32_t k = 0; !plan->unit[i].dropped && k < plan->unit[i].sources; k++)
			links.unit[links.start[plan->unit[i].source[k] + 1]++] = i;
	return links;
}

static Links find_writers(const Plan *plan, Arena *arena)
{
	Links links = {.start = arena_array(arena, uint32_t, plan->stores + 2)};
	for (size_t i = 0; i < plan->units; i++)
		if (!plan->unit[i].dropped && lift_leaves_written(plan, &plan->unit[i]) != STORE_NONE)
			links.start[lift_leaves_written(plan, &plan->unit[i]) + 2]++;
	for (size_t s = 2; s < plan->stores + 2; s++)
		links.start[s] += links.start[s - 1];
	links.unit = arena_array(arena, uint32_t, links.start[plan->stores + 1] + (size_t)1);
	for (uint32_t i = 0; i < plan->units; i++)
		if (!plan->unit[i].dropped && lift_leaves_written(plan, &plan->unit[i]) != STORE_NONE)
			links.unit[links.start[lift_leaves_written(plan, &plan->unit[i]) + 1]++] = i;
	return links;
}

// ---- What is ready

static bool is_before(const Scheduler *s, uint32_t a, uint32_t b)
{
	if (s->late[a] != s->late[b])
		return s->late[b];
	return s->latest[a] != s->latest[b] ? s->latest[a] < s->latest[b] : a < b;
}

static void push_ready(Scheduler *s, uint32_t unit)
{
	size_t at = s->ready_count++;
	for (; at && is_before(s, unit, s->ready[(at - 1) / 2]); at = (at - 1) / 2)
		s->ready[at] = s->ready[(at - 1) / 2];
	s->ready[at] = unit;
}

static uint32_t pop_ready(Scheduler *s)
{
	uint32_t first = s->ready[0], last = s->ready[--s->ready_count];
	size_t at = 0;
	for (size_t child; (child = 2 * at + 1) < s->ready_count; at = child) {
		child += child + 1 < s->ready_count && is_before(s, s->ready[child + 1], s->ready[child]);
		if (!is_before(s, s->ready[child], last))
			break;
		s->ready[at] = s->ready[child];
	}
	s->ready[at] = last;
	return first;
}

static void queue(Scheduler *s, uint32_t number)
{
	const Unit *unit = &s->plan->unit[number];
	push_ready(s, number);
	if (unit->kind == INSTRUCTION_ELEMENTS) {
		uint64_t shape = lift_shape(s->plan, unit);
		s->next_of_shape[number] = nodemap_get(&s->shape, shape);
		nodemap_set(&s->shape, shape, number);
	}
}

// The only unit that reads another's result, or UNIT_NONE.
static uint32_t only_reader(const Scheduler *s, const Unit *unit)
{
	const uint32_t first = s->readers.start[unit->store];
	return s->readers.start[unit->store + 1] == first + 1 ? s->readers.unit[first] : UNIT_NONE;
}

// Whether a unit is put off until nothing else is missing to the only one that reads it: so they are fused, and its result
// needs no memory. What it reads must be there anyway, or be put off too. What is kept has its memory, and is there for its
// reader: so no unit is put off twice.
static bool can_be_put_off(const Scheduler *s, const Unit *unit)
{
	const Plan *plan = s->plan;
	if (unit->kind != INSTRUCTION_ELEMENTS || plan->store[unit->store].space == SPACE_FIXED || plan->store[unit->store].kept)
		return false;
	const uint32_t reader = only_reader(s, unit);
	if (reader == UNIT_NONE || plan->unit[reader].kind != INSTRUCTION_ELEMENTS ||
	    lift_shape(plan, &plan->unit[reader]) != lift_shape(plan, unit))
		return false;
	for (uint32_t k = 0; k < unit->sources; k++) {
		const uint32_t writer = plan->store[unit->source[k]].writer;
		if (!s->stays[unit->source[k]] && !(writer != UNIT_NONE && s->is_off[writer]))
			return false;
	}
	return true;
}

// Queues a unit, or those that were put off and that it, or what it needs, waits for.
static void call(Scheduler *s, uint32_t number)
{
	const Plan *plan = s->plan;
	size_t depth = 0;
	s->called[depth++] = number;
	while (depth) {
		number = s->called[--depth];
		const Unit *unit = &plan->unit[number];
		if (!s->off[number])
			queue(s, number);
		for (uint32_t k = 0; s->off[number] && k < unit->sources; k++) {
			const uint32_t writer = plan->store[unit->source[k]].writer;
			if (writer != UNIT_NONE && s->is_off[writer]) {
				s->is_off[writer] = false;
				s->called[depth++] = writer;
			}
		}
		s->off[number] = 0;
	}
}

// A unit all of whose needs are met, or put off, is put off as well or called.
static void put_off_or_call(Scheduler *s, uint32_t number)
{
	while (can_be_put_off(s, &s->plan->unit[number])) {
		s->is_off[number] = true;
		number = only_reader(s, &s->plan->unit[number]);
		s->off[number]++;
		if (s->needs[number] != s->off[number])
			return;
	}
	call(s, number);
}

static bool waits_for_readers(const Scheduler *s, const Unit *unit)
{
	const uint32_t leaves = lift_leaves_written(s->plan, unit);
	return leaves != STORE_NONE && s->waits[leaves];
}

static void make_ready(Scheduler *s, uint32_t number)
{
	const Unit *unit = &s->plan->unit[number];
	if (!unit->dropped && !unit->done && s->needs[number] == s->off[number] && !waits_for_readers(s, unit) && !s->is_off[number])
		put_off_or_call(s, number);
}

static uint32_t take_of_shape(Scheduler *s, const Unit *before)
{
	if (!before || before->kind != INSTRUCTION_ELEMENTS)
		return UNIT_NONE;
	uint64_t shape = lift_shape(s->plan, before);
	uint32_t number = nodemap_get(&s->shape, shape);
	while (number != UNIT_NONE && s->plan->unit[number].done)
		number = s->next_of_shape[number];
	nodemap_set(&s->shape, shape, number);
	return number;
}

// Where what a unit was put off for waits for the unit itself.
static bool call_all(Scheduler *s)
{
	bool any = false;
	memset(s->off, 0, s->plan->units * sizeof *s->off);
	for (uint32_t i = s->first_unfinished; i < s->plan->units; i++)
		if (s->is_off[i]) {
			s->is_off[i] = false;
			if (!s->needs[i])
				queue(s, i);
			any = true;
		}
	return any;
}

// The circle is broken at the first unit that waits for readers only.
static bool give_up_a_place(Scheduler *s)
{
	Plan *plan = s->plan;
	for (uint32_t i = s->first_unfinished; i < plan->units; i++) {
		if (plan->unit[i].done || plan->unit[i].dropped || s->needs[i] || !waits_for_readers(s, &plan->unit[i]))
			continue;
		plan->store[plan->unit[i].store].inside = STORE_NONE;
		make_ready(s, i);
		return true;
	}
	return false;
}

static uint32_t take(Scheduler *s, const Unit *before)
{
	uint32_t number = take_of_shape(s, before);
	while (number == UNIT_NONE) {
		if (!s->ready_count && !call_all(s) && !give_up_a_place(s))
			return UNIT_NONE;
		number = pop_ready(s);
		if (s->plan->unit[number].done)
			number = UNIT_NONE;
	}
	return number;
}

// Whether a reader of leaves must run before those that write into them. One that is such a writer itself, and reads none
// but its own rows, is free.
static bool must_precede(const Unit *reader, uint32_t leaves)
{
	return !(reader->own_rows && reader->leaves == leaves);
}

// One that must run before those that write into the leaves has run.
static void let_write(Scheduler *s, uint32_t leaves)
{
	if (--s->waits[leaves])
		return;
	for (uint32_t i = s->writers.start[leaves]; i < s->writers.start[leaves + 1]; i++)
		if (lift_leaves_written(s->plan, &s->plan->unit[s->writers.unit[i]]) == leaves)
			make_ready(s, s->writers.unit[i]);
}

static void finish(Scheduler *s, uint32_t number)
{
	Plan *plan = s->plan;
	Unit *unit = &plan->unit[number];
	unit->done = true;
	plan->order[plan->ordered++] = number;
	while (s->first_unfinished < plan->units &&
	       (plan->unit[s->first_unfinished].done || plan->unit[s->first_unfinished].dropped))
		s->first_unfinished++;
	for (uint32_t i = s->readers.start[unit->store]; i < s->readers.start[unit->store + 1]; i++) {
		uint32_t reader = s->readers.unit[i];
		s->needs[reader]--;
		make_ready(s, reader);
	}
	for (uint32_t k = 0; k < unit->sources; k++)
		if (must_precede(unit, unit->source[k]))
			let_write(s, unit->source[k]);
}

static void count_waits(Scheduler *s)
{
	const Plan *plan = s->plan;
	for (uint32_t i = 0; i < plan->units; i++) {
		const Unit *unit = &plan->unit[i];
		if (unit->dropped)
			continue;
		for (uint32_t k = 0; k < unit->sources; k++) {
			s->needs[i] += plan->store[unit->source[k]].writer != UNIT_NONE;
			s->waits[unit->source[k]] += must_precede(unit, unit->source[k]);
		}
	}
}

static void find_staying(Scheduler *s)
{
	const Plan *plan = s->plan;
	for (uint32_t store = 0; store < plan->stores; store++)
		s->stays[store] = plan->store[store].writer == UNIT_NONE || plan->store[store].kept;
	for (size_t i = 0; i < plan->units; i++)
		for (uint32_t k = 0; !plan->unit[i].dropped && k < plan->unit[i].sources; k++)
			s->stays[plan->unit[i].source[k]] |= plan->unit[i].kind != INSTRUCTION_ELEMENTS;
}

// What does not vary comes after all that varies: so a part of a batch runs as long as it can before the next part's turn
// (core/program_state.h), from layer to layer while the rows are in cache, and the sums over the batch last.
static bool is_late(const Scheduler *s, const Unit *unit)
{
	const Plan *plan = s->plan;
	if (unit->store == STORE_NONE || plan->store[unit->store].space == SPACE_FIXED)
		return true;
	if (unit->kind != INSTRUCTION_PACK)
		return false;
	for (uint32_t r = s->readers.start[unit->store]; r < s->readers.start[unit->store + 1]; r++)
		if (!s->late[s->readers.unit[r]])
			return false;
	return true;
}

// ELEMENTS wait until they are needed: then they are fused with what needs them, and their results live shorter.
static void find_latest(Scheduler *s)
{
	const Plan *plan = s->plan;
	for (uint32_t i = (uint32_t)plan->units; i-- > 0;) {
		const Unit *unit = &plan->unit[i];
		s->latest[i] = i;
		s->late[i] = !unit->dropped && is_late(s, unit);
		if (unit->dropped || unit->kind != INSTRUCTION_ELEMENTS)
			continue;
		uint32_t first = UNIT_NONE;
		for (uint32_t r = s->readers.start[unit->store]; r < s->readers.start[unit->store + 1]; r++)
			if (s->latest[s->readers.unit[r]] < first)
				first = s->latest[s->readers.unit[r]];
		if (first != UNIT_NONE)
			s->latest[i] = first;
	}
}

void lift_schedule(Plan *plan)
{
	Arena arena = {0};
	Scheduler s = {.plan = plan, .readers = find_readers(plan, &arena), .writers = find_writers(plan, &arena)};
	s.needs = arena_array(&arena, uint32_t, plan->units);
	s.waits = arena_array(&arena, uint32_t, plan->stores);
	s.ready = arena_array(&arena, uint32_t, 2 * plan->units + 1);
	s.next_of_shape = arena_array(&arena, uint32_t, plan->units);
	plan->order = arena_array(&plan->arena, uint32_t, plan->units + 1);
	s.latest = arena_array(&arena, uint32_t, plan->units);
	s.late = arena_array(&arena, bool, plan->units);
	s.called = arena_array(&arena, uint32_t, plan->units + 1);
	s.off = arena_array(&arena, uint32_t, plan->units);
	s.is_off = arena_array(&arena, bool, plan->units);
	s.stays = arena_array(&arena, bool, plan->stores);
	find_staying(&s);
	count_waits(&s);
	find_latest(&s);
	for (uint32_t i = 0; i < plan->units; i++)
		make_ready(&s, i);
	const Unit *before = NULL;
	for (uint32_t number; (number = take(&s, before)) != UNIT_NONE;) {
		finish(&s, number);
		before = &plan->unit[number];
	}
	assert(s.first_unfinished == plan->units);
	lift_add_carries(plan);
	if (plan->ordered < plan->units && plan->unit[plan->units - 1].kind == INSTRUCTION_CARRY)
		plan->order[plan->ordered++] = (uint32_t)plan->units - 1;
	lift_make_blocks(plan);
	nodemap_free(&s.shape);
	arena_free(&arena);
}
