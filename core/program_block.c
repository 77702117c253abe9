// Blocks of elementwise instructions: several instructions over one tile before the next tile, so that what they hand on
// stays in cache. Addresses, strides and kernels are found once for a number of lanes: a block of a small net takes less
// time than finding them.
#include "core/program_state.h"

#include <assert.h>
#include <stdlib.h>

static size_t width_of(const Part *part, const Instruction *i)
{
	return i->varies ? part->lanes : 1;   // numbers a row
}

static uint32_t tile_height(size_t width)
{
	return width >= TILE ? 1 : (uint32_t)(TILE / width);
}

// ---- Binding

typedef struct Binder {
	const Program *program;
	Part *part;
	const Instruction *i;
	size_t width, size;
	uint32_t height;
} Binder;

static bool has_lanes(const Rows *rows)
{
	return rows->space == SPACE_LANES || rows->space == SPACE_TILE;
}

// Whether the operand is one run of numbers over all rows, or one number or row of lanes if there is one row only.
static bool is_run(const Binder *b, const Rows *rows)
{
	if (rows->space == SPACE_TILE || b->i->rows == 1)
		return true;
	if (rows->index)
		return false;
	if (b->width == 1)
		return rows->step == 0 || rows->step == 1;
	return rows->step == (has_lanes(rows) ? 1 : 0);
}

char *program_element(const ProgramState *state, const Part *part, const Rows *rows, uint32_t r, size_t width)
{
	if (rows->space == SPACE_TILE)
		return state_row(state, part, SPACE_TILE, rows->first) + r % tile_height(width) * width * state->kernels->size;
	return state_operand(state, part, rows, r);
}

static char *address(const Binder *b, const Rows *rows, uint32_t r)
{
	return program_element(b->program->state, b->part, rows, r, b->width);
}

static void bind_runs(Binder *b, BoundElements *bound)
{
	const Instruction *i = b->i;
	for (uint32_t k = 0; k < i->arity; k++) {
		const Rows *rows = &i->operand[k];
		bound->argument[k] = address(b, rows, 0);
		if (!is_run(b, rows)) {
			bound->gathered[k] = rows;
			bound->argument[k] = b->part->room->scratch + k * (size_t)TILE * b->size;
			bound->stride[k] = 1;
			bound->in_tiles = true;
		} else if (rows->space == SPACE_TILE) {
			bound->stride[k] = 1;
		} else if (b->width > 1) {
			bound->stride[k] = has_lanes(rows);
			bound->step[k] = has_lanes(rows) ? b->width * b->size : 0;
		} else {
			bound->stride[k] = i->rows > 1 ? (size_t)rows->step : 1;
			bound->step[k] = i->rows > 1 ? (size_t)rows->step * b->size : b->size;
		}
	}
	bound->in_tiles |= i->rows > b->height;
}

static void bind_rows(Binder *b, BoundElements *bound)
{
	const Instruction *i = b->i;
	for (uint32_t k = 0; k < i->arity; k++) {
		bound->stride[k] = has_lanes(&i->operand[k]);
		for (uint32_t r = 0; r < i->rows; r++)
			bound->argument[r * (size_t)i->arity + k] = address(b, &i->operand[k], r);
	}
}

static void bind_elements(Binder *b, BoundElements *bound)
{
	const Instruction *i = b->i;
	const ProgramState *state = b->program->state;
	Arena *arena = &b->part->bindings;
	*bound = (BoundElements){.kernel = state->kernels->elements(i->op), .arity = i->arity};
	bound->result = state_row(state, b->part, i->space, i->result);
	bound->result_step = i->space == SPACE_TILE ? 0 : b->width * b->size;
	for (uint32_t k = 0; k < i->arity; k++) {
		assert(i->operand[k].space != SPACE_INPUT);   // inputs are packed
		bound->by_rows |= b->width > 1 && !is_run(b, &i->operand[k]);
	}
	size_t calls = bound->by_rows ? i->rows : 2;
	bound->argument = arena_array(arena, const void *, memory_product(calls, i->arity));
	bound->stride = arena_array(arena, size_t, 2 * (size_t)i->arity);
	bound->step = bound->stride + i->arity;
	bound->gathered = arena_array(arena, const Rows *, i->arity);
	if (bound->by_rows)
		bind_rows(b, bound);
	else
		bind_runs(b, bound);
}

void program_bind(const Program *program, Part *part)
{
	Binder b = {.program = program, .part = part, .size = program->state->kernels->size};
	arena_reset(&part->bindings);
	part->bound = arena_array(&part->bindings, BoundElements, program->count);
	for (uint32_t n = 0; n < program->count; n++) {
		b.i = &program->instruction[n];
		if (b.i->kind != INSTRUCTION_ELEMENTS)
			continue;
		b.width = width_of(part, b.i);
		b.height = tile_height(b.width);
		bind_elements(&b, &part->bound[n]);
	}
	part->bound_lanes = part->lanes;
	part->bound_rows = part->rows;
	part->bound_room = part->room;
}

// ---- Running

// Puts an operand's numbers of the tile, one a row, side by side.
static void gather(const ProgramState *state, const Part *part, const Rows *rows, void *to, uint32_t first, uint32_t count)
{
	if (rows->index)
		state->kernels->gather(to, state_row(state, part, rows->space, 0), rows->index + first, count);
	else
		state->kernels->spaced(to, state_operand(state, part, rows, first), rows->step, count);
}

// The operands as they are in the tile that begins with row `first`: in the second half of `argument`.
static const void **moved(const ProgramState *state, const Part *part, const BoundElements *bound, uint32_t first,
                          uint32_t count)
{
	const void **argument = bound->argument + bound->arity;
	for (uint32_t k = 0; k < bound->arity; k++) {
		argument[k] = (const char *)bound->argument[k] + first * bound->step[k];
		if (bound->gathered[k])
			gather(state, part, bound->gathered[k], part->room->scratch + k * (size_t)TILE * state->kernels->size, first, count);
	}
	return argument;
}

static void run_tile(const ProgramState *state, const Part *part, const BoundElements *bound, uint32_t first,
                     uint32_t count, size_t width)
{
	char *result = bound->result + first * bound->result_step;
	if (!bound->by_rows) {
		const void **argument = bound->in_tiles ? moved(state, part, bound, first, count) : bound->argument;
		bound->kernel(result, argument, bound->stride, bound->arity, count * width);
		return;
	}
	const void **argument = bound->argument + first * (size_t)bound->arity;
	for (uint32_t r = 0; r < count; r++, argument += bound->arity, result += width * state->kernels->size)
		bound->kernel(result, argument, bound->stride, bound->arity, width);
}

void program_run_block(const Worker *worker, const Step *step)
{
	const Instruction *i = &worker->program->instruction[step->first];
	const Part *part = worker->part;
	const size_t width = width_of(part, i);
	const uint32_t height = tile_height(width);
	uint32_t begin, end;
	state_share(i->rows, height, worker->thread, worker->threads, &begin, &end);
	for (uint32_t first = begin; first < end; first += height)
		for (uint32_t n = step->first; n < step->end; n++)
			run_tile(worker->state, part, &part->bound[n], first, end - first < height ? end - first : height, width);
}
