#include "tutor/train/layers.h"

#include "core/arena.h"

#include <stdlib.h>
#include <string.h>

// ---- Levels

// The level of each node of the forward pass. Where data varies, what does not vary is at level 0:
// the square of a weight in the loss is no layer.
static uint32_t *node_levels(const Model *model)
{
	const Tape *tape = &model->tape;
	bool varies = model->batch_size != NODE_NONE;
	uint32_t *level = memory_alloc(memory_product((size_t)model->forward_end + 1, sizeof *level));
	for (Node node = 0; node < model->forward_end; node++) {
		uint32_t count = 0;
		level[node] = 0;
		if (tape_is_leaf(tape, node) || (varies && !tape_varies(tape, node)))
			continue;
		const Node *argument = tape_arguments(tape, node, &count);
		for (uint32_t i = 0; i < count; i++)
			if (level[argument[i]] >= level[node])
				level[node] = level[argument[i]] + 1;
	}
	return level;
}

uint32_t *layers_levels(const Model *model)
{
	const Tape *tape = &model->tape;
	uint32_t *level = node_levels(model), *lowest = memory_alloc((model->param_count + 1) * sizeof *lowest);
	NodeMap place = {0};
	for (size_t i = 0; i < model->param_count; i++) {
		nodemap_set(&place, model->param[i], (uint32_t)i);
		lowest[i] = UINT32_MAX;
	}
	for (Node node = 0; node < model->forward_end; node++) {
		uint32_t count = 0;
		const Node *argument = level[node] ? tape_arguments(tape, node, &count) : NULL;
		for (uint32_t i = 0; i < count; i++) {
			uint32_t param = tape_op(tape, argument[i]) == OP_PARAM ? nodemap_get(&place, argument[i]) : NODEMAP_ABSENT;
			if (param != NODEMAP_ABSENT && level[node] < lowest[param])
				lowest[param] = level[node];
		}
	}
	nodemap_free(&place);
	free(level);
	return lowest;
}

// ---- Layers

static const Name *name_of(const Model *model, size_t param)
{
	return &model->tape.names[model->tape.name[model->param[param]]];
}

static const int32_t *index_of(const Model *model, size_t param)
{
	return model->tape.index + name_of(model, param)->b;
}

// The end of the run of params of the same family as the first, and of the same first index where `part`.
static size_t run_end(const Model *model, size_t first, bool part)
{
	const Name *name = name_of(model, first);
	size_t end = first + 1;
	while (end < model->param_count && name_of(model, end)->a == name->a && name_of(model, end)->rank == name->rank &&
	       (!part || !name->rank || index_of(model, end)[0] == index_of(model, first)[0]))
		end++;
	return end;
}

static uint32_t lowest_of(const uint32_t *level, size_t first, size_t end)
{
	uint32_t lowest = UINT32_MAX;
	for (size_t i = first; i < end; i++)
		lowest = level[i] < lowest ? level[i] : lowest;
	return lowest;
}

// Whether the first index of the family that `first` is of counts layers.
static bool counts_layers(const Model *model, const uint32_t *level, size_t first)
{
	uint32_t parts = 0, known = 0;
	bool differ = false;
	while (first && name_of(model, first - 1)->a == name_of(model, first)->a)
		first--;
	for (size_t end = run_end(model, first, false), next; first < end; first = next) {
		next = run_end(model, first, true);
		uint32_t lowest = lowest_of(level, first, next);
		differ = differ || (parts && lowest != known);
		known = lowest;
		parts++;
	}
	return differ && parts <= LAYERS_LIMIT;
}

static const char *part_name(const Model *model, size_t first, size_t end, Arena *arena)
{
	const Name *name = name_of(model, first);
	const char *text = arena_printf(arena, "%s[%d", tape_family_text(&model->tape, name->a), (int)index_of(model, first)[0]);
	for (uint32_t i = 1; i < name->rank; i++) {
		int32_t low = INT32_MAX, high = INT32_MIN;
		for (size_t param = first; param < end; param++) {
			int32_t index = index_of(model, param)[i];
			low = index < low ? index : low;
			high = index > high ? index : high;
		}
		text = arena_printf(arena, low == high ? "%s,%d" : "%s,%d..%d", text, (int)low, (int)high);
	}
	return arena_printf(arena, "%s]", text);
}

Layer layers_next(const Model *model, const uint32_t *level, size_t first, Arena *arena)
{
	bool part = name_of(model, first)->rank && counts_layers(model, level, first);
	size_t end = run_end(model, first, part);
	return (Layer){
		.first = first,
		.count = end - first,
		.family = name_of(model, first)->a,
		.level = lowest_of(level, first, end),
		.name = part ? part_name(model, first, end, arena) : tape_family_text(&model->tape, name_of(model, first)->a),
	};
}
