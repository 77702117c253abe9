// The kernels in double precision.
#define NAMED(name, level) name##_double_##level
#define BLAS_GEMM cblas_dgemm
#define SLEEF_BASE(name) Sleef_##name##d2_u10
#define SLEEF_V3(name) Sleef_##name##d4_u10avx2
#define SLEEF_V4(name) Sleef_##name##d8_u10avx512f
#include "core/kernel_levels.h"
