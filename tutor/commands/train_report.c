#include "tutor/commands/train_report.h"

#include "tutor/io/json_writer.h"
#include "tutor/terminal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double rate_of(const Train *train)
{
	return train->seconds > 0 ? (double)train->training.examples_done / train->seconds : NAN;
}

static LossCourse loss_of_epochs(const Train *train)
{
	return (LossCourse){train->first_loss, train->curve.last.loss, false};
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
	norms_verdicts(norms, loss_of_epochs(train), write_verdict_json, json);
	json_end(json, ']');
}

// What is kept where the run was stopped early: 0 where no epoch had a finite loss, so the last one.
static uint64_t epoch_kept(const Training *training)
{
	bool kept = training->end == TRAINING_STOPPED_EARLY && training->position.at_best.value;
	return kept ? training->position.best_epoch : 0;
}

void train_write_json(const Train *train, const Options *options, Output *output)
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
	output_printf(output, isnan(measured.loss) ? "%-9s loss nan" : "%-9s loss %.6g", name, measured.loss);
	if (!isnan(measured.accuracy))
		output_printf(output, ", accuracy %.2f %%", 100 * measured.accuracy);
	output_text(output, "\n");
}

void train_write_text(const Train *train, const Options *options, Output *output)
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
	else
		output_text(output, "with the final params:\n");
	write_measure(output, "training", train->train);
	if (training->test)
		write_measure(output, "test", train->test);
	if (!options->quiet)
		curve_print(&train->curve, output, terminal_width((int)options->width),
		            terminal_utf8() && !options->ascii);
}

static void write_verdict(void *output, const Verdict *verdict)
{
	output_printf(output, "%s: %s\n", verdict->word, verdict->text);
}

// The table's columns, as wide as there is room for.
typedef struct NormsLayout {
	int params, number;
	const char *gradient, *ratio;
} NormsLayout;

static NormsLayout layout_of(int name, int width)
{
	static const NormsLayout wide = {10, 14, "gradient norm", "update/weight"}, narrow = {6, 9, "gradient", "update/w"};
	return name + 3 + wide.params + 2 * wide.number <= width ? wide : narrow;
}

static void write_norms(const Train *train, LossCourse loss, Output *output)
{
	const Norms *norms = &train->training.norms;
	int name = 6;
	for (size_t i = 0; i < norms->families; i++)
		name = (int)strlen(norms->family[i].name) > name ? (int)strlen(norms->family[i].name) : name;
	NormsLayout to = layout_of(name, terminal_width((int)train->call->options->width));
	output_printf(output, "\n%-*s %*s %*s %*s\n", name, "family", to.params, "params", to.number, to.gradient, to.number,
	              to.ratio);
	for (size_t i = 0; i < norms->families; i++) {
		const FamilyNorms *family = &norms->family[i];
		double gradient = family->gradient, ratio = family->step / family->weight;
		output_printf(output, "%-*s %*u %*.4g %*.4g\n", name, family->name, to.params, family->params, to.number,
		              isnan(gradient) ? NAN : gradient, to.number, isnan(ratio) ? NAN : ratio);
	}
	if (!isnan(norms->dead))
		output_printf(output, "%.1f %% of the relus are 0 for the whole batch\n",
		              100 * norms->dead);
	if (!isnan(norms->saturation))
		output_printf(output, "%.1f %% of the sigmoids and tanhs are saturated\n",
		              100 * norms->saturation);
	norms_verdicts(norms, loss, write_verdict, output);
}

void train_write_norms(const Train *train, Output *output)
{
	write_norms(train, loss_of_epochs(train), output);
}

// A run that ended with numbers that are not finite has no result: the table says what grew, the error where.
void train_tell_fault(Train *train, const Fault *fault)
{
	Output text = {0};
	Training *training = &train->training;
	LossCourse loss = {training->first_loss, isfinite(training->loss) ? training->loss : training->loss_before, true};
	unsigned long long update = (unsigned long long)fault_norms(training, fault);
	if (!update)
		return;   // it was not finite from the start: so is all that there is to measure
	output_printf(&text, "in update %llu:", update);
	write_norms(train, loss, &text);
	fputs(output_memory(&text), stderr);
	output_abandon(&text);
}

// --load of a run that was under way and has its epochs already.
static void tell_nothing_done(const Training *training, const Options *options)
{
	fprintf(stderr, "nothing was left to do: the run in '%s' has made %llu updates, and --epochs %lld ends at %llu\n",
	        options->load, (unsigned long long)training->position.updates, (long long)options->epochs,
	        (unsigned long long)training->last);
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

void train_tell_end(const Train *train, const Options *options)
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
	else if (options->load && options->epochs && !training->made && !options->quiet)
		tell_nothing_done(training, options);
	else if (training->end == TRAINING_FINISHED && !options->quiet)
		tell_best(train);
}
