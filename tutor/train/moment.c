#include "tutor/train/moment.h"

#include "core/arena.h"
#include "tutor/explain/chain.h"
#include "tutor/explain/locate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_LIMIT = 400 * 1000 * 1000, ROWS_LIMIT = 20000, ROWS_MANY = 300 };

// The tape with the examples row[0] … in its lanes and the params as the engine has them.
static void replay_batch(const Training *training, const uint32_t *row, uint32_t count,
                         Replay *replay)
{
	const Model *model = training->model;
	replay_start(replay, &model->tape, count);
	for (size_t i = 0; i < model->carry_count; i++) {
		Node leaf = model->carry[i].leaf;
		replay_set_all(replay, leaf, engine_value(training->engine, leaf, 0));
	}
	for (size_t i = 0; i < model->feed_count && training->data->count; i++)
		for (uint32_t lane = 0; lane < count; lane++) {
			const Feed *feed = &model->feed[i];
			double cell = examples_at(training->data, row[lane], feed->column);
			replay_set(replay, feed->leaf, lane, feed->onehot ? cell == feed->label : cell);
		}
	replay_all(replay);
}

// ---- The derivation of a step

static bool print_row(const Derivation *d, uint32_t id, const TextStyle *style, Output *output,
                      Error *error)
{
	Arena arena = {0};
	Row row;
	const RowKey *key = &d->row[id - 1];
	bool chain = key->phase == PHASE_GRADIENT && tape_op(d->tape, key->node) == OP_PARAM;
	bool good =
		chain ? chain_row(d, id, &arena, &row, error) : derivation_row(d, id, &arena, &row, error);
	if (good)
		equation_print(output, &row, style);
	arena_free(&arena);
	return good;
}

// Whether a quantity is the one called `name`, an element of that family, or a rule's state or step of it.
static bool bears(const char *text, const char *name)
{
	size_t length = strlen(name);
	return strncmp(text, name, length) == 0 && (text[length] == '\0' || text[length] == '[' || text[length] == '.');
}

// The rows of a param or of a family of them: those of the gradient's and the update's phase that bear its name.
static bool print_param(const Derivation *d, const char *name, const TextStyle *style,
                        Output *output, bool *found, Error *error)
{
	Arena arena = {0};
	bool good = true;
	for (uint32_t id = 1; good && id <= d->count; id++) {
		Row row;
		Phase phase = d->row[id - 1].phase;
		if (phase != PHASE_GRADIENT && phase != PHASE_UPDATE)
			continue;
		derivation_row_name(d, id, &arena, &row);
		const Quantity *of = phase == PHASE_GRADIENT ? row.name->by : row.name->of;
		if (of && bears(quantity_text(of, &arena), name)) {
			*found = true;
			good = print_row(d, id, style, output, error);
		}
		arena_reset(&arena);
	}
	arena_free(&arena);
	return good;
}

static bool print_named(Training *training, Replay *replay, const Derivation *d, const char *name,
                        const TextStyle *style, Output *output, Error *error)
{
	bool found = false;
	Located located;
	if (!print_param(d, name, style, output, &found, error) || found)
		return found;
	bool good = locate_row(&located, training->model, replay, d, name, error) &&
	            print_row(located.derivation, located.id, style, output, error);
	located_free(&located);
	return good;
}

// The first of several names with commas between them, without its blanks; `rest` is what follows.
static const char *next_name(const char *names, const char **rest, Arena *arena)
{
	char *name = arena_copy(arena, names, strlen(names)), *to = name;
	int depth = 0;
	for (; *names && (depth || *names != ','); names++) {
		depth += (*names == '[') - (*names == ']');
		if (*names != ' ')
			*to++ = *names;
	}
	*to = '\0';
	*rest = *names ? names + 1 : names;
	return name;
}

static bool print_names(Training *training, Replay *replay, const Derivation *d, const char *names,
                        const TextStyle *style, Output *output, Error *error)
{
	Arena arena = {0};
	bool good = true;
	while (good && *names)
		good = print_named(training, replay, d, next_name(names, &names, &arena), style, output, error);
	arena_free(&arena);
	return good;
}

static bool print_all(const Derivation *d, const TextStyle *style, bool watched, Output *output, Error *error)
{
	if (d->count > ROWS_LIMIT)
		return error_set(error, "the derivation of this step has %zu rows: choose with --of NAME",
		                 d->count);
	if (watched && d->count > ROWS_MANY)
		fprintf(stderr, "the derivation of this update has %zu rows; --of NAME,NAME prints those of some params\n",
		        d->count);
	for (uint32_t id = 1; id <= d->count; id++)
		if (!print_row(d, id, style, output, error))
			return false;
	return true;
}

static void print_head(const Training *training, const uint32_t *row, uint32_t count,
                       Output *output)
{
	output_printf(output, "update %llu, with example%s",
	              (unsigned long long)training->position.updates + 1, count == 1 ? "" : "s");
	for (uint32_t i = 0; i < count; i++)
		output_printf(output, "%s %u", i ? "," : "", row[i] + 1);
	output_text(output, "\n\n");
}

bool moment_explain(Training *training, const char *names, const TextStyle *style, bool watched,
                    Output *output, Error *error)
{
	const uint32_t *row;
	uint32_t count = training_next_batch(training, &row);
	Replay replay;
	Derivation derivation;
	if ((uint64_t)training->model->tape.count * count > VALUES_LIMIT)
		return error_set(error,
		                 "a step of %zu operations and %u examples is too large to explain: "
		                 "take a smaller --batch",
		                 training->model->tape.count, count);
	replay_batch(training, row, count, &replay);
	derivation_start(&derivation, training->model, &replay, &(DerivationOptions){.wrt = NODE_NONE});
	print_head(training, row, count, output);
	bool good = names ? print_names(training, &replay, &derivation, names, style, output, error)
	                  : print_all(&derivation, style, watched, output, error);
	output_text(output, "\n");
	derivation_free(&derivation);
	replay_free(&replay);
	return good;
}

// ---- The first value that is no finite number

static bool leaves_are_finite(const Training *training)
{
	const Model *model = training->model;
	for (size_t i = 0; i < model->carry_count; i++)
		if (!isfinite(engine_value(training->engine, model->carry[i].leaf, 0)))
			return false;
	return true;
}

// The first step below `end` that is not finite; NODE_NONE if there is none.
static Node first_fault(const Replay *replay, Node end)
{
	for (Node node = 0; node < end; node++)
		if (tape_named(replay->tape, node) && !isfinite(replay_value(replay, node, 0)))
			return node;
	return NODE_NONE;
}

enum { EQUATION_LONG = 160, FORMULA_LONG = 100, SUM_LONG = 3, CAUSES = 4 };

// "S = exp(z1) + exp(z2) = … = inf", on one line.
static const char *equation_of(const Derivation *derivation, uint32_t id, Arena *arena)
{
	Output output = {0};
	Error none = {0};
	TextStyle style = text_style(false, 6, 100000);
	print_row(derivation, id, &style, &output, &none);
	const char *text = output_memory(&output);
	size_t blanks = strspn(text, " \n"), length = strcspn(text + blanks, "\n");
	char *copy = arena_copy(arena, text + blanks, length);
	output_abandon(&output);
	return copy;
}

// A quantity that went into the value, and how much it has to do with its not being finite.
typedef struct Cause {
	const char *name;
	double value;
} Cause;

static double weight_of(const Cause *cause)
{
	return isnan(cause->value) ? INFINITY : fabs(cause->value);
}

static int by_weight(const void *a, const void *b)
{
	double left = weight_of(a), right = weight_of(b);
	return (left < right) - (left > right);
}

static Cause *causes_of(const Derivation *derivation, const Row *row, size_t *count, Arena *arena)
{
	const uint32_t *id;
	Error none = {0};
	size_t parents = row_parents(row, arena, &id);
	Cause *cause = arena_array(arena, Cause, parents + 1);
	*count = 0;
	for (size_t i = 0; i < parents; i++) {
		Row parent;
		if (derivation_row(derivation, id[i], arena, &parent, &none) && parent.name)
			cause[(*count)++] = (Cause){quantity_text(parent.name, arena), parent.value};
	}
	qsort(cause, *count, sizeof *cause, by_weight);
	return cause;
}

static void put_number(Output *output, double value)
{
	if (isnan(value))
		output_text(output, "nan");
	else
		output_printf(output, "%.6g", value);
}

// The formula in symbols, its sums shortened; nothing where it is long even so.
static void put_formula(Output *output, const Row *row, Arena *arena)
{
	TextStyle style = text_style(false, 6, 100000);
	style.widest = SUM_LONG;
	Output formula = {0};
	Notation notation = text_notation(&style);
	notation_formula(&formula, row->formula, &notation);
	const char *text = arena_printf(arena, "%s", output_memory(&formula));
	output_abandon(&formula);
	if (strlen(text) <= FORMULA_LONG)
		output_printf(output, " = %s", text);
}

// "z[0] = w[0,1]*h[1] + ... + b[0] = -inf, where h[4] = 1.2e+305, …": the numbers that are not finite, then the
// largest.
static const char *outline_of(const Derivation *derivation, uint32_t id, Arena *arena)
{
	Row row;
	Error none = {0};
	if (!derivation_row(derivation, id, arena, &row, &none) || !row.name || !row.formula)
		return NULL;
	size_t count;
	const Cause *cause = causes_of(derivation, &row, &count, arena);
	Output output = {0};
	output_text(&output, quantity_text(row.name, arena));
	put_formula(&output, &row, arena);
	output_text(&output, " = ");
	put_number(&output, row.value);
	for (size_t i = 0; i < count && i < CAUSES; i++) {
		output_printf(&output, "%s %s = ", i ? "," : ", where", cause[i].name);
		put_number(&output, cause[i].value);
	}
	if (count > CAUSES)
		output_printf(&output, " are the largest of %zu numbers", count);
	const char *text = arena_printf(arena, "%s", output_memory(&output));
	output_abandon(&output);
	return text;
}

// What is told of the node that is not finite, short enough for a message.
static const char *account_of(const Model *model, const Replay *replay, Node node, Arena *arena)
{
	Derivation derivation;
	const char *text = NULL;
	derivation_start(&derivation, model, replay, &(DerivationOptions){.wrt = NODE_NONE});
	uint32_t id = derivation_find(&derivation, node, 0);
	if (id)
		text = equation_of(&derivation, id, arena);
	if (id && (!*text || strlen(text) > EQUATION_LONG))
		text = outline_of(&derivation, id, arena);
	derivation_free(&derivation);
	return text ? text : quantity_text(quantity_of(&model->tape, node, 0, 1, arena), arena);
}

static const char *advice_of(const Training *training)
{
	if (training->position.updates == 0)
		return "no update was made yet, so look at the start values and the data";
	return training->options.norms ? "try a smaller rate" : "try a smaller rate; --norms shows what grew";
}

// Looks for the fault in the next update, example by example.
static bool blame_next(Training *training, Error *error)
{
	const Model *model = training->model;
	const uint32_t *row;
	uint32_t count = training_next_batch(training, &row);
	Arena arena = {0};
	Node fault = NODE_NONE;
	for (uint32_t i = 0; i < count && fault == NODE_NONE; i++) {
		Replay replay;
		replay_batch(training, row + i, 1, &replay);
		fault = first_fault(&replay, (Node)model->tape.count);
		const char *example = training->data->count ? arena_printf(&arena, " in example %u", row[i] + 1) : "";
		if (fault != NODE_NONE)
			error_set(error, "update %llu: no finite number%s: %.400s: %s",
			          (unsigned long long)training->position.updates + 1, example,
			          account_of(model, &replay, fault, &arena), advice_of(training));
		replay_free(&replay);
	}
	arena_free(&arena);
	return fault != NODE_NONE;
}

bool moment_blame(Training *training, Error *error)
{
	uint64_t update = training->position.updates;
	double loss = training->loss;
	bool single = training->options.precision == PROGRAM_SINGLE;
	training_go_back(training, update - 1);
	bool by_update = !leaves_are_finite(training);
	if (by_update && training->snapshot.updates + 1 < update)
		training_go_back(training, update - 2);
	if (!blame_next(training, error))
		error_set(error, "the loss is %g in update %llu, in %s precision; %s: %s", loss,
		          (unsigned long long)update, single ? "single" : "double",
		          single ? "with --precision double all values of this step are finite"
		                 : "each example alone is finite, so it is the sum over the batch or the update",
		          advice_of(training));
	return false;
}

uint64_t moment_norms(Training *training)
{
	const uint32_t *row;
	if (training->position.updates > training->snapshot.updates)
		training_go_back(training, training->position.updates - 1);
	uint32_t count = training_next_batch(training, &row);
	norms_measure(&training->norms, training->engine, training->data, row, count);
	return training->position.updates + 1;
}
