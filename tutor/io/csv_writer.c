#include "tutor/io/csv_writer.h"
#include "tutor/io/number.h"

#include <csv.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

// A reader splits at commas and line ends, and drops blanks around an unquoted cell.
static bool needs_quotes(const char *text, size_t size)
{
	if (!size)
		return false;
	for (size_t i = 0; i < size; i++)
		if (text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
			return true;
	return is_blank(text[0]) || is_blank(text[size - 1]);
}

static void write_plain(CsvWriter *writer, const char *text, size_t size)
{
	char *room = output_room(writer->output, size + 1);
	size_t comma = writer->cells++ > 0;
	if (comma)
		*room++ = ',';
	if (size)
		memcpy(room, text, size);
	output_made(writer->output, size + comma);
	writer->row_bytes += size + comma;
}

void csv_writer_bytes(CsvWriter *writer, const char *text, size_t size)
{
	if (!needs_quotes(text, size)) {
		write_plain(writer, text, size);
		return;
	}
	write_plain(writer, "", 0);
	size_t most = 2 * size + 2;   // every byte a quote
	size_t made = csv_write2(output_room(writer->output, most), most, text, size, '"');
	output_made(writer->output, made);
	writer->row_bytes += made;
}

void csv_writer_text(CsvWriter *writer, const char *text)
{
	csv_writer_bytes(writer, text, strlen(text));
}

void csv_writer_number(CsvWriter *writer, double value)
{
	char buffer[NUMBER_SIZE];
	write_plain(writer, buffer, number_format17(buffer, value));
}

void csv_writer_whole(CsvWriter *writer, int64_t value)
{
	char buffer[NUMBER_SIZE];
	write_plain(writer, buffer, (size_t)snprintf(buffer, sizeof buffer, "%" PRId64, value));
}

void csv_writer_end_row(CsvWriter *writer)
{
	// A row of one empty cell would read as a blank line.
	output_text(writer->output, writer->cells == 1 && !writer->row_bytes ? "\"\"\n" : "\n");
	writer->cells = writer->row_bytes = 0;
}
