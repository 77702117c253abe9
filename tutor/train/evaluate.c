#include "tutor/train/evaluate.h"

#include "core/arena.h"

#include <math.h>
#include <stdlib.h>

static void add_predicted(Evaluator *evaluator, Node node, int32_t label)
{
	array_reserve(evaluator->predicted, evaluator->count, evaluator->capacity, 1);
	array_reserve(evaluator->label, evaluator->count, evaluator->label_capacity, 1);
	evaluator->predicted[evaluator->count] = node;
	evaluator->label[evaluator->count++] = label;
}

// The node that predicts the element of the one-hot target, NODE_NONE if there is none.
static Node predictor(const Model *model, const Feed *feed)
{
	const Tape *tape = &model->tape;
	const Name *name = &tape->names[tape->name[feed->leaf]];
	if (!feed->onehot || name->a != model->onehot || model->predict == NAME_NONE)
		return NODE_NONE;
	return tape_find(tape, model->predict, tape->index + name->b, name->rank);
}

// The answer that the column's label is for; a new one where the column is not that of the last.
static Answer *answer_of(Evaluator *evaluator, uint32_t column)
{
	if (!evaluator->answers || evaluator->answer[evaluator->answers - 1].column != column) {
		array_reserve(evaluator->answer, evaluator->answers, evaluator->answer_capacity, 1);
		evaluator->answer[evaluator->answers++] = (Answer){column, (uint32_t)evaluator->count, 0, false};
	}
	return &evaluator->answer[evaluator->answers - 1];
}

// Where `predict` names a scalar and there is one plain target.
static void find_plain_answer(Evaluator *evaluator, const Model *model)
{
	Node node = model->predict == NAME_NONE ? NODE_NONE : tape_find(&model->tape, model->predict, NULL, 0);
	uint32_t targets = 0, column = 0;
	for (uint32_t i = 0; i < model->columns; i++)
		if (model->column[i].target) {
			targets += model->column[i].family ? 2 : 1;
			column = i;
		}
	if (node == NODE_NONE || targets != 1)
		return;
	*answer_of(evaluator, column) = (Answer){column, (uint32_t)evaluator->count, 1, true};
	add_predicted(evaluator, node, 0);
}

static void find_answers(Evaluator *evaluator, const Model *model)
{
	for (size_t i = 0; i < model->feed_count; i++) {
		const Feed *feed = &model->feed[i];
		Node node = predictor(model, feed);
		if (node == NODE_NONE)
			continue;
		answer_of(evaluator, feed->column)->count++;
		add_predicted(evaluator, node, feed->label);
	}
	if (!evaluator->answers)
		find_plain_answer(evaluator, model);
}

void evaluator_start(Evaluator *evaluator, EngineKind kind, const Model *model,
                     Precision precision, uint32_t lanes, uint32_t threads)
{
	*evaluator = (Evaluator){.model = model, .lanes = lanes};
	add_predicted(evaluator, model->mean, 0);
	find_answers(evaluator, model);
	EngineOptions options = {.wanted = evaluator->predicted,
	                         .wanted_count = evaluator->count,
	                         .precision = precision,
	                         .lanes = lanes,
	                         .threads = threads};
	evaluator->engine = engine_new(kind, model, &options);
	gather_start(&evaluator->gather, model, evaluator->engine, lanes);
	evaluator->row = memory_alloc(memory_product(lanes, sizeof *evaluator->row));
}

void evaluator_free(Evaluator *evaluator)
{
	engine_free(evaluator->engine);
	gather_free(&evaluator->gather);
	free(evaluator->row);
	free(evaluator->answer);
	free(evaluator->predicted);
	free(evaluator->label);
	*evaluator = (Evaluator){0};
}

// A plain target beside a predicted scalar: 0 or 1 on either side of a half.
static bool is_right_side(const Evaluator *evaluator, const Answer *answer, uint32_t lane, double label)
{
	double value = engine_value(evaluator->engine, evaluator->predicted[answer->first], lane);
	return value == value && (value > 0.5) == (label > 0.5);
}

static bool is_right(const Evaluator *evaluator, const Answer *answer, uint32_t lane, double label)
{
	uint32_t best = answer->first;
	double highest = engine_value(evaluator->engine, evaluator->predicted[best], lane);
	for (uint32_t i = best + 1; i < answer->first + answer->count; i++) {
		double value = engine_value(evaluator->engine, evaluator->predicted[i], lane);
		if (value > highest) {
			highest = value;
			best = i;
		}
	}
	return highest == highest && evaluator->label[best] == label;
}

static size_t count_right(const Evaluator *evaluator, const Examples *examples, uint32_t count)
{
	size_t right = 0;
	for (uint32_t lane = 0; lane < count; lane++)
		for (size_t i = 0; i < evaluator->answers; i++) {
			const Answer *answer = &evaluator->answer[i];
			double label = examples_at(examples, evaluator->row[lane], answer->column);
			right += (answer->plain ? is_right_side : is_right)(evaluator, answer, lane, label);
		}
	return right;
}

// Whether labels are asked for: a plain target has some where it is 0 or 1 in every example.
static bool can_be_right(const Evaluator *evaluator, const Examples *examples)
{
	if (!evaluator->answers || !evaluator->answer[0].plain)
		return evaluator->answers;
	for (size_t i = 0; i < examples->count; i++) {
		double label = examples_at(examples, i, evaluator->answer[0].column);
		if (label != 0 && label != 1)
			return false;
	}
	return true;
}

Evaluation evaluator_run(Evaluator *evaluator, const Engine *trained, const Examples *examples)
{
	double loss = 0;
	size_t right = 0;
	uint32_t total = examples->count ? (uint32_t)examples->count : 1;
	engine_take_leaves(evaluator->engine, trained, evaluator->model);
	for (uint32_t first = 0; first < total; first += evaluator->lanes) {
		uint32_t count = total - first < evaluator->lanes ? total - first : evaluator->lanes;
		for (uint32_t i = 0; i < count; i++)
			evaluator->row[i] = first + i;
		gather_feed(&evaluator->gather, evaluator->engine, examples, evaluator->row, count);
		engine_run(evaluator->engine);
		loss += count * engine_value(evaluator->engine, evaluator->model->mean, 0);
		right += count_right(evaluator, examples, count);
	}
	double asked = can_be_right(evaluator, examples) ? (double)total * (double)evaluator->answers : NAN;
	return (Evaluation){loss / total, (double)right / asked};
}
