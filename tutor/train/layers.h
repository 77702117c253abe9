// How far each param is from the data: the order in which a gradient reaches them on its way back.
//
// The level of a step is the number of operations on the longest way to it from the data (from any
// leaf where nothing varies), and that of a param the lowest of the nodes that use it. A family
// whose first index counts layers, w[layer,…], has another level for each of them.
#ifndef TRAIN_LAYERS_H
#define TRAIN_LAYERS_H

#include "tutor/model/model.h"

enum { LAYERS_LIMIT = 100 };

// The level of each of model->param, UINT32_MAX for one that no step uses. Freed by the caller.
uint32_t *layers_levels(const Model *model);

// Params of one family that stand one behind another: all of it, or those of one layer.
typedef struct Layer {
	size_t first, count;   // in model->param
	uint32_t family;       // on the tape
	uint32_t level;        // the lowest of theirs
	const char *name;      // w1, or w[3,1..6,1..6] of a layer
} Layer;

// The next one from model->param[first] on. A family is taken apart by its first index where the
// parts are not all of one level, into LAYERS_LIMIT parts at most.
Layer layers_next(const Model *model, const uint32_t *level, size_t first, Arena *arena);

#endif
