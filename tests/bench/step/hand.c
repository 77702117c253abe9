// The step by hand (tests/bench/lift_hand.h) as a program that tests/bench/compare.py asks for one cell after another.
// On standard input, a line each: `cell SIZES BATCH f32|f64` (SIZES as 784,100,10), then `check` (the mean loss after an
// epoch in order) or `run SECONDS` (examples a second over whole epochs, each shuffled anew). The examples and the first
// weights are those of compare.py.
#include "core/blas.h"
#include "core/lift.h"
#include "tutor/model/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EXAMPLES = 4096, LANES = 1024, ROUNDS = 1 };
#define RATE 0.001

static Blas blas;

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double uniform(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (double)(int64_t)(*state >> 11) / (double)((int64_t)1 << 52) - 1;
}

static double median(const double *value, size_t count)
{
	return value[count / 2];
}

// Built with all that the kernels are allowed, as in lift_bench.c. Of the header, only the step is used.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3", "no-trapping-math", "no-math-errno")
#if defined(__x86_64__) && !defined(__AVX2__)
#pragma GCC target("avx2,fma")
#endif
#endif
#pragma GCC diagnostic ignored "-Wunused-function"

#define Real float
#define HAND(name) name##_single
#define HAND_MULTIPLY multiply_single
#define HAND_EXP expf
#define HAND_LOG logf
#include "tests/bench/lift_hand.h"

#define Real double
#define HAND(name) name##_double
#define HAND_MULTIPLY multiply_double
#define HAND_EXP exp
#define HAND_LOG log
#include "tests/bench/lift_hand.h"

static double weight(size_t inputs, size_t j, size_t i)
{
	double b = (double)(j + 1), a = (double)(i + 1);
	return sin(12.9898 * b + 78.233 * a + 0.37 * a * b) * sqrt(2.0 / (double)inputs);
}

static double number(size_t example, size_t i)
{
	return (double)((example * 7919 + i * 104729 + example * i * 31) % 2001) / 1000 - 1;
}

static uint32_t order[EXAMPLES];

static void shuffle(void)
{
	static uint64_t state = 5;
	for (uint32_t left = EXAMPLES; left > 1; left--) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		uint32_t other = (uint32_t)((state >> 32) * left >> 32), kept = order[left - 1];
		order[left - 1] = order[other];
		order[other] = kept;
	}
}

typedef struct Cell {
	size_t layers, size[5], lanes;
} Cell;

#define DEFINE_SERVE(name, Real, HAND) \
	static void name(const Cell *cell) \
	{ \
		HAND(Net) net = {.layers = cell->layers, .rate = (Real)RATE, .softmax = cell->size[cell->layers] > 1}; \
		size_t columns = cell->size[0] + 1, steps = EXAMPLES / cell->lanes; \
		memcpy(net.size, cell->size, sizeof cell->size); \
		HAND(start)(&net, cell->lanes); \
		for (size_t l = 0; l < net.layers; l++) \
			for (size_t j = 0; j < net.size[l + 1]; j++) \
				for (size_t i = 0; i < net.size[l]; i++) \
					net.w[l][j * net.size[l] + i] = (Real)weight(net.size[l], j, i); \
		Real *data = HAND(numbers)(EXAMPLES * columns); \
		for (size_t e = 0; e < EXAMPLES; e++) { \
			order[e] = (uint32_t)e; \
			for (size_t i = 0; i < columns; i++) \
				data[e * columns + i] = (Real)number(e, i); \
		} \
		char line[200]; \
		while (fgets(line, sizeof line, stdin)) { \
			double wanted, done = 0, start = now(); \
			if (strcmp(line, "check\n") == 0) { \
				HAND(train)(&net, data, columns, order, cell->lanes, steps); \
				net.rate = 0; \
				printf("%.9g\n", HAND(train)(&net, data, columns, order, cell->lanes, steps) / (double)steps); \
				net.rate = (Real)RATE; \
			} else if (sscanf(line, "run %lf", &wanted) == 1) { \
				for (; now() - start < wanted; done += EXAMPLES) { \
					shuffle(); \
					HAND(train)(&net, data, columns, order, cell->lanes, steps); \
				} \
				printf("%.9g\n", done / (now() - start)); \
			} else { \
				break; \
			} \
			fflush(stdout); \
		} \
		free(data); \
		HAND(end)(&net); \
	}

#define SINGLE(name) name##_single
#define DOUBLE(name) name##_double
DEFINE_SERVE(serve_single, float, SINGLE)
DEFINE_SERVE(serve_double, double, DOUBLE)

int main(void)
{
	char line[200], sizes[100], precision[8];
	Cell cell = {0};
	blas_find(&blas);
	while (fgets(line, sizeof line, stdin)) {
		if (sscanf(line, "cell %99s %zu %7s", sizes, &cell.lanes, precision) != 3 || !cell.lanes || cell.lanes > LANES)
			continue;
		cell.layers = 0;
		for (char *size = strtok(sizes, ","); size && cell.layers < 5; size = strtok(NULL, ","))
			cell.size[cell.layers++] = (size_t)strtoul(size, NULL, 10);
		cell.layers--;
		(strcmp(precision, "f32") == 0 ? serve_single : serve_double)(&cell);
	}
	return EXIT_SUCCESS;
}
