// claim dL/dz[k] = p[k] - y[k]: what a person would derive, held against the tape for every element.
//
// The model is read once more with a step for each element, whose formula is what is claimed; so the claim is recorded,
// evaluated and printed as everything else is.
#include "tutor/explain/locate.h"
#include "tutor/io/output.h"
#include "tutor/lesson/lesson.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { INDICES = 8 };

typedef struct Claim {
	Lesson *lesson;
	LessonModel *model;
	size_t line;
	const char *left, *right;        // of the equals sign
	const char *open;                // the bracket in `left`, NULL where it has none
	size_t head;                     // bytes of `left` before it
	char *family;                    // what the bracket belongs to
	char *letter[INDICES];           // k, or a number that the index must be
	uint32_t rank;
	Output steps;                    // the lines for the model
	const char **name;               // of each step the derivative that it is claimed to be
	size_t count;
	LessonModel *said;               // the model with those steps
} Claim;

// A derivative, and the step that it is claimed to be.
typedef struct Line {
	const char *name, *step;
} Line;

static bool wrong(const Claim *claim, const char *message)
{
	return lesson_error(claim->lesson, claim->line, "%s", message);
}

// ---- What is claimed

static char *trimmed(Arena *arena, const char *text, size_t size)
{
	while (size && isspace((unsigned char)*text))
		text++, size--;
	while (size && isspace((unsigned char)text[size - 1]))
		size--;
	return arena_copy(arena, text, size);
}

static bool read_claim(Claim *claim, const char *text)
{
	Arena *arena = claim->lesson->arena;
	const char *equals = strchr(text, '=');
	if (!equals || !equals[1 + strspn(equals + 1, " ")])
		return wrong(claim, "'claim' is 'claim DERIVATIVE = EXPRESSION'");
	claim->left = trimmed(arena, text, (size_t)(equals - text));
	claim->right = trimmed(arena, equals + 1, strlen(equals + 1));
	const char *slash = strchr(claim->left, '/'), *by = slash && slash[1] == 'd' ? slash + 2 : claim->left;
	claim->open = strchr(by, '[');
	claim->head = claim->open ? (size_t)(claim->open - claim->left) : strlen(claim->left);
	if (!claim->open)
		return true;
	claim->family = arena_copy(arena, by, (size_t)(claim->open - by));
	for (const char *at = claim->open; *at && *at != ']' && claim->rank < INDICES;) {
		size_t size = strcspn(++at, ",]");
		claim->letter[claim->rank++] = trimmed(arena, at, size);
		at += size;
	}
	return true;
}

// ---- Its elements

static bool in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

// The text with each index letter, where it is a word, replaced by its number.
static void put_with_indices(Output *output, const Claim *claim, const char *text, const int32_t *index)
{
	for (const char *at = text; *at;) {
		size_t size = 0, found = INDICES;
		while (in_name(at[size]))
			size++;
		for (uint32_t i = 0; i < claim->rank && size && index; i++)
			if (strlen(claim->letter[i]) == size && memcmp(claim->letter[i], at, size) == 0)
				found = i;
		if (index && found < INDICES)
			output_printf(output, "%d", (int)index[found]);
		else
			output_bytes(output, at, size ? size : 1);
		at += size ? size : 1;
	}
}

static bool fits(const Claim *claim, const int32_t *index)
{
	for (uint32_t i = 0; i < claim->rank; i++) {
		char *end;
		long number = strtol(claim->letter[i], &end, 10);
		if (end != claim->letter[i] && !*end && number != index[i])
			return false;
	}
	return true;
}

static void add_element(Claim *claim, const int32_t *index)
{
	Output name = {0};
	output_bytes(&name, claim->left, claim->head);
	put_with_indices(&name, claim, claim->open ? claim->open : "", index);
	claim->name[claim->count++] = arena_copy(claim->lesson->arena, output_memory(&name), name.count);
	output_abandon(&name);
	output_printf(&claim->steps, "claimed_%zu = ", claim->count);
	put_with_indices(&claim->steps, claim, claim->right, index);
	output_text(&claim->steps, "\n");
}

static void add_elements(Claim *claim)
{
	const Tape *tape = &claim->model->model.tape;
	claim->name = arena_array(claim->lesson->arena, const char *, tape->names_count + 1);
	if (!claim->open)
		add_element(claim, NULL);
	for (size_t i = 0; claim->open && i < tape->names_count; i++) {
		const Name *name = &tape->names[i];
		if (name->kind == NAME_ELEMENT && name->rank == claim->rank && fits(claim, tape->index + name->b) &&
		    strcmp(tape_family_text(tape, name->a), claim->family) == 0)
			add_element(claim, tape->index + name->b);
	}
}

// ---- Whether it is true

static bool alike(double a, double b)
{
	return a == b || fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b)) || fabs(a - b) <= 1e-14;
}

static Item *add_line(Claim *claim, Item *caption)
{
	Item *item = lesson_add(claim->lesson, ITEM_EQUATION);
	item->close = caption->next == item;
	return item;
}

// The line for an element and an example: the derivative's name, the formula that is claimed, its value.
static bool add_claimed(Claim *claim, const Line *line, Item *caption)
{
	Error error = {0};
	Query truth, said;
	double value;
	Model *model = &claim->model->model;
	if (!query_find(model, line->name, &truth, &error) || !query_find(&claim->said->model, line->step, &said, &error))
		return wrong(claim, error.message);
	query_values(model, &truth, 1, &value);
	Item *item = add_line(claim, caption);
	uint32_t id = derivation_find(&claim->said->derivation, said.node, said.lane);
	if (!id)
		return wrong(claim, "one side of the claim varies with the example and the other does not");
	if (!derivation_row(&claim->said->derivation, id, claim->lesson->arena, &item->row, &error))
		return wrong(claim, error.message);
	if (!alike(item->row.value, value))
		return lesson_error(claim->lesson, claim->line, "the claim is false: %s is %.9g, and %s gives %.9g", line->name,
		                    value, claim->right, item->row.value);
	item->row.name = quantity_of(&model->tape, truth.node, truth.lane, model->lanes, claim->lesson->arena);
	item->row.id = 0;
	item->group = strstr(claim->right, "grad(") ? 0 : claim->model->group;
	return true;
}

// The same derivative as the tape has it.
static bool add_derived(Claim *claim, const Line *line, Item *caption)
{
	Error error = {0};
	Located located;
	LessonModel *model = claim->model;
	Arena *arena = claim->lesson->arena;
	if (!locate_row(&located, &model->model, &model->replay, &model->derivation, line->name, &error))
		return wrong(claim, error.message);
	const Derivation *derivation = located.derivation;
	bool chain = !claim->lesson->delta && derivation->row[located.id - 1].phase == PHASE_GRADIENT;
	Item *item = add_line(claim, caption);
	item->group = derivation == &model->derivation ? model->group : 0;
	bool good = chain ? chain_row(derivation, located.id, arena, &item->row, &error)
	                  : derivation_row(derivation, located.id, arena, &item->row, &error);
	located_free(&located);
	return good || wrong(claim, error.message);
}

// Over a batch, what varies has a line an example.
static size_t list_lines(Claim *claim, Line *line)
{
	Arena *arena = claim->lesson->arena;
	Model *model = &claim->model->model;
	size_t count = 0;
	for (size_t i = 0; i < claim->count; i++) {
		Query varying;
		Error ignored = {0};
		const char *first = arena_printf(arena, "%s@1", claim->name[i]);
		bool varies = model->lanes > 1 && query_find(model, first, &varying, &ignored) &&
		              tape_varies(&model->tape, varying.node);
		uint32_t lanes = varies ? model->lanes : 1;
		for (uint32_t lane = 1; lane <= lanes; lane++) {
			const char *example = lanes > 1 ? arena_printf(arena, "@%u", (unsigned)lane) : "";
			line[count++] = (Line){arena_printf(arena, "%s%s", claim->name[i], example),
			                       arena_printf(arena, "claimed_%zu%s", i + 1, example)};
		}
	}
	return count;
}

// What is claimed, and under it the lines of the derivation: whose is whose stands above them.
static bool add_lines(Claim *claim)
{
	Document *document = claim->lesson->document;
	Line *line = arena_array(claim->lesson->arena, Line, claim->count * claim->model->model.lanes);
	size_t count = list_lines(claim, line);
	bool good = true;
	Item *caption = document_say(document, ITEM_PARAGRAPH, "By hand:");
	for (size_t i = 0; good && i < count; i++)
		good = add_claimed(claim, &line[i], caption);
	caption = document_say(document, ITEM_PARAGRAPH, "From the tape:");
	caption->close = true;
	for (size_t i = 0; good && i < count; i++)
		good = add_derived(claim, &line[i], caption);
	return good;
}

bool claim_add(Lesson *lesson, LessonModel *model, const char *text, size_t line)
{
	Claim claim = {.lesson = lesson, .model = model, .line = line};
	if (!read_claim(&claim, text))
		return false;
	add_elements(&claim);
	if (!claim.count)
		return lesson_error(lesson, line, "there is no '%s[…]'", claim.family);
	char *whole = arena_printf(lesson->arena, "%s%s", model->text, output_memory(&claim.steps));
	Error error = {0};
	LessonModel *claimed = lesson_read_model(lesson, whole, &error);
	output_abandon(&claim.steps);
	if (!claimed)
		return wrong(&claim, error.message);
	claimed->next = lesson->document->model->next;   // kept, for its names are on the page
	lesson->document->model->next = claimed;
	claim.said = claimed;
	return add_lines(&claim);
}
