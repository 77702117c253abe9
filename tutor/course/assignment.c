#include "tutor/course/assignment.h"

#include "tutor/explain/query.h"
#include "tutor/io/number.h"
#include "tutor/nearest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const variant_columns[] = {"id", "file", "name", NULL};

void assignment_free(Assignment *assignment)
{
	textmap_free(&assignment->variant_of);
	arena_free(&assignment->arena);
	*assignment = (Assignment){0};
}

// The fewest digits that read back as the value, as %g has them: 30 is 3e+01. Codes are made of this.
static char *shortest(double value, Arena *arena)
{
	char text[NUMBER_SIZE];
	for (int digits = 1; digits <= 17; digits++) {
		double back;
		snprintf(text, sizeof text, "%.*g", digits, value);
		if (number_parse(text, &back) && back == value)
			break;
	}
	return arena_copy(arena, text, strlen(text));
}

char *number_text(double value, Arena *arena)
{
	bool whole = fabs(value) < 1e15 && value == floor(value) && value != 0;
	return whole ? arena_printf(arena, "%.0f", value) : shortest(value, arena);
}

Question question_of(const char *name)
{
	static const struct {
		const char *prefix;
		QuestionKind kind;
	} kinds[] = {{"formula:", QUESTION_FORMULA}, {"find:", QUESTION_FIND}};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strncmp(name, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
			return (Question){kinds[i].kind, name, name + strlen(kinds[i].prefix), 1};
	return (Question){QUESTION_NUMBER, name, name, 1};
}

// ---- Variants

const Variant *assignment_find(const Assignment *assignment, const char *id, Error *error)
{
	uint32_t at = textmap_get(&assignment->variant_of, id);
	if (at != TEXTMAP_ABSENT)
		return &assignment->variant[at];
	Nearest nearest = nearest_start(id, strlen(id));
	for (size_t i = 0; i < assignment->variants; i++)
		nearest_offer(&nearest, assignment->variant[i].id);
	if (nearest.name)
		error_set(error, "the assignment has no student '%.200s'; did you mean '%s'?", id,
		          nearest.name);
	else
		error_set(error, "the assignment has no student '%.200s'", id);
	return NULL;
}

// Where the value of a leaf is kept: among the data, else on the tape.
static double *place_of_value(Model *model, Node leaf, uint32_t lane)
{
	for (size_t i = 0; i < model->feed_count && model->examples; i++) {
		const Feed *feed = &model->feed[i];
		if (feed->leaf == leaf)
			return feed->onehot ? NULL : &model->data[lane * model->columns + feed->column];
	}
	return &model->tape.value[leaf];
}

static bool put_number(Model *model, const char *name, double value, Error *error)
{
	Node leaf;
	uint32_t lane = 0;
	if (!query_element(model, name, &leaf, &lane, error))
		return false;
	Op op = tape_op(&model->tape, leaf);
	double *place = op == OP_PARAM || op == OP_INPUT || op == OP_TARGET
	                    ? place_of_value(model, leaf, lane)
	                    : NULL;
	if (!place)
		return error_set(error, "'%s' is no param, input or target that takes a number", name);
	*place = value;
	if (!tape_varies(&model->tape, leaf))
		model->tape.value[leaf] = value;
	return true;
}

bool assignment_put(const Assignment *assignment, const Variant *variant, Model *model,
                    Error *error)
{
	for (size_t i = 0; i < assignment->numbers; i++)
		if (!put_number(model, assignment->number[i], variant->value[i], error))
			return false;
	return true;
}

static bool read_model(const Assignment *a, const Table *table, Model *model, Error *error)
{
	ModelOptions options = {.seed = a->seed,
	                        .example = a->example,
	                        .setting = a->fixed,
	                        .setting_count = a->fixed_count,
	                        .data = table};
	return model_read(model, a->folder ? "model.model" : a->model_name, a->text, a->size, &options,
	                  error);
}

bool assignment_model(const Assignment *a, const Variant *variant, Model *model, Error *error)
{
	Table table = {0};
	if (a->examples && !table_read(&table, "examples.csv", a->examples, a->examples_size, 0,
	                               a->examples_size, 0, error))
		return false;
	bool good = read_model(a, a->examples ? &table : NULL, model, error);
	table_free(&table);
	if (!good || !variant || assignment_put(a, variant, model, error))
		return good;
	model_free(model);
	return false;
}

// ---- Codes

typedef struct Parts {
	const char **text;
	size_t count, capacity;
} Parts;

static void add_part(Parts *parts, const char *text)
{
	array_reserve(parts->text, parts->count, parts->capacity, 1);
	parts->text[parts->count++] = text;
}

static void add_number(Parts *parts, double value, Arena *arena)
{
	add_part(parts, shortest(value, arena));
}

static void add_texts(Parts *parts, const Assignment *a)
{
	add_part(parts, a->title);
	add_part(parts, a->model_name);
	add_part(parts, a->text);
	add_part(parts, a->examples ? "examples" : "");
	add_part(parts, a->examples ? a->examples : "");
}

// All that is not a variant's; lists with their lengths before them.
static Mac code_of(const Assignment *a, const Secret *secret)
{
	Parts parts = {0};
	Arena arena = {0};
	add_texts(&parts, a);
	add_part(&parts, arena_printf(&arena, "%d %d %llu %u", ASSIGNMENT_FORMAT, a->significant,
	                              (unsigned long long)a->seed, (unsigned)a->example));
	add_number(&parts, (double)a->fixed_count, &arena);
	for (size_t i = 0; i < a->fixed_count; i++) {
		add_part(&parts, a->fixed[i].name);
		add_number(&parts, a->fixed[i].value, &arena);
	}
	add_number(&parts, (double)a->questions, &arena);
	for (size_t i = 0; i < a->questions; i++)
		add_part(&parts, a->question[i].name);
	for (size_t i = 0; i < a->numbers; i++)
		add_part(&parts, a->number[i]);
	Mac mac = secret_mac(secret, "tutor assignment", parts.text, parts.count);
	free(parts.text);
	arena_free(&arena);
	return mac;
}

static Mac code_of_variant(const Assignment *a, const Variant *variant, const Secret *secret)
{
	Parts parts = {0};
	Arena arena = {0};
	char text[MAC_TEXT_SIZE];
	mac_text(&a->mac, text);
	add_part(&parts, text);
	add_part(&parts, variant->id);
	add_part(&parts, variant->file);
	add_part(&parts, variant->name);
	for (size_t i = 0; i < a->numbers; i++)
		add_number(&parts, variant->value[i], &arena);
	for (size_t i = 0; i < a->finds; i++) {
		char *found = arena_alloc(&arena, MAC_TEXT_SIZE);
		mac_text(&variant->found[i], found);
		add_part(&parts, found);
	}
	Mac mac = secret_mac(secret, "tutor variant", parts.text, parts.count);
	free(parts.text);
	arena_free(&arena);
	return mac;
}

void assignment_seal(Assignment *assignment, const Secret *secret)
{
	assignment->mac = code_of(assignment, secret);
}

void assignment_seal_variant(const Assignment *assignment, Variant *variant, const Secret *secret)
{
	variant->mac = code_of_variant(assignment, variant, secret);
}

bool assignment_verify(const Assignment *a, const Secret *secret, Error *error)
{
	const char *folder = a->folder ? a->folder : "";
	Mac mac = code_of(a, secret);
	if (!mac_equal(&mac, &a->mac))
		return error_set(error,
		                 "%s: not written under this secret, or model.model%s or "
		                 "assignment.csv was changed since",
		                 folder, a->examples ? ", examples.csv" : "");
	for (size_t i = 0; i < a->variants; i++) {
		mac = code_of_variant(a, &a->variant[i], secret);
		if (!mac_equal(&mac, &a->variant[i].mac))
			return error_set(error, "%s/variants.csv: the row of '%s' was changed since it was written",
			                 folder, a->variant[i].id);
	}
	return true;
}

Mac assignment_commit(const Assignment *a, const char *id, size_t find, const char *line,
                      const Secret *secret)
{
	char code[MAC_TEXT_SIZE], number[32];
	mac_text(&a->mac, code);
	snprintf(number, sizeof number, "%zu", find);
	return secret_mac(secret, "tutor find", (const char *[]){code, id, number, line}, 4);
}

bool assignment_is_found(const Assignment *a, const Variant *variant, size_t find, const char *line,
                         const Secret *secret)
{
	Mac mac = assignment_commit(a, variant->id, find, line, secret);
	return find < a->finds && mac_equal(&mac, &variant->found[find]);
}
