// One update of a run, looked at as the scalar operations that it is: for the derivation of a very
// step (--explain), and for the first value that is no finite number.
#ifndef TRAIN_MOMENT_H
#define TRAIN_MOMENT_H

#include "tutor/render/equation.h"
#include "tutor/train/loop.h"

// The derivation of the next update, before it is made, with the batch that it takes: the rows that
// `names` means (one or more with commas between them; a param or a family of them: gradients, states
// and new values; else as `tutor why` takes names), all rows where it is NULL; where somebody watches
// a screen, many rows are announced on standard error, with how to have fewer. False and `error` where there is no such name, or too much to write out.
bool moment_explain(Training *training, const char *names, const TextStyle *style, bool watched,
                    Output *output, Error *error);

// Where a run that ended with TRAINING_NOT_FINITE went wrong: sets an error that says in which
// update and example which step first was no finite number, with its formula, or where that is long the
// numbers that went into it, and what to try. Goes back to the run's last snapshot and repeats what came
// after it. Returns false.
bool moment_blame(Training *training, Error *error);
// After moment_blame: measures the norms (which training->options.norms has started) of the update before
// the one that went wrong, or of that one where it is the first that is known. Returns its number.
uint64_t moment_norms(Training *training);

#endif
