// The training loop against the tape replayed step by step, interrupted and continued, and its
// parts: the order of examples, compact storage, gathering.
#include "tests/test_model.h"
#include "tutor/train/loop.h"
#include "tutor/train/data.h"

#include <unistd.h>

static const char small_net[] =
	"size n = 3, m = 4, c = 3\n"
	"input x[1..n], s\n"
	"target y[0..c-1] onehot kind\n"
	"param w1[1..m, 1..n] ~ normal(0, 1)\n"
	"param b1[1..m] = 0\n"
	"param w2[0..c-1, 1..m] ~ normal(0, 1)\n"
	"net[j=1..m] = sum(i=1..n, w1[j,i]*x[i]) + s*b1[j]\n"
	"h[j=1..m] = tanh(net[j])\n"
	"z[k=0..c-1] = sum(j=1..m, w2[k,j]*h[j])\n"
	"S = sum(k=0..c-1, exp(z[k]))\n"
	"p[k=0..c-1] = exp(z[k])/S\n"
	"L = log(S) - sum(k=0..c-1, y[k]*z[k])\n"
	"minimize L\npredict p\nupdate adam(rate = 0.05)\n"
	"examples\nx[1],kind,x[2],x[3],s\n"
	"0.5,0,1,2,1\n-1,1,0.25,3,0.5\n2,2,-1.5,0.125,1\n0.75,1,1e-3,-2,1\n1,0,0,1,-1\n"
	"3,2,2,-1,0.1\n-0.3,0,0.7,0.2,1\nend\n";

// A model and the examples that it brings.
typedef struct Set {
	Model model;
	Examples data;
} Set;

static void set_start(Set *set, const char *text)
{
	must_read(&set->model, text, &(ModelOptions){.seed = 1, .batch = true});
	data_of_model(&set->data, &set->model);
}

static void set_end(Set *set)
{
	examples_free(&set->data);
	model_free(&set->model);
}

static TrainingOptions plain(EngineKind engine)
{
	return (TrainingOptions){
		.batch = 3, .epochs = 5, .seed = 1, .precision = PROGRAM_DOUBLE, .engine = engine};
}

static void train(Training *training, Set *set, const TrainingOptions *options,
                  const Observer *observer)
{
	Error error = {0};
	ck_assert_msg(
		training_start(training, &set->model, &set->data, NULL, options, &error),
		"%s", error.message);
	ck_assert_msg(training_run(training, observer, &error), "%s", error.message);
}

// ---- Against the tape

// `steps` updates by replay, in batches of `batch` in the order of the file; the mean loss of each
// epoch in `loss`.
static void replay_updates(const Model *model, Replay *replay, uint32_t batch, int epochs,
                           double *loss)
{
	size_t total = model->examples;
	*replay = (Replay){0};
	for (int epoch = 0; epoch < epochs; epoch++) {
		loss[epoch] = 0;
		for (size_t first = 0; first < total; first += batch) {
			size_t count = total - first < batch ? total - first : batch;
			Replay next;
			model_start(model, &next, first, count);
			for (size_t i = 0; replay->tape && i < model->carry_count; i++)
				replay_set_all(&next, model->carry[i].leaf,
				               replay_value(replay, model->carry[i].leaf, 0));
			replay_free(replay);
			*replay = next;
			replay_all(replay);
			loss[epoch] += replay_value(replay, model->mean, 0) * (double)count / (double)total;
			model_carry(model, replay);
		}
	}
}

typedef struct Seen {
	double loss[10];
	int epochs;
	volatile sig_atomic_t stop;
	uint64_t stop_at;
} Seen;

static bool see_epoch(void *context, const Training *training, const EpochReport *report,
                      Error *error)
{
	(void)training, (void)error;
	Seen *seen = context;
	ck_assert_int_eq((int)report->epoch, seen->epochs + 1);
	seen->loss[seen->epochs++] = report->loss;
	return true;
}

static void compare_leaves(const Training *training, const Replay *replay, double tolerance)
{
	const Model *model = training->model;
	for (size_t i = 0; i < model->carry_count; i++) {
		double wanted = replay_value(replay, model->carry[i].leaf, 0);
		double got = engine_value(training->engine, model->carry[i].leaf, 0);
		ck_assert_msg(fabs(got - wanted) <= tolerance * fmax(1, fabs(wanted)),
		              "leaf %zu: %.17g, not %.17g", i, got, wanted);
	}
}

START_TEST(test_same_as_the_tape)
{
	static const struct {
		EngineKind engine;
		Precision precision;
		uint32_t batch;
		double tolerance;
	} rows[] = {
		{ENGINE_REPLAY, PROGRAM_DOUBLE, 3, 0},      {ENGINE_REPLAY, PROGRAM_DOUBLE, 7, 0},
		{ENGINE_REPLAY, PROGRAM_DOUBLE, 1, 0},      {ENGINE_LIFTED, PROGRAM_DOUBLE, 1, 1e-12},
		{ENGINE_LIFTED, PROGRAM_DOUBLE, 3, 1e-12},  {ENGINE_LIFTED, PROGRAM_DOUBLE, 4, 1e-12},
		{ENGINE_LIFTED, PROGRAM_DOUBLE, 99, 1e-12}, {ENGINE_LIFTED, PROGRAM_SINGLE, 3, 1e-3},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		Set set = {0};
		Training training;
		Replay replay;
		double loss[5];
		Seen seen = {0};
		TrainingOptions options = plain(rows[i].engine);
		options.precision = rows[i].precision;
		options.batch = rows[i].batch;
		set_start(&set, small_net);
		train(&training, &set, &options, &(Observer){.context = &seen, .epoch = see_epoch});
		replay_updates(&set.model, &replay, rows[i].batch, 5, loss);
		compare_leaves(&training, &replay, rows[i].tolerance);
		for (int epoch = 0; epoch < 5; epoch++)
			ck_assert_msg(fabs(seen.loss[epoch] - loss[epoch]) <= fmax(1e-14, rows[i].tolerance),
			              "epoch %d of row %zu: %.17g, not %.17g", epoch, i, seen.loss[epoch],
			              loss[epoch]);
		replay_free(&replay);
		training_end(&training);
		set_end(&set);
	}
}
END_TEST

START_TEST(test_without_inputs)
{
	Set set = {0};
	Training training;
	TrainingOptions options = plain(ENGINE_LIFTED);
	set_start(&set, "param w = 3\nL = (w - 1)^2\nminimize L\nupdate sgd(rate = 0.25)\n");
	train(&training, &set, &options, &(Observer){0});
	ck_assert_int_eq((int)training.position.updates, 5);
	ck_assert_double_eq(engine_value(training.engine, set.model.param[0], 0), 1 + 2 * pow(0.5, 5));
	Evaluation end = training_evaluate(&training, &set.data);
	ck_assert_double_eq(end.loss, pow(2 * pow(0.5, 5), 2));
	ck_assert(isnan(end.accuracy));
	training_end(&training);
	set_end(&set);
}
END_TEST

START_TEST(test_accuracy)
{
	static const char text[] =
		"input x[0..2]\ntarget y[0..2] onehot kind\nparam w = 1\np[k=0..2] = w*x[k]\n"
		"L = -sum(k=0..2, y[k]*p[k])\nminimize L\nupdate sgd(rate = 0)\n"
		"examples\nx[0],x[1],x[2],kind\n1,0,0,0\n0,2,1,1\n5,5,0,0\n5,5,0,1\n1,2,3,1\nend\n";
	Set set = {0};
	Training training;
	TrainingOptions options = plain(ENGINE_LIFTED);
	set_start(&set, text);
	train(&training, &set, &options, &(Observer){0});
	ck_assert_double_eq(training_evaluate(&training, &set.data).accuracy, 0.6);
	training_end(&training);
	set_end(&set);
}
END_TEST

// A scalar that `predict` names, for a target that is 0 or 1: a half decides. No accuracy where the target is another
// number, or nothing is named.
START_TEST(test_accuracy_of_a_scalar)
{
	static const struct {
		const char *predict, *last;
		double accuracy;
	} rows[] = {{"predict p\n", "1", 0.75}, {"predict p\n", "0", 0.5}, {"predict p\n", "0.25", NAN}, {"", "1", NAN}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[400];
		Set set = {0};
		Training training;
		TrainingOptions options = plain(ENGINE_LIFTED);
		snprintf(text, sizeof text,
		         "input x\ntarget y\nparam w = 1\np = w*x\nL = (y - p)^2\nminimize L\n%supdate sgd(rate = 0)\n"
		         "examples\nx,y\n0.5,0\n0.2,1\n0.75,1\n9,%s\nend\n",
		         rows[i].predict, rows[i].last);
		set_start(&set, text);
		train(&training, &set, &options, &(Observer){0});
		double accuracy = training_evaluate(&training, &set.data).accuracy;
		ck_assert_msg(isnan(rows[i].accuracy) ? isnan(accuracy) : accuracy == rows[i].accuracy, "row %zu: %g", i,
		              accuracy);
		training_end(&training);
		set_end(&set);
	}
}
END_TEST

// ---- Interrupted and continued

static void count_tick(void *context, const Training *training)
{
	Seen *seen = context;
	seen->stop = training->position.updates >= seen->stop_at;
}

START_TEST(test_continued_bit_for_bit)
{
	char path[] = "/tmp/test_train_XXXXXX";
	close(mkstemp(path));
	for (uint64_t stop = 1; stop < 15; stop++) {
		Error error = {0};
		double whole[100];
		TrainingOptions options = plain(ENGINE_LIFTED);
		options.shuffle = true;
		for (int continued = 0; continued < 2; continued++) {
			Set set = {0};
			Training training;
			set_start(&set, small_net);
			if (continued) {
				Seen seen = {.stop_at = stop};
				options.save = path;
				train(&training, &set, &options,
				      &(Observer){.context = &seen, .tick = count_tick, .interrupted = &seen.stop});
				ck_assert_int_eq(training.end, TRAINING_INTERRUPTED);
				training_end(&training);
				set_end(&set);
				set = (Set){0};
				set_start(&set, small_net);
				ck_assert_msg(checkpoint_load(path, &set.model, &options.from, &error), "%s",
				              error.message);
				ck_assert(options.from.under_way);
			}
			train(&training, &set, &options, &(Observer){0});
			ck_assert_int_eq((int)training.position.updates, 15);
			for (size_t i = 0; i < set.model.carry_count; i++) {
				double value = engine_value(training.engine, set.model.carry[i].leaf, 0);
				if (continued)
					ck_assert_msg(memcmp(&value, &whole[i], sizeof value) == 0,
					              "stopped at %d: %.17g, not %.17g", (int)stop, value, whole[i]);
				whole[i] = value;
			}
			training_end(&training);
			set_end(&set);
		}
	}
	unlink(path);
}
END_TEST

// ---- Stopped early

// w goes from 0 to what is trained on, 1, and on its way by the test set's half.
static const char passing[] =
	"input x\ntarget y\nparam w = 0\nL = (y - w*x)^2\nminimize L\nupdate momentum(rate = 0.01/(1 + 0.001*t), mu = 0.5)\n"
	"examples\nx,y\n1,1\n2,2\n0.5,0.5\nend\n";

static void train_tested(Training *training, Set *set, TrainingOptions *options, const char *load,
                         const Observer *observer)
{
	static const double half[] = {1, 0.5};
	Error error = {0};
	Examples test = {.columns = 2};
	*set = (Set){0};
	set_start(set, passing);
	examples_add(&test, half);
	ck_assert_msg(!load || checkpoint_load(load, &set->model, &options->from, &error), "%s", error.message);
	ck_assert_msg(training_start(training, &set->model, &set->data, &test, options, &error), "%s", error.message);
	ck_assert_msg(training_run(training, observer, &error), "%s", error.message);
	examples_free(&test);
}

// w, v and t as they are, or compared bit for bit with those of another run.
static void note_leaves(const Training *training, double leaf[3], bool compare)
{
	ck_assert_uint_eq(training->model->carry_count, 3);
	for (size_t i = 0; i < 3; i++) {
		double value = engine_value(training->engine, training->model->carry[i].leaf, 0);
		ck_assert_msg(!compare || memcmp(&value, &leaf[i], sizeof value) == 0, "leaf %zu: %.17g, not %.17g", i,
		              value, leaf[i]);
		leaf[i] = value;
	}
}

// What is kept is the run of as many epochs, wherever it was interrupted and gone on with.
START_TEST(test_best_epoch_is_kept)
{
	enum { STEPS = 2, PATIENCE = 4 };
	char path[] = "/tmp/test_train_XXXXXX";
	close(mkstemp(path));
	double kept[3];
	Set set;
	Training training;
	TrainingOptions options = plain(ENGINE_LIFTED);
	options.batch = 2;
	options.shuffle = true;
	options.epochs = 1000;
	options.patience = PATIENCE;
	train_tested(&training, &set, &options, NULL, &(Observer){0});
	ck_assert_int_eq(training.end, TRAINING_STOPPED_EARLY);
	uint64_t best = training.position.best_epoch, made = training.made;
	ck_assert_uint_gt(best, 2);
	ck_assert_uint_eq(made, STEPS * (best + PATIENCE));
	ck_assert_uint_eq(training.position.updates, STEPS * best);
	note_leaves(&training, kept, false);
	training_end(&training);
	set_end(&set);
	for (uint64_t stop = 1; stop < made; stop++) {
		Seen seen = {.stop_at = stop};
		TrainingOptions saved = options;
		saved.save = path;
		train_tested(&training, &set, &saved, NULL,
		             &(Observer){.context = &seen, .tick = count_tick, .interrupted = &seen.stop});
		ck_assert_int_eq(training.end, TRAINING_INTERRUPTED);
		training_end(&training);
		set_end(&set);
		train_tested(&training, &set, &saved, path, &(Observer){0});
		ck_assert_int_eq(training.end, TRAINING_STOPPED_EARLY);
		ck_assert_uint_eq(training.begun_at + training.made, made);
		note_leaves(&training, kept, true);
		training_end(&training);
		set_end(&set);
	}
	options.epochs = best;
	options.patience = 0;
	train_tested(&training, &set, &options, NULL, &(Observer){0});
	note_leaves(&training, kept, true);
	training_end(&training);
	set_end(&set);
	unlink(path);
}
END_TEST

// ---- The parts

START_TEST(test_order)
{
	Order order;
	order_start(&order, 1000, 7, true);
	uint32_t first[1000];
	int moved = 0;
	for (uint64_t epoch = 0; epoch < 3; epoch++) {
		bool seen[1000] = {false};
		order_epoch(&order, epoch);
		for (uint32_t i = 0; i < 1000; i++) {
			ck_assert(order.row[i] < 1000 && !seen[order.row[i]]);
			seen[order.row[i]] = true;
			moved += epoch && first[i] != order.row[i];
		}
		if (!epoch)
			memcpy(first, order.row, sizeof first);
	}
	ck_assert_int_gt(moved, 1900);
	order_epoch(&order, 0);
	ck_assert(memcmp(first, order.row, sizeof first) == 0);
	order_free(&order);
	order_start(&order, 10, 7, false);
	order_epoch(&order, 3);
	for (uint32_t i = 0; i < 10; i++)
		ck_assert_uint_eq(order.row[i], i);
	order_free(&order);
}
END_TEST

// Each of the six orders of three examples comes about as often.
START_TEST(test_order_is_fair)
{
	Order order;
	int count[27] = {0};
	order_start(&order, 3, 1, true);
	for (uint64_t epoch = 0; epoch < 6000; epoch++) {
		order_epoch(&order, epoch);
		count[order.row[0] * 9 + order.row[1] * 3 + order.row[2]]++;
	}
	int kinds = 0;
	for (int i = 0; i < 27; i++) {
		kinds += count[i] > 0;
		ck_assert(!count[i] || (count[i] > 880 && count[i] < 1120));
	}
	ck_assert_int_eq(kinds, 6);
	order_free(&order);
}
END_TEST

START_TEST(test_storage)
{
	static const double rows[][2] = {{0, 255}, {1, 17},         {0.5, -1},
	                                 {3, 4},   {0.1, INFINITY}, {-0.0, 1e300}};
	static const NumberWidth widths[] = {WIDTH_BYTE,  WIDTH_BYTE,   WIDTH_FLOAT,
	                                     WIDTH_FLOAT, WIDTH_DOUBLE, WIDTH_DOUBLE};
	Examples examples = {.columns = 2};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		examples_add(&examples, rows[i]);
		ck_assert_int_eq(examples.width, widths[i]);
		for (size_t k = 0; k <= i; k++)
			for (size_t c = 0; c < 2; c++) {
				double value = examples_at(&examples, k, c);
				ck_assert_msg(memcmp(&value, &rows[k][c], sizeof value) == 0, "row %zu: %.17g", k,
				              value);
			}
	}
	examples_free(&examples);
}
END_TEST

// The columns that data must have, in the order of the leaves; a label's are those of its one-hot's elements.
START_TEST(test_columns)
{
	static const char text[] =
		"size T = 3\nconst q = 2\ninput a, x[t=1..T, 0..1] onehot tok[q*t]\ntarget y\nparam w = 1\n"
		"E = (y - w*a*sum(t=1..T, x[t,1]))^2\nminimize E\nupdate sgd(rate = 0.1)\n";
	static const char *const names[] = {"a", "tok[2]", "tok[4]", "tok[6]", "y"};
	Model model;
	must_read(&model, text, &(ModelOptions){.seed = 1, .batch = true, .needs_no_data = true});
	ck_assert_uint_eq(model.columns, 5);
	for (int i = 0; i < 5; i++)
		ck_assert_str_eq(model.column[i].name, names[i]);
	ck_assert_uint_eq(model.feed_count, 8);
	for (size_t i = 0; i < model.feed_count; i++)
		ck_assert_ptr_eq(model_feed_of(&model, model.feed[i].leaf), &model.feed[i]);
	ck_assert_ptr_null(model_feed_of(&model, model.param[0]));
	ck_assert(model.column[4].target && !model.column[1].target);
	ck_assert_int_eq(model.column[1].high, 1);
	model_free(&model);
}
END_TEST

// One column for a number and for a label, and one that is there but not taken: the model's examples and those of
// another file have the same columns.
START_TEST(test_shared_column)
{
	static const char text[] =
		"input a, b\ninput kind\ntarget y[0..1] onehot kind\nparam w = 1\n"
		"E = (y[1] - w*a*b*kind)^2\nminimize E\nupdate sgd(rate = 0.1)\n"
		"examples\na,b,kind\n1,7,1\n2,8,0\n3,9,1\nend\n";
	Setting setting = {"b", 2};
	Set set = {0};
	must_read(&set.model, text,
	          &(ModelOptions){.seed = 1, .batch = true, .setting = &setting, .setting_count = 1});
	data_of_model(&set.data, &set.model);
	ck_assert_uint_eq(set.model.columns, 2);
	ck_assert_uint_eq(set.data.columns, 2);
	ck_assert_double_eq(examples_at(&set.data, 1, 0), 2);
	Training training;
	TrainingOptions options = plain(ENGINE_LIFTED);
	train(&training, &set, &options, &(Observer){0});
	Evaluation end = training_evaluate(&training, &set.data);
	double w = engine_value(training.engine, set.model.param[0], 0);
	ck_assert_double_eq_tol(end.loss, (pow(1 - w * 2, 2) + pow(1 - w * 6, 2)) / 3, 1e-14);
	training_end(&training);
	set_end(&set);
}
END_TEST

// Where floats have no odd numbers any more, t still counts: the rule sees it rounded, not stopped.
START_TEST(test_many_updates)
{
	enum { START = (1 << 24) - 2, RUNS = 9 };
	Model model;
	must_read(&model, "param w = 0\nL = w\nminimize L\nupdate sgd(rate = t - 16777214)\n",
	          &(ModelOptions){.seed = 1});
	for (Precision precision = PROGRAM_SINGLE; precision <= PROGRAM_DOUBLE; precision++) {
		Engine *engine = engine_new(ENGINE_LIFTED, &model,
		                            &(EngineOptions){.update = true, .precision = precision, .lanes = 1});
		engine_set(engine, model.t, START);
		double wanted = 0;
		for (int k = 0; k < RUNS; k++) {
			wanted -= (precision == PROGRAM_SINGLE ? (double)(float)(START + k) : START + k) - START;
			engine_feed(engine, NULL, 0, 1);
			engine_run(engine);
		}
		ck_assert_double_eq(engine_value(engine, model.param[0], 0), wanted);
		ck_assert_double_eq(engine_value(engine, model.t, 0), START + RUNS);
		engine_free(engine);
	}
	model_free(&model);
}
END_TEST

SUITE(test_same_as_the_tape, test_without_inputs, test_accuracy,
      test_accuracy_of_a_scalar, test_continued_bit_for_bit, test_best_epoch_is_kept,
      test_order, test_order_is_fair, test_storage, test_columns, test_shared_column,
      test_many_updates)
