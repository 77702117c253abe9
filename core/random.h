// Random numbers that are looked up rather than drawn in turn: each is a function of (seed, family,
// index), so adding a param moves no other, and no order of evaluation matters.
//
// Generator: Philox4x32-10 (J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as
// easy as 1, 2, 3", SC 2011), a bijection of a 128-bit counter under a 64-bit key.
//   key      the block of (FNV-1a hash of the family's name, length of the name, 0) under the seed
//   draw     the block of (first three indices, number of indices) under the key; where there are
//            more indices, the block's first half is the key for the next three
// Both kinds of draw are made of integer arithmetic and of + - * / and sqrt of doubles only, so
// they have the same bits on every machine with IEEE arithmetic (and no contraction: the Makefile
// says -ffp-contract=off).
#ifndef CORE_RANDOM_H
#define CORE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

// The key of a family of numbers; take it once, then draw for each index.
uint64_t random_key(uint64_t seed, const char *family);

// Uniform in [0, 1), a multiple of 2^-53. `index` holds `count` indices; NULL for a scalar, with
// count 0.
double random_uniform_key(uint64_t key, const int32_t *index, size_t count);
// Standard normal: the inverse of the normal distribution function at a uniform draw from the odd
// multiples of 2^-53, so none lies beyond 8.3.
double random_normal_key(uint64_t key, const int32_t *index, size_t count);

// The same with the family by name.
double random_uniform(uint64_t seed, const char *family, const int32_t *index, size_t count);
double random_normal(uint64_t seed, const char *family, const int32_t *index, size_t count);

// x with P(a standard normal number < x) = p, for 0 < p < 1 (M. Wichura, "Algorithm AS 241: the
// percentage points of the normal distribution", Applied Statistics 37(3), 1988, routine PPND16).
// Within 2 ulp of the exact value, rounding included (measured against 40 digits).
double random_normal_quantile(double p);

// One block of Philox4x32-10, in place. For tests against the authors' known answers.
void random_philox(uint32_t counter[4], uint64_t key);

#endif
