// The storage of a program that runs, and how instructions find their rows in it. For core/program*.c.
//
// The lanes of a batch are split into parts: a part has its own rows of lanes, and does what varies on them as if they were
// a batch. Each thread has as many parts as the others, more than one where the rows of all its lanes would not stay in
// cache from one step to the next. What does not vary is there once; a sum over the batch adds the parts' sums in their
// order, and is shared among the threads by rows of the result. Where there are too few lanes to split, all threads see
// the same one part, and share what varies by rows as well.
#ifndef CORE_PROGRAM_STATE_H
#define CORE_PROGRAM_STATE_H

#include "core/kernel.h"
#include "core/pool.h"

#include <assert.h>

enum { TILE = 1024 };   // numbers of a row, or rows of one number, that a block of fused instructions does at a time

// An ELEMENTS instruction with the addresses of its operands in one part (core/program_block.c).
typedef struct BoundElements {
	KernelElements *kernel;
	char *result;
	size_t result_step;       // bytes from row to row; 0 in a slot of a tile, which begins with the tile's first row
	uint32_t arity;
	bool by_rows;             // a call for each row
	bool in_tiles;            // operands move from tile to tile, or are gathered
	const void **argument;    // of row 0; by rows: of each row
	size_t *stride;           // between the numbers of an operand: 0 or 1
	size_t *step;             // of each operand: bytes from row to row
	const struct Rows **gathered;   // of each operand: its rows, where they are put side by side first; else NULL
} BoundElements;

// What a thread needs while it works; its parts use it one after another.
typedef struct Room {
	char *tile, *scratch;        // SPACE_TILE; an operand of a tile each, gathered
	char *panels;                // for matrix products
} Room;

typedef struct Part {
	uint32_t first, lanes;       // of the batch; there may be none
	char *rows;                  // SPACE_LANES: its own, or the first part's
	char *own_rows;              // for most_lanes
	uint32_t most_lanes;
	const Room *room;
	BoundElements *bound;        // of each instruction
	Arena bindings;
	uint32_t bound_lanes;        // for how many lanes, at which rows, in which room they hold; 0 for none
	const char *bound_rows;
	const Room *bound_room;
} Part;

// Who runs a block of instructions.
typedef enum Share {
	SHARE_ONE,     // the first thread
	SHARE_LANES,   // each thread its parts' lanes
	SHARE_ROWS,    // each thread some rows of the result
} Share;

typedef struct Step {
	uint32_t first, end;   // instructions of one block
	uint8_t share;
	bool waits;            // for all threads, before it
} Step;

typedef struct ProgramState {
	Precision precision;
	const Kernels *kernels;
	Pool *pool;
	uint32_t most_lanes, lanes;
	uint32_t threads, most_threads;   // of this batch; at most
	uint32_t parts, most_parts;      // in which the lanes are: 1 or a multiple of `threads`
	Part *part;
	Room *room;                  // one a thread
	Step *step;
	uint32_t steps;
	char *fixed;                 // SPACE_FIXED
	size_t slot;                 // numbers in a slot of a part's `tile`
	Blas blas;                   // found only where there is use for it
	const char *input;
	size_t stride;               // numbers from one example to the next
	ScalarStep *scalar;          // for one example: all operations one by one (core/program_scalar.c)
	size_t scalars;              // 0 where there is no use for them
	size_t scalars_capacity;
	const char *scalar_rows;     // of the part, for which they hold
	char *cells;                 // numbers of their own: see there
} ProgramState;

// The address of a row in a part.
static inline char *state_row(const ProgramState *state, const Part *part, uint8_t space, uint32_t row)
{
	size_t size = state->kernels->size;
	switch (space) {
	case SPACE_FIXED:
		return state->fixed + row * size;
	case SPACE_LANES:
		return part->rows + (size_t)row * part->lanes * size;
	case SPACE_TILE:
		return part->room->tile + row * state->slot * size;
	default:
		return (char *)state->input + (part->first * state->stride + row) * size;
	}
}

static inline uint32_t rows_at(const Rows *rows, uint32_t r)
{
	return rows->index ? rows->index[r] : rows->first + r * (uint32_t)rows->step;
}

// Row r of an operand.
static inline char *state_operand(const ProgramState *state, const Part *part, const Rows *rows, uint32_t r)
{
	return state_row(state, part, rows->space, rows_at(rows, r));
}

// The rows from `first` up to `end` that are a thread's share of `rows`; pieces are multiples of `unit` rows.
static inline void state_share(uint32_t rows, uint32_t unit, uint32_t thread, uint32_t threads, uint32_t *first, uint32_t *end)
{
	assert(unit > 0 && threads > 0);
	uint64_t units = (rows + (uint64_t)unit - 1) / unit;
	uint64_t from = units * thread / threads * unit, to = units * (thread + 1) / threads * unit;
	*first = from < rows ? (uint32_t)from : rows;
	*end = to < rows ? (uint32_t)to : rows;
}

// The parts of each thread.
static inline uint32_t state_pieces(const ProgramState *state)
{
	assert(state->threads > 0);
	return state->parts > state->threads ? state->parts / state->threads : 1;
}

// What a thread does of a step: its part's lanes, or its share of the rows.
typedef struct Worker {
	const Program *program;
	const ProgramState *state;
	const Part *part;
	uint32_t thread, threads;   // of those who share the rows
} Worker;

// Finds the addresses of the operands of all ELEMENTS in a part, for its number of lanes (core/program_block.c).
void program_bind(const Program *program, Part *part);
// Runs a block of ELEMENTS, tile by tile.
void program_run_block(const Worker *worker, const Step *step);
// Runs a PRODUCT (core/program_product.c).
void program_run_product(const Worker *worker, const Instruction *i);
// The address of row r of an operand of elementwise work on rows of `width` numbers. A slot of a tile begins with the
// tile's first row.
char *program_element(const ProgramState *state, const Part *part, const Rows *rows, uint32_t r, size_t width);
// Makes the operations one by one, where the batch is one example and they are so few that this is faster.
void program_bind_scalars(const Program *program);
void program_run_scalars(const Program *program);
// Who does what in a batch of so many lanes: the numbers of threads and parts, and the steps (core/program_steps.c).
void program_plan_steps(const Program *program);
// The largest number of parts that a batch can be in.
uint32_t program_most_parts(const ProgramState *state);

#endif
