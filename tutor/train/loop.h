// The training loop: epochs of mini-batches, each one update of the lifted tape.
//
// An epoch goes through the examples in batches of `batch`, the last one short where they do not
// come out even (the loss is the mean over the examples that there are). A model that takes no data
// makes one update an epoch. Updates are numbered from 1 through all runs: which examples update t
// takes rests on t, the seed, the batch and the number of examples alone, so that a run can be
// continued from the params, states and t anywhere.
//
//	Training training;
//	if (training_start(&training, &model, &data, &test, &options, error))
//		training_run(&training, &observer, error);
//	training_end(&training);
#ifndef TRAIN_LOOP_H
#define TRAIN_LOOP_H

#include "tutor/train/checkpoint.h"
#include "tutor/train/evaluate.h"
#include "tutor/train/norms.h"

#include <signal.h>

typedef struct TrainingOptions {
	uint32_t batch;
	uint64_t epochs, patience;   // patience: epochs without a lower loss before the run is stopped
	                             // early, with what it was after the best epoch; 0: never
	uint64_t seed;
	bool shuffle;
	Precision precision;
	EngineKind engine;
	uint32_t threads;
	const char *save;      // where the run is saved now and then, and at its end; NULL for nowhere
	Position from;         // where a loaded run stood; its snapshot is the training's from then on
	bool measure_epochs;   // accuracy and gradient norm of every epoch are asked for
	bool norms;            // and of the epoch's last batch all of tutor/train/norms.h
	uint64_t explain;      // the update before which observer->step is called; 0 for none
} TrainingOptions;

// What an epoch came to. NAN where it was not asked for or there is none.
typedef struct EpochReport {
	uint64_t step, epoch;   // updates done and epochs done, by all runs
	double loss;            // the mean over the epoch's examples, each before its own update
	double test_loss;       // at the end of the epoch
	double accuracy;        // of the examples trained on
	double test_accuracy;
	double gradient_norm;   // of the epoch's last batch, before its update
	double seconds;         // since the run began; NAN where nothing of an epoch was asked for
} EpochReport;

typedef struct Training Training;

// Who looks on. Both may be NULL.
typedef struct Observer {
	void *context;
	bool (*epoch)(void *context, const Training *training, const EpochReport *report, Error *error);
	void (*tick)(void *context, const Training *training);           // some fifty times a second
	const volatile sig_atomic_t *interrupted;                        // not 0: stop after this step
	bool (*step)(void *context, Training *training, Error *error);   // see TrainingOptions.explain
} Observer;

typedef enum TrainingEnd {
	TRAINING_FINISHED,
	TRAINING_STOPPED_EARLY,   // params, states and t are again those of position.best_epoch
	TRAINING_INTERRUPTED,
	TRAINING_NOT_FINITE
} TrainingEnd;

struct Training {
	Model *model;
	const Examples *data, *test;   // `test` NULL where there is none
	TrainingOptions options;
	Engine *engine;   // makes the updates
	Norms norms;      // started where epochs are measured
	Evaluator evaluator;
	bool evaluates;   // the evaluator is started
	Gather gather;
	Order order;
	Position position;
	uint64_t steps_per_epoch, last;   // `last`: updates done when the run will be finished
	uint64_t made;                    // updates, those that an early stop took back included
	double loss;                      // of the last batch,
	double loss_before, first_loss;   // the one before it and the first of this run; NAN where there is none
	double began,
		paused;   // on the clock: the run's begin; seconds spent on other things than training
	double saved, save_cost;
	Snapshot snapshot;                // to go back to where numbers stopped being finite
	double snapshot_taken, snapshot_cost;
	uint64_t begun_at;        // updates done at `began`
	uint64_t examples_done;   // since then
	TrainingEnd end;
};

bool training_start(Training *training, Model *model, const Examples *data, const Examples *test,
                    const TrainingOptions *options, Error *error);
// False where a file could not be written. Why it ended is in training->end.
bool training_run(Training *training, const Observer *observer, Error *error);
void training_end(Training *training);

// Seconds of training so far, the evaluations and saves not counted.
double training_seconds(const Training *training);
// The examples that the next update takes: their rows in the data, and their number.
uint32_t training_next_batch(Training *training, const uint32_t **row);
// Params and states become again what they were after so many updates, not fewer than at the last
// snapshot: what came after it is repeated.
void training_go_back(Training *training, uint64_t updates);
// Whether all params are finite.
bool training_is_finite(const Training *training);
// Of params and states as they are now.
Evaluation training_evaluate(Training *training, const Examples *examples);

#endif
