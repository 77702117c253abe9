#include "tutor/explain/row.h"

#include <stdlib.h>
#include <string.h>

const char *phase_text(Phase phase)
{
	static const char *const text[] = {
	    [PHASE_GIVEN] = "given",       [PHASE_FORWARD] = "forward",   [PHASE_PARTIAL] = "partial",
	    [PHASE_PATH] = "path",         [PHASE_GRADIENT] = "gradient", [PHASE_UPDATE] = "update",
	};
	return text[phase];
}

typedef struct Ids {
	uint32_t *id;
	size_t count, capacity;
	Arena *arena;
} Ids;

static void add_id(void *context, Formula *leaf)
{
	Ids *ids = context;
	if (!leaf->row)
		return;
	if (ids->count == ids->capacity) {
		ids->capacity = ids->capacity ? ids->capacity * 2 : 8;
		uint32_t *more = arena_array(ids->arena, uint32_t, ids->capacity);
		if (ids->count)
			memcpy(more, ids->id, ids->count * sizeof *more);
		ids->id = more;
	}
	ids->id[ids->count++] = leaf->row;
}

static int ascending(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	return (left > right) - (left < right);
}

size_t row_parents(const Row *row, Arena *arena, const uint32_t **result)
{
	Ids ids = {.arena = arena};
	if (row->formula)
		formula_each_leaf(row->formula, add_id, &ids);
	if (ids.count > 1)
		qsort(ids.id, ids.count, sizeof *ids.id, ascending);
	size_t kept = 0;
	for (size_t i = 0; i < ids.count; i++)
		if (i == 0 || ids.id[i] != ids.id[i - 1])
			ids.id[kept++] = ids.id[i];
	*result = ids.id;
	return kept;
}
