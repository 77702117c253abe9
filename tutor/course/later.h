// Mistakes that explain wrong answers of later update steps, dE/dw5#2. Used by diagnose alone.
#ifndef COURSE_LATER_H
#define COURSE_LATER_H

#include "tutor/course/diagnose.h"

// Adds the causes of the wrong answers of later steps to a diagnosis of those of the first. Whoever
// believes in a mistake makes it in every step, so that it may show in a later one alone: the loss
// after an update with new weights taken for old. Mistakes found so far are made on first, then
// others with them, then others by themselves. Nothing is added where the steps are many, or the
// lines.
void later_diagnose(Diagnosis *diagnosis, const Diagnoser *diagnoser,
                    const Verification *verification, int significant);

#endif
