// A batch of one example of a small net: vectors of one number gain nothing, and a call for each instruction costs more than
// its work. So the program is taken apart again, into operations on single numbers with their addresses, as many as
// the instructions have rows and terms, and run as threaded code (core/kernel.h). Chosen where an instruction has few of
// them on average, and all together are not many. One example of a 2-2-2 net, gradient and update in double precision:
// 2.7 million a second as instructions, 8.0 with a loop that calls one operation after another, 9.8 so (one core).
#include "core/program_state.h"

#include <stdlib.h>
#include <string.h>

// What the operations have beside the program's rows: the example, copied here, for its address changes from batch to
// batch; behind it a zero, and a number for sums on their way.
typedef struct Taker {
	const Program *program;
	ProgramState *state;
	const Part *part;
	const Instruction *i;
	char *zero, *sum;
} Taker;

static void take(Taker *t, unsigned op, void *y, const void *a, const void *b, const void *c)
{
	ProgramState *state = t->state;
	array_reserve(state->scalar, state->scalars, state->scalars_capacity, 1);
	state->scalar[state->scalars++] = (ScalarStep){state->kernels->scalar(op), y, a, b, c};
}

static char *result_at(const Taker *t, uint32_t r)
{
	const Rows rows = {.space = t->i->space, .first = t->i->result, .step = 1};
	return program_element(t->state, t->part, &rows, r, 1);
}

// y = x_1 op x_2 op …, x_k at argument(t, r, k). Only the last operation writes y, which may be the place of an argument.
typedef const char *Argument(const Taker *t, uint32_t r, uint32_t k);

static void take_chain(Taker *t, uint32_t r, uint32_t count, Argument *argument)
{
	char *y = result_at(t, r);
	const char *before = argument(t, r, 0);
	if (count == 1)
		take(t, OP_COPY, y, before, NULL, NULL);
	for (uint32_t k = 1; k < count; k++, before = t->sum)
		take(t, t->i->op, k + 1 < count ? t->sum : y, before, argument(t, r, k), NULL);
}

static const char *operand_at(const Taker *t, uint32_t r, uint32_t k)
{
	return program_element(t->state, t->part, &t->i->operand[k], r, 1);
}

static const char *folded_at(const Taker *t, uint32_t r, uint32_t k)
{
	const Rows *rows = t->i->operand;
	const uint32_t row = rows->index ? rows->index[r * t->i->n + k]
	                                 : rows->first + r * (uint32_t)rows->step + k * (uint32_t)t->i->along;
	return state_row(t->state, t->part, rows->space, row);
}

// Sums of products: `before` + u_1*v_1, + u_2*v_2 …; `before` may be NULL. Only the last one is written to `last`.
typedef struct Chain {
	const char *before;
	const char *u, *v;   // the pair that is still to be added
} Chain;

static void add_pair(Taker *t, Chain *chain, unsigned op, char *y)
{
	if (!chain->u)
		return;
	if (chain->before)
		take(t, op, y, chain->u, chain->v, chain->before);
	else
		take(t, OP_PROD, y, chain->u, chain->v, NULL);
	chain->before = y;
}

static void next_pair(Taker *t, Chain *chain, unsigned op, const char *u, const char *v)
{
	add_pair(t, chain, op, t->sum);
	chain->u = u;
	chain->v = v;
}

// The last pair, and what there is to write where there was none.
static void end_pairs(Taker *t, Chain *chain, unsigned op, char *y)
{
	add_pair(t, chain, op, y);
	if (chain->before != y)
		take(t, OP_COPY, y, chain->before ? chain->before : t->zero, NULL, NULL);
}

static bool take_elements(Taker *t)
{
	const Instruction *i = t->i;
	if (i->rows > TILE || i->op == OP_ARGMAX || i->op == OP_ARGMIN)
		return false;
	for (uint32_t r = 0; r < i->rows; r++) {
		Chain chain = {0};
		if (i->op == OP_PAIRS) {
			for (uint32_t k = 0; k < i->arity; k += 2)
				next_pair(t, &chain, SCALAR_PLUS_PRODUCT, operand_at(t, r, k), operand_at(t, r, k + 1));
			end_pairs(t, &chain, SCALAR_PLUS_PRODUCT, result_at(t, r));
		} else if (op_info[i->op].arity == ARITY_UNARY) {
			take(t, i->op, result_at(t, r), operand_at(t, r, 0), NULL, NULL);
		} else {
			take_chain(t, r, i->arity, operand_at);
		}
	}
	return true;
}

static bool take_fold(Taker *t)
{
	if (t->i->op == OP_ARGMAX || t->i->op == OP_ARGMIN)
		return false;
	for (uint32_t r = 0; r < t->i->rows; r++)
		take_chain(t, r, t->i->n, folded_at);
	return true;
}

static bool take_copies(Taker *t)
{
	for (uint32_t r = 0; r < t->i->rows; r++) {
		const bool zero = rows_at(t->i->operand, r) == ROW_ZERO;
		take(t, OP_COPY, result_at(t, r), zero ? t->zero : operand_at(t, r, 0), NULL, NULL);
	}
	return true;
}

static bool take_carry(Taker *t)
{
	for (uint32_t r = 0; r < t->i->rows; r++)
		take(t, OP_COPY, state_operand(t->state, t->part, &t->i->operand[1], r), operand_at(t, r, 0), NULL, NULL);
	return true;
}

static char *side_at(const Taker *t, const Side *side, uint32_t i, uint32_t k)
{
	const uint32_t row = side->first + i * (uint32_t)side->step + k * (uint32_t)side->along;
	return state_row(t->state, t->part, side->space, row);
}

static bool take_product(Taker *t)
{
	const Product *product = t->i->product;
	const unsigned op = product->minus ? SCALAR_MINUS_PRODUCT : SCALAR_PLUS_PRODUCT;
	const bool scaled = product->scale != ROW_ZERO;
	for (uint32_t r = 0; r < product->m * product->q; r++) {
		const char *start = product->has_start ? state_operand(t->state, t->part, &product->start, r)
		                    : product->minus || scaled ? t->zero : NULL;
		if (product->keep != ROW_ZERO) {
			take(t, SCALAR_PLUS_PRODUCT, result_at(t, r), start, state_row(t->state, t->part, SPACE_FIXED, product->keep), t->zero);
			start = result_at(t, r);
		}
		const unsigned inner = scaled ? SCALAR_PLUS_PRODUCT : op;
		Chain chain = {.before = scaled ? NULL : start};
		for (uint32_t s = 0; s < product->segments; s++)
			for (uint32_t k = 0; k < product->segment[s].n; k++)
				next_pair(t, &chain, inner, side_at(t, &product->segment[s].u, r / product->q, k),
				          side_at(t, &product->segment[s].v, r % product->q, k));
		end_pairs(t, &chain, inner, scaled ? t->sum : result_at(t, r));
		if (scaled)
			take(t, op, result_at(t, r), t->sum, state_row(t->state, t->part, SPACE_FIXED, product->scale), start);
	}
	return true;
}

static bool take_contract(Taker *t)
{
	const Contract *contract = t->i->contract;
	for (uint32_t r = 0; r < t->i->rows; r++) {
		Chain chain = {.before = contract->has_start ? state_operand(t->state, t->part, &contract->start, r) : NULL};
		for (uint32_t k = contract->from[r]; k < contract->from[r + 1]; k++)
			next_pair(t, &chain, SCALAR_PLUS_PRODUCT, state_row(t->state, t->part, contract->u_space, contract->u[k]),
			          state_row(t->state, t->part, contract->v_space, contract->v[k]));
		end_pairs(t, &chain, SCALAR_PLUS_PRODUCT, result_at(t, r));
	}
	return true;
}

// A sum over one lane is a copy.
static bool (*const take_kind[])(Taker *t) = {
	[INSTRUCTION_ELEMENTS] = take_elements, [INSTRUCTION_FOLD] = take_fold, [INSTRUCTION_BATCH_SUM] = take_copies,
	[INSTRUCTION_PRODUCT] = take_product, [INSTRUCTION_CONTRACT] = take_contract, [INSTRUCTION_PACK] = take_copies,
	[INSTRUCTION_CARRY] = take_carry,
};

static uint64_t operations_of(const Program *program)
{
	uint64_t operations = 0;
	for (uint32_t n = 0; n < program->count; n++) {
		const Instruction *i = &program->instruction[n];
		operations += i->operations > i->rows ? i->operations : i->rows;
	}
	return operations;
}

// Whether all instructions could be taken apart.
static bool take_all(Taker *t)
{
	for (uint32_t n = 0; n < t->program->count; n++) {
		t->i = &t->program->instruction[n];
		if (!take_kind[t->i->kind](t))
			return false;
	}
	return true;
}

void program_bind_scalars(const Program *program)
{
	enum { FEW = 12, MOST = 1000 };   // operations an instruction; in all
	ProgramState *state = program->state;
	Taker taker = {.program = program, .state = state, .part = state->part};
	const size_t size = state->kernels->size;
	if (state->scalar_rows == state->part->rows)
		return;
	state->scalars = 0;
	state->scalar_rows = state->part->rows;
	const uint64_t operations = operations_of(program);
	if (operations > MOST || operations > FEW * (uint64_t)program->count)
		return;
	if (!state->cells)
		state->cells = memory_alloc((program->columns + 2) * size);
	memset(state->cells, 0, (program->columns + 2) * size);
	taker.zero = state->cells + program->columns * size;
	taker.sum = taker.zero + size;
	const char *input = state->input;
	state->input = state->cells;
	if (!take_all(&taker))
		state->scalars = 0;
	else
		take(&taker, SCALAR_END, NULL, NULL, NULL, NULL);
	state->input = input;
}

void program_run_scalars(const Program *program)
{
	const ProgramState *state = program->state;
	if (program->columns)
		memcpy(state->cells, state->input, program->columns * state->kernels->size);
	state->scalar->run(state->scalar);
}
