// Who does what: the blocks of a program shared among threads.
#include "core/program_state.h"

#include <stdlib.h>

// An estimate of nanoseconds that an instruction takes: good enough to tell what is too small for threads.
static double nanoseconds(const Instruction *i, uint32_t lanes)
{
	enum { PRODUCTS = 80, OTHERS = 4 };   // of the operations of matrix products and of others, done in a nanosecond
	bool product = i->kind == INSTRUCTION_PRODUCT;
	bool over_lanes = i->varies || product || i->kind == INSTRUCTION_CONTRACT || i->kind == INSTRUCTION_BATCH_SUM;
	double operations = (double)(i->operations > i->rows ? i->operations : i->rows);
	return operations * (over_lanes ? lanes : 1) / (product ? PRODUCTS : OTHERS);
}

// Lanes of a part: with fewer, vectors and panels would not be full.
enum { FEWEST_LANES = 256 };

static uint32_t end_of_block(const Program *program, uint32_t first)
{
	uint32_t end = first + 1;
	while (end < program->count && program->instruction[end].block == program->instruction[first].block)
		end++;
	return end;
}

static Share share_of(const Program *program, uint32_t first, uint32_t end, uint32_t lanes)
{
	enum { TOO_SMALL = 3000 };   // ns: a few times what a barrier costs
	const Instruction *i = &program->instruction[first];
	double time = 0;
	if (i->varies && program->state->parts > 1)
		return SHARE_LANES;
	for (uint32_t n = first; n < end; n++)
		time += nanoseconds(&program->instruction[n], lanes);
	return i->kind == INSTRUCTION_CARRY || time < TOO_SMALL ? SHARE_ONE : SHARE_ROWS;
}

// As many threads as have something to do: each at least so long.
static uint32_t threads_for(const Program *program, uint32_t lanes)
{
	enum { WORTH_A_THREAD = 10000 };   // ns
	uint32_t most = program->state->most_threads;
	double time = 0;
	for (uint32_t n = 0; n < program->count; n++)
		time += nanoseconds(&program->instruction[n], lanes);
	double worth = time / WORTH_A_THREAD;
	return worth >= most ? most : worth < 2 ? 1 : (uint32_t)worth;
}

// One for each thread, or as many more as make the rows of a part stay in the second level of cache.
static uint32_t parts_for(const Program *program)
{
	enum { CACHE = 1 << 20 };   // bytes
	const ProgramState *state = program->state;
	const uint32_t lanes = state->lanes / state->threads;
	const uint64_t bytes = (uint64_t)program->lanes_rows * lanes * state->kernels->size;
	const uint64_t wanted = (bytes + CACHE - 1) / CACHE, most = lanes / FEWEST_LANES;
	if (most == 0)
		return 1;
	return state->threads * (uint32_t)(wanted > most ? most : wanted ? wanted : 1);
}

uint32_t program_most_parts(const ProgramState *state)
{
	const uint32_t split = state->most_lanes / FEWEST_LANES;
	return split > state->most_threads ? split : state->most_threads;
}

void program_plan_steps(const Program *program)
{
	ProgramState *state = program->state;
	state->threads = threads_for(program, state->lanes);
	state->parts = parts_for(program);
	state->steps = 0;
	for (uint32_t first = 0, end; first < program->count; first = end) {
		end = end_of_block(program, first);
		Step step = {.first = first, .end = end, .share = (uint8_t)share_of(program, first, end, state->lanes)};
		if (state->threads == 1)
			step.share = step.share == SHARE_LANES ? SHARE_LANES : SHARE_ONE;
		else if (state->steps)
			step.waits = step.share == SHARE_ROWS || step.share != state->step[state->steps - 1].share;
		state->step[state->steps++] = step;
	}
}
