#include "core/error.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

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

// The bytes of the character at `text`, 0 where they are no UTF-8. Overlong forms pass: nothing is decoded here.
static size_t character_size(const char *text, size_t size)
{
	unsigned char lead = (unsigned char)*text;
	size_t wanted = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
	for (size_t i = 1; i < wanted; i++)
		if (i == size || !continues_character(text[i]))
			return 0;
	return wanted;
}

// A character as it is printed: what would not show as one column, or is no UTF-8, is replaced. Returns its bytes.
static size_t quote_character(char *quoted, const char *text, size_t size)
{
	size_t bytes = character_size(text, size);
	if (bytes == 2 && (unsigned char)*text == 0xC2 && (unsigned char)text[1] < 0xA0)
		memset(quoted, '?', bytes);   // a control character beyond ASCII
	else if (bytes > 1)
		memmove(quoted, text, bytes);
	else
		*quoted = *text == '\t' ? ' ' : bytes == 0 || (unsigned char)*text < 32 || *text == 127 ? '?' : *text;
	return bytes ? bytes : 1;
}

// What somebody's file says goes into messages: nothing of it may act on the terminal.
static void clean_message(char *message, size_t size)
{
	for (size_t i = 0; i < size;)
		i += quote_character(message + i, message + i, size - i);
}

bool error_setv(Error *error, const char *format, va_list arguments)
{
	if (error->set)
		return false;
	error->set = true;
	vsnprintf(error->message, sizeof error->message, format, arguments);
	clean_message(error->message, strlen(error->message));
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
	error->caret = 1;
	for (size_t i = 0, bytes; i < length; i += bytes) {
		bytes = quote_character(error->source + i, line + from + i, length - i);
		error->caret += i < offset - from;
	}
	error->source[length] = '\0';
}

void error_place(Error *error, const char *text, size_t size, size_t offset)
{
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
}

static void name_file(Error *error, const char *file)
{
	snprintf(error->file, sizeof error->file, "%s", file ? file : "");
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
	name_file(error, file);
	if (text)
		error_place(error, text, size, offset);
	return false;
}

bool error_at_byte(Error *error, const char *file, size_t offset, const char *format, ...)
{
	if (error->set)
		return false;
	va_list arguments;
	va_start(arguments, format);
	error_setv(error, format, arguments);
	va_end(arguments);
	name_file(error, file);
	error->line = 1;
	error->column = offset < INT_MAX ? (int)offset + 1 : INT_MAX;
	return false;
}
