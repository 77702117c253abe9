// What a run has come to, as CSV `name,value`: params by their names, states (`w5.v`), `update.t`.
// A file that was saved while a run is under way has further rows, `run.…`, from which the run is
// continued as if it had not been interrupted; `run.best:w5` is what w5 was after the best epoch.
//
// A file is written under another name, then renamed: whatever happens, there is a whole one.
// Numbers have 17 digits.
#ifndef TRAIN_CHECKPOINT_H
#define TRAIN_CHECKPOINT_H

#include "tutor/train/snapshot.h"

// Where a run is.
typedef struct Position {
	uint64_t updates;   // done, by all runs: t - 1
	bool under_way;     // the rest is meant only then
	uint64_t first;     // updates done when the run began
	double loss;        // of the epoch that is under way: sum over its examples so far
	double best;        // the lowest loss of an epoch, infinite where none is kept in mind
	uint64_t best_epoch;
	Snapshot at_best;   // after that epoch
} Position;

bool checkpoint_save(const char *path, const Engine *engine, const Model *model,
                     const Position *position, Error *error);
// Puts the values on the model's tape, so that engines started from now on begin with them. All
// params must be there, and all states or none. Where it is true, position->at_best is the caller's
// to free.
bool checkpoint_load(const char *path, Model *model, Position *position, Error *error);

#endif
