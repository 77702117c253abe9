// The simplifications of core/algebra.h, one row each, and what must not be simplified.
#include "tests/test_core_lib.h"

#include <stdlib.h>

// A small language in Polish notation: x y z are params, s is a named step that is -x, digits are numbers, h is 1/2;
// + - * / ^ take two, ~ is the minus sign, l and m are log and sigmoid. "+xy" is x + y.
static Node letter(Tape *tape, char c)
{
	char text[2] = {c, 0};
	uint32_t family = tape_family(tape, text, 1);
	Node found = tape_find(tape, family, NULL, 0);
	if (found != NODE_NONE)
		return found;
	return c == 's' ? name(tape, tape_unary(tape, OP_NEG, letter(tape, 'x')), "s") : param(tape, text, 0);
}

static Op op_of(char c)
{
	return c == '+' ? OP_SUM : c == '-' ? OP_SUB : c == '*' ? OP_PROD : OP_DIV;
}

static Node build(Tape *tape, const char **text, bool simplify)
{
	char c = *(*text)++;
	if (c >= '0' && c <= '9')
		return tape_number(tape, c - '0');
	if (c == 'h')
		return tape_number(tape, 0.5);
	if (c == '~' || c == 'l' || c == 'm') {
		Node a = build(tape, text, simplify);
		Op op = c == '~' ? OP_NEG : c == 'l' ? OP_LOG : OP_SIGMOID;
		return !simplify ? tape_unary(tape, op, a) : c == '~' ? algebra_neg(tape, a) : algebra_call(tape, op, &a, 1);
	}
	if (!strchr("+-*/^", c))
		return letter(tape, c);
	Node a = build(tape, text, simplify), b = build(tape, text, simplify);
	if (!simplify)
		return c == '^' ? tape_power(tape, a, b) : tape_binary(tape, op_of(c), a, b);
	return c == '+'   ? algebra_add(tape, a, b)
	       : c == '-' ? algebra_sub(tape, a, b)
	       : c == '*' ? algebra_mul(tape, a, b)
	       : c == '/' ? algebra_div(tape, a, b)
	                  : algebra_power(tape, a, b);
}

static void write_out(const Tape *tape, Node node, char *text)
{
	char *end = text + strlen(text);
	if (tape_is_number(tape, node)) {
		sprintf(end, tape->value[node] == 0.5 ? "h" : "%g", tape->value[node]);
	} else if (tape_named(tape, node)) {
		strcpy(end, tape_family_text(tape, tape->names[tape->name[node]].a));
	} else {
		Op op = tape_op(tape, node);
		strcpy(end, op == OP_SUM       ? "+"
		            : op == OP_PROD    ? "*"
		            : op == OP_NEG     ? "~"
		            : op == OP_LOG     ? "l"
		            : op == OP_SIGMOID ? "m"
		                               : op_info[op].text);
		uint32_t count;
		const Node *argument = tape_arguments(tape, node, &count);
		for (uint32_t i = 0; i < count; i++)
			write_out(tape, argument[i], text);
	}
}

static const struct {
	const char *from, *to;
} rules[] = {
	// numbers
	{"*h2", "1"},      {"+12", "3"},      {"-12", "-1"},      {"/12", "h"},     {"^23", "8"},       {"~~3", "3"},
	{"*3~0", "0"},     {"~0", "0"},       {"/0~3", "0"},      {"-00", "0"},
	// 0, 1 and the sign
	{"+0x", "x"},      {"+x0", "x"},      {"-x0", "x"},       {"-0x", "~x"},    {"*1x", "x"},       {"*x1", "x"},
	{"*0x", "0"},      {"*x0", "0"},      {"/x1", "x"},       {"/0x", "0"},     {"^x1", "x"},       {"^x0", "1"},
	{"~~x", "x"},      {"~~~x", "~x"},    {"+x~y", "-xy"},    {"-x~y", "+xy"},  {"+x~~y", "+xy"},   {"*~1x", "~x"},
	{"*~xy", "~*xy"},  {"*x~y", "~*xy"},  {"*~x~y", "*xy"},   {"/~xy", "~/xy"}, {"*2~x", "*-2x"},
	// numbers taken out
	{"*h*2x", "x"},    {"*2*3x", "*6x"},  {"**2xy", "*2*xy"}, {"*x*2y", "*2*xy"}, {"**2x*3y", "*6*xy"},
	{"**h~x*2y", "~*xy"}, {"*h~*2x", "~x"},
	// sums and quotients
	{"+xx", "*2x"},    {"*/1yx", "/xy"},  {"*x/1y", "/xy"},   {"*3/1y", "/3y"}, {"**~3/1yx", "*/-3yx"},
	// what stays
	{"+xy", "+xy"},    {"-xy", "-xy"},    {"*xy", "*xy"},     {"/xy", "/xy"},   {"^xy", "^xy"},     {"^x2", "^x2"},
	{"/xx", "/xx"},    {"lx", "lx"},      {"*my-1my", "*my-1my"},
	// never behind a name
	{"~s", "~s"},      {"+xs", "+xs"},    {"*sy", "*sy"},
};

START_TEST(derivatives_are_simplified_as_people_do)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		Tape tape = {0};
		const char *from = rules[i].from;
		char text[200] = "";
		write_out(&tape, build(&tape, &from, true), text);
		ck_assert_msg(strcmp(text, rules[i].to) == 0, "%s: %s, not %s", rules[i].from, text, rules[i].to);
		tape_free(&tape);
	}
}
END_TEST

START_TEST(what_is_simplified_has_the_same_value)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		Tape tape = {0};
		const char *from = rules[i].from, *again = from;
		Node a = build(&tape, &from, true), b = build(&tape, &again, false);
		Replay replay;
		replay_start(&replay, &tape, 1);
		for (Node node = 0; node < tape.count; node++)
			if (tape_op(&tape, node) == OP_PARAM)
				replay_set(&replay, node, 0, 1.5 + node);
		replay_all(&replay);
		ck_assert_msg(close_to(replay_value(&replay, a, 0), replay_value(&replay, b, 0), 1e-15, 0), "%s", rules[i].from);
		replay_free(&replay);
		tape_free(&tape);
	}
}
END_TEST

// x*1 + -(-y) + 0 - s - 1/2*2, recorded as it was written.
START_TEST(the_forward_pass_is_recorded_as_written)
{
	static const char *const written[] = {"*x1", "+0x", "~~x", "*0x", "^x1", "/x1", "+xx", "*h*2x", "*2~x", "-x~y"};
	for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
		Tape tape = {0};
		const char *from = written[i];
		char text[200] = "";
		write_out(&tape, build(&tape, &from, false), text);
		ck_assert_str_eq(text, written[i]);
		tape_free(&tape);
	}
}
END_TEST

START_TEST(sums_and_products_of_many)
{
	Tape tape = {0};
	Node x = param(&tape, "x", 3), y = param(&tape, "y", 5), z = param(&tape, "z", 7);
	Node two = tape_number(&tape, 2), half = tape_number(&tape, 0.5), zero = tape_number(&tape, 0);
	ck_assert(IS(&tape, algebra_sum(&tape, (Node[]){x, zero, y, z}, 4), OP_SUM, x, y, z));
	ck_assert(IS(&tape, algebra_sum(&tape, (Node[]){two, x, half, y}, 4), OP_SUM, x, y, tape_number(&tape, 2.5)));
	ck_assert(IS(&tape, algebra_product(&tape, (Node[]){two, x, half, y, z}, 5), OP_PROD, x, y, z));
	ck_assert_uint_eq(algebra_product(&tape, (Node[]){x, zero, y, z}, 4), zero);
	ck_assert_uint_eq(algebra_sum(&tape, NULL, 0), zero);
	ck_assert_uint_eq(algebra_product(&tape, NULL, 0), tape_number(&tape, 1));
	Node many[40];
	for (size_t i = 0; i < 40; i++)
		many[i] = i % 2 ? x : two;
	uint32_t count;
	tape_arguments(&tape, algebra_sum(&tape, many, 40), &count);
	ck_assert_uint_eq(count, 21);
	tape_free(&tape);
}
END_TEST

// ---x*--y and 2*(2*(2*…x)) as deep as a formula may be: no recursion.
START_TEST(deep_formulas_are_no_danger)
{
	enum { DEPTH = 1000 * 1000 };
	Tape tape = {0};
	Node x = param(&tape, "x", 3), y = param(&tape, "y", 2), signs = x, halves = y;
	for (int i = 0; i < DEPTH; i++) {
		signs = tape_unary(&tape, OP_NEG, signs);
		halves = mul2(&tape, tape_number(&tape, i % 2 ? 2 : 0.5), halves);
	}
	ck_assert(IS(&tape, algebra_mul(&tape, signs, halves), OP_PROD, x, y));
	ck_assert(IS(&tape, algebra_add(&tape, y, signs), OP_SUM, y, x));
	ck_assert(IS(&tape, algebra_div(&tape, signs, y), OP_DIV, x, y));
	ck_assert_uint_eq(algebra_neg(&tape, tape_unary(&tape, OP_NEG, signs)), x);
	tape_free(&tape);
}
END_TEST

START_TEST(equal_numbers_are_one_node)
{
	Tape tape = {0};
	Node node[1000];
	for (int i = 0; i < 1000; i++)
		node[i] = tape_number(&tape, i * 0.1);
	for (int i = 0; i < 1000; i++)
		ck_assert_uint_eq(tape_number(&tape, i * 0.1), node[i]);
	ck_assert_uint_eq(tape_number(&tape, NAN), tape_number(&tape, NAN));
	ck_assert_uint_ne(tape_number(&tape, -0.0), tape_number(&tape, 0.0));
	tape_free(&tape);
}
END_TEST

START_TEST(what_the_tape_has_is_used_again)
{
	Tape tape = {0};
	Node x = param(&tape, "x", 3), y = param(&tape, "y", 5);
	Node d = tape_binary(&tape, OP_SUB, x, y);
	ck_assert_uint_eq(algebra_sub(&tape, x, y), d);
	ck_assert_uint_ne(algebra_sub(&tape, y, x), d);
	Node product = algebra_mul(&tape, x, y);
	ck_assert_uint_eq(algebra_mul(&tape, x, y), product);
	ck_assert_uint_ne(algebra_path_product(&tape, x, y), product);
	tape_pause_memory(&tape, true);
	ck_assert_uint_ne(algebra_mul(&tape, x, y), product);
	tape_pause_memory(&tape, false);
	ck_assert_uint_eq(algebra_mul(&tape, x, y), product);
	tape_free(&tape);
}
END_TEST

SUITE(derivatives_are_simplified_as_people_do, what_is_simplified_has_the_same_value,
      the_forward_pass_is_recorded_as_written, sums_and_products_of_many, deep_formulas_are_no_danger,
      equal_numbers_are_one_node, what_the_tape_has_is_used_again)
