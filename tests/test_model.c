// Batches, data, settings and updates of a model.
#include "tests/test_model.h"

#define LINE "input x\ntarget y\nparam w = 0.5\nz = w*x\nE = (z - y)^2\nminimize E\n"
#define ROWS "examples\nx,y\n1,2\n2,1\n-1,0\nend\n"

// ---- Batches

START_TEST(a_batch_varies_and_its_loss_is_the_mean)
{
	Run run;
	run_start(&run, LINE ROWS);
	ck_assert_uint_eq(run.model.lanes, 3);
	ck_assert_uint_eq(run.model.examples, 3);
	ck_value(&run, "batch_size", 3);
	ck_value(&run, "z@3", -0.5);
	ck_value(&run, "E@1", 2.25);
	ck_value(&run, "E", 2.5 / 3);
	ck_value(&run, "dE/dE@2", 1. / 3);
	ck_value(&run, "dE/dz@1", -1);
	ck_value(&run, "dE/dw", (2 * -1.5 * 1 + 2 * 0 * 2 + 2 * -0.5 * -1) / 3);
	run_end(&run);
}
END_TEST

START_TEST(one_example_bears_no_number)
{
	Run run;
	ModelOptions options = {.seed = 1, .example = 2};
	run_start_with(&run, LINE ROWS, &options);
	ck_assert_uint_eq(run.model.lanes, 1);
	ck_assert_uint_eq(run.model.examples, 1);
	ck_assert_uint_eq(run.model.batch_size, NODE_NONE);
	ck_value(&run, "x", 2);
	ck_value(&run, "E", 0);
	run_end(&run);
	options = (ModelOptions){.seed = 1, .example = 2, .batch = true};
	run_start_with(&run, LINE ROWS, &options);
	ck_value(&run, "x@1", 2);
	ck_value(&run, "batch_size", 1);
	run_end(&run);
	Error error = {0};
	Model model;
	options = (ModelOptions){.seed = 1, .example = 4};
	ck_assert(!model_read(&model, "m", LINE ROWS, strlen(LINE ROWS), &options, &error));
	ck_assert_msg(strstr(error.message, "example 4 is wanted, and the data has 3") != NULL, "%s", error.message);
}
END_TEST

START_TEST(a_replay_takes_any_part_of_the_data)
{
	Run run;
	Replay part;
	run_start(&run, LINE ROWS);
	model_start(&run.model, &part, 1, 2);
	replay_all(&part);
	ck_assert(is_close(replay_value(&part, run.model.mean, 0), 0.125, 1e-15));
	model_feed(&run.model, &part, 0);
	replay_all(&part);
	ck_assert(is_close(replay_value(&part, run.model.mean, 0), 1.125, 1e-15));
	replay_free(&part);
	run_end(&run);
}
END_TEST

START_TEST(batch_means_are_steps_of_their_own)
{
	Run run;
	run_start(&run, "input x\nparam w = 1\nstate s = 0\nh[1] = w*x\nm = batch_mean(h[1])\n"
	                "d[k=1..1] = (h[k] - batch_mean(h[k]))/sqrt(batch_mean(h[k]^2))\n"
	                "E = d[1]^2\nminimize E\ns+ = 0.5*s + batch_mean(h[1])*batch_size\n"
	                "examples\nx\n1\n2\n6\nend\n");
	ck_value(&run, "m", 3);
	ck_value(&run, "d.mean[1]", 3);
	ck_value(&run, "d.mean2[1]", 41. / 3);
	ck_value(&run, "d[1]@3", 3 / sqrt(41. / 3));
	ck_value(&run, "s.mean", 3);
	ck_value(&run, "s+", 9);
	ck_assert(fabs(value_of(&run, "dE/dw")) < 1e-15);   // the mean and the deviation take out any scale
	run_end(&run);
}
END_TEST

START_TEST(grad_of_what_varies_is_that_of_its_mean)
{
	Run run;
	run_start(&run, "input x\nparam w = 3\ny = w^2*x\nz = grad(y, w)\nq = grad(y, x)\nr = grad(grad(y, w), w)\n"
	                "examples\nx\n1\n2\nend\n");
	ck_value(&run, "y", 13.5);
	ck_value(&run, "z", 9);
	ck_value(&run, "q@2", 4.5);
	ck_value(&run, "r", 3);
	run_end(&run);
}
END_TEST

// ---- Data

START_TEST(columns_are_found_by_name)
{
	Run run;
	run_start(&run, "input x[1..2,1..2]\ntarget y[1..3] onehot digit\nz = x[1,2] + 10*x[2,1] + 100*y[2] + 1000*y[3]\n"
	                "examples # of data\n\"x[2, 1]\",digit, x[ 1,2 ],x[1,1],x[2,2]\n5,2,7,0,0 # first\n1,3,2,0,0\nend\n");
	ck_value(&run, "z@1", 157);
	ck_value(&run, "z@2", 1012);
	ck_assert_str_eq(tape_family_text(&run.model.tape, run.model.onehot), "y");
	run_end(&run);
}
END_TEST

START_TEST(a_onehot_column_may_have_an_index)
{
	Run run;
	run_start(&run, "size T = 2\ninput c[t=1..T, 0..2] onehot tok[t]\nz[t=1..T] = sum(k=0..2, k*c[t,k])\n"
	                "examples\ntok[1],tok[2]\n2,0\n1,2\nend\n");
	ck_value(&run, "z[1]@1", 2);
	ck_value(&run, "z[2]@1", 0);
	ck_value(&run, "z[2]@2", 2);
	run_end(&run);
}
END_TEST

START_TEST(given_data_takes_the_place_of_examples)
{
	const char *csv = "junk,y,x\n9,1,4\n8,2,5\n";
	Table table = {0};
	Error error = {0};
	Run run;
	ck_assert(table_read(&table, "d.csv", csv, strlen(csv), 0, strlen(csv), ',', &error));
	run_start_with(&run, LINE ROWS, &(ModelOptions){.seed = 1, .data = &table});
	ck_assert_uint_eq(run.model.examples, 2);
	ck_value(&run, "z@2", 2.5);
	run_end(&run);
	table_free(&table);
}
END_TEST

START_TEST(a_plan_needs_no_data)
{
	Run run;
	run_start_with(&run, LINE, &(ModelOptions){.seed = 1, .needs_no_data = true, .batch = true});
	ck_assert_uint_eq(run.model.examples, 0);
	ck_assert(tape_varies(&run.model.tape, run.model.loss));
	run_end(&run);
}
END_TEST

START_TEST(the_answer_is_the_last_family_like_the_target)
{
	static const struct {
		const char *text, *answer;
	} row[] = {
		{"target y[0..2] onehot d\nparam w = 1\nz[k=0..2] = w*k\nq[k=0..1] = z[k]\np[k=0..2] = exp(z[k])\ns = p[0]\n", "p"},
		{"target y[0..2] onehot d\nparam w = 1\nz[k=0..2] = w*k\np[k=0..2] = exp(z[k])\npredict z\n", "z"},
		{"target y[0..2] onehot d\nparam w = 1\nz[k=1..3] = w*k\n", NULL},
		{"param w = 1\nz[k=0..2] = w*k\n", NULL},
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		Model model;
		must_read(&model, row[i].text, &(ModelOptions){.seed = 1, .needs_no_data = true});
		if (row[i].answer)
			ck_assert_str_eq(tape_family_text(&model.tape, model.predict), row[i].answer);
		else
			ck_assert_uint_eq(model.predict, NAME_NONE);
		model_free(&model);
	}
}
END_TEST

// ---- Settings and draws

START_TEST(settings_replace_values)
{
	const Setting set[] = {{"w", 2}, {"v[ 1 , 2 ]", 7}, {"n", 3}, {"x", 5}, {"c", 4}, {"w", 3}};
	Run run;
	run_start_with(&run, "size n = 2, m = 2*n\nconst c = 1, d = 2*c\ninput x\nparam w = 1, v[1..m, 1..2] = 0\n"
	               "z = w*x + d + v[1,2] + 100*m\n",
	               &(ModelOptions){.seed = 1, .setting = set, .setting_count = 6});
	ck_value(&run, "z", 3 * 5 + 8 + 7 + 600);
	ck_assert_uint_eq(run.model.param_count, 13);
	run_end(&run);
}
END_TEST

START_TEST(draws_depend_on_seed_family_and_index_alone)
{
	const char *one = "param a[1..3] ~ normal(0, 1)\nparam b ~ uniform(2, 3)\ny = a[2]\n";
	const char *two = "param b ~ uniform(2, 3), q ~ normal(0, 1)\nfor i = 2..3\nparam a[i] ~ normal(0, 1)\nend\ny = a[2]\n";
	Run first, second, third;
	run_start(&first, one);
	run_start(&second, two);
	run_start_with(&third, one, &(ModelOptions){.seed = 2});
	ck_assert_double_eq(value_of(&first, "a[2]"), value_of(&second, "a[2]"));
	ck_assert_double_eq(value_of(&first, "b"), value_of(&second, "b"));
	ck_assert_double_ne(value_of(&first, "a[2]"), value_of(&third, "a[2]"));
	ck_assert_double_ne(value_of(&first, "a[2]"), value_of(&first, "a[3]"));
	ck_assert(value_of(&first, "b") >= 2 && value_of(&first, "b") < 3);
	run_end(&first);
	run_end(&second);
	run_end(&third);
}
END_TEST

// ---- Updates

#define BOWL "param w = 2\nE = w^2\nminimize E\n"

// After two updates of w from 2 with the gradient 2*w: each rule's equations, written out.
START_TEST(built_in_rules_do_as_their_equations_say)
{
	double g1 = 4, w1, v1, m1, s1;
	Run run;
#define TWO_UPDATES(rule, expected1, expected2) \
	do { \
		run_start(&run, BOWL "update " rule "\n"); \
		ck_value(&run, "w+", expected1); \
		run_update(&run); \
		ck_value(&run, "w+", expected2); \
		run_end(&run); \
	} while (0)
	w1 = 2 - 0.1 * g1;
	TWO_UPDATES("sgd(rate = 0.1)", w1, w1 - 0.1 * 2 * w1);
	w1 = 2 - 0.1 * (g1 + 0.5 * 2);
	TWO_UPDATES("sgd(rate = 0.1, decay = 0.5)", w1, w1 - 0.1 * (2 * w1 + 0.5 * w1));
	w1 = 2 - 0.1 * g1;
	TWO_UPDATES("momentum(rate = 0.1)", w1, w1 - 0.1 * (0.9 * g1 + 2 * w1));
	w1 = 2 - 0.1 * (g1 + 0.9 * g1);
	v1 = 0.9 * g1 + 2 * w1;
	TWO_UPDATES("nesterov(rate = 0.1)", w1, w1 - 0.1 * (2 * w1 + 0.9 * v1));
	w1 = 2 - 0.1 * g1 / (sqrt(g1 * g1) + 1e-10);
	TWO_UPDATES("adagrad(rate = 0.1)", w1, w1 - 0.1 * 2 * w1 / (sqrt(g1 * g1 + 4 * w1 * w1) + 1e-10));
	s1 = 0.01 * g1 * g1;
	w1 = 2 - 0.1 * g1 / (sqrt(s1) + 1e-8);
	TWO_UPDATES("rmsprop(rate = 0.1)", w1, w1 - 0.1 * 2 * w1 / (sqrt(0.99 * s1 + (1 - 0.99) * 4 * w1 * w1) + 1e-8));
	m1 = (1 - 0.9) * g1;
	s1 = (1 - 0.999) * g1 * g1;
	w1 = 2 - 0.001 * g1 / (sqrt(g1 * g1) + 1e-8);
	double m2 = (0.9 * m1 + (1 - 0.9) * 2 * w1) / (1 - 0.81), s2 = (0.999 * s1 + (1 - 0.999) * 4 * w1 * w1) / (1 - 0.998001);
	TWO_UPDATES("adam()", w1, w1 - 0.001 * m2 / (sqrt(s2) + 1e-8));
	w1 = 2 * (1 - 0.001 * 0.01) - 0.001 * g1 / (sqrt(g1 * g1) + 1e-8);
	run_start(&run, BOWL "update adamw\n");
	ck_value(&run, "w+", w1);
	run_end(&run);
}
END_TEST

static size_t count_nodes(const Model *model, Op op)
{
	size_t count = 0;
	for (Node i = model->gradient_end; i < model->tape.count; i++)
		count += tape_op(&model->tape, i) == op;
	return count;
}

START_TEST(an_argument_of_0_or_1_folds_away)
{
	static const struct {
		const char *update;
		size_t products, names;
	} row[] = {
		{"sgd(rate = 0.1)", 1, 1}, {"sgd(rate = 1)", 0, 0}, {"sgd(rate = 2 - 1, decay = 1 - 1)", 0, 0},
		{"sgd(rate = 0.1, decay = 0.2)", 2, 2}, {"momentum(rate = 0.1, mu = 0)", 1, 1},
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		char text[200];
		Model model;
		snprintf(text, sizeof text, BOWL "update %s\n", row[i].update);
		must_read(&model, text, &(ModelOptions){.seed = 1});
		ck_assert_msg(count_nodes(&model, OP_PROD) == row[i].products, "%s", text);
		ck_assert_msg(count_nodes(&model, OP_CONST) == row[i].names, "%s", text);
		model_free(&model);
	}
}
END_TEST

START_TEST(arguments_are_consts_steps_or_what_they_name)
{
	Run run;
	run_start(&run, "param w = 2, v = 3\nconst r = 0.25\nstate s = 0.5\nE = w^2 + v^2\nminimize E\ns+ = s/2\n"
	                "update sgd(rate = r) on w\nupdate sgd(rate = 0.1/(1 + t), decay = s)\n");
	uint32_t lane;
	ck_assert_uint_eq(find_name(&run, "update.rate", &lane), NODE_NONE);
	ck_value(&run, "w+", 1);
	ck_value(&run, "update2.rate", 0.05);
	ck_value(&run, "v+", 3 - 0.05 * (6 + 1.5));
	run_update(&run);
	ck_value(&run, "update.t", 2);
	ck_value(&run, "s", 0.25);
	ck_value(&run, "update2.rate", 0.1 / 3);
	run_end(&run);
}
END_TEST

START_TEST(updates_share_out_the_params)
{
	Run run;
	run_start(&run, "param a = 1, b[1..2] = 1, c = 1, d = 1\nE = a + b[1] + b[2] + c + d\nminimize E\n"
	                "update sgd(rate = 0.5) on b, c\nupdate sgd(rate = 0.25) on a\n");
	ck_value(&run, "a+", 0.75);
	ck_value(&run, "b[2]+", 0.5);
	ck_value(&run, "dE/dd", 1);
	ck_assert_uint_eq(run.model.carry_count, 4);
	run_update(&run);
	ck_value(&run, "d", 1);
	ck_value(&run, "c", 0.5);
	run_end(&run);
}
END_TEST

START_TEST(own_rules_see_what_the_language_says)
{
	Run run;
	// `t` of the model does not reach the built-in rule, and hides the update's in the own one only if it is seen there.
	run_start(&run, "size t = 3, k = 2\nconst c = 10\nparam w = 2, v = 2\nE = w^2 + v^2\nminimize E\n"
	                "optimizer mine(rate, extra = k)\n  state a = 1, b = c\n  a+ = a+1 # one more\n"
	                "  half = g/2\n  b+=b-half\n  w+ = w - rate*half + t + extra + a+\nend\n"
	                "update mine(rate = 0.5) on w\nupdate adam() on v\n");
	ck_value(&run, "w.half", 2);
	ck_value(&run, "w.a", 1);
	ck_value(&run, "w.a+", 2);
	ck_value(&run, "w.b+", 8);
	ck_value(&run, "w+", 2 - 1 + 3 + 2 + 2);
	ck_value(&run, "update.t", 1);
	ck_assert(is_close(value_of(&run, "v+"), 2 - 0.001, 1e-9));
	run_end(&run);
}
END_TEST

START_TEST(a_target_named_t_leaves_the_number_of_the_update)
{
	Run run;
	run_start(&run, "target t = 0.5\nparam w = 2\nE = (w - t)^2\nminimize E\nupdate adam()\n");
	ck_value(&run, "update.t", 1);
	run_end(&run);
	run_start(&run, "target t = 0.5\nparam w = 2\nE = (w - t)^2\nminimize E\nupdate sgd(rate = 0.1*t)\n");
	ck_value(&run, "update.rate", 0.05);
	run_end(&run);
}
END_TEST

START_TEST(a_plus_belongs_to_a_state_only_before_certain_characters)
{
	static const struct {
		const char *line;
		double value;
	} row[] = {   // v is 1 and v+ is 5
		{"v+", 5}, {"v+ + 1", 6}, {"v+-1", 4}, {"v+1", 2}, {"v + 1", 2}, {"(v+)", 5}, {"max(v+, 2)", 5}, {"v+g", 5},
		{"v+(2)", 3}, {"2*v+/5", 2}, {"v+ # end", 5}, {"v+ ^2", 25}, {"v +1", 2}, {"v++v+", 10},
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		char text[300];
		Run run;
		snprintf(text, sizeof text, BOWL "optimizer o()\nstate v = 1\nv+ = 5*v\nw+ = %s\nend\nupdate o\n", row[i].line);
		run_start(&run, text);
		double value = value_of(&run, "w+");
		ck_assert_msg(is_close(value, row[i].value, 1e-15), "%s is %g", row[i].line, value);
		run_end(&run);
	}
}
END_TEST

START_TEST(params_that_the_loss_does_not_reach_have_a_gradient_of_0)
{
	Run run;
	run_start(&run, "param w = 2, q = 3\nE = w^2\nother = 2*q\nminimize E\nupdate sgd(rate = 0.1)\n");
	ck_value(&run, "dE/dq", 0);
	ck_value(&run, "q+", 3);
	run_end(&run);
}
END_TEST

START_TEST(the_parts_of_the_tape_are_in_order)
{
	Run run;
	run_start(&run, LINE "update momentum(rate = 0.1)\n" ROWS);
	const Model *model = &run.model;
	ck_assert(model->loss < model->mean && model->mean < model->forward_end);
	ck_assert(model->forward_end < model->gradient_end && model->gradient_end < model->tape.count);
	ck_assert(model->gradient == gradient_kept(&model->tape, model->mean));
	ck_assert_uint_eq(model->param_count, 1);
	ck_assert_uint_eq(model->state_count, 1);
	ck_assert_uint_eq(model->carry_count, 2);
	run_end(&run);
}
END_TEST

START_TEST(a_used_file_is_part_of_the_model)
{
	Run run;
	run_start_with(&run, "use \"example1.model\"\nz = 2*E_total\n",
	               &(ModelOptions){.seed = 1, .include = "tests/models"});
	ck_assert(is_close(value_of(&run, "z"), 2 * 0.29837110876, 1e-9));
	ck_assert(is_close(value_of(&run, "w5+"), 0.35891648, 1e-8));
	run_end(&run);
}
END_TEST

SUITE(a_batch_varies_and_its_loss_is_the_mean, one_example_bears_no_number, a_replay_takes_any_part_of_the_data,
      batch_means_are_steps_of_their_own, grad_of_what_varies_is_that_of_its_mean, columns_are_found_by_name,
      a_onehot_column_may_have_an_index, given_data_takes_the_place_of_examples, a_plan_needs_no_data,
      the_answer_is_the_last_family_like_the_target, settings_replace_values,
      draws_depend_on_seed_family_and_index_alone, built_in_rules_do_as_their_equations_say,
      an_argument_of_0_or_1_folds_away, arguments_are_consts_steps_or_what_they_name, updates_share_out_the_params,
      own_rules_see_what_the_language_says, a_target_named_t_leaves_the_number_of_the_update,
      a_plus_belongs_to_a_state_only_before_certain_characters,
      params_that_the_loss_does_not_reach_have_a_gradient_of_0, the_parts_of_the_tape_are_in_order,
      a_used_file_is_part_of_the_model)
