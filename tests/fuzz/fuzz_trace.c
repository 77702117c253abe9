// Any bytes as a model, and all that a trace does with one: rows, chains, text, CSV, JSON, and each
// row's name looked up again, which must be the row's value. Built by `make fuzz`.
#include "tutor/explain/chain.h"
#include "tutor/explain/operations.h"
#include "tutor/explain/query.h"
#include "tutor/render/trace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Names that derivatives are recorded for are few, for each may be a whole gradient.
enum { MOST_NAMES = 24, LONGEST_NAME = 400 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_row(Row *row, Arena *arena)
{
	static const TextStyle wide = {.unicode = true, .digits = 9, .width = 80, .widest = 8};
	static const TextStyle narrow = {.digits = 3, .width = 40};
	Output output = {0};
	Error error = {0};
	CsvWriter csv = {.output = &output};
	JsonWriter json = {.output = &output};
	trace_csv_row(&csv, row, arena);
	trace_json_row(&json, row, arena);
	Writer writer;
	for (size_t i = 0; formats[i]; i++) {
		writer_start(&writer, formats[i], &output, i ? &narrow : &wide, "fuzz");
		trace_items(&writer, row, -1);
		trace_items(&writer, row, (int)row->phase);
		writer_end(&writer);
	}
	output_close(&output, &error);
}

static void must(bool good, const char *what, const char *name)
{
	if (good)
		return;
	fprintf(stderr, "%s: '%s'\n", what, name);
	abort();
}

static void look_up(Model *model, const char *name, double value)
{
	Query query;
	Error error = {0};
	double found;
	must(query_find(model, name, &query, &error), "no such name", name);
	query_values(model, &query, 1, &found);
	double apart = fabs(found - value), size = fmax(fabs(found), fabs(value));
	must(!(apart > 1e-6 * size + 1e-9) || size > 1e12, "another value", name);
}

// Infinities take other ways in a partial and in its total.
static bool all_finite(const Model *model, const Replay *replay)
{
	for (Node node = 0; node < model->tape.count; node++)
		for (uint32_t lane = 0; lane < replay->lanes; lane++)
			if (!(fabs(replay_value(replay, node, lane)) < 1e6))
				return false;
	return true;
}

static void write_rows(Model *model, const Replay *replay, const Derivation *derivation)
{
	Arena arena = {0};
	Row row;
	for (uint32_t id = 1; id <= derivation->count; id++) {
		Error error = {0};
		if (derivation_row(derivation, id, &arena, &row, &error))
			write_row(&row, &arena);
		if (derivation->row[id - 1].phase == PHASE_GRADIENT &&
		    chain_row(derivation, id, &arena, &row, &error))
			write_row(&row, &arena);
		arena_reset(&arena);
	}
	for (Node node = 0; node < model->tape.count; node++) {
		operation_row(model, replay, node, 0, &arena, &row);
		write_row(&row, &arena);
		arena_reset(&arena);
	}
	arena_free(&arena);
}

// Evenly spread over the rows.
static void look_up_names(Model *model, const Replay *replay, const Derivation *derivation)
{
	static char name[MOST_NAMES][LONGEST_NAME + 1];
	double value[MOST_NAMES];
	size_t names = 0, stride = derivation->count / MOST_NAMES + 1;
	Arena arena = {0};
	for (size_t id = 1; id <= derivation->count && all_finite(model, replay); id += stride) {
		Row row;
		derivation_row_name(derivation, (uint32_t)id, &arena, &row);
		const char *text = row.name ? quantity_text(row.name, &arena) : "";
		if (*text && strlen(text) <= LONGEST_NAME) {
			strcpy(name[names], text);
			value[names++] = row.value;
		}
		arena_reset(&arena);
	}
	arena_free(&arena);
	for (size_t i = 0; i < names; i++)
		look_up(model, name[i], value[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 2048)
		return 0;
	ModelOptions options = {.seed = 1, .node_limit = 1000, .include = "/nonexistent"};
	Model model;
	Error error = {0};
	if (!model_read(&model, "fuzz.model", (const char *)data, size, &options, &error))
		return 0;
	Replay replay;
	Derivation derivation;
	model_start(&model, &replay, 0, model.lanes);
	replay_all(&replay);
	derivation_start(&derivation, &model, &replay, &(DerivationOptions){.wrt = NODE_NONE});
	write_rows(&model, &replay, &derivation);
	look_up_names(&model, &replay, &derivation);
	derivation_free(&derivation);
	replay_free(&replay);
	model_free(&model);
	return 0;
}
