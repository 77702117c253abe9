// The data: which column each leaf takes, and the examples as numbers.
#include "tutor/model/recorder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- The table

// Comments among the rows become blanks, in a copy.
static const char *without_comments(Recorder *r, const Source *source, size_t from, size_t to)
{
	if (!memchr(source->text + from, '#', to - from))
		return source->text;
	char *copy = arena_copy(&r->syntax->arena, source->text, source->size);
	bool comment = false;
	for (size_t i = from; i < to; i++) {
		comment = copy[i] != '\n' && (comment || copy[i] == '#');
		if (comment)
			copy[i] = ' ';
	}
	return copy;
}

static bool read_examples(Recorder *r)
{
	const Syntax *syntax = r->syntax;
	const Source *source = source_of(&syntax->sources, syntax->rows);
	size_t from = syntax->rows - source->start, to = syntax->rows_end - source->start;
	const char *text = without_comments(r, source, from, to);
	if (!table_read(&r->examples, source->file, text, source->size, from, to, 0, r->error))
		return false;
	r->table = &r->examples;
	return true;
}

bool feed_start(Recorder *r)
{
	const ModelOptions *options = r->options;
	r->table = options->data;
	r->varies = options->batch;
	if (!r->table && r->syntax->rows != PLACE_NONE && !read_examples(r))
		return false;
	if (!r->table)
		return true;
	if (r->table->rows == 0)
		return table_column_error(r->table, 0, r->error, "there are no examples below the names of the columns");
	if (options->example > r->table->rows)
		return error_set(r->error, "example %u is wanted, and the data has %zu", options->example, r->table->rows);
	r->row = options->example ? options->example - 1 : 0;
	r->model->examples = options->example ? 1 : r->table->rows;
	r->varies = options->batch || r->model->examples > 1;
	r->taken = memset(memory_alloc(r->table->columns + 1), 0, r->table->columns + 1);
	return true;
}

// ---- Columns

// Blanks in names do not count.
static bool same_name(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (*a == ' ' || *a == '\t')
			a++;
		while (*b == ' ' || *b == '\t')
			b++;
		if (*a != *b)
			return false;
		if (!*a)
			return true;
	}
}

// The column of that name, looked for from behind the one found last.
static size_t find_column(Recorder *r, const char *name)
{
	size_t columns = r->table->columns;
	for (size_t i = 1; i <= columns; i++) {
		size_t column = (r->last_column + i) % columns;
		if (same_name(table_column(r->table, column), name))
			return r->last_column = column;
	}
	return SIZE_MAX;
}

static void add_missing(Recorder *r, const char *name)
{
	size_t room = MISSING_TEXT_SIZE - r->missing_size;
	if (strlen(name) + 8 < room)
		r->missing_size += (size_t)snprintf(r->missing + r->missing_size, room, "%s%s", r->missing_size ? ", " : "", name);
	else if (room > 8 && !strstr(r->missing, "…"))
		r->missing_size += (size_t)snprintf(r->missing + r->missing_size, room, ", …");
}

static bool note_missing(Recorder *r, const Statement *s, const char *name)
{
	size_t length = strlen(name);
	bool again = s->start == START_ONEHOT && r->missing_size >= length &&
	             strcmp(r->missing + r->missing_size - length, name) == 0;
	if (!r->missing_size)
		r->missing_place = s->left.place;
	if (!again)
		add_missing(r, name);
	r->missing_count += s->start == START_DATA;
	return true;
}

void feed_shorten_missing(Recorder *r, const Symbol *symbol, size_t before)
{
	char known[ELEMENT_TEXT_SIZE], name[2 * ELEMENT_TEXT_SIZE];
	symbol_elements_text(known, symbol, r->tape);
	snprintf(name, sizeof name, "%s[%s]", symbol->name, known);
	r->missing_size = before;
	r->missing[before] = '\0';
	add_missing(r, name);
}

static bool column_name(Recorder *r, const Statement *s, char *name)
{
	if (s->start == START_DATA) {
		symbol_element_text(name, record_symbol(r, s->left.symbol)->name, r->index, r->rank);
		return true;
	}
	int32_t index[RANK_LIMIT];
	for (uint32_t i = 0; i < s->value->count && i < RANK_LIMIT; i++)
		if (!record_whole(r, s->value->item[i], &index[i]))
			return false;
	if (s->value->count > RANK_LIMIT)
		return record_wrong(r, s->value->place, "more than the limit of %d indices", RANK_LIMIT);
	symbol_element_text(name, record_symbol(r, s->value->symbol)->name, index, s->value->count);
	return true;
}

static uint64_t hash(const char *text)
{
	uint64_t h = 0xCBF29CE484222325;
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001B3;
	return h;
}

// The model's column of that name, a new one if there is none yet; UINT32_MAX where the table has none.
static uint32_t want_column(Recorder *r, const char *name)
{
	Model *model = r->model;
	uint64_t key = hash(name);
	uint32_t known = nodemap_get(&r->column_of, key);
	if (known != NODEMAP_ABSENT && strcmp(model->column[known].name, name) == 0)
		return known;
	size_t source = r->table ? find_column(r, name) : SIZE_MAX;
	if (r->table && source == SIZE_MAX)
		return UINT32_MAX;
	if (r->table)
		r->taken[source] = true;
	array_reserve(model->column, model->columns, model->column_capacity, 1);
	model->column[model->columns] =
		(Column){.name = arena_copy(&model->arena, name, strlen(name)), .source = source};
	nodemap_set(&r->column_of, key, (uint32_t)model->columns);
	return (uint32_t)model->columns++;
}

static bool want_label(Recorder *r, const Statement *s, const Symbol *symbol, Column *column)
{
	int32_t low, high;
	if (!record_bounds(r, &s->left.range[s->left.rank - 1], &low, &high))
		return false;
	if (!column->family || low < column->low)
		column->low = low;
	if (!column->family || high > column->high)
		column->high = high;
	column->family = arena_copy(&r->model->arena, symbol->name, symbol->length);
	return true;
}

bool feed_skip(Recorder *r, const Statement *s)
{
	char name[ELEMENT_TEXT_SIZE];
	if (!r->table)
		return true;
	if (!column_name(r, s, name))
		return false;
	size_t source = find_column(r, name);
	if (source != SIZE_MAX)
		r->taken[source] = true;
	return true;
}

static double fed_value(const Feed *feed, double cell)
{
	return feed->onehot ? cell == feed->label : cell;
}

bool feed_leaf(Recorder *r, const Statement *s, const Symbol *symbol, Node leaf)
{
	Model *model = r->model;
	char name[ELEMENT_TEXT_SIZE];
	if (!column_name(r, s, name))
		return false;
	uint32_t place = r->table || r->options->needs_no_data ? want_column(r, name) : UINT32_MAX;
	if (place == UINT32_MAX)
		return note_missing(r, s, name);
	Feed feed = {.leaf = leaf, .column = place, .onehot = s->start == START_ONEHOT,
	             .label = r->rank ? r->index[r->rank - 1] : 0};
	Column *column = &model->column[place];
	column->target = column->target || tape_op(r->tape, leaf) == OP_TARGET;
	if (feed.onehot && !want_label(r, s, symbol, column))
		return false;
	array_reserve(model->feed, model->feed_count, model->feed_capacity, 1);
	model->feed[model->feed_count++] = feed;
	double cell;
	if (r->varies || !r->table)
		return true;
	if (!table_number(r->table, r->row, column->source, &cell, r->error))
		return false;
	r->tape->value[leaf] = fed_value(&feed, cell);
	return true;
}

// ---- The examples

static bool check_missing(Recorder *r)
{
	if (!r->missing_size)
		return true;
	if (!r->table)
		return record_wrong(r, r->missing_place, "the model needs data and has none; the columns are %s", r->missing);
	return table_column_error(r->table, 0, r->error, "columns are missing: %s", r->missing);
}

// A column that is not taken, but has the name of one that is: which of them is meant, nobody can tell.
static bool is_second(const Recorder *r, size_t column)
{
	for (size_t i = 0; !r->taken[column] && i < r->model->columns; i++)
		if (same_name(table_column(r->table, column), table_column(r->table, r->model->column[i].source)))
			return true;
	return false;
}

static bool check_extra(Recorder *r)
{
	for (size_t i = 0; r->table && i < r->table->columns; i++)
		if (is_second(r, i))
			return table_column_error(r->table, i, r->error, "column '%s' is there twice", table_column(r->table, i));
		else if (r->table == &r->examples && !r->taken[i])
			return table_column_error(r->table, i, r->error, "column '%s' is no input or target of the model that takes data",
			                          table_column(r->table, i));
	return true;
}

static bool read_cell(Recorder *r, size_t row, const Column *column, double *value)
{
	if (!table_number(r->table, row, column->source, value, r->error))
		return false;
	if (!column->family || (*value >= column->low && *value <= column->high && *value == (int32_t)*value))
		return true;
	return table_error(r->table, row, column->source, r->error, "a label of '%s' is a whole number from %d to %d, not %s",
	                   column->family, column->low, column->high, table_cell(r->table, row, column->source));
}

bool feed_finish(Recorder *r)
{
	Model *model = r->model;
	model->lanes = 1;
	if (!check_missing(r) || !check_extra(r))
		return false;
	if (!model->columns)
		model->examples = 0;
	if (!model->examples)
		return true;
	if (r->varies)
		model->lanes = (uint32_t)model->examples;
	double *cell = model->data = memory_alloc(memory_product(model->examples * model->columns, sizeof *cell));
	for (size_t row = 0; row < model->examples; row++)
		for (size_t i = 0; i < model->columns; i++)
			if (!read_cell(r, r->row + row, &model->column[i], cell++))
				return false;
	return true;
}

void model_feed(const Model *model, Replay *replay, size_t first)
{
	for (size_t i = 0; i < model->feed_count && model->examples; i++) {
		const Feed *feed = &model->feed[i];
		uint32_t lanes = tape_varies(&model->tape, feed->leaf) ? replay->lanes : 1;
		for (uint32_t lane = 0; lane < lanes; lane++) {
			double cell = model->data[(first + lane) * model->columns + feed->column];
			replay_set(replay, feed->leaf, lane, fed_value(feed, cell));
		}
	}
}

const Feed *model_feed_of(const Model *model, Node leaf)
{
	size_t low = 0, high = model->feed_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (model->feed[middle].leaf < leaf)
			low = middle + 1;
		else
			high = middle;
	}
	return low < model->feed_count && model->feed[low].leaf == leaf ? &model->feed[low] : NULL;
}
