// What the formats that write LaTeX's mathematics share.
#ifndef RENDER_LATEX_H
#define RENDER_LATEX_H

#include "tutor/render/writer.h"

// Text as it stands: what LaTeX takes for commands is escaped, and what its fonts lack is written as commands.
void latex_text(Output *output, const char *text);
// Whether pdflatex can set all of it without more packages; what it cannot is written as ?.
bool latex_can_set(const char *text);
// A printed number within a formula: 1.5e-12 is a power of ten.
void latex_number(Output *output, const char *digits);

// An equation as rows of amsmath's aligned or (on paper) align*, the = signs behind &, without the \\ behind the last.
// Whether it takes several rows.
bool latex_equation(Output *output, const Row *row, const TextStyle *style, bool paper);
// The group of equations that an item is in, opened by one of `begin` and closed by `end`.
void latex_group(Writer *writer, const Item *item, const char *begin, bool paper);
void latex_group_end(Writer *writer, const char *end);
// A name within a sentence or a table.
void latex_name(Output *output, const Quantity *name, const TextStyle *style);

#endif
