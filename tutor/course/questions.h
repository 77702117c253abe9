// Which quantities an assignment asks for.
#ifndef COURSE_QUESTIONS_H
#define COURSE_QUESTIONS_H

#include "tutor/course/assignment.h"
#include "tutor/course/lines.h"

// Sets the questions of an assignment, in the order in which a person works (tutor/course/question_order.h).
//
// `wanted` is a list separated by commas, of:
//
//	main     what a person is asked for: the forward steps, the delta of each unit (the gradient
//	         by its net input, or by the unit itself where it is linear), each param's gradient and its new value;
//	         of a model without an update, which is there for its derivatives, the gradient by each step;
//	         nothing that is a number as it stands
//	all      every quantity that has a name of its own, but for dL/dL
//	NAME     one quantity, or all that a pattern with * ? names: dE_total/dw*, w5+
//
// `formulas` (NULL for none), a list alike, adds questions for the formula with numbers put in, of
// what is computed by one. `finds` is how many planted mistakes are to be found. False and `error`
// where a name is none, or nothing is asked for.
bool questions_choose(Assignment *assignment, const Lines *lines, const char *wanted,
                      const char *formulas, size_t finds, Error *error);

// Gives the questions their points by a table with columns name and points: a name may be a
// pattern, and the last row that fits a question counts; others have one point.
bool questions_weigh(Assignment *assignment, const Table *table, Error *error);

// The name of a line as files have it. In `arena`.
const char *line_name(const Line *line, Arena *arena);

#endif
