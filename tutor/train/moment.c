#include "tutor/train/moment.h"

#include "core/arena.h"
#include "tutor/explain/chain.h"
#include "tutor/explain/locate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_LIMIT = 400 * 1000 * 1000, ROWS_LIMIT = 20000, ROWS_MANY = 300 };

void moment_replay(const Training *training, const uint32_t *row, uint32_t count, Replay *replay)
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

bool moment_fits(const Training *training, uint32_t count)
{
	return (uint64_t)training->model->tape.count * count <= VALUES_LIMIT;
}

// ---- The derivation of a step

bool moment_print_row(const Derivation *d, uint32_t id, const TextStyle *style, Output *output,
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
			good = moment_print_row(d, id, style, output, error);
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
	            moment_print_row(located.derivation, located.id, style, output, error);
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
		if (!moment_print_row(d, id, style, output, error))
			return false;
	return true;
}

// The examples by their rows in the data; in the derivation they bear their places in the batch.
static void print_head(const Training *training, const uint32_t *row, uint32_t count, const TextStyle *style,
                       Output *output)
{
	Output head = {0};
	output_printf(&head, "update %llu, with example%s", (unsigned long long)training->position.updates + 1,
	              count == 1 ? "" : "s");
	for (uint32_t i = 0; i < count; i++)
		output_printf(&head, "%s %u", i ? "," : "", row[i] + 1);
	if (count > 1)
		output_printf(&head, " (@1 to @%u)", count);
	text_hanging(output, output_memory(&head), head.count, 2, style);
	output_text(output, "\n");
	output_abandon(&head);
}

bool moment_explain(Training *training, const char *names, const TextStyle *style, bool watched,
                    Output *output, Error *error)
{
	const uint32_t *row;
	uint32_t count = training_next_batch(training, &row);
	Replay replay;
	Derivation derivation;
	if (!moment_fits(training, count))
		return error_set(error,
		                 "a step of %zu operations and %u examples is too large to explain: "
		                 "take a smaller --batch",
		                 training->model->tape.count, count);
	moment_replay(training, row, count, &replay);
	derivation_start(&derivation, training->model, &replay, &(DerivationOptions){.wrt = NODE_NONE});
	print_head(training, row, count, style, output);
	bool good = names ? print_names(training, &replay, &derivation, names, style, output, error)
	                  : print_all(&derivation, style, watched, output, error);
	output_text(output, "\n");
	derivation_free(&derivation);
	replay_free(&replay);
	return good;
}
