#include "tutor/train/fault.h"

#include "core/arena.h"
#include "tutor/train/moment.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EQUATION_LONG = 160, FORMULA_LONG = 100, SUM_LONG = 3, CAUSES = 4, LARGE = 1000000 };

// "S = exp(z1) + exp(z2) = … = inf", on one line.
static const char *equation_of(const Derivation *derivation, uint32_t id, Arena *arena)
{
	Output output = {0};
	Error none = {0};
	TextStyle style = text_style(false, 6, 100000);
	moment_print_row(derivation, id, &style, &output, &none);
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

// ---- The operation that made it

// The lane in which a node is not finite; `lanes` where it is finite in all.
static uint32_t faulty_lane(const Replay *replay, Node node)
{
	uint32_t lanes = tape_varies(replay->tape, node) ? replay->lanes : 1, lane = 0;
	while (lane < lanes && isfinite(replay_value(replay, node, lane)))
		lane++;
	return lane < lanes ? lane : replay->lanes;
}

// From a step down its formula, to the operation whose arguments are all finite.
static Node origin_of(const Replay *replay, Node node)
{
	for (;;) {
		uint32_t count, i = 0;
		const Node *argument = tape_arguments(replay->tape, node, &count);
		while (i < count && faulty_lane(replay, argument[i]) == replay->lanes)
			i++;
		if (i == count)
			return node;
		node = argument[i];
	}
}

static void put_argument(Output *output, double value)
{
	output_printf(output, value < 0 ? "(%.6g)" : "%.6g", value);
}

// "log(0)", the operation inside a formula that its substitution does not show; NULL where it is the whole formula,
// or a sum or product, or a leaf, or it is a large argument that made it overflow.
static const char *operation_of(const Replay *replay, Node fault, double *value, Arena *arena)
{
	uint32_t count;
	Node origin = origin_of(replay, fault);
	uint32_t lane = faulty_lane(replay, origin);
	const Node *argument = tape_arguments(replay->tape, origin, &count);
	const OpInfo *info = &op_info[tape_op(replay->tape, origin)];
	if (origin == fault || (info->arity != ARITY_UNARY && info->arity != ARITY_BINARY))
		return NULL;
	for (uint32_t i = 0; i < count; i++)
		if (fabs(replay_value(replay, argument[i], lane)) > LARGE)
			return NULL;
	Output output = {0};
	if (info->form == FORM_CALL)
		output_printf(&output, "%s(", info->text);
	for (uint32_t i = 0; i < count; i++) {
		if (i)
			output_text(&output, info->form == FORM_CALL ? ", " : info->text);
		(info->form == FORM_CALL ? put_number : put_argument)(&output, replay_value(replay, argument[i], lane));
	}
	output_text(&output, info->form == FORM_CALL ? ")" : "");
	const char *text = arena_printf(arena, "%s", output_memory(&output));
	output_abandon(&output);
	*value = replay_value(replay, origin, lane);
	return text;
}

// ---- What is told

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

// Whether a node belongs to what the update makes of the gradient.
static bool is_of_update(const Model *model, const Replay *replay, Node node)
{
	Derivation derivation;
	derivation_start(&derivation, model, replay, &(DerivationOptions){.wrt = NODE_NONE});
	uint32_t id = derivation_find(&derivation, node, 0);
	bool is = id && derivation.row[id - 1].phase == PHASE_UPDATE;
	derivation_free(&derivation);
	return is;
}

// What to try. No update is to blame for what the data have, and a first one not for what it begins with.
static const char *advice_of(const Training *training, bool of_data, bool of_update, const char *operation,
                             Arena *arena)
{
	if (of_data)
		return "look at the data";
	if (training->position.updates == training->begun_at && !of_update)
		return training->begun_at
		           ? "this run has made no update yet, so look at the params that were loaded and at the data"
		           : "no update was made yet, so look at the start values and the data";
	return arena_printf(arena, "try a smaller rate%s%s%s",
	                    operation ? ", or a formula without " : "", operation ? operation : "",
	                    training->options.norms ? "" : "; --norms shows what grew");
}

static void tell(const Training *training, const Replay *replay, Node node, const char *where, Error *error)
{
	const Model *model = training->model;
	Arena arena = {0};
	double value = 0;
	bool of_update = is_of_update(model, replay, node);
	Op op = tape_op(replay->tape, origin_of(replay, node));
	const char *operation = operation_of(replay, node, &value, &arena), *made = "";
	if (operation)
		made = arena_printf(&arena, isnan(value) ? ", for %s = nan" : ", for %s = %g", operation, value);
	error_set(error, "update %llu: no finite number%s: %.400s%.80s: %s",
	          (unsigned long long)training->position.updates + 1, where,
	          account_of(model, replay, node, &arena), made,
	          advice_of(training, op == OP_INPUT || op == OP_TARGET, of_update, operation, &arena));
	arena_free(&arena);
}

// The first step that is not finite, among those that vary or those that do not; NODE_NONE if there is none.
static Node first_fault(const Replay *replay, bool varying)
{
	const Tape *tape = replay->tape;
	for (Node node = 0; node < (Node)tape->count; node++)
		if (tape_named(tape, node) && tape_varies(tape, node) == varying && !isfinite(replay_value(replay, node, 0)))
			return node;
	return NODE_NONE;
}

// Looks for a fault in the next update with the examples row[0] …, and tells of it.
static bool blame(const Training *training, const uint32_t *row, uint32_t count, bool varying, const char *where,
                  Error *error)
{
	Replay replay;
	moment_replay(training, row, count, &replay);
	Node node = first_fault(&replay, varying);
	if (node != NODE_NONE)
		tell(training, &replay, node, where, error);
	replay_free(&replay);
	return node != NODE_NONE;
}

// What varies is looked at example by example, what is one for the batch over all of it.
static bool blame_next(Training *training, Error *error)
{
	const uint32_t *row;
	uint32_t count = training_next_batch(training, &row);
	bool found = false;
	for (uint32_t i = 0; i < count && !found; i++) {
		char where[40] = "";
		if (training->data->count)
			snprintf(where, sizeof where, " in example %u", row[i] + 1);
		found = blame(training, row + i, 1, true, where, error);
	}
	return found || (moment_fits(training, count) && blame(training, row, count, false, "", error));
}

Fault fault_tell(Training *training, Error *error)
{
	Fault fault = {training->position.updates, isfinite(training->loss)};
	bool single = training->options.precision == PROGRAM_SINGLE;
	double loss = training->loss;
	training_go_back(training, fault.update - 1);
	if (!fault.loss_is_finite && !training_is_finite(training) && training->snapshot.updates + 1 < fault.update) {
		fault = (Fault){fault.update - 1, true};
		training_go_back(training, fault.update - 1);
	}
	Arena arena = {0};
	if (!blame_next(training, error))
		error_set(error, "the loss is %g in update %llu, in %s precision; %s: %s", loss,
		          (unsigned long long)fault.update, single ? "single" : "double",
		          single ? "with --precision double all values of this step are finite"
		                 : "each step alone is finite, so it is the sum over the batch",
		          advice_of(training, false, false, NULL, &arena));
	arena_free(&arena);
	return fault;
}

uint64_t fault_norms(Training *training, const Fault *fault)
{
	const uint32_t *row;
	uint64_t update = fault->loss_is_finite ? fault->update : fault->update - 1;
	if (update <= training->begun_at || update <= training->snapshot.updates)
		return 0;
	training_go_back(training, update - 1);
	uint32_t count = training_next_batch(training, &row);
	norms_measure(&training->norms, training->engine, training->data, row, count);
	return update;
}
