// The order in which a person works.
#ifndef COURSE_QUESTION_ORDER_H
#define COURSE_QUESTION_ORDER_H

#include "tutor/course/lines.h"

// Orders lines: the steps forward, then the gradients layer by layer from the loss backwards, those by steps before
// those by params, then the update. Within a layer they go forwards, as its quantities do. A line stays behind
// all that it uses.
void question_order(const Lines *lines, uint32_t *id, size_t count);

#endif
