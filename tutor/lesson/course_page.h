// The course in documents: its index, what comes behind a lesson, and links between pages that stand together in a folder
// as NAME.html or NAME.md.
#ifndef LESSON_COURSE_PAGE_H
#define LESSON_COURSE_PAGE_H

#include "tutor/lesson/syllabus.h"
#include "tutor/render/items.h"

// A heading, and each lesson in order: its name, title, minutes, and what to read before.
void course_index(Document *document, const Syllabus *syllabus);
// The lesson behind the one of this name, said at the document's end; nothing behind the last.
void course_next(Document *document, const Syllabus *syllabus, const char *name);
// Makes links to NAME.ENDING of lessons' names that stand as code, alone or in `tutor lesson NAME`.
void course_link(Document *document, const Syllabus *syllabus, const char *ending);

#endif
