// The words of the rows of core/ops.def for kernels: Real, REAL(), EXP() … in the precision of KERNEL_SINGLE or double.
// Included once by each of core/kernel_single.c and core/kernel_double.c.
#include "core/kernel.h"

#include <math.h>
#include <string.h>

#ifdef KERNEL_SINGLE
typedef float Real;
#define OF_PRECISION(name) name##f
#else
typedef double Real;
#define OF_PRECISION(name) name
#endif

#define REAL(x) ((Real)(x))
#define EXP(x) OF_PRECISION(exp)(x)
#define EXPM1(x) OF_PRECISION(expm1)(x)
#define LOG(x) OF_PRECISION(log)(x)
#define LOG1P(x) OF_PRECISION(log1p)(x)
#define SQRT(x) OF_PRECISION(sqrt)(x)
#define FABS(x) OF_PRECISION(fabs)(x)
#define SIN(x) OF_PRECISION(sin)(x)
#define COS(x) OF_PRECISION(cos)(x)
#define TANH(x) OF_PRECISION(tanh)(x)
#define POW(x, y) OF_PRECISION(pow)(x, y)
#define INTPOW(x, n) ((Real)op_integer_power((double)(x), (double)(n)))
#define NORMAL_CDF(x) ((Real)op_normal_cdf((double)(x)))
#define NORMAL_PDF(x) ((Real)op_normal_pdf((double)(x)))
