#include "tutor/train/checkpoint.h"

#include "core/arena.h"
#include "tutor/explain/derivation.h"
#include "tutor/io/csv_writer.h"
#include "tutor/io/input.h"
#include "tutor/io/table.h"

#include <math.h>
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
	ROW("run.first", first, count) \
	ROW("run.epoch_loss", loss, measure) \
	ROW("run.best", best, measure) \
	ROW("run.best_epoch", best_epoch, count)

// Before the names of params and states, their values after the best epoch.
#define BEST "run.best:"

static const double count_largest = 9007199254740992;   // 2^53: up to there a double counts

static void write_row(CsvWriter *csv, const char *name, double value)
{
	csv_writer_text(csv, name);
	csv_writer_number(csv, value);
	csv_writer_end_row(csv);
}

static void write_best(CsvWriter *csv, const Model *model, const Snapshot *best)
{
	Arena arena = {0};
	for (size_t i = 0; best->value && i < snapshot_leaves(model); i++) {
		const char *name = leaf_name(model, snapshot_leaf(model, i), &arena);
		write_row(csv, arena_printf(&arena, BEST "%s", name), best->value[i]);
		arena_reset(&arena);
	}
	if (best->value)
		write_row(csv, BEST "update.t", (double)best->updates + 1);
	arena_free(&arena);
}

static void write_position(CsvWriter *csv, const Model *model, const Position *position)
{
	write_row(csv, "update.t", (double)position->updates + 1);
	if (!position->under_way)
		return;
#define WRITE(name, field, kind) write_row(csv, name, (double)position->field);
	POSITION_ROWS(WRITE)
#undef WRITE
	write_best(csv, model, &position->at_best);
}

// Sets *field where the number counts updates or epochs.
static bool take_count(uint64_t *field, double number)
{
	*field = number >= 0 && number <= count_largest ? (uint64_t)number : 0;
	return (double)*field == number;
}

static bool take_measure(double *field, double number)
{
	*field = number;
	return true;
}

// True where the row is one of the position's; `good` says whether its value can be.
static bool take_position(Position *position, const char *name, double value, bool *good)
{
	bool best = strcmp(name, BEST "update.t") == 0;
	if (best || strcmp(name, "update.t") == 0) {
		*good = take_count(best ? &position->at_best.updates : &position->updates, value - 1);
		return true;
	}
#define TAKE(text, field, kind) \
	if (strcmp(name, text) == 0) { \
		*good = take_##kind(&position->field, value); \
		return position->under_way = true; \
	}
	POSITION_ROWS(TAKE)
#undef TAKE
	return false;
}

// ---- Saving

static void write_leaves(CsvWriter *csv, const Engine *engine, const Model *model)
{
	Arena arena = {0};
	for (size_t i = 0; i < snapshot_leaves(model); i++) {
		Node leaf = snapshot_leaf(model, i);
		write_row(csv, leaf_name(model, leaf, &arena), engine_value(engine, leaf, 0));
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
	write_leaves(&csv, engine, model);
	write_position(&csv, model, position);
	return output_close(&output, error);
}

// ---- Loading

// What a file has for the leaves of a snapshot.
typedef struct Values {
	double *value;
	bool *found;
} Values;

typedef struct Loader {
	Model *model;
	Table table;
	size_t name, value;   // columns
	NodeMap place;        // hash of a leaf's name -> its number: params, then states
	Values now, best;
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

static const char *name_at(Loader *loader, size_t number)
{
	return leaf_name(loader->model, snapshot_leaf(loader->model, number), &loader->arena);
}

static void values_start(Values *values, size_t count)
{
	values->value = memory_alloc(memory_product(count, sizeof(double)));
	values->found = memset(memory_alloc(count + 1), 0, count + 1);
}

static void values_free(Values *values)
{
	free(values->value);
	free(values->found);
}

static void note_leaves(Loader *loader)
{
	size_t count = snapshot_leaves(loader->model);
	values_start(&loader->now, count);
	values_start(&loader->best, count);
	for (size_t i = 0; i < count; i++) {
		nodemap_set(&loader->place, hash(name_at(loader, i)), (uint32_t)i);
		arena_reset(&loader->arena);
	}
}

// Where the param or state of a name is, NODEMAP_ABSENT if there is none.
static uint32_t find_leaf(Loader *loader, const char *name)
{
	uint32_t place = nodemap_get(&loader->place, hash(name));
	bool known = place != NODEMAP_ABSENT && strcmp(name, name_at(loader, place)) == 0;
	return known ? place : NODEMAP_ABSENT;
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

// The value of the param or state called `name`, in one of the two sets.
static bool take_value(Loader *loader, size_t row, Values *values, uint32_t place, double value)
{
	if (values->found[place])
		return table_error(&loader->table, row, loader->name, loader->error, "'%.200s' is here twice",
		                   table_cell(&loader->table, row, loader->name));
	if (place < loader->model->param_count && !isfinite(value))
		return table_error(&loader->table, row, loader->value, loader->error,
		                   "the param '%.200s' is no finite number", table_cell(&loader->table, row, loader->name));
	values->found[place] = true;
	values->value[place] = value;
	return true;
}

static bool take_row(Loader *loader, size_t row, Position *position)
{
	double value;
	const char *name =
		without_blanks(table_cell(&loader->table, row, loader->name), &loader->arena);
	if (!table_number(&loader->table, row, loader->value, &value, loader->error))
		return false;
	bool best = strncmp(name, BEST, strlen(BEST)) == 0, good = true;
	uint32_t place = find_leaf(loader, best ? name + strlen(BEST) : name);
	if (place != NODEMAP_ABSENT)
		return take_value(loader, row, best ? &loader->best : &loader->now, place, value);
	if (!take_position(position, name, value, &good))
		return table_error(&loader->table, row, loader->name, loader->error,
		                   "the model has no param or state '%.200s'", name);
	return good || table_error(&loader->table, row, loader->value, loader->error,
	                           "'%s' counts, so a whole number is expected", name);
}

// All params, and all states or none, which is for those who give the params alone.
static bool check_found(Loader *loader, const Values *values)
{
	const Model *model = loader->model;
	size_t states = 0;
	for (size_t i = 0; i < model->state_count; i++)
		states += values->found[model->param_count + i];
	size_t wanted = states || values == &loader->best ? snapshot_leaves(model) : model->param_count;
	for (size_t i = 0; i < wanted; i++)
		if (!values->found[i])
			return error_set(loader->error, "%s: '%s%s' of the model is missing in it",
			                 loader->table.file, values == &loader->best ? BEST : "", name_at(loader, i));
	return true;
}

static bool check_position(const Loader *loader, const Position *position)
{
	const Snapshot *best = &position->at_best;
	if (position->first > position->updates)
		return error_set(loader->error, "%s: 'run.first' counts more updates than 'update.t'",
		                 loader->table.file);
	return !best->value || (best->updates > position->first && best->updates <= position->updates) ||
	       error_set(loader->error, "%s: '" BEST "update.t' is no update of the run", loader->table.file);
}

static void put_on_tape(const Loader *loader, uint64_t updates)
{
	Model *model = loader->model;
	for (size_t i = 0; i < snapshot_leaves(model); i++)
		if (loader->now.found[i])
			model->tape.value[snapshot_leaf(model, i)] = loader->now.value[i];
	if (model->t != NODE_NONE)
		model->tape.value[model->t] = (double)updates + 1;
}

// The values after the best epoch, where there are some.
static bool take_best(Loader *loader, Position *position)
{
	if (!memchr(loader->best.found, true, snapshot_leaves(loader->model)))
		return true;
	if (!check_found(loader, &loader->best))
		return false;
	position->at_best.value = loader->best.value;
	loader->best.value = NULL;
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
	if (!check_found(loader, &loader->now) || !take_best(loader, position) ||
	    !check_position(loader, position))
		return false;
	put_on_tape(loader, position->updates);
	return true;
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
	if (!good)
		snapshot_free(&position->at_best);
	values_free(&loader.now);
	values_free(&loader.best);
	arena_free(&loader.arena);
	input_free(&input);
	return good;
}
