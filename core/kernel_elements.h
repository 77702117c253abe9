// Operations element by element, part of core/kernel_body.h: a function for each row of core/ops.def.

#define LOOP(expression, a_at, b_at) \
	INDEPENDENT for (size_t i = 0; i < n; i++) { \
		const Real a = (a_at), b = (b_at); \
		(void)b; \
		y_at[i] = expression; \
	}

#define ELEMENTS_LEAF(id, expression)
#define ELEMENTS_UNARY(id, expression) \
	static void LEVEL(elements_##id)(void *y_, const void *const *argument, const size_t *stride, uint32_t count, size_t n) \
	{ \
		Real *y_at = y_; \
		const Real *p = argument[0]; \
		(void)count; \
		if (stride[0]) \
			LOOP(expression, p[i], p[0]) \
		else { \
			const Real first = p[0]; \
			LOOP(expression, first, first) \
		} \
	}
#define ELEMENTS_BINARY(id, expression) \
	static void LEVEL(elements_##id)(void *y_, const void *const *argument, const size_t *stride, uint32_t count, size_t n) \
	{ \
		Real *y_at = y_; \
		const Real *p = argument[0], *q = argument[1]; \
		const Real p0 = p[0], q0 = q[0]; \
		(void)count; \
		if (stride[0] && stride[1]) \
			LOOP(expression, p[i], q[i]) \
		else if (stride[0]) \
			LOOP(expression, p[i], q0) \
		else if (stride[1]) \
			LOOP(expression, p0, q[i]) \
		else \
			LOOP(expression, p0, q0) \
	}

// Chunk by chunk, so that the result may be the place of any argument.
#define REMEMBERS(id) (OP_##id == OP_ARGMAX || OP_##id == OP_ARGMIN)
#define FOLD_START(id, expression, first) \
	INDEPENDENT for (size_t i = 0; i < width; i++) { \
		Real a = (first), y = a, m = a; \
		const Real k = 1; \
		(void)k, (void)a; \
		if (REMEMBERS(id)) \
			y = expression; \
		result[i] = y; \
		if (REMEMBERS(id)) \
			memory[i] = m; \
	}
#define FOLD_NEXT(id, expression, next) \
	INDEPENDENT for (size_t i = 0; i < width; i++) { \
		Real a = (next), y = result[i], m = REMEMBERS(id) ? memory[i] : a; \
		(void)m; \
		result[i] = expression; \
		if (REMEMBERS(id)) \
			memory[i] = m; \
	}

#define ELEMENTS_NARY(id, expression) \
	static void LEVEL(chunk_##id)(Real *y_at, const void *const *argument, const size_t *stride, uint32_t count, \
	                              size_t start, size_t width) \
	{ \
		Real result[KERNEL_CHUNK], memory[REMEMBERS(id) ? KERNEL_CHUNK : 1]; \
		const Real *p = (const Real *)argument[0] + start * stride[0]; \
		(void)memory; \
		if (stride[0]) \
			FOLD_START(id, expression, p[i]) \
		else \
			FOLD_START(id, expression, p[0]) \
		for (uint32_t j = 1; j < count; j++) { \
			const Real *q = (const Real *)argument[j] + start * stride[j]; \
			const Real q0 = q[0], k = (Real)(j + 1); \
			(void)k; \
			if (stride[j]) \
				FOLD_NEXT(id, expression, q[i]) \
			else \
				FOLD_NEXT(id, expression, q0) \
		} \
		memcpy(y_at + start, result, width * sizeof *result); \
	} \
	static void LEVEL(pair_##id)(Real *y_at, const void *const *argument, const size_t *stride, size_t n) \
	{ \
		const Real *p = argument[0], *q = argument[1]; \
		const Real p0 = p[0], q0 = q[0]; \
		if (stride[0] && stride[1]) \
			LOOP_PAIR(expression, p[i], q[i]) \
		else if (stride[0]) \
			LOOP_PAIR(expression, p[i], q0) \
		else \
			LOOP_PAIR(expression, p0, q[i]) \
	} \
	static void LEVEL(elements_##id)(void *y, const void *const *argument, const size_t *stride, uint32_t count, size_t n) \
	{ \
		if (count == 2 && !REMEMBERS(id) && (stride[0] || stride[1])) { \
			LEVEL(pair_##id)(y, argument, stride, n); \
			return; \
		} \
		for (size_t start = 0; start < n; start += KERNEL_CHUNK) \
			LEVEL(chunk_##id)(y, argument, stride, count, start, n - start < KERNEL_CHUNK ? n - start : KERNEL_CHUNK); \
	}
#define LOOP_PAIR(expression, first, second) \
	INDEPENDENT for (size_t i = 0; i < n; i++) { \
		Real y = (first), a = (second), m = a; \
		const Real k = 2; \
		(void)m, (void)k; \
		y_at[i] = expression; \
	}

#define OP(id, text, arity, form, value, by_a, by_b, rule) ELEMENTS_##arity(id, value)
#include "core/ops.def"
#undef OP

// x_1*x_2 + x_3*x_4 + … of a chunk, all in rows.
INLINED void LEVEL(add_pairs)(Real *y, const Real *const *x, const uint32_t count, size_t width)
{
	INDEPENDENT for (size_t i = 0; i < width; i++) {
		Real sum = x[0][i] * x[1][i];
		UNROLLED for (uint32_t k = 2; k < count; k += 2)
			sum += x[k][i] * x[k + 1][i];
		y[i] = sum;
	}
}

// One pair more.
static void LEVEL(add_pair)(Real *sum, const Real *p, const Real *q, size_t width)
{
	INDEPENDENT for (size_t i = 0; i < width; i++)
		sum[i] += p[i] * q[i];
}

// An operand's numbers of a chunk: where they lie, or `row` filled with the one that there is.
static const Real *LEVEL(row_of)(const Real *x, size_t stride, size_t start, size_t width, Real *row)
{
	if (stride)
		return x + start;
	const Real value = *x;
	for (size_t i = 0; i < width; i++)
		row[i] = value;
	return row;
}

static void LEVEL(elements_PAIRS)(void *y_, const void *const *argument, const size_t *stride, uint32_t count, size_t n)
{
	enum { FEW = 8 };
	Real *y = y_, row[FEW][KERNEL_CHUNK], sum[KERNEL_CHUNK];
	const Real *x[FEW];
	for (size_t start = 0; start < n; start += KERNEL_CHUNK) {
		const size_t width = n - start < KERNEL_CHUNK ? n - start : KERNEL_CHUNK;
		for (uint32_t k = 0; k < count && k < FEW; k++)
			x[k] = LEVEL(row_of)(argument[k], stride[k], start, width, row[k]);
		if (count == 2) {
			LEVEL(add_pairs)(y + start, x, 2, width);
		} else if (count == 4) {
			LEVEL(add_pairs)(y + start, x, 4, width);
		} else if (count == 6) {
			LEVEL(add_pairs)(y + start, x, 6, width);
		} else {   // into a place of its own: y may be the place of an argument that is still to come
			LEVEL(add_pairs)(count > FEW ? sum : y + start, x, FEW, width);
			for (uint32_t k = FEW; k < count; k += 2)
				LEVEL(add_pair)(sum, LEVEL(row_of)(argument[k], stride[k], start, width, row[0]),
				                LEVEL(row_of)(argument[k + 1], stride[k + 1], start, width, row[1]), width);
			if (count > FEW)
				memcpy(y + start, sum, width * sizeof *sum);
		}
	}
}

#define ROW_LEAF(id) NULL
#define ROW_UNARY(id) LEVEL(elements_##id)
#define ROW_BINARY(id) LEVEL(elements_##id)
#define ROW_NARY(id) LEVEL(elements_##id)
static KernelElements *LEVEL(elements)(unsigned op)
{
	static KernelElements *const row[OP_COUNT] = {
#define OP(id, text, arity, form, value, by_a, by_b, rule) [OP_##id] = ROW_##arity(id),
#include "core/ops.def"
#undef OP
	};
	return op == OP_PAIRS ? LEVEL(elements_PAIRS) : row[op];
}
