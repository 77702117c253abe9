// The words of the rows of core/ops.def for kernels: Real, REAL(), EXP() … in the precision of KERNEL_SINGLE or double.
// exp, log and tanh are those of core/kernel_functions.h. Included once by each of core/kernel_single.c and core/kernel_double.c.
#include "core/kernel.h"

#include <float.h>
#include <math.h>
#include <string.h>

#ifdef KERNEL_SINGLE
typedef float Real;
#define OF_PRECISION(name) name##f
typedef uint32_t RealBits;
#define MANTISSA 23
#define EXPONENT_BIAS 127
#define HALF_ROOT 0x3F3504F3u   // the bits of sqrt(1/2)
#define FIRST_WHOLE 8388608.0f  // 2^23: it and what follows are whole numbers
#define ROUNDING 12582912.0f    // 1.5*2^23
#define LN2_HIGH 0.693359375f   // few enough bits that k*LN2_HIGH is exact
#define LN2_LOW -2.12194440e-4f
#define EXP_LEAST -104.0f       // exp of less is 0, of more than the other infinite
#define EXP_MOST 89.0f
#define SMALLEST_NORMAL FLT_MIN
#define LARGEST FLT_MAX
#define REAL_EPSILON FLT_EPSILON   // 2^-MANTISSA
#else
typedef double Real;
#define OF_PRECISION(name) name
typedef uint64_t RealBits;
#define MANTISSA 52
#define EXPONENT_BIAS 1023
#define HALF_ROOT 0x3FE6A09E667F3BCDu
#define FIRST_WHOLE 4503599627370496.0
#define ROUNDING 6755399441055744.0
#define LN2_HIGH 6.93147180369123816490e-01
#define LN2_LOW 1.90821492927058770002e-10
#define EXP_LEAST -746.0
#define EXP_MOST 710.0
#define SMALLEST_NORMAL DBL_MIN
#define LARGEST DBL_MAX
#define REAL_EPSILON DBL_EPSILON
#endif

#define REAL(x) ((Real)(x))
#define EXP(x) LEVEL(exp)(x)
#define EXPM1(x) OF_PRECISION(expm1)(x)
#define LOG(x) LEVEL(log)(x)
#define LOG1P(x) OF_PRECISION(log1p)(x)
#define SQRT(x) OF_PRECISION(sqrt)(x)
#define FABS(x) OF_PRECISION(fabs)(x)
#define SIN(x) OF_PRECISION(sin)(x)
#define COS(x) OF_PRECISION(cos)(x)
#define TANH(x) LEVEL(tanh)(x)
#define POW(x, y) OF_PRECISION(pow)(x, y)
#define INTPOW(x, n) ((Real)op_integer_power((double)(x), (double)(n)))
#define NORMAL_CDF(x) ((Real)op_normal_cdf((double)(x)))
#define NORMAL_PDF(x) ((Real)op_normal_pdf((double)(x)))
