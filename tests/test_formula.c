// Formulas as students write them: read in all spellings, judged as functions.
#include "tests/test_model.h"
#include "tutor/course/diagnose.h"
#include "tutor/course/formula_judge.h"
#include "tutor/render/notation.h"

static const char mazur[] =
	"input i1 = 0.05, i2 = 0.10\ntarget t1 = 0.01, t2 = 0.99\n"
	"param w1 = 0.15, w2 = 0.20, w3 = 0.25, w4 = 0.30, w5 = 0.40, w6 = 0.45, w7 = 0.50, w8 = 0.55\n"
	"const b1 = 0.35, b2 = 0.60\n"
	"net_h1 = w1*i1 + w2*i2 + b1*1\nout_h1 = sigmoid(net_h1)\n"
	"net_h2 = w3*i1 + w4*i2 + b1*1\nout_h2 = sigmoid(net_h2)\n"
	"net_o1 = w5*out_h1 + w6*out_h2 + b2*1\nout_o1 = sigmoid(net_o1)\n"
	"net_o2 = w7*out_h1 + w8*out_h2 + b2*1\nout_o2 = sigmoid(net_o2)\n"
	"E_o1 = 1/2*(t1 - out_o1)^2\nE_o2 = 1/2*(t2 - out_o2)^2\nE = E_o1 + E_o2\n"
	"minimize E\nupdate sgd(rate = 0.5)\n";
static const char batch[] =
	"size n = 2\ninput x[1..n]\ntarget y\nparam w[1..2, 1..n] = [[0.1, 0.2], [0.3, 0.4]]\n"
	"param v[1..2] = [1, -1]\nh[j=1..2] = tanh(sum(i=1..n, w[j,i]*x[i]))\n"
	"o = sum(j=1..2, v[j]*h[j])\nL = 1/2*(o - y)^2\nminimize L\nupdate sgd(rate = 0.1)\n"
	"examples\nx[1],x[2],y\n1,2,0.5\n0.3,-1,0\nend\n";
static const char softmax[] =
	"input x = 1\ntarget y[1..3] = [1, 0, 0]\nparam w[1..3] = [2, 1, 0.1]\nparam b[1..3] = 0\n"
	"z[k=1..3] = w[k]*x + b[k]\ne[k=1..3] = exp(z[k])\nS = sum(k=1..3, e[k])\np[k=1..3] = e[k]/S\n"
	"L = -sum(k=1..3, y[k]*log(p[k]))\nminimize L\nupdate sgd(rate = 0.1)\n";

typedef struct Bench {
	Model model;
	Diagnoser d;
	FormulaJudge judge;
	double *own;
} Bench;

static void bench_start(Bench *b, const char *text)
{
	must_read(&b->model, text, &(ModelOptions){.seed = 1});
	ck_assert(diagnoser_start(&b->d, &b->model, NULL, 0));
	formula_judge_start(&b->judge, &b->d.lines, b->d.value);
	b->own = memory_alloc(b->d.lines.count * sizeof *b->own);
	for (uint32_t i = 0; i < b->d.lines.count; i++)
		b->own[i] = NAN;
}

static void bench_end(Bench *b)
{
	formula_judge_free(&b->judge);
	diagnoser_free(&b->d);
	model_free(&b->model);
	free(b->own);
}

typedef struct Expected {
	const char *asked, *text;
	FormulaVerdict verdict;
	size_t column;      // where it is unreadable or circular
	const char *says;   // a part of the message
} Expected;

static void check_formulas(const char *model, const Expected *expected, size_t count)
{
	Bench b;
	Arena arena = {0};
	bench_start(&b, model);
	for (size_t i = 0; i < count; i++) {
		const Expected *e = &expected[i];
		JudgedFormula judged;
		uint32_t id = lines_find(&b.d.lines, e->asked);
		ck_assert_msg(id, "%s", e->asked);
		formula_judge(&judged, &b.judge, id, e->text, NULL, 4);
		const char *text = formula_judge_text(&judged, &arena);
		ck_assert_msg(judged.verdict == e->verdict && judged.column == e->column, "%s = %s: %d: %s",
		              e->asked, e->text, (int)judged.verdict, text);
		ck_assert_msg(!e->says || strstr(text, e->says), "%s = %s: %s", e->asked, e->text, text);
	}
	arena_free(&arena);
	bench_end(&b);
}

#define CHECK(model, list) check_formulas(model, list, sizeof list / sizeof *list)

START_TEST(formulas_are_judged_as_functions)
{
	static const Expected list[] = {
		{"net_h1", "w1*i1 + w2*i2 + b1", FORMULA_RIGHT, 0, "gives 0.3775"},
		{"net_h1", " b1+i2*w2+(i1*w1) ", FORMULA_RIGHT, 0, NULL},
		{"net_h1", "0.15*0.05 + 0.2*0.1 + 0.35", FORMULA_IN_NUMBERS, 0, "0.3775"},
		{"net_h1", "w1*0.05 + 0.20*i2 + b1*1", FORMULA_IN_NUMBERS, 0, NULL},
		{"net_h1", "w1*i1 + w2*i2", FORMULA_WRONG, 0, "0.0275"},
		{"net_h1", "w1*i1 + w3*i2 + b1", FORMULA_WRONG, 0, "0.3825"},
		// Right by chance: 0.35 + 0.05*0.55.
		{"net_h1", "b1 + i1*w8", FORMULA_COINCIDES, 0, "right number here"},
		{"net_h1", "0.35 + 0.05*0.55", FORMULA_COINCIDES, 0, "0.55 is none"},
		{"net_h1", "0.35 + 0.0275", FORMULA_COINCIDES, 0, "0.0275 is none"},
		{"net_h1", "0.3775", FORMULA_ALONE, 0, "not a formula"},
		{"net_h1", "net_h1", FORMULA_CIRCULAR, 1, "is what is asked for"},
		{"net_h1", "0 + log(out_h1/(1 - out_h1))", FORMULA_CIRCULAR, 9, "rests on"},
		{"out_h1", "1/(1 + exp(-net_h1))", FORMULA_RIGHT, 0, NULL},
		{"out_h1", "1/(1 + e^-net_h1)", FORMULA_RIGHT, 0, NULL},
		{"out_h1", "1/(1 + e^-0.3775)", FORMULA_IN_NUMBERS, 0, NULL},
		{"out_h1", "1/(1 + e^-0.38)", FORMULA_IN_NUMBERS, 0, "too few digits"},
		{"out_h1", "1/(1 + exp(net_h1))", FORMULA_WRONG, 0, NULL},
		{"out_h1", "sigmoid(w1*i1 + w2*i2 + b1)", FORMULA_RIGHT, 0, NULL},
		{"E", "((t1 - out_o1)^2 + (t2 - out_o2)^2)/2", FORMULA_RIGHT, 0, NULL},
		{"E", "½", FORMULA_UNREADABLE, 1, "not understood"},
		{"E", "0.5*(t1 - out_o1)² + 0.5·(out_o2 − t2)²", FORMULA_RIGHT, 0, NULL},
		{"dE/dnet_o1", "(out_o1 - t1)*out_o1*(1 - out_o1)", FORMULA_RIGHT, 0, NULL},
		{"dE/dnet_o1", "(t1 - out_o1)*out_o1*(1 - out_o1)", FORMULA_WRONG, 0, NULL},
		{"dE/dnet_o1", "0.7414*0.1868", FORMULA_IN_NUMBERS, 0, NULL},
		{"dE/dnet_o1", "(0.7514-0.01)*0.7514*(1-0.7514)", FORMULA_IN_NUMBERS, 0, NULL},
		{"dE/dnet_o1", "(0.7514-0.01)*0.7514*0.2486", FORMULA_COINCIDES, 0, "0.2486"},
		{"dE/dnet_o1", "dE/dout_o1*dout_o1/dnet_o1", FORMULA_RIGHT, 0, NULL},
		{"dE/dnet_o1", "∂E/∂out_o1·∂out_o1/∂net_o1", FORMULA_RIGHT, 0, NULL},
		{"dE/dw5", "dE/dnet_o1*out_h1", FORMULA_RIGHT, 0, NULL},
		{"dE/dw5", "∂E/∂wₒ", FORMULA_UNREADABLE, 1, NULL},
		{"dE/dw5", "dE / dnet_o1 * out_h1", FORMULA_RIGHT, 0, NULL},
		{"dE/dw5", "0.1385*0.5933", FORMULA_IN_NUMBERS, 0, NULL},
		{"dE/dw5", "0.1385*out_h2", FORMULA_WRONG, 0, NULL},
		{"dE/dw5", "dE/dnet_o1*w5", FORMULA_WRONG, 0, NULL},
		{"dE/dw5", "(w5 - w5+)/0.5", FORMULA_CIRCULAR, 7, "rests on"},
		{"dE/dw1", "(0.0554 - 0.01905)*0.2413*0.05", FORMULA_IN_NUMBERS, 0, NULL},
		{"dE/dw1", "(0.0554 + (-0.01905))*out_h1*(1 - out_h1)*i1", FORMULA_IN_NUMBERS, 0, NULL},
		{"dE/dw1", "dE/dw2*i1/i2", FORMULA_RIGHT, 0, NULL},
		{"dE/dout_h1", "dE/dnet_o1*w5 + dE/dnet_o2*w7", FORMULA_RIGHT, 0, NULL},
		{"dE/dout_h1", "dE/dnet_o1*w5+dE/dnet_o2*w7", FORMULA_RIGHT, 0, NULL},
		{"w5+", "w5 - update.rate*dE/dw5", FORMULA_RIGHT, 0, NULL},
		{"w5+", "w₅ − η·∂E/∂w₅", FORMULA_RIGHT, 0, NULL},
		{"w5+", "0.4 - 0.5*0.08217", FORMULA_IN_NUMBERS, 0, NULL},
		{"w5+", "0.4 - 0.5*w7*0.08217", FORMULA_WRONG, 0, NULL},
		{"w5+", "w5+ 0.5", FORMULA_WRONG, 0, "0.9"},
		{"w5+", "w5+", FORMULA_CIRCULAR, 1, NULL},
	};
	CHECK(mazur, list);
}
END_TEST

START_TEST(what_is_no_formula_is_told)
{
	static const Expected list[] = {
		{"net_h1", "", FORMULA_UNREADABLE, 1, "expected a number, a name or '(', found the end"},
		{"net_h1", "w1*i1 +", FORMULA_UNREADABLE, 8, "the end of the line"},
		{"net_h1", "w1*(i1 + w2", FORMULA_UNREADABLE, 4, "not closed"},
		{"net_h1", "2w1", FORMULA_UNREADABLE, 2, "found 'w1'"},
		{"net_h1", "w1 i1", FORMULA_UNREADABLE, 4, "found 'i1'"},
		{"net_h1", "w1*i11", FORMULA_UNREADABLE, 4, "did you mean 'i1'"},
		{"net_h1", "w1*foo(3)", FORMULA_UNREADABLE, 4, "'foo' is no function"},
		{"net_h1", "grad(E, w1)", FORMULA_UNREADABLE, 1, "'grad' is no function"},
		{"net_h1", "sigmoid", FORMULA_UNREADABLE, 1, "unknown name"},
		{"net_h1", "w1 = 3", FORMULA_UNREADABLE, 4, "expected"},
		{"net_h1", "1\nuse \"/etc/passwd\"", FORMULA_UNREADABLE, 2, NULL},
		{"net_h1", "1 # no", FORMULA_UNREADABLE, 3, "not understood"},
		{"net_h1", "3)", FORMULA_UNREADABLE, 2, "found ')'"},
		{"net_h1", "sum(i=1..1000000000, i)", FORMULA_UNREADABLE, 5, "limit"},
		{"net_h1", "sum(i=1..9000, 0.15*0.05 + 0.2*0.1 + 0.35)", FORMULA_WRONG, 0, NULL},
		{"net_h1", "1/0", FORMULA_WRONG, 0, "inf"},
		{"net_h1", "1e999*2", FORMULA_UNREADABLE, 1, NULL},
	};
	CHECK(mazur, list);
}
END_TEST

START_TEST(families_and_examples_are_named)
{
	static const Expected list[] = {
		{"h[1]@2", "tanh(w[1,1]*x[1]@2 + w[1,2]*x[2]@2)", FORMULA_RIGHT, 0, NULL},
		{"h[1]@2", "tanh(sum(i=1..2, w[1,i]*x[i]@2))", FORMULA_RIGHT, 0, NULL},
		{"h[1]@2", "tanh(sum(i=1..2, w[2,i]*x[i]@2))", FORMULA_WRONG, 0, NULL},
		{"h[1]@2", "tanh(0.1*0.3 + 0.2*(-1))", FORMULA_IN_NUMBERS, 0, NULL},
		{"h[1]@2", "tanh(sum(i=1..2, w[1,i]*x[i]))", FORMULA_UNREADABLE, 1, "example"},
		{"h[1]@1", "tanh(0.1 + 0.2*2)", FORMULA_IN_NUMBERS, 0, NULL},
		{"h[1]@1", "tanh(w[1,1] + w[1,2]*x[2]@1)", FORMULA_COINCIDES, 0, NULL},
		{"h[1]@2", "tanh(w[1, 1]*x[1]@2 + w[1,3]*x[2]@2)", FORMULA_UNREADABLE, 23, NULL},
		{"L", "(L@1 + L@2)/2", FORMULA_RIGHT, 0, NULL},
		{"L", "(L@1 + L@2)/batch_size", FORMULA_RIGHT, 0, NULL},
		{"dL/dw[1,2]", "dL/dh[1]@1*(1 - h[1]@1^2)*x[2]@1 + dL/dh[1]@2*(1 - h[1]@2^2)*x[2]@2",
	     FORMULA_RIGHT, 0, NULL},
		{"w[1,2]+", "w[1,2] - 0.1*dL/dw[1,2]", FORMULA_IN_NUMBERS, 0, NULL},
	};
	CHECK(batch, list);
	static const Expected logits[] = {
		{"dL/dz[2]", "p[2] - y[2]", FORMULA_RIGHT, 0, NULL},
		{"dL/dz[2]", "0.2424 - 0", FORMULA_IN_NUMBERS, 0, NULL},
		{"L", "-ln(p[1])", FORMULA_RIGHT, 0, NULL},
		{"dL/dz[2]", "p[2]*(1 - p[2])", FORMULA_WRONG, 0, NULL},
		{"p[1]", "e[1]/(e[1] + e[2] + e[3])", FORMULA_RIGHT, 0, NULL},
		{"p[1]", "exp(z[1])/sum(k=1..3, exp(z[k]))", FORMULA_RIGHT, 0, NULL},
		{"p[1]", "e^z[1]/(e^z[1] + e^z[2] + e^z[3])", FORMULA_RIGHT, 0, NULL},
	};
	CHECK(softmax, logits);
}
END_TEST

// Whoever works on with a wrong number of their own is judged by it.
START_TEST(own_numbers_are_put_in)
{
	Bench b;
	JudgedFormula judged;
	bench_start(&b, mazur);
	uint32_t asked = lines_find(&b.d.lines, "dE/dw5");
	b.own[lines_find(&b.d.lines, "out_h1") - 1] = 0.4067;
	formula_judge(&judged, &b.judge, asked, "dE/dnet_o1*out_h1", b.own, 4);
	ck_assert_int_eq(judged.verdict, FORMULA_RIGHT);
	ck_assert_double_eq_tol(judged.value, judged.expected, 1e-15);
	formula_judge(&judged, &b.judge, asked, "0.1385*0.4100", b.own, 4);
	ck_assert_int_eq(judged.verdict, FORMULA_WRONG);
	b.own[lines_find(&b.d.lines, "dE/dnet_o1") - 1] = 0.1385;
	formula_judge(&judged, &b.judge, asked, "0.1385*0.4067", b.own, 4);
	ck_assert_int_eq(judged.verdict, FORMULA_IN_NUMBERS);
	formula_judge(&judged, &b.judge, asked, "0.14*0.4067", b.own, 4);
	ck_assert(judged.verdict == FORMULA_IN_NUMBERS && judged.few_digits);
	bench_end(&b);
}
END_TEST

// The formula that a line is printed with is right for it, whatever the model.
START_TEST(printed_formulas_are_right)
{
	static const char *const models[] = {mazur, batch, softmax};
	for (size_t k = 0; k < sizeof models / sizeof *models; k++) {
		Bench b;
		bench_start(&b, models[k]);
		for (uint32_t id = 1; id <= b.d.lines.count; id++)
			for (int unicode = 0; unicode < 2; unicode++) {
				const Line *line = lines_at(&b.d.lines, id);
				Output text = {0};
				JudgedFormula judged;
				if (!line->formula || formula_is_leaf(line->formula))
					continue;
				notation_formula(&text, line->formula, &(Notation){.unicode = unicode, .digits = 9});
				formula_judge(&judged, &b.judge, id, output_memory(&text), NULL, 4);
				ck_assert_msg(judged.verdict == FORMULA_RIGHT, "%u: %s: %d %s", (unsigned)id,
				              output_memory(&text), (int)judged.verdict, judged.problem);
				output_abandon(&text);
			}
		bench_end(&b);
	}
}
END_TEST

SUITE(formulas_are_judged_as_functions, what_is_no_formula_is_told, families_and_examples_are_named,
      own_numbers_are_put_in, printed_formulas_are_right)
