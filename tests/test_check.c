#include "core/arena.h"
#include "tests/suite.h"
#include "tutor/course/sensitivity.h"
#include "tutor/course/verify.h"
#include "tutor/io/output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

START_TEST(numbers_are_read_as_typed)
{
	static const struct {
		const char *text;
		bool comma;
		double value, unit;
		int significant;
	} rows[] = {
		{"0.5933", false, 0.5933, 1e-4, 4},
		{" -0.038098237 ", false, -0.038098237, 1e-9, 8},
		{"0.0500", false, 0.05, 1e-4, 3},
		{"100", false, 100, 1, 3},
		{"1.20e-3", false, 0.0012, 1e-5, 3},
		{".5", false, 0.5, 0.1, 1},
		{"5.", false, 5, 1, 1},
		{"0.000", false, 0, 1e-3, 0},
		{"0,59", true, 0.59, 0.01, 2},
		{"1/3", false, 1.0 / 3, 0, 17},
		{"-3 / 8", false, -0.375, 0, 17},
		{"1.5/0.5", false, 3, 0, 17},
		{"\xE2\x88\x92"
	     "0.5",
	     false, -0.5, 0.1, 1},
		{"+2", false, 2, 1, 1},
	};
	static const char *const bad[] = {"",     "abc",  "0,5", "1/0", "1/2/3",
	                                  "1..2", "0x10", "1e",  "1/",  "12 3"};
	Typed typed;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ck_assert_msg(typed_read(&typed, rows[i].text, rows[i].comma), "%s", rows[i].text);
		ck_assert_msg(typed.value == rows[i].value && fabs(typed.unit - rows[i].unit) <= 1e-24 &&
		                  typed.significant == rows[i].significant && typed.given,
		              "%s: %.17g, unit %g, %d digits", rows[i].text, typed.value, typed.unit,
		              typed.significant);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!typed_read(&typed, bad[i], false) && !typed.given, "%s", bad[i]);
}
END_TEST

START_TEST(numbers_match_as_far_as_they_were_typed)
{
	static const struct {
		const char *text;
		double expected, from;
		Allowance allowance;
		int asked;
		Match match;
	} rows[] = {
		{"0.5933", 0.59327, 0, {.fixed = 0}, 4, MATCH_RIGHT},
		{"0.5932", 0.59327, 0, {.fixed = 0}, 4, MATCH_CUT},
		{"0.5934", 0.59327, 0, {.fixed = 0}, 4, MATCH_NONE},
		{"-0.5932", -0.59327, 0, {.fixed = 0}, 4, MATCH_CUT},
		{"-0.5934", -0.59327, 0, {.fixed = 0}, 4, MATCH_NONE},
		{"0.593", 0.59327, 0, {.fixed = 0}, 4, MATCH_FEW_DIGITS},
		{"0.592", 0.59327, 0, {.fixed = 0}, 4, MATCH_NONE},
		{"0.593", 0.59327, 0, {.fixed = 0}, 3, MATCH_RIGHT},
		{"0.59326999", 0.5932699921, 0, {.fixed = 0}, 4, MATCH_RIGHT},
		{"0.59327111", 0.5932699921, 0, {.fixed = 0}, 4, MATCH_NONE},   // held to what was typed
		{"0.593269992", 0.59326999210718726, 0, {.fixed = 0}, 4, MATCH_RIGHT},
		{"0.59326999210718715", 0.59326999210718726, 0, {.fixed = 0}, 4, MATCH_RIGHT},
		{"0.59326999210", 0.593269992, 0, {.fixed = 0}, 4, MATCH_NONE},
		// The true value needs no more digits.
		{"0.5", 0.5, 0, {.fixed = 0}, 4, MATCH_RIGHT},
		{"1", 1, 0, {.fixed = 0}, 4, MATCH_RIGHT},
		{"-12", -12, 0, {.fixed = 0}, 4, MATCH_RIGHT},
		{"1", 0.9996, 0, {.fixed = 0}, 4, MATCH_FEW_DIGITS},
		{"0.387", 0.38702, 0, {.fixed = 0}, 4, MATCH_RIGHT},
		{"1", 0.7422, 0, {.fixed = 0}, 4, MATCH_NONE},
		{"0.7", 0.7422, 0, {.fixed = 0}, 4, MATCH_FEW_DIGITS},
		{"0.387", 0.38712, 0, {.fixed = 0}, 4, MATCH_FEW_DIGITS},
		// Zero.
		{"0", 0, 0, {.fixed = 0}, 4, MATCH_RIGHT},
		{"0.000", 0, 0, {.fixed = 0}, 4, MATCH_RIGHT},
		{"0", 0.0004, 0, {.fixed = 0}, 4, MATCH_NONE},
		{"0", 1e-9, 0, {.fixed = 0}, 4, MATCH_NONE},
		{"0.000", 0.0004, 0, {.fixed = 0}, 4, MATCH_FEW_DIGITS},
		{"0.0000", 0.0004, 0, {.fixed = 0}, 4, MATCH_NONE},
		{"0", 1e-17, 0, {.noise = 1e-16}, 4, MATCH_RIGHT},
		{"0.0004", 0, 0, {.fixed = 0}, 4, MATCH_NONE},
		// Fractions are exact, and judged at the digits asked.
		{"1/3", 0.333333333, 0, {.fixed = 0}, 4, MATCH_RIGHT},
		{"3/8", 0.3775, 0, {.fixed = 0}, 4, MATCH_NONE},
		{"22/7", 3.14159265, 0, {.fixed = 0}, 3, MATCH_RIGHT},
		{"22/7", 3.14159265, 0, {.fixed = 0}, 4, MATCH_NONE},
		// Rounding earlier on.
		{"0.5936", 0.59327, 0, {.fixed = 3e-4}, 4, MATCH_ROUNDED},
		{"0.5936", 0.59327, 0, {.scaled = 3}, 4, MATCH_ROUNDED},
		{"0.593600", 0.59327, 0, {.scaled = 3}, 4, MATCH_NONE},
		{"0.7000", 0.59327, 0, {.fixed = 1}, 4, MATCH_NONE},   // no rounding explains that much
		{"0.7000", -0.59327, 0, {.fixed = 2}, 4, MATCH_NONE},
		// A new weight by its step.
		{"0.1498", 0.149780716, 0.15, {.fixed = 0}, 4, MATCH_RIGHT},
		{"0.1500", 0.149780716, 0.15, {.fixed = 0}, 4, MATCH_NONE},
		{"0.1500", 0.14999, 0.15, {.fixed = 0}, 4, MATCH_FEW_DIGITS},
		{"0.15", 0.15, 0.15, {.fixed = 0}, 4, MATCH_RIGHT},
		{"0.1497820", 0.149780716, 0.15, {.fixed = 1}, 4, MATCH_ROUNDED},
		{"0.1498200", 0.149780716, 0.15, {.fixed = 1}, 4, MATCH_NONE},
		{"0", 0.02, 0.5, {.fixed = 0}, 4, MATCH_NONE},
		// Not finite.
		{"inf", INFINITY, 0, {.fixed = 0}, 4, MATCH_RIGHT},
		{"nan", NAN, 0, {.fixed = 0}, 4, MATCH_RIGHT},
		{"-inf", INFINITY, 0, {.fixed = 0}, 4, MATCH_NONE},
		{"1", INFINITY, 0, {.fixed = 0}, 4, MATCH_NONE},
		{"nan", 1, 0, {.fixed = 0}, 4, MATCH_NONE},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		Typed typed;
		ck_assert(typed_read(&typed, rows[i].text, false));
		Match found =
			match(&typed, rows[i].expected, rows[i].from, &rows[i].allowance, rows[i].asked);
		ck_assert_msg(found == rows[i].match, "row %zu: %s for %.17g: %d", i, rows[i].text,
		              rows[i].expected, (int)found);
	}
}
END_TEST

START_TEST(a_step_too_small_for_the_digits_is_seen)
{
	Typed typed;
	ck_assert(typed_read(&typed, "0.1498", false));
	ck_assert(match_hides_step(&typed, 0.149780716, 0.15));
	ck_assert(!match_hides_step(&typed, 0.1498, 0.15));
	ck_assert(typed_read(&typed, "0.1497807", false));
	ck_assert(!match_hides_step(&typed, 0.149780716, 0.15));
}
END_TEST

// out*(1 - out) + 3 with out from one row: one influence, 1 - 2*out.
START_TEST(a_formula_knows_its_partials)
{
	Arena arena = {0};
	Formula *one = formula_number(&arena, 1), *out[2];
	for (int i = 0; i < 2; i++)
		out[i] = formula_name(&arena, NULL, 0.25, 7);
	Formula *other = formula_operation(&arena, OP_SUB, 2, 0),
			*product = formula_operation(&arena, OP_PROD, 2, 0);
	other->argument[0] = one, other->argument[1] = out[0];
	product->argument[0] = out[1], product->argument[1] = other;
	Sensitivity s = sensitivity_of(product, &arena);
	ck_assert(s.count == 1 && s.influence[0].row == 7 && s.influence[0].partial == 0.5);
	ck_assert(s.value == 0.1875 && s.noise > 0 && s.noise < 1e-15);
	s = sensitivity_of(out[0], &arena);
	ck_assert(s.count == 1 && s.influence[0].partial == 1 && s.value == 0.25);
	s = sensitivity_of(one, &arena);
	ck_assert(s.count == 0 && s.value == 1);
	// 1e8 + x - 1e8 loses what x has behind the eighth decimal.
	Formula *big = formula_number(&arena, 1e8), *sum = formula_operation(&arena, OP_SUM, 2, 0);
	Formula *difference = formula_operation(&arena, OP_SUB, 2, 0);
	sum->argument[0] = big, sum->argument[1] = out[0];
	difference->argument[0] = sum, difference->argument[1] = big;
	s = sensitivity_of(difference, &arena);
	ck_assert(s.noise > 1e-8 && s.noise < 1e-6);
	arena_free(&arena);
}
END_TEST

// ---- Whole sheets, against the Mazur network

static const char mazur[] =
	"input i1 = 0.05, i2 = 0.10\ntarget t1 = 0.01, t2 = 0.99\n"
	"param w1 = 0.15, w2 = 0.20, w3 = 0.25, w4 = 0.30, w5 = 0.40, w6 = 0.45, w7 = 0.50, w8 = 0.55\n"
	"const b1 = 0.35, b2 = 0.60\n"
	"net_h1 = w1*i1 + w2*i2 + b1*1\nout_h1 = sigmoid(net_h1)\n"
	"net_h2 = w3*i1 + w4*i2 + b1*1\nout_h2 = sigmoid(net_h2)\n"
	"net_o1 = w5*out_h1 + w6*out_h2 + b2*1\nout_o1 = sigmoid(net_o1)\n"
	"net_o2 = w7*out_h1 + w8*out_h2 + b2*1\nout_o2 = sigmoid(net_o2)\n"
	"E_o1 = 1/2*(t1 - out_o1)^2\nE_o2 = 1/2*(t2 - out_o2)^2\nE_total = E_o1 + E_o2\n"
	"minimize E_total\nupdate sgd(rate = 0.5)\n";

// One letter an answer, in the order of the derivation: Right, Carried, Few digits, Wrong, not
// Answered, Unknown; r where rounding is said to explain it, c where it is cut off, h where the
// step is hidden, t where a 0 is trivial.
static void letters(const Verification *v, char *text)
{
	for (size_t i = 0; i < v->count; i++) {
		unsigned remarks = v->item[i].remarks;
		*text++ = " RCFWAU-"[v->item[i].verdict];
		if (remarks & REMARK_ROUNDED)
			*text++ = 'r';
		if (remarks & REMARK_CUT)
			*text++ = 'c';
		if (remarks & REMARK_HIDES_STEP)
			*text++ = 'h';
		if (remarks & REMARK_NO_STEP)
			*text++ = 'n';
		if (remarks & REMARK_TRIVIAL)
			*text++ = 't';
	}
	*text = '\0';
}

typedef struct Sheet {
	const char *csv, *verdicts, *first;
	size_t follow;
} Sheet;

static void check_sheet(const char *text, const Sheet *sheet)
{
	Model model;
	Answers answers;
	Verification result;
	Error error = {0};
	char found[100];
	ModelOptions options = {.seed = 1};
	ck_assert_msg(model_read(&model, "test", text, strlen(text), &options, &error), "%s",
	              error.message);
	ck_assert_msg(answers_read(&answers, "sheet", sheet->csv, strlen(sheet->csv), &error), "%s",
	              error.message);
	verify(&result, &answers, &model, &(VerifyOptions){.significant = 4});
	letters(&result, found);
	ck_assert_msg(strcmp(found, sheet->verdicts) == 0, "%s\nis %s, not %s", sheet->csv, found,
	              sheet->verdicts);
	const char *first = result.first ? result.first->answer->name : NULL;
	ck_assert_msg(!first == !sheet->first && (!first || strcmp(first, sheet->first) == 0),
	              "%s: first wrong %s", sheet->csv, first ? first : "none");
	ck_assert_msg(result.follow == sheet->follow, "%s: %zu follow", sheet->csv, result.follow);
	verify_free(&result);
	answers_free(&answers);
	model_free(&model);
}

START_TEST(sheets_get_their_verdicts)
{
	static const Sheet sheets[] = {
		{"name,value\nnet_h1,0.3775\nout_h1,0.5933\nE_total,0.2984\n", "RRR", NULL, 0},
		{"value;other;name\n0,3775;x;net_h1\n;;out_h1\n0,29837;y;E_total\n", "RAR", NULL, 0},
		{"name\tvalue\n net_h1 \t 0.3775\nd E_total / d w5\t0.0821670406\n", "RR", NULL, 0},
		// A wrong value, carried through lines that were not asked for (net_o1, dE_total/dnet_o1).
		{"name,value\nout_h1,0.4067\nout_o1,0.7372\ndE_total/dw5,0.05730\nw5+,0.3714\n", "WCCC",
	     "out_h1", 3},
		{"name,value\nout_h1,0.4067\nout_o1,0.7514\ndE_total/dw5,0.08217\n", "WRR", "out_h1", 0},
		// M05: sigma' forgotten at the output; what rests on it is right from it.
		{"name,value\ndE_total/dnet_o1,0.741365070\ndE_total/dw5,0.439829649\ndE_total/dw6,0.4425\n"
	     "w5+,0.180085176\n",
	     "WCCC", "dE_total/dnet_o1", 3},
		// A second mistake behind the first is wrong itself.
		{"name,value\nout_h1,0.4067\ndE_total/dw5,0.1146\nw5+,0.3427\n", "WWC", "out_h1", 0},
		// Too few digits; what follows from them.
		{"name,value\nout_h1,0.59\n", "F", NULL, 0},
		{"name,value\nout_h1,0.6\ndE_total/dw5,0.08310\n", "FRr", NULL, 0},
		// Cut off, and rounded earlier values.
		{"name,value\nout_h1,0.5932\nout_h2,0.5968\n", "RcRc", NULL, 0},
		{"name,value\ndE_total/dnet_o2,-0.038098237\ndE_total/dw7,-0.02260254\n", "RR", NULL, 0},
		{"name,value\nout_h1,0.5933\nout_o1,0.7514\ndE_total/dnet_o1,0.1385\ndE_total/"
	     "dw5,0.0821705\n",
	     "RRRRr", NULL, 0},
		// M01, the old weights' new values used: wrong at the sum, whatever its digits.
		{"name,value\ndE_total/dout_h1,0.030229739\ndE_total/dw1,0.000364723\nw1+,0.149817639\n",
	     "WCC", "dE_total/dout_h1", 2},
		// A new weight is judged by its step: 4 digits hardly show it, 7 do.
		{"name,value\nw1+,0.1498\n", "Rh", NULL, 0},
		{"name,value\nw1+,0.1498176\n", "W", "w1+", 0},
		{"name,value\nw1+,0.149781\n", "R", NULL, 0},
		// A wrong 0 makes no later 0 right, and a later right number right.
		{"name,value\ndE_total/dnet_o1,0\ndE_total/dw5,0\ndE_total/dw6,0.08267\n", "WRWt",
	     "dE_total/dnet_o1", 0},
		{"name,value\nout_h1,0\nnet_o1,0.8686\n", "WC", "out_h1", 1},
		// Partials and paths.
		{"name,value\ndout_o1/dnet_o1,0.1868\ndE_total/dout_h1,0.03635\ndE_total/dnet_o1*dnet_o1/"
	     "dout_h1,0.05540\n",
	     "RRR", NULL, 0},
		{"name,value\ndnet_o1/dout_h1,0.5\ndE_total/dnet_o1*dnet_o1/dout_h1,0.06925\ndE_total/"
	     "dout_h1,0.05020\n",
	     "WCC", "dnet_o1/dout_h1", 2},
		// Derivatives of something else than the loss.
		{"name,value\nout_h1,0.4000\ndE_o1/dnet_o1,0.1385\ndE_o1/dw5,0.0554\n", "WRC", "out_h1", 1},
		{"name,value\ndE_o1/dnet_o1,0.7414\ndE_o1/dw5,0.4399\n", "WC", "dE_o1/dnet_o1", 1},
		// Later steps, with own values carried over the update.
		{"name,value\nE_total#2,0.29102777\nE_total#10001,0.0000351019\n", "RR", NULL, 0},
		{"name,value\nw5+,0.4411\nw5#2,0.4411\nnet_o1#2,1.1056\nE_total#2,0.3333\n", "WCCW", "w5+",
	     2},
		// One bad row hides no other.
		{"name,value\nnet_h9,1\nnet_h1,abc\nout_h1,0.5933\n,3\nout_h1,0.1\n", "RWUUU", "out_h1", 0},
	};
	for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++)
		check_sheet(mazur, &sheets[i]);
}
END_TEST

START_TEST(examples_of_a_batch_are_told_apart)
{
	static const char model[] =
		"input x\ntarget y\nparam w = 0.5\nh = w*x\nE = (h - y)^2\nminimize E\n"
		"update sgd(rate = 0.1)\nexamples\nx,y\n1,2\n3,-1\nend\n";
	static const Sheet sheets[] = {
		{"name,value\nh@1,0.5\nh@2,1.5\nE@1,2.25\nE@2,6.25\nE,4.25\ndE/dw,6\nw+,-0.1\n", "RRRRRRR",
	     NULL, 0},
		{"name,value\nh@1,0.6\nE@1,1.96\nE@2,6.25\nE,4.105\ndE/dw,6.1\n", "WCRCC", "h@1", 3},
		{"name,value\nh,1\nE@3,1\n", "RU", NULL, 0},
	};
	for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++)
		check_sheet(model, &sheets[i]);
}
END_TEST

START_TEST(tables_without_names_and_values_are_no_answers)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{"name,values\nE,1\n", "there is no 'value'"},
		{"a,b\n1,2\n", "there is no 'name'"},
		{"", "no table here"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		Answers answers;
		Error error = {0};
		ck_assert(!answers_read(&answers, "t", rows[i].text, strlen(rows[i].text), &error));
		ck_assert_msg(strstr(error.message, rows[i].message), "%s", error.message);
	}
}
END_TEST

SUITE(numbers_are_read_as_typed, numbers_match_as_far_as_they_were_typed,
      a_step_too_small_for_the_digits_is_seen, a_formula_knows_its_partials,
      sheets_get_their_verdicts, examples_of_a_batch_are_told_apart,
      tables_without_names_and_values_are_no_answers)
