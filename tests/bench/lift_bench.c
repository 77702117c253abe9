// Samples a second of a training step: the lifted program against a step written by hand in C with CBLAS
// (tests/bench/lift_hand.h), interleaved, medians of ROUNDS, gathering of shuffled batches included on both sides. Both
// start from the same weights; that their losses agree is checked. An argument names the only net to measure. OpenBLAS is
// loaded at run time (core/blas.h) and takes the kernels that OPENBLAS_CORETYPE names, where that is set.
#include "core/blas.h"
#include "core/lift.h"
#include "tutor/heap.h"
#include "tutor/model/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EXAMPLES = 4096, LANES = 1024, ROUNDS = 7 };
#define RATE 0.001

static Blas blas;   // of the step by hand

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

static int by_size(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return left < right ? -1 : left > right;
}

static double median(double *value, size_t count)
{
	qsort(value, count, sizeof *value, by_size);
	return value[count / 2];
}

// The step by hand is built with all that the kernels are allowed, for the level v3 or what the compiler is told.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3", "no-trapping-math", "no-math-errno")
#if defined(__x86_64__) && !defined(__AVX2__)
#pragma GCC target("avx2,fma")
#endif
#endif

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

typedef struct BenchNet {
	const char *name;
	size_t layers, size[5];
} BenchNet;

static const BenchNet nets[] = {
	{"2-8-1", 2, {2, 8, 1}},
	{"64-32-10", 2, {64, 32, 10}},
	{"784-100-10", 2, {784, 100, 10}},
	{"784-512-256-10", 3, {784, 512, 256, 10}},
};

// The net in the model language.
static void write_model(const BenchNet *net, char *text)
{
	text += sprintf(text, "size n[0..%zu] = [", net->layers);
	for (size_t l = 0; l <= net->layers; l++)
		text += sprintf(text, "%s%zu", l ? "," : "", net->size[l]);
	text += sprintf(text, "]\ninput x[1..n[0]]\ntarget y[1..n[%zu]]\n", net->layers);
	for (size_t l = 1; l <= net->layers; l++)
		text += sprintf(text, "param w%zu[1..n[%zu],1..n[%zu]] = 0.1\nparam b%zu[1..n[%zu]] = 0\n", l, l, l - 1, l, l);
	for (size_t l = 1; l <= net->layers; l++) {
		char before[32] = "x";
		if (l > 1)
			sprintf(before, "h%zu", l - 1);
		text += sprintf(text, "z%zu[j=1..n[%zu]] = sum(i=1..n[%zu], w%zu[j,i]*%s[i]) + b%zu[j]\n", l, l, l - 1, l, before, l);
		if (l < net->layers)
			text += sprintf(text, "h%zu[j=1..n[%zu]] = relu(z%zu[j])\n", l, l, l);
	}
	size_t last = net->layers;
	if (net->size[last] == 1)
		text += sprintf(text, "L = 1/2*(z%zu[1] - y[1])^2\n", last);
	else
		text += sprintf(text, "top = max(k=1..n[%zu], z%zu[k])\nS = sum(k=1..n[%zu], exp(z%zu[k] - top))\n"
		                      "L = top + log(S) - sum(k=1..n[%zu], y[k]*z%zu[k])\n", last, last, last, last, last, last);
	sprintf(text, "minimize L\nupdate sgd(rate = %g)\n", RATE);
}

static bool read_model(const BenchNet *net, Model *model)
{
	static char text[4096];
	Error error = {0};
	write_model(net, text);
	*model = (Model){0};
	if (model_read(model, net->name, text, strlen(text), &(ModelOptions){.batch = true, .needs_no_data = true}, &error))
		return true;
	printf("%s:%d: %s\n", error.file, error.line, error.message);
	return false;
}

int main(int argc, char **argv)
{
	static const size_t batch[] = {32, 128, LANES};
	double logs = 0, least = INFINITY;
	heap_start();   // as the program does: both sides have huge pages
	int cells = 0;
	if (!blas_find(&blas))
		printf("no OpenBLAS: the products of the step by hand are plain loops\n");
	printf("%-16s %-4s %6s %14s %14s %7s   samples/s\n", "net", "", "batch", "by hand", "lifted", "ratio");
	for (size_t n = 0; n < sizeof nets / sizeof *nets; n++) {
		if (argc > 1 && strcmp(argv[1], nets[n].name) != 0)
			continue;
		Model model;
		if (!read_model(&nets[n], &model))
			return EXIT_FAILURE;
		Program *program = lift(&model.tape, &(LiftOptions){model.carry, model.carry_count, &model.mean, 1});
		for (int precision = 0; precision < 2; precision++)
			for (size_t b = 0; b < sizeof batch / sizeof *batch; b++) {
				double rate[2];
				(precision ? measure_double : measure_single)(&model, program, nets[n].size, nets[n].layers, batch[b], rate);
				double ratio = rate[1] / rate[0];
				printf("%-16s %-4s %6zu %14.0f %14.0f %7.3f\n", nets[n].name, precision ? "f64" : "f32", batch[b], rate[0],
				       rate[1], ratio);
				fflush(stdout);
				logs += log(ratio);
				least = ratio < least ? ratio : least;
				cells++;
			}
		program_delete(program);
		model_free(&model);
	}
	printf("geometric mean %.3f, least %.3f\n", exp(logs / cells), least);
	return EXIT_SUCCESS;
}
