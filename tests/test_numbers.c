// An expression means the same where its value must be known while recording (a const, a size, a param's start, an
// argument of a draw) as in a step.
#include "tests/test_model.h"

static const char *const expression[] = {
	"1 + 2*3 - 4/8", "2^3^2", "2^-1", "2^0.5", "k^70", "-2^2", "-(k - 5)", "k*k/n*2", "n/2 - k", "(1 - k)/(1 + k)",
	"exp(k)", "log(n)", "sqrt(2/n)", "abs(-k)", "sin(k)", "cos(k)", "tanh(k)", "sigmoid(-k)", "relu(-k)", "step(k)",
	"leaky_relu(-k, 0.1)", "elu(-k)", "softplus(k)", "gelu(k)", "eq(n, 3)", "eq(n, k)", "detach(k)",
	"max(k, n, 1)", "min(k, n, 1)", "max(k)", "sum(i=1..n, i*v[i])", "prod(i=1..n, i + k)", "max(i=1..n, i*(4 - i))",
	"min(i=1..n, j=i..n, v[i] - v[j])", "sum(i=2..1, i)", "prod(i=2..1, i)", "sum(i=1..1, k)", "v[n - 1]", "v[i0]",
	"f(k)", "f(f(k)) + g(k, n)", "sum(i=1..2, f(i))", "1/(n - n)", "-1/(n - n)", "1e3*k",
};

static const char before[] = "size n = 3\nconst k = 1.5, i0 = 2, v[i=1..n] = i^2 - k\ndef f(a) = a*a + 1\n"
							 "def g(a, b) = f(a) - b\n";

START_TEST(numbers_and_steps_agree)
{
	for (size_t i = 0; i < sizeof expression / sizeof *expression; i++) {
		const char *e = expression[i];
		char text[1000];
		Run run;
		snprintf(text, sizeof text, "%sconst c = %s\nparam w = %s, u ~ uniform(%s, %s)\ny = %s\nz = c\n", before, e, e, e,
		         e, e);
		run_start(&run, text);
		double y = value_of(&run, "y");
		ck_assert_msg(is_close(value_of(&run, "z"), y, 1e-15), "%s: %.17g, as a step %.17g", e, value_of(&run, "z"), y);
		ck_assert_msg(is_close(value_of(&run, "w"), y, 1e-15), "%s as a param", e);
		ck_assert_msg(!isfinite(y) || is_close(value_of(&run, "u"), y, 1e-15), "%s as a bound", e);
		run_end(&run);
	}
}
END_TEST

START_TEST(what_is_no_number_yet_is_told)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{"param w = 1\nconst c = w\ny = c\n", "w"},
		{"y = 1\nconst c = y + 1\nz = c\n", "y"},
		{"input x = 1\nsize n = x\ny = n\n", "x"},
		{"param w = 1\ny = w\nconst c = grad(y, w)\nz = c\n", "known before recording"},
		{"const k = 1, c = batch_mean(k)\ny = c\n", "known before recording"},
		{"const c = max(i=2..1, i)\ny = c\n", "empty range"},
		{"const c = -q\ny = c\n", "q"},
		{"const c = 2^q\ny = c\n", "q"},
		{"const c = q^2\ny = c\n", "q"},
		{"const c = exp(q)\ny = c\n", "q"},
		{"const c = sum(i=1..2, q)\ny = c\n", "q"},
		{"const c = sum(i=1..q, i)\ny = c\n", "q"},
		{"const c = 2*q\ny = c\n", "q"},
		{"const c = 2 - q\ny = c\n", "q"},
		{"def f(a) = a + q\nconst c = f(1)\ny = c\n", "q"},
		{"def f(a) = a + 1\nconst c = f(q)\ny = c\n", "q"},
		{"const v[1..2] = 1\nconst c = v[3]\ny = c\n", "v"},
		{"const v[1..2] = 1\nconst c = v[q]\ny = c\n", "q"},
		{"size n = 1/2\ny = n\n", "whole number"},
		{"size n = 2^40\ny = n\n", "whole number"},
		{"y[i=1..1/2] = i\n", "whole"},
		{"y[1/0] = 1\n", "limit of an index"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		Error error = {0};
		Model model;
		bool read = model_read(&model, "m", rows[i].text, strlen(rows[i].text), &(ModelOptions){.seed = 1}, &error);
		ck_assert_msg(!read, "%s", rows[i].text);
		ck_assert_msg(error.line > 0 && strstr(error.message, rows[i].message), "%s%s", rows[i].text, error.message);
	}
}
END_TEST

SUITE(numbers_and_steps_agree, what_is_no_number_yet_is_told)
