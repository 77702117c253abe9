// Lifted equals replay: 600 random models, of which 500 and more can be compared. Each is a chain of families, every one
// made from earlier ones by a layer drawn from a table: dense, elementwise, convolutions with and without borders,
// recurrences along the index, folds, batch means, sums that mix what varies and what does not. A model where a kink is
// nearer than 1e-2 at some example is left out: there the order of sums may decide.
#include "core/program_state.h"
#include "tests/test_lift.h"

enum { MODELS = 600, CHUNKS = 20, MOST_FAMILIES = 12 };

typedef struct Writer {
	char text[8192];
	size_t length;
	uint64_t random;
	int size[MOST_FAMILIES], families;
} Writer;

static int draw(Writer *w, int count)
{
	return (int)((next_random(&w->random) + 1) / 2 * count) % count;
}

__attribute__((format(printf, 2, 3))) static void put(Writer *w, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	w->length += (size_t)vsnprintf(w->text + w->length, sizeof w->text - w->length, format, arguments);
	va_end(arguments);
	ck_assert(w->length < sizeof w->text);
}

// Each row writes family `k` from the families `a` (of size n) and `b` (of the same size). A layer's new size is returned.
typedef int Layer(Writer *w, int k, int a, int b, int n);

static int dense(Writer *w, int k, int a, int b, int n)
{
	int m = 1 + draw(w, 6);
	(void)b;
	put(w, "param w%d[1..%d,1..%d] ~ normal(0, 0.5)\nparam b%d[1..%d] ~ normal(0, 0.3)\n", k, m, n, k, m);
	put(w, "v%d[j=1..%d] = sum(i=1..%d, w%d[j,i]*v%d[i]) + b%d[j]\n", k, m, n, k, a, k);
	return m;
}

static int dense_turned(Writer *w, int k, int a, int b, int n)
{
	int m = 1 + draw(w, 6);
	(void)b;
	put(w, "param w%d[1..%d,1..%d] ~ normal(0, 0.5)\n", k, n, m);
	put(w, "v%d[j=1..%d] = tanh(sum(i=1..%d, w%d[i,j]*v%d[i]))\n", k, m, n, k, a);
	return m;
}

static int unary(Writer *w, int k, int a, int b, int n)
{
	static const char *const function[] = {
		"tanh(%s)", "sigmoid(%s)", "sin(%s)", "cos(2*%s)", "relu(%s)", "leaky_relu(%s, 0.1)", "elu(%s)", "softplus(%s)",
		"gelu(%s)", "abs(%s)", "exp(-%s^2)", "sqrt(1 + %s^2)", "log(2 + sin(%s))", "1/(1.5 + cos(%s))", "step(%s)", "-%s",
		"max(%s, 0.3)", "min(%s, 0.2, -0.1)", "0.5*%s^3", "detach(%s)",
	};
	char argument[20];
	(void)b;
	snprintf(argument, sizeof argument, "v%d[j]", a);
	put(w, "v%d[j=1..%d] = ", k, n);
	put(w, function[draw(w, (int)(sizeof function / sizeof *function))], argument);
	put(w, "\n");
	return n;
}

static int binary(Writer *w, int k, int a, int b, int n)
{
	static const char *const function[] = {
		"v%d[j] + v%d[j]", "v%d[j] - v%d[j]", "v%d[j]*v%d[j]", "v%d[j]/(1 + v%d[j]^2)", "0.7*v%d[j] + 0.3*v%d[j] + 0.1",
		"max(v%d[j], v%d[j])", "2 - v%d[j]*tanh(v%d[j])",
	};
	put(w, "v%d[j=1..%d] = ", k, n);
	put(w, function[draw(w, (int)(sizeof function / sizeof *function))], a, b);
	put(w, "\n");
	return n;
}

static int diagonal(Writer *w, int k, int a, int b, int n)
{
	put(w, "param w%d[1..%d] ~ normal(0, 1)\nparam u%d[1..%d] ~ normal(0, 1)\n", k, n, k, n);
	put(w, "v%d[j=1..%d] = w%d[j]*v%d[j] + u%d[j]*v%d[j]\n", k, n, k, a, k, b);
	return n;
}

static int valid_convolution(Writer *w, int k, int a, int b, int n)
{
	int width = 1 + draw(w, n), filters = 1 + draw(w, 2), m = n - width + 1;
	(void)b;
	put(w, "param w%d[1..%d,1..%d] ~ normal(0, 0.5)\n", k, filters, width);
	put(w, "c%d[f=1..%d,j=1..%d] = sum(i=1..%d, w%d[f,i]*v%d[j+i-1])\n", k, filters, m, width, k, a);
	put(w, "v%d[j=1..%d] = sum(f=1..%d, c%d[f,j])\n", k, m, filters, k);
	return m;
}

static int bordered_convolution(Writer *w, int k, int a, int b, int n)
{
	(void)b;
	put(w, "param w%d[0..2] ~ normal(0, 0.5)\n", k);
	put(w, "z%d[0] = 0\nz%d[%d] = 0\nz%d[j=1..%d] = v%d[j]\n", k, k, n + 1, k, n, a);
	put(w, "v%d[j=1..%d] = sum(i=0..2, w%d[i]*z%d[j+i-1])\n", k, n, k, k);
	return n;
}

static int recurrence(Writer *w, int k, int a, int b, int n)
{
	(void)b;
	put(w, "param w%d = 0.6, u%d = -0.4\n", k, k);
	put(w, "v%d[0] = 0\nv%d[j=1..%d] = tanh(w%d*v%d[j-1] + u%d*v%d[j])\n", k, k, n, k, k, k, a);
	return n;
}

static int normalised(Writer *w, int k, int a, int b, int n)
{
	(void)b;
	put(w, "m%d = max(i=1..%d, v%d[i])\ns%d = sum(i=1..%d, exp(v%d[i] - m%d))\n", k, n, a, k, n, a, k);
	put(w, "v%d[j=1..%d] = exp(v%d[j] - m%d)/s%d\n", k, n, a, k, k);
	return n;
}

static int batch_centred(Writer *w, int k, int a, int b, int n)
{
	put(w, "v%d[j=1..%d] = v%d[j] - batch_mean(v%d[j]*v%d[j])\n", k, n, a, a, b);
	return n;
}

static int multiplied(Writer *w, int k, int a, int b, int n)
{
	(void)b;
	put(w, "p%d = prod(i=1..%d, 1 + 0.1*v%d[i])\nparam w%d[1..%d] ~ normal(0, 1)\n", k, n, a, k, n);
	put(w, "v%d[j=1..%d] = p%d*w%d[j] + w%d[%d]^2\n", k, n, k, k, k, n);
	return n;
}

static int bilinear(Writer *w, int k, int a, int b, int n)
{
	put(w, "param w%d[1..2,1..%d,1..%d] ~ normal(0, 0.5)\n", k, n, n);
	put(w, "v%d[j=1..2] = sum(i=1..%d, h=1..%d, w%d[j,i,h]*v%d[i]*v%d[h])\n", k, n, n, k, a, b);
	return 2;
}

static Layer *const layers[] = {
	dense, dense, dense_turned, unary, unary, unary, binary, binary, diagonal, valid_convolution, bordered_convolution,
	recurrence, normalised, batch_centred, multiplied, bilinear,
};

static const char *const rules[] = {
	"sgd(rate = 0.01)", "sgd(rate = 0.01/t, decay = 0.1)", "momentum(rate = 0.01)", "nesterov(rate = 0.01)",
	"adagrad(rate = 0.01, eps = 1)", "rmsprop(rate = 0.01, eps = 1)", "adam(rate = 0.01, eps = 1)",
};

static void write_model(Writer *w, uint64_t seed)
{
	*w = (Writer){.random = seed * 77777};
	next_random(&w->random);
	w->size[0] = 1 + draw(w, 6);
	put(w, "input v0[1..%d]\ntarget y\nparam a = 0.4\n", w->size[0]);
	w->families = 1;
	for (int left = 2 + draw(w, 7); left; left--) {
		int a = draw(w, 3) ? w->families - 1 : draw(w, w->families), b = a;
		for (int other = 0; other < w->families; other++)
			if (w->size[other] == w->size[a] && draw(w, 2))
				b = other;
		w->size[w->families] = layers[draw(w, (int)(sizeof layers / sizeof *layers))](w, w->families, a, b, w->size[a]);
		w->families++;
	}
	int last = w->families - 1, other = draw(w, w->families);
	put(w, "o = a*sum(j=1..%d, v%d[j]) + sum(j=1..%d, v%d[j])/%d\n", w->size[last], last, w->size[other], other, 2 + last);
	put(w, "E = (o - y)^2\nminimize E\nupdate %s\n", rules[draw(w, (int)(sizeof rules / sizeof *rules))]);
}

// ---- Kinks

// How near the node's arguments are to a kink in one lane: INFINITY for smooth operations and for exact equality of the
// same node.
static double margin(const Pair *pair, Node node, uint32_t lane)
{
	const Tape *tape = &pair->model.tape;
	uint32_t count;
	const Node *argument = tape_arguments(tape, node, &count);
	double a = count ? replay_value(&pair->replay, argument[0], lane) : 0, nearest = INFINITY;
	switch (tape_op(tape, node)) {
	case OP_ABS:
	case OP_SIGN:
	case OP_STEP:
	case OP_RELU:
	case OP_LEAKY_RELU:
	case OP_LEAKY_STEP:
	case OP_ELU:
		return fabs(a);
	case OP_MAX:
	case OP_MIN:
	case OP_ARGMAX:
	case OP_ARGMIN:
		for (uint32_t i = 0; i < count; i++)
			for (uint32_t j = 0; j < i; j++)
				nearest = fmin(nearest, fabs(replay_value(&pair->replay, argument[i], lane) -
				                             replay_value(&pair->replay, argument[j], lane)));
		return nearest;
	default:
		return INFINITY;
	}
}

static bool has_near_kink(const Pair *pair, uint32_t lane)
{
	for (Node node = 0; node < pair->model.tape.count; node++)
		if (!(margin(pair, node, lane) > 1e-2) || !(fabs(replay_value(&pair->replay, node, lane)) < 1e4))
			return true;
	return false;
}

// Draws the examples that are near a kink anew. Returns whether there was one.
static bool redraw(Pair *pair)
{
	bool any = false;
	for (uint32_t lane = 0; lane < pair->lanes; lane++)
		if (has_near_kink(pair, lane)) {
			pair_feed_lane(pair, lane);
			any = true;
		}
	return any;
}

static int threaded;   // programs that ran one example as threaded code

// One step on a batch with no kink near. Returns whether there was such a batch.
static bool compare_one(const char *text, Wanted wanted, Precision precision, uint32_t lanes)
{
	enum { ATTEMPTS = 40 };
	Pair pair;
	pair_start(&pair, text, wanted, precision, lanes);
	pair_feed(&pair);
	replay_all(&pair.replay);
	int attempt = 0;
	for (; attempt < ATTEMPTS && redraw(&pair); attempt++)
		replay_all(&pair.replay);
	if (attempt < ATTEMPTS)
		pair_check(&pair);
	threaded += lanes == 1 && pair.program->state->scalars > 0;
	pair_end(&pair);
	return attempt < ATTEMPTS;
}

// A model at one batch size after another: at one of them, or with LIFT_ALL in the environment (make check-lift) at all.
START_TEST(random_models)
{
	static const uint32_t sizes[] = {1, 2, 7, 32, 129};
	const int step = getenv("LIFT_ALL") ? 1 : 5;
	int compared = 0, all = 0;
	threaded = 0;
	for (int i = 0; i < MODELS / CHUNKS; i++) {
		Writer w;
		int number = _i * (MODELS / CHUNKS) + i;
		write_model(&w, (uint64_t)number + 1);
		for (int size = number % 5; size < 5 + number % 5; size += step)
			for (int wanted = WANT_LOSS; wanted <= WANT_ALL; wanted++)
				for (int precision = PROGRAM_SINGLE; precision <= PROGRAM_DOUBLE; precision++, all++)
					compared += compare_one(w.text, (Wanted)wanted, (Precision)precision, sizes[size % 5]);
	}
	if (getenv("LIFT_ALL"))
		printf("%d of %d were compared\n", compared, all);
	ck_assert_int_gt(threaded, 0);
	ck_assert_msg(4 * compared > 3 * all, "%d of %d were compared", compared, all);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create(__FILE__);
	TCase *tcase = tcase_create(__FILE__);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, random_models, 0, CHUNKS);
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
