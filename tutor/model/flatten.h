// A model's text with the files that it uses put in their places, so that it needs no other file.
#ifndef MODEL_FLATTEN_H
#define MODEL_FLATTEN_H

#include "core/error.h"
#include "tutor/io/output.h"

#include <stdbool.h>

// Writes the text of a model, every `use` replaced by what it names. `folder` is where `use` reads
// from, as model_read has it. False and `error` where the text is wrong.
bool model_flatten(Output *output, const char *file, const char *text, size_t size,
                   const char *folder, Error *error);

#endif
