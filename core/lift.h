// Lifting: from the scalar operations of a tape to a Program of vector instructions and matrix products.
//
// Input is a tape with forward pass, gradient and update recorded (core/tape.h); the tape is only read. What is computed
// is what the wanted nodes and the next values of the carried leaves rest on, nothing else. The steps, each a file:
//
//	core/lift_graph.c     the live operations, folded, each once                        (design, "Lifting", 1)
//	core/lift_part.c      which sums and products are parts of others                   (2)
//	core/lift_sum.c       sums in normal form: contractions                             (2)
//	core/lift_group.c     levels and groups                                             (3, 4, 6)
//	core/lift_lists.c     the lists of contractions, padded at borders                  (5)
//	core/lift_product.c   matrix products among the contractions                        (5)
//	core/lift_unit.c      what each group needs: packs
//	core/lift_side.c      where the sides of a matrix product lie
//	core/lift_update.c    updates: results in place, fused into products
//	core/lift_schedule.c  the order of the instructions
//	core/lift_block.c     which of them are fused
//	core/lift_store.c     storage, used again where lives do not overlap
//	core/lift_emit.c      the Program
//
// Numbers are the same as replay's but for the order of sums and of factors; 0*x is 0 even where x is infinite.
#ifndef CORE_LIFT_H
#define CORE_LIFT_H

#include "core/program.h"
#include "core/replay.h"

typedef struct LiftOptions {
	const Carry *carry;      // each leaf takes the value of its next node when the program has run; nothing here varies
	size_t carry_count;
	const Node *wanted;      // further nodes whose values are to be read, such as the mean loss
	size_t wanted_count;
} LiftOptions;

Program *lift(const Tape *tape, const LiftOptions *options);

#endif
