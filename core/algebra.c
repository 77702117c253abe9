#include "core/algebra.h"

#include <stdlib.h>
#include <string.h>

// ---- Finding what the tape has already

// The operation on one or two arguments: the node that the tape has for it, else a new one.
//
// A step is taken for an operation only in its own partials: dp/dz may be told by p. Any other step that happens to have
// the value wanted would put a name into the formula that has nothing to do with it.
static Node made(Tape *tape, Op op, const Node *argument, size_t count)
{
	Node found = tape_recall(tape, op, argument, count);
	if (found != NODE_NONE && (!tape_named(tape, found) || found == tape->deriving))
		return found;
	Node node = tape_apply(tape, op, argument, count);
	tape_remember(tape, found == NODE_NONE ? node : found);
	return node;
}

static Node made2(Tape *tape, Op op, Node a, Node b)
{
	return made(tape, op, (Node[]){a, b}, 2);
}

// ---- Looking at a node; never behind a name

static bool is_number(const Tape *tape, Node node, double *value)
{
	*value = tape->value[node];
	return tape_is_number(tape, node);
}

static bool equals_number(const Tape *tape, Node node, double value)
{
	return tape_is_number(tape, node) && tape->value[node] == value;
}

// True where `node` is an unnamed `op` with two arguments (one for NEG), which are then in `argument`.
static bool is_unnamed(const Tape *tape, Node node, Op op, Node argument[2])
{
	if (tape_named(tape, node) || tape_op(tape, node) != op)
		return false;
	uint32_t count;
	const Node *theirs = tape_arguments(tape, node, &count);
	if (count > 2)
		return false;
	argument[0] = theirs[0];
	argument[1] = count == 2 ? theirs[1] : NODE_NONE;
	return true;
}

// `node` without the unnamed signs in front of it: ---x is x, and `negative` changes with each.
static Node without_sign(const Tape *tape, Node node, bool *negative)
{
	Node inner[2];
	while (is_unnamed(tape, node, OP_NEG, inner)) {
		node = inner[0];
		*negative = !*negative;
	}
	return node;
}

// `node` without its sign and the number that it is multiplied with; `number` is multiplied with both.
static Node without_number(const Tape *tape, Node node, double *number)
{
	double factor;
	Node inner[2];
	for (;;) {
		bool negative = false;
		node = without_sign(tape, node, &negative);
		if (negative)
			*number = -*number;
		if (!is_unnamed(tape, node, OP_PROD, inner) || inner[1] == NODE_NONE || !is_number(tape, inner[0], &factor))
			return node;
		*number *= factor;
		node = inner[1];
	}
}

// ---- The rules

// A number that was computed. Nobody writes -0.
static Node folded(Tape *tape, double value)
{
	return tape_number(tape, value == 0 ? 0 : value);
}

Node algebra_neg(Tape *tape, Node a)
{
	bool negative = true;
	Node bare = without_sign(tape, a, &negative);
	if (tape_is_number(tape, bare))
		return folded(tape, negative ? -tape->value[bare] : tape->value[bare]);
	return negative ? made(tape, OP_NEG, &bare, 1) : bare;
}

// a + b, or a - b where `minus`.
static Node sum_of_two(Tape *tape, Node a, Node b, bool minus)
{
	double x, y;
	b = without_sign(tape, b, &minus);
	if (is_number(tape, a, &x) && is_number(tape, b, &y))
		return folded(tape, minus ? x - y : x + y);
	if (equals_number(tape, a, 0))
		return minus ? algebra_neg(tape, b) : b;
	if (equals_number(tape, b, 0))
		return a;
	if (a == b && !minus)
		return algebra_mul(tape, tape_number(tape, 2), a);
	return made2(tape, minus ? OP_SUB : OP_SUM, a, b);
}

Node algebra_add(Tape *tape, Node a, Node b)
{
	return sum_of_two(tape, a, b, false);
}

Node algebra_sub(Tape *tape, Node a, Node b)
{
	return sum_of_two(tape, a, b, true);
}

// number*x for an x without a number.
static Node with_number(Tape *tape, double number, Node x)
{
	Node inner[2];
	if (number == 0)
		return tape_number(tape, 0);
	if (number == 1)
		return x;
	if (number == -1)
		return algebra_neg(tape, x);
	if (is_unnamed(tape, x, OP_DIV, inner) && equals_number(tape, inner[0], 1))
		return algebra_div(tape, tape_number(tape, number), inner[1]);
	return made2(tape, OP_PROD, tape_number(tape, number), x);
}

// number*x, with a number in x taken out first: 1/2*(2*y) is y.
static Node scale(Tape *tape, double number, Node x)
{
	if (number == 1)
		return x;
	Node bare = without_number(tape, x, &number);
	return with_number(tape, number, bare);
}

// a*b of factors that are no numbers and have none.
static Node product_of_two(Tape *tape, Node a, Node b)
{
	Node inner[2];
	if (is_unnamed(tape, a, OP_DIV, inner) && equals_number(tape, inner[0], 1))
		return algebra_div(tape, b, inner[1]);
	if (is_unnamed(tape, b, OP_DIV, inner) && equals_number(tape, inner[0], 1))
		return algebra_div(tape, a, inner[1]);
	return made2(tape, OP_PROD, a, b);
}

Node algebra_mul(Tape *tape, Node a, Node b)
{
	double x, y, number = 1;
	bool a_number = is_number(tape, a, &x), b_number = is_number(tape, b, &y);
	if (a_number && b_number)
		return folded(tape, x * y);
	if (a_number)
		return scale(tape, x, b);
	if (b_number)
		return scale(tape, y, a);
	a = without_number(tape, a, &number);
	b = without_number(tape, b, &number);
	return with_number(tape, number, product_of_two(tape, a, b));
}

Node algebra_div(Tape *tape, Node a, Node b)
{
	double x, y;
	if (is_number(tape, a, &x) && is_number(tape, b, &y))
		return folded(tape, x / y);
	if (equals_number(tape, b, 1))
		return a;
	if (equals_number(tape, a, 0))
		return tape_number(tape, 0);
	bool negative = false;
	Node quotient = made2(tape, OP_DIV, without_sign(tape, a, &negative), b);
	return negative ? algebra_neg(tape, quotient) : quotient;
}

Node algebra_power(Tape *tape, Node a, Node b)
{
	double y;
	if (is_number(tape, b, &y) && (y == 0 || y == 1))
		return y == 0 ? tape_number(tape, 1) : a;
	Node power = made2(tape, tape_power_op(tape, b), a, b);
	return tape_is_number(tape, power) ? tape_number(tape, tape->value[power]) : power;
}

Node algebra_call(Tape *tape, Op op, const Node *argument, size_t count)
{
	return made(tape, op, argument, count);
}

Node algebra_path_product(Tape *tape, Node a, Node b)
{
	if (equals_number(tape, a, 0) || equals_number(tape, b, 0))
		return tape_number(tape, 0);
	if (equals_number(tape, a, 1))
		return b;
	if (equals_number(tape, b, 1))
		return a;
	if (equals_number(tape, a, -1))
		return algebra_neg(tape, b);
	if (equals_number(tape, b, -1))
		return algebra_neg(tape, a);
	if (tape_is_number(tape, a) && tape_is_number(tape, b))
		return folded(tape, tape->value[a] * tape->value[b]);
	return tape_binary(tape, OP_PROD, a, b);
}

// ---- Many at once

// Those of `node` that are no numbers, in order; the numbers are folded into `number`.
static size_t part_numbers(Tape *tape, Op op, const Node *node, size_t count, Node *rest, double *number)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		double value;
		if (is_number(tape, node[i], &value))
			*number = op == OP_SUM ? *number + value : *number * value;
		else
			rest[kept++] = node[i];
	}
	return kept;
}

Node algebra_sum(Tape *tape, const Node *term, size_t count)
{
	Node few[16], *rest = count < 16 ? few : memory_alloc(memory_product(count + 1, sizeof *rest)), result;
	double number = 0;
	size_t kept = part_numbers(tape, OP_SUM, term, count, rest, &number);
	bool less = number < 0 && kept > 0;
	if (number != 0 && !less)
		rest[kept++] = tape_number(tape, number);
	if (kept == 0)
		result = tape_number(tape, 0);
	else if (kept <= 2)
		result = kept == 1 ? rest[0] : algebra_add(tape, rest[0], rest[1]);
	else
		result = tape_nary(tape, OP_SUM, rest, kept);
	if (less)
		result = algebra_sub(tape, result, tape_number(tape, -number));
	if (rest != few)
		free(rest);
	return result;
}

Node algebra_sum_over_lanes(Tape *tape, const Node *term, size_t lanes, size_t count)
{
	if (!lanes)
		return algebra_sum(tape, term, count);
	Node sum = algebra_sum(tape, term, lanes);
	if (!(tape_is_number(tape, sum) && tape->value[sum] == 0))
		sum = tape_unary(tape, OP_BATCH_SUM, sum);
	if (lanes == count)
		return sum;
	Node *all = memory_alloc(memory_product(count - lanes + 1, sizeof *all));
	all[0] = sum;
	memcpy(all + 1, term + lanes, (count - lanes) * sizeof *all);
	sum = algebra_sum(tape, all, count - lanes + 1);
	free(all);
	return sum;
}

Node algebra_product(Tape *tape, const Node *factor, size_t count)
{
	Node few[16], *rest = count < 16 ? few : memory_alloc(memory_product(count + 1, sizeof *rest)), result;
	double number = 1;
	size_t kept = part_numbers(tape, OP_PROD, factor, count, rest, &number);
	if (kept == 0)
		result = tape_number(tape, number);
	else if (kept <= 2)
		result = scale(tape, number, kept == 1 ? rest[0] : algebra_mul(tape, rest[0], rest[1]));
	else
		result = scale(tape, number, tape_nary(tape, OP_PROD, rest, kept));
	if (rest != few)
		free(rest);
	return result;
}
