// The kernels in double precision.
#define NAMED(name, level) name##_double_##level
#define BLAS_GEMM cblas_dgemm
#include "core/kernel_levels.h"
