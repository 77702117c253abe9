// Which numbers of a model vary from student to student, and what is drawn for them.
//
// Drawn numbers are friendly for work by hand: of as few digits as those of the model, in their
// range, negative where some of theirs are. Every param varies, and of inputs and targets those
// that are no label: not -1, 0 or 1. Targets between 0 and 1 stay near where they are. The targets
// of one family that are 1 in all, such as a one-hot one, are permuted.
#ifndef COURSE_NUMBERS_H
#define COURSE_NUMBERS_H

#include "core/arena.h"
#include "tutor/model/model.h"

typedef struct Number {
	const char *name;   // w1, x[2], x[2]@3
	Node leaf;
	uint32_t lane;
	double value;       // of the model
	size_t at;          // its place in Model.data; SIZE_MAX where the tape alone has it
	int decimals;
	double low, high;   // of its size, in units of the last decimal
	bool negative;      // may be
	uint32_t group;     // permuted with the others of that group, from 1; 0 for none
} Number;

typedef struct Numbers {
	Number *number;
	size_t count, groups;
	Arena arena;
} Numbers;

// The numbers of a model that vary: by default, or those that `vary` names, a list of names and
// patterns with * and ?. False and `error` where a name is no param, input or target with a value.
// The model must stay. Freed by numbers_free.
bool numbers_start(Numbers *numbers, Model *model, const char *vary, Error *error);
void numbers_free(Numbers *numbers);

// Draws a value for each, the same for the same seed and attempt.
void numbers_draw(const Numbers *numbers, uint64_t seed, int32_t attempt, double *value);
// Puts values into the model.
void numbers_put(const Numbers *numbers, Model *model, const double *value);

#endif
