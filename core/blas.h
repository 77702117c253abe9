// OpenBLAS, if it is installed: found when a program starts that has use for it, so that nobody else pays for loading it
// (3 to 10 ms; a whole `tutor trace` takes less).
//
// Where it is used: on processors without AVX2 only. Measured on one core, single and double precision, 784-512-256-10 and
// smaller, batches of 32 to 1024, against OpenBLAS 0.3.21 held to the same vectors:
//
//	AVX-512   our loops at 0.97 to 1.5 times its speed (its Cooperlake kernels) but for products of ten rows over the lanes
//	AVX2      our loops at 0.94 to 1.8 times its speed (Haswell)
//	SSE2      our loops at 0.8 to 1.1 times its speed (Core2, Nehalem); with AVX it is 2.5 times as fast (Sandybridge)
//
// So it would gain nothing on processors made since 2013, and cost the start.
#ifndef CORE_BLAS_H
#define CORE_BLAS_H

#include <stdbool.h>

// cblas_sgemm and cblas_dgemm; the first three arguments are enumerations of the interface (BLAS_…).
typedef void BlasSingle(int order, int transpose_a, int transpose_b, int m, int n, int k, float scale, const float *a, int lda,
                        const float *b, int ldb, float keep, float *c, int ldc);
typedef void BlasDouble(int order, int transpose_a, int transpose_b, int m, int n, int k, double scale, const double *a,
                        int lda, const double *b, int ldb, double keep, double *c, int ldc);
enum { BLAS_ROWS = 101, BLAS_AS_IS = 111, BLAS_TRANSPOSED = 112 };

typedef struct Blas {
	BlasSingle *multiply_single;
	BlasDouble *multiply_double;
} Blas;

// Loads the library, which then stays, and holds it to one thread: a program's own threads call it. False where there is
// none; `blas` is zero then.
bool blas_find(Blas *blas);

#endif
