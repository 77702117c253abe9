// The texts that a model is made of: its own file, the files that it uses, the built-in update rules.
//
// A Place is a byte of one of them. Places of all texts are numbered through, so that a part of the syntax tree needs
// one number to say where it stands, whichever file it came from.
#ifndef MODEL_SOURCE_H
#define MODEL_SOURCE_H

#include "core/arena.h"
#include "core/error.h"

#include <stdint.h>

typedef uint32_t Place;

typedef struct Source {
	const char *file, *text;
	size_t size;
	Place start;         // the place of text[0]
	uint32_t used_by;    // the source with the `use` that names this one, SOURCE_NONE for the first
} Source;

#define SOURCE_NONE UINT32_MAX
#define PLACE_NONE UINT32_MAX
enum {
	SOURCE_LIMIT = 64 * 1024 * 1024,   // bytes of all texts together
	NAME_LIMIT = 255,                  // bytes of a name
};

typedef struct Sources {
	Source *source;
	size_t count, capacity;
} Sources;

// Adds a text, which must stay where it is. False where the texts together get too large, or where it is no text: NUL
// bytes or invalid UTF-8.
bool source_add(Sources *sources, const char *file, const char *text, size_t size, uint32_t used_by, Error *error);
void source_free(Sources *sources);

const Source *source_of(const Sources *sources, Place place);
// The text at a place.
const char *source_at(const Sources *sources, Place place);
// An error at a place. Returns false.
bool source_error(const Sources *sources, Place place, Error *error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
bool source_errorv(const Sources *sources, Place place, Error *error, const char *format, va_list arguments);

#endif
