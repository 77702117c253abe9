#include "tutor/train/snapshot.h"

#include "core/arena.h"

#include <math.h>
#include <stdlib.h>

size_t snapshot_leaves(const Model *model)
{
	return model->param_count + model->state_count;
}

Node snapshot_leaf(const Model *model, size_t number)
{
	return number < model->param_count ? model->param[number]
	                                   : model->state[number - model->param_count];
}

void snapshot_start(Snapshot *snapshot, const Model *model)
{
	size_t count = snapshot_leaves(model);
	if (!snapshot->value)
		snapshot->value = memory_alloc(memory_product(count, sizeof(double)));
	for (size_t i = 0; i < count; i++)
		snapshot->value[i] = NAN;
}

void snapshot_take(Snapshot *snapshot, const Engine *engine, const Model *model, uint64_t updates)
{
	snapshot_start(snapshot, model);
	engine_leaves(engine, model->param, model->param_count, snapshot->value);
	engine_leaves(engine, model->state, model->state_count, snapshot->value + model->param_count);
	snapshot->updates = updates;
}

void snapshot_restore(const Snapshot *snapshot, Engine *engine, const Model *model)
{
	for (size_t i = 0; i < snapshot_leaves(model); i++)
		engine_set(engine, snapshot_leaf(model, i), snapshot->value[i]);
	if (model->t != NODE_NONE)
		engine_set(engine, model->t, (double)snapshot->updates + 1);
}

void snapshot_free(Snapshot *snapshot)
{
	free(snapshot->value);
	*snapshot = (Snapshot){0};
}
