// Folding for the lifting only: what is known while lifting goes. The printed tape keeps it (design: "a `·1` stays").
// Declared in core/lift_graph.h.
//
// Beside numbers: -a - b is -(a + b), +0 and *1 go, 0*u and 0/u are 0, a copy is what it copies, x^2 is x*x. Arguments of sums and products
// are put in order, so that a*b and b*a are one value.
#include "core/lift_graph.h"

#include "core/arena.h"

#include <stdlib.h>

static bool equals(const Graph *graph, Value value, double number)
{
	return graph_is_number(graph, value) && graph_number_value(graph, value) == number;
}

static Value made(Graph *graph, unsigned op, const Value *argument, size_t count, Node origin)
{
	return graph_make(graph, op, argument, count, 0, origin);
}

static Value negative(Graph *graph, Value a, Node origin)
{
	if (graph_is_number(graph, a))
		return graph_number(graph, -graph_number_value(graph, a));
	return graph->node[a].op == OP_NEG ? graph->node[a].a : made(graph, OP_NEG, &a, 1, origin);
}

static int by_value(const void *a, const void *b)
{
	Value left = *(const Value *)a, right = *(const Value *)b;
	return left < right ? -1 : left > right;
}

static void sort_values(Value *value, size_t count)
{
	size_t rising = 1, falling = 1;
	while (rising < count && value[rising - 1] <= value[rising])
		rising++;
	while (falling < count && value[falling - 1] >= value[falling])
		falling++;
	if (rising >= count)
		return;
	if (falling < count) {
		qsort(value, count, sizeof *value, by_value);
		return;
	}
	for (size_t i = 0; i < count / 2; i++) {
		Value kept = value[i];
		value[i] = value[count - 1 - i];
		value[count - 1 - i] = kept;
	}
}

// Whether all are negatives; then `argument` becomes what they are the negatives of.
static bool all_negative(const Graph *graph, Value *argument, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (graph->node[argument[i]].op != OP_NEG)
			return false;
	for (size_t i = 0; i < count; i++)
		argument[i] = graph->node[argument[i]].a;
	return true;
}

// Whether there is nothing to fold in a sum or product of two, as most are.
static bool is_plain_pair(const Graph *graph, const Value *argument, size_t count)
{
	if (count != 2)
		return false;
	unsigned a = graph->node[argument[0]].op, b = graph->node[argument[1]].op;
	return a != OP_NUMBER && b != OP_NUMBER && !(a == OP_NEG && b == OP_NEG);
}

// SUM and PROD: numbers are put together, then what is neutral or decides the result goes.
static Value sum_or_product(Graph *graph, Op op, const Value *argument, size_t count, Node origin)
{
	if (is_plain_pair(graph, argument, count)) {
		bool falling = argument[0] > argument[1];
		return made(graph, op, (Value[]){argument[falling], argument[!falling]}, 2, origin);
	}
	Value few[16], *kept = count < 16 ? few : memory_alloc(memory_product(count + 1, sizeof *kept)), result;
	const double neutral = op == OP_SUM ? 0 : 1;
	double number = neutral;
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		if (graph_is_number(graph, argument[i]))
			number = op == OP_SUM ? number + graph_number_value(graph, argument[i])
			                      : number * graph_number_value(graph, argument[i]);
		else
			kept[n++] = argument[i];
	}
	if (op == OP_PROD && number == 0)
		n = 0;
	if (n && op == OP_PROD && number == -1) {
		kept[0] = negative(graph, kept[0], NODE_NONE);
		number = 1;
	}
	bool minus = op == OP_SUM && n > 1 && number == 0 && all_negative(graph, kept, n);
	sort_values(kept, n);
	if (n && number != neutral)
		kept[n++] = graph_number(graph, number);
	if (n == 0)
		result = graph_number(graph, number);
	else
		result = n == 1 ? kept[0] : made(graph, op, kept, n, minus ? NODE_NONE : origin);
	if (minus)
		result = negative(graph, result, origin);
	if (kept != few)
		free(kept);
	return result;
}

static Value difference(Graph *graph, const Value *argument, Node origin)
{
	if (equals(graph, argument[1], 0))
		return argument[0];
	return equals(graph, argument[0], 0) ? negative(graph, argument[1], origin)
	                                    : made(graph, OP_SUB, argument, 2, origin);
}

static Value quotient(Graph *graph, const Value *argument, Node origin)
{
	if (equals(graph, argument[1], 1) || equals(graph, argument[0], 0))
		return argument[0];
	return made(graph, OP_DIV, argument, 2, origin);
}

static Value integer_power(Graph *graph, const Value *argument, Node origin)
{
	if (equals(graph, argument[1], 0))
		return graph_number(graph, 1);
	if (equals(graph, argument[1], 1))
		return argument[0];
	if (equals(graph, argument[1], 2))
		return made(graph, OP_PROD, (Value[]){argument[0], argument[0]}, 2, origin);
	return made(graph, OP_INTPOWER, argument, 2, origin);
}

// What does not vary, added up over the lanes, is that many times itself.
static Value batch_sum(Graph *graph, Value a, Node origin)
{
	if (graph_varies(graph, a))
		return made(graph, OP_BATCH_SUM, &a, 1, origin);
	return sum_or_product(graph, OP_PROD, (Value[]){a, graph_leaf(graph, NODE_NONE)}, 2, origin);
}

// A unit is above 0 where its relu is, and the relu is there anyway, read by the next layer: z need not be kept.
static Value step(Graph *graph, Value a, Node origin)
{
	const Value relu = graph_find(graph, OP_RELU, &a, 1);
	return made(graph, OP_STEP, relu == VALUE_NONE ? &a : &relu, 1, origin);
}

static bool fold_numbers(Graph *graph, unsigned op, const Value *argument, size_t count, Value *result)
{
	if (op == OP_BATCH_SUM || op >= OP_COUNT || count > 16)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!graph_is_number(graph, argument[i]))
			return false;
	double few[16] = {0};
	for (size_t i = 0; i < count; i++)
		few[i] = graph_number_value(graph, argument[i]);
	*result = graph_number(graph, op_value((Op)op, few, (uint32_t)count));
	return true;
}

static Value fold(Graph *graph, unsigned op, const Value *argument, size_t count, Node origin)
{
	Value result;
	if (fold_numbers(graph, op, argument, count, &result))
		return result;
	switch (op) {
	case OP_COPY:
	case OP_DETACH:
		return argument[0];
	case OP_SUM:
	case OP_PROD:
		return sum_or_product(graph, (Op)op, argument, count, origin);
	case OP_SUB:
		return difference(graph, argument, origin);
	case OP_NEG:
		return negative(graph, argument[0], origin);
	case OP_DIV:
		return quotient(graph, argument, origin);
	case OP_INTPOWER:
		return integer_power(graph, argument, origin);
	case OP_STEP:
		return step(graph, argument[0], origin);
	case OP_BATCH_SUM:
		return batch_sum(graph, argument[0], origin);
	default:
		return made(graph, op, argument, count, origin);
	}
}

Value graph_apply(Graph *graph, unsigned op, const Value *argument, size_t count, Node origin)
{
	Value result = fold(graph, op, argument, count, origin);
	if (graph->node[result].origin != origin)
		graph_prefer_origin(graph, result, origin);
	return result;
}
