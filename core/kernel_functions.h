// exp, log and tanh as arithmetic without branches, so that compilers make vectors of the loops that call them. Part of
// core/kernel_body.h, before the operations.
//
// Errors, in units in the last place, against the C library in long double over the whole range, NaN, infinities, zeros
// and numbers below the normal range included (tests/test_lift_kernels.c): exp and log at most 1.0, tanh at most 1.5,
// in both precisions and at each level (seen: 0.98, 0.83, 1.27).
//
// Why our own: they take about as long as SLEEF's functions of 1.0 ulp, are inlined into the loops of whatever operation
// calls them (sigmoid, softplus), and need no library, whose start would cost more than training a small net.
//
// exp: x = k*ln 2 + r, |r| <= ln(2)/2 (W. J. Cody and W. Waite, Software Manual for the Elementary Functions, 1980), then
// exp(r) by its series, or for float by the polynomial of S. Moshier's Cephes library. log: the series in s = f/(2+f) with
// the coefficients of Sun's fdlibm. tanh: Cephes's rational function near 0, else 1 - 2/(exp(2x) + 1).

#undef BITS_OF
#undef REAL_OF
#define BITS_OF(x) LEVEL(bits_of)(x)
#define REAL_OF(x) LEVEL(real_of)(x)

INLINED RealBits LEVEL(bits_of)(Real x)
{
	RealBits bits;
	memcpy(&bits, &x, sizeof bits);
	return bits;
}

INLINED Real LEVEL(real_of)(RealBits bits)
{
	Real x;
	memcpy(&x, &bits, sizeof x);
	return x;
}

#ifdef KERNEL_SINGLE

INLINED Real LEVEL(exp_of_rest)(Real r)
{
	Real p = 1.9875691500e-4f;
	p = p * r + 1.3981999507e-3f;
	p = p * r + 8.3334519073e-3f;
	p = p * r + 4.1665795894e-2f;
	p = p * r + 1.6666665459e-1f;
	p = p * r + 5.0000001201e-1f;
	return 1 + (r + r * r * p);
}

INLINED Real LEVEL(log_of_square)(Real z)   // of s*s
{
	Real p = 0.24279078841f;
	p = p * z + 0.28498786688f;
	p = p * z + 0.40000972152f;
	return z * (p * z + 0.66666662693f);
}

INLINED Real LEVEL(tanh_near_0)(Real x)
{
	const Real z = x * x;
	Real p = -5.70498872745e-3f;
	p = p * z + 2.06390887954e-2f;
	p = p * z - 5.37397155531e-2f;
	p = p * z + 1.33314422036e-1f;
	p = p * z - 3.33332819422e-1f;
	return x + x * z * p;
}

#else

INLINED Real LEVEL(exp_of_rest)(Real r)
{
	Real p = 1.0 / 6227020800;
	p = p * r + 1.0 / 479001600;
	p = p * r + 1.0 / 39916800;
	p = p * r + 1.0 / 3628800;
	p = p * r + 1.0 / 362880;
	p = p * r + 1.0 / 40320;
	p = p * r + 1.0 / 5040;
	p = p * r + 1.0 / 720;
	p = p * r + 1.0 / 120;
	p = p * r + 1.0 / 24;
	p = p * r + 1.0 / 6;
	p = p * r + 0.5;
	return 1 + (r + r * r * p);
}

INLINED Real LEVEL(log_of_square)(Real z)
{
	Real p = 1.479819860511658591e-01;
	p = p * z + 1.531383769920937332e-01;
	p = p * z + 1.818357216161805012e-01;
	p = p * z + 2.222219843214978396e-01;
	p = p * z + 2.857142874366239149e-01;
	p = p * z + 3.999999999940941908e-01;
	return z * (p * z + 6.666666666666735130e-01);
}

INLINED Real LEVEL(tanh_near_0)(Real x)
{
	const Real z = x * x;
	Real p = -9.64399179425052238628e-1, q = z + 1.12811678491632931402e2;
	p = p * z - 9.92877231001918586564e1;
	p = p * z - 1.61468768441708447952e3;
	q = q * z + 2.23548839060100448583e3;
	q = q * z + 4.84406305325125486048e3;
	return x + x * z * p / q;
}

#endif

INLINED Real LEVEL(exp)(Real x)
{
	const Real bounded = x < EXP_LEAST ? EXP_LEAST : x > EXP_MOST ? EXP_MOST : x;
	// Adding 1.5*2^mantissa rounds to a whole number, which is then in the last bits.
	const Real shifted = bounded * REAL(1.44269504088896340736) + ROUNDING, k = shifted - ROUNDING;
	const Real r = (bounded - k * LN2_HIGH) - k * LN2_LOW;
	// 2^k in two factors, so that neither is outside the range where the product is not.
	const RealBits both = BITS_OF(shifted) - BITS_OF(ROUNDING) + 2 * (EXPONENT_BIAS + 1), one = both / 2;
	const Real y = LEVEL(exp_of_rest)(r) * REAL_OF((one - 1) << MANTISSA) * REAL_OF((both - one - 1) << MANTISSA);
	return x != x ? x : y;
}

INLINED Real LEVEL(log)(Real x)
{
	// A number below the normal range is made larger first.
	const bool tiny = x < SMALLEST_NORMAL;
	const Real normal = tiny ? x * (1 / REAL_EPSILON) : x;
	// Bits moved so that the exponent counts from sqrt(1/2): f = m - 1, sqrt(1/2) <= m < sqrt(2).
	const RealBits moved = BITS_OF(normal) + (BITS_OF(REAL(1)) - HALF_ROOT);
	const Real whole = REAL_OF((moved >> MANTISSA) + BITS_OF(FIRST_WHOLE)) - FIRST_WHOLE;   // AVX2 converts no 64 bits
	const Real e = whole - (Real)(tiny ? EXPONENT_BIAS + MANTISSA : EXPONENT_BIAS);
	const Real f = REAL_OF((moved & (((RealBits)1 << MANTISSA) - 1)) + HALF_ROOT) - 1;
	const Real s = f / (2 + f), half = f * f / 2;
	const Real y = e * LN2_HIGH - ((half - (s * (half + LEVEL(log_of_square)(s * s)) + e * LN2_LOW)) - f);
	return x > 0 ? (x > LARGEST ? x : y) : x == 0 ? -REAL(INFINITY) : REAL(NAN);
}

INLINED Real LEVEL(tanh)(Real x)
{
	const Real size = FABS(x), far = 1 - 2 / (LEVEL(exp)(2 * size) + 1);
	const Real near = LEVEL(tanh_near_0)(x);
	return size > REAL(0.625) ? (x < 0 ? -far : far) : near;
}
