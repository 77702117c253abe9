// A document as data: prose with a derivation in it, ready for any format (tutor/render/writer.h).
//
// Lessons, traces and answers of `why` are all lists of items. What is said stands here and nowhere else; how it looks is
// the formats' affair.
#ifndef RENDER_ITEMS_H
#define RENDER_ITEMS_H

#include "tutor/explain/graph.h"
#include "tutor/explain/row.h"

#include <stdbool.h>

// A piece of a sentence.
typedef enum RunKind {
	RUN_TEXT,
	RUN_CODE,
	RUN_NAME,       // a quantity that is spoken of
	RUN_EMPHASIS,
	RUN_STRONG,
	RUN_LINK,
	RUN_VALUE,      // a quantity's value
	RUN_PRINTED,    // a number as somebody else printed it: text
	RUN_BREAK,
} RunKind;

typedef struct Run {
	RunKind kind;
	const char *text;        // for NAME and VALUE what was written
	const char *target;      // LINK
	const Quantity *name;    // NAME
	double value;            // VALUE
	uint32_t group, row;     // NAME and VALUE: the row that they are of, 0 where there is none
	struct Run *next;
} Run;

// What a cell says of somebody's work, for formats that have colours.
typedef enum Tone { TONE_NONE, TONE_GOOD, TONE_DOUBT, TONE_BAD } Tone;

// What stands in a field of a table: a text, or names or values of quantities.
typedef struct Cell {
	enum { CELL_TEXT, CELL_NAMES, CELL_VALUES } kind;
	Tone tone;
	const char *text;      // of NAMES how somebody wrote them, for text; NULL where nobody did
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
	ITEM_GRAPH,        // the derivation's graph, in formats that have pictures
	ITEM_SPACE,        // to write in by hand: `number` lines
	ITEM_CHART,        // its runs are the caption; `text` the SVG file that it was written to, NULL for none
	ITEM_KINDS,
} ItemKind;

typedef struct Item {
	ItemKind kind;
	int level, number;
	bool apart;            // EQUATION: a gap before it
	bool close;            // in text no gap before it
	bool hangs;            // PARAGRAPH: in text its later lines are indented
	bool list;             // TABLE: in text without its head, each row a line that may run on
	Run *run;
	const char *text;
	Row row;
	uint32_t group;        // EQUATION: which of the document's derivations its rows are of, from 1; 0 for none
	const Graph *graph;
	const struct Chart *chart;
	Cell *cell;            // row by row
	size_t rows, columns;
	struct Item *next;
} Item;

// A zeroed Document is valid and empty.
typedef struct Document {
	Arena arena;
	Item *first, *last;
	struct LessonModel *model;   // those of a lesson, kept while it is shown
} Document;

// A new item at the end.
Item *document_add(Document *document, ItemKind kind);
// An item that is one text.
Item *document_say(Document *document, ItemKind kind, const char *text);
// A new piece at the end of the item's sentence.
Run *document_run(Document *document, Item *item, RunKind kind, const char *text);

#endif
