// The Program of a plan whose units are in order and whose stores have their places. Declared in core/lift_unit.h.
#include "core/lift_unit.h"

#include <stdlib.h>
#include <string.h>

typedef struct Emitter {
	const Plan *plan;
	const Lift *lift;
	Program *program;
	uint32_t *row;       // scratch: the rows of an operand
	size_t row_capacity;
} Emitter;

static uint32_t row_of(const Plan *plan, Value value)
{
	return plan->store[lift_store_of(plan, value)].first + plan->lift->place[value];
}

// ---- Operands

static uint32_t *rows_for(Emitter *e, size_t count)
{
	array_reserve(e->row, 0, e->row_capacity, count);
	return e->row;
}

static const uint32_t *keep_rows(Emitter *e, const uint32_t *row, size_t count)
{
	uint32_t *kept = arena_array(&e->program->arena, uint32_t, count);
	memcpy(kept, row, count * sizeof *kept);
	return kept;
}

// The rows as an operand: evenly spaced if they are.
static Rows rows_from(Emitter *e, const uint32_t *row, uint32_t count, uint8_t space)
{
	Rows rows = {.space = space, .first = row[0], .step = count > 1 ? (int32_t)(row[1] - row[0]) : 1};
	for (uint32_t r = 1; r < count; r++)
		if (row[r] == ROW_ZERO || row[r] - row[r - 1] != (uint32_t)rows.step) {
			rows.index = keep_rows(e, row, count);
			break;
		}
	if (row[0] == ROW_ZERO && !rows.index)
		rows.index = keep_rows(e, row, count);
	return rows;
}

// The members' k-th operands are of one group, so they lie in one store.
static Rows operand_rows(Emitter *e, const Unit *unit, uint32_t k)
{
	uint32_t *row = rows_for(e, unit->rows);
	const Store *store = &e->plan->store[lift_store_of(e->plan, lift_operand(e->plan, unit, k, 0))];
	if (store->space == SPACE_TILE)
		return (Rows){.space = SPACE_TILE, .first = store->first, .step = 1};
	for (uint32_t r = 0; r < unit->rows; r++)
		row[r] = store->first + e->lift->place[lift_operand(e->plan, unit, k, r)];
	return rows_from(e, row, unit->rows, store->space);
}

static Value member(const Emitter *e, const Unit *unit, uint32_t r)
{
	return e->lift->member[e->lift->groups[unit->group].first + r];
}

static uint32_t arity_of(const Emitter *e, const Unit *unit)
{
	uint32_t count;
	graph_arguments(&e->lift->graph, member(e, unit, 0), &count);
	return count;
}

// ---- One function a kind

static void emit_elements(Emitter *e, const Unit *unit, Instruction *i)
{
	i->arity = arity_of(e, unit);
	i->operand = arena_array(&e->program->arena, Rows, i->arity);
	for (uint32_t k = 0; k < i->arity; k++)
		i->operand[k] = operand_rows(e, unit, k);
	i->operations = (uint64_t)i->rows * (i->arity > 2 ? i->arity - 1 : 1);
}

// Whether row r, argument k is row[0] + r*step + k*along for all.
static bool is_even_in_both(const uint32_t *row, uint32_t rows, uint32_t n, int32_t step, int32_t along)
{
	for (uint32_t r = 0; r < rows; r++)
		for (uint32_t k = 0; k < n; k++)
			if (row[(size_t)r * n + k] != row[0] + r * (uint32_t)step + k * (uint32_t)along)
				return false;
	return true;
}

static void emit_fold(Emitter *e, const Unit *unit, Instruction *i)
{
	const uint32_t n = arity_of(e, unit);
	uint32_t *row = rows_for(e, (size_t)n * unit->rows);
	uint8_t space = SPACE_FIXED;
	for (uint32_t k = 0; k < n; k++)
		if (graph_varies(&e->lift->graph, lift_operand(e->plan, unit, k, 0)))
			space = SPACE_LANES;
	for (uint32_t r = 0; r < unit->rows; r++)
		for (uint32_t k = 0; k < n; k++)
			row[(size_t)r * n + k] = row_of(e->plan, lift_operand(e->plan, unit, k, r));
	int32_t along = (int32_t)(row[1] - row[0]), step = unit->rows > 1 ? (int32_t)(row[n] - row[0]) : 1;
	i->n = n;
	i->arity = 1;
	i->operand = arena_new(&e->program->arena, Rows);
	*i->operand = (Rows){.space = space, .first = row[0], .step = step};
	if (is_even_in_both(row, unit->rows, n, step, along))
		i->along = along;
	else
		i->operand->index = keep_rows(e, row, (size_t)n * unit->rows);
	i->operations = (uint64_t)i->rows * (n - 1);
}

static void emit_batch_sum(Emitter *e, const Unit *unit, Instruction *i)
{
	emit_elements(e, unit, i);
}

static void emit_pack(Emitter *e, const Unit *unit, Instruction *i)
{
	uint32_t *row = rows_for(e, unit->rows);
	uint8_t space = e->plan->store[unit->store].space;
	bool inputs = lift_packs_inputs(e->plan, unit->pack, unit->rows);
	for (uint32_t r = 0; r < unit->rows; r++) {
		Value value = unit->pack[r];
		if (value == VALUE_NONE)
			row[r] = ROW_ZERO;
		else
			row[r] = inputs ? e->plan->store[e->lift->group[value]].first + e->lift->place[value]
			                : row_of(e->plan, value);
	}
	i->arity = 1;
	i->operand = arena_new(&e->program->arena, Rows);
	*i->operand = rows_from(e, row, unit->rows, inputs ? SPACE_INPUT : space);
}

static void emit_carry(Emitter *e, const Unit *unit, Instruction *i)
{
	i->arity = 2;
	i->operand = arena_array(&e->program->arena, Rows, 2);
	for (uint32_t k = 0; k < 2; k++) {
		uint32_t *row = rows_for(e, unit->rows);
		for (uint32_t r = 0; r < unit->rows; r++)
			row[r] = row_of(e->plan, unit->pack[k * unit->rows + r]);
		i->operand[k] = rows_from(e, row, unit->rows, SPACE_FIXED);
	}
}

// The start of contractions: the first entry of their lists.
static bool start_rows(Emitter *e, const Unit *unit, Rows *start)
{
	if (lift_operand(e->plan, unit, 0, 0) == VALUE_NONE)
		return false;
	*start = operand_rows(e, unit, 0);
	return true;
}

static void emit_product(Emitter *e, const Unit *unit, Instruction *i)
{
	Product *product = arena_new(&e->program->arena, Product);
	*product = *unit->product;
	product->segment = arena_array(&e->program->arena, Segment, product->segments);
	for (uint32_t s = 0; s < product->segments; s++) {
		product->segment[s] = unit->product->segment[s];
		product->segment[s].u.first += e->plan->store[unit->side_store[2 * s]].first;
		product->segment[s].v.first += e->plan->store[unit->side_store[2 * s + 1]].first;
	}
	product->has_start = start_rows(e, unit, &product->start);
	if (unit->next_group != UINT32_MAX) {
		const LiftUpdate *update = &unit->update;
		product->has_start = true;
		product->minus = update->minus;
		product->start = (Rows){.space = SPACE_FIXED, .first = row_of(e->plan, update->leaf), .step = 1};
		product->keep = update->keep == VALUE_NONE ? ROW_ZERO : row_of(e->plan, update->keep);
		product->scale = update->scale == VALUE_NONE ? ROW_ZERO : row_of(e->plan, update->scale);
	}
	i->product = product;
	i->operations = 2 * (uint64_t)product->m * product->q * product->n;
}

static uint8_t space_of(const Emitter *e, Value value)
{
	return graph_varies(&e->lift->graph, value) ? SPACE_LANES : SPACE_FIXED;
}

static void emit_contract(Emitter *e, const Unit *unit, Instruction *i)
{
	Arena *arena = &e->program->arena;
	Contract *contract = arena_new(arena, Contract);
	uint32_t *from = arena_array(arena, uint32_t, unit->rows + (size_t)1), count;
	for (uint32_t r = 0; r < unit->rows; r++) {
		graph_arguments(&e->lift->graph, member(e, unit, r), &count);
		from[r + 1] = from[r] + (count - 1) / 2;
	}
	uint32_t *u = arena_array(arena, uint32_t, from[unit->rows]), *v = arena_array(arena, uint32_t, from[unit->rows]);
	for (uint32_t r = 0; r < unit->rows; r++) {
		const Value *term = graph_arguments(&e->lift->graph, member(e, unit, r), &count) + 1;
		for (uint32_t t = 0; t < (count - 1) / 2; t++) {
			u[from[r] + t] = row_of(e->plan, term[2 * t]);
			v[from[r] + t] = row_of(e->plan, term[2 * t + 1]);
		}
	}
	const Value *first = graph_arguments(&e->lift->graph, member(e, unit, 0), &count);
	*contract = (Contract){.from = from, .u = u, .v = v};
	contract->u_space = space_of(e, first[1]);
	contract->v_space = space_of(e, first[2]);
	contract->has_start = start_rows(e, unit, &contract->start);
	i->contract = contract;
	i->operations = 2 * (uint64_t)from[unit->rows];
}

typedef void EmitKind(Emitter *e, const Unit *unit, Instruction *i);

static EmitKind *const emit_kind[] = {
	[INSTRUCTION_ELEMENTS] = emit_elements, [INSTRUCTION_FOLD] = emit_fold,
	[INSTRUCTION_BATCH_SUM] = emit_batch_sum, [INSTRUCTION_PRODUCT] = emit_product,
	[INSTRUCTION_CONTRACT] = emit_contract, [INSTRUCTION_PACK] = emit_pack, [INSTRUCTION_CARRY] = emit_carry,
};

// ---- What the rows are

static const Node *nodes_of(Emitter *e, const Value *value, uint32_t count)
{
	Node *node = arena_array(&e->program->arena, Node, count);
	for (uint32_t r = 0; r < count; r++)
		node[r] = value[r] == VALUE_NONE ? NODE_NONE : e->lift->graph.node[value[r]].origin;
	return node;
}

static void emit_unit(Emitter *e, const Unit *unit, Instruction *i)
{
	*i = (Instruction){.kind = unit->kind, .rows = unit->rows, .block = unit->block, .space = SPACE_FIXED};
	if (unit->store != STORE_NONE) {
		i->space = e->plan->store[unit->store].space;
		i->result = e->plan->store[unit->store].first;
	}
	const Group *groups = e->lift->groups;
	i->varies = unit->group == UINT32_MAX ? i->space == SPACE_LANES : groups[unit->group].varies;
	if (unit->group != UINT32_MAX)
		i->op = groups[unit->group].op;
	i->node = nodes_of(e, unit->pack ? unit->pack : e->lift->member + groups[unit->group].first, unit->rows);
	if (unit->next_group != UINT32_MAX)
		i->next = nodes_of(e, e->lift->member + groups[unit->next_group].first, unit->rows);
	emit_kind[unit->kind](e, unit, i);
}

// ---- Leaves and what was asked for

static void emit_leaves(Emitter *e)
{
	Program *program = e->program;
	const Lift *lift = e->lift;
	size_t leaves = 0, numbers = 0, columns = 0;
	for (size_t g = 0; g < lift->groups_count; g++) {
		const Group *group = &lift->groups[g];
		if (group->kind == GROUP_LEAVES)
			*(group->op == OP_NUMBER ? &numbers : &leaves) += group->count;
		if (group->kind == GROUP_LEAVES && group->varies)
			columns += group->count;
	}
	program->leaf = arena_array(&program->arena, NodeRow, leaves);
	program->start = arena_array(&program->arena, double, leaves);
	program->number = arena_array(&program->arena, NodeRow, numbers);
	program->number_value = arena_array(&program->arena, double, numbers);
	program->column = arena_array(&program->arena, Node, columns);
	program->batch_size = ROW_ZERO;
	for (uint32_t g = 0; g < lift->groups_count; g++)
		for (uint32_t r = 0; lift->groups[g].kind == GROUP_LEAVES && r < lift->groups[g].count; r++) {
			Value value = lift->member[lift->groups[g].first + r];
			Node node = lift->graph.node[value].origin;
			NodeRow place = {node, e->plan->store[g].space, e->plan->store[g].first + r};
			if (graph_is_number(&lift->graph, value)) {
				program->number_value[program->numbers] = graph_number_value(&lift->graph, value);
				program->number[program->numbers++] = place;
				continue;
			}
			if (lift->graph.node[value].op == OP_BATCH_SIZE)
				program->batch_size = place.row;
			if (place.space == SPACE_INPUT)
				program->column[program->columns++] = node;
			if (node == NODE_NONE)
				continue;
			program->start[program->leaves] = lift->graph.tape->value[node];
			program->leaf[program->leaves++] = place;
		}
}

static void emit_places(Emitter *e, const Node *node, const Value *value, size_t count)
{
	Program *program = e->program;
	program->place = arena_array(&program->arena, NodeRow, count + program->leaves + (size_t)1);
	program->nodes = e->lift->graph.tape->count;
	program->place_of = memory_alloc(memory_product(program->nodes + 1, sizeof *program->place_of));
	memset(program->place_of, 0xFF, program->nodes * sizeof *program->place_of);
	uint32_t places = 0;
	for (uint32_t i = 0; i < program->leaves; i++) {
		program->place[places] = program->leaf[i];
		program->place_of[program->leaf[i].node] = places++;
	}
	for (size_t i = 0; i < count; i++) {
		if (program->place_of[node[i]] != NODE_ROW_NONE)
			continue;
		const Store *store = &e->plan->store[e->lift->group[value[i]]];
		program->place[places] = (NodeRow){node[i], store->space, store->first + e->lift->place[value[i]]};
		program->place_of[node[i]] = places++;
	}
}

void lift_emit(Plan *plan, Program *program)
{
	Emitter e = {.plan = plan, .lift = plan->lift, .program = program};
	program->count = (uint32_t)plan->ordered;
	program->instruction = arena_array(&program->arena, Instruction, plan->ordered);
	for (size_t i = 0; i < plan->ordered; i++)
		emit_unit(&e, &plan->unit[plan->order[i]], &program->instruction[i]);
	emit_leaves(&e);
	emit_places(&e, plan->wanted_node, plan->wanted, plan->wanted_count);
	free(e.row);
}
