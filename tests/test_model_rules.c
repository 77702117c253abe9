// Update rules recorded for many params: the tape is node for node what it is where the rule is gone through for each
// param alone. (A setting makes the recorder do that, whatever it sets.)
#include "tests/test_model.h"

#define NET \
	"param w[1..3, 1..2] = 0.5, b[1..3] = 0, k = 2\ninput x[1..2] = 0.3\nconst c = 1\n" \
	"h[j=1..3] = tanh(sum(i=1..2, w[j,i]*x[i]) + b[j])\nE = c*sum(j=1..3, h[j]^2)\nminimize E\n"

static const char *const texts[] = {
	NET "update sgd(rate = 0.1)\n",
	NET "update sgd(rate = 0.1, decay = 0.01)\n",
	NET "update momentum(rate = 0.1/t)\n",
	NET "update nesterov(rate = 0.1)\n",
	NET "update adagrad(rate = 0.1) on w\nupdate rmsprop(rate = 0.1) on b\n",
	NET "update adam(rate = 0.1)\n",
	NET "update adamw(rate = 0.1) on w, b\nupdate sgd(rate = c) on k\n",
	// A list of arguments, numbers that fold, a state that starts elsewhere and lines that name what is there already.
	NET "optimizer own(rate)\nstate s = 3*c\nn = max(g, -g, s, 1)\ns+ = s + 1*g + 2*w + 0*n\nq = g\nu = 0\n"
	    "w+ = w - rate*g/n + u - batch_mean(q)\nend\nupdate own(rate = 0.2)\n",
	// A gradient within the rule: recorded, and named, for each param anew.
	NET "optimizer bent(rate)\nstate s = 1\ns+ = s*w^2\nd = grad(s+, s)\nw+ = w - rate*d*g\nend\nupdate bent(rate = 0.2)\n",
};

static void ck_same_names(const Tape *a, const Tape *b)
{
	ck_assert_uint_eq(a->names_count, b->names_count);
	for (size_t i = 0; i < a->names_count; i++) {
		const Name *one = &a->names[i], *other = &b->names[i];
		ck_assert(one->node == other->node && one->a == other->a && one->b == other->b && one->kind == other->kind &&
		          one->rank == other->rank);
	}
}

static void ck_same_tape(const Tape *a, const Tape *b)
{
	ck_assert_uint_eq(a->count, b->count);
	for (Node node = 0; node < a->count; node++) {
		uint32_t arguments, others;
		const Node *one = tape_arguments(a, node, &arguments), *other = tape_arguments(b, node, &others);
		ck_assert(a->node[node].op == b->node[node].op && a->node[node].flags == b->node[node].flags);
		ck_assert(a->name[node] == b->name[node] && memcmp(&a->value[node], &b->value[node], sizeof(double)) == 0);
		ck_assert(arguments == others && memcmp(one, other, arguments * sizeof *one) == 0);
	}
	ck_same_names(a, b);
}

static void ck_same_model(const Model *a, const Model *b)
{
	ck_same_tape(&a->tape, &b->tape);
	ck_assert(a->state_count == b->state_count && a->carry_count == b->carry_count);
	ck_assert(!a->state_count || memcmp(a->state, b->state, a->state_count * sizeof *a->state) == 0);
	ck_assert_mem_eq(a->carry, b->carry, a->carry_count * sizeof *a->carry);
}

START_TEST(each_param_has_what_the_rule_records)
{
	const Setting same = {"c", 1};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		Model model, alone;
		must_read(&model, texts[i], &(ModelOptions){.seed = 1});
		must_read(&alone, texts[i], &(ModelOptions){.seed = 1, .setting = &same, .setting_count = 1});
		ck_same_model(&model, &alone);
		ck_assert_uint_ge(model.carry_count, 10);
		model_free(&model);
		model_free(&alone);
	}
}
END_TEST

// The limit is reached in the same place: with as many operations as there are the model is read, with fewer not.
START_TEST(the_limit_holds_for_what_is_repeated)
{
	const char *text = NET "update adam(rate = 0.1)\n";
	Model model;
	must_read(&model, text, &(ModelOptions){.seed = 1});
	uint64_t count = model.tape.count;
	model_free(&model);
	Error error = {0};
	ModelOptions options = {.seed = 1, .node_limit = count};
	ck_assert(model_read(&model, "test.model", text, strlen(text), &options, &error));
	model_free(&model);
	options.node_limit = count - 10;
	ck_assert(!model_read(&model, "test.model", text, strlen(text), &options, &error));
	ck_assert_ptr_nonnull(strstr(error.message, "more operations than the limit"));
}
END_TEST

SUITE(each_param_has_what_the_rule_records, the_limit_holds_for_what_is_repeated)
