#include "tutor/course/question_order.h"

#include <stdlib.h>
#include <string.h>

typedef struct Place {
	uint32_t id;
	int part;         // forward, gradients by steps, gradients by what is given, update
	uint32_t depth;   // of a gradient: how many steps lead to what it is by
	uint32_t by;
} Place;

enum { PART_FORWARD, PART_BY_STEP, PART_BY_GIVEN, PART_UPDATE };

// Of a step the longest way to it; of what is given the deepest step that uses it.
static uint32_t *find_depths(const Lines *lines)
{
	size_t size = memory_product(lines->count, sizeof(uint32_t));
	uint32_t *depth = memset(memory_alloc(size), 0, size);
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Line *line = lines_at(lines, id);
		uint32_t deepest = 0;
		for (uint32_t i = 0; line->phase == PHASE_FORWARD && i < line->parents; i++)
			if (lines_at(lines, line->parent[i])->phase == PHASE_FORWARD && depth[line->parent[i] - 1] > deepest)
				deepest = depth[line->parent[i] - 1];
		if (line->phase == PHASE_FORWARD)
			depth[id - 1] = deepest + 1;
		for (uint32_t i = 0; line->phase == PHASE_FORWARD && i < line->parents; i++)
			if (lines_at(lines, line->parent[i])->phase == PHASE_GIVEN && depth[line->parent[i] - 1] < depth[id - 1])
				depth[line->parent[i] - 1] = depth[id - 1];
	}
	return depth;
}

static Place place_of(const Lines *lines, const uint32_t *depth, uint32_t id)
{
	const Line *line = lines_at(lines, id);
	if (line->phase == PHASE_UPDATE)
		return (Place){.id = id, .part = PART_UPDATE};
	if (line->phase == PHASE_GIVEN || line->phase == PHASE_FORWARD || !line->by)
		return (Place){.id = id, .part = PART_FORWARD};
	bool step = lines_at(lines, line->by)->phase == PHASE_FORWARD;
	return (Place){id, step ? PART_BY_STEP : PART_BY_GIVEN, depth[line->by - 1], line->by};
}

static int in_order(const void *a, const void *b)
{
	const Place *left = a, *right = b;
	if (left->part != right->part)
		return left->part < right->part ? -1 : 1;
	if (left->depth != right->depth)
		return left->depth > right->depth ? -1 : 1;
	if (left->by != right->by)
		return left->by < right->by ? -1 : 1;
	return (left->id > right->id) - (left->id < right->id);
}

void question_order(const Lines *lines, uint32_t *id, size_t count)
{
	uint32_t *depth = find_depths(lines);
	Place *place = memory_alloc(memory_product(count, sizeof *place));
	for (size_t i = 0; i < count; i++)
		place[i] = place_of(lines, depth, id[i]);
	qsort(place, count, sizeof *place, in_order);
	for (size_t i = 0; i < count; i++)
		id[i] = place[i].id;
	free(place);
	free(depth);
}
