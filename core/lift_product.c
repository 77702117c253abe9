// Matrix products among contractions of one group (design, "Lifting", 5). Declared in core/lift_group.h.
//
// A member pairs a list U with a list V. Lists are told apart by their contents and numbered. Lists U that meet the same
// set of lists V form a grid with them: m*q members, a matrix product. (As a graph between lists it is a set of complete
// bipartite pieces; lists with the same neighbours are in the same piece.)
//
// At the border of a convolution lists are shorter. A list U that is part of one longer list is that list, with zeros in
// V where it has nothing: so the border joins the grid.
#include "core/lift_group.h"

#include <stdlib.h>
#include <string.h>

enum { FEW_GRIDS = 4, SMALL_GRID = 16, MOST_PADDING = 3 };

typedef struct Finder {
	Lift *lift;
	const Group *group;
	Value *member;
	uint32_t count, n;       // members, length of the longest list
	Value *u, *v;            // lists of the members, padded to n
	uint32_t *u_list, *v_list;   // the number of each member's list
	uint32_t u_count, v_count;
	bool padded;
	Arena arena;
} Finder;

static const Value *terms_of(const Finder *f, uint32_t r, uint32_t *length)
{
	uint32_t count;
	const Value *argument = graph_arguments(&f->lift->graph, f->member[r], &count);
	*length = (count - 1) / 2;
	return argument + 1;
}

// ---- Padding

static int by_length(const void *a, const void *b)
{
	const Keyed *left = a, *right = b;
	if (left->key != right->key)
		return left->key > right->key ? -1 : 1;
	return left->value < right->value ? -1 : left->value > right->value;
}

// The list that all of the member's u are in (its member), VALUE_NONE where there is none; `owner` and `at` say for each
// value which list it is in, and where.
static uint32_t longer_list(const Finder *f, uint32_t r, const NodeMap *owner)
{
	uint32_t length, list = VALUE_NONE;
	const Value *term = terms_of(f, r, &length);
	for (uint32_t t = 0; t < length; t++) {
		uint32_t there = nodemap_get(owner, term[2 * t]);
		if (there == NODEMAP_ABSENT || (t && there != list))
			return VALUE_NONE;
		list = there;
	}
	return list;
}

static bool own_list(const Finder *f, uint32_t r, NodeMap *owner, NodeMap *at)
{
	uint32_t length;
	const Value *term = terms_of(f, r, &length);
	for (uint32_t t = 0; t < length; t++) {
		if (nodemap_get(owner, term[2 * t]) != NODEMAP_ABSENT)
			return false;
		nodemap_set(owner, term[2 * t], r);
		nodemap_set(at, term[2 * t], t);
	}
	return true;
}

// Writes the member's lists, `full` having all of its u. Two terms in one place is a failure.
static bool write_padded(Finder *f, uint32_t r, uint32_t full, const NodeMap *at)
{
	uint32_t length, full_length;
	const Value *term = terms_of(f, r, &length), *all = terms_of(f, full, &full_length);
	Value *u = f->u + (size_t)r * f->n, *v = f->v + (size_t)r * f->n;
	if (full_length != f->n)
		return false;
	for (uint32_t t = 0; t < f->n; t++) {
		u[t] = all[2 * t];
		v[t] = VALUE_NONE;
	}
	for (uint32_t t = 0; t < length; t++) {
		uint32_t place = nodemap_get(at, term[2 * t]);
		if (v[place] != VALUE_NONE)
			return false;
		v[place] = term[2 * t + 1];
	}
	return true;
}

static bool pad(Finder *f)
{
	NodeMap owner = {0}, at = {0};
	Keyed *keyed = arena_array(&f->arena, Keyed, f->count);
	bool good = true;
	size_t terms = 0;
	for (uint32_t r = 0; r < f->count; r++) {
		uint32_t length;
		terms_of(f, r, &length);
		keyed[r] = (Keyed){length, r, 0};
		terms += length;
	}
	qsort(keyed, f->count, sizeof *keyed, by_length);
	good = (size_t)f->count * f->n <= MOST_PADDING * terms;
	for (uint32_t i = 0; good && i < f->count; i++) {
		uint32_t r = keyed[i].value, full = longer_list(f, r, &owner);
		if (full == VALUE_NONE) {
			good = own_list(f, r, &owner, &at);
			full = r;
		}
		good = good && write_padded(f, r, full, &at);
	}
	nodemap_free(&owner);
	nodemap_free(&at);
	f->padded = true;
	return good;
}

// Lists of the same length, as they are; else padded. False where that cannot be.
static bool read_lists(Finder *f)
{
	bool same = true;
	for (uint32_t r = 0; r < f->count; r++) {
		uint32_t length;
		terms_of(f, r, &length);
		same = same && (r == 0 || length == f->n);
		f->n = length > f->n ? length : f->n;
	}
	f->u = arena_array(&f->arena, Value, memory_product(f->count, f->n));
	f->v = arena_array(&f->arena, Value, memory_product(f->count, f->n));
	if (!same)
		return pad(f);
	for (uint32_t r = 0; r < f->count; r++) {
		uint32_t length;
		const Value *term = terms_of(f, r, &length);
		for (uint32_t t = 0; t < length; t++) {
			f->u[(size_t)r * f->n + t] = term[2 * t];
			f->v[(size_t)r * f->n + t] = term[2 * t + 1];
		}
	}
	return true;
}

// ---- Numbering the lists

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
	return hash ^ hash >> 32;
}

static uint32_t number_lists(const Finder *f, const Value *all, uint32_t *list)
{
	NodeMap found = {0};
	uint32_t lists = 0, *first = arena_array((Arena *)&f->arena, uint32_t, f->count);
	size_t bytes = f->n * sizeof *all;
	for (uint32_t r = 0; r < f->count; r++) {
		const Value *mine = all + (size_t)r * f->n;
		uint64_t hash = f->n;
		for (uint32_t t = 0; t < f->n; t++)
			hash = mix(hash, mine[t]);
		uint32_t known;
		while ((known = nodemap_get(&found, hash)) != NODEMAP_ABSENT &&
		       memcmp(all + (size_t)first[known] * f->n, mine, bytes) != 0)
			hash++;
		if (known == NODEMAP_ABSENT) {
			known = lists++;
			first[known] = r;
			nodemap_set(&found, hash, known);
		}
		list[r] = known;
	}
	nodemap_free(&found);
	return lists;
}

// ---- Grids

typedef struct Grid {
	uint32_t *member;        // places in Finder.member
	uint32_t count;
	uint32_t m, q;           // 0 where it is no grid
	uint32_t *u_first, *v_first;   // of each list of the grid: a member that has it
	uint32_t *cell;          // member of row i, column j at i*q + j
} Grid;

// The lists of the grid's members numbered from 0 in the order in which they come; `first` gets a member of each.
static uint32_t number_within(Finder *f, const Grid *grid, const uint32_t *list, NodeMap *number, uint32_t *first)
{
	uint32_t lists = 0;
	(void)f;
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
	uint32_t m = number_within(f, grid, f->u_list, &u_number, grid->u_first);
	uint32_t q = number_within(f, grid, f->v_list, &v_number, grid->v_first);
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
		meets[f->u_list[r]] += mix(0x9E3779B97F4A7C15u, f->v_list[r] + (uint64_t)1);
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

// Makes the members in `cell` the group's; the first takes the group's own number.
static uint32_t place_members(Finder *f, uint32_t number, const uint32_t *cell, uint32_t count, uint32_t *placed)
{
	Lift *lift = f->lift;
	uint32_t start = lift->groups[number].first;
	if (*placed) {
		array_reserve(lift->groups, lift->groups_count, lift->groups_capacity, 1);
		lift->groups[lift->groups_count] = lift->groups[number];
		number = (uint32_t)lift->groups_count++;
		start = f->lift->groups[number - 1].first + f->lift->groups[number - 1].count;
	}
	Group *group = &lift->groups[number];
	group->kind = GROUP_CONTRACT;
	group->count = count;
	group->first = start;
	for (uint32_t i = 0; i < count; i++) {
		Value value = f->member[cell[i]];
		lift->group[value] = number;
		lift->place[value] = i;
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
	uint32_t region = f->lift->groups[number].first;
	for (uint32_t g = 0; g < grids; g++) {
		if (!worth_it(&grid[g], grids)) {
			memcpy(left + rest, grid[g].member, grid[g].count * sizeof *left);
			rest += grid[g].count;
			continue;
		}
		uint32_t next = region + placed;
		uint32_t made = place_members(f, number, grid[g].cell, grid[g].count, &placed);
		f->lift->groups[made].first = next;
		add_product(f, &grid[g], &f->lift->groups[made]);
	}
	if (rest) {
		uint32_t next = region + placed;
		uint32_t made = place_members(f, number, left, rest, &placed);
		f->lift->groups[made].first = next;
	}
}

static void write_members(Finder *f, size_t first_new, uint32_t number)
{
	Lift *lift = f->lift;
	uint32_t region = lift->groups[number].first;
	(void)first_new;
	for (uint32_t r = 0; r < f->count; r++) {
		const Group *group = &lift->groups[lift->group[f->member[r]]];
		lift->member[group->first + lift->place[f->member[r]]] = f->member[r];
	}
	(void)region;
}

void lift_find_products(Lift *lift, uint32_t number)
{
	const Group *group = &lift->groups[number];
	Finder f = {.lift = lift, .group = group, .count = group->count};
	f.member = arena_array(&f.arena, Value, f.count);
	memcpy(f.member, lift->member + group->first, f.count * sizeof *f.member);
	f.u_list = arena_array(&f.arena, uint32_t, f.count);
	f.v_list = arena_array(&f.arena, uint32_t, f.count);
	bool batch = lift->graph.node[f.member[0]].flags & VALUE_BATCH;
	uint32_t grids = 1;
	Grid *grid;
	if (read_lists(&f)) {
		f.u_count = number_lists(&f, f.u, f.u_list);
		f.v_count = number_lists(&f, f.v, f.v_list);
		grid = find_grids(&f, &grids);
		for (uint32_t g = 0; g < grids; g++) {
			if (batch)
				turn_round_if_faster(&f, &grid[g]);
			shape_grid(&f, &grid[g]);
		}
	} else {
		grid = arena_new(&f.arena, Grid);
		grid->count = f.count;
		grid->member = arena_array(&f.arena, uint32_t, f.count);
		for (uint32_t r = 0; r < f.count; r++)
			grid->member[r] = r;
	}
	make_groups(&f, number, grid, grids);
	write_members(&f, 0, number);
	arena_free(&f.arena);
}
