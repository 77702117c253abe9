#include "core/random.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

void random_philox(uint32_t counter[4], uint64_t key)
{
	uint32_t *c = counter, key0 = (uint32_t)key, key1 = (uint32_t)(key >> 32);
	for (int round = 0; round < 10; round++) {
		uint64_t a = (uint64_t)0xD2511F53 * c[0], b = (uint64_t)0xCD9E8D57 * c[2];
		c[0] = (uint32_t)(b >> 32) ^ c[1] ^ key0;
		c[1] = (uint32_t)b;
		c[2] = (uint32_t)(a >> 32) ^ c[3] ^ key1;
		c[3] = (uint32_t)a;
		key0 += 0x9E3779B9;   // golden ratio
		key1 += 0xBB67AE85;   // sqrt(3) - 1
	}
}

static uint64_t first_half(const uint32_t block[4])
{
	return (uint64_t)block[1] << 32 | block[0];
}

// FNV-1a, 64 bits (Fowler, Noll, Vo).
static uint64_t hash(const char *text, size_t size)
{
	uint64_t h = 0xCBF29CE484222325;
	for (size_t i = 0; i < size; i++)
		h = (h ^ (unsigned char)text[i]) * 0x100000001B3;
	return h;
}

uint64_t random_key(uint64_t seed, const char *family)
{
	size_t size = strlen(family);
	uint64_t h = hash(family, size);
	uint32_t block[4] = {(uint32_t)h, (uint32_t)(h >> 32), (uint32_t)size, 0};
	random_philox(block, seed);
	return first_half(block);
}

static uint64_t draw(uint64_t key, const int32_t *index, size_t count)
{
	for (size_t done = 0;;) {
		uint32_t block[4] = {0, 0, 0, (uint32_t)count};
		for (int i = 0; i < 3 && done < count; i++)
			block[i] = (uint32_t)index[done++];
		random_philox(block, key);
		key = first_half(block);
		if (done == count)
			return key;
	}
}

double random_uniform_key(uint64_t key, const int32_t *index, size_t count)
{
	return (double)(draw(key, index, count) >> 11) * 0x1p-53;
}

double random_normal_key(uint64_t key, const int32_t *index, size_t count)
{
	// k + 1/2 with k below 2^52 is exact, and so are p - 1/2 and 1 - p.
	double p = ((double)(draw(key, index, count) >> 12) + 0.5) * 0x1p-52;
	return random_normal_quantile(p);
}

double random_uniform(uint64_t seed, const char *family, const int32_t *index, size_t count)
{
	return random_uniform_key(random_key(seed, family), index, count);
}

double random_normal(uint64_t seed, const char *family, const int32_t *index, size_t count)
{
	return random_normal_key(random_key(seed, family), index, count);
}

// A number as the unevaluated sum of two doubles.
typedef struct Pair {
	double high, low;
} Pair;

// a*b without rounding (T. Dekker, 1971; `a` and `b` are far from overflow).
static Pair exact_product(double a, double b)
{
	const double split = 0x1p27 + 1;
	double a_high = a * split - (a * split - a), a_low = a - a_high;
	double b_high = b * split - (b * split - b), b_low = b - b_high;
	double p = a * b;
	return (Pair){p, a_low * b_low - (p - a_high * b_high - a_low * b_high - a_high * b_low)};
}

// a+b without rounding (D. Knuth).
static Pair exact_sum(double a, double b)
{
	double s = a + b, b_part = s - a;
	return (Pair){s, (a - (s - b_part)) + (b - b_part)};
}

// The polynomial with coefficients c[0..7], lowest first, by Horner's rule with its rounding errors
// carried along (S. Graillat, P. Langlois, N. Louvet, "Compensated Horner scheme", 2005).
static inline Pair polynomial(const double c[8], double x)
{
	Pair y = {c[7], 0};
	for (int i = 6; i >= 0; i--) {
		Pair product = exact_product(y.high, x), sum = exact_sum(product.high, c[i]);
		y = (Pair){sum.high, y.low * x + (product.low + sum.low)};
	}
	return y;
}

// factor * top(x) / bottom(x), rounded little more than once.
static inline double scaled_ratio(double factor, const double top[8], const double bottom[8],
                                  double x)
{
	Pair a = polynomial(top, x), b = polynomial(bottom, x);
	double ratio = a.high / b.high;
	Pair product = exact_product(ratio, b.high);
	double rest = ((a.high - product.high) - product.low + a.low - ratio * b.low) / b.high;
	return factor * ratio + factor * rest;
}

// The C library's log differs in its last bit between machines; this one does not. Reduction and
// coefficients are those of fdlibm's __ieee754_log (Sun Microsystems, 1993), for normal positive x;
// the last sum is kept exactly.
static Pair natural_log(double x)
{
	static const double coefficients[] = {
		6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01,
		2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01,
		1.479819860511658591e-01,
	};
	const double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
	int exponent;
	double m = frexp(x, &exponent);
	if (m < 0.70710678118654752440) {
		m *= 2;
		exponent--;
	}
	double k = exponent, f = m - 1, s = f / (2 + f), z = s * s, half = 0.5 * f * f;
	double r = 0;
	for (int i = 6; i >= 0; i--)
		r = z * (coefficients[i] + r);
	Pair large = exact_sum(k * ln2_high, f);
	Pair all = exact_sum(large.high, s * (half + r) + k * ln2_low - half);
	return (Pair){all.high, large.low + all.low};
}

// sqrt(-log(p)), for p below 1/2.
static Pair tail_radius(double p)
{
	Pair log = natural_log(p);
	double r = sqrt(-log.high);
	Pair square = exact_product(r, r);
	return (Pair){r, ((-log.high - square.high) - square.low - log.low) / (2 * r)};
}

double random_normal_quantile(double p)
{
	// Numerators and denominators of AS 241: for |p - 1/2| <= 0.425, the tails, the far tails.
	static const double a[8] = {
		3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
		4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
	};
	static const double b[8] = {
		1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
		2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
	};
	static const double c[8] = {
		1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
		1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
	};
	static const double d[8] = {
		1, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
		1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
	};
	static const double e[8] = {
		6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 2.96560571828504891230e-1,
		2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
	};
	static const double f[8] = {
		1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
		7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
	};

	double q = p - 0.5;
	if (fabs(q) <= 0.425)
		return scaled_ratio(q, a, b, 0.180625 - q * q);
	// What is missing in the doubles r, 1.6 and their difference is put right to first order: dx/dr
	// is 1.5 within 0.2.
	const double excess = 0x1.999999999999ap-54;   // of the double 1.6 over 1.6
	Pair r = tail_radius(q < 0 ? p : 1 - p);
	bool far = r.high > 5;
	Pair t = exact_sum(r.high, far ? -5 : -1.6);
	double x = far ? scaled_ratio(1, e, f, t.high) : scaled_ratio(1, c, d, t.high);
	x += 1.5 * (t.low + r.low + (far ? 0 : excess));
	return q < 0 ? -x : x;
}
