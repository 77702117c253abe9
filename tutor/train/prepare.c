#include "tutor/train/prepare.h"

#include "tutor/io/number.h"
#include "tutor/lesson/lesson_source.h"
#include "tutor/train/clock.h"

#include <string.h>

static bool read_settings(const Options *options, Setting *setting, Arena *arena, Error *error)
{
	for (size_t i = 0; i < options->set.count; i++) {
		const char *text = options->set.items[i], *equals = strchr(text, '=');
		if (!equals || equals == text || !number_parse(equals + 1, &setting[i].value))
			return error_set(error, "--set takes NAME=VALUE, a number behind the =, not '%s'",
			                 text);
		setting[i].name = arena_copy(arena, text, (size_t)(equals - text));
	}
	return true;
}

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
	Setting *setting = arena_array(arena, Setting, options->set.count + 1);
	ModelOptions how = {.seed = (uint64_t)options->seed,
	                    .setting = setting,
	                    .setting_count = options->set.count,
	                    .batch = true,
	                    .needs_no_data = needs_no_data};
	if (!read_settings(options, setting, arena, error) ||
	    !source_model(&source, operand, arena, error))
		return false;
	how.include = source.folder;
	double before = clock_seconds();
	if (!model_read(&prepared->model, source.name, source.text, source.size, &how, error))
		return false;
	prepared->record_seconds = clock_seconds() - before;
	prepared->operations = count_operations(&prepared->model.tape);
	return schema_read(&prepared->schema, &prepared->model, source.text, source.size, source.folder,
	                   error);
}

static bool read_data(Prepared *prepared, const Options *options, Error *error)
{
	double before = clock_seconds();
	if ((options->data || options->test) && !prepared->schema.columns)
		return error_set(error, "%s: the model takes no data: all its inputs have values",
		                 prepared->model.file);
	if (!options->data)
		data_of_model(&prepared->data, &prepared->model);
	else if (!data_read(&prepared->data, &prepared->schema, options->data, DATA_TRAIN, error))
		return false;
	prepared->has_test = options->test != NULL;
	if (options->test &&
	    !data_read(&prepared->test, &prepared->schema, options->test, DATA_TEST, error))
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
	schema_free(&prepared->schema);
	model_free(&prepared->model);
	*prepared = (Prepared){0};
}
