// The files that a class handed in, and which of them is marked for which student.
//
// Of several files of one student, the one that still has the name of the hand-out is marked, else
// the one named last; it is said that there were others. A file that cannot be read hides no other.
// A file in a folder whose name is not that of a CSV file is read too: some hand in 001-anna.txt.
#ifndef COURSE_HANDED_IN_H
#define COURSE_HANDED_IN_H

#include "tutor/course/submission.h"

typedef struct HandedFile {
	const char *path;      // borrowed
	const char *problem;   // why it cannot be marked, NULL if it can
	uint32_t student;      // the variant's number, NO_STUDENT where nobody knows
	bool own_name;         // it bears the name of the student's hand-out
	bool guessed;          // its name is no CSV file's: without a table of answers it is nobody's
} HandedFile;

typedef struct HandedIn {
	const Assignment *assignment;
	TextMap by_file;
	HandedFile *file;
	size_t count;
	size_t *chosen;   // of each variant the file that is marked, or that says why none is; SIZE_MAX
	size_t *files;    // of each variant, how many there were
} HandedIn;

// Freed by handed_in_free; paths must stay.
void handed_in_start(HandedIn *handed_in, const Assignment *assignment, const char *const *path,
                     size_t count);
void handed_in_free(HandedIn *handed_in);

// Reads file `i` and finds out whose it is; different files on different threads. What is said of it
// is in `arena`.
void handed_in_read(HandedIn *handed_in, size_t i, Arena *arena);
// Whether the name of a file is that of a table: x.csv, x.CSV or x.csv.txt.
bool handed_in_is_csv(const char *path);
// When all are read: which is marked for whom.
void handed_in_choose(HandedIn *handed_in);

#endif
