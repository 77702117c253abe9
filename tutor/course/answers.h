// Somebody's own numbers, from a CSV file with at least the columns `name` and `value`.
//
// Written as people write them: any order, other columns ignored, an empty value is a question not
// answered, blanks in names do not count, a decimal comma where the delimiter is a semicolon. A
// value is decimal, scientific or a fraction a/b. How many digits were typed is kept, since that
// says how exactly the number is meant. Golden files are read alike.
#ifndef COURSE_ANSWERS_H
#define COURSE_ANSWERS_H

#include "core/arena.h"
#include "tutor/io/table.h"

// A number as it was typed.
typedef struct Typed {
	double value;
	double unit;       // of the last place: 0.0001 for 0.5933; 0 for a fraction, which is exact
	int significant;   // digits typed, zeros in front not counted
	bool given;        // false where the cell is empty, or no number
} Typed;

typedef struct Answer {
	const char *name;      // without blanks
	const char *text;      // the value as it was typed, without blanks around it; "" where none
	const char *problem;   // what is wrong with the row, NULL if nothing
	Typed typed;
	size_t row;   // of the table, from 0
} Answer;

typedef struct Answers {
	Answer *answer;
	size_t count;
	Table table;   // for places in messages
	Arena arena;
} Answers;

// Reads a text, which must stay; a row whose value is no number has its problem and hides no
// other. False where it is no table, or a column is missing. Freed by answers_free.
bool answers_read(Answers *answers, const char *file, const char *text, size_t size, Error *error);
void answers_free(Answers *answers);

// An error at the place of an answer's name or value, with its problem.
bool answers_error(const Answers *answers, const Answer *answer, Error *error);

// Reads one number as it is typed. `comma`: a decimal comma is allowed. False if it is none.
bool typed_read(Typed *typed, const char *text, bool comma);
// False where it is no number, or no finite one, and the value that is meant is.
bool typed_is_like(const Typed *typed, double value);
#define NO_NUMBER "'%.40s' is no number: 0.5933, 5.9e-1 and 3/8 are"

#endif
