#include "core/ops.h"

#include "core/real.h"

// Whether a partial of a row lets gradient flow: NONE does not.
#define FLOWS(partial) (sizeof #partial != sizeof "NONE" || #partial[0] != 'N')

const OpInfo op_info[OP_COUNT] = {
#define OP(id, text, arity, form, value, by_a, by_b, rule) \
	[OP_##id] = {text, rule, ARITY_##arity, FORM_##form, FLOWS(by_a) || FLOWS(by_b)},
#include "core/ops.def"
#undef OP
};

double op_integer_power(double a, double n)
{
	double power = 1, square = a;
	for (unsigned left = (unsigned)fabs(n); left; left >>= 1) {
		if (left & 1)
			power *= square;
		square *= square;
	}
	return n < 0 ? 1 / power : power;
}

double op_normal_cdf(double a)
{
	const double sqrt_half = 0.70710678118654752440;
	return 0.5 * erfc(-a * sqrt_half);
}

double op_normal_pdf(double a)
{
	const double one_by_sqrt_2pi = 0.39894228040143267794;
	return one_by_sqrt_2pi * exp(-0.5 * a * a);
}

// One function a row: for NARY the arguments are folded from left to right, else `value` is taken once.
#define FOLD_LEAF(value) y = value
#define FOLD_UNARY(value) y = value
#define FOLD_BINARY(value) y = value
#define FOLD_NARY(value) \
	for (k = op_first_fold(op); k <= count; k++) { \
		a = argument[k - 1]; \
		y = value; \
	}

// SUM, PROD, MAX and MIN start from the first argument; ARGMAX and ARGMIN look at it too.
static uint32_t op_first_fold(Op op)
{
	return op == OP_ARGMAX || op == OP_ARGMIN ? 1 : 2;
}

double op_value(Op op, const double *argument, uint32_t count)
{
	Real a = argument[0], b = count > 1 ? argument[1] : 0, y = a, m = a;
	uint32_t k = 1;
	(void)b, (void)m, (void)k;
	switch (op) {
#define OP(id, text, arity, form, value, by_a, by_b, rule) \
	case OP_##id: \
		FOLD_##arity(value); \
		break;
#include "core/ops.def"
#undef OP
	case OP_COUNT:
		break;
	}
	return y;
}
