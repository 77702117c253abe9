#include "tutor/train/norms.h"

#include "core/arena.h"
#include "tutor/train/layers.h"

#include <math.h>
#include <stdlib.h>

// ---- What is recorded

static Node square(Tape *tape, Node node)
{
	return tape_binary(tape, OP_PROD, node, node);
}

// A sum over nodes that are collected one by one.
typedef struct Sum {
	Node *node;
	size_t count, capacity;
} Sum;

static void sum_add(Sum *sum, Node node)
{
	array_reserve(sum->node, sum->count, sum->capacity, 1);
	sum->node[sum->count++] = node;
}

// The sum as a node, NODE_NONE if it is empty; empty from then on.
static Node sum_take(Sum *sum, Tape *tape)
{
	Node node = sum->count ? tape_nary(tape, OP_SUM, sum->node, sum->count) : NODE_NONE;
	sum->count = 0;
	return node;
}

typedef struct Sums {
	Sum gradient, weight, step;
} Sums;

// The next values of the carried leaves.
static void note_next(const Model *model, NodeMap *next)
{
	for (size_t i = 0; i < model->carry_count; i++)
		nodemap_set(next, model->carry[i].leaf, model->carry[i].next);
}

static void record_family(Norms *norms, Model *model, const Layer *layer, const NodeMap *next,
                          Sums *sums)
{
	Tape *tape = &model->tape;
	for (size_t i = layer->first; i < layer->first + layer->count; i++) {
		Node param = model->param[i];
		const Adjoint *adjoint = gradient_find(model->gradient, param);
		uint32_t then = norms->details ? nodemap_get(next, param) : NODEMAP_ABSENT;
		if (adjoint)
			sum_add(&sums->gradient, square(tape, adjoint->node));
		if (then != NODEMAP_ABSENT) {
			sum_add(&sums->weight, square(tape, param));
			sum_add(&sums->step, square(tape, tape_binary(tape, OP_SUB, then, param)));
		}
	}
	array_reserve(norms->family, norms->families, norms->capacity, 1);
	norms->family[norms->families++] = (FamilyNorms){
		.name = layer->name,
		.params = (uint32_t)layer->count,
		.family = layer->family,
		.level = layer->level,
		.gradient2 = sum_take(&sums->gradient, tape),
		.weight2 = sum_take(&sums->weight, tape),
		.step2 = sum_take(&sums->step, tape),
	};
}

static void record_families(Norms *norms, Model *model)
{
	Sums sums = {0};
	NodeMap next = {0};
	uint32_t *level = layers_levels(model);
	note_next(model, &next);
	for (size_t first = 0; first < model->param_count;) {
		Layer layer = layers_next(model, level, first, &norms->arena);
		record_family(norms, model, &layer, &next, &sums);
		first += layer.count;
	}
	nodemap_free(&next);
	free(level);
	free(sums.gradient.node);
	free(sums.weight.node);
	free(sums.step.node);
}

static Node over_batch(Tape *tape, Node node)
{
	return tape_varies(tape, node) ? tape_unary(tape, OP_BATCH_SUM, node) : node;
}

// 1 where |y - middle| > reach.
static Node beyond(Tape *tape, Node y, double middle, double reach)
{
	Node off = tape_binary(tape, OP_SUB, y, tape_number(tape, middle));
	Node far = tape_binary(tape, OP_SUB, tape_unary(tape, OP_ABS, off), tape_number(tape, reach));
	return tape_unary(tape, OP_STEP, far);
}

static void record_units(Norms *norms, Model *model)
{
	Tape *tape = &model->tape;
	Sum saturated = {0};
	for (Node node = 0; node < model->forward_end; node++) {
		Op op = tape_op(tape, node);
		if (op == OP_RELU) {
			Node above = tape_unary(tape, OP_STEP, node);
			array_reserve(norms->relu, norms->relus, norms->relu_capacity, 1);
			norms->relu[norms->relus++] = over_batch(tape, above);
		} else if (op == OP_SIGMOID || op == OP_TANH) {
			bool sigmoid = op == OP_SIGMOID;
			sum_add(&saturated, beyond(tape, node, sigmoid ? 0.5 : 0, sigmoid ? 0.49 : 0.98));
		}
	}
	norms->squashing = saturated.count;
	norms->saturated = sum_take(&saturated, tape);
	if (norms->saturated != NODE_NONE)
		norms->saturated = over_batch(tape, norms->saturated);
	free(saturated.node);
}

static void want(Sum *wanted, Node node)
{
	if (node != NODE_NONE)
		sum_add(wanted, node);
}

void norms_start(Norms *norms, EngineKind kind, Model *model, Precision precision, uint32_t lanes,
                 bool details)
{
	*norms = (Norms){.model = model, .details = details, .saturated = NODE_NONE};
	record_families(norms, model);
	if (details)
		record_units(norms, model);
	Sum wanted = {0};
	for (size_t i = 0; i < norms->families; i++) {
		want(&wanted, norms->family[i].gradient2);
		want(&wanted, norms->family[i].weight2);
		want(&wanted, norms->family[i].step2);
	}
	for (size_t i = 0; i < norms->relus; i++)
		want(&wanted, norms->relu[i]);
	want(&wanted, norms->saturated);
	EngineOptions options = {.wanted = wanted.node,
	                         .wanted_count = wanted.count,
	                         .precision = precision,
	                         .lanes = lanes};
	norms->engine = engine_new(kind, model, &options);
	gather_start(&norms->gather, model, norms->engine, lanes);
	free(wanted.node);
}

void norms_free(Norms *norms)
{
	engine_free(norms->engine);
	gather_free(&norms->gather);
	free(norms->family);
	free(norms->relu);
	arena_free(&norms->arena);
	*norms = (Norms){0};
}

// ---- Measuring

static double root_of(const Norms *norms, Node node)
{
	return node == NODE_NONE ? NAN : sqrt(engine_value(norms->engine, node, 0));
}

static void measure_units(Norms *norms, uint32_t lanes)
{
	size_t dead = 0;
	for (size_t i = 0; i < norms->relus; i++)
		dead += engine_value(norms->engine, norms->relu[i], 0) == 0;
	norms->dead = norms->relus ? (double)dead / (double)norms->relus : NAN;
	norms->saturation = NAN;
	if (norms->squashing)
		norms->saturation =
			engine_value(norms->engine, norms->saturated, 0) / ((double)norms->squashing * lanes);
}

void norms_measure(Norms *norms, const Engine *trained, const Examples *examples,
                   const uint32_t *row, uint32_t count)
{
	double sum = 0;
	engine_take_leaves(norms->engine, trained, norms->model);
	gather_feed(&norms->gather, norms->engine, examples, row, count);
	engine_run(norms->engine);
	for (size_t i = 0; i < norms->families; i++) {
		FamilyNorms *family = &norms->family[i];
		family->gradient = root_of(norms, family->gradient2);
		family->weight = root_of(norms, family->weight2);
		family->step = root_of(norms, family->step2);
		sum += isnan(family->gradient) ? 0 : family->gradient * family->gradient;
	}
	norms->gradient = sqrt(sum);
	measure_units(norms, count);
}
