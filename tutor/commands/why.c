#include "tutor/command.h"
#include "tutor/explain/chain.h"
#include "tutor/explain/locate.h"
#include "tutor/explain/query.h"
#include "tutor/load.h"
#include "tutor/page.h"

#include <stdlib.h>
#include <string.h>

enum { PATHS_SHOWN = 8, PAGE_ROWS = 3000, PIECE_ROWS = 500 };

typedef struct Why {
	Model model;
	Replay replay;
	Derivation derivation;
	Located located;
	Arena arena;
	uint32_t step;   // of the update that the values are those of
	Document answer;   // what is not written yet of it
	Writer writer;
} Why;

static void why_free(Why *why)
{
	located_free(&why->located);
	derivation_free(&why->derivation);
	replay_free(&why->replay);
	arena_free(&why->arena);
	arena_free(&why->answer.arena);
	model_free(&why->model);
}

// ---- The row that is asked for

// NAME#k: the values are those of the k-th update step.
static bool replay_to_step(Why *why, const char *name, Error *error)
{
	Query query;
	if (!query_find(&why->model, name, &query, error))
		return false;
	why->step = query.step;
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

static void add_row(Why *why, Row row)
{
	Item *item = document_add(&why->answer, ITEM_EQUATION);
	item->row = row;
	item->group = 1;
}

static bool add_graph(Why *why, Error *error)
{
	Graph *graph = arena_new(&why->answer.arena, Graph);
	if (why->located.derivation->count > PAGE_ROWS)
		return true;
	if (!graph_read(graph, why->located.derivation, &why->answer.arena, error))
		return false;
	graph->group = 1;
	document_add(&why->answer, ITEM_GRAPH)->graph = graph;
	return true;
}

// What the paths of the derivative that is asked for lead to.
static const char *path_end(Why *why)
{
	const Derivation *d = why->located.derivation;
	Node of = d->shown[d->row[why->located.id - 1].gradient].gradient->of;
	if (of == why->model.mean)
		return "the loss";
	return quantity_text(quantity_of(d->tape, of, 0, d->replay->lanes, &why->arena), &why->arena);
}

static void add_full_paths(Why *why)
{
	Arena *arena = &why->answer.arena;
	FullPath path[PATHS_SHOWN];
	double count;
	size_t shown = chain_full_paths(why->located.derivation, why->located.id, arena, path, PATHS_SHOWN, &count);
	if (count == 0)
		return;
	const char *end = path_end(why);
	const char *which = (double)shown == count ? "" : shown == 1 ? "; the first is shown"
	                  : arena_printf(arena, "; the first %zu are shown", shown);
	document_say(&why->answer, ITEM_PARAGRAPH,
	             arena_printf(arena, "The full path%s to %s, as %s of local partials (%.15g%s)",
	                          count > 1 ? "s" : "", end, count > 1 ? "products" : "a product", count, which));
	for (size_t i = 0; i < shown; i++)
		add_row(why, (Row){.phase = PHASE_PATH, .formula = path[i].product, .value = path[i].value});
}

// Marks all that row `id` rests on. Returns how many uses there are, and false in `good` where a formula is too long.
static size_t mark_rests(Why *why, uint32_t id, uint8_t *rests, bool *good, Error *error)
{
	Arena scratch = {0};
	size_t count = 0;
	rests[id] = 1;
	for (uint32_t i = id; *good && i > 0; i--) {
		Row row;
		const uint32_t *parent;
		if (!rests[i])
			continue;
		*good = derivation_row(why->located.derivation, i, &scratch, &row, error);
		for (size_t p = *good ? row_parents(&row, &scratch, &parent) : 0; p-- > 0; count++)
			rests[parent[p]] = 1;
		arena_reset(&scratch);
	}
	arena_free(&scratch);
	return count;
}

// Whether a formula is too long is known before the first piece is written.
static bool add_rests(Why *why, Error *error)
{
	uint32_t id = why->located.id;
	uint8_t *rests = memory_alloc(id + (size_t)1);
	memset(rests, 0, id + (size_t)1);
	bool good = true;
	if (mark_rests(why, id, rests, &good, error) && good)
		document_say(&why->answer, ITEM_PARAGRAPH, "It rests on");
	for (uint32_t i = 1, rows = 0; good && i < id; i++) {
		Row row;
		if (!rests[i] || derivation_repeats(why->located.derivation, i))
			continue;
		good = derivation_row(why->located.derivation, i, &why->answer.arena, &row, error);
		if (good)
			add_row(why, row);
		if (good && ++rows % PIECE_ROWS == 0)
			page_piece(&why->writer, &why->answer);
	}
	free(rests);
	return good;
}

static bool add_answer(Why *why, const char *operand, const char *name, const Page *page, Error *error)
{
	Row row;
	Arena *arena = &why->answer.arena;
	if (!derivation_row(why->located.derivation, why->located.id, arena, &row, error))
		return false;
	bool headed = page->format->page;
	if (headed)
		document_say(&why->answer, ITEM_HEADING, arena_printf(arena, "Where %s of %s comes from", name, operand))
		    ->level = 1;
	if (headed && !add_graph(why, error))
		return false;
	if (why->step > 1)
		document_say(&why->answer, ITEM_PARAGRAPH, arena_printf(arena, "In update %u:", (unsigned)why->step));
	add_row(why, row);
	if (row.phase == PHASE_GRADIENT && !page->delta)
		add_full_paths(why);
	if (row.phase == PHASE_GIVEN)
		document_say(&why->answer, ITEM_PARAGRAPH, "It is given.");
	return add_rests(why, error);
}

static int run(Call *call, Error *error)
{
	const char *operand = call->operands[0], *name = call->operands[1];
	Why why = {0};
	Page page;
	if (!page_read(&page, call->options, NULL, error) || !load_model(&why.model, operand, call->options, error))
		return STATUS_WRONG;
	page_begin(&page, &why.writer, call->output, name);
	bool good = find_row(&why, name, error) && add_answer(&why, operand, name, &page, error);
	if (good)
		page_end(&page, &why.writer, &why.answer);
	why_free(&why);
	return good ? STATUS_DONE : STATUS_WRONG;
}

const Command command_why = {
	.name = "why", .arguments = "MODEL NAME", .summary = "where one number comes from",
	.takes = TAKES_MODEL | TAKES_PAGE | TAKES(example), .operands = {2, 2}, .run = run,
	.help = "  tutor why mazur net_h1             a step: formula, numbers, value, and what it rests on\n"
	        "  tutor why mazur dE_total/dw1       a gradient: its paths to the loss\n"
	        "  tutor why mazur w5+                a new weight\n"
	        "  tutor why mazur E_total#2          the loss after one update\n",
};
