#include "tutor/explain/formula.h"

#include <stdlib.h>

Formula *formula_number(Arena *arena, double value)
{
	Formula *formula = arena_new(arena, Formula);
	*formula = (Formula){.kind = FORMULA_NUMBER, .value = value};
	return formula;
}

Formula *formula_name(Arena *arena, const Quantity *name, double value, uint32_t row)
{
	Formula *formula = arena_new(arena, Formula);
	*formula = (Formula){.kind = FORMULA_NAME, .value = value, .name = name, .row = row};
	return formula;
}

Formula *formula_operation(Arena *arena, Op op, uint32_t count, double value)
{
	Formula *formula = arena_new(arena, Formula);
	*formula = (Formula){.kind = FORMULA_OPERATION, .op = op, .value = value, .count = count};
	formula->argument = arena_array(arena, Formula *, count);
	return formula;
}

Formula *formula_term(Arena *arena, Formula *a, Formula *b, double value, uint32_t row)
{
	Formula *formula = formula_operation(arena, OP_PROD, 2, value);
	formula->kind = FORMULA_TERM;
	formula->argument[0] = a;
	formula->argument[1] = b;
	formula->row = row;
	return formula;
}

bool formula_is_leaf(const Formula *formula)
{
	return formula->kind == FORMULA_NUMBER || formula->kind == FORMULA_NAME;
}

double formula_evaluate(const Formula *formula)
{
	if (formula->kind != FORMULA_OPERATION)
		return formula->value;
	double few[4] = {0}, *value = formula->count <= 4 ? few : memory_alloc(formula->count * sizeof *value);
	for (uint32_t i = 0; i < formula->count; i++)
		value[i] = formula_evaluate(formula->argument[i]);
	double result = op_value(formula->op, value, formula->count);
	if (value != few)
		free(value);
	return result;
}

void formula_each_leaf(Formula *formula, void (*visit)(void *context, Formula *leaf), void *context)
{
	if (formula->kind == FORMULA_NAME || formula->kind == FORMULA_TERM)
		visit(context, formula);
	else if (formula->kind == FORMULA_OPERATION)
		for (uint32_t i = 0; i < formula->count; i++)
			formula_each_leaf(formula->argument[i], visit, context);
}
