// From a name as people write it in files and on the command line to the node that it means.
//
//   net_h1   w1[2,3]   h[3]@2   w5+   w5.v+   dE/dw5   dL/dh[1]@2   dA/dB:direct   d(df/dx)/dy   E#2   out_o1#10001
//
// Any derivative of a step by a step, param or input can be asked for: what the tape has not got yet is recorded.
// Blanks do not count.
#ifndef EXPLAIN_QUERY_H
#define EXPLAIN_QUERY_H

#include "core/error.h"
#include "tutor/model/model.h"

typedef struct Query {
	Node node;         // whose value is meant
	uint32_t lane;
	uint32_t step;     // the update step, from 1: NAME#step
} Query;

// Finds what `name` means in the model. False and `error` (with the nearest known name) where it means nothing. May
// record derivatives on the model's tape; replays started before take them in by query_prepare.
bool query_find(Model *model, const char *name, Query *query, Error *error);

// The element that `name` (no derivative, no #) means, for --of, --wrt and the like: a leaf or a step.
bool query_element(Model *model, const char *name, Node *node, uint32_t *lane, Error *error);

// The upper end A of a derivative dA/dB: a step, the mean over the batch of one that varies, or one example's own value
// where it is named with its @. NODE_NONE and `error` where the name means none.
Node query_upper(Model *model, const char *name, Error *error);

// For a node that varies, the node of its mean over the batch, named plainly where the node has a name; else the node
// itself.
Node query_mean(Model *model, Node node);

// One example's own value of a node that varies, as a node that does not; else the node itself.
Node query_pick(Model *model, Node node, uint32_t lane);
// The member of that family that a node has (w5.v), NODE_NONE where it has none.
Node query_member(const Tape *tape, Node node, uint32_t member);

// Whether a leaf is one that picks an example out of the batch: no quantity of the model, so that it is written as its
// value, 1 or 0.
bool query_picks(const Tape *tape, Node leaf);

// Takes what query_find has recorded into a replay that was started before, so that replay_all gives it its values.
void query_prepare(const Model *model, Replay *replay);

// Values of many queries at once: replays update steps up to the highest that is asked for and reads each value in
// its step (tutor/explain/rounds.h keeps the replays for further ones).
void query_values(const Model *model, const Query *query, size_t count, double *value);

#endif
