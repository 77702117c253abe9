#include "tutor/load.h"

#include "tutor/io/number.h"

#include <stdlib.h>
#include <string.h>

static bool read_settings(const Options *options, Setting *setting, Arena *arena, Error *error)
{
	for (size_t i = 0; i < options->set.count; i++) {
		const char *text = options->set.items[i], *equals = strchr(text, '=');
		if (!equals || equals == text || !number_parse(equals + 1, &setting[i].value))
			return error_set(error, "--set takes NAME=VALUE, a number behind the =, not '%s'", text);
		setting[i].name = arena_copy(arena, text, (size_t)(equals - text));
	}
	return true;
}

bool load_options(ModelOptions *how, const Options *options, const Source *source, Arena *arena, Error *error)
{
	Setting *setting = arena_array(arena, Setting, options->set.count + 1);
	*how = (ModelOptions){.seed = (uint64_t)options->seed, .example = (uint32_t)options->example, .setting = setting,
	                      .setting_count = options->set.count, .include = source->folder};
	return read_settings(options, setting, arena, error);
}

bool loader_open(Loader *loader, const char *operand, const Options *options, Error *error)
{
	*loader = (Loader){.has_data = options->data != NULL};
	if (loader->has_data) {
		Input *input = &loader->input;
		if (!input_read_data(input, options->data, INPUT_LIMIT, error) ||
		    !table_read(&loader->table, input->name, input->text, input->size, 0, input->size, 0, error))
			return false;
	}
	return source_model(&loader->source, operand, &loader->arena, error);
}

bool loader_read(Loader *loader, Model *model, const Options *options, Error *error)
{
	const Source *source = &loader->source;
	ModelOptions how;
	if (!load_options(&how, options, source, &loader->arena, error))
		return false;
	how.data = loader->has_data ? &loader->table : NULL;
	return model_read(model, source->name, source->text, source->size, &how, error);
}

void loader_close(Loader *loader)
{
	table_free(&loader->table);
	input_free(&loader->input);
	arena_free(&loader->arena);
	*loader = (Loader){0};
}

bool load_model(Model *model, const char *operand, const Options *options, Error *error)
{
	Loader loader;
	bool good = loader_open(&loader, operand, options, error) && loader_read(&loader, model, options, error);
	loader_close(&loader);
	return good;
}
