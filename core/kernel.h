// Kernels: loops over rows of numbers, in single and double precision, built for several levels of the processor.
//
// One source (core/kernel_body.h) is compiled for each precision and, on x86-64, for the baseline and the levels v3
// (AVX2, FMA) and v4 (AVX-512); kernels_for picks what the processor can do. The values of operations are the rows of
// core/ops.def. exp, log and tanh are our own as well (core/kernel_functions.h, with their errors), the other
// functions the C library's.
//
// Matrix products are done by loops of our own (core/kernel_matrix.h); where a BLAS is faster large ones go to it
// (core/blas.h).
//
// Pointers are to numbers of the kernels' precision, `size` bytes each. A result may be the very place of an argument,
// but may not overlap it otherwise.
#ifndef CORE_KERNEL_H
#define CORE_KERNEL_H

#include "core/blas.h"
#include "core/ops.h"
#include "core/program.h"

enum {
	KERNEL_CHUNK = 256, KERNEL_STRIP = 32,   // numbers that loops over rows take at a time
	KERNEL_FEW_COLUMNS = 4, KERNEL_FEW_ROWS = 2,   // of a product that is done without panels
	KERNEL_BLOCK = 512, KERNEL_DEPTH = 256,   // columns and rows of B that a matrix product holds at a time; or half
	                                          // the columns, twice the rows
	KERNEL_SCRATCH = (KERNEL_BLOCK + 2 * 16) * KERNEL_DEPTH,
};

// y[i] = op(argument 0 at i, …), i < n. An argument's stride is 1, or 0: one number for all i.
typedef void KernelElements(void *y, const void *const *argument, const size_t *stride, uint32_t count, size_t n);

// y[l] = op over k < count of x[where(k)*width + l], l < width; where(k) is row[k], or first + k*along without `row`.
typedef struct FoldRows {
	const uint32_t *row;
	uint32_t first;
	int32_t along;
	uint32_t count;
} FoldRows;
typedef void KernelFold(void *y, const void *x, FoldRows rows, size_t width);

// C = keep*C + start + scale*A*B, C being m×n with rows ldc apart, A m×k, B k×n. Transposed: stored k×m or n×k. With a
// `keep` of 0 C is not read. `start` has a number for each row of C, or is NULL.
typedef struct MatrixCall {
	size_t m, n, k;
	double keep, scale;
	const void *a, *b;
	size_t lda, ldb, ldc;
	bool a_transposed, b_transposed;
	void *c;
	const void *start;
	const Blas *blas;    // large products go to it; NULL for none
	void *scratch;   // KERNEL_SCRATCH numbers, aligned to 64 bytes
} MatrixCall;

// Threaded code (J. R. Bell, Threaded Code, 1973): one operation on single numbers, y = op(a, b), of an n-ary operation on two
// arguments, or one of those below; then the step behind it in the array, up to SCALAR_END.
typedef struct ScalarStep ScalarStep;
typedef void KernelScalar(const ScalarStep *step);
struct ScalarStep {
	KernelScalar *run;
	void *y;
	const void *a, *b, *c;
};
enum { SCALAR_PLUS_PRODUCT = OP_COUNT + 2, SCALAR_MINUS_PRODUCT, SCALAR_END };   // y = c + a*b, y = c - a*b

typedef struct Kernels {
	size_t size;
	KernelScalar *(*scalar)(unsigned op);   // an Op or SCALAR_…; NULL for leaves
	KernelElements *(*elements)(unsigned op);   // an Op or OP_PAIRS
	KernelFold *(*fold)(Op op);
	void (*batch_sum)(void *y, const void *x, size_t step, size_t rows, size_t lanes);   // y[r] = sum of x[r*step + l], l < lanes
	void (*gather)(void *y, const void *x, const uint32_t *row, size_t n);   // y[i] = x[row[i]]
	void (*spaced)(void *y, const void *x, ptrdiff_t step, size_t n);  // y[i] = x[i*step]
	void (*turn)(void *y, const void *x, size_t stride, size_t rows, size_t lanes);   // y[r*lanes+l] = x[l*stride+r]
	void (*fill)(void *y, const void *x, size_t n);                    // y[i] = *x
	void (*add_scaled)(void *y, const void *u, const void *v, size_t n);   // y[i] += *u * v[i]
	void (*add_dot)(void *y, const void *u, const void *v, size_t n);      // *y += sum of u[i]*v[i]
	void (*matrix)(const MatrixCall *call);
	double (*get)(const void *x);
	void (*set)(void *y, double value);
} Kernels;

const Kernels *kernels_for(Precision precision);
// Those of a level, 0 the baseline, 1 v3, 2 v4; NULL where the processor has not got it.
const Kernels *kernels_of_level(Precision precision, int level);
// Whether a BLAS is faster than our own loops on this processor (core/blas.h).
bool kernels_blas_pays(void);

// The kernels of each precision and level; for kernels_for.
extern const Kernels kernels_double_base, kernels_single_base;
#if defined(__x86_64__) && defined(__GNUC__) && !defined(KERNEL_BASELINE)   // defined: the baseline alone, not unrolled
#define KERNEL_LEVELS 1
extern const Kernels kernels_double_v3, kernels_double_v4, kernels_single_v3, kernels_single_v4;
#endif

#endif
