// CSV of any size, in pieces: the header, kept in front of each piece of whole rows, makes each
// piece a table of its own, read by the same reader as any other (tutor/io/table.h).
#include "tutor/train/data.h"

#include "core/arena.h"
#include "tutor/io/table.h"
#include "tutor/io/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 20, ROW_LIMIT = 64 << 20, NAMED = 5 };

typedef struct CsvReader {
	Stream stream;
	const Model *model;
	Examples *examples;
	char *text;   // the header, then rows
	size_t size, capacity, header;
	int lines_before;   // lines of the file between the header and the rows in `text`
	size_t *place;      // of each column of the model in the table; NULL before the header is read
	double *number;
	Error *error;
} CsvReader;

// ---- Whole rows

// Reads on: as much again as there is, so that a long row is not looked through over and over.
static bool read_more(CsvReader *reader)
{
	size_t got,
		wanted = reader->size - reader->header > PIECE ? reader->size - reader->header : PIECE;
	array_reserve(reader->text, reader->size, reader->capacity, wanted + 1);
	bool good =
		stream_read(&reader->stream, reader->text + reader->size, wanted, &got, reader->error);
	reader->size += got;
	reader->text[reader->size] = '\0';
	if (reader->error->line)
		error_place(reader->error, reader->text, reader->size, reader->size);
	return good;
}

// The end of the last row behind `from` that is whole, of the first that is not blank where
// `first`; `from` if there is none. A line that ends inside quotes ends no row.
static size_t rows_end(const CsvReader *reader, size_t from, bool first)
{
	const char *text = reader->text;
	bool quoted = false, blank = true;
	size_t end = from;
	for (size_t i = from; i < reader->size; i++) {
		char c = text[i];
		quoted ^= c == '"';
		blank = blank && (c == '\n' || c == '\r' || c == ' ');
		if (quoted || !(c == '\n' || (c == '\r' && i + 1 < reader->size && text[i + 1] != '\n')))
			continue;
		if (first && !blank)
			return i + 1;
		end = first ? from : i + 1;
	}
	return end;
}

static bool too_long(const CsvReader *reader, size_t from)
{
	return error_at(reader->error, reader->stream.name, reader->text, from + 1, from,
	                "a row of more than the limit of %d MiB", ROW_LIMIT >> 20);
}

// Reads until a row is whole or the file ends.
static bool read_rows(CsvReader *reader, size_t from, bool first, size_t *end)
{
	for (;;) {
		*end = rows_end(reader, from, first);
		if (*end > from || reader->stream.ended)
			break;
		if (reader->size - from > ROW_LIMIT)
			return too_long(reader, from);
		if (!read_more(reader))
			return false;
	}
	if (*end == from || (reader->stream.ended && !first))
		*end = reader->size;
	return true;
}

static int count_lines(const char *text, size_t from, size_t to)
{
	int lines = 0;
	for (size_t i = from; i < to; i++)
		lines += text[i] == '\n';
	return lines;
}

// ---- Columns

static bool same_name(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += strspn(a, " \t");
		b += strspn(b, " \t");
		if (*a != *b)
			return false;
		if (!*a)
			return true;
	}
}

// The table's column of that name, looked for from `start` on.
static size_t find_column(const Table *table, const char *name, size_t start)
{
	for (size_t i = 0; i < table->columns; i++) {
		size_t column = (start + i) % table->columns;
		if (same_name(table_column(table, column), name))
			return column;
	}
	return SIZE_MAX;
}

static bool columns_missing(const CsvReader *reader, const Table *table)
{
	char names[400];
	size_t missing = 0, length = 0;
	for (size_t i = 0; i < reader->model->columns; i++)
		if (reader->place[i] == SIZE_MAX && missing++ < NAMED && length < sizeof names)
			length += (size_t)snprintf(names + length, sizeof names - length, "%s%s",
			                           length ? ", " : "", reader->model->column[i].name);
	if (missing > NAMED)
		return table_column_error(table, 0, reader->error, "%zu columns are missing: %s, …",
		                          missing, names);
	return table_column_error(table, 0, reader->error, "column%s missing: %s",
	                          missing == 1 ? " is" : "s are", names);
}

// Which of two columns of one name is meant, nobody can tell. Columns that are taken are not compared.
static bool columns_once(const CsvReader *reader, const Table *table)
{
	const Model *model = reader->model;
	Arena arena = {0};
	bool *taken = arena_array(&arena, bool, table->columns), good = true;
	for (size_t i = 0; i < model->columns; i++)
		taken[reader->place[i]] = true;
	for (size_t c = 0; c < table->columns && good; c++)
		for (size_t i = 0; !taken[c] && i < model->columns && good; i++)
			if (same_name(table_column(table, c), model->column[i].name))
				good = table_column_error(table, c, reader->error, "column '%s' is there twice",
				                          model->column[i].name);
	arena_free(&arena);
	return good;
}

static bool find_columns(CsvReader *reader, const Table *table)
{
	size_t next = 0;
	bool all = true;
	reader->place =
		memory_alloc(memory_product(reader->model->columns + 1, sizeof *reader->place));
	reader->number =
		memory_alloc(memory_product(reader->model->columns + 1, sizeof *reader->number));
	for (size_t i = 0; i < reader->model->columns; i++) {
		size_t place = reader->place[i] = find_column(table, reader->model->column[i].name, next);
		all = all && place != SIZE_MAX;
		next = place == SIZE_MAX ? next : place + 1;
	}
	return all ? columns_once(reader, table) : columns_missing(reader, table);
}

// ---- Cells

static bool read_cell(const CsvReader *reader, const Table *table, size_t row, size_t i)
{
	const Column *column = &reader->model->column[i];
	double *value = &reader->number[i];
	if (!table_number(table, row, reader->place[i], value, reader->error))
		return false;
	if (!column->family ||
	    (*value >= column->low && *value <= column->high && *value == (int32_t)*value))
		return true;
	return table_error(table, row, reader->place[i], reader->error,
	                   "a label of '%s' is a whole number from %d to %d, not %.40s", column->family,
	                   column->low, column->high, table_cell(table, row, reader->place[i]));
}

static bool take_table(CsvReader *reader, const Table *table)
{
	if (!reader->place && !find_columns(reader, table))
		return false;
	for (size_t row = 0; row < table->rows; row++) {
		for (size_t i = 0; i < reader->model->columns; i++)
			if (!read_cell(reader, table, row, i))
				return false;
		examples_add(reader->examples, reader->number);
	}
	return reader->examples->count || !reader->stream.ended ||
	       table_column_error(table, 0, reader->error,
	                          "there are no examples below the names of the columns");
}

// The rows up to `end`, behind the header. A place in them is one in the file.
static bool take_rows(CsvReader *reader, size_t end)
{
	Table table;
	bool good = table_read(&table, reader->stream.name, reader->text, reader->size, 0, end, 0,
	                       reader->error);
	good = good && take_table(reader, &table);
	table_free(&table);
	return good;
}

static bool read_all(CsvReader *reader)
{
	size_t end;
	if (!read_rows(reader, 0, true, &reader->header))
		return false;
	int header_lines = count_lines(reader->text, 0, reader->header);
	do {
		if (!read_rows(reader, reader->header, false, &end) || !take_rows(reader, end)) {
			if (reader->error->line > header_lines)
				reader->error->line += reader->lines_before;
			return false;
		}
		reader->lines_before += count_lines(reader->text, reader->header, end);
		memmove(reader->text + reader->header, reader->text + end, reader->size - end);
		reader->size -= end - reader->header;
	} while (!reader->stream.ended || reader->size > reader->header);
	return true;
}

bool data_read_csv(Examples *examples, const Model *model, const char *path, Error *error)
{
	CsvReader reader = {.model = model, .examples = examples, .error = error};
	if (!stream_open(&reader.stream, path, error))
		return false;
	bool good = read_all(&reader);
	stream_close(&reader.stream);
	free(reader.text);
	free(reader.place);
	free(reader.number);
	return good;
}
