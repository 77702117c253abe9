// Blocks of elementwise instructions: several instructions over one tile before the next tile, so that what they hand on
// stays in cache.
#include "core/program_state.h"

#include <stdlib.h>

typedef struct Tile {
	const ProgramState *state;
	uint32_t first, rows;   // of the block's rows
	size_t width;           // numbers a row: the lanes, or 1
} Tile;

// The address of an operand's row r. A slot of a tile begins with the tile's first row.
static char *tile_row(const Tile *tile, const Rows *rows, uint32_t r)
{
	if (rows->space == SPACE_TILE)
		return state_row(tile->state, SPACE_TILE, rows->first) + (r - tile->first) * tile->width * tile->state->kernels->size;
	return state_operand(tile->state, rows, r);
}

static bool has_lanes(const Rows *rows)
{
	return rows->space == SPACE_LANES || rows->space == SPACE_TILE;
}

// Whether the operand is one run of numbers over all rows of the tile, and its stride.
static bool is_run(const Tile *tile, const Rows *rows, size_t *stride)
{
	if (tile->rows == 1 || rows->space == SPACE_TILE) {
		*stride = tile->width == 1 ? rows->step == 1 : has_lanes(rows);
		*stride = rows->space == SPACE_TILE ? 1 : *stride;
		return true;
	}
	if (rows->index)
		return false;
	if (tile->width == 1) {
		*stride = (size_t)rows->step;
		return rows->step == 0 || rows->step == 1;
	}
	*stride = has_lanes(rows);
	return rows->step == (has_lanes(rows) ? 1 : 0);
}

// Puts the operand's numbers of this tile, one a row, side by side.
static const void *gathered(const Tile *tile, const Rows *rows, uint32_t k)
{
	const ProgramState *state = tile->state;
	const Kernels *kernels = state->kernels;
	char *to = state->scratch + k * (size_t)TILE * kernels->size;
	if (!rows->index)
		kernels->spaced(to, tile_row(tile, rows, tile->first), rows->step, tile->rows);
	else
		kernels->gather(to, state_row(state, rows->space, 0), rows->index + tile->first, tile->rows);
	return to;
}

static void run_row_by_row(const Tile *tile, const Instruction *i, KernelElements *kernel, const void **argument,
                           size_t *stride, const Rows *result)
{
	for (uint32_t k = 0; k < i->arity; k++)
		stride[k] = has_lanes(&i->operand[k]);
	for (uint32_t r = tile->first; r < tile->first + tile->rows; r++) {
		for (uint32_t k = 0; k < i->arity; k++)
			argument[k] = tile_row(tile, &i->operand[k], r);
		kernel(tile_row(tile, result, r), argument, stride, i->arity, tile->width);
	}
}

static void run_tile(const Tile *tile, const Instruction *i)
{
	const void *few[8], **argument = few;
	size_t few_strides[8], *stride = few_strides;
	Rows result = {.space = i->space, .first = i->result, .step = 1};
	KernelElements *kernel = tile->state->kernels->elements(i->op);
	bool runs = true;
	if (i->arity > 8) {
		argument = memory_alloc(memory_product(i->arity, sizeof *argument));
		stride = memory_alloc(memory_product(i->arity, sizeof *stride));
	}
	for (uint32_t k = 0; k < i->arity; k++) {
		bool run = is_run(tile, &i->operand[k], &stride[k]);
		if (!run && tile->width == 1) {
			argument[k] = gathered(tile, &i->operand[k], k);
			stride[k] = 1;
		} else if (run) {
			argument[k] = tile_row(tile, &i->operand[k], tile->first);
		}
		runs &= run || tile->width == 1;
	}
	if (runs)
		kernel(tile_row(tile, &result, tile->first), argument, stride, i->arity, tile->rows * tile->width);
	else
		run_row_by_row(tile, i, kernel, argument, stride, &result);
	if (argument != few) {
		free((void *)argument);
		free(stride);
	}
}

void program_run_block(const Program *program, uint32_t first, uint32_t end)
{
	const uint32_t rows = program->instruction[first].rows;
	Tile tile = {.state = program->state, .width = 1};
	if (program->instruction[first].varies)
		tile.width = program->state->lanes;
	uint32_t height = tile.width >= TILE ? 1 : (uint32_t)(TILE / tile.width);
	for (tile.first = 0; tile.first < rows; tile.first += height) {
		tile.rows = rows - tile.first < height ? rows - tile.first : height;
		for (uint32_t n = first; n < end; n++)
			run_tile(&tile, &program->instruction[n]);
	}
}
