// The kernels in double precision.
#define NAMED(name, level) name##_double_##level
#define BLAS_MULTIPLY multiply_double
#include "core/kernel_levels.h"
