// What made a run's numbers stop being finite: the update, the example, the step and its operation.
#ifndef TRAIN_FAULT_H
#define TRAIN_FAULT_H

#include "tutor/train/loop.h"

typedef struct Fault {
	uint64_t update;       // in which the first number was not finite,
	bool loss_is_finite;   // behind a loss that still was: in a gradient, or in what the update made
} Fault;

// Where a run that ended with TRAINING_NOT_FINITE went wrong: sets an error that says in which
// update and example which step first was no finite number, with its formula, or where that is long the
// numbers that went into it, and what to try. Goes back to the run's last snapshot and repeats what came
// after it, up to that update.
Fault fault_tell(Training *training, Error *error);
// After fault_tell: measures the norms (which training->options.norms has started) of the last update
// whose loss was finite. Returns its number, 0 where this run has made none.
uint64_t fault_norms(Training *training, const Fault *fault);

#endif
