// Matrix products among contractions of one group (design, "Lifting", 5). Declared in core/lift_group.h.
//
// A member pairs a list U with a list V. Lists are told apart by their contents and numbered. Lists U that meet the same
// set of lists V form a grid with them: m*q members, a matrix product. (As a graph between lists it is a set of complete
// bipartite pieces; lists with the same neighbours are in the same piece.)
#include "core/lift_lists.h"

#include <stdlib.h>
#include <string.h>

enum { FEW_GRIDS = 4, SMALL_GRID = 16 };

// ---- Grids

typedef struct Grid {
	uint32_t *member;        // places in Finder.member
	uint32_t count;
	uint32_t m, q;           // 0 where it is no grid
	uint32_t *u_first, *v_first;   // of each list of the grid: a member that has it
	uint32_t *cell;          // member of row i, column j at i*q + j
} Grid;

// The lists of the grid's members numbered from 0 in the order in which they come; `first` gets a member of each.
static uint32_t number_within(const Grid *grid, const uint32_t *list, NodeMap *number, uint32_t *first)
{
	uint32_t lists = 0;
	nodemap_clear(number);
	for (uint32_t i = 0; i < grid->count; i++)
		if (nodemap_get(number, list[grid->member[i]]) == NODEMAP_ABSENT) {
			first[lists] = grid->member[i];
			nodemap_set(number, list[grid->member[i]], lists++);
		}
	return lists;
}

static bool has_hole(const Finder *f, const Value *list)
{
	for (uint32_t t = 0; t < f->n; t++)
		if (list[t] == VALUE_NONE)
			return true;
	return false;
}

// Puts lists in the order of their first rows. Where a list begins with a zero there is no such row: then they stay in the
// order of the tape, or are turned round if that runs against the rows (the gradient is recorded backwards).
static void order_lists(Finder *f, const Value *all, uint32_t *first, uint32_t lists)
{
	Keyed *keyed = arena_array(&f->arena, Keyed, lists + (size_t)1);
	bool holes = false;
	for (uint32_t i = 0; i < lists && !holes; i++)
		holes = has_hole(f, all + (size_t)first[i] * f->n);
	if (!holes) {
		for (uint32_t i = 0; i < lists; i++)
			keyed[i] = (Keyed){lift_where(f->lift, all[(size_t)first[i] * f->n]), i, first[i]};
		lift_sort(keyed, lists);
		for (uint32_t i = 0; i < lists; i++)
			first[i] = keyed[i].other;
		return;
	}
	uint64_t ends[2] = {0, 0};
	for (uint32_t end = 0; end < 2; end++) {
		const Value *list = all + (size_t)first[end ? lists - 1 : 0] * f->n;
		for (uint32_t t = 0; t < f->n; t++)
			if (list[t] != VALUE_NONE && lift_where(f->lift, list[t]) > ends[end])
				ends[end] = lift_where(f->lift, list[t]);
	}
	for (uint32_t i = 0; ends[0] > ends[1] && i < lists / 2; i++) {
		uint32_t kept = first[i];
		first[i] = first[lists - 1 - i];
		first[lists - 1 - i] = kept;
	}
}

// Numbers the lists in the order of `first`, by the finder's numbers.
static void renumber(const uint32_t *list, const uint32_t *first, uint32_t lists, NodeMap *number)
{
	nodemap_clear(number);
	for (uint32_t i = 0; i < lists; i++)
		nodemap_set(number, list[first[i]], i);
}

// Fills in m, q and the cells; m stays 0 where a pair of lists comes twice or not at all.
static void shape_grid(Finder *f, Grid *grid)
{
	NodeMap u_number = {0}, v_number = {0};
	grid->u_first = arena_array(&f->arena, uint32_t, grid->count);
	grid->v_first = arena_array(&f->arena, uint32_t, grid->count);
	grid->cell = arena_array(&f->arena, uint32_t, grid->count);
	uint32_t m = number_within(grid, f->u_list, &u_number, grid->u_first);
	uint32_t q = number_within(grid, f->v_list, &v_number, grid->v_first);
	order_lists(f, f->u, grid->u_first, m);
	order_lists(f, f->v, grid->v_first, q);
	renumber(f->u_list, grid->u_first, m, &u_number);
	renumber(f->v_list, grid->v_first, q, &v_number);
	bool full = (size_t)m * q == grid->count;
	memset(grid->cell, 0xFF, grid->count * sizeof *grid->cell);
	for (uint32_t i = 0; full && i < grid->count; i++) {
		uint32_t r = grid->member[i];
		size_t cell = (size_t)nodemap_get(&u_number, f->u_list[r]) * q + nodemap_get(&v_number, f->v_list[r]);
		full = grid->cell[cell] == VALUE_NONE;
		grid->cell[cell] = r;
	}
	if (full)
		grid->m = m, grid->q = q;
	nodemap_free(&u_number);
	nodemap_free(&v_number);
}

// Under a batch sum either list may be U. The one that changes more slowly from member to member makes the rows, so that
// dL/dw comes out as w is stored.
static void turn_round_if_faster(Finder *f, const Grid *grid)
{
	if (grid->count < 2 || f->padded)
		return;
	uint32_t a = grid->member[0], b = grid->member[1];
	if (f->u_list[a] == f->u_list[b] || f->v_list[a] != f->v_list[b])
		return;
	for (uint32_t i = 0; i < grid->count; i++) {
		uint32_t r = grid->member[i], kept = f->u_list[r];
		f->u_list[r] = f->v_list[r];
		f->v_list[r] = kept;
		for (uint32_t t = 0; t < f->n; t++) {
			Value *u = &f->u[(size_t)r * f->n + t], *v = &f->v[(size_t)r * f->n + t], value = *u;
			*u = *v;
			*v = value;
		}
	}
}

// The members by the set of lists V that their list U meets. Returns the number of sets.
static uint32_t find_sets(Finder *f, uint32_t *set)
{
	uint64_t *meets = arena_array(&f->arena, uint64_t, f->u_count);
	NodeMap found = {0};
	uint32_t sets = 0;
	for (uint32_t r = 0; r < f->count; r++)
		meets[f->u_list[r]] += lift_mix(0x9E3779B97F4A7C15u, f->v_list[r] + (uint64_t)1);
	for (uint32_t r = 0; r < f->count; r++) {
		uint64_t key = meets[f->u_list[r]];
		if (nodemap_get(&found, key) == NODEMAP_ABSENT)
			nodemap_set(&found, key, sets++);
		set[r] = nodemap_get(&found, key);
	}
	nodemap_free(&found);
	return sets;
}

static Grid *find_grids(Finder *f, uint32_t *grids)
{
	uint32_t *set = arena_array(&f->arena, uint32_t, f->count);
	*grids = find_sets(f, set);
	Grid *grid = arena_array(&f->arena, Grid, *grids);
	for (uint32_t r = 0; r < f->count; r++)
		grid[set[r]].count++;
	for (uint32_t g = 0; g < *grids; g++) {
		grid[g].member = arena_array(&f->arena, uint32_t, grid[g].count);
		grid[g].count = 0;
	}
	for (uint32_t r = 0; r < f->count; r++)
		grid[set[r]].member[grid[set[r]].count++] = r;
	return grid;
}

// ---- Groups of what was found

static void add_product(Finder *f, const Grid *grid, Group *group)
{
	Lift *lift = f->lift;
	LiftProduct product = {.m = grid->m, .q = grid->q, .n = f->n};
	product.u = arena_array(&lift->arena, Value, memory_product(grid->m, f->n));
	product.v = arena_array(&lift->arena, Value, memory_product(grid->q, f->n));
	for (uint32_t i = 0; i < grid->m; i++)
		memcpy(product.u + (size_t)i * f->n, f->u + (size_t)grid->u_first[i] * f->n, f->n * sizeof(Value));
	for (uint32_t j = 0; j < grid->q; j++)
		memcpy(product.v + (size_t)j * f->n, f->v + (size_t)grid->v_first[j] * f->n, f->n * sizeof(Value));
	array_reserve(lift->product, lift->product_count, lift->product_capacity, 1);
	group->kind = GROUP_PRODUCT;
	group->product = (uint32_t)lift->product_count;
	lift->product[lift->product_count++] = product;
}

// Makes the members in `cell` a group whose rows come behind those placed before; the first takes the number of the group
// that is broken up.
static uint32_t place_members(Finder *f, uint32_t number, const uint32_t *cell, uint32_t count, uint32_t *placed)
{
	Lift *lift = f->lift;
	Group group = lift->groups[number];
	group.kind = GROUP_CONTRACT;
	group.first = f->first + *placed;
	group.count = count;
	if (*placed) {
		array_reserve(lift->groups, lift->groups_count, lift->groups_capacity, 1);
		number = (uint32_t)lift->groups_count++;
	}
	lift->groups[number] = group;
	for (uint32_t i = 0; i < count; i++) {
		Value value = f->member[cell[i]];
		lift->group[value] = number;
		lift->place[value] = i;
		lift->member[group.first + i] = value;
	}
	*placed += count;
	return number;
}

static bool worth_it(const Grid *grid, uint32_t grids)
{
	return grid->m && (grid->count >= SMALL_GRID || grids <= FEW_GRIDS);
}

static void make_groups(Finder *f, uint32_t number, const Grid *grid, uint32_t grids)
{
	uint32_t placed = 0, rest = 0, *left = arena_array(&f->arena, uint32_t, f->count);
	for (uint32_t g = 0; g < grids; g++) {
		if (worth_it(&grid[g], grids)) {
			uint32_t made = place_members(f, number, grid[g].cell, grid[g].count, &placed);
			add_product(f, &grid[g], &f->lift->groups[made]);
		} else {
			memcpy(left + rest, grid[g].member, grid[g].count * sizeof *left);
			rest += grid[g].count;
		}
	}
	if (rest)
		place_members(f, number, left, rest, &placed);
}

// All members as one grid that is none: they are computed term by term.
static Grid *no_grid(Finder *f)
{
	Grid *grid = arena_new(&f->arena, Grid);
	grid->count = f->count;
	grid->member = arena_array(&f->arena, uint32_t, f->count);
	for (uint32_t r = 0; r < f->count; r++)
		grid->member[r] = r;
	return grid;
}

void lift_find_products(Lift *lift, uint32_t number)
{
	const Group *group = &lift->groups[number];
	Finder f = {.lift = lift, .first = group->first, .count = group->count};
	f.member = arena_array(&f.arena, Value, f.count);
	memcpy(f.member, lift->member + group->first, f.count * sizeof *f.member);
	f.u_list = arena_array(&f.arena, uint32_t, f.count);
	f.v_list = arena_array(&f.arena, uint32_t, f.count);
	bool batch = lift->graph.node[f.member[0]].flags & VALUE_BATCH;
	uint32_t grids = 1;
	Grid *grid;
	if (lists_read(&f)) {
		f.u_count = lists_number(&f, f.u, f.u_list);
		f.v_count = lists_number(&f, f.v, f.v_list);
		grid = find_grids(&f, &grids);
		for (uint32_t g = 0; g < grids; g++) {
			if (batch)
				turn_round_if_faster(&f, &grid[g]);
			shape_grid(&f, &grid[g]);
		}
	} else {
		grid = no_grid(&f);
	}
	make_groups(&f, number, grid, grids);
	arena_free(&f.arena);
}
