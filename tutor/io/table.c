#include "tutor/io/table.h"
#include "core/arena.h"
#include "tutor/io/number.h"
#include "tutor/io/utf8.h"

#include <assert.h>
#include <csv.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INDEX_LIMIT = 32 };   // cells that one unquoted name in brackets may be rejoined from

// What libcsv's callbacks work on.
typedef struct Reader {
	Table *table;
	size_t row_start;     // the first of `starts` of the row being read
	size_t row_offset;    // where that row begins in the text
	size_t line_offset;   // where the line being read begins
	size_t line_end;
	int row_line;
	bool row_open;   // the row goes on behind the end of its line, inside quotes
	Error *error;
} Reader;

static bool fail(const Reader *reader, size_t offset, const char *problem)
{
	const Table *table = reader->table;
	return error_at(reader->error, table->file, table->text, table->text_size, offset, "%s",
	                problem);
}

// Where the cell with that number begins, in the row that begins at `offset`. Follows the rules
// that table.h states; only errors need it.
static size_t cell_offset(const Table *table, size_t offset, size_t column)
{
	bool quoted = false, fresh = true;
	int depth = 0;
	size_t at = offset;
	for (; at < table->text_size && column > 0; at++) {
		char c = table->text[at];
		if (c == '"' && (quoted || fresh))
			quoted = !quoted;
		else if (!quoted && (c == '\n' || c == '\r'))
			return at;
		else if (!quoted && c == table->delimiter && (depth <= 0 || c != ','))
			column--, depth = 0;
		else if (!quoted)
			depth += (c == '[') - (c == ']');
		fresh = !quoted && (c == table->delimiter || (fresh && c == ' '));
	}
	while (at < table->text_size && (table->text[at] == ' ' || table->text[at] == '\t'))
		at++;
	return at;
}

static void add_cell(void *bytes, size_t size, void *data)
{
	Reader *reader = data;
	Table *table = reader->table;
	array_reserve(table->starts, table->starts_count, table->starts_capacity, 1);
	array_reserve(table->cells, table->cells_size, table->cells_capacity, size + 1);
	table->starts[table->starts_count++] = (uint32_t)table->cells_size;
	if (size)
		memcpy(table->cells + table->cells_size, bytes, size);
	table->cells[table->cells_size + size] = '\0';
	table->cells_size += size + 1;
}

static int open_brackets(const char *cell)
{
	int open = 0;
	for (; *cell; cell++)
		open += (*cell == '[') - (*cell == ']');
	return open;
}

// The cell behind those that `first` must be rejoined with: first + 1 if it is whole, or if no
// bracket closes it.
static size_t cells_end(const Table *table, size_t first)
{
	int open = open_brackets(table->cells + table->starts[first]);
	size_t last = first;
	while (open > 0 && ++last < table->starts_count && last - first < INDEX_LIMIT)
		open += open_brackets(table->cells + table->starts[last]);
	return open == 0 ? last + 1 : first + 1;
}

// Cells of a row lie one behind another, so putting a comma for the NUL between two makes one of
// them.
static void rejoin_row(Reader *reader)
{
	Table *table = reader->table;
	size_t kept = reader->row_start;
	for (size_t i = reader->row_start; i < table->starts_count;) {
		size_t end = cells_end(table, i);
		for (size_t k = i + 1; k < end; k++)
			table->cells[table->starts[k] - 1] = ',';
		table->starts[kept++] = table->starts[i];
		i = end;
	}
	table->starts_count = kept;
}

static void check_header(Reader *reader, size_t count)
{
	if (count > TABLE_COLUMN_LIMIT) {
		char problem[80];
		snprintf(problem, sizeof problem, "%zu columns, more than the limit of %d", count,
		         TABLE_COLUMN_LIMIT);
		fail(reader, reader->row_offset, problem);
	}
	reader->table->columns = count;
}

// Whether two cells side by side look like one number with a decimal comma: 0,5933.
static bool has_decimal_comma(const Table *table, size_t first)
{
	static const char digits[] = "0123456789";
	for (size_t i = first; i + 1 < table->starts_count; i++) {
		const char *whole = table->cells + table->starts[i], *rest = table->cells + table->starts[i + 1];
		whole += strspn(whole, " ");
		whole += strchr("+-", *whole) && *whole;
		if (*whole && !whole[strspn(whole, digits)] && strchr(digits, *rest) && *rest)
			return true;
	}
	return false;
}

static void check_row(Reader *reader, size_t count)
{
	const Table *table = reader->table;
	if (count == table->columns)
		return;
	char problem[200];
	bool comma = count > table->columns && table->delimiter == ',' && has_decimal_comma(table, reader->row_start);
	snprintf(problem, sizeof problem, "%zu %s in this row, %zu %s in the header%s", count,
	         count == 1 ? "cell" : "cells", table->columns, table->columns == 1 ? "column" : "columns",
	         comma ? " (a decimal comma? write a point, or put ; between all columns)" : "");
	fail(reader, cell_offset(table, reader->row_offset, table->columns), problem);
}

static void end_row(int terminator, void *data)
{
	(void)terminator;
	Reader *reader = data;
	Table *table = reader->table;
	reader->row_open = false;
	if (table->starts_count == reader->row_start)
		return;   // a blank line
	if (table->delimiter == ',')
		rejoin_row(reader);
	size_t count = table->starts_count - reader->row_start;
	if (table->lines_count == 0)
		check_header(reader, count);
	else
		check_row(reader, count);
	array_reserve(table->lines, table->lines_count, table->lines_capacity, 1);
	table->lines[table->lines_count++] =
		(struct TableLine){(uint32_t)reader->row_offset, reader->row_line};
	reader->row_start = table->starts_count;
}

// The end of the line that begins at `at`, its LF, CR or CRLF included.
static size_t line_end(const char *text, size_t at, size_t end)
{
	while (at < end && text[at] != '\n' && text[at] != '\r')
		at++;
	if (at + 1 < end && text[at] == '\r' && text[at + 1] == '\n')
		return at + 2;
	return at < end ? at + 1 : end;
}

static int count_lines(const char *text, size_t from, size_t to)
{
	int lines = 0;
	for (size_t i = from; i < to; i++)
		lines += text[i] == '\n';
	return lines;
}

static size_t skip_byte_order_mark(const char *text, size_t start, size_t end)
{
	return end - start >= 3 && memcmp(text + start, "\xEF\xBB\xBF", 3) == 0 ? start + 3 : start;
}

// Lines are handed to libcsv one by one, so that it is known which of them a row began on.
static bool read_lines(Reader *reader, struct csv_parser *parser, size_t start, size_t end)
{
	const Table *table = reader->table;
	int line = 1 + count_lines(table->text, 0, start);
	for (size_t at = start; at < end && !reader->error->set; at = reader->line_end) {
		reader->line_offset = at;
		reader->line_end = line_end(table->text, at, end);
		if (!reader->row_open) {
			reader->row_offset = at;
			reader->row_line = line;
		}
		reader->row_open = true;
		size_t size = reader->line_end - at;
		size_t parsed = csv_parse(parser, table->text + at, size, add_cell, end_row, reader);
		if (parsed != size)
			return fail(reader, at + parsed,
			            "a quote inside a cell: put the cell in quotes and double those within");
		line += count_lines(table->text, at, reader->line_end);
	}
	if (csv_fini(parser, add_cell, end_row, reader) != 0)
		return fail(reader,
		            cell_offset(table, reader->row_offset, table->starts_count - reader->row_start),
		            "a quote that is never closed");
	if (table->lines_count == 0)
		return fail(reader, start,
		            "no table here: a header with the names of the columns is expected");
	return !reader->error->set;
}

// The most frequent delimiter of the first line that is not blank.
static char told_by_header(const char *text, size_t start, size_t end)
{
	static const char candidates[] = ",;\t";
	size_t counts[3] = {0};
	bool quoted = false;
	int depth = 0;
	while (start < end && strchr(" \r\n", text[start]) && text[start])
		start++;
	for (size_t i = start; i < end && (quoted || (text[i] != '\n' && text[i] != '\r')); i++) {
		const char *candidate = text[i] ? strchr(candidates, text[i]) : NULL;
		if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && candidate && depth <= 0)
			counts[candidate - candidates]++;
		else if (!quoted)
			depth += (text[i] == '[') - (text[i] == ']');
	}
	size_t best = 0;
	for (size_t i = 1; i < 3; i++)
		if (counts[i] > counts[best])
			best = i;
	return candidates[best];
}

// libcsv drops tabs around cells, which must not be where they separate.
static int is_space(unsigned char c)
{
	return c == ' ';
}

bool table_read(Table *table, const char *file, const char *text, size_t size, size_t start,
                size_t end, char delimiter, Error *error)
{
	assert(start <= end && end <= size && size < UINT32_MAX);
	start = skip_byte_order_mark(text, start, end);
	*table = (Table){.file = file, .text = text, .text_size = size};
	if (utf8_is_utf16(text + start, end - start))
		return error_at_byte(error, file, start, "this is UTF-16; save it as UTF-8 (in a spreadsheet: CSV UTF-8)");
	table->delimiter = delimiter ? delimiter : told_by_header(text, start, end);
	struct csv_parser parser;
	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0)
		memory_exhausted(sizeof parser);
	csv_set_delim(&parser, (unsigned char)table->delimiter);
	csv_set_realloc_func(&parser, memory_resize);
	csv_set_blk_size(&parser, 64 * 1024);   // how much its buffer grows at a time
	if (table->delimiter == '\t')
		csv_set_space_func(&parser, is_space);
	Reader reader = {.table = table, .error = error};
	const char *nul = memchr(text + start, '\0', end - start);
	if (nul)
		fail(&reader, (size_t)(nul - text), "a NUL byte: this is not a text file");
	bool well = !nul && read_lines(&reader, &parser, start, end);
	csv_free(&parser);
	if (well)
		table->rows = table->lines_count - 1;
	else
		table_free(table);
	return well;
}

void table_free(Table *table)
{
	free(table->cells);
	free(table->starts);
	free(table->lines);
	*table = (Table){0};
}

// The cell by its line, the header being line 0.
static const char *cell_at(const Table *table, size_t line, size_t column)
{
	assert(line <= table->rows && column < table->columns);
	return table->cells + table->starts[line * table->columns + column];
}

const char *table_column(const Table *table, size_t column)
{
	return cell_at(table, 0, column);
}

size_t table_find(const Table *table, const char *name)
{
	for (size_t i = 0; i < table->columns; i++)
		if (strcmp(table_column(table, i), name) == 0)
			return i;
	return SIZE_MAX;
}

const char *table_cell(const Table *table, size_t row, size_t column)
{
	return cell_at(table, row + 1, column);
}

int table_line(const Table *table, size_t row)
{
	assert(row < table->rows);
	return table->lines[row + 1].line;
}

bool table_number(const Table *table, size_t row, size_t column, double *value, Error *error)
{
	const char *cell = table_cell(table, row, column);
	if (number_parse(cell, value))
		return true;
	if (!*cell)
		return table_error(table, row, column, error, "a number is missing in column '%s'",
		                   table_column(table, column));
	return table_error(table, row, column, error, "'%.40s' in column '%s' is not a number", cell,
	                   table_column(table, column));
}

static void error_at_cell(const Table *table, size_t line, size_t column, Error *error,
                          const char *format, va_list arguments)
{
	char message[ERROR_MESSAGE_SIZE];
	vsnprintf(message, sizeof message, format, arguments);
	size_t offset = cell_offset(table, table->lines[line].offset, column);
	error_at(error, table->file, table->text, table->text_size, offset, "%s", message);
}

bool table_error(const Table *table, size_t row, size_t column, Error *error, const char *format,
                 ...)
{
	va_list arguments;
	va_start(arguments, format);
	error_at_cell(table, row + 1, column, error, format, arguments);
	va_end(arguments);
	return false;
}

bool table_column_error(const Table *table, size_t column, Error *error, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	error_at_cell(table, 0, column, error, format, arguments);
	va_end(arguments);
	return false;
}
