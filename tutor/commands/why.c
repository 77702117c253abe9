#include "tutor/command.h"
#include "tutor/explain/chain.h"
#include "tutor/explain/locate.h"
#include "tutor/explain/query.h"
#include "tutor/load.h"
#include "tutor/render/equation.h"
#include "tutor/terminal.h"

#include <stdlib.h>
#include <string.h>

enum { PATHS_SHOWN = 8 };

typedef struct Why {
	Model model;
	Replay replay;
	Derivation derivation;
	Located located;
	Arena arena;      // for the whole answer
	TextStyle style;
	Output *output;
} Why;

static void why_free(Why *why)
{
	located_free(&why->located);
	derivation_free(&why->derivation);
	replay_free(&why->replay);
	arena_free(&why->arena);
	model_free(&why->model);
}

// ---- The row that is asked for

// NAME#k: the values are those of the k-th update step.
static bool replay_to_step(Why *why, const char *name, Error *error)
{
	Query query;
	if (!query_find(&why->model, name, &query, error))
		return false;
	model_start(&why->model, &why->replay, 0, why->model.lanes);
	replay_all(&why->replay);
	for (uint32_t step = 1; step < query.step; step++) {
		model_carry(&why->model, &why->replay);
		replay_all(&why->replay);
	}
	return true;
}

static bool find_row(Why *why, const char *name, Error *error)
{
	if (!replay_to_step(why, name, error))
		return false;
	derivation_start(&why->derivation, &why->model, &why->replay, &(DerivationOptions){.wrt = NODE_NONE});
	const char *bare = arena_copy(&why->arena, name, strcspn(name, "#"));
	return locate_row(&why->located, &why->model, &why->replay, &why->derivation, bare, error);
}

// ---- The answer

static void print_full_paths(Why *why)
{
	FullPath path[PATHS_SHOWN];
	double count;
	size_t shown = chain_full_paths(why->located.derivation, why->located.id, &why->arena, path, PATHS_SHOWN, &count);
	if (count == 0)
		return;
	output_printf(why->output, "\nThe full path%s to the loss, as %s of local partials (%.15g", count > 1 ? "s" : "",
	              count > 1 ? "products" : "a product", count);
	output_printf(why->output, shown < count ? "; the first %zu are shown)\n" : ")\n", shown);
	for (size_t i = 0; i < shown; i++) {
		Row row = {.phase = PHASE_PATH, .formula = path[i].product, .value = path[i].value};
		equation_print(why->output, &row, &why->style);
	}
}

static bool print_rests(Why *why, Error *error)
{
	const Derivation *derivation = why->located.derivation;
	uint32_t id = why->located.id;
	uint8_t *rests = memory_alloc(id + (size_t)1);
	memset(rests, 0, id + (size_t)1);
	rests[id] = 1;
	Arena scratch = {0};
	bool good = true;
	size_t count = 0;
	for (uint32_t i = id; good && i > 0; i--) {
		if (!rests[i])
			continue;
		Row row;
		const uint32_t *parent;
		good = derivation_row(derivation, i, &scratch, &row, error);
		for (size_t p = good ? row_parents(&row, &scratch, &parent) : 0; p-- > 0; count++)
			rests[parent[p]] = 1;
		arena_reset(&scratch);
	}
	if (good && count) {
		output_text(why->output, "\nIt rests on\n");
		for (uint32_t i = 1; good && i < id; i++) {
			Row row;
			if (rests[i] && (good = derivation_row(derivation, i, &scratch, &row, error)))
				equation_print(why->output, &row, &why->style);
			arena_reset(&scratch);
		}
	}
	arena_free(&scratch);
	free(rests);
	return good;
}

static bool answer(Why *why, Error *error)
{
	Row row;
	if (!derivation_row(why->located.derivation, why->located.id, &why->arena, &row, error))
		return false;
	equation_print(why->output, &row, &why->style);
	if (row.phase == PHASE_GRADIENT)
		print_full_paths(why);
	if (row.phase == PHASE_GIVEN)
		output_text(why->output, "It is given.\n");
	return print_rests(why, error);
}

static int run(Call *call, Error *error)
{
	const Options *options = call->options;
	Why why = {.output = call->output};
	why.style = text_style(terminal_utf8() && !options->ascii, (int)options->digits,
	                       (uint32_t)terminal_width((int)options->width));
	if (!load_model(&why.model, call->operands[0], options, error))
		return STATUS_WRONG;
	bool good = find_row(&why, call->operands[1], error) && answer(&why, error);
	why_free(&why);
	return good ? STATUS_DONE : STATUS_WRONG;
}

const Command command_why = {
	.name = "why", .arguments = "MODEL NAME", .summary = "where one number comes from",
	.takes = TAKES_MODEL | TAKES(example) | TAKES(width) | TAKES(ascii), .operands = {2, 2}, .run = run,
	.help = "  tutor why mazur net_h1             a step: formula, numbers, value, and what it rests on\n"
	        "  tutor why mazur dE_total/dw1       a gradient: its paths to the loss\n"
	        "  tutor why mazur w5+                a new weight\n"
	        "  tutor why mazur E_total#2          the loss after one update\n",
};
