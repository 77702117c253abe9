// The kernels in single precision.
#define KERNEL_SINGLE
#define NAMED(name, level) name##_single_##level
#define BLAS_MULTIPLY multiply_single
#include "core/kernel_levels.h"
