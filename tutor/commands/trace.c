#include "tutor/command.h"
#include "tutor/explain/chain.h"
#include "tutor/explain/operations.h"
#include "tutor/explain/query.h"
#include "tutor/load.h"
#include "tutor/render/trace.h"
#include "tutor/terminal.h"

#include <stdlib.h>

// What is traced.
typedef struct Trace {
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

// Carries the leaves' values from one replay to another, whose lanes may be others.
static void take_over(const Model *model, const Replay *from, Replay *to)
{
	for (size_t i = 0; i < model->carry_count; i++)
		replay_set_all(to, model->carry[i].leaf, replay_value(from, model->carry[i].leaf, 0));
}

static void replay_steps(Trace *trace, const Options *options)
{
	const Model *model = &trace->model;
	size_t first, count;
	batch_of(model, options, 1, &first, &count);
	model_start(model, &trace->replay, first, count);
	replay_all(&trace->replay);
	for (int64_t step = 2; step <= options->steps; step++) {
		size_t before = count;
		model_carry(model, &trace->replay);
		batch_of(model, options, step, &first, &count);
		if (count != before) {
			Replay next;
			model_start(model, &next, first, count);
			take_over(model, &trace->replay, &next);
			replay_free(&trace->replay);
			trace->replay = next;
		} else if (options->batch) {
			model_feed(model, &trace->replay, first);
		}
		replay_all(&trace->replay);
	}
}

typedef enum TraceForm { TRACE_TEXT, TRACE_CSV, TRACE_JSON } TraceForm;

typedef struct Writer {
	Output *output;
	TraceForm form;
	CsvWriter csv;
	JsonWriter json;
	TextStyle style;
	int last;
} Writer;

static void writer_start(Writer *writer, Call *call, TraceForm form)
{
	const Options *options = call->options;
	*writer = (Writer){.output = call->output, .form = form, .last = -1};
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
}

static void writer_end(Writer *writer)
{
	if (writer->form != TRACE_JSON)
		return;
	json_end(&writer->json, ']');
	output_text(writer->output, "\n");
}

static void write_operations(const Trace *trace, Writer *writer)
{
	const Tape *tape = &trace->model.tape;
	Arena arena = {0};
	for (Node node = 0; node < tape->count; node++)
		for (uint32_t lane = 0; lane < (tape_varies(tape, node) ? trace->replay.lanes : 1); lane++) {
			Row row;
			operation_row(&trace->model, &trace->replay, node, lane, &arena, &row);
			writer_row(writer, &row, &arena);
			arena_reset(&arena);
		}
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

static int run(Call *call, Error *error)
{
	int form = options_choice("format", call->options->format, "text|csv|json", error);
	Trace trace = {0};
	if (form < 0 || !load_model(&trace.model, call->operands[0], call->options, error))
		return STATUS_WRONG;
	bool good = choose(&trace, call->options, error);
	if (good) {
		Writer writer;
		replay_steps(&trace, call->options);
		writer_start(&writer, call, (TraceForm)form);
		if (call->options->ops) {
			write_operations(&trace, &writer);
		} else {
			derivation_start(&trace.derivation, &trace.model, &trace.replay, &trace.what);
			good = write_rows(&trace, &writer, error);
		}
		writer_end(&writer);
	}
	trace_free(&trace);
	return good ? STATUS_DONE : STATUS_WRONG;
}

const Command command_trace = {
	.name = "trace", .arguments = "MODEL", .summary = "every recorded operation: forward, backward and update",
	.takes = TAKES_MODEL | TAKES(format) | TAKES(of) | TAKES(wrt) | TAKES(steps) | TAKES(example) | TAKES(batch) |
	         TAKES(ops) | TAKES(width) | TAKES(ascii),
	.operands = {1, 1}, .run = run,
	.help = "  tutor trace mazur                          the worked example, line by line\n"
	        "  tutor trace net.model --format csv -o t.csv  the same as a table\n"
	        "  tutor trace net.model --steps 3            the third update step\n"
	        "  tutor trace net.model --of out --wrt x1    another derivative: dout/dx1\n"
	        "  tutor trace net.model --ops                the tape's single operations\n",
};
