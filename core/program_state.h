// The storage of a program that runs, and how instructions find their rows in it. For core/program*.c.
#ifndef CORE_PROGRAM_STATE_H
#define CORE_PROGRAM_STATE_H

#include "core/kernel.h"

enum { TILE = 1024 };   // numbers of a row, or rows of one number, that a block of fused instructions does at a time

typedef struct ProgramState {
	Precision precision;
	const Kernels *kernels;
	uint32_t most_lanes, lanes;
	char *fixed, *rows, *tile;   // the three spaces that the program owns
	size_t slot;                 // numbers in a slot of `tile`
	char *scratch;               // an operand of a tile each, gathered
	char *panels;                // for matrix products
	bool blas;
	const char *input;
	size_t stride;               // numbers from one example to the next
} ProgramState;

// The address of a row; `width` numbers are a row of SPACE_LANES.
static inline char *state_row(const ProgramState *state, uint8_t space, uint32_t row)
{
	size_t size = state->kernels->size;
	switch (space) {
	case SPACE_FIXED:
		return state->fixed + row * size;
	case SPACE_LANES:
		return state->rows + (size_t)row * state->lanes * size;
	case SPACE_TILE:
		return state->tile + row * state->slot * size;
	default:
		return (char *)state->input + row * size;
	}
}

static inline uint32_t rows_at(const Rows *rows, uint32_t r)
{
	return rows->index ? rows->index[r] : rows->first + r * (uint32_t)rows->step;
}

// Row r of an operand.
static inline char *state_operand(const ProgramState *state, const Rows *rows, uint32_t r)
{
	return state_row(state, rows->space, rows_at(rows, r));
}

// Runs the ELEMENTS from `first` up to `end`, one block, tile by tile (core/program_block.c).
void program_run_block(const Program *program, uint32_t first, uint32_t end);
// Runs a PRODUCT (core/program_product.c).
void program_run_product(const ProgramState *state, const Instruction *i);

#endif
