#include "tutor/course/key.h"

#include "tutor/course/questions.h"

#include <stdio.h>
#include <string.h>

typedef struct Key {
	Document *document;
	const Assignment *assignment;
	const Variant *variant;
	const Diagnoser *diagnoser;
	const Secret *secret;
	Item *table;
} Key;

enum { COLUMNS = 5 };
static const char *const head[COLUMNS] = {"", "question", "answer", "in full", "points"};

char *significant_text(double value, int digits, Arena *arena)
{
	char *text = arena_printf(arena, "%#.*g", digits, value);
	size_t size = strlen(text);
	if (size && text[size - 1] == '.')
		text[size - 1] = '\0';
	return text;
}

static Cell text_cell(const char *text)
{
	return (Cell){.kind = CELL_TEXT, .text = text};
}

static Cell value_cell(Key *key, double value)
{
	double *values = arena_new(&key->document->arena, double);
	*values = value;
	return (Cell){.kind = CELL_VALUES, .value = values, .count = 1};
}

static Cell name_cell(Key *key, const Quantity *name)
{
	const Quantity **names = arena_new(&key->document->arena, const Quantity *);
	*names = name;
	return (Cell){.kind = CELL_NAMES, .name = names, .count = 1};
}

// ---- Answers

// The line that the variant's code is one of.
static const char *found_line(Key *key, size_t find)
{
	const Lines *lines = &key->diagnoser->lines;
	for (uint32_t id = 1; id <= lines->count; id++) {
		const char *name = line_name(lines_at(lines, id), &key->document->arena);
		if (assignment_is_found(key->assignment, key->variant, find, name, key->secret))
			return name;
	}
	return "?";
}

// The formula with the student's numbers put in.
static const char *formula_of(Key *key, uint32_t id)
{
	const Line *line = lines_at(&key->diagnoser->lines, id);
	Notation notation = {.values = true, .digits = 9};
	Output text = {0};
	Arena *arena = &key->document->arena;
	Row row;
	Error ignored = {0};
	if (derivation_row(key->diagnoser->lines.derivation, id, arena, &row, &ignored) && row.formula)
		notation_formula(&text, row.formula, &notation);
	const char *copy = arena_copy(arena, output_memory(&text), text.count);
	output_abandon(&text);
	return line->formula ? copy : "";
}

static void put_number(Key *key, Cell *cell, uint32_t id)
{
	double value = key->diagnoser->value[id - 1];
	cell[1] = name_cell(key, lines_at(&key->diagnoser->lines, id)->leaf->name);
	cell[2] = text_cell(significant_text(value, key->assignment->significant, &key->document->arena));
	cell[3] = value_cell(key, value);
}

static bool put_answer(Key *key, size_t i, size_t find, Error *error)
{
	const Question *question = &key->assignment->question[i];
	Arena *arena = &key->document->arena;
	Cell *cell = &key->table->cell[(i + 1) * COLUMNS];
	uint32_t id = question->kind == QUESTION_FIND
	                  ? 0
	                  : lines_find(&key->diagnoser->lines, question->of);
	if (!id && question->kind != QUESTION_FIND)
		return error_set(error, "the model computes nothing called '%.200s'", question->of);
	cell[0] = text_cell(arena_printf(arena, "%zu.", i + 1));
	cell[1] = text_cell(question->name);
	cell[2] = cell[3] = text_cell("");
	cell[4] = text_cell(number_text(question->points, arena));
	if (question->kind == QUESTION_NUMBER)
		put_number(key, cell, id);
	else if (question->kind == QUESTION_FORMULA)
		cell[2] = text_cell(formula_of(key, id));
	else
		cell[2] = text_cell(found_line(key, find));
	return true;
}

bool key_answers(Document *document, const Assignment *assignment, const Variant *variant,
                 const Diagnoser *diagnoser, const Secret *secret, Error *error)
{
	Key key = {document, assignment, variant, diagnoser, secret, NULL};
	Arena *arena = &document->arena;
	document_say(document, ITEM_HEADING, arena_printf(arena, "Key: %s", assignment->title))->level = 1;
	document_say(document, ITEM_PARAGRAPH,
	             arena_printf(arena, "The variant of %s%s%s%s.", variant->id,
	                          *variant->name ? " (" : "", variant->name,
	                          *variant->name ? ")" : ""));
	document_say(document, ITEM_HEADING, "Answers")->level = 2;
	key.table = document_add(document, ITEM_TABLE);
	key.table->columns = COLUMNS;
	key.table->rows = assignment->questions + 1;
	key.table->cell = arena_array(arena, Cell, COLUMNS * key.table->rows);
	for (size_t i = 0; i < COLUMNS; i++)
		key.table->cell[i] = text_cell(head[i]);
	size_t numbers = assignment->questions - assignment->finds;
	for (size_t i = 0; i < assignment->questions; i++)
		if (!put_answer(&key, i, i >= numbers ? i - numbers : 0, error))
			return false;
	return true;
}
