// What a page's script is told of a derivation that is not drawn: only what rests on rows that are shown.
#ifndef LESSON_RESTS_H
#define LESSON_RESTS_H

#include "tutor/render/items.h"

// Leaves out of the graphs that are not drawn what no row shown in the document rests on.
void rests_keep_shown(Document *document);

#endif
