// The marks of a class: a row for each student of the assignment, as a table for a spreadsheet.
//
//	id, name   the student's
//	points     by the true values
//	carried    with error carried forward: by what follows from the student's own earlier answers
//	better     each question counted for the better of the two
//	out_of     the points there were
//	mistakes   that the answers are explained by, in the order of the derivation
//	flags      what a teacher may want to look at
//	override   a mark that the teacher sets instead, and
//	note       why: both are kept when the class is marked again, and so is any column added
//	mark       the override where it is a number from 0 on, else the better
//	status     marked, no submission, or not marked: and why
//	file       that was marked
//
// Nothing that a student wrote or named is read as a formula by a spreadsheet: a cell that begins
// with = + - @ (also in full width), a tab or a line end gets an apostrophe before it (OWASP, "CSV
// Injection").
#ifndef COURSE_GRADEBOOK_H
#define COURSE_GRADEBOOK_H

#include "tutor/course/mark.h"
#include "tutor/io/csv_writer.h"
#include "tutor/io/input.h"

typedef enum Standing { STANDING_MISSING, STANDING_MARKED, STANDING_BROKEN } Standing;

// What is kept of one answer.
typedef struct Outcome {
	double typed, truth;   // of a question for a number; NAN where none was given
	double earned;         // the better
	uint8_t verdict;
	bool explained;        // a known mistake gives it
	bool trivial;
} Outcome;

// Whether a number has three significant digits or more; others are met by chance.
bool outcome_is_telling(double typed);

// One student's.
typedef struct Result {
	Standing standing;
	const char *file;       // that was marked, as shown_name; "" if none
	const char *problem;    // BROKEN: why
	double points, carried, better;
	MistakeId mistake[CAUSES_MOST];
	size_t mistakes;
	Outcome *outcome;       // of each question, NULL where nothing is known
	const char *flags;      // joined by "; "
	const char *override, *note;   // the teacher's; "" if none
	const char *override_problem;  // what is odd about the override, NULL if nothing
} Result;

typedef struct Gradebook {
	const Assignment *assignment;
	Result *result;         // of each variant
	double out_of;
	Table old;              // the gradebook of the run before; no columns where there was none
	Input old_text;
	size_t *old_row;        // of each variant, SIZE_MAX where it had none
	Arena arena;
} Gradebook;

// A gradebook without marks. Freed by gradebook_free.
void gradebook_start(Gradebook *gradebook, const Assignment *assignment);
void gradebook_free(Gradebook *gradebook);

// Keeps what the teacher wrote into an earlier one. False where it cannot be understood: it is
// somebody's work, and not to be written over.
bool gradebook_keep(Gradebook *gradebook, const char *path, Error *error);

// Enters the marks of student `i`; what is kept is in `arena`, one of the calling thread's.
void gradebook_enter(Gradebook *gradebook, size_t i, const Marks *marks, Arena *arena);
// Enters the true values alone, of a student who has no marks: `marks` are those of no answers.
void gradebook_know(Gradebook *gradebook, size_t i, const Marks *marks, Arena *arena);
// Enters the points anew, of a student who was entered.
void gradebook_adjust(Gradebook *gradebook, size_t i, const Marks *marks);
// Adds a flag to what a student has.
void gradebook_flag(Gradebook *gradebook, size_t i, const char *flag, Arena *arena);

// The mark that counts: the override where it is a number from 0 on, else the better.
double result_mark(const Result *result);
// Whether it is the override.
bool result_is_overridden(const Result *result);

void gradebook_write(const Gradebook *gradebook, Output *output);

// Writes a cell that no spreadsheet takes for a formula.
void gradebook_cell(CsvWriter *csv, const char *text);

#endif
