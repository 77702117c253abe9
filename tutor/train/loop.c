#include "tutor/train/loop.h"

#include "core/arena.h"
#include "tutor/train/clock.h"

#include <math.h>
#include <stdlib.h>

enum { EVALUATION_LANES = 256 };
static const uint64_t first_ticks =
	16;   // so many steps have a tick each: who waits for a slow one sees it
static const double tick_seconds = 0.02, save_seconds = 0.1;
static const double save_share = 0.05;   // of the time may go into saving
static const double snapshot_seconds = 1, snapshot_share = 0.005;

// ---- Start

static uint32_t examples_of(const Training *training)
{
	return training->data->count ? (uint32_t)training->data->count : 1;
}

static void start_engines(Training *training)
{
	Model *model = training->model;
	const TrainingOptions *options = &training->options;
	EngineOptions update = {.update = true,
	                        .wanted = &model->mean,
	                        .wanted_count = 1,
	                        .precision = options->precision,
	                        .lanes = options->batch,
	                        .threads = options->threads};
	if (options->measure_epochs)
		norms_start(&training->norms, options->engine, model, options->precision, options->batch,
		            options->norms);
	training->engine = engine_new(options->engine, model, &update);
	gather_start(&training->gather, model, training->engine, options->batch);
	gather_expand(&training->gather, training->data);
}

// The epochs behind so many updates of the run. An epoch begins where the run began, or a number of epochs later.
static uint64_t epochs_after(const Training *training, uint64_t updates)
{
	uint64_t steps = training->steps_per_epoch, first = training->position.first;
	return (first + steps - 1) / steps + (updates - first) / steps;
}

// A run that was under way goes on to its own end; else a new one begins, with a whole epoch. The
// best epoch is one whose params are there to go back to.
static void find_position(Training *training)
{
	Position *position = &training->position;
	if (!position->under_way)
		*position = (Position){
			.updates = position->updates, .under_way = true, .first = position->updates};
	if (!training->options.patience)
		snapshot_free(&position->at_best);
	if (!position->at_best.value) {
		position->best = INFINITY;
		position->best_epoch = epochs_after(training, position->updates);
	}
	training->last = position->first + training->options.epochs * training->steps_per_epoch;
}

bool training_start(Training *training, Model *model, const Examples *data, const Examples *test,
                    const TrainingOptions *options, Error *error)
{
	*training = (Training){
		.model = model, .data = data, .test = test, .options = *options, .position = options->from};
	if (model->mean == NODE_NONE)
		return error_set(error, "%s: the model minimizes nothing, so there is nothing to train",
		                 model->file);
	if (!model->carry_count || !model->param_count)
		return error_set(error, "%s: the model has no update, such as 'update sgd(rate = 0.1)'",
		                 model->file);
	if (data->count > UINT32_MAX / 2)
		return error_set(error, "more examples than the limit of %u", UINT32_MAX / 2);
	uint32_t count = examples_of(training);
	if (training->options.batch > count)
		training->options.batch = count;
	training->steps_per_epoch = (count + training->options.batch - 1) / training->options.batch;
	find_position(training);
	if (options->explain && (options->explain <= training->position.updates || options->explain > training->last))
		return error_set(error, "update %llu is not one of this run, which makes the updates %llu to %llu",
		                 (unsigned long long)options->explain, (unsigned long long)training->position.updates + 1,
		                 (unsigned long long)training->last);
	start_engines(training);
	order_start(&training->order, count, options->seed, options->shuffle && data->count);
	return true;
}

void training_end(Training *training)
{
	engine_free(training->engine);
	gather_free(&training->gather);
	norms_free(&training->norms);
	if (training->evaluates)
		evaluator_free(&training->evaluator);
	order_free(&training->order);
	snapshot_free(&training->snapshot);
	snapshot_free(&training->position.at_best);
	*training = (Training){0};
}

// ---- Measures

double training_seconds(const Training *training)
{
	return clock_seconds() - training->began - training->paused;
}

Evaluation training_evaluate(Training *training, const Examples *examples)
{
	const TrainingOptions *options = &training->options;
	uint32_t lanes = options->batch > EVALUATION_LANES ? options->batch : EVALUATION_LANES;
	if (!examples)
		return (Evaluation){NAN, NAN};
	if (!training->evaluates)
		evaluator_start(&training->evaluator, options->engine, training->model, options->precision, lanes,
		                options->threads);
	training->evaluates = true;
	return evaluator_run(&training->evaluator, training->engine, examples);
}

// ---- Saving. Params that are not finite are not saved, nor gone back to: the next loss will tell of them.

bool training_is_finite(const Training *training)
{
	enum { SOME = 512 };
	const Model *model = training->model;
	double value[SOME];
	bool finite = true;
	for (size_t first = 0; finite && first < model->param_count; first += SOME) {
		const size_t count = model->param_count - first < SOME ? model->param_count - first : SOME;
		engine_leaves(training->engine, model->param + first, count, value);
		for (size_t i = 0; i < count; i++)
			finite = finite && isfinite(value[i]);
	}
	return finite;
}

static bool save(Training *training, Error *error)
{
	if (!training->options.save)
		return true;
	double before = clock_seconds();
	bool good = checkpoint_save(training->options.save, training->engine, training->model,
	                            &training->position, error);
	training->saved = clock_seconds();
	training->save_cost = training->saved - before;
	training->paused += training->save_cost;
	return good;
}

static bool save_if_due(Training *training, double now, Error *error)
{
	double since = now - training->saved;
	bool due = training->options.save && since > save_seconds && since > training->save_cost / save_share;
	return !due || !training_is_finite(training) || save(training, error);
}

// ---- Snapshots, to go back to where numbers stopped being finite

static void take_snapshot(Training *training)
{
	double before = clock_seconds();
	snapshot_take(&training->snapshot, training->engine, training->model,
	              training->position.updates);
	training->snapshot_taken = clock_seconds();
	training->snapshot_cost = training->snapshot_taken - before;
}

static void go_back_to(Training *training, const Snapshot *snapshot)
{
	snapshot_restore(snapshot, training->engine, training->model);
	training->position.updates = snapshot->updates;
}

static void take_snapshot_if_due(Training *training, double now)
{
	double since = now - training->snapshot_taken;
	if (since > snapshot_seconds && since > training->snapshot_cost / snapshot_share && training_is_finite(training))
		take_snapshot(training);
}

// ---- Steps and epochs

// The updates that the epoch under way has behind it. An epoch begins where the run began, or a
// number of epochs later.
static uint64_t step_in_epoch(const Training *training)
{
	return (training->position.updates - training->position.first) % training->steps_per_epoch;
}

// The number of the epoch under way, from 0, all runs counted.
static uint64_t epoch_of(const Training *training)
{
	return epochs_after(training, training->position.updates);
}

static uint32_t batch_at(const Training *training, uint64_t step, const uint32_t **row)
{
	uint32_t total = examples_of(training), first = (uint32_t)step * training->options.batch;
	*row = training->order.row + first;
	return total - first < training->options.batch ? total - first : training->options.batch;
}

// One update. False where the loss is no number any more.
static bool take_step(Training *training, uint64_t step, bool measure)
{
	const uint32_t *row;
	uint32_t count = batch_at(training, step, &row);
	if (measure)
		norms_measure(&training->norms, training->engine, training->data, row, count);
	gather_feed(&training->gather, training->engine, training->data, row, count);
	engine_run(training->engine);
	training->loss_before = training->loss;
	training->loss = engine_value(training->engine, training->model->mean, 0);
	if (training->position.updates == training->begun_at)
		training->first_loss = training->loss;
	training->position.loss += training->loss * count;
	training->position.updates++;
	training->examples_done += count;
	return isfinite(training->loss);
}

uint32_t training_next_batch(Training *training, const uint32_t **row)
{
	order_epoch(&training->order, epoch_of(training));
	return batch_at(training, step_in_epoch(training), row);
}

void training_go_back(Training *training, uint64_t updates)
{
	go_back_to(training, &training->snapshot);
	while (training->position.updates < updates) {
		const uint32_t *row;
		uint32_t count = training_next_batch(training, &row);
		gather_feed(&training->gather, training->engine, training->data, row, count);
		engine_run(training->engine);
		training->position.updates++;
	}
}

static EpochReport report_epoch(Training *training)
{
	Position *position = &training->position;
	EpochReport report = {.step = position->updates,
	                      .epoch = epoch_of(training),
	                      .gradient_norm = training->norms.engine ? training->norms.gradient : NAN,
	                      .loss = position->loss / examples_of(training),
	                      .accuracy = NAN};
	position->loss = 0;
	Evaluation test = training_evaluate(training, training->test);
	if (training->options.measure_epochs)
		report.accuracy = training_evaluate(training, training->data).accuracy;
	report.test_loss = test.loss;
	report.test_accuracy = test.accuracy;
	return report;
}

// True where the epochs since the best are more than patience allows.
static bool has_lost_patience(Training *training, const EpochReport *report)
{
	Position *position = &training->position;
	double loss = training->test ? report->test_loss : report->loss;
	if (!training->options.patience)
		return false;
	if (loss < position->best) {
		position->best = loss;
		position->best_epoch = report->epoch;
		snapshot_take(&position->at_best, training->engine, training->model, position->updates);
	}
	return report->epoch >= position->best_epoch + training->options.patience;
}

// Whether anybody wants to know more of an epoch than that it is over.
static bool epoch_matters(const Training *training)
{
	return training->test || training->options.measure_epochs || training->options.patience;
}

static bool end_epoch(Training *training, const Observer *observer, Error *error)
{
	bool matters = epoch_matters(training);
	double before = matters ? clock_seconds() : 0, after = 0;
	EpochReport report = report_epoch(training);
	if (has_lost_patience(training, &report))
		training->end = TRAINING_STOPPED_EARLY;
	if (matters) {
		after = clock_seconds();
		training->paused += after - before;
	}
	report.seconds = matters ? after - training->began : NAN;
	return !observer->epoch || observer->epoch(observer->context, training, &report, error);
}

// What is done now and then: the observer's tick, a save.
static bool tick(Training *training, const Observer *observer, uint64_t *next, Error *error)
{
	double now = clock_seconds(), spent = now - training->began;
	uint64_t steps = training->position.updates - training->begun_at;
	uint64_t every =
		spent > 0 && steps > first_ticks ? (uint64_t)((double)steps / spent * tick_seconds) : 0;
	*next = training->position.updates + (every < steps ? every : steps) + 1;
	if (observer->tick)
		observer->tick(observer->context, training);
	take_snapshot_if_due(training, now);
	return save_if_due(training, now, error);
}

// The rest of the epoch that is under way.
static bool run_epoch(Training *training, const Observer *observer, uint64_t *next_tick,
                      Error *error)
{
	uint64_t step = step_in_epoch(training);
	order_epoch(&training->order, epoch_of(training));
	for (bool last = false; !last; step++) {
		last = step + 1 == training->steps_per_epoch;
		if (training->position.updates + 1 == training->options.explain &&
		    !observer->step(observer->context, training, error))
			return false;
		if (!take_step(training, step, last && training->norms.engine)) {
			training->end = TRAINING_NOT_FINITE;
			return true;
		}
		if (last && !end_epoch(training, observer, error))
			return false;
		if (training->end == TRAINING_STOPPED_EARLY)
			return true;
		if (training->position.updates >= *next_tick && !tick(training, observer, next_tick, error))
			return false;
		if (observer->interrupted && *observer->interrupted &&
		    training->position.updates < training->last) {
			training->end = TRAINING_INTERRUPTED;
			return true;
		}
	}
	return true;
}

bool training_run(Training *training, const Observer *observer, Error *error)
{
	uint64_t next_tick = 0;
	take_snapshot(training);
	training->began = training->saved = clock_seconds();
	training->begun_at = training->position.updates;
	training->loss = training->loss_before = training->first_loss = NAN;
	training->end = TRAINING_FINISHED;
	while (training->position.updates < training->last && training->end == TRAINING_FINISHED)
		if (!run_epoch(training, observer, &next_tick, error))
			return false;
	training->made = training->position.updates - training->begun_at;
	training->position.under_way = training->end == TRAINING_INTERRUPTED;
	if (training->end == TRAINING_STOPPED_EARLY && training->position.at_best.value)
		go_back_to(training, &training->position.at_best);
	double before = clock_seconds();
	if (!training_is_finite(training))
		training->end = TRAINING_NOT_FINITE;
	training->paused += clock_seconds() - before;
	return training->end == TRAINING_NOT_FINITE || save(training, error);
}
