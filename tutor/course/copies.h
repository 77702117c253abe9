// Students who have handed in the same numbers, where their own numbers should have made them
// differ.
//
// Each student works on a variant of their own, so two students who type the same number for the
// same question have not both worked it out. A question is *shared* by two students where
//
// - both typed the same number, with three significant digits or more (2 and 0.5 are met by
//   chance), which is no trivial answer;
// - the true values of their variants differ from each other at the digits asked, so that at most
//   one of them is right;
// - or, where the true values are the same, both are wrong and no known mistake explains it: many
//   make the same mistake.
//
// A pair that shares COPIES_LEAST questions or more is flagged, each student once, with the one
// that they share the most with. It is evidence for a teacher to look at, and costs no points.
#ifndef COURSE_COPIES_H
#define COURSE_COPIES_H

#include "tutor/course/gradebook.h"

enum { COPIES_LEAST = 3 };

// What a student shares, and with whom: partner is SIZE_MAX where there is none.
typedef struct Copy {
	size_t partner, shared;
} Copy;

// One for each student of the gradebook, in `arena`. The time goes with the number of answers, not
// of pairs: of a number that very many typed, pairs with a few of them are looked at.
Copy *find_copies(const Gradebook *gradebook, Arena *arena);

#endif
