// A CSV table: a header of column names, and rows of as many cells. Read by libcsv.
//
// Read as people write it: LF, CRLF or CR; blank lines skipped; blanks around an unquoted cell
// dropped; a byte-order mark skipped; a comma inside an open `[` does not separate, so `x[1,2]` is
// one cell unquoted too. A quote that never closes, and a row with another number of cells than the
// header, are errors with their place.
//
// The table may be part of a larger text, such as the `examples` block of a model: places are those
// of the whole text.
#ifndef TUTOR_IO_TABLE_H
#define TUTOR_IO_TABLE_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TABLE_COLUMN_LIMIT = 100000 };   // the cells' number is bound by the input's size alone

typedef struct Table {
	size_t columns, rows;   // `rows` without the header
	char delimiter;         // ',', ';' or '\t'

	// The rest is read through the functions below. Row 0 is the header.
	char *cells;   // all cells in order, each with a NUL
	size_t cells_size, cells_capacity;
	uint32_t *starts;   // of each cell within `cells`, row by row
	size_t starts_count, starts_capacity;
	struct TableLine {
		uint32_t offset;
		int line;
	} * lines;   // where each row begins
	size_t lines_count, lines_capacity;

	const char *file, *text;   // borrowed: the text must stay for as long as table_error is called
	size_t text_size;
} Table;

// Reads the bytes [start, end) of `text`, `size` bytes of the file named `file` (NULL: none).
// `delimiter` 0 asks for the one that the header tells: the most frequent of comma, semicolon and
// tab outside quotes and brackets. False, with an empty table, if it is no table; a table without a
// header is one of them. Freed by table_free.
bool table_read(Table *table, const char *file, const char *text, size_t size, size_t start,
                size_t end, char delimiter, Error *error);
void table_free(Table *table);

const char *table_column(const Table *table, size_t column);   // its name
// The number of the column of that name, or SIZE_MAX.
size_t table_find(const Table *table, const char *name);
const char *table_cell(const Table *table, size_t row, size_t column);   // rows from 0
int table_line(const Table *table, size_t row);   // the line that the row begins on

// The cell as a number (number_parse). False, with the place of the cell, if it is none.
bool table_number(const Table *table, size_t row, size_t column, double *value, Error *error);

// An error at a cell, or at a column's name.
bool table_error(const Table *table, size_t row, size_t column, Error *error, const char *format,
                 ...) __attribute__((format(printf, 5, 6)));
bool table_column_error(const Table *table, size_t column, Error *error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
