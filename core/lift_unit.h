// From groups to units: a unit becomes one instruction.
//
// A *store* is consecutive rows of storage: of a group's members, or of a pack. Stores are numbered like their groups,
// packs behind. Rows within a store are known here, where the store lies is not (core/lift_store.c).
//
// An input that is read by other than matrix products is packed: turned into rows of lanes (Plan.turned).
#ifndef CORE_LIFT_UNIT_H
#define CORE_LIFT_UNIT_H

#include "core/lift.h"
#include "core/lift_group.h"

#define UNIT_NONE UINT32_MAX
#define STORE_NONE UINT32_MAX
#define TIME_NEVER UINT32_MAX

typedef struct Store {
	uint8_t space;
	bool kept;            // leaves and what was asked for: never given to others
	uint32_t rows, first; // first: its first row in the space
	uint32_t writer;      // unit, UNIT_NONE for leaves
	uint32_t inside;      // the leaves that it takes the place of, STORE_NONE
	uint32_t inside_row;
	uint32_t born, dies;  // times of the first write and last read
	uint32_t reader;      // the last unit whose reads were found to have it, counted from 1
	uint32_t last;        // where in the order of running the last read is, else the write
} Store;

// The next value of a leaf as keep*leaf + scale*product, or keep*leaf - scale*product.
typedef struct LiftUpdate {
	Value leaf, product;
	Value keep, scale;    // VALUE_NONE for 1
	bool minus;
} LiftUpdate;

typedef struct Unit {
	uint8_t kind;         // InstructionKind
	bool dropped;         // its work is done by another
	bool own_rows;        // it may write into leaves, of which it reads no rows but those that it writes
	uint32_t leaves;      // with own_rows: the store of those leaves
	uint32_t group;       // its members; of an update that was fused the product's
	uint32_t store;
	uint32_t next_group;  // of a fused update: the members w+; else UINT32_MAX
	LiftUpdate update;    // of a fused update: the first of them
	const Value *pack;    // of PACK: the values, VALUE_NONE for zeros; of CARRY: the values and then their leaves
	uint32_t rows;
	Product *product;     // its sides in rows of stores; the store is in `side_store`
	uint32_t *side_store; // of segment s: u's at 2s, v's at 2s+1
	uint32_t *source;       // the stores that it reads
	uint32_t sources, block;
	bool done;
} Unit;

typedef struct Plan {
	Lift *lift;
	const LiftOptions *options;
	Value *next;          // of each carry: the value that its leaf gets
	Value *leaf;
	const Node *wanted_node;   // what is to be read, and the carried leaves
	Value *wanted;
	size_t wanted_count;
	Value *leaf_of;       // of each value: the leaf whose next value it is, VALUE_NONE
	Store *store;
	size_t stores, stores_capacity;
	Unit *unit;
	size_t units, units_capacity;
	uint32_t *turned;     // of each group of inputs: the store of its pack, STORE_NONE
	NodeMap packs;        // hash of a pack's contents -> unit
	uint32_t *order;      // units in the order of running
	size_t ordered;
	Arena arena;
} Plan;

void lift_make_units(Plan *plan);
void lift_schedule(Plan *plan);
void lift_place_stores(Plan *plan, Program *program);
void lift_emit(Plan *plan, Program *program);
void lift_plan_free(Plan *plan);

// ---- Between the files above

uint32_t lift_add_store(Plan *plan, Store store);
uint32_t lift_add_unit(Plan *plan, Unit unit);
// The store in which a value is read as a row of lanes or a fixed row.
uint32_t lift_store_of(const Plan *plan, Value value);
// The unit that packs these values, made where there is none yet. Adds no unit for inputs in a list with others.
uint32_t lift_pack(Plan *plan, const Value *value, uint32_t rows);
bool lift_packs_inputs(const Plan *plan, const Value *value, uint32_t rows);
// Finds the sides of a product; packs what is not evenly spaced.
void lift_find_sides(Plan *plan, uint32_t unit);
// Adds the unit that gives leaves the values that are not computed in place. None if there are none.
void lift_add_carries(Plan *plan);
bool lift_reads(const Unit *unit, uint32_t store);
// The store of leaves into which the unit writes, STORE_NONE if it does not.
static inline uint32_t lift_leaves_written(const Plan *plan, const Unit *unit)
{
	return unit->store == STORE_NONE ? STORE_NONE : plan->store[unit->store].inside;
}

// Two ELEMENTS of the same shape can be in one block; never 0, which is no key of a map.
static inline uint64_t lift_shape(const Plan *plan, const Unit *unit)
{
	enum { NEVER_ZERO = 0x100 };   // above any space
	return nodemap_pair(unit->rows, NEVER_ZERO | plan->store[unit->store].space);
}

// Finds the blocks, in the order of running.
void lift_make_blocks(Plan *plan);
// Lets the unit write into leaves, if its results are their next values.
void lift_put_in_place(Plan *plan, Unit *unit);
// Where the group is a*w + b*(a matrix product used nowhere else), w what it is the next value of, lets the product add
// to w.
void lift_fuse_update(Plan *plan, uint32_t group);
// The r-th value of an ELEMENTS unit's k-th operand.
static inline Value lift_operand(const Plan *plan, const Unit *unit, uint32_t k, uint32_t r)
{
	uint32_t count;
	Value member = plan->lift->member[plan->lift->groups[unit->group].first + r];
	return graph_arguments(&plan->lift->graph, member, &count)[k];
}

static inline Group *lift_group_of(const Plan *plan, Value value)
{
	return &plan->lift->groups[plan->lift->group[value]];
}

static inline bool lift_is_input(const Plan *plan, Value value)
{
	const Group *group = lift_group_of(plan, value);
	return group->kind == GROUP_LEAVES && group->varies;
}

#endif
