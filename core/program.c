#include "core/program_state.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void state_free(ProgramState *state)
{
	if (!state)
		return;
	for (uint32_t p = 0; p < state->most_parts; p++) {
		free(state->part[p].own_rows);
		arena_free(&state->part[p].bindings);
	}
	for (uint32_t t = 0; t < state->most_threads; t++) {
		free(state->room[t].tile);
		free(state->room[t].scratch);
		free(state->room[t].panels);
	}
	pool_free(state->pool);
	free(state->part);
	free(state->room);
	free(state->step);
	free(state->fixed);
	free(state->scalar);
	free(state->cells);
	free(state);
}

void program_delete(Program *program)
{
	if (!program)
		return;
	state_free(program->state);
	free(program->place_of);
	arena_free(&program->arena);
	free(program);
}

// ---- Storage

enum { ALIGNMENT = 64 };

// Zeroed memory for `count` numbers.
static char *numbers(const ProgramState *state, size_t count)
{
	size_t bytes = memory_product(count + 1, state->kernels->size);
	bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	void *memory = aligned_alloc(ALIGNMENT, bytes);
	if (!memory) {
		memory_exhausted(bytes);
		abort();
	}
	return memset(memory, 0, bytes);
}

static void set_row(const ProgramState *state, uint32_t row, double value)
{
	state->kernels->set(state->fixed + row * state->kernels->size, value);
}

static uint32_t widest(const Program *program)
{
	uint32_t arity = 1;
	for (uint32_t i = 0; i < program->count; i++)
		if (program->instruction[i].kind == INSTRUCTION_ELEMENTS && program->instruction[i].arity > arity)
			arity = program->instruction[i].arity;
	return arity;
}

static void set_room(const Program *program, Room *room)
{
	const ProgramState *state = program->state;
	if (room->tile)
		return;
	room->tile = numbers(state, memory_product(program->tile_slots, state->slot));
	room->scratch = numbers(state, memory_product(widest(program), TILE));
	room->panels = numbers(state, KERNEL_SCRATCH);
}

// Gives a part its lanes, and memory for them.
static void set_part(const Program *program, Part *part, uint32_t first, uint32_t lanes, const Room *room)
{
	const ProgramState *state = program->state;
	part->first = first;
	part->lanes = lanes;
	part->room = room;
	if (part->most_lanes < lanes && (state->parts > 1 || part == state->part)) {
		free(part->own_rows);
		part->own_rows = numbers(state, memory_product(program->lanes_rows, lanes));
		part->most_lanes = lanes;
		part->bound_lanes = 0;
	}
	part->rows = state->parts > 1 ? part->own_rows : state->part->own_rows;
	if (part->bound_lanes != lanes || part->bound_rows != part->rows || part->bound_room != room)
		program_bind(program, part);
}

// Splits the batch: all parts but the last have the same number of lanes, a multiple of what fills a line of cache.
static void split_lanes(const Program *program)
{
	enum { LINE = 16 };
	ProgramState *state = program->state;
	program_plan_steps(program);
	uint32_t each = (state->lanes + state->parts - 1) / state->parts;
	if (state->parts > 1)
		each = (each + LINE - 1) / LINE * LINE;
	for (uint32_t t = 0; t < state->threads; t++)
		set_room(program, &state->room[t]);
	for (uint32_t p = 0; p < state->parts || p < state->threads; p++) {
		uint32_t first = state->parts == 1 ? 0 : p * each < state->lanes ? p * each : state->lanes;
		uint32_t left = state->lanes - first;
		set_part(program, &state->part[p], first, left < each ? left : each, &state->room[p / state_pieces(state)]);
	}
	if (state->lanes == 1)
		program_bind_scalars(program);
}

static void set_leaves(const Program *program)
{
	const ProgramState *state = program->state;
	for (uint32_t i = 0; i < program->numbers; i++)
		set_row(state, program->number[i].row, program->number_value[i]);
	for (uint32_t i = 0; i < program->leaves; i++)
		if (program->leaf[i].space == SPACE_FIXED)
			set_row(state, program->leaf[i].row, program->start[i]);
	if (program->batch_size != ROW_ZERO)
		set_row(state, program->batch_size, state->lanes);
}

// Whether there are matrix products that are worth loading a library.
static bool has_large_products(const Program *program, uint32_t lanes)
{
	enum { LARGE = 2000000 };   // operations
	for (uint32_t i = 0; i < program->count; i++)
		if (program->instruction[i].kind == INSTRUCTION_PRODUCT && program->instruction[i].operations * lanes >= LARGE)
			return true;
	return false;
}

void program_start_threads(Program *program, Precision precision, uint32_t lanes, uint32_t threads)
{
	assert(lanes > 0 && threads > 0);
	state_free(program->state);
	ProgramState *state = memory_alloc(sizeof *state);
	*state = (ProgramState){.precision = precision, .kernels = kernels_for(precision), .most_lanes = lanes, .lanes = lanes};
	state->slot = lanes > TILE ? lanes : TILE;
	if (kernels_blas_pays() && has_large_products(program, lanes))
		blas_find(&state->blas);
	state->pool = pool_new(threads);
	state->most_threads = pool_threads(state->pool);
	state->most_parts = program_most_parts(state);
	state->part = memory_alloc(memory_product(state->most_parts, sizeof *state->part));
	memset(state->part, 0, state->most_parts * sizeof *state->part);
	state->room = memory_alloc(state->most_threads * sizeof *state->room);
	memset(state->room, 0, state->most_threads * sizeof *state->room);
	state->step = memory_alloc(memory_product(program->count + (size_t)1, sizeof *state->step));
	state->fixed = numbers(state, program->fixed_rows);
	program->state = state;
	set_leaves(program);
	split_lanes(program);
}

void program_start(Program *program, Precision precision, uint32_t lanes)
{
	program_start_threads(program, precision, lanes, 1);
}

size_t program_bytes(const Program *program)
{
	const ProgramState *state = program->state;
	size_t bytes = arena_bytes(&program->arena) + program->nodes * sizeof *program->place_of;
	for (uint32_t p = 0; state && p < state->most_parts; p++) {
		const Part *part = &state->part[p];
		bytes += state->kernels->size * program->lanes_rows * part->most_lanes + arena_bytes(&part->bindings);
	}
	if (state)
		bytes += state->kernels->size * (program->tile_slots * state->slot * state->most_threads + program->fixed_rows);
	return bytes;
}

// ---- Values in and out

void program_feed(Program *program, const void *rows, size_t stride, uint32_t lanes)
{
	ProgramState *state = program->state;
	assert(lanes > 0 && lanes <= state->most_lanes && (stride >= program->columns || lanes == 1));
	state->input = rows;
	state->stride = stride;
	if (state->lanes == lanes)
		return;
	state->lanes = lanes;
	split_lanes(program);
	if (program->batch_size != ROW_ZERO)
		set_row(state, program->batch_size, lanes);
}

double program_value(const Program *program, Node node, uint32_t lane)
{
	const ProgramState *state = program->state;
	assert(node < program->nodes && program->place_of[node] != NODE_ROW_NONE);
	const NodeRow *place = &program->place[program->place_of[node]];
	const Part *part = state->part;
	while (place->space != SPACE_FIXED && lane >= part->first + part->lanes)
		part++;
	size_t at = lane - part->first;
	at = place->space == SPACE_FIXED ? 0 : place->space == SPACE_INPUT ? at * state->stride : at;
	return state->kernels->get(state_row(state, part, place->space, place->row) + at * state->kernels->size);
}

void program_leaves(const Program *program, const Node *leaf, size_t count, double *value)
{
	const ProgramState *state = program->state;
	const void *fixed = state->fixed;
	for (size_t i = 0; i < count; i++) {
		const uint32_t number = leaf[i] < program->nodes ? program->place_of[leaf[i]] : NODE_ROW_NONE;
		if (number == NODE_ROW_NONE)
			continue;
		assert(program->place[number].space == SPACE_FIXED);
		const uint32_t row = program->place[number].row;
		value[i] = state->precision == PROGRAM_SINGLE ? (double)((const float *)fixed)[row] : ((const double *)fixed)[row];
	}
}

bool program_set(Program *program, Node leaf, double value)
{
	uint32_t number = leaf < program->nodes ? program->place_of[leaf] : NODE_ROW_NONE;
	if (number == NODE_ROW_NONE || program->place[number].space != SPACE_FIXED)
		return false;
	set_row(program->state, program->place[number].row, value);
	return true;
}

