// proof: the tape replayed and the lifted program side by side, on the model's own examples: the largest difference
// over all gradients and all params after the update, in both precisions.
#include "core/arena.h"
#include "tutor/lesson/directive.h"
#include "tutor/train/batches.h"
#include "tutor/train/data.h"

#include <math.h>
#include <stdlib.h>

// How far rounding may take a number from the other, of the largest number compared.
static const double tolerance[] = {[PROGRAM_SINGLE] = 1e-4, [PROGRAM_DOUBLE] = 1e-12};

typedef struct Proof {
	const Model *model;
	Examples examples;
	uint32_t *row;
	Node *gradient;          // of each param that has one
	size_t gradients;
	Engine *replayed;
} Proof;

static Engine *run(const Proof *proof, EngineKind kind, Precision precision)
{
	uint32_t lanes = proof->examples.count ? (uint32_t)proof->examples.count : 1;
	EngineOptions options = {.update = true, .wanted = proof->gradient, .wanted_count = proof->gradients,
	                         .precision = precision, .lanes = lanes};
	Engine *engine = engine_new(kind, proof->model, &options);
	Gather gather = {0};
	gather_start(&gather, proof->model, engine, lanes);
	gather_feed(&gather, engine, &proof->examples, proof->row, lanes);
	engine_run(engine);
	gather_free(&gather);
	return engine;
}

static void proof_start(Proof *proof, const Model *model)
{
	*proof = (Proof){.model = model};
	data_of_model(&proof->examples, model);
	proof->row = memory_alloc(memory_product(proof->examples.count + 1, sizeof *proof->row));
	for (uint32_t i = 0; i <= proof->examples.count; i++)
		proof->row[i] = i;
	proof->gradient = memory_alloc(memory_product(model->param_count + 1, sizeof *proof->gradient));
	for (size_t i = 0; i < model->param_count; i++) {
		const Adjoint *adjoint = gradient_find(model->gradient, model->param[i]);
		if (adjoint)
			proof->gradient[proof->gradients++] = adjoint->node;
	}
	proof->replayed = run(proof, ENGINE_REPLAY, PROGRAM_DOUBLE);
}

static void proof_end(Proof *proof)
{
	engine_free(proof->replayed);
	examples_free(&proof->examples);
	free(proof->row);
	free(proof->gradient);
}

// The largest difference over some nodes; false where it is more than rounding makes.
static bool compare(const Proof *proof, const Engine *lifted, Precision precision, const Node *node, size_t count,
                    double *largest)
{
	double size = 1;
	*largest = 0;
	for (size_t i = 0; i < count; i++) {
		double there = engine_value(proof->replayed, node[i], 0);
		double off = fabs(engine_value(lifted, node[i], 0) - there);
		size = fmax(size, fabs(there));
		*largest = off > *largest || isnan(off) ? off : *largest;
	}
	return *largest <= tolerance[precision] * size;
}

static bool put_proof(const Directive *d, const Proof *proof)
{
	static const char *const head[] = {"numbers", "how many", "off in double", "off in single"};
	const Model *model = proof->model;
	Item *table = directive_table_add(d, 3, 4);
	bool same = true;
	directive_put_head(d, table, head, 4);
	for (int row = 0; row < 2; row++) {
		size_t count = row ? model->param_count : proof->gradients;
		directive_put_text(d, table, (size_t)row + 1, 0, row ? "new params" : "gradients");
		directive_put_text(d, table, (size_t)row + 1, 1, arena_printf(d->lesson->arena, "%zu", count));
	}
	for (int single = 0; single < 2; single++) {
		Precision precision = single ? PROGRAM_SINGLE : PROGRAM_DOUBLE;
		Engine *lifted = run(proof, ENGINE_LIFTED, precision);
		double gradients, params;
		same = compare(proof, lifted, precision, proof->gradient, proof->gradients, &gradients) && same;
		same = compare(proof, lifted, precision, model->param, model->param_count, &params) && same;
		directive_put_text(d, table, 1, 2 + (size_t)single, arena_printf(d->lesson->arena, "%.2g", gradients));
		directive_put_text(d, table, 2, 2 + (size_t)single, arena_printf(d->lesson->arena, "%.2g", params));
		engine_free(lifted);
	}
	return same;
}

bool derive_proof(Directive *d)
{
	const Model *model = &d->model->model;
	if (model->mean == NODE_NONE || !model->carry_count || !model->param_count)
		return directive_wrong(d, "the model has no update to compare");
	Proof proof;
	proof_start(&proof, model);
	bool same = put_proof(d, &proof);
	proof_end(&proof);
	return same || directive_wrong(d, "the lifted program and the tape differ by more than rounding");
}
