#include "tutor/model/source.h"

#include "tutor/io/input.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

bool source_add(Sources *sources, const char *file, const char *text, size_t size, uint32_t used_by, Error *error)
{
	const Source *last = sources->count ? &sources->source[sources->count - 1] : NULL;
	size_t start = last ? last->start + last->size + 1 : 0;
	if (size > SOURCE_LIMIT - start)
		return error_at(error, file, NULL, 0, 0, "the text is longer than the limit of %d MiB",
		                SOURCE_LIMIT / (1024 * 1024));
	Input input = {.name = (char *)file, .text = (char *)text, .size = size};
	if (!input_is_text(&input, error))
		return false;
	array_reserve(sources->source, sources->count, sources->capacity, 1);
	assert(sources->source);
	sources->source[sources->count++] = (Source){file, text, size, (Place)start, used_by};
	return true;
}

void source_free(Sources *sources)
{
	free(sources->source);
	*sources = (Sources){0};
}

const Source *source_of(const Sources *sources, Place place)
{
	size_t i = sources->count - 1;
	while (i > 0 && sources->source[i].start > place)
		i--;
	return &sources->source[i];
}

const char *source_at(const Sources *sources, Place place)
{
	const Source *source = source_of(sources, place);
	return source->text + (place - source->start);
}

bool source_errorv(const Sources *sources, Place place, Error *error, const char *format, va_list arguments)
{
	const Source *source = source_of(sources, place);
	char message[ERROR_MESSAGE_SIZE];
	vsnprintf(message, sizeof message, format, arguments);
	return error_at(error, source->file, source->text, source->size, place - source->start, "%s", message);
}

bool source_error(const Sources *sources, Place place, Error *error, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	source_errorv(sources, place, error, format, arguments);
	va_end(arguments);
	return false;
}
