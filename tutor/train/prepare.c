#include "tutor/train/prepare.h"

#include "tutor/load.h"
#include "tutor/train/clock.h"

#include <string.h>

static uint64_t count_operations(const Tape *tape)
{
	uint64_t count = 0;
	for (Node node = 0; node < tape->count; node++)
		count += !tape_is_leaf(tape, node);
	return count;
}

static bool read_model(Prepared *prepared, const char *operand, const Options *options,
                       bool needs_no_data, Arena *arena, Error *error)
{
	Source source;
	ModelOptions how;
	if (!source_model(&source, operand, arena, error) ||
	    !load_options(&how, options, &source, arena, error))
		return false;
	how.batch = true;
	how.needs_no_data = needs_no_data;
	double before = clock_seconds();
	if (!model_read(&prepared->model, source.name, source.text, source.size, &how, error))
		return false;
	prepared->record_seconds = clock_seconds() - before;
	prepared->operations = count_operations(&prepared->model.tape);
	return true;
}

static bool read_data(Prepared *prepared, const Options *options, Error *error)
{
	double before = clock_seconds();
	if ((options->data || options->test) && !prepared->model.columns)
		return error_set(error, "%s: the model takes no data: all its inputs have values",
		                 prepared->model.file);
	if (!options->data)
		data_of_model(&prepared->data, &prepared->model);
	else if (!data_read(&prepared->data, &prepared->model, options->data, DATA_TRAIN, error))
		return false;
	prepared->has_test = options->test != NULL;
	if (options->test &&
	    !data_read(&prepared->test, &prepared->model, options->test, DATA_TEST, error))
		return false;
	prepared->read_seconds = clock_seconds() - before;
	return true;
}

bool prepared_read(Prepared *prepared, const char *operand, const Options *options, bool data,
                   Error *error)
{
	Arena arena = {0};
	*prepared = (Prepared){0};
	bool good = read_model(prepared, operand, options, !data || options->data, &arena, error) &&
	            (!data || read_data(prepared, options, error));
	arena_free(&arena);
	return good;
}

void prepared_free(Prepared *prepared)
{
	examples_free(&prepared->data);
	examples_free(&prepared->test);
	model_free(&prepared->model);
	*prepared = (Prepared){0};
}
