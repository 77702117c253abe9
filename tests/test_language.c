// What the statements and expressions of the model language mean, by the values and names that they record.
#include "tests/test_model.h"

// A text, and one named value that it must have.
typedef struct Meaning {
	const char *text, *name;
	double value;
} Meaning;

static const Meaning meaning[] = {
	// Numbers and operators
	{"y = 12\n", "y", 12}, {"y = 1.5\n", "y", 1.5}, {"y = .5\n", "y", .5}, {"y = 1e-3\n", "y", 1e-3},
	{"y = 2.5E+2\n", "y", 250}, {"y = 2*3 + 4*5\n", "y", 26}, {"y = 10 - 3 - 2\n", "y", 5},
	{"y = 2 - 3 + 4\n", "y", 3}, {"y = 16/4/2\n", "y", 2}, {"y = 16/4*2\n", "y", 8}, {"y = 2*6/4\n", "y", 3},
	{"y = 2^3^2\n", "y", 512}, {"y = -2^2\n", "y", -4}, {"y = (-2)^2\n", "y", 4}, {"y = 2^-1\n", "y", .5},
	{"y = 2*-3\n", "y", -6}, {"y = --3\n", "y", 3}, {"y = 2^-2^0\n", "y", .5}, {"y = 2^.5\n", "y", 1.4142135623730951},
	{"y = 1/2\n", "y", .5}, {"y=1+2#c\n", "y", 3}, {"y = ((((7))))\n", "y", 7},

	// Functions
	{"y = exp(1)\n", "y", 2.718281828459045}, {"y = log(2)\n", "y", 0.6931471805599453}, {"y = sqrt(2)\n", "y", 1.4142135623730951},
	{"y = abs(-3)\n", "y", 3}, {"y = sin(1)\n", "y", 0.8414709848078965}, {"y = cos(1)\n", "y", 0.5403023058681398},
	{"y = tanh(1)\n", "y", 0.7615941559557649}, {"y = sigmoid(1)\n", "y", 0.7310585786300049},
	{"y = relu(-1)\n", "y", 0}, {"y = leaky_relu(-2, 0.1)\n", "y", -0.2}, {"y = elu(-1)\n", "y", -0.6321205588285577},
	{"y = softplus(1000)\n", "y", 1000}, {"y = gelu(1)\n", "y", 0.8413447460685429}, {"y = step(0)\n", "y", 0},
	{"y = max(1, 3, 2)\n", "y", 3}, {"y = min(4, 3, 5)\n", "y", 3}, {"y = max(-1)\n", "y", -1},
	{"y = eq(2, 2) + eq(1, 2)\n", "y", 1}, {"y = detach(3)\n", "y", 3}, {"y = batch_mean(3)\n", "y", 3},
	{"y = sum(i=1..4, i)\n", "y", 10}, {"y = prod(i=1..4, i)\n", "y", 24}, {"y = sum(i=1..0, i)\n", "y", 0},
	{"y = prod(i=1..0, i)\n", "y", 1}, {"y = sum(i=1..2, j=1..i, 10*i + j)\n", "y", 11 + 21 + 22},
	{"y = max(i=1..3, i*(4 - i))\n", "y", 4}, {"y = min(i=1..3, j=2..3, i - j)\n", "y", -2},
	{"y = sum(i=3..3, i)\n", "y", 3},

	// Sizes, consts, indices
	{"size n = 3, m = 2*n\ny = m/4\n", "y", 1.5}, {"size n[0..2] = [4, 5, 6]\ny = sum(i=1..n[1], n[i - i])\n", "y", 20},
	{"const a = 2, b = a^2\ny = b + a\n", "y", 6}, {"size n = 3\nx[i=1..n] = i/n\ny = x[2]\n", "y", 2. / 3},
	{"const k[1..2] = [2, 1]\nx[1] = 10\nx[2] = 20\ny = x[k[1]] - x[k[2]]\n", "y", 10},
	{"x[i=1..3] = i\ny = x[2*2-1]\n", "y", 3}, {"x[i=1..2, j=i..2] = 10*i + j\ny = x[2,2]\n", "y", 22},
	{"x[i=-1..1] = i^2\ny = x[-1] + x[0] + x[1]\n", "y", 2},
	{"size T = 2\nfor t = 1..T\n  a[t] = t\n  b[t] = a[t] + 1\nend\ny = b[2]\n", "y", 3},
	{"for i = 1..2\nfor j = 1..2\na[i,j] = i*j\nend\nend\ny = a[2,2]\n", "y", 4},
	{"for i = 2..1\na[i] = i\nend\ny = 1\n", "y", 1},

	// Leaves
	{"param I[i=1..2, j=1..2] = eq(i,j)\ny = I[1,1] + 10*I[1,2] + 100*I[2,2]\n", "y", 101},
	{"param w[1..2,1..3] = [[.1,.2,.3],[.4,.5,.6]]\ny = w[2,1]\n", "y", .4},
	{"input x[1..2] = [\n1, # one\n2]\ny = x[1] + x[2]\n", "y", 3}, {"input x = 4\ntarget t = 2\ny = x*t\n", "y", 8},
	{"param w[1..3] = 2\ny = sum(i=1..3, w[i])\n", "y", 6}, {"param w[1] = 2, w[2] = 3\ny = w[1]*w[2]\n", "y", 6},
	{"for l = 1..2\nparam w[l] = l\nend\ny = w[1] + w[2]\n", "y", 3},
	{"param w ~ uniform(3, 3)\ny = w\n", "y", 3}, {"param w ~ normal(3, 0)\ny = w\n", "y", 3},

	// Names
	{"state[0] = 5\ny = state[0]\n", "y", 5}, {"size = 3\ny = size\n", "y", 3}, {"end = 3\ny = end + 1\n", "y", 4},
	{"update[t=1..2] = t\ny = update[2]\n", "y", 2}, {"examples = 2\ny = examples\n", "y", 2},
	{"use = 2\nfor[1] = 3\ny = use*for[1]\n", "y", 6}, {"t = 7\ny = t\n", "y", 7}, {"y = batch_size\n", "y", 1},
	{"e = 1\nE = 2\ny = e + E\n", "y", 3}, {"a = 1\nb = sum(a=2..2, a)\ny = a + b\n", "y", 3},
	{"h[1] = 3\ny = sum(h=1..1, h[h]*h)\n", "y", 3}, {"phi = 2\ny = phi\n", "y", 2}, {"def sign(x) = 3\ny = sign(-1)\n", "y", 3},
	{"y = sign(-2) + argmax(1, 5, 2)\n", "y", 1},
	{"w2_a[ 1 , 2 ] = 3\ny = w2_a[1,2]\n", "w2_a[1,2]", 3}, {"h[\n1,\n2\n] = 3\ny = h[1,2]\n", "y", 3},
	{"y = (1 +\n  2 +\n\n  3)\n", "y", 6}, {"y = 1\r\nz = 2\r\n", "z", 2}, {"\xEF\xBB\xBFy = 3", "y", 3},

	// Functions of one's own
	{"def f(a, b) = a - 2*b\ny = f(7, 2)\n", "y", 3}, {"def f(a) = a^2\ndef g(a) = f(a) + f(2*a)\ny = g(3)\n", "y", 45},
	{"def f() = 3\ny = f()\n", "y", 3}, {"x[i=1..3] = i^2\ndef f(k) = x[k]\ny = sum(i=1..3, f(i))\n", "y", 14},
	{"def f(a) = sum(i=1..2, a*i)\ny = f(f(1))\n", "y", 9}, {"size n = 2\ndef f(k) = k*n\nparam w[1..f(2)] = 1\ny = w[4]\n", "y", 1},

	// States
	{"state s = 3\ny = s\ns+ = 2*s\n", "s+", 6}, {"state s[1..2] = [1, 2]\ny = s[1]\ns[i=1..2]+ = s[i] + i\n", "s[2]+", 4},
	{"state s = 3\ny = s+ 1\n", "y", 4},

	// Derivatives
	{"input x = 3\ny = x^2\nz = grad(y, x)\n", "z", 6}, {"param w = 3\ny = w^3\nz = grad(grad(y, w), w)\n", "z", 18},
	{"param a = 2, b = 3\ny = a*b\nz = grad(grad(y, a), b) + 1\n", "z", 2}, {"param a = 2\nb = 3*a\ny = b^2\nz = grad(y, b)\n", "z", 12},
	{"param a = 2, b = 1\ny = a^2\nz = grad(y, b)\n", "z", 0}, {"param a = 2\ny = a*detach(a)\nz = grad(y, a)\n", "z", 2},
	{"param a = 2\nb[i=1..2] = a^i\nz = grad(b[2], a)\n", "z", 4},

	// Kinks
	{"param a = 0\ny = relu(a)\nz = grad(y, a)\n", "z", 0}, {"param a = 0\ny = abs(a)\nz = grad(y, a)\n", "z", 0},
	{"param a = 0\ny = leaky_relu(a, 0.1)\nz = grad(y, a)\n", "z", 0.1}, {"param a = 0\ny = elu(a)\nz = grad(y, a)\n", "z", 1},
	{"param a = 1\ny = step(a)\nz = grad(y, a)\n", "z", 0}, {"param a = 1, b = 1\ny = max(a, b)\nz = grad(y, a) - 10*grad(y, b)\n", "z", 1},
	{"param a = 1, b = 1\ny = min(a, b)\nz = grad(y, b)\n", "z", 0}, {"param a = -1\ny = a^2\nz = grad(y, a)\n", "z", -2},
};

START_TEST(every_row_has_its_value)
{
	for (size_t i = 0; i < sizeof meaning / sizeof *meaning; i++) {
		Run run;
		run_start(&run, meaning[i].text);
		double value = value_of(&run, meaning[i].name);
		ck_assert_msg(is_close(value, meaning[i].value, 1e-14), "%s is %.17g, not %.17g in:\n%s", meaning[i].name,
		              value, meaning[i].value, meaning[i].text);
		run_end(&run);
	}
}
END_TEST

// ---- How it is recorded

static const struct {
	const char *text;
	Op op;
	uint32_t count;    // of arguments of y
} shape[] = {
	{"param a = 1\ny = a + a + a\n", OP_SUM, 3}, {"param a = 1\ny = a + (a + a)\n", OP_SUM, 2},
	{"param a = 1\ny = a - a + a\n", OP_SUM, 2}, {"param a = 1\ny = a + a - a\n", OP_SUB, 2},
	{"param a = 1\ny = a*a*a*a\n", OP_PROD, 4}, {"param a = 1\ny = a*a/a\n", OP_DIV, 2},
	{"param a = 1\ny = a/a*a\n", OP_PROD, 2}, {"param a = 1\ny = sum(i=1..5, a)\n", OP_SUM, 5},
	{"param a = 1\ny = sum(i=1..1, a)\n", OP_COPY, 1}, {"param a = 1\ny = max(i=1..3, a)\n", OP_MAX, 3},
	{"param a = 1\ny = a\n", OP_COPY, 1}, {"y = 2\n", OP_COPY, 1}, {"param a = 1\ny = a^2\n", OP_INTPOWER, 2},
	{"param a = 1\ny = 2^a\n", OP_POWER, 2}, {"param a = 1\ny = -a\n", OP_NEG, 1}, {"param a = 1\ny = a*1\n", OP_PROD, 2},
	{"param a = 1\ny = a + -2\n", OP_SUM, 2}, {"param a = 1\ny = eq(a, a)\n", OP_EQ, 2},
};

START_TEST(formulas_are_recorded_as_written)
{
	for (size_t i = 0; i < sizeof shape / sizeof *shape; i++) {
		Run run;
		uint32_t lane, count;
		run_start(&run, shape[i].text);
		Node y = find_name(&run, "y", &lane);
		tape_arguments(&run.model.tape, y, &count);
		ck_assert_msg(tape_op(&run.model.tape, y) == shape[i].op && count == shape[i].count, "%s: %s of %u", shape[i].text,
		              op_info[tape_op(&run.model.tape, y)].text, count);
		run_end(&run);
	}
}
END_TEST

// ---- Long and deep texts

static char *repeat(const char *before, const char *part, size_t times, const char *after)
{
	size_t length = strlen(part);
	char *text = malloc(strlen(before) + times * length + strlen(after) + 1), *at = stpcpy(text, before);
	for (size_t i = 0; i < times; i++)
		at = stpcpy(at, part);
	stpcpy(at, after);
	return text;
}

START_TEST(a_line_of_a_megabyte_works)
{
	static const char *const parts[] = {" + w", " - w", "*w", " + w*w - w/2"};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		char *text = repeat("param w = 1\ny = w", parts[i], 1024 * 1024 / strlen(parts[i]), "\nminimize y\n");
		Model model;
		must_read(&model, text, &(ModelOptions){.seed = 1, .no_gradient = true});
		model_free(&model);
		free(text);
	}
}
END_TEST

START_TEST(what_is_nested_too_deep_names_the_limit)
{
	static const struct {
		const char *before, *part, *after;
	} deep[] = {{"y = ", "(", "1\n"}, {"y = ", "-", "1\n"}, {"y = ", "2^", "1\n"}, {"y = ", "exp(", "1\n"},
	            {"param w = ", "[", "1\ny = 1\n"}, {"", "for i = 1..2\n", "y = 1\n"}, {"y = ", "x[", "1\n"}};
	for (size_t i = 0; i < sizeof deep / sizeof *deep; i++) {
		char *text = repeat(deep[i].before, deep[i].part, 100 * 1000, deep[i].after);
		Error error = {0};
		Model model;
		ck_assert(!model_read(&model, "m", text, strlen(text), &(ModelOptions){.seed = 1}, &error));
		ck_assert_msg(strstr(error.message, "limit of 1000 levels") != NULL, "%s", error.message);
		free(text);
	}
	char *open = repeat("y = ", "(", 900, "1"), *text = repeat(open, ")", 900, "\n");
	Run run;
	run_start(&run, text);
	ck_value(&run, "y", 1);
	run_end(&run);
	free(open);
	free(text);
}
END_TEST

// f1 calls f0 twice, f2 calls f1 twice, …: the work is bounded, and the message says by what.
START_TEST(functions_that_double_meet_the_limit)
{
	char text[4000], *at = text;
	at += sprintf(at, "def f0(x) = x + x\n");
	for (int i = 1; i < 60; i++)
		at += sprintf(at, "def f%d(x) = f%d(x) + f%d(x)\n", i, i - 1, i - 1);
	sprintf(at, "param w = 1\ny = f59(w)\n");
	Error error = {0};
	Model model;
	ck_assert(!model_read(&model, "m", text, strlen(text), &(ModelOptions){.seed = 1, .node_limit = 100000}, &error));
	ck_assert_msg(strstr(error.message, "limit of 100000") != NULL, "%s", error.message);
}
END_TEST

SUITE(every_row_has_its_value, formulas_are_recorded_as_written, a_line_of_a_megabyte_works,
      what_is_nested_too_deep_names_the_limit, functions_that_double_meet_the_limit)
