// Which of a submission's wrong answers make what follows easy, and what rests on them. Used by
// mark alone.
#ifndef COURSE_TRIVIAL_H
#define COURSE_TRIVIAL_H

#include "tutor/course/mark.h"

// Sets `trivial` and `from_trivial` of the marks, whose answers are judged and diagnosed.
// `diagnoser` is that of the student's model, by the student's conventions.
void find_trivial(Marks *marks, const Diagnoser *diagnoser, int significant);

#endif
