// Writes documents in any format.
//
// A format is a row of formats.def and a file that says how one item is written, so that a document of any length can be
// written item by item. All formats write the same items.
#ifndef RENDER_WRITER_H
#define RENDER_WRITER_H

#include "tutor/render/items.h"
#include "tutor/render/equation.h"

typedef struct Writer Writer;

typedef struct Format {
	const char *name;
	bool page;                             // stands alone: wants a title, and is in UTF-8 whatever the terminal has
	const char *linked;                    // the ending of its files, if one can have links to another; or NULL
	bool open_graphs;                      // of graphs it draws those alone that are to be worked out
	void (*start)(Writer *writer);         // NULL where nothing stands before the first item
	void (*before)(Writer *writer, const Item *item);   // what ends before an item, and the gap between; or NULL
	void (*put[ITEM_KINDS])(Writer *writer, const Item *item);   // by its kind; NULL for what the format has not
	void (*end)(Writer *writer);           // or NULL
} Format;

struct Writer {
	const Format *format;
	Output *output;
	TextStyle style;
	const char *title;
	// What formats keep in mind from item to item.
	bool begun;              // an item was written: of this kind
	ItemKind before;
	bool open;               // a group of equations, a section
	bool spread;             // the equation before takes several lines
	int depth;               // of open lists
	char list[8];            // their kinds
};

#define FORMAT(name) extern const Format format_##name;
#include "tutor/render/formats.def"
#undef FORMAT

extern const Format *const formats[];   // in the order of formats.def, NULL behind the last

extern const char *const format_names;  // "text|markdown|…", as options_choice takes them

void writer_start(Writer *writer, const Format *format, Output *output, const TextStyle *style, const char *title);
// The item may go when it is written.
void writer_item(Writer *writer, const Item *item);
void writer_end(Writer *writer);

// All at once.
void writer_document(const Document *document, const Format *format, Output *output, const TextStyle *style,
                     const char *title);

#endif
