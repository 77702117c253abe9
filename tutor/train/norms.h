// How gradients and updates stand, family by family: a second program, run on the steps that want
// it alone, so that the plain step pays nothing.
//
// Of each family of params, of each layer of one whose first index counts layers (tutor/train/layers.h): the
// norm of its gradient, and the norm of its step w+ - w against that of w. Of the units: the share of relus that are 0 for the whole batch, and of sigmoids and tanhs
// within 1 % of an end of their range, where their slope is next to nothing.
#ifndef TRAIN_NORMS_H
#define TRAIN_NORMS_H

#include "tutor/train/batches.h"

typedef struct FamilyNorms {
	const char *name;
	uint32_t params;
	uint32_t family, level;   // on the tape; how far from the data
	Node gradient2, weight2, step2;   // sums of squares; NODE_NONE where there is none
	double gradient, weight, step;    // norms, as last measured
} FamilyNorms;

typedef struct Norms {
	Arena arena;
	const Model *model;
	Engine *engine;
	Gather gather;
	bool details;          // all of it; else the gradient's norm alone
	FamilyNorms *family;   // in the order of the model
	size_t families, capacity;
	Node *relu;   // of each relu: for how many examples it is above 0
	size_t relus, relu_capacity;
	Node saturated;            // how many of the sigmoids and tanhs are
	uint64_t squashing;        // how many there are
	double gradient;           // as last measured: the norm over all params,
	double dead, saturation;   // shares, NAN where there are no such units
} Norms;

// Records what is to be measured on the model's tape, behind all that is there.
void norms_start(Norms *norms, EngineKind kind, Model *model, Precision precision, uint32_t lanes,
                 bool details);
void norms_free(Norms *norms);
// For the update that `trained` would make next with the examples row[0] …
void norms_measure(Norms *norms, const Engine *trained, const Examples *examples,
                   const uint32_t *row, uint32_t count);

// ---- Verdicts (tutor/train/verdicts.c)

enum { VERDICT_TEXT = 400 };

typedef struct Verdict {
	const char *word;          // "vanishing", …
	char text[VERDICT_TEXT];   // the numbers it rests on and what to try
} Verdict;

// The way of the loss in a run: of its first and last epoch, or where it ended with a number that is not
// finite (`broken`), of its first update and the last whose loss was finite.
typedef struct LossCourse {
	double first, last;   // NAN where there is none
	bool broken;
} LossCourse;

// What is wrong in words, as last measured: calls `each` for every verdict, not at all where all is
// well.
typedef void VerdictEach(void *context, const Verdict *verdict);
void norms_verdicts(const Norms *norms, LossCourse loss, VerdictEach *each, void *context);

#endif
