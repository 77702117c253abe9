// What a student is given: a sheet to print and work on, and a table to fill in.
//
// The sheet has the network drawn, its equations, the student's own numbers, what is agreed on (the
// factor 1/2, mean or sum, which biases are trained, digits) and the questions in order with space
// to work. It holds no computed value but those of worked examples, whose numbers are not the
// student's.
#ifndef COURSE_HANDOUT_H
#define COURSE_HANDOUT_H

#include "tutor/course/assignment.h"
#include "tutor/course/diagnose.h"
#include "tutor/course/worked.h"
#include "tutor/render/writer.h"

// What sheets are made of: the diagnoser has the numbers of the student whose turn it is.
typedef struct Handout {
	const Assignment *assignment;
	const Diagnoser *diagnoser;
	Graph graph;   // open, and placed where there is a `dot`
	Arena arena;
} Handout;

// False and `error` where a formula is too long to be written.
bool handout_start(Handout *handout, const Assignment *assignment, const Diagnoser *diagnoser,
                   Error *error);
void handout_free(Handout *handout);

// The sheet of a student. `worked` are the examples for find-questions, in order. The document's
// arena is to be freed.
void handout_sheet(Document *document, const Handout *handout, const Variant *variant,
                   const Worked *worked);
// The title of a student's sheet, in `arena`.
char *handout_title(const Assignment *assignment, const Variant *variant, Arena *arena);
// The table to fill in: name,value,student.
void handout_answers(Output *output, const Assignment *assignment, const Variant *variant);

#endif
