// A MODEL as commands take it, read with the options that go with it.
#ifndef TUTOR_LOAD_H
#define TUTOR_LOAD_H

#include "tutor/io/input.h"
#include "tutor/lesson/lesson_source.h"
#include "tutor/model/model.h"
#include "tutor/options.h"

// What a model is read from. It can be read more than once: standard input is not there a second time.
typedef struct Loader {
	Arena arena;
	Source source;
	Input input;     // --data
	Table table;
	bool has_data;
} Loader;

// Fetches the text that `operand` names (a file, LESSON, LESSON:BLOCK or -), and --data.
bool loader_open(Loader *loader, const char *operand, const Options *options, Error *error);
// Reads the model with --seed, --set and --example. Freed by model_free; the loader may go before it.
bool loader_read(Loader *loader, Model *model, const Options *options, Error *error);
void loader_close(Loader *loader);

// The options for reading a model from `source`: --seed, --set, --example; what they point to lives in `arena`.
bool load_options(ModelOptions *how, const Options *options, const Source *source, Arena *arena, Error *error);

// All three of the loader's.
bool load_model(Model *model, const char *operand, const Options *options, Error *error);

#endif
