// What follows from somebody's own numbers, line by line of a derivation. Used by verify alone.
#ifndef COURSE_FOLLOW_H
#define COURSE_FOLLOW_H

#include "tutor/course/verify.h"

// Gives the items that have a row of `derivation` and no verdict yet their verdict, in the order of
// the derivation and over as many update steps as they ask for, within reason. `replay` is the
// derivation's, run for the first step; it is left in the last.
void follow(Verification *verification, const Derivation *derivation, Replay *replay,
            int significant);

// The verdict of a number compared with `expected`, and what there is to remark on it.
Verdict follow_judge(Judgement *item, double expected, double from, const Allowance *allowance,
                     int significant);

#endif
