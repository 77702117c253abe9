// What the tests of the model language share: a model read from a text, and its values by name.
#ifndef TESTS_TEST_MODEL_H
#define TESTS_TEST_MODEL_H

#include "tests/suite.h"
#include "tutor/model/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_TEXT = 1000 };

// A model and a replay of its batch.
typedef struct Run {
	Model model;
	Replay replay;
} Run;

static inline void must_read(Model *model, const char *text, const ModelOptions *options)
{
	Error error = {0};
	if (!model_read(model, "test.model", text, strlen(text), options, &error))
		ck_abort_msg("%s:%d:%d: %s\n%s", error.file, error.line, error.column, error.message, text);
}

static inline void run_start_with(Run *run, const char *text, const ModelOptions *options)
{
	*run = (Run){0};
	must_read(&run->model, text, options);
	model_start(&run->model, &run->replay, 0, run->model.examples);
	replay_all(&run->replay);
}

static inline void run_start(Run *run, const char *text)
{
	run_start_with(run, text, &(ModelOptions){.seed = 1});
}

static inline void run_end(Run *run)
{
	replay_free(&run->replay);
	model_free(&run->model);
}

static inline void run_update(Run *run)
{
	model_carry(&run->model, &run->replay);
	replay_all(&run->replay);
}

// Names as "Names in files" of the language has them, for one example.
static inline char *node_name(const Tape *tape, Node node, uint32_t lane, char *out)
{
	Name name = tape->names[tape->name[node]];
	switch (name.kind) {
	case NAME_ELEMENT:
		out += sprintf(out, "%s", tape_family_text(tape, name.a));
		for (int i = 0; i < name.rank; i++)
			out += sprintf(out, "%c%d", i ? ',' : '[', (int)tape->index[name.b + (uint32_t)i]);
		out += sprintf(out, "%s", name.rank ? "]" : "");
		return tape_varies(tape, node) ? out + sprintf(out, "@%u", lane + 1) : out;
	case NAME_GRADIENT:
		out = node_name(tape, name.a, lane, out + sprintf(out, "d"));
		return node_name(tape, name.b, lane, out + sprintf(out, "/d"));
	case NAME_NEXT:
		out = node_name(tape, name.a, lane, out);
		return out + sprintf(out, "+");
	default:
		out = node_name(tape, name.a, lane, out);
		return out + sprintf(out, ".%s", tape_family_text(tape, name.b));
	}
}

// The node of that name, and the example that it belongs to; NODE_NONE if there is none.
static inline Node find_name(const Run *run, const char *wanted, uint32_t *lane)
{
	const Tape *tape = &run->model.tape;
	for (*lane = 0; *lane < run->replay.lanes; ++*lane)
		for (size_t i = 0; i < tape->names_count; i++) {
			char text[NAME_TEXT];
			node_name(tape, tape->names[i].node, *lane, text);
			if (strcmp(text, wanted) == 0)
				return tape->names[i].node;
		}
	return NODE_NONE;
}

static inline double value_of(const Run *run, const char *name)
{
	uint32_t lane;
	Node node = find_name(run, name, &lane);
	if (node == NODE_NONE)
		ck_abort_msg("there is no '%s'", name);
	return replay_value(&run->replay, node, lane);
}

static inline bool is_close(double a, double b, double tolerance)
{
	return a == b || (isnan(a) && isnan(b)) || fabs(a - b) <= tolerance * fmax(fabs(a), fabs(b)) + 1e-300;
}

#define ck_value(run, name, wanted) \
	do { \
		double got = value_of(run, name); \
		ck_assert_msg(is_close(got, wanted, 1e-12), "%s is %.17g, not %.17g", name, got, (double)(wanted)); \
	} while (0)

#endif
