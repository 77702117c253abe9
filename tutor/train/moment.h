// One update of a run, looked at as the scalar operations that it is: for the derivation of a very
// step (--explain), and for the first value that is no finite number (tutor/train/fault.h).
#ifndef TRAIN_MOMENT_H
#define TRAIN_MOMENT_H

#include "tutor/explain/derivation.h"
#include "tutor/render/equation.h"
#include "tutor/train/loop.h"

// The derivation of the next update, before it is made, with the batch that it takes: the rows that
// `names` means (one or more with commas between them; a param or a family of them: gradients, states
// and new values; else as `tutor why` takes names), all rows where it is NULL; where somebody watches
// a screen, many rows are announced on standard error, with how to have fewer. False and `error` where there is no such name, or too much to write out.
bool moment_explain(Training *training, const char *names, const TextStyle *style, bool watched,
                    Output *output, Error *error);

// The tape with the examples row[0] … in its lanes and the params as the engine has them, run through.
void moment_replay(const Training *training, const uint32_t *row, uint32_t count, Replay *replay);
// Whether so many examples are few enough for that.
bool moment_fits(const Training *training, uint32_t count);
// A row as it is printed; of a param's gradient the whole chain.
bool moment_print_row(const Derivation *d, uint32_t id, const TextStyle *style, Output *output,
                      Error *error);

#endif
