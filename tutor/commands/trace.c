#include "tutor/command.h"
#include "tutor/explain/chain.h"
#include "tutor/explain/operations.h"
#include "tutor/explain/query.h"
#include "tutor/load.h"
#include "tutor/render/trace.h"
#include "tutor/terminal.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

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
	if (options->of) {
		if (!query_element(model, options->of, &of, &lane, error))
			return false;
		of = query_mean(model, of);
	}
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

typedef enum TraceForm { TRACE_TEXT, TRACE_CSV, TRACE_JSON } TraceForm;

typedef struct Writer {
	Output *output;
	TraceForm form;
	CsvWriter csv;
	JsonWriter json;
	TextStyle style;
	int last;
	Output spoilt;   // the first row whose value is not finite, as text
	bool quiet;
} Writer;

static void writer_start(Writer *writer, Call *call, TraceForm form)
{
	const Options *options = call->options;
	*writer = (Writer){.output = call->output, .form = form, .last = -1, .quiet = options->quiet};
	writer->csv.output = writer->json.output = call->output;
	writer->style = text_style(terminal_utf8() && !options->ascii, (int)options->digits,
	                           (uint32_t)terminal_width((int)options->width));
	if (form == TRACE_CSV)
		trace_csv_header(&writer->csv);
	if (form == TRACE_JSON)
		json_begin(&writer->json, '[');
}

static void writer_row(Writer *writer, const Row *row, Arena *arena)
{
	switch (writer->form) {
	case TRACE_CSV:
		trace_csv_row(&writer->csv, row, arena);
		break;
	case TRACE_JSON:
		trace_json_row(&writer->json, row, arena);
		break;
	case TRACE_TEXT:
		trace_text_row(writer->output, row, writer->last, &writer->style);
		break;
	}
	writer->last = (int)row->phase;
	if (!writer->spoilt.count && !isfinite(row->value))
		equation_print(&writer->spoilt, row, &writer->style);
}

// Where numbers went wrong: at the end of the text, and beside a table.
static void name_the_first_spoilt(Writer *writer)
{
	if (writer->spoilt.count && writer->form == TRACE_TEXT) {
		output_text(writer->output, "\n");
		text_heading(writer->output, "The first value that is not finite", &writer->style);
		output_text(writer->output, output_memory(&writer->spoilt));
	} else if (writer->spoilt.count && !writer->quiet) {
		fprintf(stderr, "tutor: the first value that is not finite:\n%s", output_memory(&writer->spoilt));
	}
	output_abandon(&writer->spoilt);
}

static void writer_end(Writer *writer)
{
	name_the_first_spoilt(writer);
	if (writer->form != TRACE_JSON)
		return;
	json_end(&writer->json, ']');
	output_text(writer->output, "\n");
}

// In text the numbers of formulas stand in the formulas alone, and a leaf of the update under its heading.
static void write_operation(const Trace *trace, Writer *writer, Node node, uint32_t lane, Arena *arena)
{
	const Tape *tape = &trace->model.tape;
	bool text = writer->form == TRACE_TEXT, leaf = tape_is_leaf(tape, node);
	if (text && leaf && !tape_named(tape, node))
		return;
	Row row;
	operation_row(&trace->model, &trace->replay, node, lane, arena, &row);
	if (text && leaf && writer->last >= 0)
		row.phase = node < trace->model.gradient_end ? (Phase)writer->last : PHASE_UPDATE;
	writer_row(writer, &row, arena);
	arena_reset(arena);
}

static void write_operations(const Trace *trace, Writer *writer)
{
	const Tape *tape = &trace->model.tape;
	Arena arena = {0};
	for (Node node = 0; node < tape->count; node++)
		for (uint32_t lane = 0; lane < (tape_varies(tape, node) ? trace->replay.lanes : 1); lane++)
			write_operation(trace, writer, node, lane, &arena);
	arena_free(&arena);
}

// What the loss rests on directly has a gradient that is its partial: in text once is enough.
static bool says_it_again(const Derivation *d, const RowKey *key)
{
	const Gradient *gradient = d->gradients[key->gradient];
	const Adjoint *adjoint = gradient_find(gradient, key->node);
	return key->node == gradient->of ||
	       (adjoint->paths != PATH_NONE && gradient->path[adjoint->paths].user == gradient->of &&
	        gradient->path[adjoint->paths].next == PATH_NONE);
}

// In text a param's gradient is its chain; in files it is the sum over the paths one level up.
static bool write_rows(const Trace *trace, Writer *writer, Error *error)
{
	const Derivation *d = &trace->derivation;
	Arena arena = {0};
	bool good = true;
	for (uint32_t id = 1; good && id <= d->count; id++) {
		Row row;
		const RowKey *key = &d->row[id - 1];
		bool gradient = writer->form == TRACE_TEXT && key->phase == PHASE_GRADIENT;
		bool chain = gradient && tape_op(d->tape, key->node) == OP_PARAM;
		if (gradient && says_it_again(d, key))
			continue;
		good = chain ? chain_row(d, id, &arena, &row, error) : derivation_row(d, id, &arena, &row, error);
		if (good)
			writer_row(writer, &row, &arena);
		arena_reset(&arena);
	}
	arena_free(&arena);
	return good;
}

static bool write_trace(Trace *trace, Call *call, TraceForm form, Error *error)
{
	Writer writer;
	bool good = true;
	replay_all(&trace->replay);
	writer_start(&writer, call, form);
	if (call->options->ops) {
		write_operations(trace, &writer);
	} else {
		derivation_start(&trace->derivation, &trace->model, &trace->replay, &trace->what);
		good = write_rows(trace, &writer, error);
	}
	writer_end(&writer);
	return good;
}

static int run(Call *call, Error *error)
{
	const Options *options = call->options;
	int form = options_choice("format", options->format, "text|csv|json", error);
	if (form < 0)
		return STATUS_WRONG;
	Loader loader;
	Trace trace = {.loader = &loader};
	bool good = loader_open(&loader, call->operands[0], options, error) &&
	            loader_read(&loader, &trace.model, options, error);
	if (good) {
		good = replay_steps(&trace, options, error) && choose(&trace, options, error) &&
		       write_trace(&trace, call, (TraceForm)form, error);
		trace_free(&trace);
	}
	loader_close(&loader);
	return good ? STATUS_DONE : STATUS_WRONG;
}

const Command command_trace = {
	.name = "trace", .arguments = "MODEL", .summary = "every recorded operation: forward, backward and update",
	.takes = TAKES_MODEL | TAKES(format) | TAKES(of) | TAKES(wrt) | TAKES(steps) | TAKES(example) | TAKES(batch) |
	         TAKES(ops) | TAKES(width) | TAKES(ascii),
	.operands = {1, 1}, .run = run,
	.notes = "FORM is text, csv or json. A table has a row for each number: id, phase (given, forward,\n"
	         "partial, path, gradient, update), name, formula, substituted, value, and parents, the ids\n"
	         "of the rows that it comes from. Where a value is not finite, the first such is named.\n",
	.help = "  tutor trace mazur                            the worked example, line by line\n"
	        "  tutor trace net.model --format csv -o t.csv  the same as a table\n"
	        "  tutor trace net.model --steps 3              the third update step\n"
	        "  tutor trace net.model --of out --wrt x1      another derivative: dout/dx1\n"
	        "  tutor trace net.model --set w1=0.5           another start\n"
	        "  tutor trace net.model --ops                  the tape's single operations\n",
};
