// A formula as data: what a line of a derivation says, without any layout.
//
// A Formula is a tree. Its leaves are numbers and names; a name knows the value that stands for it and the row of the
// derivation that it comes from. Renderers print formulas (names, or values put in for them) in any notation; they
// need neither tape nor model. Trees live in the arena that they were built in.
#ifndef EXPLAIN_FORMULA_H
#define EXPLAIN_FORMULA_H

#include "core/arena.h"
#include "core/ops.h"

typedef enum QuantityKind {
	QUANTITY_ELEMENT,      // w1[2,3], h[3]@2
	QUANTITY_DERIVATIVE,   // dA/dB
	QUANTITY_NEXT,         // w5+
	QUANTITY_MEMBER,       // w5.v
} QuantityKind;

// What a name is made of.
typedef struct Quantity {
	QuantityKind kind;
	const char *text;              // ELEMENT: the family's name; MEMBER: the member's
	const int32_t *index;          // ELEMENT
	uint32_t rank;
	uint32_t example;              // from 1; 0 where the quantity does not vary or there is one example alone
	bool direct;                   // DERIVATIVE: dA/dB:direct
	const struct Quantity *of, *by;   // DERIVATIVE: A and B; NEXT and MEMBER: `of`
} Quantity;

typedef enum FormulaKind { FORMULA_NUMBER, FORMULA_NAME, FORMULA_TERM, FORMULA_OPERATION } FormulaKind;

typedef struct Formula {
	FormulaKind kind;
	Op op;                     // OPERATION
	double value;              // of the whole of it
	uint32_t row;              // NAME and TERM: the row it comes from, from 1; 0 where there is none
	uint32_t count;            // arguments; of a TERM the two factors
	const Quantity *name;      // NAME
	struct Formula **argument;
} Formula;

// A TERM is a product that is a row of its own (a path): its formula is the product of its factors' names, and its
// value is put in for it as one number.

// The most nodes and levels that a formula is written out to. A step with more (a `def` that doubles its argument,
// nested) is an error that says so. The bound on the levels lets what prints and evaluates formulas recurse.
enum { FORMULA_LIMIT = 4 * 1000 * 1000, FORMULA_DEPTH = 10 * 1000 };

Formula *formula_number(Arena *arena, double value);
Formula *formula_name(Arena *arena, const Quantity *name, double value, uint32_t row);
Formula *formula_operation(Arena *arena, Op op, uint32_t count, double value);
Formula *formula_term(Arena *arena, Formula *a, Formula *b, double value, uint32_t row);

// The value of a formula with the leaves' values as they stand in the tree (after somebody changed them).
double formula_evaluate(const Formula *formula);
// True where it is a name or number alone, so that putting values in adds nothing.
bool formula_is_leaf(const Formula *formula);
// Calls `visit` for each NAME and TERM, from left to right.
void formula_each_leaf(Formula *formula, void (*visit)(void *context, Formula *leaf), void *context);

#endif
