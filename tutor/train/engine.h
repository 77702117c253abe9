// What runs a model's tape on batches: the loop sees nothing else of how it is done.
//
// An engine computes some nodes (`wanted`) and, where it updates, what the params, states and t
// become. Two kinds: LIFTED, the vector program of core/lift.h; REPLAY, one operation after
// another, slow and the reference for the other.
//
//	Engine *engine = engine_new(ENGINE_LIFTED, &model, &options);
//	engine_feed(engine, rows, stride, lanes);      a batch; not copied
//	engine_run(engine);
//	... engine_value(engine, model.mean, 0) ...
//	engine_free(engine);
#ifndef TRAIN_ENGINE_H
#define TRAIN_ENGINE_H

#include "core/program.h"
#include "tutor/model/model.h"

typedef enum EngineKind { ENGINE_LIFTED, ENGINE_REPLAY } EngineKind;

typedef struct EngineOptions {
	bool update;          // params, states and t take their next values at the end of a run
	const Node *wanted;   // nodes that will be asked for, beside the leaves
	size_t wanted_count;
	Precision precision;   // of the arithmetic; REPLAY is always double
	uint32_t lanes;        // the largest batch
	uint32_t threads;      // 0 for 1; REPLAY always has one
} EngineOptions;

typedef struct EngineFacts {
	uint64_t instructions;   // 0 for REPLAY
	double lift_seconds;
} EngineFacts;

typedef struct Engine Engine;

// Leaves have the values of the tape.
Engine *engine_new(EngineKind kind, const Model *model, const EngineOptions *options);
void engine_free(Engine *engine);
EngineFacts engine_facts(const Engine *engine);

// The precision of the rows that it is fed with.
Precision engine_precision(const Engine *engine);
// The leaves that take data, in the order of a row's columns.
const Node *engine_columns(const Engine *engine, uint32_t *count);
// The batch of the next run: `lanes` rows, each `stride` numbers behind the one before. They must
// live until it has run.
void engine_feed(Engine *engine, const void *rows, size_t stride, uint32_t lanes);
void engine_run(Engine *engine);

double engine_value(const Engine *engine, Node node, uint32_t lane);
// The values of leaves that do not vary, many at once.
void engine_leaves(const Engine *engine, const Node *leaf, size_t count, double *value);
// Sets a leaf that does not vary; one that the engine does not use is passed over.
void engine_set(Engine *engine, Node leaf, double value);
// Gives the leaves that an update changes the values that they have in another engine of the same
// model.
void engine_take_leaves(Engine *engine, const Engine *from, const Model *model);

// ---- How a kind is added: its functions, and a row in engine.c

typedef struct EngineClass {
	void *(*start)(const Model *model, const EngineOptions *options, EngineFacts *facts);
	void (*stop)(void *state);
	Precision (*precision)(const void *state);
	const Node *(*columns)(const void *state, uint32_t *count);
	void (*feed)(void *state, const void *rows, size_t stride, uint32_t lanes);
	void (*run)(void *state);
	double (*value)(const void *state, Node node, uint32_t lane);
	void (*leaves)(const void *state, const Node *leaf, size_t count, double *value);
	void (*set)(void *state, Node leaf, double value);
} EngineClass;

extern const EngineClass engine_lifted, engine_replay;

#endif
