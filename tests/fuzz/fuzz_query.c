// Any bytes as a name, asked of a model that has all kinds of names: found or not, and found by
// `locate_row` it has the same value. Built by `make fuzz`.
#include "tutor/explain/locate.h"
#include "tutor/explain/query.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 600, MOST_STEPS = 20 };

static const char text[] =
	"size n = 2\ninput x[1..n]\ntarget y\nparam w[1..2, 1..n] = [[0.1, -0.2], [0.3, 0.4]], u = "
    "0.5\nconst k = 2\n"
	"state s = 1\nh[0, j=1..2] = 0\n"
	"for t = 1..2\n  h[t, j=1..2] = tanh(sum(i=1..n, w[j,i]*x[i]) + u*h[t-1,j])\nend\n"
	"m = batch_mean(h[2,1])\nE = (h[2,1] + h[2,2] - m - y)^2 + k*u^2 + s\ng = grad(E, u)\ns+ = s + "
    "m\nminimize E\n"
	"update momentum(rate = 0.1/t) on w\nupdate sgd(rate = 0.1) on u\n"
	"examples\nx[1],x[2],y\n1,2,0.5\n-1,0.5,0.25\nend\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good, const char *what, const char *name)
{
	if (good)
		return;
	fprintf(stderr, "%s: '%s'\n", what, name);
	abort();
}

// Where the name is a line of a derivation, that line has the value.
static void compare_line(Model *model, const char *name, double value)
{
	Replay replay;
	Derivation derivation;
	Located located;
	Error error = {0};
	Arena arena = {0};
	model_start(model, &replay, 0, model->lanes);
	replay_all(&replay);
	derivation_start(&derivation, model, &replay, &(DerivationOptions){.wrt = NODE_NONE});
	if (locate_row(&located, model, &replay, &derivation, name, &error)) {
		Row row;
		must(derivation_row(located.derivation, located.id, &arena, &row, &error), "no row", name);
		must(strchr(name, '#') || !(fabs(row.value - value) > 1e-9 * (1 + fabs(value))),
		     "another value", name);
		located_free(&located);
	}
	arena_free(&arena);
	derivation_free(&derivation);
	replay_free(&replay);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[LONGEST + 1];
	Model model;
	Error error = {0};
	Query query;
	if (size > LONGEST)
		return 0;
	memcpy(name, data, size);
	name[size] = '\0';
	must(
		model_read(&model, "fuzz.model", text, sizeof text - 1, &(ModelOptions){.seed = 1}, &error),
		error.message, "");
	if (!query_find(&model, name, &query, &error)) {
		must(error.set && error.message[0], "no message", name);
	} else if (query.step <= MOST_STEPS) {
		double value;
		must(query.lane < model.lanes && query.node < model.tape.count, "no such place", name);
		query_values(&model, &query, 1, &value);
		compare_line(&model, name, value);
	}
	model_free(&model);
	return 0;
}
