// The sides of a matrix product: which rows, how far apart, and what has to be packed first.
//
// A side is read where it lies if its lists are evenly spaced; where the spacing changes along the lists (a weight used at
// every time step: each step's rows are a group of their own) the product has several segments, added up. What a BLAS
// cannot read in place is packed: of a convolution that is im2col (Chellapilla, Puri, Simard 2006), found.
#include "core/lift_unit.h"

#include <string.h>

enum { MOST_SEGMENTS = 256, SHORT_SEGMENT = 8, FEW_SEGMENTS = 8 };

// One side on the way: its lists, or the pack that took their place.
typedef struct Lists {
	const Value *at;         // list i, entry t is at[i*n + t]
	uint32_t count, n;
	uint32_t pack;           // store, STORE_NONE
	bool batch, left;        // left: u
} Lists;

typedef struct Spot {
	uint32_t store, row;
} Spot;

static Spot spot_of(const Plan *plan, Value value)
{
	return (Spot){plan->lift->group[value], plan->lift->place[value]};
}

// Entry t of all lists: first row and step. False where they are not evenly spaced.
static bool read_column(const Plan *plan, const Lists *lists, uint32_t t, Side *side, uint32_t *store)
{
	if (lists->pack != STORE_NONE) {
		bool transposed = !lists->batch && !lists->left;
		uint32_t step = transposed ? 1 : lists->n, along = transposed ? lists->count : 1;
		*store = lists->pack;
		*side = (Side){.space = plan->store[lists->pack].space, .first = t * along, .step = (int32_t)step};
		return true;
	}
	const Value *value = lists->at + t;
	if (value[0] == VALUE_NONE)
		return false;
	Spot first = spot_of(plan, value[0]);
	int64_t step = 1;
	for (uint32_t i = 1; i < lists->count; i++) {
		Value there = value[(size_t)i * lists->n];
		if (there == VALUE_NONE)
			return false;
		Spot spot = spot_of(plan, there);
		if (i == 1)
			step = (int64_t)spot.row - first.row;
		if (spot.store != first.store || spot.row != first.row + step * i)
			return false;
	}
	*store = first.store;
	*side = (Side){.space = plan->store[first.store].space, .first = first.row, .step = (int32_t)step};
	return true;
}

// Whether a product of `n` entries a list can read the side as it lies.
static bool can_read(const Lists *lists, const Side *side, uint32_t n)
{
	const bool one_list = lists->count == 1, one_entry = n == 1;
	if (side->step < 1 || (!one_entry && side->along < 1))
		return false;
	if (side->space == SPACE_INPUT)
		return lists->batch ? one_entry && (one_list || side->step == 1) : one_list && (one_entry || side->along == 1);
	if (lists->batch)
		return one_entry || (side->along == 1 && (one_list || (uint32_t)side->step >= n));
	if (!lists->left)
		return (one_list || side->step == 1) && (one_entry || (uint32_t)side->along >= lists->count);
	return one_list || one_entry || (side->along == 1 && (uint32_t)side->step >= n) ||
	       (side->step == 1 && (uint32_t)side->along >= lists->count);
}

static bool every_column_readable(const Plan *plan, const Lists *lists)
{
	Side side;
	uint32_t store;
	for (uint32_t t = 0; t < lists->n; t++)
		if (!read_column(plan, lists, t, &side, &store) || !can_read(lists, &side, 1))
			return false;
	return true;
}

// Takes the column into the segment where it goes on evenly.
static bool extend(const Lists *lists, Side *side, const Side *column, uint32_t n)
{
	int64_t along = (int64_t)column->first - side->first;
	Side longer = *side;
	longer.along = (int32_t)(n == 1 ? along : side->along);
	if (column->step != side->step || along != (int64_t)longer.along * n || !can_read(lists, &longer, n + 1))
		return false;
	*side = longer;
	return true;
}

typedef struct Segments {
	Segment *at;
	uint32_t *store;
	uint32_t count;
} Segments;

static Segments find_segments(Plan *plan, const Lists *u, const Lists *v)
{
	Segments s = {arena_array(&plan->arena, Segment, u->n), arena_array(&plan->arena, uint32_t, 2 * (size_t)u->n), 0};
	for (uint32_t t = 0; t < u->n; t++) {
		Side u_side = {0}, v_side = {0};
		uint32_t u_store = 0, v_store = 0;
		read_column(plan, u, t, &u_side, &u_store);
		read_column(plan, v, t, &v_side, &v_store);
		Segment *last = s.count ? &s.at[s.count - 1] : NULL;
		if (last && s.store[2 * s.count - 2] == u_store && s.store[2 * s.count - 1] == v_store) {
			Segment longer = *last;
			if (extend(u, &longer.u, &u_side, last->n) && extend(v, &longer.v, &v_side, last->n)) {
				*last = longer;
				last->n++;
				continue;
			}
		}
		s.at[s.count] = (Segment){u_side, v_side, 1};
		s.store[2 * s.count] = u_store;
		s.store[2 * s.count + 1] = v_store;
		s.count++;
	}
	return s;
}

static bool too_many(const Segments *s, const Lists *u)
{
	if (u->batch)
		return s->count > MOST_SEGMENTS;
	return s->count > FEW_SEGMENTS && u->n < SHORT_SEGMENT * s->count;
}

static void pack_lists(Plan *plan, Lists *lists)
{
	uint32_t rows = lists->count * lists->n;
	const Value *value = lists->at;
	if (!lists->batch && !lists->left) {
		Value *turned = arena_array(&plan->arena, Value, rows);
		for (uint32_t i = 0; i < lists->count; i++)
			for (uint32_t t = 0; t < lists->n; t++)
				turned[(size_t)t * lists->count + i] = lists->at[(size_t)i * lists->n + t];
		value = turned;
	}
	uint32_t unit = lift_pack(plan, value, rows);
	lists->pack = plan->unit[unit].store;
}

void lift_find_sides(Plan *plan, uint32_t number)
{
	const Group *group = &plan->lift->groups[plan->unit[number].group];
	const LiftProduct *found = &plan->lift->product[group->product];
	bool batch = !group->varies;
	Lists u = {found->u, found->m, found->n, STORE_NONE, batch, true};
	Lists v = {found->v, found->q, found->n, STORE_NONE, batch, false};
	if (!every_column_readable(plan, &v))
		pack_lists(plan, &v);
	if (!every_column_readable(plan, &u))
		pack_lists(plan, &u);
	Segments s = find_segments(plan, &u, &v);
	if (too_many(&s, &u) && v.pack == STORE_NONE) {
		pack_lists(plan, &v);
		s = find_segments(plan, &u, &v);
	}
	if (too_many(&s, &u) && u.pack == STORE_NONE) {
		pack_lists(plan, &u);
		s = find_segments(plan, &u, &v);
	}
	Product *product = arena_new(&plan->arena, Product);
	*product = (Product){.m = found->m, .q = found->q, .n = found->n, .segment = s.at, .segments = s.count};
	product->keep = product->scale = ROW_ZERO;
	plan->unit[number].product = product;
	plan->unit[number].side_store = s.store;
}
