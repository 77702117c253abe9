// Which examples a step takes, and their numbers in the order that an engine wants them.
//
// Epoch e goes through the examples in an order that rests on the seed and on e alone, so that a
// run can be continued at any step. The order is a shuffle by Fisher and Yates (D. Knuth, The Art
// of Computer Programming 2, algorithm P) of 0, 1, 2, … with 32-bit draws of the generator of
// core/random.h, its key random_key(seed, "shuffle") and its counter (number of the block, e). A
// draw below n is the upper half of draw·n: off by at most n/2^32 of its probability.
#ifndef TRAIN_BATCHES_H
#define TRAIN_BATCHES_H

#include "tutor/train/engine.h"
#include "tutor/train/examples.h"

typedef struct Order {
	uint32_t *row;
	uint32_t count;
	uint64_t key, epoch;   // that `row` is shuffled for
	bool shuffled;
} Order;

// Examples as they stand, to be shuffled for an epoch where `shuffled`.
void order_start(Order *order, uint32_t count, uint64_t seed, bool shuffled);
void order_epoch(Order *order, uint64_t epoch);
void order_free(Order *order);

// A run of numbers that stand together in an example and in an engine's columns, or the elements of
// a one-hot family.
typedef struct Span {
	uint32_t column, place, count;   // in the examples, in the engine's columns
	bool onehot;
	int32_t label;   // of the first element
} Span;

// How examples become the rows of an engine.
typedef struct Gather {
	Span *span;
	size_t spans, capacity;
	uint32_t columns;
	Precision precision;
	void *rows;                      // of one batch
	const Examples *expanded_from;   // NULL, or the examples that `expanded` has as rows
	char *expanded;
} Gather;

void gather_start(Gather *gather, const Model *model, const Engine *engine, uint32_t lanes);
void gather_free(Gather *gather);
// Makes all of the examples, which must then stay as they are, into rows once and for all, so that
// a batch is copies of rows, or no copy where they stand one behind another. Does nothing where
// that would take more than EXPANDED_LIMIT bytes.
enum { EXPANDED_LIMIT = 32 * 1024 * 1024 };
void gather_expand(Gather *gather, const Examples *examples);
// Gives the engine the examples row[0] … row[count - 1].
void gather_feed(Gather *gather, Engine *engine, const Examples *examples, const uint32_t *row,
                 uint32_t count);

#endif
