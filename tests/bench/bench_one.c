// One example a step: gradients and updates a second of lifted programs, in double precision, medians of ROUNDS.
#include "core/lift.h"
#include "tutor/model/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 9 };

typedef struct Net {
	const char *name, *text;
} Net;

#define LAYERS(n, m) \
	"size n = " n ", m = " m "\ninput x[1..n]\ntarget y[0..9]\nparam w1[1..m,1..n] ~ normal(0, 0.1)\nparam b1[1..m] = 0\n" \
	"param w2[0..9,1..m] ~ normal(0, 0.1)\nparam b2[0..9] = 0\n" \
	"h[j=1..m] = relu(sum(i=1..n, w1[j,i]*x[i]) + b1[j])\nz[k=0..9] = sum(j=1..m, w2[k,j]*h[j]) + b2[k]\n" \
	"top = max(k=0..9, z[k])\nL = top + log(sum(k=0..9, exp(z[k] - top))) - sum(k=0..9, y[k]*z[k])\n" \
	"minimize L\nupdate sgd(rate = 0.01)\n"

static const Net nets[] = {
	{"2-2-2", "input x[1..2]\ntarget y[1..2]\nparam w[1..2,1..2] = [[0.15,0.2],[0.25,0.3]], a[1..2] = 0.35\n"
	          "param v[1..2,1..2] = [[0.4,0.45],[0.5,0.55]], b[1..2] = 0.6\n"
	          "h[j=1..2] = sigmoid(sum(i=1..2, w[j,i]*x[i]) + a[j])\no[k=1..2] = sigmoid(sum(j=1..2, v[k,j]*h[j]) + b[k])\n"
	          "E = sum(k=1..2, 1/2*(y[k] - o[k])^2)\nminimize E\nupdate sgd(rate = 0.5)\n"},
	{"2-8-1", "input x[1..2]\ntarget y\nparam w[1..8,1..2] ~ normal(0, 1)\nparam a[1..8] = 0, v[1..8] ~ normal(0, 1)\nparam b = 0\n"
	          "h[j=1..8] = tanh(sum(i=1..2, w[j,i]*x[i]) + a[j])\nE = 1/2*(sum(j=1..8, v[j]*h[j]) + b - y)^2\n"
	          "minimize E\nupdate sgd(rate = 0.1)\n"},
	{"64-32-10", LAYERS("64", "32")},
	{"784-32-10", LAYERS("784", "32")},
};

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	const double left = *(const double *)a, right = *(const double *)b;
	return left < right ? -1 : left > right;
}

// Steps a second, about `wanted` seconds long.
static double rate(Program *program, const double *example, double wanted)
{
	const double start = seconds();
	double steps = 0, now;
	do {
		for (int i = 0; i < 100; i++) {
			program_feed(program, example, program->columns, 1);
			program_run(program);
		}
		steps += 100;
		now = seconds();
	} while (now - start < wanted);
	return steps / (now - start);
}

static bool measure(const Net *net)
{
	Model model = {0};
	Error error = {0};
	double round[ROUNDS], example[800];
	if (!model_read(&model, net->name, net->text, strlen(net->text), &(ModelOptions){.batch = true, .needs_no_data = true},
	                &error)) {
		fprintf(stderr, "%s:%d: %s\n", error.file, error.line, error.message);
		return false;
	}
	Program *program = lift(&model.tape, &(LiftOptions){model.carry, model.carry_count, &model.mean, 1});
	program_start(program, PROGRAM_DOUBLE, 1);
	for (int i = 0; i < 800; i++)
		example[i] = (i * 37 % 100) / 100.0;
	for (int i = 0; i < ROUNDS; i++)
		round[i] = rate(program, example, 0.05);
	qsort(round, ROUNDS, sizeof *round, by_size);
	printf("one example a step, f64, %-10s %12.0f/s (%.0f to %.0f)\n", net->name, round[ROUNDS / 2], round[0],
	       round[ROUNDS - 1]);
	program_delete(program);
	model_free(&model);
	return true;
}

int main(void)
{
	for (size_t i = 0; i < sizeof nets / sizeof *nets; i++)
		if (!measure(&nets[i]))
			return EXIT_FAILURE;
	return EXIT_SUCCESS;
}
