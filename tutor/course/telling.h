// Whether a model with given numbers is good to be worked by hand and marked.
//
// Numbers are *telling* when whoever makes a mistake of the catalogue gets another answer than who
// makes none, and than who makes another, visibly at the digits asked for, on some quantity that is
// asked for. They are *sound* when no unit is dead or saturated, nothing stands on a kink, no
// gradient is 0, nothing that is asked for is a small difference of large numbers, and each new
// param that is asked for shows its step in the digits asked for, if in most of the survey it does.
//
// Some mistakes can never be told by what is asked for: with one output unit there is one path only.
// Which, is found out by a survey of numbers drawn at random before any are judged. What is not told,
// and pairs that are alike, in more than a quarter of it, as some are where a class is the right one,
// are let be.
#ifndef COURSE_TELLING_H
#define COURSE_TELLING_H

#include "tutor/course/diagnose.h"

typedef struct Telling {
	const Diagnoser *diagnoser;
	const uint32_t *asked;   // lines
	size_t asked_count;
	int significant;
	size_t tolerated;   // what may be unsound: where a model's own ways leave nothing better
	Planted *kind;   // the mistakes that can be made in the model, each way of each
	size_t kinds;
	bool *hidden;    // of each kind: never told from no mistake
	bool *rare;      // of each kind: not told in more than a quarter of the survey
	uint32_t *unseen;   // of each kind, in how many of the survey
	bool *alike;     // of each pair [a*kinds + b], a < b: often not told from one another
	uint32_t *met;   // of each pair, in how many of the survey
	uint32_t surveyed;   // numbers that were sound
	double *value;   // of each kind, the asked lines when it is made; of those before, the right ones
	bool *made;      // of each kind, whether it can be made with these numbers
	uint32_t *shows;   // of each asked line, in how many numbers shown it is no step that does not show
	uint32_t shown;
	bool *flat;      // of each line, whether it is a gradient that is 0 in all of the survey
	double *work;
	Arena arena;
} Telling;

// The asked lines must stay. Freed by telling_free.
void telling_start(Telling *telling, const Diagnoser *diagnoser, const uint32_t *asked,
                   size_t count, int significant);
void telling_free(Telling *telling);

// The survey, of the numbers that the diagnoser has: first all are shown, then what is unsound in
// them says what has to be tolerated, then all are taken; false where they are less sound than that.
void telling_show(Telling *telling);
size_t telling_unsound(const Telling *telling);
bool telling_survey(Telling *telling);

// What there is against the numbers that the diagnoser has.
typedef struct Fault {
	size_t unsound;   // units, kinks, gradients, differences, more than is tolerated
	size_t hidden;    // mistakes that give no visibly other answer, though they might
	size_t alike;     // pairs of mistakes that give the same answers, though they need not
} Fault;

// Judges the numbers. Of what is unsound the mistakes are not looked at.
Fault telling_judge(Telling *telling);
bool fault_less(const Fault *a, const Fault *b);

// Whether a kind is hidden with the numbers judged last.
bool telling_hides(const Telling *telling, size_t kind);

#endif
