#include "core/error.h"

#include <stdio.h>
#include <string.h>

bool error_setv(Error *error, const char *format, va_list arguments)
{
	if (error->set)
		return false;
	error->set = true;
	vsnprintf(error->message, sizeof error->message, format, arguments);
	return false;
}

bool error_set(Error *error, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	error_setv(error, format, arguments);
	va_end(arguments);
	return false;
}

static bool continues_character(char byte)
{
	return ((unsigned char)byte & 0xC0) == 0x80;
}

static int characters(const char *text, size_t size)
{
	int count = 0;
	for (size_t i = 0; i < size; i++)
		count += !continues_character(text[i]);
	return count;
}

// Copies the line, or the part of a long line around `offset`, and notes where the caret goes.
static void quote_line(Error *error, const char *line, size_t size, size_t offset)
{
	const size_t before = 60, longest = 120;
	size_t from = offset > before && size > longest ? offset - before : 0;
	while (from > 0 && continues_character(line[from]))
		from--;
	size_t end = size - from > longest ? from + longest : size;
	while (end < size && continues_character(line[end]))
		end++;
	size_t length = end - from;
	if (length >= sizeof error->source)
		length = sizeof error->source - 1;
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)line[from + i];
		error->source[i] = byte == '\t' ? ' ' : byte < 32 || byte == 127 ? '?' : line[from + i];
	}
	error->source[length] = '\0';
	error->caret = characters(line + from, offset - from) + 1;
}

bool error_at(Error *error, const char *file, const char *text, size_t size, size_t offset,
              const char *format, ...)
{
	if (error->set)
		return false;
	va_list arguments;
	va_start(arguments, format);
	error_setv(error, format, arguments);
	va_end(arguments);
	snprintf(error->file, sizeof error->file, "%s", file ? file : "");
	if (!text)
		return false;
	if (offset > size)
		offset = size;
	size_t start = 0;
	error->line = 1;
	for (size_t i = 0; i < offset; i++)
		if (text[i] == '\n') {
			error->line++;
			start = i + 1;
		}
	size_t end = offset;
	while (end < size && text[end] != '\n')
		end++;
	if (end > start && text[end - 1] == '\r' && end > offset)
		end--;
	error->column = characters(text + start, offset - start) + 1;
	quote_line(error, text + start, end - start, offset - start);
	return false;
}
