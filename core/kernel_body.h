// The kernels, compiled once for each precision and level: LEVEL(name) gives each its own names. VECTOR_BYTES is the
// width for which vectors are laid out.

// No iteration of a loop so marked reads what another one writes.
#undef INDEPENDENT
#undef UNROLLED
#ifdef __clang__
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define INDEPENDENT _Pragma("GCC ivdep")
#define UNROLLED _Pragma("GCC unroll 16")
#endif

// ---- Operations element by element: a function for each row of core/ops.def

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

// x_1*x_2 + x_3*x_4 + …
static void LEVEL(elements_PAIRS)(void *y, const void *const *argument, const size_t *stride, uint32_t count, size_t n)
{
	Real sum[KERNEL_CHUNK];
	for (size_t start = 0; start < n; start += KERNEL_CHUNK) {
		const size_t width = n - start < KERNEL_CHUNK ? n - start : KERNEL_CHUNK;
		memset(sum, 0, width * sizeof *sum);
		for (uint32_t k = 0; k < count; k += 2) {
			const Real *p = (const Real *)argument[k] + start * stride[k];
			const Real *q = (const Real *)argument[k + 1] + start * stride[k + 1];
			const Real p0 = p[0], q0 = q[0];
			if (stride[k] && stride[k + 1])
				for (size_t i = 0; i < width; i++)
					sum[i] += p[i] * q[i];
			else if (stride[k])
				for (size_t i = 0; i < width; i++)
					sum[i] += p[i] * q0;
			else
				for (size_t i = 0; i < width; i++)
					sum[i] += p0 * (stride[k + 1] ? q[i] : q0);
		}
		memcpy((Real *)y + start, sum, width * sizeof *sum);
	}
}

// ---- Vector functions

#if defined(HAVE_SLEEF) && defined(SLEEF_EXP)

typedef Real LEVEL(Vector) __attribute__((vector_size(VECTOR_BYTES)));
enum { LEVEL(WIDTH) = VECTOR_BYTES / sizeof(Real) };

#define VECTOR_FUNCTION(name, sleef) \
	LEVEL(Vector) sleef(LEVEL(Vector)); \
	static void LEVEL(vector_##name)(Real *y, const Real *x, size_t n) \
	{ \
		size_t i = 0; \
		LEVEL(Vector) v; \
		for (; i + LEVEL(WIDTH) <= n; i += LEVEL(WIDTH)) { \
			memcpy(&v, x + i, sizeof v); \
			v = sleef(v); \
			memcpy(y + i, &v, sizeof v); \
		} \
		if (i < n) { \
			Real rest[LEVEL(WIDTH)] = {0}; \
			memcpy(rest, x + i, (n - i) * sizeof *x); \
			memcpy(&v, rest, sizeof v); \
			v = sleef(v); \
			memcpy(rest, &v, sizeof v); \
			memcpy(y + i, rest, (n - i) * sizeof *x); \
		} \
	} \
	static void LEVEL(vectors_##name)(void *y, const void *const *argument, const size_t *stride, uint32_t count, size_t n) \
	{ \
		(void)count; \
		if (stride[0]) { \
			LEVEL(vector_##name)(y, argument[0], n); \
			return; \
		} \
		Real one; \
		LEVEL(vector_##name)(&one, argument[0], 1); \
		for (size_t i = 0; i < n; i++) \
			((Real *)y)[i] = one; \
	}
VECTOR_FUNCTION(EXP, SLEEF_EXP)
VECTOR_FUNCTION(LOG, SLEEF_LOG)
VECTOR_FUNCTION(TANH, SLEEF_TANH)

// 1/(1 + exp(-a)), chunk by chunk.
static void LEVEL(vectors_SIGMOID)(void *y_, const void *const *argument, const size_t *stride, uint32_t count, size_t n)
{
	Real *y = y_, part[KERNEL_CHUNK];
	const Real *x = argument[0];
	(void)count;
	for (size_t start = 0; start < n; start += KERNEL_CHUNK) {
		size_t width = n - start < KERNEL_CHUNK ? n - start : KERNEL_CHUNK;
		for (size_t i = 0; i < width; i++)
			part[i] = -x[(start + i) * stride[0]];
		LEVEL(vector_EXP)(part, part, width);
		for (size_t i = 0; i < width; i++)
			y[start + i] = 1 / (1 + part[i]);
	}
}

static KernelElements *LEVEL(vectors)(unsigned op)
{
	return op == OP_EXP       ? LEVEL(vectors_EXP)
	       : op == OP_LOG     ? LEVEL(vectors_LOG)
	       : op == OP_TANH    ? LEVEL(vectors_TANH)
	       : op == OP_SIGMOID ? LEVEL(vectors_SIGMOID)
	                          : NULL;
}
#undef VECTOR_FUNCTION

#else
static KernelElements *LEVEL(vectors)(unsigned op)
{
	(void)op;
	return NULL;
}
#endif

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
	KernelElements *vectors = LEVEL(vectors)(op);
	return op == OP_PAIRS ? LEVEL(elements_PAIRS) : vectors ? vectors : row[op];
}

// ---- Folds

#define FOLD_LEAF(id, expression)
#define FOLD_UNARY(id, expression)
#define FOLD_BINARY(id, expression)
#define FOLD_NARY(id, expression) \
	static void LEVEL(fold_##id)(void *y_, const void *x_, FoldRows rows, size_t lanes) \
	{ \
		Real result[KERNEL_CHUNK], memory[REMEMBERS(id) ? KERNEL_CHUNK : 1]; \
		(void)memory; \
		for (size_t start = 0; start < lanes; start += KERNEL_CHUNK) { \
			const size_t width = lanes - start < KERNEL_CHUNK ? lanes - start : KERNEL_CHUNK; \
			const Real *x = (const Real *)x_ + start; \
			const Real *p = x + (rows.row ? rows.row[0] : rows.first) * lanes; \
			FOLD_START(id, expression, p[i]) \
			for (uint32_t j = 1; j < rows.count; j++) { \
				const Real *q = x + (rows.row ? rows.row[j] : rows.first + j * (uint32_t)rows.along) * lanes; \
				const Real k = (Real)(j + 1); \
				(void)k; \
				FOLD_NEXT(id, expression, q[i]) \
			} \
			memcpy((Real *)y_ + start, result, width * sizeof *result); \
		} \
	}
#define OP(id, text, arity, form, value, by_a, by_b, rule) FOLD_##arity(id, value)
#include "core/ops.def"
#undef OP

#define FOLDS_LEAF(id) NULL
#define FOLDS_UNARY(id) NULL
#define FOLDS_BINARY(id) NULL
#define FOLDS_NARY(id) LEVEL(fold_##id)
static KernelFold *LEVEL(fold)(Op op)
{
	static KernelFold *const row[OP_COUNT] = {
#define OP(id, text, arity, form, value, by_a, by_b, rule) [OP_##id] = FOLDS_##arity(id),
#include "core/ops.def"
#undef OP
	};
	return row[op];
}

// ---- Sums over the lanes: eight sums side by side, then those from left to right

static Real LEVEL(add_up)(const Real *x, size_t n)
{
	Real part[8] = {0}, sum = 0;
	size_t i = 0;
	for (; i + 8 <= n; i += 8)
		for (size_t k = 0; k < 8; k++)
			part[k] += x[i + k];
	for (; i < n; i++)
		sum += x[i];
	for (size_t k = 0; k < 8; k++)
		sum += part[k];
	return sum;
}

static Real LEVEL(dot)(const Real *u, const Real *v, size_t n)
{
	Real part[8] = {0}, sum = 0;
	size_t i = 0;
	for (; i + 8 <= n; i += 8)
		for (size_t k = 0; k < 8; k++)
			part[k] += u[i + k] * v[i + k];
	for (; i < n; i++)
		sum += u[i] * v[i];
	for (size_t k = 0; k < 8; k++)
		sum += part[k];
	return sum;
}

static void LEVEL(batch_sum)(void *y, const void *x, size_t lanes)
{
	*(Real *)y = LEVEL(add_up)(x, lanes);
}

static void LEVEL(add_dot)(void *y, const void *u, const void *v, size_t n)
{
	*(Real *)y += LEVEL(dot)(u, v, n);
}

static void LEVEL(add_scaled)(void *y_, const void *u, const void *v_, size_t n)
{
	Real *y = y_;
	const Real *v = v_, scale = *(const Real *)u;
	INDEPENDENT for (size_t i = 0; i < n; i++)
		y[i] += scale * v[i];
}

// ---- Moving

static void LEVEL(gather)(void *y_, const void *x_, const uint32_t *row, size_t n)
{
	Real *y = y_;
	const Real *x = x_;
	for (size_t i = 0; i < n; i++)
		y[i] = x[row[i]];
}

static void LEVEL(spaced)(void *y_, const void *x_, ptrdiff_t step, size_t n)
{
	Real *y = y_;
	const Real *x = x_;
	for (size_t i = 0; i < n; i++)
		y[i] = x[(ptrdiff_t)i * step];
}

static void LEVEL(turn)(void *y_, const void *x_, size_t stride, size_t rows, size_t lanes)
{
	enum { EDGE = 16 };
	Real *y = y_;
	const Real *x = x_;
	for (size_t r0 = 0; r0 < rows; r0 += EDGE)
		for (size_t l0 = 0; l0 < lanes; l0 += EDGE)
			for (size_t r = r0; r < rows && r < r0 + EDGE; r++)
				for (size_t l = l0; l < lanes && l < l0 + EDGE; l++)
					y[r * lanes + l] = x[l * stride + r];
}

static void LEVEL(fill)(void *y_, const void *x, size_t n)
{
	Real *y = y_;
	const Real value = *(const Real *)x;
	for (size_t i = 0; i < n; i++)
		y[i] = value;
}

static double LEVEL(get)(const void *x)
{
	return (double)*(const Real *)x;
}

static void LEVEL(set)(void *y, double value)
{
	*(Real *)y = (Real)value;
}

// ---- Matrix products

#ifdef VECTOR_BYTES
#include "core/kernel_matrix.h"
#else
static void LEVEL(matrix_by_loops)(const MatrixCall *call)
{
	const Real *a = call->a, *b = call->b;
	for (size_t i = 0; i < call->m; i++)
		for (size_t j = 0; j < call->n; j++) {
			Real *c = (Real *)call->c + i * call->ldc + j, sum = 0;
			for (size_t p = 0; p < call->k; p++)
				sum += (call->a_transposed ? a[p * call->lda + i] : a[i * call->lda + p]) *
				       (call->b_transposed ? b[j * call->ldb + p] : b[p * call->ldb + j]);
			*c = (call->keep ? *c : 0) + (Real)call->scale * sum;
		}
}
#endif

static void LEVEL(matrix)(const MatrixCall *call)
{
	if (!call->blas || !matrix_by_blas(call))
		LEVEL(matrix_by_loops)(call);
}

const Kernels LEVEL(kernels) = {
	.size = sizeof(Real), .elements = LEVEL(elements), .fold = LEVEL(fold), .batch_sum = LEVEL(batch_sum),
	.gather = LEVEL(gather), .spaced = LEVEL(spaced), .turn = LEVEL(turn), .fill = LEVEL(fill),
	.add_scaled = LEVEL(add_scaled), .add_dot = LEVEL(add_dot), .matrix = LEVEL(matrix), .get = LEVEL(get),
	.set = LEVEL(set),
};
