#include "core/gradient.h"

#include "core/algebra.h"
#include "core/nodeset.h"
#include "core/partials.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void gradient_free(Gradient *gradient)
{
	free(gradient->adjoint);
	free(gradient->path);
	nodemap_free(&gradient->place);
	free(gradient);
}

size_t gradient_bytes(const Gradient *gradient)
{
	return sizeof *gradient + gradient->capacity * sizeof *gradient->adjoint +
	       gradient->path_capacity * sizeof *gradient->path + nodemap_bytes(&gradient->place);
}

const Adjoint *gradient_find(const Gradient *gradient, Node by)
{
	uint32_t place = nodemap_get(&gradient->place, by);
	return place == NODEMAP_ABSENT ? NULL : &gradient->adjoint[place];
}

// The key under which the tape keeps the place of a gradient; the ARGMAX of a MAX is kept under OP_ARGMAX.
static uint64_t kept_key(Node of)
{
	return tape_key(of, OP_COUNT);
}

Gradient *gradient_kept(const Tape *tape, Node of)
{
	uint32_t place = nodemap_get(&tape->made, kept_key(of));
	return place == NODEMAP_ABSENT ? NULL : tape->gradient[place];
}

// ---- The sum over the paths

// What stands for dy/duser in a product: the number itself where it is one, so that *1 and *0 are dropped.
static Node factor_of(const Tape *tape, const Gradient *gradient, Node user)
{
	const Adjoint *adjoint = gradient_find(gradient, user);
	assert(adjoint);
	Node node = adjoint->node;
	bool is_number = tape_op(tape, node) == OP_COPY && tape_is_number(tape, tape->node[node].a);
	return is_number ? tape->node[node].a : node;
}

// Records the products of the paths and their sum. What flows from the examples into something that they share is
// added up over the lanes.
static Node sum_of_paths(Tape *tape, Gradient *gradient, Node by, uint32_t first)
{
	Node *term = NULL;
	size_t lanes = 0, count = 0, capacity = 0;
	for (uint32_t i = first; i != PATH_NONE; i = gradient->path[i].next) {
		Path *path = &gradient->path[i];
		path->product = algebra_path_product(tape, factor_of(tape, gradient, path->user), path->partial);
		array_reserve(term, count, capacity, 1);
		assert(term);
		term[count++] = path->product;
	}
	for (uint32_t i = first; i != PATH_NONE && !tape_varies(tape, by); i = gradient->path[i].next)
		lanes += tape_varies(tape, gradient->path[i].user);
	if (lanes && lanes < count) {
		size_t from_lanes = 0, once = lanes;
		for (uint32_t i = first; i != PATH_NONE; i = gradient->path[i].next)
			term[tape_varies(tape, gradient->path[i].user) ? from_lanes++ : once++] = gradient->path[i].product;
	}
	Node sum = algebra_sum_over_lanes(tape, term, lanes, count);
	free(term);
	return sum;
}

// Nothing is remembered or found meanwhile: dy/du is the sum of its own paths, though dy/dv may be the same.
static Node record_adjoint(Tape *tape, Gradient *gradient, Node by, uint32_t paths)
{
	bool paused = tape->memory_paused;
	tape_pause_memory(tape, true);
	Node since = (Node)tape->count;
	Node node = by == gradient->of ? tape_number(tape, 1) : sum_of_paths(tape, gradient, by, paths);
	if (tape_varies(tape, by) && !tape_varies(tape, node))
		node = tape_varying_copy(tape, node);
	else if (tape_named(tape, by))
		node = tape_step(tape, node, since);
	if (tape_named(tape, by))
		tape_name_gradient(tape, node, gradient->of, by);
	tape_pause_memory(tape, paused);
	return node;
}

static const Adjoint *add_adjoint(Tape *tape, Gradient *gradient, Node by, uint32_t paths, uint32_t flat)
{
	Node node = record_adjoint(tape, gradient, by, paths);
	array_reserve(gradient->adjoint, gradient->count, gradient->capacity, 1);
	assert(gradient->adjoint);
	gradient->adjoint[gradient->count] = (Adjoint){by, node, paths, flat};
	nodemap_set(&gradient->place, by, (uint32_t)gradient->count);
	return &gradient->adjoint[gradient->count++];
}

// ---- Walking back

// What a walk works on. It stays with the tape, and behind the walk all marks are taken away again, so that a gradient costs
// as much as there is below it, however long the tape: a text may ask for many.
typedef struct GradientWork {
	uint32_t *first;    // of each node: the first path into it, PATH_NONE where there is none
	uint32_t *flat;     // of those whose partial is 0; NULL where there have been none
	size_t nodes;
	NodeSet rests;      // what `of` rests on
	PartialsWork partials;
} GradientWork;

void gradient_work_free(GradientWork *work)
{
	if (!work)
		return;
	free(work->first);
	free(work->flat);
	nodeset_free(&work->rests);
	partials_free(&work->partials);
	free(work);
}

size_t gradient_work_bytes(const GradientWork *work)
{
	if (!work)
		return 0;
	size_t lists = work->flat ? 2 : 1;
	return sizeof *work + work->nodes * lists * sizeof *work->first + nodeset_bytes(&work->rests) +
	       work->partials.place_capacity * sizeof *work->partials.place;
}

// `list` for so many nodes, with no paths at those that are new.
static uint32_t *longer(uint32_t *list, size_t old, size_t nodes)
{
	list = memory_resize(list, memory_product(nodes, sizeof *list));
	memset(list + old, 0xFF, (nodes - old) * sizeof *list);
	return list;
}

static void make_room(GradientWork *work, size_t nodes)
{
	if (nodes <= work->nodes)
		return;
	size_t more = nodes + nodes / 2;
	work->first = longer(work->first, work->nodes, more);
	if (work->flat)
		work->flat = longer(work->flat, work->nodes, more);
	work->nodes = more;
	nodeset_reserve(&work->rests, nodes);
}

// Marks what `of` rests on, by one walk from `of` down. To be ended by end_walk; one that begins meanwhile has its own.
static GradientWork *start_walk(Tape *tape, Node of)
{
	GradientWork *work = tape->work;
	tape->work = NULL;
	if (!work)
		*(work = memory_alloc(sizeof *work)) = (GradientWork){0};
	make_room(work, of + (size_t)1);
	nodeset_add(&work->rests, of);
	for (Node node = of; node != NODE_NONE; node = nodeset_below(&work->rests, node)) {
		uint32_t count;
		const Node *argument = tape_arguments(tape, node, &count);
		for (uint32_t i = 0; i < count; i++)
			nodeset_add(&work->rests, argument[i]);
	}
	return work;
}

// Takes the marks of a node away, and goes on to the next one.
static Node leave(GradientWork *work, Node node)
{
	nodeset_remove(&work->rests, node);
	work->first[node] = PATH_NONE;
	if (work->flat)
		work->flat[node] = PATH_NONE;
	return nodeset_below(&work->rests, node);
}

// A walk that was broken off leaves marks: those go with it.
static void end_walk(Tape *tape, GradientWork *work, bool whole)
{
	gradient_work_free(whole ? tape->work : work);
	if (whole)
		tape->work = work;
}

static uint32_t flat_of(const GradientWork *work, Node node)
{
	return work->flat ? work->flat[node] : PATH_NONE;
}

static void add_path(Gradient *gradient, uint32_t *first, Node user, Partial partial)
{
	array_reserve(gradient->path, gradient->path_count, gradient->path_capacity, 1);
	// Users come from the last to the first, so that putting each in front leaves the list in the order of the text.
	gradient->path[gradient->path_count] =
	    (Path){user, partial.by, partial.partial, NODE_NONE, first[partial.by]};
	first[partial.by] = (uint32_t)gradient->path_count++;
}

static bool is_zero(const Tape *tape, Node node)
{
	return tape_is_number(tape, node) && tape->value[node] == 0;
}

static void add_paths_of(Tape *tape, Gradient *gradient, GradientWork *work, Node user, unsigned wanted)
{
	partials_record(tape, user, wanted, &work->partials);
	for (size_t i = 0; i < work->partials.count; i++) {
		Partial partial = work->partials.result[i];
		bool flat = is_zero(tape, partial.partial);
		if (gradient->rule && !flat)
			partial.partial = gradient->rule(gradient->context, tape, user, partial.by, partial.partial);
		if (flat && !work->flat)
			work->flat = longer(NULL, 0, work->nodes);
		if (flat || !is_zero(tape, partial.partial))
			add_path(gradient, flat ? work->flat : work->first, user, partial);
	}
}

static void walk_back(Tape *tape, Gradient *gradient)
{
	GradientWork *work = start_walk(tape, gradient->of);
	Node node = gradient->of;
	do {
		bool leaf = tape_is_leaf(tape, node);
		bool step = tape_named(tape, node) && (!leaf || tape_op(tape, node) == OP_PARAM);
		bool reached = node == gradient->of || work->first[node] != PATH_NONE;
		if (step || reached) {
			add_adjoint(tape, gradient, node, work->first[node], flat_of(work, node));
			if (reached && !leaf)
				add_paths_of(tape, gradient, work, node, NODE_USES_STEP);
		}
		node = leave(work, node);
	} while (node != NODE_NONE && !(tape->limit && tape->count > tape->limit));
	end_walk(tape, work, node == NODE_NONE);
}

static Gradient *record(Tape *tape, Node of, GradientRule rule, void *context)
{
	assert(!tape_varies(tape, of) && tape_named(tape, of));
	Gradient *gradient = memory_alloc(sizeof *gradient);
	*gradient = (Gradient){.of = of, .number = (uint32_t)tape->gradient_count, .rule = rule, .context = context};
	array_reserve(tape->gradient, tape->gradient_count, tape->gradient_capacity, 1);
	if (!rule)
		nodemap_set(&tape->made, kept_key(of), (uint32_t)tape->gradient_count);
	tape->gradient[tape->gradient_count++] = gradient;
	walk_back(tape, gradient);
	return gradient;
}

Gradient *gradient_record(Tape *tape, Node of)
{
	Gradient *kept = gradient_kept(tape, of);
	return kept ? kept : record(tape, of, NULL, NULL);
}

Gradient *gradient_record_changed(Tape *tape, Node of, GradientRule rule, void *context)
{
	assert(rule);
	return record(tape, of, rule, context);
}

// ---- What is asked for later

// The paths into inputs, targets, consts and states, for all that `of` rests on.
static void add_leaf_paths(Tape *tape, Gradient *gradient)
{
	GradientWork *work = start_walk(tape, gradient->of);
	Adjoint *leaf = NULL;
	size_t steps = gradient->count, count = 0, capacity = 0;
	for (size_t i = 0; i < steps; i++) {
		const Adjoint *user = &gradient->adjoint[i];
		if (!tape_is_leaf(tape, user->by) && (user->paths != PATH_NONE || user->by == gradient->of))
			add_paths_of(tape, gradient, work, user->by, NODE_USES_LEAF);
	}
	for (Node node = gradient->of; node != NODE_NONE; node = leave(work, node))
		if ((work->first[node] != PATH_NONE || flat_of(work, node) != PATH_NONE) && !gradient_find(gradient, node)) {
			array_reserve(leaf, count, capacity, 1);
			leaf[count++] = (Adjoint){node, NODE_NONE, work->first[node], flat_of(work, node)};
		}
	end_walk(tape, work, true);
	while (count-- > 0)
		add_adjoint(tape, gradient, leaf[count].by, leaf[count].paths, leaf[count].flat);
	free(leaf);
	gradient->leaves_done = true;
}

Node gradient_by(Tape *tape, Gradient *gradient, Node by)
{
	assert(gradient->adjoint);   // dof/dof at least
	const Adjoint *found = gradient_find(gradient, by);
	if (!found && !gradient->leaves_done && tape_is_leaf(tape, by) && tape_op(tape, by) != OP_PARAM &&
	    by <= gradient->of) {
		add_leaf_paths(tape, gradient);
		found = gradient_find(gradient, by);
	}
	if (!found)
		found = add_adjoint(tape, gradient, by, PATH_NONE, PATH_NONE);
	return found->node;
}

// ---- Rule changes

// What each node of the formula has become, and the nodes that are still to be looked at.
typedef struct Substitution {
	NodeMap done;
	Node *stack, *argument;
	size_t depth, stack_capacity, argument_capacity;
} Substitution;

// True where all arguments of `node` are done; else those that are not go onto the stack.
static bool arguments_done(const Tape *tape, Substitution *s, Node node)
{
	size_t depth = s->depth;
	uint32_t count;
	const Node *argument = tape_arguments(tape, node, &count);
	for (uint32_t i = count; i-- > 0;)
		if (nodemap_get(&s->done, argument[i]) == NODEMAP_ABSENT) {
			array_reserve(s->stack, s->depth, s->stack_capacity, 1);
			s->stack[s->depth++] = argument[i];
		}
	return s->depth == depth;
}

static Node with_new_arguments(Tape *tape, Substitution *s, Node node)
{
	uint32_t count;
	const Node *old = tape_arguments(tape, node, &count);
	array_reserve(s->argument, 0, s->argument_capacity, count);
	bool changed = false;
	for (uint32_t i = 0; i < count; i++) {
		s->argument[i] = nodemap_get(&s->done, old[i]);
		changed |= s->argument[i] != old[i];
	}
	return changed ? tape_apply(tape, tape_op(tape, node), s->argument, count) : node;
}

Node gradient_substitute(Tape *tape, Node node, const Node *from, const Node *to, size_t count)
{
	Substitution s = {0};
	for (size_t i = count; i-- > 0;)
		nodemap_set(&s.done, from[i], to[i]);
	array_reserve(s.stack, 0, s.stack_capacity, 1);
	s.stack[s.depth++] = node;
	while (s.depth) {
		Node next = s.stack[s.depth - 1];
		if (nodemap_get(&s.done, next) == NODEMAP_ABSENT) {
			bool whole = tape_is_leaf(tape, next) || tape_named(tape, next);
			if (!whole && !arguments_done(tape, &s, next))
				continue;
			nodemap_set(&s.done, next, whole ? next : with_new_arguments(tape, &s, next));
		}
		s.depth--;
	}
	Node result = nodemap_get(&s.done, node);
	nodemap_free(&s.done);
	free(s.stack);
	free(s.argument);
	return result;
}
