// A worked example with one mistake in it (tutor/course/planted.h), as it stands on a sheet.
//
// It keeps its lines for itself, so that the diagnoser may have other numbers when it is written.
#ifndef COURSE_WORKED_H
#define COURSE_WORKED_H

#include "tutor/course/planted.h"

typedef struct Worked {
	double *value;      // of each line, given ones too
	Row *row;           // the lines as they are shown, in order
	size_t count;
	const char *name;   // of the wrong one, as answers have it
	Arena arena;
} Worked;

// An example with the numbers that the diagnoser has. False where the model has no place for a
// mistake that shows. Freed by worked_free.
bool worked_start(Worked *worked, const Diagnoser *diagnoser, uint64_t seed, int significant);
void worked_free(Worked *worked);

#endif
