// Sentences of a lesson: CommonMark's inlines as runs, with the quantities in them found and their values computed.
#ifndef LESSON_SENTENCE_H
#define LESSON_SENTENCE_H

#include "tutor/lesson/lesson.h"

#include <cmark.h>

// The inlines of a block as runs. False and an error where a value in it is none.
bool sentence_read(Lesson *lesson, cmark_node *block, Run **first);
// What earlier sentences said about a model that has now come is found.
void sentence_find_earlier(Lesson *lesson, LessonModel *model);
// What the model above a sentence does not have, and another of the lesson has, is written as a quantity too; which one
// of the models is spoken of is not known, so that nothing rests on it. To be called at the end.
void sentence_find_elsewhere(Lesson *lesson);

#endif
