// The kernels in single precision.
#define KERNEL_SINGLE
#define NAMED(name, level) name##_single_##level
#define BLAS_GEMM cblas_sgemm
#define SLEEF_BASE(name) Sleef_##name##f4_u10
#define SLEEF_V3(name) Sleef_##name##f8_u10avx2
#define SLEEF_V4(name) Sleef_##name##f16_u10avx512f
#include "core/kernel_levels.h"
