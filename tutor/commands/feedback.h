// What a student gets back: each answer with its points, the first wrong line with the student's own numbers in it, what
// followed from it, and hints of the mistake.
#ifndef COMMANDS_FEEDBACK_H
#define COMMANDS_FEEDBACK_H

#include "tutor/course/mark.h"
#include "tutor/render/items.h"

// All of it, at the end of the document; `submitted` must stay. `hint` is how plainly a mistake is explained, 1 to
// HINT_MOST. `set` is the mark that a teacher has set instead, NULL where there is none.
void feedback(Document *document, const Submitted *submitted, const Marks *marks, int hint, const double *set);

// What a page of it is called.
const char *feedback_title(const Submitted *submitted, Arena *arena);

#endif
