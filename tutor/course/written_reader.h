// The text of a formula as a student writes it, put into the model language. Used by written alone.
#ifndef COURSE_WRITTEN_READER_H
#define COURSE_WRITTEN_READER_H

#include "tutor/course/written.h"
#include "tutor/io/output.h"

// What the tape calls the leaves: one for each name and number, in the order of Written.part.
#define WRITTEN_LEAF "value_of_"

enum { BINDERS_MOST = 8, FAMILIES_MOST = 40 };

// A family of which an index picks elements.
typedef struct Family {
	const char *name;    // as the model has it
	uint32_t example;    // of its elements, 0 where they do not vary
	const char *called;   // on the tape
} Family;

typedef struct Reader {
	Written *written;
	const WrittenNames *names;
	const char *text, *at;
	Error *error;
	Output plain;       // what the model's parser gets
	uint16_t *origin;   // of each byte of it, the byte of `text`
	size_t origins;
	const char *binder[BINDERS_MOST];
	size_t binder_size[BINDERS_MOST], binders;
	Family family[FAMILIES_MOST];
	size_t families;
	int depth;        // of [ ]
	bool after_dots;   // the last sign was ..
	Arena arena;
} Reader;

// Reads `text` into `plain`, `written->part` and `family`. False with the error.
bool reader_text(Reader *reader);
// An error at a place of the text. Returns false.
bool reader_wrong(Reader *reader, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
// The letters, digits and _ that a text begins with.
size_t reader_word(const char *text);

#endif
