// The options of the commands that print documents: the format and the style.
#ifndef TUTOR_PAGE_H
#define TUTOR_PAGE_H

#include "tutor/options.h"
#include "tutor/render/writer.h"

#define TAKES_PAGE (TAKES(format) | TAKES(width) | TAKES(ascii) | TAKES(notation))

typedef struct Page {
	const Format *format;   // NULL where `other` was chosen
	int other;              // which of the other forms, from 0; -1 for none
	TextStyle style;
	bool delta;             // gradients by the delta of a step, not by the whole chain
} Page;

// What --notation has changed, as a sentence; NULL where nothing.
const char *page_notation(const Page *page, Arena *arena);
// Writes the document, and at its end what --notation has changed in it.
void page_write(const Page *page, Document *document, Output *output, const char *title);
// The same piece by piece: what the document has is written, and it is empty again; the last piece takes the end.
void page_begin(const Page *page, Writer *writer, Output *output, const char *title);
void page_piece(Writer *writer, Document *document);
void page_end(const Page *page, Writer *writer, Document *document);

// `others` are forms that are no documents, "csv|json", or NULL. False and `error` where there is no such form.
bool page_read(Page *page, const Options *options, const char *others, Error *error);

#endif
