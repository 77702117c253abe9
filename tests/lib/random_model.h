// Random models, written as text in the model language: the same text for the same number
// everywhere.
//
// A model is a body (layers one by one, layers in a `for` block, or a recurrence), a loss on the
// body's outputs, extras (weight decay, a gradient within the loss, detach, consts, states) and
// update rules.
#ifndef TESTS_RANDOM_MODEL_H
#define TESTS_RANDOM_MODEL_H

#include "tests/test_core_lib.h"

enum { MODEL_TEXT = 20000, MOST_LAYERS = 6, RULES = 8, RULE_CLIPPED = 7 };

typedef struct RandomModel {
	char text[MODEL_TEXT];
	size_t size;
	uint64_t random;
	int number;
	int inputs;     // of x
	int examples;   // rows of data; 0 where the values stand in the text
	int outputs;    // of the family that `out` names
	bool onehot;
	char out[40];
	char weight[80];     // the name of some param
	int rule, rule_on;   // for all params; for those of the family `on`, if any
	char on[10];
	bool shared, skip, loops, normalised, gradient_in_loss, state;   // what it has
} RandomModel;

static const char *const rule_text[RULES] = {
	"sgd(rate = 0.1, decay = 0.01)",     "momentum(rate = 0.1/(1 + 0.5*t))",
	"nesterov(rate = 0.05, mu = 0.8)",   "adagrad(rate = 0.1)",
	"rmsprop(rate = 0.01, decay = 0.9)", "adam(rate = 0.02)",
	"adamw(rate = 0.02, decay = 0.1)",   "clipped(rate = 0.1)",
};

// How a value becomes another; $ is the value.
static const char *const activation[] = {
	"sigmoid($)",
	"tanh($)",
	"relu($)",
	"leaky_relu($, 0.1)",
	"elu($)",
	"softplus($)",
	"gelu($)",
	"sin($)",
	"cos($)",
	"abs($)",
	"exp(tanh($))",
	"log(1.5 + ($)^2)",
	"sqrt(1 + ($)^2)",
	"$*step($)",
	"max(0.2*$, $)",
	"max(-1, min(1, $))",
	"tanh($)^3",
	"2/(1 + ($)^2)",
	"1.5^tanh($)",
	"$*sigmoid($)",
	"(1 + tanh($))^1.5",
	"max($, 0.3) - min($, -0.2, 0.1*$)",
	"prod(q=1..2, sigmoid($ + q))",
	"sum(q=1..3, sin(q*$)/q)",
	"max(q=1..3, q*$ - q/2)",
	"min(q=1..2, tanh($)/q)",
	"detach(tanh($))*$",
	"-$/(1 + abs($))",
	"$*batch_mean(cos($))",
	"$*eq(2, 2) + sigmoid($)^0",
	"c0*tanh($) + kk[2]",
	"sigmoid($)^-2/4",
	"$",
};
enum { ACTIVATIONS = sizeof activation / sizeof *activation };

static inline void say(RandomModel *m, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static inline void say(RandomModel *m, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	m->size += (size_t)vsnprintf(m->text + m->size, MODEL_TEXT - m->size, format, arguments);
	va_end(arguments);
	ck_assert_uint_lt(m->size, MODEL_TEXT);
}

static inline int from_to(RandomModel *m, int low, int high)
{
	return low + (int)random_below(&m->random, (uint32_t)(high - low + 1));
}

static inline bool one_in(RandomModel *m, int n)
{
	return from_to(m, 1, n) == 1;
}

static inline void say_number(RandomModel *m)
{
	double value = random_between(&m->random, 0.1, 1.2);
	say(m, "%.3g", one_in(m, 2) ? value : -value);
}

static inline void say_list(RandomModel *m, int count)
{
	for (int i = 0; i < count; i++) {
		say(m, i ? ", " : "[");
		say_number(m);
	}
	say(m, "]");
}

// A random activation of `argument`; as a function of one of the `def`s, one time in four.
static inline void say_activation(RandomModel *m, const char *argument)
{
	if (one_in(m, 4)) {
		say(m, "f%d(%s)", from_to(m, 1, 2), argument);
		return;
	}
	for (const char *at = activation[from_to(m, 0, ACTIVATIONS - 1)]; *at; at++)
		if (*at == '$')
			say(m, "%s", argument);
		else
			say(m, "%c", *at);
}

// ---- Bodies

static inline void say_weights(RandomModel *m, const char *family, int rows, int columns)
{
	static const char *const draw[] = {"~ normal(0, 0.7)", "~ uniform(-0.9, 0.9)",
	                                   "= 0.8*sin(3*i + 5*j)"};
	int how = from_to(m, 0, 2);
	say(m, how == 2 ? "param %s[i=1..%d, j=1..%d] %s\n" : "param %s[1..%d, 1..%d] %s\n", family,
	    rows, columns, draw[how]);
	snprintf(m->weight, sizeof m->weight, "%s[%d,%d]", family, from_to(m, 1, rows),
	         from_to(m, 1, columns));
}

// `to` is `from` less its mean over the batch, over its spread there.
static inline void say_normalised(RandomModel *m, const char *from, const char *to, int width)
{
	say(m, "mean_%s[j=1..%d] = batch_mean(%s[j])\n", to, width, from);
	say(m, "spread_%s[j=1..%d] = batch_mean((%s[j] - mean_%s[j])^2)\n", to, width, from, to);
	say(m, "%s[j=1..%d] = (%s[j] - mean_%s[j])/sqrt(spread_%s[j] + 0.1)\n", to, width, from, to,
	    to);
	m->normalised = true;
}

static inline void say_layer(RandomModel *m, int layer, const int *width)
{
	char argument[40], before[20], weights[40] = "";
	int from = width[layer - 1], to = width[layer];
	snprintf(before, sizeof before, layer == 1 ? "x" : "h%d", layer - 1);
	for (int earlier = 2; earlier < layer && one_in(m, 2); earlier++)
		if (width[earlier] == to && width[earlier - 1] == from) {
			snprintf(weights, sizeof weights, "w%d", earlier);
			m->shared = true;
		}
	// The weights of a layer that shares have no use.
	snprintf(argument, sizeof argument, "w%d", layer);
	say_weights(m, argument, to, from);
	say(m, "param b%d[1..%d] = ", layer, to);
	say_list(m, to);
	say(m, "\na%d[j=1..%d] = sum(i=1..%d, %s[j,i]*%s[i]) + b%d[j]\n", layer, to, from,
	    *weights ? weights : argument, before, layer);
	snprintf(argument, sizeof argument, "a%d", layer);
	if (m->examples > 1 && one_in(m, 3)) {
		char normal[40];
		snprintf(normal, sizeof normal, "n%d", layer);
		say_normalised(m, argument, normal, to);
		snprintf(argument, sizeof argument, "%s", normal);
	}
	snprintf(argument + strlen(argument), sizeof argument - strlen(argument), "[j]");
	say(m, "h%d[j=1..%d] = ", layer, to);
	say_activation(m, argument);
	for (int earlier = 1; earlier < layer; earlier++)
		if (width[earlier] == to && one_in(m, 3)) {
			say(m, " + h%d[j]", earlier);
			m->skip = true;
		}
	say(m, "\n");
}

static inline void say_layers(RandomModel *m)
{
	int layers = from_to(m, 1, MOST_LAYERS), width[MOST_LAYERS + 1] = {m->inputs};
	for (int i = 1; i <= layers; i++)
		width[i] = from_to(m, 1, 4);
	for (int i = 1; i <= layers; i++)
		say_layer(m, i, width);
	m->outputs = width[layers];
	snprintf(m->out, sizeof m->out, "h%d", layers);
}

// Layers of one width in a `for` block, each with its weights or all with the same.
static inline void say_block(RandomModel *m)
{
	int width = m->inputs, layers = from_to(m, 1, MOST_LAYERS);
	bool same = one_in(m, 2);
	say(m, "size D = %d\n", layers);
	say(m,
	    same ? "param w[1..%d, 1..%d] ~ normal(0, 0.7)\n"
	         : "param w[1..D, 1..%d, 1..%d] ~ normal(0, 0.7)\n",
	    width, width);
	say(m, "h[0, j=1..%d] = x[j]\nfor l = 1..D\n", width);
	say(m, "  a[l, j=1..%d] = sum(i=1..%d, %s*h[l-1,i]) + l/10\n", width, width,
	    same ? "w[j,i]" : "w[l,j,i]");
	say(m, "  h[l, j=1..%d] = ", width);
	say_activation(m, "a[l,j]");
	if (one_in(m, 2)) {
		say(m, " + h[l-1,j]");
		m->skip = true;
	}
	say(m, "\nend\no[j=1..%d] = h[D,j]\n", width);
	m->shared |= same && layers > 1;
	m->loops = true;
	m->outputs = width;
	snprintf(m->weight, sizeof m->weight, same ? "w[1,1]" : "w[1,1,1]");
	snprintf(m->out, sizeof m->out, "o");
}

// x is a sequence; one state h[t], or with a gate, or several states.
static inline void say_recurrence(RandomModel *m)
{
	int kind = from_to(m, 0, 2), width = kind == 2 ? from_to(m, 1, 3) : 1;
	say(m, "size T = %d\n", m->inputs);
	m->loops = m->shared = true;
	m->outputs = width;
	snprintf(m->weight, sizeof m->weight, "w");
	snprintf(m->out, sizeof m->out, "o");
	if (kind == 0) {
		say(m, "param w = 0.6, u = -0.7, b = 0.13\nh[0] = 0\nh[t=1..T] = ");
		say_activation(m, "(w*h[t-1] + u*x[t] + b)");
		say(m, "\no[1] = h[T]\n");
	} else if (kind == 1) {
		say(m, "param w = 0.6, u = -0.7, b = 0.13, v = 0.4\nh[0] = 0\nfor t = 1..T\n");
		say(m, "  z[t] = sigmoid(w*h[t-1] + u*x[t] + b)\n  c[t] = ");
		say_activation(m, "(v*h[t-1] + x[t])");
		say(m, "\n  h[t] = (1 - z[t])*h[t-1] + z[t]*c[t]\nend\no[1] = h[T]\n");
	} else {
		say_weights(m, "w", width, width);
		say(m, "param u[1..%d] = ", width);
		say_list(m, width);
		say(m, "\nh[0, j=1..%d] = 0\nh[t=1..T, j=1..%d] = ", width, width);
		char argument[100];
		snprintf(argument, sizeof argument, "(sum(i=1..%d, w[j,i]*h[t-1,i]) + u[j]*x[t] + 0.1)",
		         width);
		say_activation(m, argument);
		say(m, "\no[j=1..%d] = h[T,j]\n", width);
	}
}

// ---- Losses

static inline void say_loss(RandomModel *m)
{
	static const char *const loss[] = {
		"1/2*sum(k=1..K, (O[k] - y[k])^2)",
		"sum(k=2..K, max(0, O[k] - O[1] + 1)) + max(0, 1 - y[1]*O[1])",
		"-log(prod(k=1..K, sigmoid(O[k]*y[k])))",
		"max(k=1..K, abs(O[k] - y[k]))",
		"softplus(sum(k=1..K, O[k]*y[k])) + min(k=1..K, (O[k] + 2)^2)",
		"relu(O[1] - y[1])^2 + log(1 + sum(k=1..K, (O[k]*y[k])^2))",
	};
	const char *at = loss[from_to(m, 0, 5)];
	if (m->onehot) {
		say(m, "top = max(k=1..%d, %s[k])\nS = sum(k=1..%d, exp(%s[k] - top))\n", m->outputs,
		    m->out, m->outputs, m->out);
		say(m, "p[k=0..%d] = exp(%s[k+1] - top)/S\n", m->outputs - 1, m->out);
		say(m, "E0 = top + log(S) - sum(k=1..%d, y[k-1]*%s[k])\n", m->outputs, m->out);
		return;
	}
	say(m, "E0 = ");
	for (; *at; at++)
		if (*at == 'K')
			say(m, "%d", m->outputs);
		else if (*at == 'O')
			say(m, "%s", m->out);
		else
			say(m, "%c", *at);
	say(m, "\n");
}

static inline void say_extras(RandomModel *m)
{
	m->gradient_in_loss = one_in(m, 3);
	if (m->gradient_in_loss && one_in(m, 3))
		say(m, "F = E0*sin(extra)\nG = grad(grad(F, %s), extra)\n", m->weight);
	else if (m->gradient_in_loss)
		say(m, "G = grad(E0, %s)\n", m->weight);
	say(m, "E = E0 + extra^2");
	if (m->gradient_in_loss)
		say(m, " + 0.1*G^2");
	if (one_in(m, 3))
		say(m, " + 0.01*%s^2", m->weight);
	if (one_in(m, 4))
		say(m, " + 0.1*detach(%s[1])*%s[1]", m->out, m->out);
	if (one_in(m, 5))
		say(m, " + extra/batch_size");
	if (m->state)
		say(m, " + 0.1*s*%s[1]", m->out);
	say(m, "\n");
	if (m->state)
		say(m, "s+ = 0.9*s + 0.1*batch_mean(%s[1])\n", m->out);
}

// ---- Data and updates

static inline void say_data(RandomModel *m)
{
	say(m, m->examples ? "input x[1..%d]\n" : "input x[1..%d] = ", m->inputs);
	if (!m->examples) {
		say_list(m, m->inputs);
		say(m, "\n");
	}
}

static inline void say_target(RandomModel *m)
{
	m->onehot = m->examples && m->outputs > 1 && one_in(m, 3);
	if (m->onehot)
		say(m, "target y[0..%d] onehot label\n", m->outputs - 1);
	else
		say(m, m->examples ? "target y[1..%d]\n" : "target y[1..%d] = ", m->outputs);
	if (!m->examples) {
		say_list(m, m->outputs);
		say(m, "\n");
	}
}

static inline void say_examples(RandomModel *m)
{
	if (!m->examples)
		return;
	say(m, "examples\n");
	for (int i = 1; i <= m->inputs; i++)
		say(m, "x[%d],", i);
	for (int k = 1; !m->onehot && k <= m->outputs; k++)
		say(m, k > 1 ? ",y[%d]" : "y[%d]", k);
	say(m, m->onehot ? "label\n" : "\n");
	for (int row = 0; row < m->examples; row++) {
		for (int i = 0; i < m->inputs + (m->onehot ? 0 : m->outputs); i++) {
			say(m, i ? "," : "");
			say_number(m);
		}
		if (m->onehot)
			say(m, ",%d", from_to(m, 0, m->outputs - 1));
		say(m, "\n");
	}
	say(m, "end\n");
}

static inline void say_update(RandomModel *m)
{
	m->rule = m->number % RULES;
	m->rule_on = from_to(m, 0, RULES - 1);
	if (one_in(m, 3))
		snprintf(m->on, sizeof m->on, "extra");
	if (m->rule == RULE_CLIPPED || (*m->on && m->rule_on == RULE_CLIPPED))
		say(m, "optimizer clipped(rate, limit = 0.2)\n  state v = 0\n  c = max(-limit, min(limit, "
		       "g))\n"
		       "  v+ = 0.9*v + c\n  w+ = w - rate*v+\nend\n");
	say(m, "minimize E\nupdate %s\n", rule_text[m->rule]);
	if (*m->on)
		say(m, "update %s on %s\n", rule_text[m->rule_on], m->on);
}

static inline void random_model(RandomModel *m, int number)
{
	*m = (RandomModel){.number = number, .random = ((uint64_t)number + 1) * 0x9E3779B97F4A7C15u};
	random_next(&m->random);
	m->inputs = from_to(m, 1, 4);
	m->examples = one_in(m, 3) ? 0 : from_to(m, 1, 5);
	say(m, "# random model %d\nconst c0 = 0.7, kk[1..2] = [0.3, -0.2]\nparam extra = 0.25\n",
	    number);
	m->state = one_in(m, 3);
	if (m->state)
		say(m, "state s = 0.5\n");
	say(m, "def f1(s) = tanh(s) + 0.1*s\ndef f2(s) = f1(s)*sigmoid(c0*s)\n");
	say_data(m);
	switch (from_to(m, 0, 3)) {
	case 0:
		say_block(m);
		break;
	case 1:
		say_recurrence(m);
		break;
	default:
		say_layers(m);
	}
	say_target(m);
	say_loss(m);
	say_extras(m);
	say_update(m);
	say_examples(m);
}

#endif
