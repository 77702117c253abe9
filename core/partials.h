// The local partials of one step: its derivative by each thing that its formula uses directly.
#ifndef CORE_PARTIALS_H
#define CORE_PARTIALS_H

#include "core/tape.h"

typedef struct Partial {
	Node by, partial;
} Partial;

// Memory that partials_record uses again from step to step. A zeroed one is valid.
typedef struct PartialsWork {
	Partial *result;      // of the last call, in the order in which the formula names them
	size_t count, capacity;
	struct PartialSlot *slot;       // one for each node of the formula that gradient reaches
	size_t slot_count, slot_capacity;
	struct PartialTerm *term;       // what is to be added up in a slot
	size_t term_count, term_capacity;
	struct PartialFrame *stack;
	size_t stack_capacity;
	uint32_t *order;      // slots of inner nodes, arguments before those that use them
	size_t order_count, order_capacity;
	Node *flat;           // parts of the formula through which no gradient flows
	size_t flat_count, flat_capacity;
	Node *scratch;
	size_t scratch_capacity;
	uint32_t *place;      // of each node up to the largest step so far: its slot, SLOT_NONE outside of the formula
	size_t place_capacity;
	bool varies;          // whether the step does
} PartialsWork;

// Which of the things used are asked for: NODE_USES_STEP (steps and params), NODE_USES_LEAF (other leaves), or both.
// The partials are recorded as derivatives are (core/algebra.h) by reverse accumulation over the step's formula, and
// are in work->result. What is used only where no gradient flows (step(a), eq(a, b), detach(a)) is there too, with the
// number 0.
//
// Over a batch: the partial of a varying step is one example's, ds@k/du or ds@k/du@k. What it gets through a BATCH_SUM is
// no such thing, for ds@k/du@j is not 0; so an unnamed BATCH_SUM in the formula of a varying step is taken for a step,
// and asked for with the steps. The partial of a step that does not vary by something that does not vary is added up
// over the lanes where a BATCH_SUM lies between.
void partials_record(Tape *tape, Node step, unsigned wanted, PartialsWork *work);
void partials_free(PartialsWork *work);

#endif
