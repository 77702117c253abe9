// The diagnosis as a whole: planted mistakes are named, right sheets are left alone, published
// faulty derivations are found out. The same, larger and with the confusion table, is
// tests/bench/bench_diagnose.c.
#include "tests/test_diagnose.h"

#include "tests/suite.h"

static const Filling fillings[] = {{4, false, QUESTIONS_MAIN},
                                   {6, true, QUESTIONS_MAIN},
                                   {4, true, QUESTIONS_ALL},
                                   {6, false, QUESTIONS_ALL},
                                   {4, true, QUESTIONS_STEPS},
                                   {6, false, QUESTIONS_STEPS}};

enum { FILLINGS = sizeof fillings / sizeof *fillings };

typedef struct Tally {
	size_t sheets, named, carried, punished;
} Tally;

static void plant(Tally *tally, Subject *s, Planted planted, const Filling *filling)
{
	Judged j;
	if (!fill_values(s, &planted, 1, filling))
		return;
	judge_sheet(&j, s, filling);
	if (j.verification.tally[VERDICT_WRONG]) {
		tally->sheets++;
		tally->named += j.diagnosis.count && is_found(s, &j.diagnosis.cause[0], planted, filling);
		tally->carried += j.diagnosis.count == 1;
		tally->punished += count_punished(s, &j, &planted, 1, filling);
	}
	judged_free(&j);
}

START_TEST(a_planted_mistake_is_named_first)
{
	Tally tally = {0};
	Planted list[400];
	for (int shape = 0; shape < SHAPES; shape++)
		for (uint64_t seed = 1; seed <= (uint64_t)shape_seeds(shape, 3); seed++) {
			Subject s;
			ck_assert(subject_start(&s, shape, seed));
			size_t count = list_mistakes(&s.diagnoser, list);
			for (size_t i = 0; i < count; i++)
				plant(&tally, &s, list[i], &fillings[(i + seed) % FILLINGS]);
			subject_end(&s);
		}
	ck_assert_msg(tally.sheets > 500, "%zu sheets", tally.sheets);
	ck_assert_msg(tally.named * 100 >= tally.sheets * 98, "%zu of %zu named", tally.named,
	              tally.sheets);
	ck_assert_msg(tally.carried * 100 >= tally.sheets * 99, "%zu of %zu carried", tally.carried,
	              tally.sheets);
	ck_assert_msg(!tally.punished, "%zu answers that only follow are wrong", tally.punished);
}
END_TEST

START_TEST(two_planted_mistakes_are_both_named)
{
	size_t sheets = 0, both = 0;
	for (int shape = 0; shape < SHAPES; shape++)
		for (uint64_t seed = 1; seed <= (uint64_t)shape_seeds(shape, 2); seed++) {
			Subject s;
			ck_assert(subject_start(&s, shape, seed));
			for (int32_t i = 0; i < 20; i++) {
				Planted two[2];
				Judged j;
				Filling filling = {4 + 2 * (i % 2), false, (Questions)(i % QUESTIONS_COUNT)};
				draw_two(&s, shape, i, two);
				if (!both_are_visible(&s, two, &filling))
					continue;
				judge_sheet(&j, &s, &filling);
				both += is_named(&s, &j, two[0], &filling) && is_named(&s, &j, two[1], &filling);
				sheets++;
				judged_free(&j);
			}
			subject_end(&s);
		}
	ck_assert_msg(sheets > 150 && both * 100 >= sheets * 85, "%zu of %zu", both, sheets);
}
END_TEST

START_TEST(every_mistake_can_be_made_somewhere)
{
	bool made[MISTAKE_COUNT] = {false};
	for (int shape = 0; shape < SHAPES; shape++) {
		Subject s;
		ck_assert(subject_start(&s, shape, 1));
		for (size_t i = 0; i < s.diagnoser.count; i++)
			made[s.diagnoser.change[i].mistake] = true;
		subject_end(&s);
	}
	// Those have models of their own in tests/test_mistakes.c.
	static const MistakeId elsewhere[] = {MISTAKE_M28,  MISTAKE_M33, MISTAKE_M33b, MISTAKE_M35,
	                                      MISTAKE_M35b, MISTAKE_M36, MISTAKE_M41};
	for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
		made[elsewhere[i]] = true;
	for (MistakeId i = 0; i < MISTAKE_COUNT; i++)
		ck_assert_msg(made[i], "%s is nowhere made", mistake_info[i].id);
}
END_TEST

START_TEST(right_sheets_are_left_alone)
{
	for (int shape = 0; shape < SHAPES; shape++)
		for (uint64_t seed = 1; seed <= (uint64_t)shape_seeds(shape, 20); seed++) {
			Subject s;
			ck_assert(subject_start(&s, shape, seed));
			for (int i = 0; i < 18; i++) {
				Filling filling = {4 + i % 3, i % 2, (Questions)(i / 6)};
				Judged j;
				fill_values(&s, NULL, 0, &filling);
				judge_sheet(&j, &s, &filling);
				ck_assert_msg(!j.verification.tally[VERDICT_WRONG] && !j.diagnosis.count,
				              "%s\n%s: %s wrong", output_memory(&s.text), output_memory(&j.csv),
				              j.verification.first->answer->name);
				judged_free(&j);
			}
			subject_end(&s);
		}
}
END_TEST

// ---- Sheets by hand

typedef struct Expected {
	const char *csv;
	const char *causes;       // ITEM=MISTAKE ..., - where nothing fits
	const char *convention;   // "" for none
} Expected;

static void put_causes(const Diagnosis *diagnosis, Output *out)
{
	for (size_t i = 0; i < diagnosis->count; i++) {
		const Cause *cause = &diagnosis->cause[i];
		output_printf(out, "%s%s=%s", i ? " " : "", cause->item->answer->name,
		              cause->count ? mistake_info[cause->finding[0].mistake].id : "-");
	}
}

static void check_sheet(const char *text, const Expected *expected, int significant)
{
	Model model;
	Answers answers;
	Verification plain, under;
	Diagnoser diagnoser;
	Diagnosis diagnosis;
	Error error = {0};
	Output causes = {0};
	VerifyOptions options = {.significant = significant};
	ck_assert_msg(
		model_read(&model, "test", text, strlen(text), &(ModelOptions){.seed = 1}, &error), "%s",
		error.message);
	ck_assert(answers_read(&answers, "sheet", expected->csv, strlen(expected->csv), &error));
	verify(&plain, &answers, &model, &options);
	MistakeId convention = diagnose_convention(&plain, &answers, &model, &options, &under);
	const char *found = convention == MISTAKE_NONE ? "" : mistake_info[convention].id;
	ck_assert_msg(strcmp(found, expected->convention) == 0, "%s\nconvention %s, not %s",
	              expected->csv, found, expected->convention);
	ck_assert(diagnoser_start(&diagnoser, &model, &convention, convention != MISTAKE_NONE));
	diagnose(&diagnosis, &diagnoser, convention == MISTAKE_NONE ? &plain : &under, significant);
	put_causes(&diagnosis, &causes);
	ck_assert_msg(strcmp(output_memory(&causes), expected->causes) == 0, "%s\n%s, not %s",
	              expected->csv, output_memory(&causes), expected->causes);
	output_abandon(&causes);
	diagnosis_free(&diagnosis);
	diagnoser_free(&diagnoser);
	if (convention != MISTAKE_NONE)
		verify_free(&under);
	verify_free(&plain);
	answers_free(&answers);
	model_free(&model);
}

#define MAZUR(loss) \
	"input i1 = 0.05, i2 = 0.10\ntarget t1 = 0.01, t2 = 0.99\nconst b1 = 0.35, b2 = 0.60\n" \
	"param w1 = 0.15, w2 = 0.20, w3 = 0.25, w4 = 0.30, w5 = 0.40, w6 = 0.45, w7 = 0.50, w8 = " \
	"0.55\n" \
	"net_h1 = w1*i1 + w2*i2 + b1*1\nout_h1 = sigmoid(net_h1)\nnet_h2 = w3*i1 + w4*i2 + b1*1\n" \
	"out_h2 = sigmoid(net_h2)\nnet_o1 = w5*out_h1 + w6*out_h2 + b2*1\nout_o1 = sigmoid(net_o1)\n" \
	"net_o2 = w7*out_h1 + w8*out_h2 + b2*1\nout_o2 = sigmoid(net_o2)\n" loss \
	"E = E_o1 + E_o2\nminimize E\nupdate sgd(rate = 0.5)\n"

START_TEST(sheets_are_explained)
{
	static const Expected sheets[] = {
		{"name,value\ndE/dnet_o1,0.7414\ndE/dw5,0.4398\nw5+,0.1801\n", "dE/dnet_o1=M05", ""},
		{"name,value\ndE/dout_h1,0.03023\ndE/dw1,0.0003647\n", "dE/dout_h1=M01", ""},
		// M05 and M13 give the same dE/dw1; dE/dw5 tells.
		{"name,value\ndE/dw1,0.002268350\ndE/dw5,0.08217\n", "dE/dw1=M13", ""},
		{"name,value\ndE/dw1,0.002268350\ndE/dw5,0.4398\n", "dE/dw5=M05", ""},
		// Two mistakes, one behind the other.
		{"name,value\nout_h1,0.4067\ndE/dnet_o1,0.1385\ndE/dw5,0.1385\n", "out_h1=Mexp dE/dw5=M16",
	     ""},
		// A slip of the pen that later numbers do not rest on.
		{"name,value\nout_h1,0.5392\ndE/dnet_o1,0.1615\n", "out_h1=- dE/dnet_o1=M07", ""},
		// Nothing known: nothing is guessed, and what follows is looked at all the same.
		{"name,value\nout_h1,0.7123\ndE/dnet_o1,0.1385\ndE/dw5,0.1385\n", "out_h1=- dE/dw5=M16",
	     ""},
		{"name,value\nnet_h1,0.3775\nout_h1,0.1234\n", "out_h1=-", ""},
		{"name,value\nout_h1,0.5933\n", "", ""},
		// Published: weights on the way forward transposed, a text rewritten by a machine (0.4125
	    // where even that is 0.3825).
		{"name,value\nnet_h1,0.3825\nnet_h2,0.3900\nout_h1,0.5944\n", "net_h1=M03f", ""},
		{"name,value\nnet_h1,0.4125\n", "net_h1=-", ""},
		// Conventions are asked about.
		{"name,value\nE_o1,0.5496\nE_o2,0.04712\ndE/dout_o1,1.483\n", "", "loss=plain"},
		{"name,value\nE_o1,0.2748\nE_o2,0.02356\ndE/dout_o1,1.483\n", "dE/dout_o1=M10", ""},
		{"name,value\nE_o1,0.5496\nE_o2,0.04712\ndE/dw5,0.2770\n", "dE/dw5=M16", "loss=plain"},
		{"name,value\ndE/dnet_o1,-0.1385\ndE/dout_h1,-0.03635\ndE/dw5,0.08217\nw5+,0.3589\n", "",
	     "delta=negative"},
		{"name,value\ndE/dnet_o1,-0.1385\ndE/dw5,-0.08217\nw5+,0.3589\n", "", "gradient=negative"},
		{"name,value\ndE/dnet_o1,-0.1385\ndE/dw5,-0.08217\nw5+,0.4411\n", "dE/dnet_o1=M09", ""},
	};
	for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++)
		check_sheet(MAZUR("E_o1 = 1/2*(t1 - out_o1)^2\nE_o2 = 1/2*(t2 - out_o2)^2\n"), &sheets[i],
		            4);
	static const Expected half = {
		"name,value\nE_o1,0.2748\nE_o2,0.02356\ndE/dnet_o1,0.1385\ndE/dnet_o2,-0.03810\n", "",
		"loss=half"};
	check_sheet(MAZUR("E_o1 = (t1 - out_o1)^2\nE_o2 = (t2 - out_o2)^2\n"), &half, 4);
}
END_TEST

// Answers of later update steps: a mistake made in each shows there, alone or again.
START_TEST(later_steps_are_explained)
{
	static const Expected sheets[] = {
		// The loss that the post itself prints: it came from new weights taken for old.
		{"name,value\nE#2,0.2910279239\n", "E#2=M01", ""},
		{"name,value\nE#2,0.2910277737\n", "", ""},
		{"name,value\nw5+,0.3589\ndE/dnet_o1#2,0.7321\ndE/dw5#2,0.4343\n", "dE/dnet_o1#2=M05", ""},
		{"name,value\ndE/dnet_o1,0.7414\ndE/dw5,0.4398\nw5+,0.1801\ndE/dnet_o1#2,0.6892\n",
	     "dE/dnet_o1=M05", ""},
		{"name,value\nE#2,0.1234\n", "E#2=-", ""},
		{"name,value\nE#90,0.1234\n", "", ""},
	};
	for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++)
		check_sheet(MAZUR("E_o1 = 1/2*(t1 - out_o1)^2\nE_o2 = 1/2*(t2 - out_o2)^2\n"), &sheets[i],
		            4);
}
END_TEST

START_TEST(sums_over_a_batch_are_asked_about)
{
	static const char model[] =
		"input x\ntarget y\nparam w = 0.5, b = 0.25\nh = w*x + b\nE = 1/2*(h - y)^2\nminimize E\n"
		"update sgd(rate = 0.1)\nexamples\nx,y\n1,2\n3,-1\n2,0\nend\n";
	static const Expected sheets[] = {
		{"name,value\nE,5.344\ndE/dw,9.5\nw+,-0.45\n", "", "batch=sum"},
		{"name,value\nE,1.78125\ndE/dw,9.5\nw+,-0.45\n", "dE/dw=M11", ""},
		{"name,value\nE,1.78125\ndE/dw,3.167\nw+,0.1833\nb+,0.25\n", "", "bias=frozen"},
	};
	for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++)
		check_sheet(model, &sheets[i], 4);
}
END_TEST

// Steven Miller, "Mind: How to Build a Neural Network (Part One)": the update divides where one
// multiplies. The net input is a sum of rounded numbers, and the gradient has 0.77 for an output of
// 0.7747.
START_TEST(miller_mind_is_found_out)
{
	static const char model[] = "input x1 = 1, x2 = 1\ntarget t = 0\n"
								"param w1 = 0.8, w2 = 0.4, w3 = 0.3, w4 = 0.2, w5 = 0.9, w6 = 0.5, "
								"w7 = 0.3, w8 = 0.5, w9 = 0.9\n"
								"n1 = w1*x1 + w4*x2\nh1 = sigmoid(n1)\nn2 = w2*x1 + w5*x2\nh2 = "
								"sigmoid(n2)\nn3 = w3*x1 + w6*x2\n"
								"h3 = sigmoid(n3)\nn = w7*h1 + w8*h2 + w9*h3\no = sigmoid(n)\nE = "
								"1/2*(t - o)^2\nminimize E\n"
								"update sgd(rate = 1)\n";
	static const Expected sheet = {"name,value\nh1,0.73105857863\nh2,0.78583498304\nh3,0."
	                               "68997448112\nn,1.235\no,0.7746924929149283\n"
	                               "dE/"
	                               "dn,0.13439890643886018\nw7+,0.1162\nw8+,0.329\nw9+,0.708\nw1+,"
	                               "0.712\nw2+,0.3548\nw3+,0.2681\n",
	                               "n=- dE/dn=- w1+=Mdiv w9+=Mdiv", ""};
	check_sheet(model, &sheet, 3);
}
END_TEST

// primelearnpoint.com, "Backpropagation solved numerically 2x2": the weights transposed into both
// layers. The net inputs of the outputs are printed without their bias, which no mistake of the
// catalogue gives together with transposed weights; the errors, 0.279 and 0.025, are those with it.
START_TEST(primelearnpoint_is_found_out)
{
	static const Expected sheet = {
		"name,value\nnet_h1,0.3825\nnet_h2,0.3900\nout_h1,0.5944\nout_h2,0.5963\nnet_o1,0.5359\n"
		"net_o2,0.5955\nE_o1,0.279\nE_o2,0.025\n",
		"net_h1=M03f net_o1=- net_o2=- E_o1=M03f", ""};
	check_sheet(MAZUR("E_o1 = 1/2*(t1 - out_o1)^2\nE_o2 = 1/2*(t2 - out_o2)^2\n"), &sheet, 4);
}
END_TEST

// The device of splitting the error in proportion to the weights, as notes on Rashid's book have
// it: 0.32 and 0.1 at the first hidden unit, which those notes add up as 0.32 + 0.2 = 0.42.
START_TEST(a_split_error_is_found_out)
{
	static const char model[] =
		"input x = 1\ntarget t1 = 4.2, t2 = 4.5\nparam a1 = 1, a2 = 1, w1 = 2, w2 = 3, w3 = 1, w4 = 4\n"
		"h1 = a1*x\nh2 = a2*x\no1 = w1*h1 + w2*h2\no2 = w3*h1 + w4*h2\n"
		"E = 1/2*(o1 - t1)^2 + 1/2*(o2 - t2)^2\nminimize E\n";
	static const Expected sheet = {"name,value\ndE/do1,0.8\ndE/do2,0.5\ndE/dh1,0.42\ndE/dh2,0.88\n",
	                               "dE/dh2=M21", ""};
	check_sheet(model, &sheet, 2);
}
END_TEST

// thsis/INFOSYS, "Backpropagation on RNN": a right forward pass, gradients of which none is one.
START_TEST(thsis_rnn_is_found_out)
{
	static const char model[] =
		"input x1 = 0.2, x2 = 0.3, x3 = 0.4\ntarget y = 7\nparam W1 = 2, W2 = 1, U11 = 1, U12 = 2, "
		"U21 = 3, U22 = 4\n"
		"const v1 = 2, v2 = 4\nh11 = tanh(W1*x1)\nh12 = tanh(W2*x1)\nh21 = tanh(W1*x2 + U11*h11 + "
		"U12*h12)\n"
		"h22 = tanh(W2*x2 + U21*h11 + U22*h12)\nh31 = tanh(W1*x3 + U11*h21 + U12*h22)\n"
		"h32 = tanh(W2*x3 + U21*h21 + U22*h22)\nyhat = v1*h31 + v2*h32\nE = 1/2*(y - "
		"yhat)^2\nminimize E\n";
	static const Expected sheet = {"name,value\nh11,0.37994896\nh12,0.19737532\nh21,0."
	                               "87975882\nh22,0.97711011\nh31,0.9986059\nh32,0.99999815\n"
	                               "yhat,5.99720442000804\ndE/dW1,0.00034735\ndE/"
	                               "dW2,0.00272708\ndE/dU11,0.00053191\ndE/dU12,0.00212484\n",
	                               "dE/dU12=- dE/dU11=- dE/dW2=- dE/dW1=-", ""};
	check_sheet(model, &sheet, 4);
}
END_TEST

SUITE(a_planted_mistake_is_named_first, two_planted_mistakes_are_both_named,
      every_mistake_can_be_made_somewhere,
      right_sheets_are_left_alone, sheets_are_explained,
      later_steps_are_explained, sums_over_a_batch_are_asked_about,
      miller_mind_is_found_out,
      primelearnpoint_is_found_out, a_split_error_is_found_out, thsis_rnn_is_found_out)
