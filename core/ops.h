// The operations as data: what core/ops.def says of each, and their values.
#ifndef CORE_OPS_H
#define CORE_OPS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum Op {
#define OP(id, text, arity, form, value, by_a, by_b, rule) OP_##id,
#include "core/ops.def"
#undef OP
	OP_COUNT
} Op;

typedef enum Arity { ARITY_LEAF, ARITY_UNARY, ARITY_BINARY, ARITY_NARY } Arity;

// How a formula shows an operation.
typedef enum Form {
	FORM_NAME,       // a leaf: its name, or the number
	FORM_COPY,       // the argument alone
	FORM_SUM,        // a + b + c
	FORM_MINUS,      // a - b
	FORM_NEGATIVE,   // -a
	FORM_PRODUCT,    // a*b*c
	FORM_QUOTIENT,   // a/b
	FORM_POWER,      // a^b
	FORM_CALL,       // f(a, b)
} Form;

typedef struct OpInfo {
	const char *text, *rule;
	Arity arity;
	Form form;
	bool flows;   // false where no gradient flows to any argument
} OpInfo;

extern const OpInfo op_info[OP_COUNT];

// The value of an operation at `count` arguments (of BATCH_SUM: of one lane; of a leaf: a[0]).
double op_value(Op op, const double *a, uint32_t count);

// a^n for a whole n by repeated squaring, 1/a^-n below 0: as replay and kernels compute a constant integer power.
double op_integer_power(double a, double n);
// Distribution function and density of the standard normal distribution.
double op_normal_cdf(double a);
double op_normal_pdf(double a);

#endif
