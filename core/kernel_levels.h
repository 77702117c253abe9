// Includes core/kernel_body.h once for each level. Included by core/kernel_single.c and core/kernel_double.c, which say
// what NAMED(name, level) is.
#include "core/kernel_real.h"

#include <limits.h>

#if defined(__GNUC__) && !defined(__clang__)
// Loops over rows and numbers stay as they are written: the numbers, inside, become vectors.
#pragma GCC optimize("O3", "no-trapping-math", "no-math-errno", "fp-contract=fast", "no-loop-unroll-and-jam", "no-loop-interchange")
#elif defined(__clang__)
#pragma STDC FP_CONTRACT ON
#pragma clang diagnostic ignored "-Wpass-failed"   // what calls the C library is not made into vectors
#endif

enum { SMALL_PRODUCT = 20000 };   // multiplications below which a call costs more than it saves

static bool matrix_by_blas(const MatrixCall *call)
{
	if (!call->blas || call->start || call->m * call->n * call->k < SMALL_PRODUCT || call->lda > INT_MAX ||
	    call->ldb > INT_MAX || call->ldc > INT_MAX)
		return false;
	call->blas->BLAS_MULTIPLY(BLAS_ROWS, call->a_transposed ? BLAS_TRANSPOSED : BLAS_AS_IS,
	                          call->b_transposed ? BLAS_TRANSPOSED : BLAS_AS_IS, (int)call->m, (int)call->n, (int)call->k,
	                          (Real)call->scale, call->a, (int)call->lda, call->b, (int)call->ldb, (Real)call->keep, call->c,
	                          (int)call->ldc);
	return true;
}

#define LEVEL(name) NAMED(name, base)
#ifdef __GNUC__
#define VECTOR_BYTES 16
#endif
#include "core/kernel_body.h"

#ifdef KERNEL_LEVELS

#undef LEVEL
#undef VECTOR_BYTES
#define LEVEL(name) NAMED(name, v3)
#define VECTOR_BYTES 32
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif
#include "core/kernel_body.h"
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#undef LEVEL
#undef VECTOR_BYTES
#define LEVEL(name) NAMED(name, v4)
#define VECTOR_BYTES 64
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512dq,avx512vl,avx512bw"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,avx512f,avx512dq,avx512vl,avx512bw,prefer-vector-width=512")
#endif
#include "core/kernel_body.h"
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
