#include "tutor/command.h"
#include "tutor/io/json_writer.h"
#include "tutor/terminal.h"
#include "tutor/train/clock.h"
#include "tutor/train/curve.h"
#include "tutor/train/moment.h"
#include "tutor/train/prepare.h"
#include "tutor/train/progress.h"
#include "tutor/train/train_log.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 32, STATUS_INTERRUPTED = 130 };

// Ctrl-C: the step under way is finished, the run saved. A second one ends the program at once.
static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

typedef struct Train {
	const Call *call;
	Prepared prepared;
	Training training;
	Curve curve;
	Progress progress;
	TrainLog log;
	Evaluation train, test;   // at the end
	double seconds;           // of training
	double first_loss;        // of the first epoch
} Train;

static void train_free(Train *train)
{
	training_end(&train->training);
	train_log_close(&train->log);
	curve_free(&train->curve);
	prepared_free(&train->prepared);
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

// --explain: the derivation of the step that comes next.
static bool see_step(void *context, Training *training, Error *error)
{
	Train *train = context;
	const Options *options = train->call->options;
	TextStyle style = text_style(terminal_utf8() && !options->ascii, (int)options->digits,
	                             (uint32_t)terminal_width((int)options->width));
	progress_wipe(&train->progress);
	bool watched = terminal_is(STDOUT_FILENO) && !options->output && !options->quiet;
	return moment_explain(training, options->of, &style, watched, train->call->output, error);
}

static bool start(Train *train, const Options *options, TrainingOptions *how, Error *error)
{
	Prepared *prepared = &train->prepared;
	if (options->load && !checkpoint_load(options->load, &prepared->model, &how->from, error))
		return false;
	progress_start(&train->progress, options->quiet);
	return training_start(&train->training, &prepared->model, &prepared->data,
	                      prepared->has_test ? &prepared->test : NULL, how, error) &&
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

static double rate_of(const Train *train)
{
	return train->seconds > 0 ? (double)train->training.examples_done / train->seconds : NAN;
}

static void write_verdict_json(void *context, const Verdict *verdict)
{
	JsonWriter *json = context;
	json_begin(json, '{');
	json_key(json, "verdict"), json_text(json, verdict->word);
	json_key(json, "text"), json_text(json, verdict->text);
	json_end(json, '}');
}

static void write_norms_json(const Train *train, JsonWriter *json)
{
	const Norms *norms = &train->training.norms;
	json_key(json, "families"), json_begin(json, '[');
	for (size_t i = 0; i < norms->families; i++) {
		const FamilyNorms *family = &norms->family[i];
		json_begin(json, '{');
		json_key(json, "name"), json_text(json, family->name);
		json_key(json, "params"), json_whole(json, family->params);
		json_key(json, "gradient_norm"), json_number(json, family->gradient);
		json_key(json, "update_ratio"), json_number(json, family->step / family->weight);
		json_end(json, '}');
	}
	json_end(json, ']');
	json_key(json, "dead_relus"), json_number(json, norms->dead);
	json_key(json, "saturated"), json_number(json, norms->saturation);
	json_key(json, "verdicts"), json_begin(json, '[');
	norms_verdicts(norms, train->first_loss, train->curve.last.loss, write_verdict_json, json);
	json_end(json, ']');
}

// What is kept where the run was stopped early: 0 where no epoch had a finite loss, so the last one.
static uint64_t epoch_kept(const Training *training)
{
	bool kept = training->end == TRAINING_STOPPED_EARLY && training->position.at_best.value;
	return kept ? training->position.best_epoch : 0;
}

static void write_json(const Train *train, const Options *options, Output *output)
{
	const Training *training = &train->training;
	EngineFacts facts = engine_facts(training->engine);
	JsonWriter json = {.output = output};
	json_begin(&json, '{');
#define NUMBER(key, value) (json_key(&json, key), json_number(&json, value))
#define COUNT(key, value) (json_key(&json, key), json_whole(&json, (int64_t)(value)))
	NUMBER("samples_per_second", rate_of(train));
	NUMBER("record_seconds", train->prepared.record_seconds);
	NUMBER("lift_seconds", facts.lift_seconds);
	NUMBER("read_seconds", train->prepared.read_seconds);
	NUMBER("train_seconds", train->seconds);
	COUNT("scalar_operations", train->prepared.operations);
	COUNT("vector_instructions", facts.instructions);
	NUMBER("loss", train->train.loss);
	NUMBER("test_loss", train->test.loss);
	NUMBER("accuracy", train->train.accuracy);
	NUMBER("test_accuracy", train->test.accuracy);
	COUNT("examples", train->prepared.data.count);
	COUNT("test_examples", train->prepared.test.count);
	COUNT("batch", training->options.batch);
	COUNT("updates", training->begun_at + training->made);
	json_key(&json, "precision"),
		json_text(&json, training->options.precision == PROGRAM_SINGLE ? "single" : "double");
	COUNT("threads", options->threads);
	json_key(&json, "interrupted"), json_bool(&json, training->end == TRAINING_INTERRUPTED);
	json_key(&json, "stopped_early"), json_bool(&json, training->end == TRAINING_STOPPED_EARLY);
	NUMBER("epoch_kept", epoch_kept(training) ? (double)epoch_kept(training) : NAN);
#undef NUMBER
#undef COUNT
	if (options->norms && train->curve.count)
		write_norms_json(train, &json);
	json_end(&json, '}');
	output_text(output, "\n");
}

static void write_measure(Output *output, const char *name, Evaluation measured)
{
	if (isnan(measured.loss))
		return;
	output_printf(output, "%-9s loss %.6g", name, measured.loss);
	if (!isnan(measured.accuracy))
		output_printf(output, ", accuracy %.2f %%", 100 * measured.accuracy);
	output_text(output, "\n");
}

static void write_text(const Train *train, const Options *options, Output *output)
{
	char updates[WHOLE_TEXT], done[WHOLE_TEXT], rate[WHOLE_TEXT];
	const Training *training = &train->training;
	output_printf(output, "%s updates, %s examples in %.2f s: %s a second\n",
	              whole_text(updates, (double)training->made),
	              whole_text(done, (double)training->examples_done), train->seconds,
	              whole_text(rate, rate_of(train)));
	if (epoch_kept(training))
		output_printf(output, "with the params of epoch %llu:\n",
		              (unsigned long long)epoch_kept(training));
	else if (!isnan(train->train.loss))
		output_text(output, "with the final params:\n");
	write_measure(output, "training", train->train);
	write_measure(output, "test", train->test);
	if (!options->quiet)
		curve_print(&train->curve, output, terminal_width((int)options->width),
		            terminal_utf8() && !options->ascii);
}

// --norms: each family's gradient and step, shares of units, and what is to be said of them.
static void write_verdict(void *output, const Verdict *verdict)
{
	output_printf(output, "%s: %s\n", verdict->word, verdict->text);
}

static void write_norms(const Train *train, double last, Output *output)
{
	const Norms *norms = &train->training.norms;
	int width = 12;
	for (size_t i = 0; i < norms->families; i++)
		width = (int)strlen(norms->family[i].name) > width ? (int)strlen(norms->family[i].name) : width;
	output_printf(output, "\n%-*s %10s %14s %14s\n", width, "family", "params", "gradient norm",
	              "update/weight");
	for (size_t i = 0; i < norms->families; i++) {
		const FamilyNorms *family = &norms->family[i];
		double gradient = family->gradient, ratio = family->step / family->weight;
		output_printf(output, "%-*s %10u %14.4g %14.4g\n", width, family->name, family->params,
		              isnan(gradient) ? NAN : gradient, isnan(ratio) ? NAN : ratio);
	}
	if (!isnan(norms->dead))
		output_printf(output, "%.1f %% of the relus are 0 for the whole batch\n",
		              100 * norms->dead);
	if (!isnan(norms->saturation))
		output_printf(output, "%.1f %% of the sigmoids and tanhs are saturated\n",
		              100 * norms->saturation);
	norms_verdicts(norms, train->first_loss, last, write_verdict, output);
}

// A run that ended with numbers that are not finite has no result: the table says what grew, the error where.
static void tell_norms(Train *train)
{
	Output text = {0};
	if (train->training.position.updates == 0)
		return;   // it was not finite from the start: so is all that there is to measure
	unsigned long long update = (unsigned long long)moment_norms(&train->training);
	output_printf(&text, "in update %llu:", update);
	write_norms(train, INFINITY, &text);
	fputs(output_memory(&text), stderr);
	output_abandon(&text);
}

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

static const char *loss_watched(const Train *train)
{
	return train->training.test ? "test" : "mean batch";
}

static void tell_early_stop(const Train *train)
{
	const Training *training = &train->training;
	unsigned long long last = train->curve.last.epoch, kept = epoch_kept(training);
	const char *of = loss_watched(train);
	fprintf(stderr, "stopped after epoch %llu: no ", last);
	if (kept)
		fprintf(stderr, "lower %s loss for %llu epoch%s; params of epoch %llu kept\n", of, last - kept,
		        last - kept == 1 ? "" : "s", kept);
	else
		fprintf(stderr, "%s loss was a finite number\n", of);
}

// What somebody who asked for patience is to know of a run that nobody stopped.
static void tell_best(const Train *train)
{
	const Position *position = &train->training.position;
	if (position->at_best.value && position->best_epoch < train->curve.last.epoch)
		fprintf(stderr, "not stopped early: params of epoch %llu, the last, kept; the lowest %s loss was that of epoch %llu\n",
		        (unsigned long long)train->curve.last.epoch, loss_watched(train),
		        (unsigned long long)position->best_epoch);
}

static void tell_end(const Train *train, const Options *options)
{
	const Training *training = &train->training;
	unsigned long long updates = (unsigned long long)training->position.updates;
	if (training->end == TRAINING_INTERRUPTED && options->save)
		fprintf(stderr, "interrupted after update %llu; saved to %s: go on with --load %s\n",
		        updates, options->save, options->save);
	else if (training->end == TRAINING_INTERRUPTED)
		fprintf(stderr, "interrupted after update %llu; not saved, for there is no --save\n",
		        updates);
	else if (training->end == TRAINING_STOPPED_EARLY && !options->quiet)
		tell_early_stop(train);
	else if (training->end == TRAINING_FINISHED && !options->quiet)
		tell_best(train);
}

static bool finish(Train *train, Call *call, Error *error)
{
	const Options *options = call->options;
	if (train->training.end == TRAINING_NOT_FINITE) {
		moment_blame(&train->training, error);
		if (options->norms)
			tell_norms(train);
		return false;
	}
	tell_end(train, options);
	train->train = training_evaluate(&train->training, &train->prepared.data);
	train->test = training_evaluate(&train->training, train->training.test);
	if (options->json)
		write_json(train, options, call->output);
	else
		write_text(train, options, call->output);
	if (options->norms && !options->json && train->curve.count)
		write_norms(train, train->curve.last.loss, call->output);
	return write_plot(train, options->plot, error);
}

static int run(Call *call, Error *error)
{
	Train train = {.call = call, .log.descriptor = -1, .first_loss = NAN};
	TrainingOptions how;
	bool good = read_options(call->options, &how, error) &&
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
