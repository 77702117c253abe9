// Whether a formula as a student writes it is that of a line of a derivation.
//
// It is right where it gives what the line gives whatever the numbers are: it is compared at several
// points, with everything that is given slightly changed and the derivation worked out anew. What
// counts is the function, not how it is written. A number stands for itself or for a line that has
// this value, to the digits typed: 0.15 may be w1. Where the targets are held fixed is tried too:
// p - y of softmax supposes that the targets add up to 1; and with numbers put in, inputs of 0 and 1
// held fixed: nobody writes down a term that is 0.
#ifndef COURSE_FORMULA_JUDGE_H
#define COURSE_FORMULA_JUDGE_H

#include "tutor/course/written.h"

typedef enum FormulaVerdict {
	FORMULA_RIGHT,        // as it stands
	FORMULA_IN_NUMBERS,   // with each number taken for the quantity that it is the value of
	FORMULA_COINCIDES,    // its value is right, with other numbers it would not be
	FORMULA_WRONG,        // its value is another
	FORMULA_CIRCULAR,     // it uses the quantity itself, or one that rests on it
	FORMULA_ALONE,        // a number: no formula
	FORMULA_UNREADABLE,
	FORMULA_VERDICTS,
} FormulaVerdict;

typedef struct JudgedFormula {
	FormulaVerdict verdict;
	double value;        // that it has, the student's own numbers put in for names; NAN if none
	double expected;     // that the line has with the student's own earlier numbers
	bool few_digits;     // IN_NUMBERS: a number has fewer digits than are asked for
	char stranger[40];   // COINCIDES, WRONG: the first number that is no quantity, "" if none
	size_t column;       // UNREADABLE, CIRCULAR: where, in characters from 1
	char problem[ERROR_MESSAGE_SIZE];   // what is wrong: a clause, lower case, no full stop
} JudgedFormula;

enum { JUDGE_POINTS = 6 };

// What is worked out once for the lines of a model, at some update step.
typedef struct FormulaJudge {
	const Lines *lines;
	WrittenNames names;
	const double *value;           // of each line: value[id - 1]
	double *point[JUDGE_POINTS];   // the same with what is given changed
} FormulaJudge;

// `lines` and `value` must stay. Freed by formula_judge_free.
void formula_judge_start(FormulaJudge *judge, const Lines *lines, const double *value);
void formula_judge_free(FormulaJudge *judge);

// Judges a formula for line `id`. `own` is the student's own number for each line, NAN where there
// is none; NULL for none at all. Numbers are to have `significant` digits. Bounded whatever the text.
void formula_judge(JudgedFormula *judged, const FormulaJudge *judge, uint32_t id, const char *text,
                   const double *own, int significant);

// The verdict in words: a sentence with the value, as a line for the student.
char *formula_judge_text(const JudgedFormula *judged, Arena *arena);

#endif
