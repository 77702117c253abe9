// Every row of core/ops.def: its value, its value in lanes, and its partials, against tests/oracle/ops.csv (mpmath) and
// against differences. A new row fails here until the oracle knows it.
#include "tests/test_core_lib.h"

#include <stdlib.h>

enum { MOST = 12, ROWS = 1000 };

static const char *const op_id[OP_COUNT] = {
#define OP(id, text, arity, form, value, by_a, by_b, rule) [OP_##id] = #id,
#include "core/ops.def"
#undef OP
};

typedef struct Row {
	Op op;
	uint32_t count;
	double argument[MOST], value, slope[MOST];   // a slope that is not asked for is NaN
} Row;

static Row rows[ROWS];
static size_t row_count;

static Op op_of(const char *id)
{
	for (int op = 0; op < OP_COUNT; op++)
		if (strcmp(op_id[op], id) == 0)
			return (Op)op;
	ck_abort_msg("the oracle has an operation '%s' that core/ops.def has not", id);
	return OP_COUNT;
}

static double next_number(void)
{
	const char *text = strtok(NULL, ",\n");
	ck_assert_msg(text, "ops.csv, row %zu is too short", row_count + 2);
	return strcmp(text, "-") == 0 ? NAN : strtod(text, NULL);
}

static void read_rows(void)
{
	if (row_count)
		return;
	FILE *file = fopen("tests/oracle/ops.csv", "r");
	ck_assert_msg(file, "run the tests from the top folder: tests/oracle/ops.csv is not there");
	char line[2000];
	ck_assert(fgets(line, sizeof line, file));
	for (; fgets(line, sizeof line, file); row_count++) {
		ck_assert_uint_lt(row_count, ROWS);
		Row *row = &rows[row_count];
		row->op = op_of(strtok(line, ","));
		row->count = (uint32_t)next_number();
		ck_assert_uint_le(row->count, MOST);
		for (uint32_t i = 0; i < row->count; i++)
			row->argument[i] = next_number();
		row->value = next_number();
		for (uint32_t i = 0; i < row->count; i++)
			row->slope[i] = next_number();
	}
	fclose(file);
}

static const char *text_of(const Row *row)
{
	static char text[400];
	int size = snprintf(text, sizeof text, "%s(", op_id[row->op]);
	for (uint32_t i = 0; i < row->count; i++)
		size += snprintf(text + size, sizeof text - (size_t)size, "%s%.17g", i ? ", " : "", row->argument[i]);
	snprintf(text + size, sizeof text - (size_t)size, ")");
	return text;
}

START_TEST(the_oracle_knows_every_operation)
{
	read_rows();
	bool seen[OP_COUNT] = {0};
	for (size_t i = 0; i < row_count; i++)
		seen[rows[i].op] = true;
	for (int op = 0; op < OP_COUNT; op++)
		ck_assert_msg(seen[op] || op_info[op].arity == ARITY_LEAF, "tests/oracle/ops.py has no %s", op_id[op]);
}
END_TEST

START_TEST(values_are_the_oracles)
{
	read_rows();
	for (size_t i = 0; i < row_count; i++) {
		double got = op_value(rows[i].op, rows[i].argument, rows[i].count);
		ck_assert_msg(close_to(got, rows[i].value, 1e-12, 0), "%s: %.17g, oracle %.17g", text_of(&rows[i]), got,
		              rows[i].value);
	}
}
END_TEST

// ---- Replay

// The row's operation on leaves, each varying or not by its bit in `which`; a constant exponent stays a number.
static Node record_row(Tape *tape, const Row *row, unsigned which, Node *leaf)
{
	for (uint32_t i = 0; i < row->count; i++) {
		bool constant = row->op == OP_INTPOWER && i == 1;
		leaf[i] = constant ? tape_number(tape, row->argument[i])
		                   : name_at(tape, tape_leaf(tape, OP_PARAM, 0, which >> i & 1), "a", (int32_t)i);
	}
	return name(tape, tape_apply(tape, row->op, leaf, row->count), "y");
}

static bool same_bits(double a, double b)
{
	return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static bool same_shape(const Row *a, const Row *b)
{
	return a->op == b->op && a->count == b->count && (a->op != OP_INTPOWER || a->argument[1] == b->argument[1]);
}

// Replays row `first` and those behind it in the lanes of one tape.
static void check_lanes(size_t first, uint32_t lanes, unsigned which)
{
	const Row *row = &rows[first];
	Tape tape = {0};
	Replay replay;
	Node leaf[MOST];
	Node y = record_row(&tape, row, which, leaf);
	replay_start(&replay, &tape, lanes);
	double argument[7][MOST];
	for (uint32_t lane = 0; lane < lanes; lane++)
		for (uint32_t i = 0; i < row->count; i++) {
			const Row *other = &rows[(first + lane) % row_count];
			const Row *from = (which >> i & 1) && same_shape(row, other) ? other : row;
			argument[lane][i] = from->argument[i];
			if (!tape_is_number(&tape, leaf[i]))
				replay_set(&replay, leaf[i], tape_varies(&tape, leaf[i]) ? lane : 0, argument[lane][i]);
		}
	replay_all(&replay);
	double sum = 0;
	for (uint32_t lane = 0; lane < lanes; lane++) {
		double want = op_value(row->op, argument[lane], row->count);
		sum += want;
		ck_assert_msg(row->op == OP_BATCH_SUM || same_bits(replay_value(&replay, y, lane), want),
		              "%s in lane %u of %u: %.17g, op_value %.17g", text_of(row), lane, lanes,
		              replay_value(&replay, y, lane), want);
	}
	if (row->op == OP_BATCH_SUM)
		ck_assert_msg(same_bits(replay_value(&replay, y, 0), lanes == 1 ? argument[0][0] : sum), "batch_sum");
	replay_free(&replay);
	tape_free(&tape);
}

START_TEST(replay_computes_what_op_value_does)
{
	read_rows();
	for (size_t i = 0; i < row_count; i++)
		for (uint32_t lanes = 1; lanes <= 7; lanes += lanes == 1 ? 2 : 4)
			for (unsigned which = 0; which < 4; which++)
				check_lanes(i, lanes, which == 3 ? ~0u : which);
}
END_TEST

// ---- Partials

static bool is_kink(const Row *row)
{
	const double *a = row->argument;
	switch (row->op) {
	case OP_RELU: case OP_ABS: case OP_ELU: case OP_SIGN: case OP_STEP: case OP_LEAKY_RELU: case OP_LEAKY_STEP:
		return a[0] == 0;
	case OP_MAX: case OP_MIN: case OP_ARGMAX: case OP_ARGMIN: case OP_EQ:
		return a[0] == a[1] || (row->count > 2 && (a[1] == a[2] || a[0] == a[2]));
	default:
		return false;
	}
}

static void check_partials(const Row *row)
{
	Tape tape = {0};
	Node leaf[MOST], d[MOST];
	Node y = record_row(&tape, row, 0, leaf);
	Gradient *gradient = gradient_record(&tape, y);
	for (uint32_t i = 0; i < row->count; i++)
		d[i] = tape_is_number(&tape, leaf[i]) ? NODE_NONE : gradient_by(&tape, gradient, leaf[i]);
	Replay replay;
	replay_start(&replay, &tape, 1);
	for (uint32_t i = 0; i < row->count; i++)
		if (d[i] != NODE_NONE)
			replay_set(&replay, leaf[i], 0, row->argument[i]);
	replay_all(&replay);
	for (uint32_t i = 0; i < row->count; i++) {
		if (d[i] == NODE_NONE)
			continue;
		double got = replay_value(&replay, d[i], 0);
		// 1 - y^2 and the like have the last digit of 1, not of the result.
		ck_assert_msg(close_to(got, row->slope[i], 1e-12, 1e-15), "%s by argument %u: %.17g, oracle %.17g",
		              text_of(row), i + 1, got, row->slope[i]);
		double h = fmin(1e-2, fabs(row->argument[i]) / 10), flat = 1e-11 * fabs(row->value) / h + 1e-12;
		if (op_info[row->op].flows && !is_kink(row) && h > 0) {
			double want = difference(&replay, y, leaf[i], 0, h);
			ck_assert_msg(close_to(got, want, 1e-6, flat), "%s by argument %u: %.17g, by differences %.17g",
			              text_of(row), i + 1, got, want);
		}
	}
	replay_free(&replay);
	tape_free(&tape);
}

START_TEST(partials_are_the_oracles_and_those_of_differences)
{
	read_rows();
	for (size_t i = 0; i < row_count; i++)
		check_partials(&rows[i]);
}
END_TEST

// ---- Numbers gone wrong

static double value1(Op op, double a)
{
	return op_value(op, &a, 1);
}

static double value2(Op op, double a, double b)
{
	return op_value(op, (double[]){a, b}, 2);
}

START_TEST(nan_is_never_hidden)
{
	static const Op hides[] = {OP_STEP, OP_EQ, OP_ARGMAX, OP_ARGMIN, OP_LEAKY_STEP};
	read_rows();
	for (size_t i = 0; i < row_count; i++)
		for (uint32_t k = 0; k < rows[i].count; k++) {
			Row row = rows[i];
			bool hidden = row.op == OP_INTPOWER || (row.op == OP_LEAKY_RELU && k == 1 && row.argument[0] > 0);
			for (size_t n = 0; n < sizeof hides / sizeof *hides; n++)
				hidden |= row.op == hides[n];
			row.argument[k] = NAN;
			ck_assert_msg(hidden || isnan(op_value(row.op, row.argument, row.count)), "%s", text_of(&row));
		}
	ck_assert(isnan(value2(OP_INTPOWER, NAN, 3)) && value2(OP_INTPOWER, NAN, 0) == 1);
}
END_TEST

// The gradient of a maximum that is NaN goes to what made it so.
START_TEST(argmax_finds_the_nan_that_max_gives)
{
	static const double with_nan[][3] = {{NAN, 1, 2}, {1, NAN, 2}, {1, 2, NAN}, {3, NAN, NAN}};
	static const double first[] = {1, 2, 3, 2};
	for (size_t i = 0; i < 4; i++) {
		ck_assert(op_value(OP_ARGMAX, with_nan[i], 3) == first[i]);
		ck_assert(op_value(OP_ARGMIN, with_nan[i], 3) == first[i]);
	}
}
END_TEST

START_TEST(infinities_go_where_limits_go)
{
	static const struct {
		Op op;
		double at_minus, at_plus;
	} limits[] = {
		{OP_RELU, 0, INFINITY},         {OP_SIGMOID, 0, 1},       {OP_TANH, -1, 1},
		{OP_SOFTPLUS, 0, INFINITY},     {OP_ELU, -1, INFINITY},   {OP_EXP, 0, INFINITY},
		{OP_ABS, INFINITY, INFINITY},   {OP_SIGN, -1, 1},         {OP_STEP, 0, 1},
		{OP_NORMAL_CDF, 0, 1},          {OP_NORMAL_PDF, 0, 0},    {OP_NEG, INFINITY, -INFINITY},
	};
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		ck_assert_msg(value1(limits[i].op, -INFINITY) == limits[i].at_minus, "%s(-inf)", op_id[limits[i].op]);
		ck_assert_msg(value1(limits[i].op, INFINITY) == limits[i].at_plus, "%s(inf)", op_id[limits[i].op]);
	}
	ck_assert(value2(OP_MAX, -INFINITY, 1) == 1 && value2(OP_MIN, INFINITY, 1) == 1);
	ck_assert(value1(OP_LOG, 0) == -INFINITY && isnan(value1(OP_LOG, -1)) && isnan(value1(OP_SQRT, -1)));
	ck_assert(value2(OP_DIV, 1, 0) == INFINITY && isnan(value2(OP_DIV, 0, 0)));
	ck_assert(value1(OP_SOFTPLUS, 1e4) == 1e4 && value1(OP_SIGMOID, -1e4) == 0);
	ck_assert(value2(OP_INTPOWER, 0, -1) == INFINITY && value2(OP_POWER, 0, 0) == 1);
}
END_TEST

// Far out each slope is 0, 1 or the slope given, and no mask meets an infinity on the way.
START_TEST(masks_make_no_nan)
{
	static const struct {
		Op op;
		double left, right;
	} far[] = {{OP_RELU, 0, 1},  {OP_ELU, 0, 1},     {OP_ABS, -1, 1},     {OP_SOFTPLUS, 0, 1},
	           {OP_TANH, 0, 0},  {OP_SIGMOID, 0, 0}, {OP_NORMAL_CDF, 0, 0}};
	for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
		Tape tape = {0};
		Node x = param(&tape, "x", 0), y = name(&tape, tape_unary(&tape, far[i].op, x), "y");
		Node d = gradient_by(&tape, gradient_record(&tape, y), x);
		for (double a = 1e3; a < 1e308; a *= 1e60) {
			Replay replay;
			replay_start(&replay, &tape, 1);
			replay_set(&replay, x, 0, -a);
			replay_all(&replay);
			ck_assert_msg(replay_value(&replay, d, 0) == far[i].left, "%s'(%g)", op_id[far[i].op], -a);
			replay_set(&replay, x, 0, a);
			replay_all(&replay);
			ck_assert_msg(replay_value(&replay, d, 0) == far[i].right, "%s'(%g)", op_id[far[i].op], a);
			replay_free(&replay);
		}
		tape_free(&tape);
	}
}
END_TEST

// 0^b by b is 0 for b >= 0, as is the derivative of that: no 0*log(0). A negative base stays NaN.
START_TEST(powers_of_zero_have_slopes)
{
	static const double exponents[] = {0, 0.5, 1, 2, 2.5, 65};
	Tape tape = {0};
	Node a = param(&tape, "a", 0), b = param(&tape, "b", 0);
	Node y = name(&tape, tape_power(&tape, a, b), "y");
	Node first = gradient_by(&tape, gradient_record(&tape, y), b);
	Node second = gradient_by(&tape, gradient_record(&tape, first), b);
	Replay replay;
	replay_start(&replay, &tape, 1);
	for (size_t i = 0; i < sizeof exponents / sizeof *exponents; i++) {
		replay_set(&replay, b, 0, exponents[i]);
		replay_all(&replay);
		ck_assert_msg(replay_value(&replay, first, 0) == 0, "0^%g", exponents[i]);
		ck_assert_msg(replay_value(&replay, second, 0) == 0, "0^%g twice", exponents[i]);
	}
	replay_set(&replay, a, 0, -1);
	replay_all(&replay);
	ck_assert(isnan(replay_value(&replay, first, 0)));
	replay_free(&replay);
	tape_free(&tape);
}
END_TEST

START_TEST(power_is_an_integer_power_where_it_may_be)
{
	static const struct {
		double n;
		Op op;
	} powers[] = {{2, OP_INTPOWER},    {-3, OP_INTPOWER},  {0, OP_INTPOWER}, {64, OP_INTPOWER}, {-64, OP_INTPOWER},
	              {65, OP_POWER},      {0.5, OP_POWER},    {NAN, OP_POWER},  {INFINITY, OP_POWER}};
	Tape tape = {0};
	Node x = param(&tape, "x", 2);
	for (size_t i = 0; i < sizeof powers / sizeof *powers; i++) {
		Node y = tape_power(&tape, x, tape_number(&tape, powers[i].n));
		ck_assert_msg(tape_op(&tape, y) == powers[i].op, "x^%g", powers[i].n);
	}
	ck_assert(tape_op(&tape, tape_power(&tape, x, param(&tape, "n", 2))) == OP_POWER);
	tape_free(&tape);
}
END_TEST

SUITE(the_oracle_knows_every_operation, values_are_the_oracles, replay_computes_what_op_value_does,
      partials_are_the_oracles_and_those_of_differences, nan_is_never_hidden, argmax_finds_the_nan_that_max_gives,
      infinities_go_where_limits_go, masks_make_no_nan, powers_of_zero_have_slopes, power_is_an_integer_power_where_it_may_be)
