#include "core/program.h"

#include <assert.h>

Description program_describe(const Program *program, uint32_t instruction)
{
	assert(instruction < program->count);
	const Instruction *i = &program->instruction[instruction];
	Description d = {.kind = (InstructionKind)i->kind, .op = i->op, .varies = i->varies, .rows = i->rows, .node = i->node,
	                 .next = i->next, .terms = i->n, .operations = i->operations, .block = i->block};
	if (i->product) {
		d.m = i->product->m;
		d.inner = i->product->n;
		d.columns = i->product->q;
		d.segments = i->product->segments;
		d.inner_lanes = !i->varies;
		d.columns_lanes = i->varies;
	}
	return d;
}
