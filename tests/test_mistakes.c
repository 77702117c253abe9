// The catalogue: every row says what it has to, and makes the wrong numbers that its mistake is known by.
#include "tests/test_model.h"
#include "tutor/course/diagnose.h"
#include "tutor/explain/rule.h"

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

// Small models for mistakes that Mazur's has no place for.
static const char recurrent[] =
	"input x1 = 1, x2 = 0.5, x3 = -0.3\ntarget y = 0.2\nparam w = 0.5, u = 1\nconst h0 = 0\n"
	"h1 = tanh(w*h0 + u*x1)\nh2 = tanh(w*h1 + u*x2)\nh3 = tanh(w*h2 + u*x3)\nE = 1/2*(h3 - "
	"y)^2\nminimize E\n";
static const char softmax[] =
	"input x = 1\ntarget y[1..3] = [1, 0, 0]\nparam w[1..3] = [2, 1, 0.1]\nparam b[1..3] = 0\n"
	"z[k=1..3] = w[k]*x + b[k]\ne[k=1..3] = exp(z[k])\nS = sum(k=1..3, e[k])\np[k=1..3] = e[k]/S\n"
	"L = -sum(k=1..3, y[k]*log(p[k]))\nminimize L\nupdate sgd(rate = 0.1)\n";
static const char binary[] =
	"input x = 1\ntarget y = 0\nparam w = 0.84729786038720367, b = 0\nz = w*x + b\np = sigmoid(z)\n"
	"L = -(y*log(p) + (1 - y)*log(1 - p))\nminimize L\n";
static const char hinge[] = "input x = 1\nparam w1 = 2.2, w2 = 2.5, w3 = -3.1, b = 0\ns1 = w1*x + "
							"b\ns2 = w2*x + b\ns3 = w3*x + b\n"
							"L = max(0, s1 - s3 + 1) + max(0, s2 - s3 + 1)\nminimize L\n";
static const char fan[] = "param a = 1\nb = a + a\nc = b + b\nminimize c\n";
static const char adam[] = "param w = 1\nL = w^2\nminimize L\nupdate adam(rate = 0.001)\n";
static const char shared[] =
	"input i1 = 0.05, i2 = 0.10\ntarget t1 = 0.01, t2 = 0.99\nparam b1 = 0.35, b2 = 0.60\n"
	"param w1 = 0.15, w2 = 0.20, w3 = 0.25, w4 = 0.30, w5 = 0.40, w6 = 0.45, w7 = 0.50, w8 = 0.55\n"
	"net_h1 = w1*i1 + w2*i2 + b1\nout_h1 = sigmoid(net_h1)\n"
	"net_h2 = w3*i1 + w4*i2 + b1\nout_h2 = sigmoid(net_h2)\n"
	"net_o1 = w5*out_h1 + w6*out_h2 + b2\nout_o1 = sigmoid(net_o1)\n"
	"net_o2 = w7*out_h1 + w8*out_h2 + b2\nout_o2 = sigmoid(net_o2)\n"
	"E_o1 = 1/2*(t1 - out_o1)^2\nE_o2 = 1/2*(t2 - out_o2)^2\nE_total = E_o1 + E_o2\n"
	"minimize E_total\nupdate sgd(rate = 0.5)\n";

// The numbers as the catalogue prints them.
static const struct {
	const char *model;
	MistakeId mistake;
	uint32_t way;
	const char *name, *value;
} fingerprints[] = {
	{mazur, MISTAKE_M01, 0, "dE_total/dout_h1", ".030229739"},
	{mazur, MISTAKE_M01, 0, "dE_total/dw1", ".000364723"},
	{mazur, MISTAKE_M01, 0, "w1+", ".149817639"},
	{mazur, MISTAKE_M02, 0, "dE_total/dout_h1", ".055399425"},
	{mazur, MISTAKE_M02, 0, "dE_total/dw1", ".000668396"},
	{mazur, MISTAKE_M03, 0, "dE_total/dout_h1", ".038255218"},
	{mazur, MISTAKE_M03, 0, "dE_total/dw1", ".000461551"},
	{mazur, MISTAKE_M03f, 0, "net_h1", ".3825"},
	{mazur, MISTAKE_M03f, 0, "net_h2", ".3900"},
	{mazur, MISTAKE_M04, 0, "dE_total/dout_h1", ".100400325"},
	{mazur, MISTAKE_M04, 0, "dE_total/dw1", ".001211333"},
	{mazur, MISTAKE_M05, 0, "dE_total/dnet_o1", ".741365070"},
	{mazur, MISTAKE_M05, 0, "dE_total/dw5", ".439829649"},
	{mazur, MISTAKE_M05, 0, "dE_total/dw1", ".002268350"},
	{mazur, MISTAKE_M06, 0, "dE_total/dnet_h1", ".036350306"},
	{mazur, MISTAKE_M06, 0, "dE_total/dw1", ".001817515"},
	{mazur, MISTAKE_M13, 0, "dE_total/dout_h1", ".188010260"},
	{mazur, MISTAKE_M13, 0, "dE_total/dw5", "0.082167041"},
	{mazur, MISTAKE_M13, 0, "dE_total/dw1", ".002268350"},
	{mazur, MISTAKE_M12, 0, "dE_total/dout_h1", ".687010260"},
	{mazur, MISTAKE_M12, 0, "dE_total/dw1", ".008288803"},
	{mazur, MISTAKE_M20, 0, "dE_total/dout_h1", "-.001055310"},
	{mazur, MISTAKE_M21, 0, "dE_total/dout_h1", ".047033776"},
	{mazur, MISTAKE_M21, 0, "dE_total/dw1", ".000567464"},
	{mazur, MISTAKE_M04b, 0, "dE_total/dout_h1", ".011250225"},
	{mazur, MISTAKE_M07, 0, "dE_total/dnet_o1", ".161460669"},
	{mazur, MISTAKE_M08, 0, "dE_total/dnet_o1", "-.086830190"},
	{mazur, MISTAKE_M08, 0, "dE_total/dw1", "-.000056742"},
	{mazur, MISTAKE_M17, 0, "dE_total/dnet_o1", ".322827814"},
	{mazur, MISTAKE_M15, 0, "dE_total/dw5", ".052283207"},
	{mazur, MISTAKE_M14, 0, "dE_total/dw5", ".055399425"},
	{mazur, MISTAKE_M14, 0, "dE_total/dw1", ".001315703"},
	{mazur, MISTAKE_M16, 0, "dE_total/dw5", ".138498562"},
	{mazur, MISTAKE_M16, 0, "dE_total/dw1", ".008771355"},
	{mazur, MISTAKE_Mexp, 0, "out_h1", ".406730008"},
	{mazur, MISTAKE_M09, 0, "w5+", ".441083520"},
	{mazur, MISTAKE_M10, 0, "dE_total/dw5", ".164334081"},
	{mazur, MISTAKE_M10b, 0, "E_o1", ".549622166"},
	{mazur, MISTAKE_M10b, 0, "E_total", ".596742218"},
	{mazur, MISTAKE_M10b, 0, "dE_total/dw5", ".082167041"},
	{mazur, MISTAKE_M11, 0, "dE_total/dw5", ".041083520"},
	{mazur, MISTAKE_M19, 0, "dE_total/dnet_o1", ".051338998"},
	{mazur, MISTAKE_M18, 0, "dE_total/dnet_o1", ".055740378"},
	{mazur, MISTAKE_M22, 0, "w5+", ".441083520"},
	{mazur, MISTAKE_M22, 1, "w5+", ".317832959"},
	{mazur, MISTAKE_M22, 2, "w5+", "-.041083520"},
	{mazur, MISTAKE_M22, 3, "w5+", ".379458240"},
	{mazur, MISTAKE_Mb0, 0, "out_h1", ".506874567"},
	{mazur, MISTAKE_Mb0, 1, "out_h1", ".856874567"},
	{shared, MISTAKE_M25, 0, "dE_total/db1", ".008771355"},
	{shared, MISTAKE_M25, 1, "dE_total/db1", ".009954255"},
	{shared, MISTAKE_M24, 0, "dE_total/db1", ".006553963"},
	{recurrent, MISTAKE_M38, 0, "dE/dw", "-.103354"},
	{recurrent, MISTAKE_M38, 3, "dE/dw", "-.043739"},
	{recurrent, MISTAKE_M04, 0, "dE/dw", "-.159081"},
	{softmax, MISTAKE_M31, 0, "dL/dz[1]", "-.340999"},
	{softmax, MISTAKE_M31, 0, "dL/dz[2]", "0.000000"},
	{softmax, MISTAKE_M32, 0, "dL/dz[1]", "-.076629"},
	{softmax, MISTAKE_M32, 0, "dL/dz[2]", ".044525"},
	{softmax, MISTAKE_M32, 0, "dL/dz[3]", ".008758"},
	{softmax, MISTAKE_M34, 0, "L", ".181114"},
	{softmax, MISTAKE_M34, 1, "L", ".601647"},
	{softmax, MISTAKE_M34b, 0, "p[1]", ".880797"},
	{binary, MISTAKE_M32, 0, "dL/dz", ".147"},
	{binary, MISTAKE_M33, 0, "dL/dp", "-3.3333"},
	{binary, MISTAKE_M33b, 0, "dL/dp", "0.000000"},
	{hinge, MISTAKE_M35, 0, "dL/ds3", "-1.000000"},
	{fan, MISTAKE_M28, 0, "dc/da", "1.000000"},
	{adam, MISTAKE_M41, 0, "w+", ".9968377"},
};

typedef struct Planting {
	Model model;
	Diagnoser diagnoser;
	double *value;
} Planting;

static void planting_start(Planting *p, const char *text)
{
	*p = (Planting){0};
	must_read(&p->model, text, &(ModelOptions){.seed = 1});
	ck_assert(diagnoser_start(&p->diagnoser, &p->model, NULL, 0));
	p->value = memory_alloc(p->diagnoser.lines.count * sizeof *p->value);
}

static void planting_end(Planting *p)
{
	free(p->value);
	diagnoser_free(&p->diagnoser);
	model_free(&p->model);
}

START_TEST(mistakes_make_the_numbers_of_the_catalogue)
{
	for (size_t i = 0; i < sizeof fingerprints / sizeof *fingerprints; i++) {
		Planting p;
		Typed typed;
		const char *id = mistake_info[fingerprints[i].mistake].id;
		planting_start(&p, fingerprints[i].model);
		Planted planted = {fingerprints[i].mistake, fingerprints[i].way};
		ck_assert_msg(diagnoser_plant(&p.diagnoser, &planted, 1, p.value), "%s cannot be made", id);
		uint32_t line = lines_find(&p.diagnoser.lines, fingerprints[i].name);
		ck_assert_msg(line && typed_read(&typed, fingerprints[i].value, false), "%s",
		              fingerprints[i].name);
		ck_assert_msg(fabs(p.value[line - 1] - typed.value) <= typed.unit * 0.500001,
		              "%s, way %u: %s is %.9f, not %s", id, (unsigned)fingerprints[i].way,
		              fingerprints[i].name, p.value[line - 1], fingerprints[i].value);
		planting_end(&p);
	}
}
END_TEST

// What a line put differently makes is what the tape records with that rule changed.
START_TEST(lines_put_differently_are_the_tape_recorded_anew)
{
	Planting p;
	ChangedRule changed;
	Error error = {0};
	Replay replay;
	planting_start(&p, mazur);
	ck_assert(diagnoser_plant(&p.diagnoser, &(Planted){MISTAKE_M01, 0}, 1, p.value));
	ck_assert(rule_stale_order(&p.model, &changed, &error));
	model_start(&p.model, &replay, 0, 1);
	replay_all(&replay);
	for (size_t i = 0; i < p.model.carry_count; i++) {
		uint32_t line = derivation_find(&p.diagnoser.derivation, p.model.carry[i].next, 0);
		double expected = replay_value(&replay, changed.carry[i].next, 0);
		ck_assert_msg(fabs(p.value[line - 1] - expected) <= 1e-15, "%.17g, not %.17g",
		              p.value[line - 1], expected);
	}
	rule_free(&changed);
	replay_free(&replay);
	planting_end(&p);
}
END_TEST

// A batch mean within a state's next value is a step of the update, and has indices.
START_TEST(the_stale_order_keeps_the_indices_of_steps)
{
	Model model;
	ChangedRule changed;
	Error error = {0};
	must_read(&model, "input x\nparam w = 1\nstate s[1..2] = 0\ny[i=1..2] = i*w*x\nE = (y[1] - y[2])^2\n"
	                  "s[i=1..2]+ = 0.9*s[i] + 0.1*batch_mean(y[i])\nminimize E\nupdate sgd(rate = 0.1)\n"
	                  "examples\nx\n1\n2\nend\n", &(ModelOptions){.seed = 1});
	size_t names = model.tape.names_count, means = 0;
	ck_assert(rule_stale_order(&model, &changed, &error));
	for (size_t i = names; i < model.tape.names_count; i++) {
		Name name = model.tape.names[i];
		if (name.kind == NAME_ELEMENT && name.rank == 1)
			ck_assert_int_eq(model.tape.index[name.b], (int32_t)++means);
	}
	ck_assert_uint_eq(means, 2);
	rule_free(&changed);
	model_free(&model);
}
END_TEST

// Every row of the catalogue says what it has to say, in sentences.
START_TEST(mistakes_have_hints)
{
	for (MistakeId i = 0; i < MISTAKE_COUNT; i++) {
		const Mistake *mistake = &mistake_info[i];
		bool convention = mistake->source == SOURCE_CONVENTION;
		ck_assert_msg(*mistake->name && mistake->ways, "%s", mistake->id);
		ck_assert_msg(!convention == !strchr(mistake->id, '='), "%s", mistake->id);
		ck_assert(mistake_convention(mistake->id) == (convention ? i : MISTAKE_NONE));
		for (int k = 0; k < HINT_MOST && !convention; k++) {
			size_t size = strlen(mistake->hint[k]);
			ck_assert_msg(size > 10 && strchr(".?", mistake->hint[k][size - 1]), "%s: %s",
			              mistake->id, mistake->hint[k]);
		}
	}
}
END_TEST

SUITE(mistakes_make_the_numbers_of_the_catalogue, lines_put_differently_are_the_tape_recorded_anew, the_stale_order_keeps_the_indices_of_steps,
      mistakes_have_hints)
