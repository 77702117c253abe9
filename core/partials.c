#include "core/partials.h"

#include "core/algebra.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

typedef struct PartialTerm {
	Node node;
	uint32_t next;
	bool each_lane;         // to be added up over the lanes
} PartialTerm;

typedef struct PartialSlot {
	Node node;
	uint32_t first, last;   // terms, TERM_NONE where there are none
	bool target;            // asked for: not walked further
} PartialSlot;

typedef struct PartialFrame {
	Node node;
	uint32_t next;          // the argument to look at next
} PartialFrame;

#define TERM_NONE UINT32_MAX
#define SLOT_NONE UINT32_MAX
enum { WIDE_PRODUCT = 8 };

void partials_free(PartialsWork *work)
{
	free(work->result);
	free(work->slot);
	free(work->term);
	free(work->stack);
	free(work->order);
	free(work->flat);
	free(work->scratch);
	free(work->place);
	*work = (PartialsWork){0};
}

// ---- Which nodes

// What an argument is to the gradient: a target, an inner node that leads to one, or neither.
typedef enum Role { ROLE_NONE, ROLE_INNER, ROLE_TARGET } Role;

static Role role_of(const Tape *tape, Node node, bool step_varies, unsigned wanted)
{
	Op op = tape_op(tape, node);
	if (tape_is_leaf(tape, node)) {
		unsigned kind = op == OP_PARAM ? NODE_USES_STEP : op == OP_NUMBER || op == OP_BATCH_SIZE ? 0 : NODE_USES_LEAF;
		return kind & wanted ? ROLE_TARGET : ROLE_NONE;
	}
	if (tape_named(tape, node))
		return wanted & NODE_USES_STEP ? ROLE_TARGET : ROLE_NONE;
	unsigned uses = tape->node[node].flags & (NODE_USES_STEP | NODE_USES_LEAF);
	if (op == OP_BATCH_SUM && step_varies)
		return uses && wanted & NODE_USES_STEP ? ROLE_TARGET : ROLE_NONE;
	return uses & wanted ? ROLE_INNER : ROLE_NONE;
}

static void add_flat(const Tape *tape, PartialsWork *work, Node node)
{
	if (tape_is_leaf(tape, node) || tape_named(tape, node) || tape->node[node].flags & NODE_NUMBER)
		return;
	array_reserve(work->flat, work->flat_count, work->flat_capacity, 1);
	work->flat[work->flat_count++] = node;
}

// No slots, and room for those of the nodes up to `step`.
static void clear_slots(PartialsWork *work, Node step)
{
	while (work->slot_count)
		work->place[work->slot[--work->slot_count].node] = SLOT_NONE;
	if (step < work->place_capacity)
		return;
	array_reserve(work->place, 0, work->place_capacity, step + (size_t)1);
	memset(work->place, 0xFF, work->place_capacity * sizeof *work->place);
}

static uint32_t add_slot(PartialsWork *work, Node node, bool target)
{
	array_reserve(work->slot, work->slot_count, work->slot_capacity, 1);
	work->slot[work->slot_count] = (PartialSlot){node, TERM_NONE, TERM_NONE, target};
	work->place[node] = (uint32_t)work->slot_count;
	return (uint32_t)work->slot_count++;
}

static void push(PartialsWork *work, size_t depth, Node node)
{
	array_reserve(work->stack, depth, work->stack_capacity, 1);
	work->stack[depth] = (PartialFrame){node, 0};
}

// Depth first over the formula, from right to left: every node that leads to a target gets a slot; `order` has the inner
// ones, arguments first. So both, read from the end, come from left to right, users before what they use.
static void collect(const Tape *tape, Node step, unsigned wanted, PartialsWork *work)
{
	size_t depth = 0;
	add_slot(work, step, false);
	push(work, depth++, step);
	while (depth) {
		PartialFrame *frame = &work->stack[depth - 1];
		uint32_t count;
		const Node *argument = tape_arguments(tape, frame->node, &count);
		if (!op_info[tape_op(tape, frame->node)].flows) {
			array_reserve(work->flat, work->flat_count, work->flat_capacity, 1);
			work->flat[work->flat_count++] = frame->node;
			frame->next = count;
		}
		if (frame->next == count) {
			array_reserve(work->order, work->order_count, work->order_capacity, 1);
			work->order[work->order_count++] = work->place[frame->node];
			depth--;
			continue;
		}
		Node next = argument[count - 1 - frame->next++];
		Role role = role_of(tape, next, work->varies, wanted);
		if (role == ROLE_NONE)
			add_flat(tape, work, next);
		if (role == ROLE_NONE || work->place[next] != SLOT_NONE)
			continue;
		add_slot(work, next, role == ROLE_TARGET);
		if (role == ROLE_INNER)
			push(work, depth++, next);
	}
}

// Below what no gradient flows through: slots for the targets that have none yet. They will get no terms.
static void collect_flat(const Tape *tape, unsigned wanted, PartialsWork *work)
{
	while (work->flat_count) {
		uint32_t count;
		const Node *argument = tape_arguments(tape, work->flat[--work->flat_count], &count);
		for (uint32_t k = 0; k < count; k++) {
			if (work->place[argument[k]] != SLOT_NONE)
				continue;
			bool whole = tape_is_leaf(tape, argument[k]) || tape_named(tape, argument[k]);
			if (!whole)
				add_slot(work, argument[k], false);
			else if (role_of(tape, argument[k], work->varies, wanted) == ROLE_TARGET)
				add_slot(work, argument[k], true);
			add_flat(tape, work, argument[k]);
		}
	}
}

// ---- The partial of one operation by one argument

typedef struct PartialOf {
	Tape *tape;
	Node y, a, b;
	uint32_t count, k;   // the argument is the k-th of `count`, from 1
} PartialOf;

static Node product_of_others(PartialOf p)
{
	uint32_t count;
	const Node *argument = tape_arguments(p.tape, p.y, &count);
	if (count == 2)
		return argument[2 - p.k];
	Node other[WIDE_PRODUCT];
	uint32_t others = 0;
	assert(count <= WIDE_PRODUCT);
	for (uint32_t i = 0; i < count; i++)
		if (i + 1 != p.k)
			other[others++] = argument[i];
	return algebra_product(p.tape, other, others);
}

static Node copy_arguments(Tape *tape, Op op, Node node)
{
	uint32_t count;
	const Node *there = tape_arguments(tape, node, &count);
	Node *argument = memory_alloc(memory_product(count, sizeof *argument));
	memcpy(argument, there, count * sizeof *argument);
	Node copy = tape_nary(tape, op, argument, count);
	free(argument);
	return copy;
}

// The mask of max and min: 1 where the k-th argument is the first of the largest (smallest), else 0. The ARGMAX is
// recorded once for each MAX, and found by it rather than by its arguments, which may be many.
static Node is_first_extreme(PartialOf p, Op arg)
{
	uint64_t key = tape_key(p.y, (uint32_t)arg);
	Node first = nodemap_get(&p.tape->made, key);
	if (first == NODEMAP_ABSENT) {
		first = copy_arguments(p.tape, arg, p.y);
		nodemap_set(&p.tape->made, key, first);
	}
	return algebra_call(p.tape, OP_EQ, (Node[]){tape_number(p.tape, p.k), first}, 2);
}

// The words of which the rows of core/ops.def build partials.
#define NONE NODE_NONE
#define one tape_number(p.tape, 1)
#define two tape_number(p.tape, 2)
#define minus_one tape_number(p.tape, -1)
#define add(u, v) algebra_add(p.tape, u, v)
#define sub(u, v) algebra_sub(p.tape, u, v)
#define mul(u, v) algebra_mul(p.tape, u, v)
#define div(u, v) algebra_div(p.tape, u, v)
#define neg(u) algebra_neg(p.tape, u)
#define power(u, v) algebra_power(p.tape, u, v)
#define call(op, u) algebra_call(p.tape, OP_##op, (Node[]){u}, 1)
#define call2(op, u, v) algebra_call(p.tape, OP_##op, (Node[]){u, v}, 2)
#define is_zero(u) algebra_call(p.tape, OP_EQ, (Node[]){u, tape_number(p.tape, 0)}, 2)
#define least(u) algebra_call(p.tape, OP_MIN, (Node[]){u, tape_number(p.tape, 0)}, 2)
#define others(k) product_of_others(p)
#define is_first(op, k) is_first_extreme(p, OP_##op)

typedef Node PartialRow(PartialOf p);

#define OP(id, text, arity, form, value, by_a, by_b, rule) \
	static Node id##_by_a(PartialOf p) \
	{ \
		const Node y = p.y, a = p.a, b = p.b; \
		(void)y, (void)a, (void)b; \
		return by_a; \
	} \
	static Node id##_by_b(PartialOf p) \
	{ \
		const Node y = p.y, a = p.a, b = p.b; \
		(void)y, (void)a, (void)b; \
		return by_b; \
	}
#include "core/ops.def"
#undef OP

static PartialRow *const partial_row[OP_COUNT][2] = {
#define OP(id, text, arity, form, value, by_a, by_b, rule) [OP_##id] = {id##_by_a, id##_by_b},
#include "core/ops.def"
#undef OP
};

static Node partial_of(PartialOf p)
{
	Op op = tape_op(p.tape, p.y);
	bool second = op_info[op].arity == ARITY_BINARY && p.k == 2;
	return partial_row[op][second](p);
}

// ---- Reverse accumulation

static void contribute(PartialsWork *work, uint32_t slot, Node node, bool each_lane)
{
	array_reserve(work->term, work->term_count, work->term_capacity, 1);
	uint32_t term = (uint32_t)work->term_count++;
	work->term[term] = (PartialTerm){node, TERM_NONE, each_lane};
	PartialSlot *s = &work->slot[slot];
	if (s->first == TERM_NONE)
		s->first = term;
	else
		work->term[s->last].next = term;
	s->last = term;
}

static Node sum_of_slot(Tape *tape, PartialsWork *work, const PartialSlot *slot)
{
	if (slot->first == TERM_NONE)
		return NODE_NONE;
	size_t count = 0, lanes = 0;
	for (int each_lane = 1; each_lane >= 0; each_lane--) {
		for (uint32_t t = slot->first; t != TERM_NONE; t = work->term[t].next) {
			if (work->term[t].each_lane != each_lane)
				continue;
			array_reserve(work->scratch, count, work->scratch_capacity, 1);
			work->scratch[count++] = work->term[t].node;
		}
		if (each_lane)
			lanes = count;
	}
	return algebra_sum_over_lanes(tape, work->scratch, lanes, count);
}

// What flows from a node of each lane into one that all lanes share is added up over the lanes; but the partial of a
// varying step is that of one lane.
static bool flows_from_each_lane(const Tape *tape, const PartialsWork *work, Node node, Node to)
{
	return !work->varies && !tape_varies(tape, to) && (tape_varies(tape, node) || tape_op(tape, node) == OP_BATCH_SUM);
}

// A product of many factors: the partial by the k-th is the product of those before it times that of those behind,
// each recorded once.
static void contribute_wide_product(Tape *tape, PartialsWork *work, Node node, Node adjoint)
{
	uint32_t count;
	const Node *there = tape_arguments(tape, node, &count);
	Node *argument = memory_alloc(memory_product(count, 2 * sizeof *argument)), *behind = argument + count;
	for (uint32_t i = 0; i < count; i++)
		argument[i] = there[i];
	behind[count - 1] = tape_number(tape, 1);
	for (uint32_t i = count - 1; i > 0; i--)
		behind[i - 1] = algebra_mul(tape, argument[i], behind[i]);
	Node before = tape_number(tape, 1);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t slot = work->place[argument[i]];
		if (slot != SLOT_NONE)
			contribute(work, slot, algebra_mul(tape, adjoint, algebra_mul(tape, before, behind[i])),
			           flows_from_each_lane(tape, work, node, argument[i]));
		before = algebra_mul(tape, before, argument[i]);
	}
	free(argument);
}

static void contribute_to_arguments(Tape *tape, PartialsWork *work, Node node, Node adjoint)
{
	uint32_t count;
	const Node *argument = tape_arguments(tape, node, &count);
	if (tape_op(tape, node) == OP_PROD && count > WIDE_PRODUCT) {
		contribute_wide_product(tape, work, node, adjoint);
		return;
	}
	Node a = argument[0], b = count > 1 ? argument[1] : NODE_NONE;
	for (uint32_t k = 1; k <= count; k++) {
		Node to = tape_arguments(tape, node, &count)[k - 1];
		uint32_t slot = work->place[to];
		if (slot == SLOT_NONE)
			continue;
		Node partial = partial_of((PartialOf){tape, node, a, b, count, k});
		if (partial != NODE_NONE)
			contribute(work, slot, algebra_mul(tape, adjoint, partial), flows_from_each_lane(tape, work, node, to));
	}
}

static void collect_results(Tape *tape, PartialsWork *work)
{
	for (size_t i = work->slot_count; i-- > 0;) {
		if (!work->slot[i].target)
			continue;
		Node by = work->slot[i].node, partial = sum_of_slot(tape, work, &work->slot[i]);
		if (partial == NODE_NONE)
			partial = tape_number(tape, 0);
		array_reserve(work->result, work->count, work->capacity, 1);
		work->result[work->count++] = (Partial){by, partial};
	}
}

void partials_record(Tape *tape, Node step, unsigned wanted, PartialsWork *work)
{
	work->count = work->term_count = work->order_count = work->flat_count = 0;
	clear_slots(work, step);
	if (tape_is_leaf(tape, step) || tape->node[step].flags & NODE_NUMBER)
		return;
	work->varies = tape_varies(tape, step);
	tape->deriving = step;
	collect(tape, step, wanted, work);
	collect_flat(tape, wanted, work);
	contribute(work, 0, tape_number(tape, 1), false);
	for (size_t i = work->order_count; i-- > 0;) {
		const PartialSlot *slot = &work->slot[work->order[i]];
		Node node = slot->node, adjoint = sum_of_slot(tape, work, slot);
		if (adjoint != NODE_NONE)
			contribute_to_arguments(tape, work, node, adjoint);
	}
	collect_results(tape, work);
	tape->deriving = NODE_NONE;
}
