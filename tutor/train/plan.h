// What a tape was lifted to, in words: for each vector instruction which steps of the model it
// computes and how.
#ifndef TRAIN_PLAN_H
#define TRAIN_PLAN_H

#include "core/program.h"
#include "tutor/model/model.h"

typedef struct PlanLine {
	const char *kind;        // "matrix product", "elements", …
	const char *operation;   // of elements and folds: "relu"; else NULL
	const char **step;       // the steps that its rows are, or are parts of: "net[1..100]"
	size_t steps;
	bool part;   // its rows have no names: they are parts of these steps
	bool shared;   // parts, and of other steps too
	uint32_t rows;
	bool varies;        // a value for each example
	const char *what;   // in words
} PlanLine;

typedef struct Plan {
	Arena arena;
	PlanLine *line;
	size_t count;
} Plan;

// What training runs is lifted: the update and the loss; of a model without an update its steps. Delete it with
// program_delete.
Program *plan_lift(const Model *model);
void plan_start(Plan *plan, const Model *model, const Program *program);
void plan_free(Plan *plan);

// The steps of a line as one text ("h[1..3]", "part of S and others", "shared by several steps"), and what is done, with the signs for times unless plain.
const char *plan_steps(const PlanLine *line, Arena *arena);
const char *plan_words(const PlanLine *line, bool utf8, Arena *arena);

#endif
