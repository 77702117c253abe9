#include "core/random.h"
#include "tests/suite.h"

#include <math.h>

// From the authors' kat_vectors of Random123, philox4x32 with 10 rounds.
START_TEST(philox_gives_the_known_answers)
{
	static const struct {
		uint32_t counter[4];
		uint64_t key;
		uint32_t answer[4];
	} rows[] = {
		{{0, 0, 0, 0}, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
	     0xffffffffffffffff,
	     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
	     0x299f31d0a4093822,
	     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t block[4];
		for (int k = 0; k < 4; k++)
			block[k] = rows[i].counter[k];
		random_philox(block, rows[i].key);
		for (int k = 0; k < 4; k++)
			ck_assert_msg(block[k] == rows[i].answer[k], "row %zu, word %d", i, k);
	}
}
END_TEST

// Quantiles to 17 digits, from mpmath with 40.
START_TEST(the_normal_quantile_is_exact_to_rounding)
{
	static const struct {
		double p, x;
	} rows[] = {
		{0.5, 0},
		{0.625, 0.31863936396437517},
		{0.75, 0.67448975019608174},
		{0.25, -0.67448975019608174},
		{0.9375, 1.5341205443525464},
		{0.0009765625, -3.0972690781987844},
		{0x1p-40, -7.0477002566644087},
		{0x1p-53, -8.2095361516013869},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		double x = random_normal_quantile(rows[i].p);
		ck_assert_msg(fabs(x - rows[i].x) <= 4.5e-16 * fabs(rows[i].x), "row %zu: %.17g", i, x);
	}
}
END_TEST

// Any change of these would change every lesson with random params.
START_TEST(draws_never_change)
{
	const int32_t index[] = {1, 2, 3, 4};
	ck_assert(random_uniform(1, "w1", index, 2) == 0.88815248028936844);
	ck_assert(random_normal(1, "w1", index, 2) == 1.2167613234296308);
	ck_assert(random_normal(1, "b", NULL, 0) == -0.19222156194364964);
	ck_assert(random_uniform_key(random_key(7, "w"), index, 4) == random_uniform(7, "w", index, 4));
}
END_TEST

// Mean and variance within five standard errors, and neighbours in no relation.
static void check_moments(double (*draw)(uint64_t, const int32_t *, size_t), double mean,
                          double variance)
{
	enum { SIDE = 500 };
	double sum = 0, squares = 0, products = 0, last = 0;
	uint64_t key = random_key(3, "w");
	for (int32_t i = 0; i < SIDE; i++)
		for (int32_t j = 0; j < SIDE; j++) {
			double x = draw(key, (int32_t[]){i, j}, 2) - mean;
			sum += x, squares += x * x, products += x * last;
			last = x;
		}
	const double n = (double)SIDE * SIDE;
	ck_assert_double_lt(fabs(sum / n), 5 * sqrt(variance / n));
	ck_assert_double_lt(fabs(squares / n - variance), 5 * variance * sqrt(2 / n));
	ck_assert_double_lt(fabs(products / n), 5 * variance / sqrt(n));
}

START_TEST(draws_have_their_mean_and_variance)
{
	check_moments(random_uniform_key, 0.5, 1.0 / 12);
	check_moments(random_normal_key, 0, 1);
}
END_TEST

START_TEST(seed_family_index_and_their_number_all_matter)
{
	const int32_t zeros[8] = {0}, ones[8] = {0, 0, 0, 0, 0, 0, 0, 1};
	double draws[] = {
		random_uniform(1, "w", zeros, 0),
		random_uniform(1, "w", zeros, 1),
		random_uniform(1, "w", zeros, 2),
		random_uniform(1, "w", zeros, 3),
		random_uniform(1, "w", zeros, 4),
		random_uniform(1, "w", zeros, 8),
		random_uniform(1, "w", ones, 8),
		random_uniform(2, "w", zeros, 0),
		random_uniform(1, "v", zeros, 0),
		random_uniform(1, "", zeros, 0),
		random_uniform(1, "w", (int32_t[]){-1}, 1),
	};
	for (size_t i = 0; i < sizeof draws / sizeof *draws; i++)
		for (size_t k = 0; k < i; k++)
			ck_assert_msg(draws[i] != draws[k], "%zu and %zu", i, k);
}
END_TEST

SUITE(philox_gives_the_known_answers, the_normal_quantile_is_exact_to_rounding, draws_never_change,
      draws_have_their_mean_and_variance, seed_family_index_and_their_number_all_matter)
