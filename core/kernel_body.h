// The kernels, compiled once for each precision and level: LEVEL(name) gives each its own names. VECTOR_BYTES is the
// width for which vectors are laid out.

// No iteration of a loop so marked reads what another one writes.
#undef INDEPENDENT
#undef UNROLLED
#undef NO_VECTORS
#ifdef __clang__
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#ifdef KERNEL_BASELINE
#define UNROLLED _Pragma("clang loop unroll(disable)")
#else
#define UNROLLED _Pragma("clang loop unroll(full)")
#endif
#define NO_VECTORS _Pragma("clang loop vectorize(disable) unroll(disable)")
#else
#define INDEPENDENT _Pragma("GCC ivdep")
#define UNROLLED _Pragma("GCC unroll 16")
#define NO_VECTORS _Pragma("GCC unroll 1")
#endif

#undef INLINED
#undef NOT_INLINED
#ifdef __GNUC__
#define INLINED static inline __attribute__((always_inline))
#define NOT_INLINED static __attribute__((noinline))
#else
#define INLINED static inline
#define NOT_INLINED static
#endif

#include "core/kernel_functions.h"

#include "core/kernel_elements.h"
#include "core/kernel_scalar.h"

// ---- Folds

#define FOLD_LEAF(id, expression)
#define FOLD_UNARY(id, expression)
#define FOLD_BINARY(id, expression)
#define FOLD_NARY(id, expression) \
	INLINED void LEVEL(fold_part_##id)(Real *y_at, const Real *x, const FoldRows *rows, size_t lanes, const size_t width) \
	{ \
		Real result[KERNEL_CHUNK], memory[REMEMBERS(id) ? KERNEL_CHUNK : 1]; \
		(void)memory; \
		const Real *p = x + (rows->row ? rows->row[0] : rows->first) * lanes; \
		FOLD_START(id, expression, p[i]) \
		for (uint32_t j = 1; j < rows->count; j++) { \
			const Real *q = x + (rows->row ? rows->row[j] : rows->first + j * (uint32_t)rows->along) * lanes; \
			const Real k = (Real)(j + 1); \
			(void)k; \
			FOLD_NEXT(id, expression, q[i]) \
		} \
		memcpy(y_at, result, width * sizeof *result); \
	} \
	static void LEVEL(fold_##id)(void *y, const void *x, FoldRows rows, size_t lanes) \
	{ \
		size_t i = 0; \
		for (; i + KERNEL_CHUNK <= lanes; i += KERNEL_CHUNK) \
			LEVEL(fold_part_##id)((Real *)y + i, (const Real *)x + i, &rows, lanes, KERNEL_CHUNK); \
		for (; i + KERNEL_STRIP <= lanes; i += KERNEL_STRIP) \
			LEVEL(fold_part_##id)((Real *)y + i, (const Real *)x + i, &rows, lanes, KERNEL_STRIP); \
		if (i < lanes) \
			LEVEL(fold_part_##id)((Real *)y + i, (const Real *)x + i, &rows, lanes, lanes - i); \
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

// ---- Sums over the lanes: eight sums side by side (of long rows 256 bytes, then eight), then those from left to right

enum { LEVEL(MANY_SUMS) = 256 / sizeof(Real), LEVEL(LONG_ROW) = 256 };

static Real LEVEL(add_up_long)(const Real *x, size_t n)
{
	enum { MANY = LEVEL(MANY_SUMS) };
	Real part[MANY] = {0}, sum = 0;
	size_t i = 0;
	for (; i + MANY <= n; i += MANY)
		UNROLLED for (size_t k = 0; k < MANY; k++)
			part[k] += x[i + k];
	for (; i + 8 <= n; i += 8)
		for (size_t k = 0; k < 8; k++)
			part[k] += x[i + k];
	for (size_t j = 8; j < MANY; j += 8)
		for (size_t k = 0; k < 8; k++)
			part[k] += part[j + k];
	for (; i < n; i++)
		sum += x[i];
	for (size_t k = 0; k < 8; k++)
		sum += part[k];
	return sum;
}

static Real LEVEL(add_up)(const Real *x, size_t n)
{
	if (n >= LEVEL(LONG_ROW))
		return LEVEL(add_up_long)(x, n);
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

static void LEVEL(batch_sum)(void *y, const void *x, size_t step, size_t rows, size_t lanes)
{
	for (size_t r = 0; r < rows; r++)
		((Real *)y)[r] = LEVEL(add_up)((const Real *)x + r * step, lanes);
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

// What is kept of an entry of C, which may be no number at all where nothing is.
INLINED Real LEVEL(kept)(const MatrixCall *call, Real c)
{
	return call->keep != 0 ? (Real)call->keep * c : 0;
}

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
			*c = LEVEL(kept)(call, *c) + (call->start ? ((const Real *)call->start)[i] : 0) + (Real)call->scale * sum;
		}
}
#endif

// So few multiplications that finding the best way would take longer.
static void LEVEL(matrix_at_once)(const MatrixCall *call)
{
	const size_t down = call->a_transposed ? 1 : call->lda, along = call->a_transposed ? call->lda : 1;
	const size_t b_down = call->b_transposed ? 1 : call->ldb, b_along = call->b_transposed ? call->ldb : 1;
	const Real scale = (Real)call->scale, *start = call->start;
	for (size_t i = 0; i < call->m; i++)
		for (size_t j = 0; j < call->n; j++) {
			const Real *a = (const Real *)call->a + i * down, *b = (const Real *)call->b + j * b_along;
			Real *c = (Real *)call->c + i * call->ldc + j, sum = 0;
			NO_VECTORS for (size_t p = call->k; p > 0; p--, a += along, b += b_down)
				sum += *a * *b;
			*c = LEVEL(kept)(call, *c) + (start ? start[i] : 0) + scale * sum;
		}
}

static void LEVEL(matrix)(const MatrixCall *call)
{
	enum { AT_ONCE = 24 };
	if (call->m * call->n * call->k <= AT_ONCE)
		LEVEL(matrix_at_once)(call);
	else if (!matrix_by_blas(call))
		LEVEL(matrix_by_loops)(call);
}

const Kernels LEVEL(kernels) = {
	.size = sizeof(Real), .scalar = LEVEL(scalar), .elements = LEVEL(elements), .fold = LEVEL(fold), .batch_sum = LEVEL(batch_sum),
	.gather = LEVEL(gather), .spaced = LEVEL(spaced), .turn = LEVEL(turn), .fill = LEVEL(fill),
	.add_scaled = LEVEL(add_scaled), .add_dot = LEVEL(add_dot), .matrix = LEVEL(matrix), .get = LEVEL(get),
	.set = LEVEL(set),
};
