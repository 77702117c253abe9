// A model: what a text in the model language (README, "The model language") records.
//
// model_read turns text into a tape: leaves and forward steps in the order of the text, then the gradient of the
// loss, then the update. All that is printed, checked or trained comes from there.
//
// Names that the text does not have: `update.rate` is the argument of the first `update` (`update2.rate` of the second)
// where it is a number other than 0 and 1 (a CONST) or computed (a step); `update.t` is the number of the update;
// `xh.mean[1]`, `xh.mean2[1]` are batch means within the formula of xh[1].
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "core/error.h"
#include "core/gradient.h"
#include "core/replay.h"
#include "tutor/io/table.h"

// NAME=VALUE as --set takes it.
typedef struct Setting {
	const char *name;
	double value;
} Setting;

typedef struct ModelOptions {
	uint64_t seed;                // of the params drawn at random
	const Setting *setting;       // values that replace those of the text
	size_t setting_count;
	const Table *data;            // --data; NULL where there is none
	uint32_t example;             // take this example alone, from 1; 0 for all
	bool batch;                   // let data vary even where there is one example (training); else one example is
	                              // recorded like values given with `=`, and no name bears an @
	bool needs_no_data;           // inputs without a value are no error (plan)
	bool no_gradient;             // record the forward pass only
	const char *include;          // folder that `use` reads from, NULL for the folder of `file`
	uint64_t node_limit;          // the most operations that are recorded; 0 for the default, 20 million
} ModelOptions;

// A column that data must have. An input or target takes the one of its own name, `x[3]`; the elements of a one-hot family
// share the one that the model names, a label.
typedef struct Column {
	const char *name;
	bool target;           // a target takes it; else only inputs do
	const char *family;    // that it is the label of, a whole number low..high; NULL where it is a plain number
	int32_t low, high;
	size_t source;         // its place in the table that the model was read with; SIZE_MAX where there was none
} Column;

// Where the values of a varying (or single-example) leaf come from.
typedef struct Feed {
	Node leaf;
	uint32_t column;       // of Model.column
	bool onehot;           // 1 where the column holds `label`, else 0
	int32_t label;
} Feed;

typedef struct Model {
	Arena arena;
	Tape tape;
	const char *file;        // as messages name it
	Node batch_size;         // leaf; NODE_NONE where nothing varies
	Node t;                  // the leaf update.t, the number of the update; NODE_NONE where it is not used
	Node loss;               // the step that `minimize` names, NODE_NONE if none
	Node mean;               // what is minimised: the loss, or its mean over the batch (named as the loss is)
	Gradient *gradient;      // of `mean`
	Node forward_end;        // nodes below it are leaves and forward steps (with the gradients that `grad` asked for)
	Node gradient_end;       // nodes from forward_end up to here are the gradient of the loss
	Node update_end;         // from gradient_end up to here they are the update
	Node *param, *state;     // in the order of the text; states of update rules too
	size_t param_count, param_capacity, state_count, state_capacity;
	Carry *carry;            // what an update replaces: params, states and t
	size_t carry_count, carry_capacity;
	uint32_t predict;        // family of the answer, NAME_NONE
	uint32_t onehot;         // family of the one-hot target, NAME_NONE
	Column *column;          // that some leaf takes, in the order of the leaves
	size_t columns, column_capacity;
	Feed *feed;              // in the order of the tape
	size_t feed_count, feed_capacity;
	double *data;            // examples in rows of `columns`
	size_t examples;
	uint32_t lanes;          // examples of the batch that was recorded: 1 where nothing varies
} Model;

// Reads a model from `size` bytes of text. False and `error` where the text is wrong; then nothing is left in `model`.
bool model_read(Model *model, const char *file, const char *text, size_t size, const ModelOptions *options,
                Error *error);
void model_free(Model *model);

// Starts a replay of the batch of `count` examples from `first` on (all that there are: 0, model->examples).
void model_start(const Model *model, Replay *replay, size_t first, size_t count);
// Puts the examples `first` … in the lanes of a replay that is started (their number must be its lanes).
void model_feed(const Model *model, Replay *replay, size_t first);
// What the leaf takes, NULL where it takes nothing from data.
const Feed *model_feed_of(const Model *model, Node leaf);
// After an update: params, states and t take their next values.
void model_carry(const Model *model, Replay *replay);

#endif
