// CSV, a cell at a time: RFC 4180 with plain line feeds. A cell is quoted only where reading it
// back needs that.
#ifndef TUTOR_IO_CSV_WRITER_H
#define TUTOR_IO_CSV_WRITER_H

#include "tutor/io/output.h"

#include <stddef.h>
#include <stdint.h>

typedef struct CsvWriter {
	Output *output;
	size_t cells;       // written in the row so far
	size_t row_bytes;   // of the row so far
} CsvWriter;

void csv_writer_bytes(CsvWriter *writer, const char *text, size_t size);
void csv_writer_text(CsvWriter *writer, const char *text);
void csv_writer_number(CsvWriter *writer, double value);   // %.17g, nan, inf, -inf
void csv_writer_whole(CsvWriter *writer, int64_t value);
void csv_writer_end_row(CsvWriter *writer);

#endif
