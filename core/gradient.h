// The gradient, recorded onto the tape step by step.
//
// gradient_record(tape, y) walks the steps that y rests on from y back. For each step s, and each thing u that its
// formula uses directly, it records the local partial ds/du, simplified as a person would write it (core/algebra.h),
// and the product dy/ds*ds/du: one *path* into u. The sum over the paths is the node named dy/du. This is the chain
// rule in reverse mode (Griewank and Walther, Evaluating Derivatives, 2008, ch. 3), with the steps for vertices: each
// step once, after all that use it; contributions are added, never overwritten. No recursion.
//
// The result is nodes like any other, so that a derivative can be differentiated again.
//
// Over a batch y must not vary (take tape_batch_mean of what does). dy/du of a varying u varies, even where it is the same
// for each example; into a u that does not vary, the paths from steps that do are added up over the lanes by one
// BATCH_SUM. An unnamed BATCH_SUM in the formula of a varying step counts as a step (core/partials.h); its dy/du stays
// unnamed.
#ifndef CORE_GRADIENT_H
#define CORE_GRADIENT_H

#include "core/tape.h"

// One path: `by` is used directly by the step `user`.
typedef struct Path {
	Node user, by;
	Node partial;    // duser/dby
	Node product;    // dy/duser*duser/dby
	uint32_t next;   // the next path into the same node, in the order in which the users were recorded; or PATH_NONE
} Path;

// dy/dby and where it comes from.
typedef struct Adjoint {
	Node by;
	Node node;       // dy/dby; named, but where `by` is not
	uint32_t paths;  // the first path, PATH_NONE where y does not rest on `by` (or is `by`)
	uint32_t flat;   // the first of those whose partial is 0 whatever the values, which no sum has: their product is
	                 // NODE_NONE
} Adjoint;

#define PATH_NONE UINT32_MAX

// A rule change: what to record for the partial duser/dby in place of `partial` (a number 0 drops the path). It may
// record nodes of its own. Returning `partial` leaves the rule as it is. A partial that is 0 whatever the values is not
// asked about.
typedef Node (*GradientRule)(void *context, Tape *tape, Node user, Node by, Node partial);

typedef struct Gradient {
	Node of;
	uint32_t number;     // its place in Tape.gradient
	Adjoint *adjoint;    // from y back, then those asked for later
	size_t count, capacity;
	Path *path;
	size_t path_count, path_capacity;
	NodeMap place;       // node -> its place in `adjoint`
	GradientRule rule;
	void *context;
	bool leaves_done;    // the paths into inputs, targets, consts and states are recorded too
} Gradient;

// The gradient of `of`, with respect to every step and param that it rests on. Recorded once for each `of`, then
// kept: a second call returns the first's. `of` must not vary. The tape owns the result. Where the tape has come to hold
// more nodes than tape->limit the gradient is unfinished, and good for nothing.
Gradient *gradient_record(Tape *tape, Node of);
// As gradient_record with a rule changed; always recorded anew.
Gradient *gradient_record_changed(Tape *tape, Node of, GradientRule rule, void *context);

// The node dof/dby for a step or a leaf `by`. Recorded now where it was not asked for before: a leaf's (an input's,
// say), or 0 where `of` does not rest on `by`.
Node gradient_by(Tape *tape, Gradient *gradient, Node by);
// What is known of dof/dby; NULL before gradient_by for what gradient_record leaves out.
const Adjoint *gradient_find(const Gradient *gradient, Node by);
// The gradient kept for `of`, NULL if none.
Gradient *gradient_kept(const Tape *tape, Node of);

// A node equal to `node` with each of `count` nodes `from` in its formula put for `to`: for rule changes. Only the
// formula is walked (unnamed nodes), so that other steps keep what they have.
Node gradient_substitute(Tape *tape, Node node, const Node *from, const Node *to, size_t count);

void gradient_free(Gradient *gradient);
size_t gradient_bytes(const Gradient *gradient);

// What recording works on, kept on the tape (Tape.work) from one gradient to the next; for core/tape.c. May be NULL.
void gradient_work_free(struct GradientWork *work);
size_t gradient_work_bytes(const struct GradientWork *work);

#endif
