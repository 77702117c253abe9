#include "core/arena.h"
#include "tests/suite.h"
#include "tutor/course/gradcheck.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static Model read_text(const char *text)
{
	Model model;
	Error error = {0};
	ModelOptions options = {.seed = 1};
	ck_assert_msg(model_read(&model, "test", text, strlen(text), &options, &error), "%s: %s", text,
	              error.message);
	return model;
}

START_TEST(params_get_their_verdict)
{
	static const struct {
		const char *text;
		GradcheckVerdict verdict;
	} rows[] = {
		{"param w = 0.5\nE = w^2\nminimize E\n", GRADCHECK_GOOD},
		{"param w = 0\nE = w^2\nminimize E\n", GRADCHECK_GOOD},
		{"param w = 3, v = 1\nE = exp(w)*v + 0*w\nminimize E\n", GRADCHECK_GOOD},
		{"param w = 1e6\nE = (w - 3)^2\nminimize E\n", GRADCHECK_GOOD},
		{"param w = 1e-7\nE = sqrt(w)\nminimize E\n", GRADCHECK_GOOD},
		{"param w = -20\nE = sigmoid(w) + 0.5\nminimize E\n", GRADCHECK_GOOD},
		// On a kink, and ever nearer to one.
		{"param w = 0\nE = relu(w)\nminimize E\n", GRADCHECK_KINK},
		{"param w = 0\nE = abs(w)\nminimize E\n", GRADCHECK_KINK},
		{"param w = 1, v = 1\nE = max(w, v)\nminimize E\n", GRADCHECK_KINK},
		{"param w = 0\nE = step(w) + w\nminimize E\n", GRADCHECK_KINK},
		{"param w = 0.01\nE = relu(w) + w^2\nminimize E\n", GRADCHECK_GOOD},
		{"param w = 1e-5\nE = relu(w) + w^2\nminimize E\n", GRADCHECK_GOOD},
		{"param w = 1e-5\nE = step(w)*sin(w) + abs(w)\nminimize E\n", GRADCHECK_GOOD},
		{"param w = 1e-4\nE = leaky_relu(w, 0.1)\nminimize E\n", GRADCHECK_GOOD},
		{"param w = 1\nh = relu(1e-4 - w*1e-4)\nE = w\nminimize E\n", GRADCHECK_GOOD},
		// The recorded gradient is not to see through detach, and the differences do not.
		{"param w = 2\nd = detach(w^2)\nE = w*d\nminimize E\n", GRADCHECK_GOOD},
		{"param w = 2\nf = w^3\ng = grad(f, w)\nE = g^2\nminimize E\n", GRADCHECK_GOOD},
		{"param w = 0\nE = sqrt(w)\nminimize E\n", GRADCHECK_UNDEFINED},
		{"param w = -1\nE = log(w)\nminimize E\n", GRADCHECK_UNDEFINED},
		{"input x\ntarget y\nparam w = 0.3\nd = detach(w*x)\nE = relu(w*x - y)^2 + d*w\n"
	     "minimize E\nexamples\nx,y\n1,2\n-3,-0.5\n2,0.6\nend\n",
	     GRADCHECK_KINK},
		{"input x\ntarget y\nparam w = 0.3\nd = detach(w*x)\nE = relu(w*x - y)^2 + d*w\n"
	     "minimize E\nexamples\nx,y\n1,2\n-3,-0.5\n2,0.59\nend\n",
	     GRADCHECK_GOOD},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		Model model = read_text(rows[i].text);
		Gradcheck check;
		gradcheck_run(&check, &model, &(GradcheckOptions){.all = true});
		ck_assert_uint_eq(check.count, model.param_count);
		ck_assert_msg(check.worst == rows[i].verdict, "row %zu: %s: %s, %g and %g, error %g", i,
		              rows[i].text, gradcheck_text(check.worst), check.param[0].gradient,
		              check.param[0].numeric, check.param[0].error);
		gradcheck_free(&check);
		model_free(&model);
	}
}
END_TEST

// A partial that is a factor off, as a misremembered rule would be.
typedef struct Spoil {
	double factor;
} Spoil;

static Node spoil(void *context, Tape *tape, Node user, Node by, Node partial)
{
	(void)user, (void)by;
	const Spoil *rule = context;
	return tape_nary(tape, OP_PROD, (Node[]){tape_number(tape, rule->factor), partial}, 2);
}

START_TEST(a_spoilt_derivative_is_caught)
{
	static const struct {
		double factor;
		GradcheckVerdict verdict;
	} rows[] = {
		{1, GRADCHECK_GOOD},         {1 + 1e-6, GRADCHECK_FINE}, {1 + 1e-3, GRADCHECK_DOUBTFUL},
		{1 + 1e-1, GRADCHECK_WRONG}, {-1, GRADCHECK_WRONG},      {0.5, GRADCHECK_WRONG},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		Model model = read_text("param w = 0.4, v = -0.3\nconst x = 0.7\nE = v*tanh(w*x) + v^2\n"
		                        "minimize E\n");
		Spoil rule = {rows[i].factor};
		Gradcheck check;
		model.gradient = gradient_record_changed(&model.tape, model.mean, spoil, &rule);
		gradcheck_run(&check, &model, &(GradcheckOptions){.all = true});
		ck_assert_msg(check.worst == rows[i].verdict, "factor %g: %s", rows[i].factor,
		              gradcheck_text(check.worst));
		ck_assert_int_eq(gradcheck_failed(check.worst), rows[i].verdict >= GRADCHECK_WRONG);
		gradcheck_free(&check);
		model_free(&model);
	}
}
END_TEST

static void count_calls(void *context, size_t done, size_t total)
{
	size_t *calls = context;
	ck_assert(++*calls == done && done <= total);
}

START_TEST(large_models_are_sampled_family_by_family)
{
	Model model =
		read_text("size n = 100\nparam w[1..n, 1..n] ~ normal(0, 0.1)\nparam b[1..n] = 0.1\n"
	              "h[0, j=1..n] = 0.2\nfor l = 1..4\n"
	              "  h[l, j=1..n] = tanh(sum(i=1..n, w[j,i]*h[l-1,i]) + b[j])\nend\n"
	              "E = sum(j=1..n, h[4,j]^2)\nminimize E\n");
	Gradcheck check;
	size_t calls = 0;
	gradcheck_run(&check, &model, &(GradcheckOptions){.progress = count_calls, .context = &calls});
	ck_assert_uint_eq(calls, check.count);
	ck_assert(check.count >= 8 && check.count < model.param_count / 2);
	ck_assert_msg(check.worst == GRADCHECK_GOOD, "%s", gradcheck_text(check.worst));
	ck_assert(check.param[0].param == model.param[0]);
	ck_assert(check.param[check.count - 1].param == model.param[model.param_count - 1]);
	gradcheck_free(&check);
	model_free(&model);
}
END_TEST

SUITE(params_get_their_verdict, a_spoilt_derivative_is_caught,
      large_models_are_sampled_family_by_family)
