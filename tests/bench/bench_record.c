// What recording and replaying cost: Example 2 of the model language with n = 784, m = 100 and plain gradient descent,
// and whole runs of the program ($TUTOR). Each figure is the median of its runs, with the least and the most.
#include "core/replay.h"
#include "tutor/heap.h"
#include "tutor/model/model.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 21, REPLAYS = 20 };

static const char example2[] =
    "size n = 784, m = 100, c = 10\n"
    "input  x[1..n]\n"
    "target y[0..c-1] onehot digit\n"
    "param  w1[1..m, 1..n] ~ normal(0, sqrt(2/n))\n"
    "param  b1[1..m] = 0\n"
    "param  w2[0..c-1, 1..m] ~ normal(0, sqrt(2/m))\n"
    "param  b2[0..c-1] = 0\n"
    "net[j=1..m] = sum(i=1..n, w1[j,i]*x[i]) + b1[j]\n"
    "h[j=1..m]   = relu(net[j])\n"
    "z[k=0..c-1] = sum(j=1..m, w2[k,j]*h[j]) + b2[k]\n"
    "top         = max(k=0..c-1, z[k])\n"
    "S           = sum(k=0..c-1, exp(z[k] - top))\n"
    "p[k=0..c-1] = exp(z[k] - top)/S\n"
    "L           = top + log(S) - sum(k=0..c-1, y[k]*z[k])\n"
    "minimize L\n"
    "predict  p\n"
    "update sgd(rate = 0.1)\n";

static double milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int ascending(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

static void report(const char *what, const char *unit, double *figure, int count)
{
	qsort(figure, (size_t)count, sizeof *figure, ascending);
	printf("%-58s %9.3f %s (%.3f to %.3f)\n", what, figure[count / 2], unit, figure[0], figure[count - 1]);
}

static void read_example(Model *model)
{
	Error error = {0};
	ModelOptions options = {.seed = 1, .needs_no_data = true};
	if (!model_read(model, "example2", example2, sizeof example2 - 1, &options, &error)) {
		fprintf(stderr, "%s\n", error.message);
		exit(2);
	}
}

static void bench_recording(void)
{
	double record[RUNS], replay_ns[RUNS], bytes = 0;
	size_t operations = 0;
	for (int run = 0; run < RUNS; run++) {
		Model model;
		double start = milliseconds();
		read_example(&model);
		record[run] = milliseconds() - start;
		operations = model.tape.count;
		bytes = (double)tape_bytes(&model.tape) / (double)operations;
		Replay replay;
		replay_start(&replay, &model.tape, 1);
		replay_all(&replay);
		start = milliseconds();
		for (int i = 0; i < REPLAYS; i++)
			replay_all(&replay);
		replay_ns[run] = (milliseconds() - start) / REPLAYS * 1e6 / (double)operations;
		replay_free(&replay);
		model_free(&model);
	}
	printf("784-100-10, gradient and update: %zu nodes on the tape, %.1f bytes each\n", operations, bytes);
	report("  text to recorded tape", "ms", record, RUNS);
	report("  replay, each operation", "ns", replay_ns, RUNS);
}

extern char **environ;

static double run_program(char *const *arguments)
{
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", 1 /* O_WRONLY */, 0);
	double start = milliseconds();
	pid_t child;
	int status;
	if (posix_spawn(&child, arguments[0], &actions, NULL, arguments, environ) != 0 ||
	    waitpid(child, &status, 0) < 0 || status != 0) {
		fprintf(stderr, "%s %s failed\n", arguments[0], arguments[1]);
		exit(2);
	}
	posix_spawn_file_actions_destroy(&actions);
	return milliseconds() - start;
}

static void bench_program(const char *what, int runs, char *const *arguments)
{
	double figure[RUNS];
	run_program(arguments);
	for (int run = 0; run < runs; run++)
		figure[run] = run_program(arguments);
	report(what, "ms", figure, runs);
}

// A model file and one example for it, in a folder of its own.
static void write_files(const char *model, const char *data)
{
	FILE *file = fopen(model, "w");
	fputs(example2, file);
	fclose(file);
	file = fopen(data, "w");
	for (int i = 1; i <= 784; i++)
		fprintf(file, "x[%d],", i);
	fputs("digit\n", file);
	for (int i = 1; i <= 784; i++)
		fprintf(file, "%.3f,", (i * 37 % 256) / 255.0);
	fputs("3\n", file);
	fclose(file);
}

int main(void)
{
	heap_start();
	bench_recording();
	char *program = getenv("TUTOR");
	if (!program)
		return 0;
	char folder[] = "/tmp/tutor-bench-XXXXXX", model[64], data[64];
	if (!mkdtemp(folder))
		return 2;
	snprintf(model, sizeof model, "%s/example2.model", folder);
	snprintf(data, sizeof data, "%s/example2.csv", folder);
	write_files(model, data);
	bench_program("tutor trace mazur", RUNS, (char *[]){program, "trace", "mazur", NULL});
	bench_program("tutor lesson mazur (with its 10,000 rounds)", RUNS, (char *[]){program, "lesson", "mazur", NULL});
	bench_program("tutor trace of 784-100-10 as CSV", 5,
	              (char *[]){program, "trace", model, "--data", data, "--format", "csv", NULL});
	unlink(model);
	unlink(data);
	rmdir(folder);
	return 0;
}
