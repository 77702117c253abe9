#include "tutor/train/plan.h"

#include "core/lift.h"
#include "tutor/io/output.h"
#include "tutor/train/progress.h"

#include <stdlib.h>
#include <string.h>

// ---- Many names in one: h[1], h[2], h[3] are h[1..3]

enum { TOKENS = 24, INDICES = 16, SHAPES = 4 };

// What names have in common (kinds, families), and the box around their indices.
typedef struct Shape {
	uint32_t token[TOKENS];
	int32_t low[INDICES], high[INDICES];
	uint32_t tokens, indices;
	Node node;   // one of them
} Shape;

typedef struct Describer {
	const Tape *tape;
	Node *owner;   // of each node: the step whose formula it is part of; itself where it is named
	bool *shared;  // of each node: it is part of other steps too
	Arena *arena;
} Describer;

static void add_token(Shape *shape, uint32_t token)
{
	if (shape->tokens < TOKENS)
		shape->token[shape->tokens++] = token;
}

static void add_name(const Tape *tape, Node node, Shape *shape)
{
	const Name *name = &tape->names[tape->name[node]];
	add_token(shape, name->kind);
	if (name->kind != NAME_ELEMENT) {
		add_name(tape, name->a, shape);
		if (name->kind == NAME_GRADIENT)
			add_name(tape, name->b, shape);
		else if (name->kind == NAME_MEMBER)
			add_token(shape, name->b);
		return;
	}
	add_token(shape, name->a);
	add_token(shape, name->rank);
	for (uint32_t i = 0; i < name->rank && shape->indices < INDICES; i++, shape->indices++)
		shape->low[shape->indices] = shape->high[shape->indices] = tape->index[name->b + i];
}

static bool same_shape(const Shape *a, const Shape *b)
{
	return a->tokens == b->tokens && a->indices == b->indices &&
	       memcmp(a->token, b->token, a->tokens * sizeof *a->token) == 0;
}

static void widen(Shape *shape, const Shape *with)
{
	for (uint32_t i = 0; i < shape->indices; i++) {
		if (with->low[i] < shape->low[i])
			shape->low[i] = with->low[i];
		if (with->high[i] > shape->high[i])
			shape->high[i] = with->high[i];
	}
}

// The shapes of the rows, up to SHAPES of them.
static size_t find_shapes(const Describer *d, const Node *node, uint32_t rows, Shape *shape)
{
	size_t count = 0;
	for (uint32_t r = 0; r < rows; r++) {
		Node step = node[r] == NODE_NONE ? NODE_NONE : d->owner[node[r]];
		if (step == NODE_NONE)
			continue;
		Shape one = {.node = step};
		size_t i = 0;
		add_name(d->tape, step, &one);
		while (i < count && !same_shape(&shape[i], &one))
			i++;
		if (i < count)
			widen(&shape[i], &one);
		else if (count < SHAPES)
			shape[count++] = one;
	}
	return count;
}

static const char *put_indices(const Describer *d, const Shape *shape, const char *text,
                               uint32_t rank, uint32_t *next)
{
	for (uint32_t i = 0; i < rank && *next < INDICES; i++, ++*next) {
		int32_t low = shape->low[*next], high = shape->high[*next];
		text = arena_printf(d->arena, low == high ? "%s%s%d" : "%s%s%d..%d", text, i ? "," : "[",
		                    (int)low, (int)high);
	}
	return rank ? arena_printf(d->arena, "%s]", text) : text;
}

static const char *shape_text(const Describer *d, const Shape *shape, Node node, uint32_t *next)
{
	const Tape *tape = d->tape;
	const Name *name = &tape->names[tape->name[node]];
	if (name->kind == NAME_ELEMENT)
		return put_indices(d, shape, tape_family_text(tape, name->a), name->rank, next);
	const char *of = shape_text(d, shape, name->a, next);
	if (name->kind == NAME_NEXT)
		return arena_printf(d->arena, "%s+", of);
	if (name->kind == NAME_MEMBER)
		return arena_printf(d->arena, "%s.%s", of, tape_family_text(tape, name->b));
	return arena_printf(d->arena, "d%s/d%s", of, shape_text(d, shape, name->b, next));
}

static void describe(const Describer *d, const Node *node, uint32_t rows, PlanLine *line)
{
	Shape shape[SHAPES];
	size_t count = node ? find_shapes(d, node, rows, shape) : 0;
	line->step = arena_array(d->arena, const char *, count + 1);
	line->steps = count;
	for (size_t i = 0; i < count; i++) {
		uint32_t next = 0;
		line->step[i] = shape_text(d, &shape[i], shape[i].node, &next);
	}
	for (uint32_t r = 0; node && r < rows; r++) {
		line->part = line->part || (node[r] != NODE_NONE && d->owner[node[r]] != node[r]);
		line->shared = line->shared || (node[r] != NODE_NONE && d->shared[node[r]]);
	}
}

// From the last node back: what a step's formula uses and is no step itself is part of it; of the
// first step where there are several.
static void find_owners(Describer *d)
{
	const Tape *tape = d->tape;
	Node *owner = d->owner = memory_alloc(memory_product(tape->count + 1, sizeof *owner));
	bool *shared = d->shared = memory_alloc(tape->count + 1);
	for (size_t i = 0; i < tape->count; i++) {
		owner[i] = tape_named(tape, (Node)i) ? (Node)i : NODE_NONE;
		shared[i] = false;
	}
	for (size_t i = tape->count; i-- > 0;) {
		uint32_t count;
		const Node *argument = tape_arguments(tape, (Node)i, &count);
		for (uint32_t k = 0; k < count; k++)
			if (!tape_named(tape, argument[k])) {
				Node *of = &owner[argument[k]];
				shared[argument[k]] |= shared[i] || (*of != NODE_NONE && *of != owner[i]);
				*of = owner[i];
			}
	}
}

// ---- What an instruction does

static const char *const kinds[] = {
	[INSTRUCTION_ELEMENTS] = "elements",
	[INSTRUCTION_FOLD] = "fold",
	[INSTRUCTION_BATCH_SUM] = "batch sum",
	[INSTRUCTION_PRODUCT] = "matrix product",
	[INSTRUCTION_CONTRACT] = "sums of products",
	[INSTRUCTION_PACK] = "pack",
	[INSTRUCTION_CARRY] = "carry",
};

static const char *operation_text(unsigned op)
{
	static const char *const words[] = {
		[FORM_SUM] = "sum",         [FORM_MINUS] = "difference",  [FORM_NEGATIVE] = "negative",
		[FORM_PRODUCT] = "product", [FORM_QUOTIENT] = "quotient", [FORM_POWER] = "power",
		[FORM_COPY] = "copy",       [FORM_NAME] = "value",
	};
	if (op >= OP_COUNT)
		return "sum of products";
	return op_info[op].form == FORM_CALL ? op_info[op].text : words[op_info[op].form];
}

static const char *whole(Arena *arena, uint64_t number)
{
	return whole_text(arena_alloc(arena, WHOLE_TEXT), (double)number);
}

// "100x784", the batch taken in where `lanes`: "10x(4*batch)".
static const char *matrix_text(Arena *arena, uint32_t rows, bool row_lanes, uint32_t columns,
                               bool column_lanes)
{
	const char *side[2];
	for (int i = 0; i < 2; i++) {
		uint32_t count = i ? columns : rows;
		bool lanes = i ? column_lanes : row_lanes;
		side[i] = !lanes       ? whole(arena, count)
		          : count == 1 ? "batch"
		                       : arena_printf(arena, "(%s*batch)", whole(arena, count));
	}
	return arena_printf(arena, "%sx%s", side[0], side[1]);
}

static const char *product_words(const Description *d, Arena *arena)
{
	uint64_t count = (uint64_t)d->m * d->inner * d->columns;
	return arena_printf(arena, "%s product%s and sum%s%s = one %s by %s matrix product%s",
	                    whole(arena, count), count == 1 ? "" : "s", count == 1 ? "" : "s",
	                    d->inner_lanes ? " an example, the batch summed up" : " an example",
	                    matrix_text(arena, d->m, false, d->inner, d->inner_lanes),
	                    matrix_text(arena, d->inner, d->inner_lanes, d->columns, d->columns_lanes),
	                    d->next ? ", straight into the new values" : "");
}

static const char *words(const Description *d, Arena *arena)
{
	const char *values = arena_printf(arena, "%s value%s%s", whole(arena, d->rows),
	                                  d->rows == 1 ? "" : "s", d->varies ? " an example" : "");
	switch (d->kind) {
	case INSTRUCTION_ELEMENTS:
		return arena_printf(arena, "%s: %s", operation_text(d->op), values);
	case INSTRUCTION_FOLD:
		return arena_printf(arena, "%s of %s: %s", operation_text(d->op), whole(arena, d->terms),
		                    values);
	case INSTRUCTION_BATCH_SUM:
		return arena_printf(arena, "sum over the batch: %s", values);
	case INSTRUCTION_PRODUCT:
		return product_words(d, arena);
	case INSTRUCTION_CONTRACT:
		return arena_printf(arena, "sums of products, term by term%s: %s",
		                    d->varies ? "" : " and over the batch", values);
	case INSTRUCTION_PACK:
		return arena_printf(arena, "copied, to stand in rows: %s", values);
	case INSTRUCTION_CARRY:
		break;
	}
	return arena_printf(arena, "taken for the next step: %s", values);
}

Program *plan_lift(const Model *model)
{
	LiftOptions what = {.carry = model->carry, .carry_count = model->carry_count};
	Node last = model->mean;
	for (Node node = model->forward_end; last == NODE_NONE && node-- > 0;)
		if (tape_named(&model->tape, node) && !tape_is_leaf(&model->tape, node))
			last = node;
	what.wanted = &last;
	what.wanted_count = 1;
	return lift(&model->tape, &what);
}

void plan_start(Plan *plan, const Model *model, const Program *program)
{
	*plan = (Plan){.count = program->count};
	Describer describer = {.tape = &model->tape, .arena = &plan->arena};
	find_owners(&describer);
	plan->line = arena_array(&plan->arena, PlanLine, program->count + (size_t)1);
	for (uint32_t n = 0; n < program->count; n++) {
		Description d = program_describe(program, n);
		PlanLine *line = &plan->line[n];
		bool operates = d.kind == INSTRUCTION_ELEMENTS || d.kind == INSTRUCTION_FOLD;
		*line = (PlanLine){.kind = kinds[d.kind], .rows = d.rows, .varies = d.varies};
		line->operation = operates ? operation_text(d.op) : NULL;
		line->what = words(&d, &plan->arena);
		describe(&describer, d.next ? d.next : d.node, d.rows, line);
	}
	free(describer.owner);
	free(describer.shared);
}

void plan_free(Plan *plan)
{
	arena_free(&plan->arena);
	*plan = (Plan){0};
}

const char *plan_steps(const PlanLine *line, Arena *arena)
{
	if (!line->steps)
		return "shared by several steps";
	const char *text = line->part ? "part of " : "";
	for (size_t i = 0; i < line->steps; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", line->step[i]);
	return line->part && line->shared ? arena_printf(arena, "%s and others", text) : text;
}

const char *plan_words(const PlanLine *line, bool utf8, Arena *arena)
{
	Output output = {0};
	for (const char *c = line->what; *c; c++) {
		bool digits = c > line->what && (c[-1] == 'h' || c[-1] == ')' || (c[-1] >= '0' && c[-1] <= '9'));
		if (utf8 && *c == 'x' && digits)
			output_text(&output, "×");
		else if (utf8 && *c == '*')
			output_text(&output, "·");
		else
			output_bytes(&output, c, 1);
	}
	const char *text = arena_copy(arena, output_memory(&output), strlen(output_memory(&output)));
	output_abandon(&output);
	return text;
}
