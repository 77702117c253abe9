// The functions that the rows of core/ops.def name, in double precision. All take arguments: a row's id such as EXP,
// without them, stays a name.
#ifndef CORE_REAL_H
#define CORE_REAL_H

#include "core/ops.h"

#include <math.h>

#ifdef __FAST_MATH__
#error "the printed numbers rest on IEEE arithmetic: build without -ffast-math"
#endif

typedef double Real;
#define REAL(x) ((Real)(x))
#define EXP(x) exp(x)
#define EXPM1(x) expm1(x)
#define LOG(x) log(x)
#define LOG1P(x) log1p(x)
#define SQRT(x) sqrt(x)
#define FABS(x) fabs(x)
#define SIN(x) sin(x)
#define COS(x) cos(x)
#define TANH(x) tanh(x)
#define POW(x, y) pow(x, y)
#define INTPOW(x, n) op_integer_power(x, n)
#define NORMAL_CDF(x) op_normal_cdf(x)
#define NORMAL_PDF(x) op_normal_pdf(x)

#endif
