#include "tutor/train/checkpoint.h"

#include "core/arena.h"
#include "tutor/explain/derivation.h"
#include "tutor/io/csv_writer.h"
#include "tutor/io/input.h"
#include "tutor/io/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *leaf_name(const Model *model, Node leaf, Arena *arena)
{
	return quantity_text(quantity_of(&model->tape, leaf, 0, 1, arena), arena);
}

// ---- The further rows

// The fields of a Position, a row each.
#define POSITION_ROWS(ROW) \
	ROW("run.first", first, uint64_t) \
	ROW("run.epoch_loss", loss, double) \
	ROW("run.best", best, double) \
	ROW("run.best_epoch", best_epoch, uint64_t)

static void write_row(CsvWriter *csv, const char *name, double value)
{
	csv_writer_text(csv, name);
	csv_writer_number(csv, value);
	csv_writer_end_row(csv);
}

static void write_position(CsvWriter *csv, const Position *position)
{
	write_row(csv, "update.t", (double)position->updates + 1);
	if (!position->under_way)
		return;
#define WRITE(name, field, type) write_row(csv, name, (double)position->field);
	POSITION_ROWS(WRITE)
#undef WRITE
}

// True where the row is one of the position's.
static bool take_position(Position *position, const char *name, double value)
{
	if (strcmp(name, "update.t") == 0) {
		position->updates = value >= 1 ? (uint64_t)value - 1 : 0;
		return true;
	}
#define TAKE(text, field, type) \
	if (strcmp(name, text) == 0) { \
		position->field = (type)value; \
		return position->under_way = true; \
	}
	POSITION_ROWS(TAKE)
#undef TAKE
	return false;
}

// ---- Saving

static void write_leaves(CsvWriter *csv, const Engine *engine, const Model *model, const Node *leaf,
                         size_t count)
{
	Arena arena = {0};
	for (size_t i = 0; i < count; i++) {
		write_row(csv, leaf_name(model, leaf[i], &arena), engine_value(engine, leaf[i], 0));
		arena_reset(&arena);
	}
	arena_free(&arena);
}

bool checkpoint_save(const char *path, const Engine *engine, const Model *model,
                     const Position *position, Error *error)
{
	Output output;
	if (!output_open(&output, path, error))
		return false;
	CsvWriter csv = {.output = &output};
	csv_writer_text(&csv, "name");
	csv_writer_text(&csv, "value");
	csv_writer_end_row(&csv);
	write_leaves(&csv, engine, model, model->param, model->param_count);
	write_leaves(&csv, engine, model, model->state, model->state_count);
	write_position(&csv, position);
	return output_close(&output, error);
}

// ---- Loading

typedef struct Loader {
	Model *model;
	Table table;
	size_t name, value;   // columns
	NodeMap place;        // hash of a leaf's name -> its number: params, then states
	bool *found;
	Arena arena;
	Error *error;
} Loader;

static uint64_t hash(const char *text)
{
	uint64_t h = 0xCBF29CE484222325;
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001B3;
	return h;
}

static Node leaf_at(const Loader *loader, size_t number)
{
	const Model *model = loader->model;
	return number < model->param_count ? model->param[number]
	                                   : model->state[number - model->param_count];
}

static void note_leaves(Loader *loader)
{
	size_t count = loader->model->param_count + loader->model->state_count;
	loader->found = memset(memory_alloc(count + 1), 0, count + 1);
	for (size_t i = 0; i < count; i++) {
		nodemap_set(&loader->place,
		            hash(leaf_name(loader->model, leaf_at(loader, i), &loader->arena)),
		            (uint32_t)i);
		arena_reset(&loader->arena);
	}
}

static const char *without_blanks(const char *text, Arena *arena)
{
	char *copy = arena_copy(arena, text, strlen(text)), *to = copy;
	for (; *text; text++)
		if (*text != ' ' && *text != '\t')
			*to++ = *text;
	*to = '\0';
	return copy;
}

static bool take_row(Loader *loader, size_t row, Position *position)
{
	double value;
	const char *name =
		without_blanks(table_cell(&loader->table, row, loader->name), &loader->arena);
	if (!table_number(&loader->table, row, loader->value, &value, loader->error))
		return false;
	uint32_t place = nodemap_get(&loader->place, hash(name));
	bool known =
		place != NODEMAP_ABSENT &&
		strcmp(name, leaf_name(loader->model, leaf_at(loader, place), &loader->arena)) == 0;
	if (!known && !take_position(position, name, value))
		return table_error(&loader->table, row, loader->name, loader->error,
		                   "the model has no param or state '%.200s'", name);
	if (known && loader->found[place])
		return table_error(&loader->table, row, loader->name, loader->error,
		                   "'%.200s' is here twice", name);
	if (known) {
		loader->found[place] = true;
		loader->model->tape.value[leaf_at(loader, place)] = value;
	}
	return true;
}

static bool check_found(Loader *loader)
{
	const Model *model = loader->model;
	size_t states = 0;
	for (size_t i = 0; i < model->state_count; i++)
		states += loader->found[model->param_count + i];
	size_t wanted = model->param_count + (states ? model->state_count : 0);
	for (size_t i = 0; i < wanted; i++)
		if (!loader->found[i])
			return error_set(loader->error, "%s: '%s' of the model is missing in it",
			                 loader->table.file,
			                 leaf_name(model, leaf_at(loader, i), &loader->arena));
	return true;
}

static bool find_columns(Loader *loader)
{
	loader->name = table_find(&loader->table, "name");
	loader->value = table_find(&loader->table, "value");
	return (loader->name != SIZE_MAX && loader->value != SIZE_MAX) ||
	       table_column_error(&loader->table, 0, loader->error,
	                          "columns 'name' and 'value' are expected");
}

static bool take_rows(Loader *loader, Position *position)
{
	if (!find_columns(loader))
		return false;
	note_leaves(loader);
	for (size_t row = 0; row < loader->table.rows; row++) {
		if (!take_row(loader, row, position))
			return false;
		arena_reset(&loader->arena);
	}
	if (loader->model->t != NODE_NONE)
		loader->model->tape.value[loader->model->t] = (double)position->updates + 1;
	return check_found(loader);
}

bool checkpoint_load(const char *path, Model *model, Position *position, Error *error)
{
	Input input;
	Loader loader = {.model = model, .error = error};
	*position = (Position){0};
	if (!input_read(&input, path, error))
		return false;
	bool good =
		table_read(&loader.table, input.name, input.text, input.size, 0, input.size, 0, error) &&
		take_rows(&loader, position);
	table_free(&loader.table);
	nodemap_free(&loader.place);
	free(loader.found);
	arena_free(&loader.arena);
	input_free(&input);
	return good;
}
