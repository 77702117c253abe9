// What a run has come to, as CSV `name,value`: params by their names, states (`w5.v`), `update.t`.
// A file that was saved while a run is under way has further rows, `run.…`, from which the run is
// continued as if it had not been interrupted.
//
// A file is written under another name, then renamed: whatever happens, there is a whole one.
// Numbers have 17 digits.
#ifndef TRAIN_CHECKPOINT_H
#define TRAIN_CHECKPOINT_H

#include "tutor/train/engine.h"

// Where a run is.
typedef struct Position {
	uint64_t updates;   // done, by all runs: t - 1
	bool under_way;     // the rest is meant only then
	uint64_t first;     // updates done when the run began
	double loss;        // of the epoch that is under way: sum over its examples so far
	double best;        // the lowest loss of an epoch
	uint64_t best_epoch;
} Position;

bool checkpoint_save(const char *path, const Engine *engine, const Model *model,
                     const Position *position, Error *error);
// Puts the values on the model's tape, so that engines started from now on begin with them. All
// params must be there, and all states or none.
bool checkpoint_load(const char *path, Model *model, Position *position, Error *error);

#endif
