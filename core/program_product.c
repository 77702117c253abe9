// Matrix products, and their starts.
#include "core/program_state.h"

#include <string.h>

// The rows of the result from `first` up to `end`, in one part or over all.
typedef struct Piece {
	const ProgramState *state;
	const Instruction *i;
	const Part *part;      // whose lanes are taken
	uint32_t first, end;   // of the m rows
} Piece;

static char *result_row(const Piece *piece, size_t row)
{
	const size_t width = piece->i->varies ? piece->part->lanes : 1;
	return state_row(piece->state, piece->part, piece->i->space, piece->i->result) +
	       row * width * piece->state->kernels->size;
}

// A number for each row of the result, in one piece: the product adds it. NULL where the start is not of that kind.
static const char *start_of_rows(const Piece *piece)
{
	const Product *product = piece->i->product;
	const Rows *start = &product->start;
	if (!product->has_start || !piece->i->varies || start->space != SPACE_FIXED || product->q != 1 || start->index ||
	    start->step != 1)
		return NULL;
	return state_operand(piece->state, piece->part, start, piece->first);
}

// What is in the result before the products are added: zeros, or the start. Returns false for zeros not written.
static bool write_start(const Piece *piece)
{
	const Product *product = piece->i->product;
	const Kernels *kernels = piece->state->kernels;
	const Rows *start = &product->start;
	if (!product->has_start)
		return false;
	const uint32_t first = piece->first * product->q, end = piece->end * product->q;
	const size_t width = piece->i->varies ? piece->part->lanes : 1;
	if (start->space == SPACE_FIXED && !piece->i->varies && !start->index && start->step == 1) {
		const char *from = state_operand(piece->state, piece->part, start, first);
		if (from != result_row(piece, first))
			memcpy(result_row(piece, first), from, (end - first) * kernels->size);
		return true;
	}
	for (uint32_t r = first; r < end; r++) {
		const char *from = state_operand(piece->state, piece->part, start, r);
		if (start->space == SPACE_FIXED)
			kernels->fill(result_row(piece, r), from, width);
		else
			memcpy(result_row(piece, r), from, width * kernels->size);
	}
	return true;
}

static size_t at_least(size_t distance, size_t least)
{
	return distance < least ? least : distance;
}

// A varying result: a matrix that does not vary times rows of lanes, or times the batch transposed.
static void set_forward(const Piece *piece, const Segment *segment, MatrixCall *call)
{
	const Product *product = piece->i->product;
	const size_t lanes = piece->part->lanes;
	const Side *u = &segment->u, *v = &segment->v;
	call->n = product->q * lanes;
	call->k = segment->n;
	call->a_transposed = !(segment->n == 1 || (u->along == 1 && (product->m == 1 || u->step >= (int32_t)segment->n)));
	call->lda = call->a_transposed ? at_least((size_t)u->along, product->m) : at_least((size_t)u->step, call->k);
	call->b_transposed = v->space == SPACE_INPUT;
	call->ldb = call->b_transposed ? at_least(piece->state->stride, call->k) : at_least((size_t)v->along * lanes, call->n);
}

// A sum over the lanes: the lanes of consecutive rows are one long row.
static void set_batch(const Piece *piece, const Segment *segment, MatrixCall *call)
{
	const Product *product = piece->i->product;
	const size_t lanes = piece->part->lanes, stride = piece->state->stride;
	const Side *u = &segment->u, *v = &segment->v;
	call->n = product->q;
	call->k = segment->n * lanes;
	call->a_transposed = u->space == SPACE_INPUT;
	call->lda = call->a_transposed ? at_least(stride, product->m) : at_least((size_t)u->step * lanes, call->k);
	call->b_transposed = v->space != SPACE_INPUT;
	call->ldb = call->b_transposed ? at_least((size_t)v->step * lanes, call->k) : at_least(stride, call->n);
}

static void add_segments(const Piece *piece, MatrixCall *call)
{
	const Product *product = piece->i->product;
	const ProgramState *state = piece->state;
	for (uint32_t s = 0; s < product->segments; s++) {
		const Segment *segment = &product->segment[s];
		if (piece->i->varies)
			set_forward(piece, segment, call);
		else
			set_batch(piece, segment, call);
		call->a = state_row(state, piece->part, segment->u.space, segment->u.first) +
		          piece->first * (call->a_transposed ? 1 : call->lda) * state->kernels->size;
		call->b = state_row(state, piece->part, segment->v.space, segment->v.first);
		state->kernels->matrix(call);
		call->keep = 1;
		call->start = NULL;
	}
}

static double factor_of(const Piece *piece, uint32_t row)
{
	const ProgramState *state = piece->state;
	return row == ROW_ZERO ? 1 : state->kernels->get(state_row(state, piece->part, SPACE_FIXED, row));
}

void program_run_product(const Worker *worker, const Instruction *i)
{
	const ProgramState *state = worker->state;
	const Part *part = worker->part;
	const Product *product = i->product;
	Piece piece = {.state = state, .i = i, .part = part};
	state_share(product->m, 1, worker->thread, worker->threads, &piece.first, &piece.end);
	if (piece.first == piece.end)
		return;
	MatrixCall call = {.m = piece.end - piece.first, .start = start_of_rows(&piece), .blas = state->blas.multiply_single ? &state->blas : NULL,
	                   .scratch = part->room->panels};
	call.keep = !call.start && write_start(&piece) ? factor_of(&piece, product->keep) : 0;
	call.c = result_row(&piece, (size_t)piece.first * product->q);
	call.ldc = i->varies ? product->q * (size_t)part->lanes : product->q;
	call.scale = factor_of(&piece, product->scale) * (product->minus ? -1 : 1);
	if (i->varies) {
		add_segments(&piece, &call);
		return;
	}
	for (uint32_t p = 0; p < state->parts; p++) {   // the parts' sums, in their order
		piece.part = &state->part[p];
		add_segments(&piece, &call);
	}
}
