// A lesson as data: prose with the derivation placed in it, ready for any renderer.
//
// The prose is CommonMark, read by libcmark. Three things are the program's own (lessons/README.md teaches them):
//
//	```model NAME       a model; it is recorded, and shown as it stands (with the word `hidden` behind, it is not)
//	```derive NAME      directives, one a line, on the model of that name (none: the last model above)
//	`= QUANTITY`        the value of a quantity, computed, within a sentence
#ifndef LESSON_DOCUMENT_H
#define LESSON_DOCUMENT_H

#include "tutor/lesson/lesson_source.h"
#include "tutor/render/items.h"

typedef struct DocumentOptions {
	uint64_t seed;
	bool delta;      // chains are shown one level deep: a step's delta times the local partial
} DocumentOptions;

// Computes the lesson. False and `error`, with the place in the lesson, where something in it is wrong.
bool document_read(Document *document, const Source *lesson, const DocumentOptions *options, Error *error);
void document_free(Document *document);

#endif
