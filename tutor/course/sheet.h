// A sheet of answers worked through, with mistakes tried at its lines. Used by diagnose alone.
#ifndef COURSE_SHEET_H
#define COURSE_SHEET_H

#include "tutor/course/diagnose.h"

// Wrong answers of a sheet that are looked at.
enum { WRONG_MOST = 200 };

// An answer with its line.
typedef struct Asked {
	const Judgement *item;
	uint32_t id;
	bool explained;
} Asked;

typedef struct Sheet {
	const Diagnoser *d;
	const Lines *lines;
	const Judgement **item;   // of each line, what was typed for it; NULL for most
	double *value;       // of each line, with the reader's own numbers
	Allowance *allowance;
	const Change **active;   // of each line, the change that is tried there
	double *kept;            // values and allowances while something is tried
	Allowance *kept_allowance;
	uint8_t *marked;
	bool own;   // whether wrong numbers are put in too
	int significant;
	Asked *right, *wrong;   // in the order of the lines
	size_t rights, wrongs;
} Sheet;

// Puts a finding in its place among a cause's; of one mistake the best way counts.
void cause_add(Cause *cause, Finding finding);

// The changes of one mistake made in one way: change[first .. end).
typedef struct Kind {
	size_t first, end;
} Kind;

// The kind that begins at change `first`; empty at the end. The kind of a mistake made in a way,
// empty if it cannot be.
Kind kind_next(const Diagnoser *diagnoser, size_t first);
Kind kind_of(const Diagnoser *diagnoser, MistakeId mistake, uint32_t way);

// Takes the answers that have a line, and works out all lines with them put in, or, where not
// `own`, with those alone that are the true values: a wrong one that is a slip of the pen is not
// what later numbers rest on. Freed by sheet_free.
void sheet_start(Sheet *sheet, const Diagnoser *diagnoser, const Verification *verification,
                 int significant, bool own);
void sheet_free(Sheet *sheet);

// Makes the changes of a kind active, where no other is, or no longer.
void sheet_try(Sheet *sheet, Kind kind, bool active);
// Whether the kind, made wherever it can be or at one line, gives the answer.
bool sheet_explains(Sheet *sheet, Kind kind, Asked asked);
// Whether somebody who makes it everywhere would not have this answer.
bool sheet_contradicts(Sheet *sheet, Kind kind, Asked asked);

#endif
