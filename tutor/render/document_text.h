// A lesson as text for a terminal or a pipe.
#ifndef RENDER_DOCUMENT_TEXT_H
#define RENDER_DOCUMENT_TEXT_H

#include "tutor/lesson/document.h"
#include "tutor/render/equation.h"

void document_text(Output *output, const Document *document, const TextStyle *style);

#endif
