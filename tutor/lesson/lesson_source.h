// Where models come from: a file, a lesson's block, standard input.
#ifndef LESSON_LESSON_SOURCE_H
#define LESSON_LESSON_SOURCE_H

#include "core/arena.h"
#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>

// A text in the model language, or a lesson.
typedef struct Source {
	const char *name;     // as messages call it
	const char *text;     // `size` bytes and a NUL
	size_t size;
	const char *folder;   // that `use` reads from: NULL for the folder of the file; "" for what the program brings
	bool lesson;          // a text in CommonMark with model blocks
} Source;

// Reads what `operand` names: `-` (standard input), a file (a .md is a lesson), else a lesson or a model that the
// program brings. The text lives in `arena`.
bool source_read(Source *source, const char *operand, Arena *arena, Error *error);

// As source_read, and of a lesson the model in it: the first block, or the one that `LESSON:BLOCK` names by the word
// after ```model or by number. The text of a block stands behind as many blank lines as the lesson has before it, so
// that places in messages are those of the lesson.
bool source_model(Source *source, const char *operand, Arena *arena, Error *error);

// The model block of that name or number (NULL for the first) of a lesson that is read.
bool source_block(const Source *lesson, const char *block, Source *model, Arena *arena, Error *error);

#endif
