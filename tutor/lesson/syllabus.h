// The lessons as a course: in order, each with what it needs and how long it takes.
//
// A lesson says in its first lines where it stands, in a comment, so that there is one place for it:
//
//	<!-- course 40; needs chain_rule, activations -->
//
// The number is only for the order. What it needs are lessons before it. `minutes 20` may follow; else the minutes are
// counted from the text: words at the speed of a careful reader, and time for each line that is worked out, each table
// and each chart. Exercises are not counted. A lesson without the comment comes behind all others.
#ifndef LESSON_SYLLABUS_H
#define LESSON_SYLLABUS_H

#include "core/arena.h"

enum { SYLLABUS_NEEDS = 8 };

typedef struct SyllabusLesson {
	const char *name;                     // as `tutor lesson` takes it
	const char *title;                    // the first line that begins with "# "
	const char *needs[SYLLABUS_NEEDS];    // names
	size_t needs_count;
	unsigned order, minutes;
} SyllabusLesson;

typedef struct Syllabus {
	SyllabusLesson *lesson;
	size_t count;
} Syllabus;

// All lessons that the program brings, in the order of the course. In `arena`.
Syllabus syllabus_read(Arena *arena);
// The lesson behind that of this name; NULL behind the last and for a name that is none.
const SyllabusLesson *syllabus_next(const Syllabus *syllabus, const char *name);

// What a lesson's text says of itself, but for its name: for lessons of one's own.
SyllabusLesson syllabus_lesson(const char *text, Arena *arena);

#endif
