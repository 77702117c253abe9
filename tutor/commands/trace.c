#include "tutor/command.h"
#include "tutor/explain/chain.h"
#include "tutor/explain/operations.h"
#include "tutor/explain/query.h"
#include "tutor/load.h"
#include "tutor/page.h"
#include "tutor/render/trace.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_ROWS = 3000 };   // the most rows of a derivation whose graph is put on a page

// What is traced.
typedef struct Trace {
	Loader *loader;
	Model model;
	Replay replay;
	Derivation derivation;
	DerivationOptions what;
} Trace;

static void trace_free(Trace *trace)
{
	derivation_free(&trace->derivation);
	replay_free(&trace->replay);
	model_free(&trace->model);
}

// --of A --wrt B: the gradient of A, and what of it leads to B.
static bool choose(Trace *trace, const Options *options, Error *error)
{
	Model *model = &trace->model;
	uint32_t lane;
	Node of = model->mean;
	trace->what.wrt = NODE_NONE;
	if (!options->of && !options->wrt)
		return true;
	if (options->of && (of = query_upper(model, options->of, error)) == NODE_NONE)
		return false;
	if (of == NODE_NONE)
		return error_set(error, "the model minimizes nothing: say what to differentiate with --of NAME");
	if (tape_is_leaf(&model->tape, of))
		return error_set(error, "'%s' is given, not computed: it has no derivatives", options->of);
	Gradient *gradient = gradient_record(&model->tape, of);
	trace->what.only = gradient;
	if (options->wrt) {
		if (!query_element(model, options->wrt, &trace->what.wrt, &lane, error))
			return false;
		gradient_by(&model->tape, gradient, trace->what.wrt);
	}
	return true;
}

// The batch that step `step` (from 1) takes: `batch` examples after another, over and over, the last of a round short.
static void batch_of(const Model *model, const Options *options, int64_t step, size_t *first, size_t *count)
{
	*first = 0;
	*count = model->lanes;
	if (!options->batch || model->lanes <= 1)
		return;
	size_t size = (size_t)options->batch, rounds = (model->examples + size - 1) / size;
	*first = (size_t)((step - 1) % (int64_t)rounds) * size;
	*count = model->examples - *first < size ? model->examples - *first : size;
}

// Carries the leaves' values from one replay to another, whose lanes, or whose model's, may be others.
static void take_over(const Model *from_model, const Replay *from, const Model *to_model, Replay *to)
{
	assert(from_model->carry_count == to_model->carry_count);
	for (size_t i = 0; i < from_model->carry_count; i++)
		replay_set_all(to, to_model->carry[i].leaf, replay_value(from, from_model->carry[i].leaf, 0));
}

// Goes on from the batch in `trace` to another.
static void next_batch(Trace *trace, size_t first, size_t count)
{
	const Model *model = &trace->model;
	if (count == trace->replay.lanes) {
		model_feed(model, &trace->replay, first);
		return;
	}
	Replay next;
	model_start(model, &next, first, count);
	take_over(model, &trace->replay, model, &next);
	replay_free(&trace->replay);
	trace->replay = next;
}

// A batch of one example is recorded anew, as --example would: no name bears an @, and the loss is one step.
static bool single_out(Trace *trace, const Options *options, size_t first, Error *error)
{
	Options one = *options;
	Model model;
	Replay replay;
	one.example = (int64_t)first + 1;
	if (!loader_read(trace->loader, &model, &one, error))
		return false;
	model_start(&model, &replay, 0, 1);
	take_over(&trace->model, &trace->replay, &model, &replay);
	trace_free(trace);
	trace->model = model;
	trace->replay = replay;
	trace->replay.tape = &trace->model.tape;
	return true;
}

static bool replay_steps(Trace *trace, const Options *options, Error *error)
{
	size_t first, count;
	batch_of(&trace->model, options, 1, &first, &count);
	model_start(&trace->model, &trace->replay, first, count);
	replay_all(&trace->replay);
	for (int64_t step = 2; step <= options->steps; step++) {
		model_carry(&trace->model, &trace->replay);
		batch_of(&trace->model, options, step, &first, &count);
		if (options->batch)
			next_batch(trace, first, count);
		replay_all(&trace->replay);
	}
	return count > 1 || trace->model.lanes <= 1 || single_out(trace, options, first, error);
}

// Where rows are written to: a document, or a table of one of these forms.
typedef enum TraceTable { TRACE_CSV, TRACE_JSON } TraceTable;
static const char *const tables = "csv|json";

typedef struct Sink {
	Output *output;
	const Page *page;
	Writer writer;
	CsvWriter csv;
	JsonWriter json;
	int last;        // phase of the row before, -1 for none
	bool quiet;
	Row spoilt;      // the first whose value is not finite; its id is 0 while there is none
	Arena arena;     // of `spoilt`
} Sink;

static void sink_start(Sink *sink, Call *call, const Page *page)
{
	*sink = (Sink){.output = call->output, .page = page, .last = -1, .quiet = call->options->quiet};
	sink->csv.output = sink->json.output = call->output;
	if (page->format)
		writer_start(&sink->writer, page->format, call->output, &page->style, call->operands[0]);
	else if (page->other == TRACE_CSV)
		trace_csv_header(&sink->csv);
	else
		json_begin(&sink->json, '[');
}

// Writes a row and empties its arena.
static void sink_row(Sink *sink, const Row *row, Arena *arena)
{
	if (sink->page->format)
		trace_items(&sink->writer, row, sink->last);
	else if (sink->page->other == TRACE_CSV)
		trace_csv_row(&sink->csv, row, arena);
	else
		trace_json_row(&sink->json, row, arena);
	sink->last = (int)row->phase;
	if (!sink->spoilt.id && !isfinite(row->value)) {
		sink->spoilt = *row;
		sink->arena = *arena;
		*arena = (Arena){0};
	}
	arena_reset(arena);
}

// Where numbers went wrong: at the end of a document, and beside a table.
static void name_the_first_spoilt(Sink *sink)
{
	if (sink->spoilt.id && sink->page->format) {
		Run title = {.text = "The first value that is not finite"};
		writer_item(&sink->writer, &(Item){.kind = ITEM_HEADING, .level = 2, .run = &title});
		writer_item(&sink->writer, &(Item){.kind = ITEM_EQUATION, .row = sink->spoilt, .group = 1});
	} else if (sink->spoilt.id && !sink->quiet) {
		Output text = {0};
		equation_print(&text, &sink->spoilt, &sink->page->style);
		fprintf(stderr, "tutor: the first value that is not finite:\n%s", output_memory(&text));
		output_abandon(&text);
	}
	arena_free(&sink->arena);
}

static void sink_end(Sink *sink)
{
	Arena arena = {0};
	name_the_first_spoilt(sink);
	const char *notation = page_notation(sink->page, &arena);
	if (sink->page->format && notation)
		writer_item(&sink->writer, &(Item){.kind = ITEM_PARAGRAPH, .run = &(Run){.text = notation}});
	arena_free(&arena);
	if (sink->page->format) {
		writer_end(&sink->writer);
	} else if (sink->page->other == TRACE_JSON) {
		json_end(&sink->json, ']');
		output_text(sink->output, "\n");
	}
}

static bool add_graph(const Trace *trace, Document *head, Arena *arena, Error *error)
{
	bool small = trace->derivation.count && trace->derivation.count <= PAGE_ROWS && !trace->what.only;
	Graph *graph = arena_new(arena, Graph);
	if (!small)
		return true;
	if (!graph_read(graph, &trace->derivation, arena, error))
		return false;
	graph->group = 1;
	document_add(head, ITEM_GRAPH)->graph = graph;
	return true;
}

// A page begins with what it is about, and a later update says which it is.
static bool write_head(const Trace *trace, Sink *sink, const Call *call, Arena *arena, Error *error)
{
	Document head = {0};
	const char *operand = call->operands[0], *slash = strrchr(operand, '/');
	bool good = true, page = sink->page->format && sink->page->format->page;
	if (page)
		document_say(&head, ITEM_HEADING, arena_printf(arena, "The derivation of %s", slash ? slash + 1 : operand))
		    ->level = 1;
	if (sink->page->format && call->options->steps > 1)
		document_say(&head, ITEM_PARAGRAPH, arena_printf(arena, "In update %lld:", (long long)call->options->steps));
	if (page)
		good = add_graph(trace, &head, arena, error);
	for (const Item *item = head.first; good && item; item = item->next)
		writer_item(&sink->writer, item);
	arena_free(&head.arena);
	return good;
}

// In a document the numbers of formulas stand in the formulas alone, and a leaf of the update under its heading.
static void write_operation(const Trace *trace, Sink *sink, Node node, uint32_t lane, Arena *arena)
{
	const Tape *tape = &trace->model.tape;
	bool document = sink->page->format != NULL, leaf = tape_is_leaf(tape, node);
	if (document && leaf && !tape_named(tape, node))
		return;
	Row row;
	operation_row(&trace->model, &trace->replay, node, lane, arena, &row);
	if (document && leaf && sink->last >= 0)
		row.phase = node < trace->model.gradient_end ? (Phase)sink->last : PHASE_UPDATE;
	sink_row(sink, &row, arena);
}

static void write_operations(const Trace *trace, Sink *sink)
{
	const Tape *tape = &trace->model.tape;
	Arena arena = {0};
	for (Node node = 0; node < tape->count; node++)
		for (uint32_t lane = 0; lane < (tape_varies(tape, node) ? trace->replay.lanes : 1); lane++)
			write_operation(trace, sink, node, lane, &arena);
	arena_free(&arena);
}

// In a document a param's gradient is its chain; in files it is the sum over the paths one level up.
static bool write_rows(const Trace *trace, Sink *sink, Error *error)
{
	const Derivation *d = &trace->derivation;
	Arena arena = {0};
	bool good = true;
	for (uint32_t id = 1; good && id <= d->count; id++) {
		Row row;
		const RowKey *key = &d->row[id - 1];
		bool gradient = sink->page->format && key->phase == PHASE_GRADIENT;
		bool chain = gradient && !sink->page->delta && tape_op(d->tape, key->node) == OP_PARAM;
		if (gradient && derivation_repeats(d, id))
			continue;
		good = chain ? chain_row(d, id, &arena, &row, error) : derivation_row(d, id, &arena, &row, error);
		if (good)
			sink_row(sink, &row, &arena);
	}
	arena_free(&arena);
	return good;
}

static bool write_trace(Trace *trace, Call *call, const Page *page, Error *error)
{
	Sink sink;
	Arena arena = {0};
	query_prepare(&trace->model, &trace->replay);
	replay_all(&trace->replay);
	if (!call->options->ops)
		derivation_start(&trace->derivation, &trace->model, &trace->replay, &trace->what);
	sink_start(&sink, call, page);
	bool good = write_head(trace, &sink, call, &arena, error);
	if (good && call->options->ops)
		write_operations(trace, &sink);
	else
		good = good && write_rows(trace, &sink, error);
	sink_end(&sink);
	arena_free(&arena);
	return good;
}

static int run(Call *call, Error *error)
{
	const Options *options = call->options;
	Page page;
	Loader loader;
	Trace trace = {.loader = &loader};
	if (!page_read(&page, options, tables, error))
		return STATUS_WRONG;
	bool good = loader_open(&loader, call->operands[0], options, error) &&
	            loader_read(&loader, &trace.model, options, error);
	if (good) {
		good = replay_steps(&trace, options, error) && choose(&trace, options, error) &&
		       write_trace(&trace, call, &page, error);
		trace_free(&trace);
	}
	loader_close(&loader);
	return good ? STATUS_DONE : STATUS_WRONG;
}

const Command command_trace = {
	.name = "trace", .arguments = "MODEL", .summary = "every recorded operation: forward, backward and update",
	.forms = "text|markdown|latex|html|csv|json",
	.takes = TAKES_MODEL | TAKES_PAGE | TAKES(of) | TAKES(wrt) | TAKES(steps) | TAKES(example) | TAKES(batch) |
	         TAKES(ops),
	.operands = {1, 1}, .run = run,
	.notes = "A table (csv, json) has a row for each number: id, phase (given, forward,\n"
	         "partial, path, gradient, update), name, formula, substituted, value, and parents, the ids\n"
	         "of the rows that it comes from. Where a value is not finite, the first such is named.\n",
	.help = "  tutor trace mazur                              the worked example, line by line\n"
	        "  tutor trace net.model --format csv -o t.csv    the same as a table\n"
	        "  tutor trace net.model --format html -o t.html  as a page; markdown, latex and json too\n"
	        "  tutor trace net.model --steps 3                the third update step\n"
	        "  tutor trace net.model --of out --wrt x1        another derivative: dout/dx1\n"
	        "  tutor trace net.model --set w1=0.5             another start\n"
	        "  tutor trace net.model --ops                    the tape's single operations\n",
};
