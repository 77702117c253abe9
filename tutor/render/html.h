// What the parts that write HTML share.
#ifndef RENDER_HTML_H
#define RENDER_HTML_H

#include "tutor/embedded.h"
#include "tutor/render/writer.h"

// Text as it stands, in an element or an attribute.
void html_text(Output *output, const char *text);
// A printed number, its minus sign no hyphen.
void html_number(Output *output, const char *digits);
// ` data-row="GROUP.ROW"`, by which the script knows what rests on what; nothing where there is no row.
void html_row(Output *output, uint32_t group, uint32_t row);
// A file that the program brings, as it stands or in base64.
void html_file(Output *output, const char *name, bool base64);

// An equation as a block of MathML, with its text for those who have no MathML.
void html_equation(Output *output, const Item *item, const TextStyle *style);
// A name within a sentence.
void html_name(Output *output, const Quantity *name, uint32_t group, uint32_t row, const TextStyle *style);

// A graph with what the script needs of it (graph_html.c).
void html_graph(Output *output, const Graph *graph, const TextStyle *style);

#endif
