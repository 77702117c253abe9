// A lesson as data: prose with the derivation placed in it, ready for any renderer.
//
// The prose is CommonMark, read by libcmark. Three things are the program's own (lessons/README.md teaches them):
//
//	```model NAME       a model; it is recorded, and shown as it stands (with the word `hidden` behind, it is not)
//	```derive NAME      directives, one a line, on the model of that name (none: the last model above)
//	`= QUANTITY`        the value of a quantity, computed, within a sentence
#ifndef LESSON_DOCUMENT_H
#define LESSON_DOCUMENT_H

#include "tutor/explain/row.h"
#include "tutor/lesson/lesson_source.h"

// A piece of a sentence.
typedef enum RunKind { RUN_TEXT, RUN_CODE, RUN_EMPHASIS, RUN_STRONG, RUN_LINK, RUN_VALUE, RUN_BREAK } RunKind;

typedef struct Run {
	RunKind kind;
	const char *text;      // for VALUE the name that was asked for
	const char *target;    // LINK
	double value;          // VALUE
	struct Run *next;
} Run;

// What stands in a field of a table: a text, or names or values of quantities.
typedef struct Cell {
	enum { CELL_TEXT, CELL_NAMES, CELL_VALUES } kind;
	const char *text;
	const Quantity **name;
	const double *value;
	size_t count;
	int digits;            // of values; 0 for those of the document
} Cell;

typedef enum ItemKind {
	ITEM_HEADING,      // level 1 to 6
	ITEM_PARAGRAPH,
	ITEM_POINT,        // of a list: level is its depth, number its place or 0 for a bullet
	ITEM_QUOTE,
	ITEM_CODE,         // text as it stands
	ITEM_EQUATION,     // a row of the derivation
	ITEM_CALCULATION,  // a row's formula with all numbers in, to paste into a calculator
	ITEM_TABLE,        // the first row of cells is the head
	ITEM_RULE,
} ItemKind;

typedef struct Item {
	ItemKind kind;
	int level, number;
	Run *run;
	const char *text;
	Row row;
	Cell *cell;            // row by row
	size_t rows, columns;
	struct Item *next;
} Item;

typedef struct Document {
	Arena arena;
	Item *first, *last;
	struct LessonModel *model;   // those of the lesson, kept while it is shown
} Document;

typedef struct DocumentOptions {
	uint64_t seed;
} DocumentOptions;

// Computes the lesson. False and `error`, with the place in the lesson, where something in it is wrong.
bool document_read(Document *document, const Source *lesson, const DocumentOptions *options, Error *error);
void document_free(Document *document);

#endif
