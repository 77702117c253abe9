#include "tutor/course/sensitivity.h"

#include "core/gradient.h"
#include "core/replay.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

typedef struct SheetLeaf {
	Node node;
	uint32_t row;
} SheetLeaf;

// The formula on its tape. Every operation is a named step, so that the gradient is known by each:
// rounding an operation's result by e changes the whole by e times that.
typedef struct Sheet {
	Tape tape;
	NodeMap place;   // row -> node
	SheetLeaf *leaf;
	size_t count, capacity;
	uint32_t family;
	Replay replay;
	const Gradient *gradient;
} Sheet;

static void name_node(Sheet *sheet, Node node)
{
	int32_t index = (int32_t)node;
	tape_name_element(&sheet->tape, node, sheet->family, &index, 1);
}

static Node record_name(Sheet *sheet, const Formula *formula)
{
	uint32_t known = formula->row ? nodemap_get(&sheet->place, formula->row) : NODEMAP_ABSENT;
	if (known != NODEMAP_ABSENT)
		return known;
	Node node = tape_leaf(&sheet->tape, OP_PARAM, formula->value, false);
	name_node(sheet, node);
	array_reserve(sheet->leaf, sheet->count, sheet->capacity, 1);
	sheet->leaf[sheet->count++] = (SheetLeaf){node, formula->row};
	if (formula->row)
		nodemap_set(&sheet->place, formula->row, node);
	return node;
}

// Recursion is bounded by FORMULA_DEPTH.
static Node record(Sheet *sheet, const Formula *formula, Arena *arena)
{
	if (formula->kind == FORMULA_NUMBER)
		return tape_number(&sheet->tape, formula->value);
	if (formula->kind != FORMULA_OPERATION)
		return record_name(sheet, formula);
	Node few[4], *argument = formula->count <= 4 ? few : arena_array(arena, Node, formula->count);
	for (uint32_t i = 0; i < formula->count; i++)
		argument[i] = record(sheet, formula->argument[i], arena);
	Node node = tape_apply(&sheet->tape, formula->op, argument, formula->count);
	name_node(sheet, node);
	return node;
}

static double derivative(const Sheet *sheet, Node by)
{
	const Adjoint *adjoint = gradient_find(sheet->gradient, by);
	return adjoint ? replay_value(&sheet->replay, adjoint->node, 0) : 0;
}

// What rounding loses in one operation: a few units of its result, and in a sum of its terms.
static double rounding_of(const Sheet *sheet, Node node)
{
	uint32_t count;
	const Node *argument = tape_arguments(&sheet->tape, node, &count);
	double size = fabs(replay_value(&sheet->replay, node, 0));
	for (uint32_t i = 0; i < count && tape_op(&sheet->tape, node) == OP_SUM; i++)
		size += fabs(replay_value(&sheet->replay, argument[i], 0));
	return DBL_EPSILON * (count > 2 ? count : 2) * size;
}

static void measure(Sheet *sheet, Node root, Sensitivity *result, Arena *arena)
{
	sheet->gradient = gradient_record(&sheet->tape, root);
	Node end = root + 1;
	replay_start(&sheet->replay, &sheet->tape, 1);
	replay_all(&sheet->replay);
	result->value = replay_value(&sheet->replay, root, 0);
	result->influence = arena_array(arena, Influence, sheet->count);
	for (size_t i = 0; i < sheet->count; i++)
		if (sheet->leaf[i].row)
			result->influence[result->count++] =
				(Influence){sheet->leaf[i].row, derivative(sheet, sheet->leaf[i].node)};
	for (Node node = 0; node < end; node++) {
		bool number = tape_op(&sheet->tape, node) == OP_NUMBER;
		if (!number && !tape_is_leaf(&sheet->tape, node))
			result->noise += fabs(derivative(sheet, node)) * rounding_of(sheet, node);
	}
	replay_free(&sheet->replay);
}

Sensitivity sensitivity_of(const Formula *formula, Arena *arena)
{
	Sensitivity result = {.value = formula->value};
	if (formula->kind == FORMULA_NUMBER)
		return result;
	Sheet sheet = {0};
	sheet.family = tape_family(&sheet.tape, "x", 1);
	if (formula->kind == FORMULA_OPERATION) {
		measure(&sheet, record(&sheet, formula, arena), &result, arena);
	} else if (formula->row) {
		result.influence = arena_new(arena, Influence);
		result.influence[result.count++] = (Influence){formula->row, 1};
	}
	free(sheet.leaf);
	nodemap_free(&sheet.place);
	tape_free(&sheet.tape);
	return result;
}
