// The functions that the rows of core/ops.def name, in double precision.
#ifndef CORE_REAL_H
#define CORE_REAL_H

#include "core/ops.h"

#include <math.h>

#ifdef __FAST_MATH__
#error "the printed numbers rest on IEEE arithmetic: build without -ffast-math"
#endif

typedef double Real;
#define REAL(x) ((Real)(x))
#define EXP exp
#define EXPM1 expm1
#define LOG log
#define LOG1P log1p
#define SQRT sqrt
#define FABS fabs
#define SIN sin
#define COS cos
#define TANH tanh
#define POW pow
#define INTPOW op_integer_power
#define NORMAL_CDF op_normal_cdf
#define NORMAL_PDF op_normal_pdf

#endif
