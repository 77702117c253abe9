// What 'tutor train' says of a run when it is over: results on an output, what else there is to know on standard error.
#ifndef COMMANDS_TRAIN_REPORT_H
#define COMMANDS_TRAIN_REPORT_H

#include "tutor/command.h"
#include "tutor/train/curve.h"
#include "tutor/train/fault.h"
#include "tutor/train/prepare.h"
#include "tutor/train/progress.h"
#include "tutor/train/train_log.h"

typedef struct Train {
	const Call *call;
	Prepared prepared;
	Training training;
	Curve curve;
	Progress progress;
	TrainLog log;
	Evaluation train, test;   // at the end
	double seconds;           // of training
	double first_loss;        // of the first epoch
} Train;

// The measures: one JSON object on a line, or text with the curve.
void train_write_json(const Train *train, const Options *options, Output *output);
void train_write_text(const Train *train, const Options *options, Output *output);
// --norms: each family's gradient and step, shares of units, and what is to be said of them.
void train_write_norms(const Train *train, Output *output);

// Why the run ended, where that is not that it made its epochs.
void train_tell_end(const Train *train, const Options *options);
// --norms, where numbers that are not finite ended it: what grew.
void train_tell_fault(Train *train, const Fault *fault);

#endif
