// Whether a number as it was typed is the one that is meant.
#ifndef COURSE_MATCH_H
#define COURSE_MATCH_H

#include "tutor/course/answers.h"

// How far the number that is expected may be off for reasons that are nobody's mistake, to first
// order.
typedef struct Allowance {
	double fixed;    // earlier numbers were typed rounded, to fewer digits than are asked for
	double scaled;   // steps not asked for were rounded to as many digits as the number typed has:
	                 // times 10^-digits
	double noise;    // rounding in double precision
	double typed;    // earlier numbers were typed rounded, to all digits that are asked for
} Allowance;

typedef enum Match {
	MATCH_NONE,
	MATCH_FEW_DIGITS,   // agrees as far as it goes, within a tenth, but has fewer digits than are asked for
	MATCH_ROUNDED,      // within what rounding earlier on explains
	MATCH_CUT,          // cut off in the last place, not rounded
	MATCH_RIGHT,
} Match;

// Compares with `expected`, of which `asked` significant digits are wanted, zeros at the end left
// out or not. More digits typed are
// held to what was typed: half a unit of the last place, a whole one where the rest was cut off,
// but never closer than 1e-12 of the value or `noise`. Zero is expected only of zero.
//
// Rounding to fewer digits than are asked for explains at most MATCH_MOST of a value; rounding as
// one should explains more, MATCH_CANCELLED, where large numbers have cancelled.
//
// A value that is a step away from the known number `from` (a new weight from the old one; else
// `from` is 0) is judged by that step: rounding earlier on explains as much of it, and a
// number that shows no step at all has too few digits.
Match match(const Typed *typed, double expected, double from, const Allowance *allowance,
            int asked);

// Whether the number is 0, or what double precision leaves of it, and `expected` is nothing but what
// rounding left where large numbers cancelled. It is not the value; but somebody who rounded less,
// or later, has it so.
bool match_vanishes(const Typed *typed, double expected, const Allowance *allowance, int asked);

#define MATCH_MOST 0.05
#define MATCH_CANCELLED 0.5

// Whether half a unit of the number's last place is more than MATCH_MOST of the step: then other
// steps give the same digits.
bool match_hides_step(const Typed *typed, double expected, double from);

// 10^(1 + e)/2 for a value of |value| = d.ddd*10^e: half a unit of its n-th significant digit is
// this times 10^-n.
double match_half_unit(double value);

#endif
