// Loss and accuracy of a model as it stands, over a set of examples: forward only.
//
// The accuracy is the share of labels that are told right: of the family that `predict` names, the
// first of the largest elements counts as the answer. It is asked for where a target is one-hot and
// each of its elements has one of the same index in that family; and where `predict` names a scalar
// and the only target is 0 or 1 in every example: the answer is then 1 above a half, else 0.
#ifndef TRAIN_EVALUATE_H
#define TRAIN_EVALUATE_H

#include "tutor/train/batches.h"

// The elements of a one-hot target that share a label's column, and what is predicted for each.
typedef struct Answer {
	uint32_t column;
	uint32_t first, count;   // of Evaluator.predicted and .label
	bool plain;              // a scalar for a target that is not one-hot
} Answer;

typedef struct Evaluator {
	const Model *model;
	Engine *engine;
	Gather gather;
	uint32_t lanes;
	uint32_t *row;   // the examples of a batch
	Answer *answer;
	size_t answers, answer_capacity;
	Node *predicted;   // wanted of the engine: the loss, then what is predicted
	int32_t *label;
	size_t count, capacity, label_capacity;
} Evaluator;

typedef struct Evaluation {
	double loss, accuracy;   // NAN where there is none
} Evaluation;

// `lanes`: of a batch.
void evaluator_start(Evaluator *evaluator, EngineKind kind, const Model *model,
                     Precision precision, uint32_t lanes, uint32_t threads);
void evaluator_free(Evaluator *evaluator);
// With the params and states that `trained` has.
Evaluation evaluator_run(Evaluator *evaluator, const Engine *trained, const Examples *examples);

#endif
