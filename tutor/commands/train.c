#include "tutor/commands/train_report.h"
#include "tutor/terminal.h"
#include "tutor/train/moment.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BATCH = 32, STATUS_INTERRUPTED = 130 };

// Ctrl-C: the step under way is finished, the run saved. A second one ends the program at once.
static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

static void train_free(Train *train)
{
	training_end(&train->training);
	train_log_close(&train->log);
	curve_free(&train->curve);
	prepared_free(&train->prepared);
}

// ---- What it is asked for

typedef struct File {
	const char *what, *path;
} File;

// Whether both are one file, of those that are there, or will be.
static bool is_same(const char *a, const char *b)
{
	struct stat one, other;
	bool there = stat(a, &one) == 0, too = stat(b, &other) == 0;
	if (!there || !too)
		return !there && !too && strcmp(a, b) == 0;
	return S_ISREG(one.st_mode) && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

// What is read must not be written, nor two results to one file.
static bool check_files(const char *model, const Options *options, Error *error)
{
	const File file[] = {
		{"the model", model}, {"--data", options->data}, {"--test", options->test}, {"--save", options->save},
		{"--log", options->log}, {"--plot", options->plot}, {"--output", options->output},
	};
	enum { FILES = sizeof file / sizeof *file, WRITTEN = 3 };
	for (size_t i = WRITTEN; i < FILES; i++)
		for (size_t k = 0; k < i; k++)
			if (file[i].path && file[k].path && strcmp(file[i].path, "-") != 0 && is_same(file[i].path, file[k].path))
				return error_set(error, "%s and %s are one file: '%.200s'", file[k].what, file[i].what, file[i].path);
	return true;
}

// Better now than when the training is over. What is no file, a pipe or a device, is not opened twice.
static bool can_write(const char *path, Error *error)
{
	Output output;
	struct stat found;
	if (!path || (stat(path, &found) == 0 && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode)))
		return true;
	bool good = output_open(&output, path, error);
	if (good)
		output_abandon(&output);
	return good;
}

static bool check_call(const Call *call, Error *error)
{
	const Options *options = call->options;
	if (options->of && !options->explain)
		return error_set(error, "--of says what --explain T is to explain, which is missing");
	return check_files(call->operands[0], options, error) && can_write(options->save, error) &&
	       can_write(options->plot, error);
}

// ---- The run

static bool read_options(const Options *options, TrainingOptions *how, Error *error)
{
	int precision = options_choice("precision", options->precision, "double|single", error);
	*how = (TrainingOptions){
		.batch = options->batch ? (uint32_t)options->batch : BATCH,
		.epochs = (uint64_t)options->epochs,
		.patience = (uint64_t)options->patience,
		.seed = (uint64_t)options->seed,
		.shuffle = !options->no_shuffle,
		.precision = precision == 1 ? PROGRAM_SINGLE : PROGRAM_DOUBLE,
		.engine = ENGINE_LIFTED,
		.threads = (uint32_t)options->threads,
		.save = options->save,
		.measure_epochs = options->log || options->norms,
		.norms = options->norms,
		.explain = (uint64_t)options->explain,
	};
	return precision >= 0;
}

static bool see_epoch(void *context, const Training *training, const EpochReport *report,
                      Error *error)
{
	Train *train = context;
	if (isnan(train->first_loss))
		train->first_loss = report->loss;
	curve_add(&train->curve, report->epoch, report->loss, report->test_loss);
	progress_epoch(&train->progress, training, report);
	return train_log_row(&train->log, report, error);
}

static void see_tick(void *context, const Training *training)
{
	progress_tick(&((Train *)context)->progress, training);
}

static TextStyle style_of(const Options *options)
{
	return text_style(terminal_utf8() && !options->ascii, (int)options->digits,
	                  (uint32_t)terminal_width((int)options->width));
}

// --explain: the derivation of the step that comes next.
static bool see_step(void *context, Training *training, Error *error)
{
	Train *train = context;
	const Options *options = train->call->options;
	TextStyle style = style_of(options);
	progress_wipe(&train->progress);
	bool watched = terminal_is(STDOUT_FILENO) && !options->output && !options->quiet;
	return moment_explain(training, options->of, &style, watched, train->call->output, error);
}

// The step to explain, with its batch and the params that there are now, written to nowhere: a wrong
// name or too many rows are told before hours of training, and not behind them.
static bool try_step(Training *training, const Options *options, Error *error)
{
	uint64_t updates = training->position.updates;
	if (training->options.explain <= updates + 1)
		return true;
	TextStyle style = style_of(options);
	Output nowhere = {0};
	training->position.updates = training->options.explain - 1;
	bool good = moment_explain(training, options->of, &style, false, &nowhere, error);
	training->position.updates = updates;
	output_abandon(&nowhere);
	return good;
}

static bool start(Train *train, const Options *options, TrainingOptions *how, Error *error)
{
	Prepared *prepared = &train->prepared;
	if (options->load && !checkpoint_load(options->load, &prepared->model, &how->from, error))
		return false;
	progress_start(&train->progress, options->quiet);
	return training_start(&train->training, &prepared->model, &prepared->data,
	                      prepared->has_test ? &prepared->test : NULL, how, error) &&
	       try_step(&train->training, options, error) &&
	       train_log_open(&train->log, options->log, how->from.updates, &train->training.norms,
	                      error);
}

static bool run_training(Train *train, Error *error)
{
	struct sigaction catch = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND}, before;
	Observer observer = {train, see_epoch, see_tick, &interrupted, see_step};
	interrupted = 0;
	sigaction(SIGINT, &catch, &before);
	bool good = training_run(&train->training, &observer, error);
	train->seconds = training_seconds(&train->training);
	progress_wipe(&train->progress);
	sigaction(SIGINT, &before, NULL);
	return good;
}

// ---- What came of it

static bool write_plot(const Train *train, const char *path, Error *error)
{
	Output output;
	if (!path)
		return true;
	if (!output_open(&output, path, error))
		return false;
	curve_svg(&train->curve, &output, train->prepared.model.file);
	return output_close(&output, error);
}

// The first number of the data that is not finite; NULL if all are.
static const char *fault_of_data(const Model *model, const Examples *data, Arena *arena)
{
	for (size_t row = 0; data->width != WIDTH_BYTE && row < data->count; row++)
		for (size_t i = 0; i < data->columns; i++)
			if (!isfinite(examples_at(data, row, i)))
				return arena_printf(arena, ": %s = %g in example %zu: look at the data", model->column[i].name,
				                    examples_at(data, row, i), row + 1);
	return NULL;
}

static void tell_loss(const Training *training, double loss, const Examples *data,
                      const char *which)
{
	if (isfinite(loss))
		return;
	Arena arena = {0};
	const char *why = fault_of_data(training->model, data, &arena);
	if (!why)
		why = training->position.updates > training->begun_at
		          ? " with the params that the last update made: try a smaller rate"
		          : " with the params that the run begins with: look at the start values";
	fprintf(stderr, "the %sloss is no finite number%s\n", which, why);
	arena_free(&arena);
}

static bool finish(Train *train, Call *call, Error *error)
{
	const Options *options = call->options;
	if (train->training.end == TRAINING_NOT_FINITE) {
		Fault fault = fault_tell(&train->training, error);
		if (options->norms)
			train_tell_fault(train, &fault);
		return false;
	}
	train_tell_end(train, options);
	train->train = training_evaluate(&train->training, &train->prepared.data);
	train->test = training_evaluate(&train->training, train->training.test);
	tell_loss(&train->training, train->train.loss, &train->prepared.data, "");
	if (train->training.test)
		tell_loss(&train->training, train->test.loss, train->training.test, "test ");
	if (options->json)
		train_write_json(train, options, call->output);
	else
		train_write_text(train, options, call->output);
	if (options->norms && !options->json && train->curve.count)
		train_write_norms(train, call->output);
	return write_plot(train, options->plot, error);
}

static int run(Call *call, Error *error)
{
	Train train = {.call = call, .log.descriptor = -1, .first_loss = NAN};
	TrainingOptions how;
	bool good = read_options(call->options, &how, error) && check_call(call, error) &&
	            prepared_read(&train.prepared, call->operands[0], call->options, true, error) &&
	            start(&train, call->options, &how, error) && run_training(&train, error) &&
	            finish(&train, call, error);
	int status = !good                                        ? STATUS_WRONG
	             : train.training.end == TRAINING_INTERRUPTED ? STATUS_INTERRUPTED
	                                                          : STATUS_DONE;
	train_free(&train);
	return status;
}

const Command command_train = {
	.name = "train",
	.arguments = "MODEL",
	.summary = "trains on the lifted tape",
	.takes = TAKES_MODEL | TAKES(test) | TAKES(batch) | TAKES(epochs) | TAKES(no_shuffle) |
             TAKES(patience) | TAKES(precision) | TAKES(threads) | TAKES(save) | TAKES(load) |
             TAKES(log) | TAKES(plot) | TAKES(explain) | TAKES(norms) | TAKES(of) | TAKES(json) |
             TAKES(width) | TAKES(ascii),
	.operands = {1, 1},
	.run = run,
	.help =
		"  tutor train xor                            a model that brings its examples\n"
		"  tutor train digits --data digits.csv --test test.csv --epochs 20\n"
		"  tutor train fashion --data images.idx.gz,labels.idx.gz --precision single\n"
		"  tutor train net.model --data d.csv --save net.csv --log run.csv --plot run.svg\n"
		"  tutor train net.model --data d.csv --load net.csv --save net.csv   goes on\n"
		"  tutor train net.model --data d.csv --explain 7 --of w1[1,2],b1   that update, by hand\n",
	.notes = "Data is CSV with the columns that the model names, or IDX files: IMAGES,LABELS or a "
			 "folder with files of the\n"
			 "usual names (train-images-idx3-ubyte, t10k-...); each may be compressed by gzip.\n"
			 "--load goes on with a run that was interrupted, to its end; after a run that is "
			 "finished it makes --epochs more.\n"
			 "--explain takes names of params or families with --of, all rows of the derivation without it. --norms ends with a\n"
			 "table and verdicts: vanishing, exploding, dead, saturated, diverging, the numbers they rest on and what to try.\n"
			 "The mean batch loss of an epoch is taken batch by batch, while the params move; at the end the loss and the\n"
			 "accuracy are measured on all examples with the params that are kept.\n"
			 "Ctrl-C finishes the step, saves (--save) and ends with status 130.\n",
};
