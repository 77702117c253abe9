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

// ---- Start

static uint32_t examples_of(const Training *training)
{
	return training->data->count ? (uint32_t)training->data->count : 1;
}

// The square root of the sum of the squares of all params' gradients.
static Node record_norm(Model *model)
{
	Node *square = memory_alloc(memory_product(model->param_count + 1, sizeof *square));
	size_t count = 0;
	for (size_t i = 0; i < model->param_count; i++) {
		const Adjoint *adjoint = gradient_find(model->gradient, model->param[i]);
		if (adjoint)
			square[count++] = tape_binary(&model->tape, OP_PROD, adjoint->node, adjoint->node);
	}
	Node norm = tape_unary(&model->tape, OP_SQRT, tape_nary(&model->tape, OP_SUM, square, count));
	free(square);
	return norm;
}

static void start_engines(Training *training)
{
	Model *model = training->model;
	const TrainingOptions *options = &training->options;
	if (options->measure_epochs)
		training->norm_node = record_norm(model);
	EngineOptions update = {.update = true,
	                        .wanted = &model->mean,
	                        .wanted_count = 1,
	                        .precision = options->precision,
	                        .lanes = options->batch};
	EngineOptions norm = {.wanted = &training->norm_node,
	                      .wanted_count = 1,
	                      .precision = options->precision,
	                      .lanes = options->batch};
	training->engine = engine_new(options->engine, model, &update);
	gather_start(&training->gather, training->schema, training->engine, options->batch);
	if (!options->measure_epochs)
		return;
	training->norm = engine_new(options->engine, model, &norm);
	gather_start(&training->norm_gather, training->schema, training->norm, options->batch);
}

// A run that was under way goes on to its own end; else a new one begins, with a whole epoch.
static void find_position(Training *training)
{
	Position *position = &training->position;
	uint64_t steps = training->steps_per_epoch;
	*position = training->options.from;
	if (!position->under_way) {
		*position =
			(Position){.updates = position->updates, .first = position->updates, .best = INFINITY};
		position->under_way = true;
	}
	training->last = position->first + training->options.epochs * steps;
}

bool training_start(Training *training, Model *model, const Schema *schema, const Examples *data,
                    const Examples *test, const TrainingOptions *options, Error *error)
{
	*training = (Training){
		.model = model, .schema = schema, .data = data, .test = test, .options = *options};
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
	start_engines(training);
	order_start(&training->order, count, options->seed, options->shuffle && data->count);
	return true;
}

void training_end(Training *training)
{
	engine_free(training->engine);
	engine_free(training->norm);
	gather_free(&training->gather);
	gather_free(&training->norm_gather);
	if (training->evaluates)
		evaluator_free(&training->evaluator);
	order_free(&training->order);
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
		evaluator_start(&training->evaluator, options->engine, training->model, training->schema,
		                options->precision, lanes);
	training->evaluates = true;
	return evaluator_run(&training->evaluator, training->engine, examples);
}

static double gradient_norm(Training *training, const uint32_t *row, uint32_t count)
{
	engine_take_leaves(training->norm, training->engine, training->model);
	gather_feed(&training->norm_gather, training->norm, training->data, row, count);
	engine_run(training->norm);
	return engine_value(training->norm, training->norm_node, 0);
}

// ---- Saving

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
	bool due = since > save_seconds && since > training->save_cost / save_share;
	return !due || save(training, error);
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
	uint64_t steps = training->steps_per_epoch, first = training->position.first;
	return (first + steps - 1) / steps + (training->position.updates - first) / steps;
}

static uint32_t batch_at(const Training *training, uint64_t step, const uint32_t **row)
{
	uint32_t total = examples_of(training), first = (uint32_t)step * training->options.batch;
	*row = training->order.row + first;
	return total - first < training->options.batch ? total - first : training->options.batch;
}

// One update. False where the loss is no number any more.
static bool take_step(Training *training, uint64_t step, double *norm)
{
	const uint32_t *row;
	uint32_t count = batch_at(training, step, &row);
	if (norm)
		*norm = gradient_norm(training, row, count);
	gather_feed(&training->gather, training->engine, training->data, row, count);
	engine_run(training->engine);
	training->loss = engine_value(training->engine, training->model->mean, 0);
	training->position.loss += training->loss * count;
	training->position.updates++;
	training->examples_done += count;
	return isfinite(training->loss);
}

static EpochReport report_epoch(Training *training, double norm)
{
	Position *position = &training->position;
	EpochReport report = {.step = position->updates,
	                      .epoch = epoch_of(training),
	                      .gradient_norm = norm,
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
	if (loss < position->best) {
		position->best = loss;
		position->best_epoch = report->epoch;
	}
	return training->options.patience &&
	       report->epoch - position->best_epoch >= training->options.patience;
}

// Whether anybody wants to know more of an epoch than that it is over.
static bool epoch_matters(const Training *training)
{
	return training->test || training->options.measure_epochs || training->options.patience;
}

static bool end_epoch(Training *training, const Observer *observer, double norm, Error *error)
{
	bool matters = epoch_matters(training);
	double before = matters ? clock_seconds() : 0, after = 0;
	EpochReport report = report_epoch(training, norm);
	if (matters) {
		after = clock_seconds();
		training->paused += after - before;
	}
	report.seconds = matters ? after - training->began : NAN;
	if (has_lost_patience(training, &report))
		training->end = TRAINING_STOPPED_EARLY;
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
	return save_if_due(training, now, error);
}

// The rest of the epoch that is under way.
static bool run_epoch(Training *training, const Observer *observer, uint64_t *next_tick,
                      Error *error)
{
	uint64_t step = step_in_epoch(training);
	double norm = NAN;
	order_epoch(&training->order, epoch_of(training));
	for (bool last = false; !last; step++) {
		last = step + 1 == training->steps_per_epoch;
		if (!take_step(training, step, last && training->norm ? &norm : NULL)) {
			training->end = TRAINING_NOT_FINITE;
			return true;
		}
		if (last && !end_epoch(training, observer, norm, error))
			return false;
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
	training->began = training->saved = clock_seconds();
	training->begun_at = training->position.updates;
	training->end = TRAINING_FINISHED;
	while (training->position.updates < training->last && training->end == TRAINING_FINISHED)
		if (!run_epoch(training, observer, &next_tick, error))
			return false;
	training->position.under_way = training->end == TRAINING_INTERRUPTED;
	return training->end == TRAINING_NOT_FINITE || save(training, error);
}
