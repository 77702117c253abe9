// Building derivatives as a person would write them.
//
// Each function records an operation on the tape, or returns a node that is there already, after the simplifications
// that everybody makes on the way: numbers folded (1/2*2 is 1), *1 and +0 dropped, 0*x is 0, --x is x, x + -y is
// x - y, x + x is 2*x, (1/y)*x is x/y, x^1 is x. Numbers written in the formula fold; the value of a named step never
// does, and no function looks behind a name. No recursion: formulas may be deep.
#ifndef CORE_ALGEBRA_H
#define CORE_ALGEBRA_H

#include "core/tape.h"

Node algebra_add(Tape *tape, Node a, Node b);
Node algebra_sub(Tape *tape, Node a, Node b);
Node algebra_mul(Tape *tape, Node a, Node b);
Node algebra_div(Tape *tape, Node a, Node b);
Node algebra_neg(Tape *tape, Node a);
Node algebra_power(Tape *tape, Node a, Node b);
// A function of one or two arguments.
Node algebra_call(Tape *tape, Op op, const Node *argument, size_t count);
// The sum and the product of any number of nodes; of none 0 and 1.
Node algebra_sum(Tape *tape, const Node *term, size_t count);
Node algebra_product(Tape *tape, const Node *factor, size_t count);

// The sum of what flows into one place: `lanes` terms that flow from each example, to be added up over the lanes by one
// BATCH_SUM, and then, in `term` behind them, those that flow once.
Node algebra_sum_over_lanes(Tape *tape, const Node *term, size_t lanes, size_t count);

// a*b recorded anew even where the tape has it, with no more done than *0, *1 and *-1: for the product of a gradient
// and a local partial, which is to be the very product that is printed.
Node algebra_path_product(Tape *tape, Node a, Node b);

#endif
