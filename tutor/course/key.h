// The worked key of a student's variant: what a teacher shows who asks where the marks went.
#ifndef COURSE_KEY_H
#define COURSE_KEY_H

#include "tutor/course/assignment.h"
#include "tutor/course/diagnose.h"
#include "tutor/render/writer.h"

// The head of the key: each question with its answer, to the digits asked for and in full. Of a
// find-question the wrong line is found among all that the variant's code may stand for; the secret
// is the assignment's. False and `error` where a question is none of this model.
bool key_answers(Document *document, const Assignment *assignment, const Variant *variant,
                 const Diagnoser *diagnoser, const Secret *secret, Error *error);

// A value with so many significant digits, zeros at its end kept: 0.5933, 1.300. In `arena`.
char *significant_text(double value, int digits, Arena *arena);

#endif
