// Params, states and t of a model as they were after some update, to go back to.
//
// The values stand in the order of the model: its params, then its states. t follows from the
// number of updates.
#ifndef TRAIN_SNAPSHOT_H
#define TRAIN_SNAPSHOT_H

#include "tutor/train/engine.h"

typedef struct Snapshot {
	double *value;      // NULL where none was taken yet
	uint64_t updates;   // done then
} Snapshot;

// The leaves that have a value in a snapshot: how many, and which.
size_t snapshot_leaves(const Model *model);
Node snapshot_leaf(const Model *model, size_t number);

// Room for the values, each NAN; what was there before is gone.
void snapshot_start(Snapshot *snapshot, const Model *model);
void snapshot_take(Snapshot *snapshot, const Engine *engine, const Model *model, uint64_t updates);
void snapshot_restore(const Snapshot *snapshot, Engine *engine, const Model *model);
void snapshot_free(Snapshot *snapshot);

#endif
