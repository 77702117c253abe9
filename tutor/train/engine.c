#include "tutor/train/engine.h"

#include "core/arena.h"

#include <stdlib.h>

struct Engine {
	const EngineClass *class;
	void *state;
	EngineFacts facts;
};

static const EngineClass *const classes[] = {
	[ENGINE_LIFTED] = &engine_lifted, [ENGINE_REPLAY] = &engine_replay};

Engine *engine_new(EngineKind kind, const Model *model, const EngineOptions *options)
{
	Engine *engine = memory_alloc(sizeof *engine);
	*engine = (Engine){.class = classes[kind]};
	engine->state = engine->class->start(model, options, &engine->facts);
	return engine;
}

void engine_free(Engine *engine)
{
	if (engine)
		engine->class->stop(engine->state);
	free(engine);
}

EngineFacts engine_facts(const Engine *engine)
{
	return engine->facts;
}

Precision engine_precision(const Engine *engine)
{
	return engine->class->precision(engine->state);
}

const Node *engine_columns(const Engine *engine, uint32_t *count)
{
	return engine->class->columns(engine->state, count);
}

void engine_feed(Engine *engine, const void *rows, size_t stride, uint32_t lanes)
{
	engine->class->feed(engine->state, rows, stride, lanes);
}

void engine_run(Engine *engine)
{
	engine->class->run(engine->state);
}

double engine_value(const Engine *engine, Node node, uint32_t lane)
{
	return engine->class->value(engine->state, node, lane);
}

void engine_leaves(const Engine *engine, const Node *leaf, size_t count, double *value)
{
	engine->class->leaves(engine->state, leaf, count, value);
}

void engine_set(Engine *engine, Node leaf, double value)
{
	engine->class->set(engine->state, leaf, value);
}

void engine_take_leaves(Engine *engine, const Engine *from, const Model *model)
{
	for (size_t i = 0; i < model->carry_count; i++)
		engine_set(engine, model->carry[i].leaf, engine_value(from, model->carry[i].leaf, 0));
}
