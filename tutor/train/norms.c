#include "tutor/train/norms.h"

#include "core/arena.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

static uint32_t family_of(const Tape *tape, Node param)
{
	return tape->names[tape->name[param]].a;
}

typedef struct Sums {
	Sum gradient, weight, step;
} Sums;

static void end_family(Norms *norms, Tape *tape, Sums *sums, uint32_t family, uint32_t params)
{
	array_reserve(norms->family, norms->families, norms->capacity, 1);
	norms->family[norms->families++] = (FamilyNorms){
		.name = tape_family_text(tape, family),
		.params = params,
		.gradient2 = sum_take(&sums->gradient, tape),
		.weight2 = sum_take(&sums->weight, tape),
		.step2 = sum_take(&sums->step, tape),
	};
}

// The next values of the carried leaves.
static void note_next(const Model *model, NodeMap *next)
{
	for (size_t i = 0; i < model->carry_count; i++)
		nodemap_set(next, model->carry[i].leaf, model->carry[i].next);
}

static void record_families(Norms *norms, Model *model)
{
	Tape *tape = &model->tape;
	Sums sums = {0};
	NodeMap next = {0};
	uint32_t params = 0;
	note_next(model, &next);
	for (size_t i = 0; i < model->param_count; i++) {
		Node param = model->param[i];
		const Adjoint *adjoint = gradient_find(model->gradient, param);
		uint32_t then = norms->details ? nodemap_get(&next, param) : NODEMAP_ABSENT;
		params++;
		if (adjoint)
			sum_add(&sums.gradient, square(tape, adjoint->node));
		if (then != NODEMAP_ABSENT) {
			sum_add(&sums.weight, square(tape, param));
			sum_add(&sums.step, square(tape, tape_binary(tape, OP_SUB, then, param)));
		}
		if (i + 1 < model->param_count &&
		    family_of(tape, model->param[i + 1]) == family_of(tape, param))
			continue;
		end_family(norms, tape, &sums, family_of(tape, param), params);
		params = 0;
	}
	nodemap_free(&next);
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

// ---- Verdicts

static const double vanishing = 1e-4, large_step = 0.5, many_dead = 0.25, many_saturated = 0.5;

// The root of the mean square of a family's gradient.
static double each(const FamilyNorms *family)
{
	return family->gradient / sqrt(family->params);
}

// The first family of the text that has a gradient, or the last.
static const FamilyNorms *outermost(const Norms *norms, bool last)
{
	for (size_t i = 0; i < norms->families; i++) {
		const FamilyNorms *family = &norms->family[last ? norms->families - 1 - i : i];
		if (!isnan(family->gradient))
			return family;
	}
	return NULL;
}

static void judge_gradients(const Norms *norms, Output *output)
{
	const FamilyNorms *first = outermost(norms, false), *last = outermost(norms, true);
	if (first && last && each(first) < vanishing * each(last))
		output_printf(
			output,
			"vanishing: a gradient of '%s' is about %.2g, one of '%s' %.2g: try relu or tanh "
			"in place of sigmoid, or larger start values\n",
			first->name, each(first), last->name, each(last));
	for (size_t i = 0; i < norms->families; i++) {
		const FamilyNorms *family = &norms->family[i];
		if (family->weight > 0 && family->step > large_step * family->weight)
			output_printf(
				output,
				"exploding: an update moves '%s' by %.2g times its own size, its gradient's "
				"norm is %.2g: try a smaller rate, or clip the gradient\n",
				family->name, family->step / family->weight, family->gradient);
	}
}

void norms_verdicts(const Norms *norms, double first, double last, Output *output)
{
	if (last > 2 * first)
		output_printf(
			output, "diverging: the loss of an epoch went from %.4g to %.4g: try a smaller rate\n",
			first, last);
	judge_gradients(norms, output);
	if (norms->dead > many_dead)
		output_printf(
			output,
			"dead: %.0f %% of the relus are 0 for the whole batch: try a smaller rate, or "
			"leaky_relu\n",
			100 * norms->dead);
	if (norms->saturation > many_saturated)
		output_printf(
			output,
			"saturated: %.0f %% of the sigmoids and tanhs are within 1 %% of an end of their "
			"range: try smaller start values, scaled inputs or a smaller rate\n",
			100 * norms->saturation);
}
