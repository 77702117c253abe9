// A MODEL as commands take it, read with the options that go with it.
#ifndef TUTOR_LOAD_H
#define TUTOR_LOAD_H

#include "tutor/model/model.h"
#include "tutor/options.h"

// Reads the model that `operand` names (a file, LESSON, LESSON:BLOCK or -) with --data, --seed, --set and --example.
// Freed by model_free.
bool load_model(Model *model, const char *operand, const Options *options, Error *error);

#endif
