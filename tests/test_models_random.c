// Random models as text: their gradients against differences, their updates against rules written
// out here, and the proof that a spoilt derivative would be found.
//
// core/partials.c is compiled into this program a second time with its result falsified on request,
// so that the linker takes it in place of the library's.
#define partials_record partials_record_right
#include "core/partials.c"
#undef partials_record
#include "tests/lib/each_model.h"
#include "tutor/course/gradcheck.h"
#include "tutor/explain/query.h"

void partials_record(Tape *tape, Node step, unsigned wanted, PartialsWork *work);

static Op spoilt_op = OP_COUNT;

// As the real one; but a step that is `spoilt_op` gets a partial that is a tenth too large.
void partials_record(Tape *tape, Node step, unsigned wanted, PartialsWork *work)
{
	partials_record_right(tape, step, wanted, work);
	for (size_t i = 0; i < work->count && tape_op(tape, step) == spoilt_op; i++)
		work->result[i].partial =
			algebra_mul(tape, tape_number(tape, 1.1), work->result[i].partial);
}

enum { UPDATES = 3 };

// ---- Gradients

static size_t params_checked, params_on_kinks;

static void check_gradient(const RandomModel *m, Run *run)
{
	Gradcheck check;
	gradcheck_run(&check, &run->model, &(GradcheckOptions){.all = true});
	ck_model(m, check.count == run->model.param_count, "not all params are checked");
	for (size_t i = 0; i < check.count; i++) {
		char name[NAME_TEXT];
		const GradcheckParam *param = &check.param[i];
		node_name(&run->model.tape, param->param, 0, name);
		ck_model(m, param->verdict <= GRADCHECK_KINK,
		         "%s: %s: recorded %.17g, by differences %.17g", name,
		         gradcheck_text(param->verdict), param->gradient, param->numeric);
		params_on_kinks += param->verdict == GRADCHECK_KINK;
	}
	params_checked += check.count;
	gradcheck_free(&check);
}

START_TEST(gradients_agree_with_differences)
{
	params_checked = params_on_kinks = 0;
	each_model(check_gradient);
	ck_assert_uint_ge(params_checked, 10 * MODELS);
	ck_assert_uint_le(params_on_kinks, params_checked / 100);
}
END_TEST

START_TEST(the_models_are_of_all_kinds)
{
	static RandomModel m;
	int shared = 0, skip = 0, loops = 0, normalised = 0, gradients = 0, states = 0,
		batches[6] = {0}, rules[RULES] = {0};
	for (int i = 0; i < MODELS; i++) {
		random_model(&m, i);
		shared += m.shared;
		skip += m.skip;
		loops += m.loops;
		normalised += m.normalised;
		gradients += m.gradient_in_loss;
		states += m.state;
		batches[m.examples]++;
		rules[m.rule]++;
	}
	ck_assert(shared >= 20 && skip >= 20 && loops >= 20 && normalised >= 20 && gradients >= 20 &&
	          states >= 20);
	for (int i = 0; i < 6; i++)
		ck_assert_int_ge(batches[i], 10);
	for (int i = 0; i < RULES; i++)
		ck_assert_int_ge(rules[i], 10);
}
END_TEST

// ---- Spoilt derivatives

// y = op(…) as one step on the way to the loss, away from kinks.
static const struct {
	Op op;
	const char *formula;
} step_of[] = {
	{OP_COPY, "a"},        {OP_SUM, "a + b"},
	{OP_SUB, "a - b"},     {OP_NEG, "-a"},
	{OP_PROD, "a*b"},      {OP_DIV, "a/b"},
	{OP_POWER, "a^b"},     {OP_INTPOWER, "a^3"},
	{OP_MAX, "max(a, b)"}, {OP_MIN, "min(a, b)"},
	{OP_EXP, "exp(a)"},    {OP_LOG, "log(a)"},
	{OP_SQRT, "sqrt(a)"},  {OP_ABS, "abs(a)"},
	{OP_SIN, "sin(a)"},    {OP_COS, "cos(a)"},
	{OP_TANH, "tanh(a)"},  {OP_SIGMOID, "sigmoid(a)"},
	{OP_RELU, "relu(a)"},  {OP_LEAKY_RELU, "leaky_relu(a, 0.1)"},
	{OP_ELU, "elu(-a)"},   {OP_SOFTPLUS, "softplus(a)"},
	{OP_GELU, "gelu(a)"},
};

static GradcheckVerdict verdict_with(const char *text, Op spoilt)
{
	Run run;
	Gradcheck check;
	spoilt_op = spoilt;
	run_start(&run, text);
	spoilt_op = OP_COUNT;
	gradcheck_run(&check, &run.model, &(GradcheckOptions){.all = true});
	GradcheckVerdict worst = check.worst;
	gradcheck_free(&check);
	run_end(&run);
	return worst;
}

START_TEST(gradcheck_catches_a_spoilt_operation)
{
	for (size_t i = 0; i < sizeof step_of / sizeof *step_of; i++) {
		char text[300];
		snprintf(
			text, sizeof text,
			"param u = 0.7, v = 1.3\na = u*v\nb = u^2 + v\ny = %s\nE = tanh(y)*v\nminimize E\n",
			step_of[i].formula);
		ck_assert_msg(verdict_with(text, OP_COUNT) == GRADCHECK_GOOD, "%s", text);
		ck_assert_msg(gradcheck_failed(verdict_with(text, step_of[i].op)),
		              "a spoilt %s is not caught", op_info[step_of[i].op].text);
	}
}
END_TEST

START_TEST(gradcheck_catches_what_is_spoilt_in_random_models)
{
	static const Op some[] = {OP_SUM, OP_PROD, OP_TANH, OP_RELU, OP_SUB, OP_DIV};
	static RandomModel m;
	for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
		int caught = 0;
		for (int number = 0; number < 60; number++) {
			random_model(&m, number);
			caught += gradcheck_failed(verdict_with(m.text, some[i]));
		}
		ck_assert_msg(caught > 0, "no model found that '%s' is spoilt", op_info[some[i]].text);
	}
}
END_TEST

// ---- Updates

// One param in the hands of a rule, as its equations stand in the language's table.
typedef struct Hand {
	double w, m, v;
} Hand;

static void by_hand(Hand *p, int rule, double g, double t)
{
	switch (rule) {
	case 0:   // sgd(rate = 0.1, decay = 0.01)
		p->w = p->w - 0.1 * (g + 0.01 * p->w);
		break;
	case 1:   // momentum(rate = 0.1/(1 + 0.5*t))
		p->v = 0.9 * p->v + g;
		p->w = p->w - 0.1 / (1 + 0.5 * t) * p->v;
		break;
	case 2:   // nesterov(rate = 0.05, mu = 0.8)
		p->v = 0.8 * p->v + g;
		p->w = p->w - 0.05 * (g + 0.8 * p->v);
		break;
	case 3:   // adagrad(rate = 0.1)
		p->v = p->v + g * g;
		p->w = p->w - 0.1 * g / (sqrt(p->v) + 1e-10);
		break;
	case 4:   // rmsprop(rate = 0.01, decay = 0.9)
		p->v = 0.9 * p->v + 0.1 * g * g;
		p->w = p->w - 0.01 * g / (sqrt(p->v) + 1e-8);
		break;
	case 5:   // adam(rate = 0.02)
	case 6:   // adamw(rate = 0.02, decay = 0.1)
		p->m = 0.9 * p->m + 0.1 * g;
		p->v = 0.999 * p->v + 0.001 * g * g;
		p->w = p->w * (rule == 6 ? 1 - 0.02 * 0.1 : 1);
		p->w = p->w - 0.02 * (p->m / (1 - pow(0.9, t))) / (sqrt(p->v / (1 - pow(0.999, t))) + 1e-8);
		break;
	case RULE_CLIPPED:   // clipped(rate = 0.1), limit 0.2
		p->v = 0.9 * p->v + fmax(-0.2, fmin(0.2, g));
		p->w = p->w - 0.1 * p->v;
		break;
	}
}

static int rule_of(const RandomModel *m, const Tape *tape, Node param)
{
	const char *family = tape_family_text(tape, tape->names[tape->name[param]].a);
	return *m->on && strcmp(family, m->on) == 0 ? m->rule_on : m->rule;
}

// NAME#k after `UPDATES` updates: what a replay that was carried on has.
static void check_steps(const RandomModel *m, Run *run)
{
	static const char *const name[] = {"E#4", "E0#4", "extra#4", "extra+#4", "dE/dextra#4"};
	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		Query query;
		Error error = {0};
		double value;
		ck_model(m, query_find(&run->model, name[i], &query, &error), "%s: %s", name[i],
		         error.message);
		query_values(&run->model, &query, 1, &value);
		replay_all(&run->replay);
		double carried = replay_value(&run->replay, query.node, query.lane);
		ck_model(m, query.step == UPDATES + 1 && value == carried, "%s is %.17g, not %.17g",
		         name[i], value, carried);
	}
}

static void check_updates(const RandomModel *m, Run *run)
{
	const Model *model = &run->model;
	Hand *hand = calloc(model->param_count, sizeof *hand);
	for (size_t i = 0; i < model->param_count; i++)
		hand[i].w = replay_value(&run->replay, model->param[i], 0);
	for (int t = 1; t <= UPDATES; t++) {
		for (size_t i = 0; i < model->param_count; i++) {
			double g = replay_value(&run->replay,
			                        gradient_find(model->gradient, model->param[i])->node, 0);
			by_hand(&hand[i], rule_of(m, &model->tape, model->param[i]), g, t);
		}
		run_update(run);
		for (size_t i = 0; i < model->param_count; i++) {
			char text[NAME_TEXT];
			double got = replay_value(&run->replay, model->param[i], 0);
			node_name(&model->tape, model->param[i], 0, text);
			ck_model(m, fabs(got - hand[i].w) <= 1e-12 * (1 + fabs(got)),
			         "after update %d %s is %.17g, by hand %.17g", t, text, got, hand[i].w);
		}
	}
	free(hand);
	check_steps(m, run);
}

START_TEST(updates_are_those_of_their_rules)
{
	each_model(check_updates);
}
END_TEST

SUITE(gradients_agree_with_differences, the_models_are_of_all_kinds,
      gradcheck_catches_a_spoilt_operation, gradcheck_catches_what_is_spoilt_in_random_models,
      updates_are_those_of_their_rules)
