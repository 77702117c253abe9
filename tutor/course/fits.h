// Students whose wrong answers are the right ones of another student's sheet.
//
// Who hands in a neighbour's file has numbers that agree with each other, so that many follow from
// earlier ones: but they are worked out from somebody else's. The true values of all variants are
// known, so it shows, whether or not the neighbour handed in anything.
//
// An answer *tells* where it is wrong by the student's own numbers and earlier answers, is explained by
// no known mistake, is not trivial, and has three significant digits or more. It *fits* another's sheet
// where it is the true value there at the digits asked, or one unit beside it, or what that student has
// rightly from an earlier answer. What follows from an
// earlier answer tells nothing: if that one fits by chance, so does this.
//
// A student with n telling answers, of which m fit the same one of V sheets, is flagged where this
// is not chance: where V * C(n, m) * p1 * ... * pm is at most 1e-6, and m at least FITS_LEAST. Here
// pi is the share of other variants that the i-th answer fits too, but never less than 1/300: three
// units among the 900 numbers of three digits.
#ifndef COURSE_FITS_H
#define COURSE_FITS_H

#include "tutor/course/gradebook.h"

enum { FITS_LEAST = 3 };

typedef struct Fit {
	size_t variant;   // whose sheet the answers fit, SIZE_MAX where they fit none
	size_t answers;   // how many of those that tell
	bool *copied;     // of each question, where there is a variant: the answer is the true value there, or
	                  // what that student typed, and is not right by the student's own numbers
} Fit;

// Whether so many answers of a student tell that they may fit another's sheet.
bool fit_is_possible(const Gradebook *gradebook, size_t student);

// One for each student of the gradebook, in `arena`, when all outcomes are entered. The time goes with
// the number of answers, not of pairs of students.
Fit *find_fits(const Gradebook *gradebook, Arena *arena);

#endif
