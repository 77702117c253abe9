// Makes the variants of an assignment: numbers for each student, friendly, sound and telling.
//
// A student's numbers are drawn by a seed that is an HMAC of the model and the student's id under
// the teacher's secret, so that nobody else can make them, and whoever has the secret always makes
// the same. They are drawn again until nothing is against them; where that does not come about,
// those are kept that have the least against them, and what that is, is said.
#ifndef COURSE_VARIANT_H
#define COURSE_VARIANT_H

#include "tutor/course/assignment.h"
#include "tutor/course/numbers.h"
#include "tutor/course/telling.h"

enum { ATTEMPTS_MOST = 400, SOUND_MOST = 60, SURVEY_SIZE = 40 };

typedef struct Maker {
	Assignment *assignment;
	Model model;
	Diagnoser diagnoser;
	Numbers numbers;
	Telling telling;
	uint32_t *asked;   // lines of the questions
	double *draw;      // the numbers of an attempt
	Arena arena;
} Maker;

typedef struct MakerOptions {
	const char *questions, *formulas;   // lists of names (tutor/course/questions.h), NULL for none
	const char *vary;                   // of numbers (tutor/course/numbers.h), NULL for the default
	size_t planted;                     // examples with a mistake to find
} MakerOptions;

// Chooses the questions and the numbers of an assignment whose model and digits are set, and finds
// out what can be told apart. False and `error` where the model cannot be read or worked by hand,
// or a name is none. The assignment must stay. Freed by maker_free.
bool maker_start(Maker *maker, Assignment *assignment, const MakerOptions *options, Error *error);
void maker_free(Maker *maker);

// How numbers were come by.
typedef struct Drawn {
	int attempts;
	Fault fault;   // what there still is against them
} Drawn;

// The numbers of a student, into `value`. The maker's model and diagnoser have them then.
Drawn maker_draw(Maker *maker, const char *id, const Secret *secret, double *value);
// Numbers drawn by another seed, for an example that is not the student's own.
Drawn maker_draw_seeded(Maker *maker, uint64_t seed, double *value);
uint64_t maker_seed(const Maker *maker, const char *purpose, const char *id, const Secret *secret);

#endif
