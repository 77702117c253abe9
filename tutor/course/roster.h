// The students of a class, from a CSV file as a learning platform writes it.
//
// The column `id` is what tells students apart; without one it is the first column. A name for the
// sheet is the column `name`, or a first and a last name together. Letter case of the columns'
// names does not count; other columns are not looked at.
#ifndef COURSE_ROSTER_H
#define COURSE_ROSTER_H

#include "core/arena.h"
#include "tutor/course/textmap.h"
#include "tutor/io/table.h"

typedef struct Student {
	const char *id;
	const char *name;   // "" where there is none
	const char *stem;   // of the student's files: a number, and of the id what is safe in a path
} Student;

typedef struct Roster {
	Student *student;
	size_t count;
	const char *id_column;   // the first column's name where it was taken for the id; else NULL
	Arena arena;
} Roster;

// Reads the text of a roster of 1 to STUDENTS_MOST students. False and `error`, with line and
// column, where an id is empty, there already, too long, begins as a spreadsheet's formula does or
// has characters that nobody can see. Freed by roster_free.
bool roster_read(Roster *roster, const char *file, const char *text, size_t size, Error *error);
// Leaves out the students whose ids are known; the files of the others are numbered from `first` on.
void roster_leave_out(Roster *roster, const TextMap *known, size_t first);
void roster_free(Roster *roster);

#endif
