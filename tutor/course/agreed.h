// What a sheet says is agreed on: what is no question of right and wrong, but must be known.
#ifndef COURSE_AGREED_H
#define COURSE_AGREED_H

#include "tutor/course/assignment.h"
#include "tutor/course/diagnose.h"
#include "tutor/render/items.h"

// Adds a point for each: digits, the factor 1/2, mean or sum, which biases are trained, the order of
// the updates. They are read off the model's lines and the conventions of the catalogue.
void agreed_points(Document *document, const Assignment *assignment, const Diagnoser *diagnoser);

#endif
