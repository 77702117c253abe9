// A worked example with one mistake planted in it, and its wrong line to be found.
//
// The numbers are not the student's own. One line of the derivation is put as a mistake of the
// catalogue has it; all that follows is worked out rightly from there, so that this line alone is
// wrong as it stands.
#ifndef COURSE_WORKED_H
#define COURSE_WORKED_H

#include "tutor/course/diagnose.h"

typedef struct Worked {
	Row *row;   // the lines as they are shown, in order
	size_t count;
	uint32_t line;        // the wrong one
	const char *name;     // its name as answers have it
	MistakeId mistake;    // that it is
	Arena arena;
} Worked;

// Plants one mistake, chosen by the seed, among those that change a line visibly (by more than a
// hundredth). False where no mistake can be planted so. Freed by worked_free.
bool worked_start(Worked *worked, const Diagnoser *diagnoser, uint64_t seed);
void worked_free(Worked *worked);

#endif
