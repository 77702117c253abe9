#include "core/program_state.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void state_free(ProgramState *state)
{
	if (!state)
		return;
	free(state->fixed);
	free(state->rows);
	free(state->tile);
	free(state->scratch);
	free(state->panels);
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
	state->kernels->set(state_row(state, SPACE_FIXED, row), value);
}

static uint32_t widest(const Program *program)
{
	uint32_t arity = 1;
	for (uint32_t i = 0; i < program->count; i++)
		if (program->instruction[i].arity > arity)
			arity = program->instruction[i].arity;
	return arity;
}

void program_start(Program *program, Precision precision, uint32_t lanes)
{
	assert(lanes > 0);
	state_free(program->state);
	ProgramState *state = memory_alloc(sizeof *state);
	*state = (ProgramState){.precision = precision, .kernels = kernels_for(precision), .most_lanes = lanes, .lanes = lanes};
	state->slot = lanes > TILE ? lanes : TILE;
	state->fixed = numbers(state, program->fixed_rows);
	state->rows = numbers(state, memory_product(program->lanes_rows, lanes));
	state->tile = numbers(state, memory_product(program->tile_slots, state->slot));
	state->scratch = numbers(state, memory_product(widest(program), TILE));
	state->blas = kernels_blas_pays();
	state->panels = numbers(state, KERNEL_SCRATCH);
	program->state = state;
	for (uint32_t i = 0; i < program->numbers; i++)
		set_row(state, program->number[i].row, program->number_value[i]);
	for (uint32_t i = 0; i < program->leaves; i++)
		if (program->leaf[i].space == SPACE_FIXED)
			set_row(state, program->leaf[i].row, program->start[i]);
	if (program->batch_size != ROW_ZERO)
		set_row(state, program->batch_size, lanes);
}

size_t program_bytes(const Program *program)
{
	const ProgramState *state = program->state;
	size_t bytes = arena_bytes(&program->arena) + program->nodes * sizeof *program->place_of;
	if (!state)
		return bytes;
	return bytes + state->kernels->size * (program->fixed_rows + (size_t)program->lanes_rows * state->most_lanes +
	                                       program->tile_slots * state->slot);
}

// ---- Values in and out

void program_feed(Program *program, const void *rows, size_t stride, uint32_t lanes)
{
	ProgramState *state = program->state;
	assert(lanes > 0 && lanes <= state->most_lanes);
	state->input = rows;
	state->stride = stride;
	state->lanes = lanes;
	if (program->batch_size != ROW_ZERO)
		set_row(state, program->batch_size, lanes);
}

double program_value(const Program *program, Node node, uint32_t lane)
{
	const ProgramState *state = program->state;
	assert(node < program->nodes && program->place_of[node] != NODE_ROW_NONE);
	uint32_t number = program->place_of[node];
	const NodeRow *place = &program->place[number];
	size_t at = place->space == SPACE_FIXED ? 0 : place->space == SPACE_INPUT ? lane * state->stride : lane;
	return state->kernels->get(state_row(state, place->space, place->row) + at * state->kernels->size);
}

bool program_set(Program *program, Node leaf, double value)
{
	uint32_t number = leaf < program->nodes ? program->place_of[leaf] : NODE_ROW_NONE;
	if (number == NODE_ROW_NONE || program->place[number].space != SPACE_FIXED)
		return false;
	set_row(program->state, program->place[number].row, value);
	return true;
}

// ---- Instructions: a function a kind

static void run_fold(const ProgramState *state, const Instruction *i)
{
	const Rows *operand = i->operand;
	const size_t width = i->varies ? state->lanes : 1;
	KernelFold *fold = state->kernels->fold((Op)i->op);
	char *result = state_row(state, i->space, i->result);
	for (uint32_t r = 0; r < i->rows; r++) {
		FoldRows rows = {.first = operand->first + r * (uint32_t)operand->step, .along = i->along, .count = i->n};
		if (operand->index)
			rows.row = operand->index + (size_t)r * i->n;
		fold(result + r * width * state->kernels->size, state_row(state, operand->space, 0), rows, width);
	}
}

static void run_batch_sum(const ProgramState *state, const Instruction *i)
{
	for (uint32_t r = 0; r < i->rows; r++)
		state->kernels->batch_sum(state_row(state, i->space, i->result + r), state_operand(state, i->operand, r),
		                          state->lanes);
}

static void run_contract(const ProgramState *state, const Instruction *i)
{
	const Contract *contract = i->contract;
	const Kernels *kernels = state->kernels;
	const size_t width = i->varies ? state->lanes : 1;
	for (uint32_t r = 0; r < i->rows; r++) {
		char *result = state_row(state, i->space, i->result + r);
		if (!contract->has_start)
			memset(result, 0, width * kernels->size);
		else if (contract->start.space == SPACE_FIXED)
			kernels->fill(result, state_operand(state, &contract->start, r), width);
		else
			memcpy(result, state_operand(state, &contract->start, r), width * kernels->size);
		for (uint32_t t = contract->from[r]; t < contract->from[r + 1]; t++) {
			const char *u = state_row(state, contract->u_space, contract->u[t]);
			const char *v = state_row(state, contract->v_space, contract->v[t]);
			if (i->varies)
				kernels->add_scaled(result, u, v, width);
			else
				kernels->add_dot(result, u, v, state->lanes);
		}
	}
}

static void run_pack(const ProgramState *state, const Instruction *i)
{
	const Rows *operand = i->operand;
	const Kernels *kernels = state->kernels;
	const size_t width = i->varies ? state->lanes : 1;
	if (operand->space == SPACE_INPUT && !operand->index && operand->step == 1) {
		kernels->turn(state_row(state, i->space, i->result), state_operand(state, operand, 0), state->stride, i->rows,
		              state->lanes);
		return;
	}
	for (uint32_t r = 0; r < i->rows; r++) {
		char *result = state_row(state, i->space, i->result + r);
		uint32_t row = rows_at(operand, r);
		if (row == ROW_ZERO)
			memset(result, 0, width * kernels->size);
		else if (operand->space == SPACE_INPUT)
			kernels->spaced(result, state_row(state, SPACE_INPUT, row), (ptrdiff_t)state->stride, width);
		else
			memcpy(result, state_row(state, operand->space, row), width * kernels->size);
	}
}

static void run_carry(const ProgramState *state, const Instruction *i)
{
	for (uint32_t r = 0; r < i->rows; r++)
		memcpy(state_operand(state, &i->operand[1], r), state_operand(state, &i->operand[0], r), state->kernels->size);
}

typedef void RunKind(const ProgramState *state, const Instruction *i);

static RunKind *const run_kind[] = {
	[INSTRUCTION_FOLD] = run_fold, [INSTRUCTION_BATCH_SUM] = run_batch_sum,
	[INSTRUCTION_PRODUCT] = program_run_product, [INSTRUCTION_CONTRACT] = run_contract,
	[INSTRUCTION_PACK] = run_pack, [INSTRUCTION_CARRY] = run_carry,
};

void program_run(Program *program)
{
	assert(program->state && (program->state->input || !program->columns));
	for (uint32_t first = 0, end; first < program->count; first = end) {
		const Instruction *i = &program->instruction[first];
		for (end = first + 1; end < program->count && program->instruction[end].block == i->block;)
			end++;
		if (i->kind == INSTRUCTION_ELEMENTS)
			program_run_block(program, first, end);
		else
			run_kind[i->kind](program->state, i);
	}
}
