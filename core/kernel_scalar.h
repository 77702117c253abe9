// Operations on single numbers as threaded code (ScalarStep of core/kernel.h): a function for each row of core/ops.def and
// for each SCALAR_… . Included by core/kernel_body.h, once for each precision and level.
//
// Each goes on to the next by a jump, where the compiler makes one of a call in last place; else their number, which is small
// (core/program_scalar.c), is the depth of the stack.
#define NEXT step[1].run(step + 1)
#define AT(pointer) (*(const Real *)step->pointer)
#define SCALAR_LEAF(id, expression)
#define SCALAR_UNARY(id, expression) \
	static void LEVEL(scalar_##id)(const ScalarStep *step) \
	{ \
		const Real a = AT(a); \
		*(Real *)step->y = expression; \
		NEXT; \
	}
#define SCALAR_BINARY(id, expression) \
	static void LEVEL(scalar_##id)(const ScalarStep *step) \
	{ \
		const Real a = AT(a), b = AT(b); \
		*(Real *)step->y = expression; \
		NEXT; \
	}
#define SCALAR_NARY(id, expression) \
	static void LEVEL(scalar_##id)(const ScalarStep *step) \
	{ \
		Real y = AT(a), a = AT(b), m = y; \
		const Real k = 2; \
		(void)m, (void)k; \
		*(Real *)step->y = expression; \
		NEXT; \
	}
#define OP(id, text, arity, form, value, by_a, by_b, rule) SCALAR_##arity(id, value)
#include "core/ops.def"
#undef OP

static void LEVEL(scalar_plus_product)(const ScalarStep *step)
{
	*(Real *)step->y = AT(c) + AT(a) * AT(b);
	NEXT;
}

static void LEVEL(scalar_minus_product)(const ScalarStep *step)
{
	*(Real *)step->y = AT(c) - AT(a) * AT(b);
	NEXT;
}
static void LEVEL(scalar_end)(const ScalarStep *step)
{
	(void)step;
}
#undef NEXT
#undef AT

#define SCALARS_LEAF(id) NULL
#define SCALARS_UNARY(id) LEVEL(scalar_##id)
#define SCALARS_BINARY(id) LEVEL(scalar_##id)
#define SCALARS_NARY(id) LEVEL(scalar_##id)
static KernelScalar *LEVEL(scalar)(unsigned op)
{
	static KernelScalar *const row[] = {
#define OP(id, text, arity, form, value, by_a, by_b, rule) [OP_##id] = SCALARS_##arity(id),
#include "core/ops.def"
#undef OP
		[SCALAR_PLUS_PRODUCT] = LEVEL(scalar_plus_product), [SCALAR_MINUS_PRODUCT] = LEVEL(scalar_minus_product),
		[SCALAR_END] = LEVEL(scalar_end),
	};
	return row[op];
}
