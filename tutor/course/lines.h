// The lines of a derivation, with what each is in a network, to be worked through with other
// numbers or in another way.
//
// A line is a row of a derivation with its formula written out. Lines are what a person writes, so
// a mistake is a line that has another formula (tutor/course/mistake.h), and somebody's own numbers
// are values put in for lines. Line `id` is line[id - 1], as rows are counted.
//
// What a line is in a network is read off its formula, never off a name: a *unit* is a forward line
// that is a sum of terms weight*input, one of the factors a param, perhaps with biases, perhaps
// inside one activation; units with the same inputs in the same order are a *layer*.
#ifndef COURSE_LINES_H
#define COURSE_LINES_H

#include "tutor/course/match.h"
#include "tutor/course/textmap.h"
#include "tutor/explain/derivation.h"

// One weight*input of a unit; a bias has no input.
typedef struct UnitTerm {
	Formula *weight, *input;
} UnitTerm;

typedef struct Line {
	Phase phase;
	Formula *formula;         // NULL where it is given
	const uint32_t *parent;   // the lines that it uses, ascending
	uint32_t parents;
	Formula *leaf;       // its name, as other formulas have it; a path's is the product
	uint32_t user, by;   // PARTIAL and PATH: duser/dby; GRADIENT: by; UPDATE: by is the param; 0
	                     // where there is none
	uint32_t gradient;   // given and forward: the line dL/dX, 0 if none
	uint32_t next;       // of a param: the line of its new value
	uint32_t lane;
	Op kind;         // given: what kind of leaf
	bool hidden;     // forward: weights lie between it and the loss
	bool additive;   // forward: the loss is a sum of it and others, perhaps times numbers
	// Forward lines, and what they are as units.
	Op activation;       // OP_COUNT where there is none around the whole
	Formula *net;        // the activation's argument; the formula where there is none
	uint32_t squashed;   // the line that is an activation of this one, 0 if none
	UnitTerm *term;
	uint32_t terms, biases;   // weighted terms first, then biases
	uint32_t layer, place;    // the layer, from 1, and the unit's place in it, from 0; 0 where it
	                          // has no weighted terms
} Line;

typedef struct Layer {
	uint32_t *unit;   // lines
	uint32_t count;
} Layer;

typedef struct Lines {
	const Derivation *derivation;
	Line *line;
	uint32_t count;
	Layer *layer;   // layer 1 is layer[0]
	uint32_t layers;
	uint32_t loss;   // the line of what is minimised, 0 if none
	TextMap row_of_name;
	Arena arena;
} Lines;

// The most lines that are worked through: more is not done by hand.
enum { LINES_MOST = 5 * 1000 };

// False where there are more than LINES_MOST, or a formula is too long. The derivation must outlive
// them.
bool lines_start(Lines *lines, const Derivation *derivation);
void lines_free(Lines *lines);

// The line called `name`, written as files have it, perhaps with #1 (of a path its formula
// dL/dA*dA/dB); 0 where there is none.
uint32_t lines_find(const Lines *lines, const char *name);

// Gives line `id` another formula, made of names of lines, which must stay as long as the lines.
void lines_put(Lines *lines, uint32_t id, Formula *formula);

// The value of a formula with value[id - 1] put in for line `id`.
double lines_value(const Formula *formula, const double *value);
// How far it may be off where each line is off by what `allowance` says of it, to first order (by
// differences).
Allowance lines_allowance(const Line *line, const Formula *formula, double *value,
                          const Allowance *allowance);

static inline const Line *lines_at(const Lines *lines, uint32_t id)
{
	return &lines->line[id - 1];
}

#endif
