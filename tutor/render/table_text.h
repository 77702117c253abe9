// Tables as text.
#ifndef RENDER_TABLE_TEXT_H
#define RENDER_TABLE_TEXT_H

#include "tutor/lesson/document.h"
#include "tutor/render/equation.h"

// A table in columns: values stand with their decimal points in line, texts too long for the width are filled into
// their column. Where even that does not fit, each row becomes lines of its own.
void table_text(Output *output, const Item *table, const TextStyle *style);

#endif
