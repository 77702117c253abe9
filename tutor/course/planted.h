// A worked example with one mistake in it, to be found: the derivation as somebody writes it who
// makes one mistake of the catalogue, at one line, and goes on from there as one should.
//
// What is shown is what a person writes down: forward steps, gradients and updates, each with the
// numbers put in. Local partials are factors within those lines, so a mistake in one is in the line
// that it is a factor of; paths are written out as products.
#ifndef COURSE_PLANTED_H
#define COURSE_PLANTED_H

#include "tutor/course/diagnose.h"

typedef enum PlantedPlace {
	PLANTED_RIGHT,     // the line has the value that it should have
	PLANTED_FOLLOWS,   // its value is wrong because that of an earlier line is
	PLANTED_MISTAKE,   // the mistake is in it
} PlantedPlace;

typedef struct PlantedExample {
	const Diagnoser *diagnoser;
	const Change *change;   // the mistake
	double *value;          // of each line of the derivation, with it
	uint32_t *line;         // those that are shown: line[0] is the first
	PlantedPlace *place;
	size_t count;
	size_t wrong;           // the one of them with the mistake
	Arena arena;
} PlantedExample;

// Makes the example that belongs to `seed`: of the mistakes that show in `significant` digits in
// one line each is as likely. False where the model has no place for any. The diagnoser must stay.
// Freed by planted_free, also after false.
bool planted_start(PlantedExample *example, const Diagnoser *diagnoser, uint64_t seed,
                   int significant);
void planted_free(PlantedExample *example);

// The shown line `index` as it is written in the example (`right`: as it should be, from the
// example's earlier lines). In `arena`.
Row planted_row(const PlantedExample *example, size_t index, bool right, Arena *arena);

// The shown line that has this name, as files have it; SIZE_MAX if none.
size_t planted_find(const PlantedExample *example, const char *name);

#endif
