#include "tutor/model/model.h"

#include "tutor/embedded.h"
#include "tutor/model/parser.h"
#include "tutor/model/recorder.h"

#include <stdlib.h>
#include <string.h>

bool record_wrong(Recorder *r, Place place, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	source_errorv(&r->syntax->sources, place, r->error, format, arguments);
	va_end(arguments);
	return false;
}

static const Statement *find_kind(const Statement *statement, StatementKind kind)
{
	for (const Statement *s = statement; s; s = s->next) {
		const Statement *found = s->kind == kind ? s : find_kind(s->body, kind);
		if (found)
			return found;
	}
	return NULL;
}

static bool parse(Syntax *syntax, Model *model, const char *text, size_t size, const ModelOptions *options,
                  Error *error)
{
	if (!syntax_parse(syntax, model->file, text, size, options->include, error))
		return false;
	const Embedded *rules = embedded_find("optimizers.model");
	if (!rules || !find_kind(syntax->statement, STATEMENT_UPDATE))
		return true;
	return syntax_parse_rules(syntax, rules->name, rules->data, rules->size, error);
}

// The last family of steps whose indices are those of the one-hot target.
static void find_answer(Recorder *r)
{
	const Symbols *symbols = &r->syntax->symbols;
	const Symbol *target = NULL, *answer = NULL;
	for (size_t i = 0; i < symbols->count; i++)
		if (symbols->symbol[i].kind == SYMBOL_TARGET && symbols->symbol[i].family == r->model->onehot)
			target = &symbols->symbol[i];
	for (size_t i = 0; target && i < symbols->count; i++) {
		const Symbol *step = &symbols->symbol[i];
		size_t size = target->rank * sizeof *step->low;
		if (step->kind == SYMBOL_STEP && step->rank == target->rank && step->count == target->count && step->count &&
		    memcmp(step->low, target->low, size) == 0 && memcmp(step->high, target->high, size) == 0 &&
		    (!answer || step->first > answer->first))
			answer = step;
	}
	if (answer && r->model->predict == NAME_NONE)
		r->model->predict = answer->family;
}

static bool has_step(Recorder *r)
{
	const Symbols *symbols = &r->syntax->symbols;
	for (size_t i = 0; i < symbols->count; i++)
		if (symbols->symbol[i].kind == SYMBOL_STEP && symbols->symbol[i].count)
			return true;
	return record_wrong(r, 0, "the model has no step, such as 'y = w*x'");
}

static bool record_all(Recorder *r)
{
	const Statement *statement = r->syntax->statement;
	if (!feed_start(r) || !setting_start(r) || !record_statements(r, statement) || !has_step(r) ||
	    !setting_finish(r, false) || !feed_finish(r) || !record_loss(r))
		return false;
	find_answer(r);
	if (r->options->no_gradient)
		return true;
	r->second_pass = true;
	r->updates = 0;
	if (!record_statements(r, statement))
		return false;
	record_t_next(r);
	return setting_finish(r, true);
}

static void free_recorder(Recorder *r)
{
	tape_free(&r->sizes);
	free(r->local);
	free(r->stack);
	free(r->param_symbol);
	free(r->param_gradient);
	free(r->taken);
	nodemap_free(&r->column_of);
	nodemap_free(&r->mean_of);
	nodemap_free(&r->next_of);
	table_free(&r->examples);
}

static bool record_syntax(Syntax *syntax, Model *model, const ModelOptions *options, Error *error)
{
	Recorder r = {.syntax = syntax, .model = model, .tape = &model->tape, .options = options, .error = error,
	              .rest_update = SYMBOL_NONE, .last_column = SIZE_MAX,
	              .limit = options->node_limit ? options->node_limit : MODEL_NODE_LIMIT};
	model->tape.limit = r.limit;
	r.t_symbol = symbol_intern(&syntax->symbols, "t", 1);
	r.batch_size_symbol = symbol_intern(&syntax->symbols, "batch_size", 10);
	bool well = record_all(&r);
	free_recorder(&r);
	return well;
}

bool model_read(Model *model, const char *file, const char *text, size_t size, const ModelOptions *options,
                Error *error)
{
	*model = (Model){.batch_size = NODE_NONE, .t = NODE_NONE, .loss = NODE_NONE, .mean = NODE_NONE,
	                 .predict = NAME_NONE, .onehot = NAME_NONE};
	model->file = file ? arena_copy(&model->arena, file, strlen(file)) : NULL;
	Syntax syntax = {0};
	bool well = parse(&syntax, model, text, size, options, error) && record_syntax(&syntax, model, options, error);
	syntax_free(&syntax);
	if (!well) {
		model_free(model);
	} else {
		model->update_end = (Node)model->tape.count;
		tape_trim(&model->tape);
	}
	return well;
}

void model_free(Model *model)
{
	tape_free(&model->tape);
	free(model->param);
	free(model->state);
	free(model->carry);
	free(model->column);
	free(model->feed);
	free(model->data);
	arena_free(&model->arena);
	*model = (Model){0};
}

void model_start(const Model *model, Replay *replay, size_t first, size_t count)
{
	bool varies = model->batch_size != NODE_NONE;
	replay_start(replay, &model->tape, varies && count ? (uint32_t)count : 1);
	model_feed(model, replay, first);
}

void model_carry(const Model *model, Replay *replay)
{
	replay_carry(replay, model->carry, model->carry_count);
}
