// Matrix products, and their starts.
#include "core/program_state.h"

#include <string.h>

// What is in the result before the products are added: zeros, or the start. Returns false for zeros not written.
static bool write_start(const ProgramState *state, const Instruction *i)
{
	const Product *product = i->product;
	const Kernels *kernels = state->kernels;
	if (!product->has_start)
		return false;
	const Rows *start = &product->start;
	char *result = state_row(state, i->space, i->result);
	const size_t width = i->varies ? state->lanes : 1;
	if (start->space == SPACE_FIXED && !i->varies && !start->index && start->step == 1) {
		if (state_operand(state, start, 0) != result)
			memcpy(result, state_operand(state, start, 0), i->rows * kernels->size);
		return true;
	}
	for (uint32_t r = 0; r < i->rows; r++) {
		char *to = result + r * width * kernels->size;
		if (start->space == SPACE_FIXED)
			kernels->fill(to, state_operand(state, start, r), width);
		else
			memcpy(to, state_operand(state, start, r), width * kernels->size);
	}
	return true;
}

static size_t at_least(size_t distance, size_t least)
{
	return distance < least ? least : distance;
}

// A varying result: a matrix that does not vary times rows of lanes, or times the batch transposed.
static void set_forward(const ProgramState *state, const Product *product, const Segment *segment, MatrixCall *call)
{
	const size_t lanes = state->lanes;
	const Side *u = &segment->u, *v = &segment->v;
	call->m = product->m;
	call->n = product->q * lanes;
	call->k = segment->n;
	call->a_transposed = !(segment->n == 1 || (u->along == 1 && (product->m == 1 || u->step >= (int32_t)segment->n)));
	call->lda = call->a_transposed ? at_least((size_t)u->along, call->m) : at_least((size_t)u->step, call->k);
	call->b_transposed = v->space == SPACE_INPUT;
	call->ldb = call->b_transposed ? at_least(state->stride, call->k) : at_least((size_t)v->along * lanes, call->n);
}

// A sum over the lanes: the lanes of consecutive rows are one long row.
static void set_batch(const ProgramState *state, const Product *product, const Segment *segment, MatrixCall *call)
{
	const size_t lanes = state->lanes;
	const Side *u = &segment->u, *v = &segment->v;
	call->m = product->m;
	call->n = product->q;
	call->k = segment->n * lanes;
	call->a_transposed = u->space == SPACE_INPUT;
	call->lda = call->a_transposed ? at_least(state->stride, call->m) : at_least((size_t)u->step * lanes, call->k);
	call->b_transposed = v->space != SPACE_INPUT;
	call->ldb = call->b_transposed ? at_least((size_t)v->step * lanes, call->k) : at_least(state->stride, call->n);
}

void program_run_product(const ProgramState *state, const Instruction *i)
{
	const Product *product = i->product;
	MatrixCall call = {.c = state_row(state, i->space, i->result), .keep = write_start(state, i),
	                   .blas = state->blas, .scratch = state->panels};
	call.scale = product->scale == ROW_ZERO ? 1 : state->kernels->get(state_row(state, SPACE_FIXED, product->scale));
	if (product->minus)
		call.scale = -call.scale;
	call.ldc = i->varies ? product->q * (size_t)state->lanes : product->q;
	for (uint32_t s = 0; s < product->segments; s++) {
		const Segment *segment = &product->segment[s];
		call.a = state_row(state, segment->u.space, segment->u.first);
		call.b = state_row(state, segment->v.space, segment->v.first);
		if (i->varies)
			set_forward(state, product, segment, &call);
		else
			set_batch(state, product, segment, &call);
		state->kernels->matrix(&call);
		call.keep = true;
	}
}
