#include "tutor/explain/build.h"

#include "tutor/explain/query.h"

#include <stdlib.h>
#include <string.h>

// A place in the tree that is still to be filled.
typedef struct Hole {
	Node node;
	uint32_t lane, depth;
	Formula **place;
	bool open;
} Hole;

typedef struct Builder {
	const Derivation *derivation;
	Arena *arena;
	Hole *hole;
	size_t holes, capacity;
	size_t written;   // nodes so far
	uint32_t depth;   // of the hole that is being filled
} Builder;

Formula *build_name(const Derivation *d, Node node, uint32_t lane, Arena *arena)
{
	return formula_name(arena, quantity_of(d->tape, node, lane, d->replay->lanes, arena),
	                    replay_value(d->replay, node, lane), derivation_find(d, node, lane));
}

static void dig(Builder *builder, Node node, uint32_t lane, Formula **place, bool open)
{
	array_reserve(builder->hole, builder->holes, builder->capacity, 1);
	builder->hole[builder->holes++] = (Hole){node, lane, builder->depth + 1, place, open};
}

// A sum over the lanes, written out.
static void fill_batch_sum(Builder *builder, Hole hole, double value)
{
	uint32_t lanes = builder->derivation->replay->lanes;
	Node argument = builder->derivation->tape->node[hole.node].a;
	if (lanes == 1) {
		dig(builder, argument, 0, hole.place, false);
		return;
	}
	Formula *sum = *hole.place = formula_operation(builder->arena, OP_SUM, lanes, value);
	for (uint32_t lane = lanes; lane-- > 0;)
		dig(builder, argument, lane, &sum->argument[lane], false);
}

static void fill(Builder *builder, Hole hole)
{
	const Derivation *d = builder->derivation;
	const Tape *tape = d->tape;
	double value = replay_value(d->replay, hole.node, hole.lane);
	if (query_picks(tape, hole.node)) {
		*hole.place = formula_number(builder->arena, value);
		return;
	}
	if (tape_named(tape, hole.node) && !(hole.open && !tape_is_leaf(tape, hole.node))) {
		*hole.place = build_name(d, hole.node, hole.lane, builder->arena);
		return;
	}
	if (tape_is_leaf(tape, hole.node)) {
		*hole.place = formula_number(builder->arena, value);
		return;
	}
	uint32_t count;
	const Node *argument = tape_arguments(tape, hole.node, &count);
	Op op = tape_op(tape, hole.node);
	if (op == OP_COPY || (op_info[op].arity == ARITY_NARY && op != OP_ARGMAX && op != OP_ARGMIN && count == 1)) {
		dig(builder, argument[0], hole.lane, hole.place, false);
	} else if (op == OP_BATCH_SUM) {
		fill_batch_sum(builder, hole, value);
	} else {
		Formula *formula = *hole.place = formula_operation(builder->arena, op, count, value);
		for (uint32_t i = count; i-- > 0;)
			dig(builder, argument[i], hole.lane, &formula->argument[i], false);
	}
}

Formula *build_formula(const Derivation *d, Node node, uint32_t lane, bool open, Arena *arena, Error *error)
{
	Builder builder = {.derivation = d, .arena = arena};
	Formula *root = NULL;
	dig(&builder, node, lane, &root, open);
	while (builder.holes && builder.written++ <= FORMULA_LIMIT && builder.depth <= FORMULA_DEPTH) {
		Hole hole = builder.hole[--builder.holes];
		builder.depth = hole.depth;
		fill(&builder, hole);
	}
	bool whole = builder.holes == 0;
	free(builder.hole);
	if (whole)
		return root;
	error_set(error, "its formula has more than %d terms or %d levels when written out: name a part of it as a step",
	          FORMULA_LIMIT, FORMULA_DEPTH);
	return NULL;
}

// ---- dA/dB:direct

// For 64 nodes B at a time, one walk up the tape finds, for every node, which of them it reaches directly (its formula
// names B) and which through another step; what no gradient flows through reaches nothing.
typedef struct Reach {
	uint64_t self, direct, through;
} Reach;

static void reach_upwards(const Tape *tape, Reach *reach, Node from, Node to)
{
	for (Node node = from; node <= to; node++) {
		uint32_t count;
		const Node *argument = tape_arguments(tape, node, &count);
		if (!op_info[tape_op(tape, node)].flows)
			continue;
		for (uint32_t i = 0; i < count; i++) {
			const Reach *theirs = &reach[argument[i]];
			bool named = tape_named(tape, argument[i]);
			reach[node].direct |= named ? theirs->self : theirs->direct;
			reach[node].through |= named ? theirs->direct | theirs->through : theirs->through;
		}
	}
}

// Marks the paths into the nodes `by`[0..count), count <= 64.
static void mark_direct(const Tape *tape, const Gradient *gradient, const Adjoint *const *by, int count,
                        Reach *reach, uint8_t *direct)
{
	memset(reach, 0, (gradient->of + (size_t)1) * sizeof *reach);
	Node lowest = gradient->of;
	for (int i = 0; i < count; i++) {
		reach[by[i]->by].self = (uint64_t)1 << i;
		lowest = by[i]->by < lowest ? by[i]->by : lowest;
	}
	reach_upwards(tape, reach, lowest, gradient->of);
	for (int i = 0; i < count; i++)
		for (int flat = 0; flat < 2; flat++)
			for (uint32_t p = flat ? by[i]->flat : by[i]->paths; p != PATH_NONE; p = gradient->path[p].next)
				direct[p] = reach[gradient->path[p].user].through >> i & 1;
}

static bool has_several_paths(const Gradient *gradient, const Adjoint *adjoint)
{
	return adjoint->flat != PATH_NONE ||
	       (adjoint->paths != PATH_NONE && gradient->path[adjoint->paths].next != PATH_NONE);
}

uint8_t *find_direct_paths(const Tape *tape, const Gradient *gradient)
{
	uint8_t *direct = memory_alloc(gradient->path_count);
	memset(direct, 0, gradient->path_count);
	Reach *reach = NULL;
	const Adjoint *by[64];
	int count = 0;
	for (size_t i = 0; i < gradient->count; i++) {
		// With one path alone there is no other way from its user to the node.
		if (has_several_paths(gradient, &gradient->adjoint[i]))
			by[count++] = &gradient->adjoint[i];
		if (count && (count == 64 || i + 1 == gradient->count)) {
			if (!reach)
				reach = memory_alloc(memory_product(gradient->of + (size_t)1, sizeof *reach));
			mark_direct(tape, gradient, by, count, reach, direct);
			count = 0;
		}
	}
	free(reach);
	return direct;
}
