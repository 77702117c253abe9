// Running: a function a kind of instruction, and the threads that share them.
#include "core/program_state.h"

#include <assert.h>
#include <string.h>

// The rows of the result that a worker does: all, or its share.
static void rows_of(const Worker *worker, const Instruction *i, uint32_t *first, uint32_t *end)
{
	state_share(i->rows, 1, worker->thread, worker->threads, first, end);
}

static size_t width_of(const Worker *worker, const Instruction *i)
{
	return i->varies ? worker->part->lanes : 1;
}

static void run_fold(const Worker *worker, const Instruction *i)
{
	const ProgramState *state = worker->state;
	const Rows *operand = i->operand;
	const size_t width = width_of(worker, i);
	KernelFold *fold = state->kernels->fold((Op)i->op);
	char *result = state_row(state, worker->part, i->space, i->result);
	const char *from = state_row(state, worker->part, operand->space, 0);
	uint32_t first, end;
	rows_of(worker, i, &first, &end);
	for (uint32_t r = first; r < end; r++) {
		FoldRows rows = {.first = operand->first + r * (uint32_t)operand->step, .along = i->along, .count = i->n};
		if (operand->index)
			rows.row = operand->index + (size_t)r * i->n;
		fold(result + r * width * state->kernels->size, from, rows, width);
	}
}

static void run_batch_sum(const Worker *worker, const Instruction *i)
{
	const ProgramState *state = worker->state;
	const Kernels *kernels = state->kernels;
	const Rows *operand = i->operand;
	uint32_t first, end;
	rows_of(worker, i, &first, &end);
	if (state->parts == 1 && !operand->index && operand->step == 1 && first < end) {
		kernels->batch_sum(state_row(state, worker->part, i->space, i->result + first),
		                   state_operand(state, worker->part, operand, first), state->lanes, end - first, state->lanes);
		return;
	}
	for (uint32_t r = first; r < end; r++) {
		char *result = state_row(state, worker->part, i->space, i->result + r);
		kernels->batch_sum(result, state_operand(state, state->part, operand, r), 0, 1, state->part->lanes);
		for (uint32_t p = 1; p < state->parts; p++) {   // the parts' sums, in their order
			const Part *part = &state->part[p];
			const double before = kernels->get(result);
			kernels->batch_sum(result, state_operand(state, part, operand, r), 0, 1, part->lanes);
			kernels->set(result, before + kernels->get(result));
		}
	}
}

static void start_contract(const Worker *worker, const Instruction *i, char *result, uint32_t r)
{
	const Rows *start = &i->contract->start;
	const Kernels *kernels = worker->state->kernels;
	const size_t width = width_of(worker, i);
	if (!i->contract->has_start)
		memset(result, 0, width * kernels->size);
	else if (start->space == SPACE_FIXED)
		kernels->fill(result, state_operand(worker->state, worker->part, start, r), width);
	else
		memcpy(result, state_operand(worker->state, worker->part, start, r), width * kernels->size);
}

// The sum of a row over the terms, in one part.
static void add_terms(const ProgramState *state, const Part *part, const Instruction *i, char *result, uint32_t r)
{
	const Contract *contract = i->contract;
	for (uint32_t t = contract->from[r]; t < contract->from[r + 1]; t++) {
		const char *u = state_row(state, part, contract->u_space, contract->u[t]);
		const char *v = state_row(state, part, contract->v_space, contract->v[t]);
		(i->varies ? state->kernels->add_scaled : state->kernels->add_dot)(result, u, v, part->lanes);
	}
}

static void run_contract(const Worker *worker, const Instruction *i)
{
	const ProgramState *state = worker->state;
	uint32_t first, end;
	rows_of(worker, i, &first, &end);
	for (uint32_t r = first; r < end; r++) {
		char *result = state_row(state, worker->part, i->space, i->result + r);
		start_contract(worker, i, result, r);
		if (i->varies)
			add_terms(state, worker->part, i, result, r);
		for (uint32_t p = 0; !i->varies && p < state->parts; p++)
			add_terms(state, &state->part[p], i, result, r);
	}
}

static void run_pack(const Worker *worker, const Instruction *i)
{
	const ProgramState *state = worker->state;
	const Part *part = worker->part;
	const Rows *operand = i->operand;
	const Kernels *kernels = state->kernels;
	const size_t width = width_of(worker, i);
	uint32_t first, end;
	rows_of(worker, i, &first, &end);
	if (operand->space == SPACE_INPUT && !operand->index && operand->step == 1) {
		kernels->turn(state_row(state, part, i->space, i->result + first), state_operand(state, part, operand, first),
		              state->stride, end - first, width);
		return;
	}
	for (uint32_t r = first; r < end; r++) {
		char *result = state_row(state, part, i->space, i->result + r);
		uint32_t row = rows_at(operand, r);
		if (row == ROW_ZERO)
			memset(result, 0, width * kernels->size);
		else if (operand->space == SPACE_INPUT)
			kernels->spaced(result, state_row(state, part, SPACE_INPUT, row), (ptrdiff_t)state->stride, width);
		else
			memcpy(result, state_row(state, part, operand->space, row), width * kernels->size);
	}
}

static void run_carry(const Worker *worker, const Instruction *i)
{
	const ProgramState *state = worker->state;
	for (uint32_t r = 0; r < i->rows; r++)
		memcpy(state_operand(state, worker->part, &i->operand[1], r), state_operand(state, worker->part, &i->operand[0], r),
		       state->kernels->size);
}

typedef void RunKind(const Worker *worker, const Instruction *i);

static RunKind *const run_kind[] = {
	[INSTRUCTION_FOLD] = run_fold, [INSTRUCTION_BATCH_SUM] = run_batch_sum,
	[INSTRUCTION_PRODUCT] = program_run_product, [INSTRUCTION_CONTRACT] = run_contract,
	[INSTRUCTION_PACK] = run_pack, [INSTRUCTION_CARRY] = run_carry,
};

static void run_step(const Worker *worker, const Step *step)
{
	const Instruction *i = &worker->program->instruction[step->first];
	if (i->kind == INSTRUCTION_ELEMENTS)
		program_run_block(worker, step);
	else
		run_kind[i->kind](worker, i);
}

// The end of the steps from `s` on that a thread does without the others.
static uint32_t end_of_lanes(const ProgramState *state, uint32_t s)
{
	do
		s++;
	while (s < state->steps && state->step[s].share == SHARE_LANES && !state->step[s].waits);
	return s;
}

// Steps of a thread's lanes: all of them in one part before the next.
static void run_lanes(Worker worker, uint32_t first, uint32_t end)
{
	const ProgramState *state = worker.state;
	const uint32_t pieces = state_pieces(state), part = worker.thread * pieces;
	worker.thread = 0;
	worker.threads = 1;
	for (uint32_t p = part; p < part + pieces; p++) {
		worker.part = &state->part[p];
		for (uint32_t s = first; s < end && worker.part->lanes; s++)
			run_step(&worker, &state->step[s]);
	}
}

// What one thread does of a run.
static void run_thread(void *context, uint32_t thread)
{
	const Program *program = context;
	const ProgramState *state = program->state;
	const Worker all = {.program = program, .state = state, .part = &state->part[thread * state_pieces(state)],
	                    .thread = thread, .threads = state->threads};
	for (uint32_t s = 0, end; s < state->steps; s = end) {
		const Step *step = &state->step[s];
		Worker worker = all;
		end = step->share == SHARE_LANES ? end_of_lanes(state, s) : s + 1;
		if (step->waits)
			pool_barrier(state->pool);
		if (step->share == SHARE_LANES) {
			run_lanes(worker, s, end);
		} else if (step->share == SHARE_ROWS || thread == 0) {
			worker.threads = step->share == SHARE_ROWS ? state->threads : 1;
			run_step(&worker, step);
		}
	}
}

void program_run(Program *program)
{
	const ProgramState *state = program->state;
	assert(state && (state->input || !program->columns));
	if (state->lanes == 1 && state->scalars)
		program_run_scalars(program);
	else
		pool_run(state->pool, state->threads, run_thread, program);
}
