// A program: the operations of a tape as a short list of vector instructions and matrix products over lanes.
//
// lift (core/lift.h) makes it from a tape; it computes, for a batch of examples, what replay (core/replay.h) computes
// node by node, with sums taken in another order. Running it is part of this interface:
//
//	Program *program = lift(&tape, &options);
//	program_start(program, PROGRAM_SINGLE, 128);          storage for batches of up to 128; leaves get their values
//	for each batch:
//		program_feed(program, rows, columns, lanes);      not copied: `rows` must live until program_run is done
//		program_run(program);                             params and states take their next values
//	... program_value(program, loss, 0) ...
//	program_delete(program);
//
// Storage is rows in three spaces. SPACE_FIXED: one number a row, for what does not vary, leaves first. SPACE_LANES: a
// row is `lanes` numbers, one an example. SPACE_INPUT: a row is one column of the batch, which stays as it came, example
// by example. (SPACE_TILE: a value that lives within one block of fused instructions only.)
//
// Threads: nothing is shared between two Programs. The threads of one split the lanes: each has its own examples, and does
// all that varies on them. Under a batch sum, and in an update, they split the rows of the result, adding the sums of
// the threads' lanes in their order. So nothing depends on timing: the same program, batch and number of threads give the
// same numbers, bit for bit, on the same machine; another number of threads gives sums in another order. What is too
// small for threads runs on fewer.
#ifndef CORE_PROGRAM_H
#define CORE_PROGRAM_H

#include "core/tape.h"

typedef enum Space { SPACE_FIXED, SPACE_LANES, SPACE_INPUT, SPACE_TILE } Space;
typedef enum Precision { PROGRAM_SINGLE, PROGRAM_DOUBLE } Precision;
#define NODE_ROW_NONE UINT32_MAX
#define ROW_ZERO UINT32_MAX   // a row of zeros, in the index of a pack

// The rows that an operand takes: index[r], or evenly spaced first + r*step.
typedef struct Rows {
	uint8_t space;
	uint32_t first;
	int32_t step;
	const uint32_t *index;   // NULL where evenly spaced
} Rows;

// The operation of ELEMENTS beside those of core/ops.def: operands x_1*x_2 + x_3*x_4 + …
enum { OP_PAIRS = OP_COUNT + 1 };

typedef enum InstructionKind {
	INSTRUCTION_ELEMENTS,    // row r of the result = op(row r of each operand)
	INSTRUCTION_FOLD,        // row r = op over `n` rows of operand 0: rows r*n … of its index, or first + r*step + k*along
	INSTRUCTION_BATCH_SUM,   // row r = sum over the lanes of row r of operand 0
	INSTRUCTION_PRODUCT,     // a matrix product, see Product
	INSTRUCTION_CONTRACT,    // row r = start + sum of u*v, term by term, see Contract
	INSTRUCTION_PACK,        // row r of the result is row r of operand 0, or zeros
	INSTRUCTION_CARRY,       // row operand[1](r) gets row operand[0](r): params and states take their next values
} InstructionKind;

// One side of a product: entry t of list i is row first + i*step + t*along.
typedef struct Side {
	uint8_t space;
	uint32_t first;
	int32_t step, along;
} Side;

typedef struct Segment {
	Side u, v;
	uint32_t n;
} Segment;

// Row i*q + j of the result is keep*start + scale*sum over the segments and their t of u(i,t)*v(j,t). If the result varies u
// does not: an m×n matrix times an n×(q·lanes) one. Else it is summed over the lanes too: m×(n·lanes) times (n·lanes)×q.
typedef struct Product {
	uint32_t m, q, n;        // n over all segments
	Segment *segment;
	uint32_t segments;
	bool has_start, minus;   // minus: the scale is negative
	Rows start;
	uint32_t keep, scale;    // rows in SPACE_FIXED, ROW_ZERO for 1
} Product;

// Row r is start + the sum of terms from[r] … from[r+1]-1; a term is a row of u times a row of v. If the result does not
// vary it is summed over the lanes too.
typedef struct Contract {
	const uint32_t *from, *u, *v;
	uint8_t u_space, v_space;
	bool has_start;
	Rows start;
} Contract;

typedef struct Instruction {
	uint8_t kind, op;        // op: an Op, for ELEMENTS and FOLD, or OP_PAIRS
	uint8_t space;           // of the result
	bool varies;             // the result has a number a lane
	uint32_t rows, result;   // the result: rows from `result` on
	uint32_t arity;
	Rows *operand;
	uint32_t n;              // of a FOLD: rows folded into one
	int32_t along;
	uint32_t block;          // ELEMENTS of one block are fused: they run tile by tile
	Product *product;
	Contract *contract;
	uint64_t operations;     // scalar operations of the normal form that it does, an example
	const Node *node;        // what each row is, NODE_NONE where that is no node of the tape
	const Node *next;        // where the update is fused: what the rows are then; else NULL
} Instruction;

// Where the value of a node is.
typedef struct NodeRow {
	Node node;
	uint8_t space;
	uint32_t row;
} NodeRow;

typedef struct Program {
	Arena arena;
	Instruction *instruction;
	uint32_t count;
	uint32_t fixed_rows, lanes_rows, tile_slots;
	NodeRow *leaf;             // all leaves that the program uses; inputs are in SPACE_INPUT
	uint32_t leaves;
	NodeRow *number;           // rows that hold a number
	double *number_value;
	uint32_t numbers;
	uint32_t batch_size;     // row that holds the number of lanes, ROW_ZERO if none
	Node *column;            // the inputs and targets in the order of the batch's columns
	uint32_t columns;
	uint32_t *place_of;      // of each node of the tape: its number in `place`, NODE_ROW_NONE for what was not asked for
	size_t nodes;
	NodeRow *place;
	double *start;           // of each leaf: the tape's value
	size_t lift_bytes;       // the most memory that lifting took
	struct ProgramState *state;
} Program;

void program_delete(Program *program);

// ---- What an instruction does, for those who explain it

// A matrix product is m×inner times inner×columns; where inner_lanes or columns_lanes is set, times the lanes of the batch.
// `node` has what each of the rows is, NODE_NONE for what is no node (a pack's zeros, a part of a sum). Where an update is
// fused the rows are gradients dL/dw in `node`, and the new values w+ in `next`; else `next` is NULL.
typedef struct Description {
	InstructionKind kind;
	unsigned op;               // of ELEMENTS and FOLD: an Op, or OP_PAIRS
	bool varies;               // a value an example
	uint32_t rows;
	const Node *node, *next;
	uint32_t m, inner, columns, segments;
	bool inner_lanes, columns_lanes;
	uint32_t terms;            // of a FOLD: rows folded into one
	uint64_t operations;       // scalar operations, an example where they vary or are summed over the lanes
	uint32_t block;            // instructions of one block run tile by tile
} Description;

Description program_describe(const Program *program, uint32_t instruction);

// ---- Running (core/program_run.c)

// Storage for batches of up to `lanes` examples. Leaves get the values that they have on the tape. May be called again:
// everything begins anew.
void program_start(Program *program, Precision precision, uint32_t lanes);
// The same with threads: the caller's and threads-1 that are started here and end with the program. They sleep between
// runs. One thread may use a Program, not always the same.
void program_start_threads(Program *program, Precision precision, uint32_t lanes, uint32_t threads);
// The batch of the next runs: `lanes` examples, each `stride` numbers after the one before, in the program's precision
// (float or double). Number c of an example belongs to program->column[c]. Nothing is copied. `lanes` may change from
// call to call; `batch_size` follows.
void program_feed(Program *program, const void *rows, size_t stride, uint32_t lanes);
// Runs all instructions: values are computed, and leaves take their next values.
void program_run(Program *program);
// The value of a leaf (after a run: its next value) or of a node that was asked for, in one lane.
double program_value(const Program *program, Node node, uint32_t lane);
// The values of leaves that do not vary, as many at once: value[i] is that of leaf[i], or stays where the program does not
// use it.
void program_leaves(const Program *program, const Node *leaf, size_t count, double *value);
// Sets a leaf that does not vary. False where the program does not use it.
bool program_set(Program *program, Node leaf, double value);
// Bytes of storage.
size_t program_bytes(const Program *program);

#endif
