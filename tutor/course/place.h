// The words of which tutor/course/mistakes.def is made: what is asked of a line, and what is built
// there instead.
//
// A Place is a line at which a mistake is tried. What is asked for and is not there is NULL or
// false, and what is built of NULL is NULL, so that a row of the catalogue need not ask whether it
// applies.
#ifndef COURSE_PLACE_H
#define COURSE_PLACE_H

#include "tutor/course/lines.h"

typedef struct Place {
	const Lines *lines;
	const Line *line;
	uint32_t id;
	uint32_t way;
	Arena *arena;
} Place;

// ---- Building; of NULL comes NULL.

Formula *place_number(const Place *place, double value);
Formula *place_call(const Place *place, Op op, Formula *a);
Formula *place_apply(const Place *place, Op op, Formula *a, Formula *b);
// A copy of `formula` with `with` put for each leaf of line `row`; NULL where there is none.
Formula *place_put(const Place *place, const Formula *formula, uint32_t row, Formula *with);
// The same with `change(place, argument)` for each operation `op` for which that is not NULL.
typedef Formula *PlaceChange(const Place *place, const Formula *operation);
Formula *place_rewrite(const Place *place, const Formula *formula, Op op, PlaceChange *change);

// ---- Lines around this one

const Line *place_user(const Place *place);   // NULL where there is none
const Line *place_by(const Place *place);
Formula *place_leaf(const Place *place, uint32_t id);   // NULL for 0

// PARTIAL by an input of a unit: the term that it stands in; by a weight of one: the same.
const UnitTerm *place_term_of_input(const Place *place);
const UnitTerm *place_term_of_weight(const Place *place);
// A product dL/dA*dA/dB where A is a unit with the input B: the line of A; else NULL.
const Line *place_back(const Place *place);
uint32_t place_back_id(const Place *place);

// The weight from input `input` to unit `unit` of a layer; NULL where there is none.
Formula *place_weight(const Place *place, uint32_t layer, uint32_t unit, uint32_t input);

// Whether the formula holds the operation somewhere, and how often.
uint32_t place_count(const Formula *formula, Op op);
bool place_holds(const Formula *formula, uint32_t row);

#endif
