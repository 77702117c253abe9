#include "tutor/load.h"

#include "tutor/io/input.h"
#include "tutor/io/number.h"
#include "tutor/lesson/lesson_source.h"

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

static bool read_model(Model *model, const char *operand, const Options *options, const Table *data, Arena *arena,
                       Error *error)
{
	Source source;
	ModelOptions how = {.seed = (uint64_t)options->seed, .data = data, .example = (uint32_t)options->example};
	Setting *setting = arena_array(arena, Setting, options->set.count + 1);
	how.setting = setting;
	how.setting_count = options->set.count;
	return read_settings(options, setting, arena, error) && source_model(&source, operand, arena, error) &&
	       model_read(model, source.name, source.text, source.size, &how, error);
}

bool load_model(Model *model, const char *operand, const Options *options, Error *error)
{
	Arena arena = {0};
	Input input = {0};
	Table table = {0};
	bool good = true;
	if (options->data)
		good = input_read(&input, options->data, error) &&
		       table_read(&table, input.name, input.text, input.size, 0, input.size, 0, error);
	good = good && read_model(model, operand, options, options->data ? &table : NULL, &arena, error);
	table_free(&table);
	input_free(&input);
	arena_free(&arena);
	return good;
}
