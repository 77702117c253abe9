#include "tutor/course/questions.h"

#include "tutor/course/pattern.h"
#include "tutor/course/question_order.h"
#include "tutor/nearest.h"

#include <stdlib.h>
#include <string.h>

const char *line_name(const Line *line, Arena *arena)
{
	if (line->phase != PHASE_PATH)
		return quantity_text(line->leaf->name, arena);
	Formula *const *factor = line->leaf->argument;
	return arena_printf(arena, "%s*%s", quantity_text(factor[0]->name, arena),
	                    quantity_text(factor[1]->name, arena));
}

// ---- What is asked

// A quantity with a name of its own that is computed, but for the loss's derivative by itself.
static bool is_named(const Lines *lines, uint32_t id)
{
	const Line *line = lines_at(lines, id);
	return line->phase != PHASE_GIVEN && line->phase != PHASE_PATH &&
	       !(line->phase == PHASE_GRADIENT && line->by == lines->loss) &&
	       !derivation_repeats(lines->derivation, id);
}

// The net input of a unit, or the unit itself where both are one line; never an input.
static bool is_unit(const Line *line)
{
	return line->phase == PHASE_FORWARD && line->terms > 0;
}

static bool is_new_param(const Lines *lines, uint32_t id)
{
	const Line *line = lines_at(lines, id), *by = line->by ? lines_at(lines, line->by) : NULL;
	return line->phase == PHASE_UPDATE && by && by->kind == OP_PARAM && by->next == id;
}

static bool has_update(const Lines *lines)
{
	for (uint32_t id = 1; id <= lines->count; id++)
		if (lines_at(lines, id)->phase == PHASE_UPDATE)
			return true;
	return false;
}

// Whether a gradient is the loss's by the quantity `by`. Of what the loss rests on directly and alone it is
// the partial; the gradient row only says that again.
static bool is_whole_gradient(const Lines *lines, const Line *line, const Line *by)
{
	return line->phase == PHASE_GRADIENT ||
	       (line->phase == PHASE_PARTIAL && line->user == lines->loss && by->gradient &&
	        derivation_repeats(lines->derivation, by->gradient));
}

// What is worked out by a number alone, as 1 or h[0] = 0, is no work.
static bool is_main(const Lines *lines, uint32_t id, bool trains)
{
	const Line *line = lines_at(lines, id), *by = line->by ? lines_at(lines, line->by) : NULL;
	if (!is_named(lines, id) || (line->formula && line->formula->kind == FORMULA_NUMBER))
		return false;
	if (line->phase == PHASE_FORWARD || is_new_param(lines, id))
		return true;
	bool place = by && (is_unit(by) || by->kind == OP_PARAM || (!trains && by->phase == PHASE_FORWARD));
	return place && is_whole_gradient(lines, line, by);
}

typedef struct Choice {
	const Lines *lines;
	const char **name;   // of each line that may be asked for; NULL for others
	bool *chosen;
	bool trains;         // the model has an update
	Arena arena;
	Error *error;
} Choice;

static void choice_start(Choice *choice, const Lines *lines, Error *error)
{
	TextMap seen = {0};
	*choice = (Choice){.lines = lines, .trains = has_update(lines), .error = error};
	choice->name = arena_array(&choice->arena, const char *, lines->count);
	choice->chosen = arena_array(&choice->arena, bool, lines->count);
	for (uint32_t id = 1; id <= lines->count; id++) {
		const char *name = line_name(lines_at(lines, id), &choice->arena);
		if (!is_named(lines, id) || textmap_get(&seen, name) != TEXTMAP_ABSENT)
			continue;
		textmap_add(&seen, name, id);
		choice->name[id - 1] = name;
	}
	textmap_free(&seen);
}

static bool is_unknown(const Choice *choice, const char *word)
{
	Nearest nearest = nearest_start(word, strlen(word));
	for (uint32_t id = 1; id <= choice->lines->count; id++)
		if (choice->name[id - 1])
			nearest_offer(&nearest, choice->name[id - 1]);
	if (nearest.name)
		return error_set(choice->error,
		                 "the model computes nothing called '%.200s'; did you mean '%s'?", word,
		                 nearest.name);
	return error_set(choice->error,
	                 "the model computes nothing called '%.200s'; 'tutor trace' names all", word);
}

static bool choose_word(Choice *choice, const char *word)
{
	bool all = strcmp(word, "all") == 0, main = strcmp(word, "main") == 0, any = false;
	for (uint32_t id = 1; id <= choice->lines->count; id++) {
		const char *name = choice->name[id - 1];
		if (!name || !(all || (main ? is_main(choice->lines, id, choice->trains) : pattern_fits(word, name))))
			continue;
		choice->chosen[id - 1] = any = true;
	}
	return any || is_unknown(choice, word);
}

static bool choose(Choice *choice, const char *list)
{
	for (const char *word; (word = pattern_next(&list, &choice->arena));)
		if (!choose_word(choice, word))
			return false;
	return true;
}

// ---- The questions

static void add_question(Assignment *a, const char *prefix, const char *name)
{
	a->question[a->questions++] = question_of(arena_printf(&a->arena, "%s%s", prefix, name));
}

// Formulas are asked for only where there is something to put numbers into.
static bool has_formula(const Line *line)
{
	return line->formula && line->formula->kind == FORMULA_OPERATION;
}

static bool choose_list(Assignment *a, const Lines *lines, const char *list, const char *prefix,
                        Error *error)
{
	Choice choice;
	choice_start(&choice, lines, error);
	bool good = choose(&choice, list);
	uint32_t *chosen = arena_array(&choice.arena, uint32_t, lines->count);
	size_t count = 0;
	for (uint32_t id = 1; good && id <= lines->count; id++)
		if (choice.chosen[id - 1] && (!*prefix || has_formula(lines_at(lines, id))))
			chosen[count++] = id;
	question_order(lines, chosen, count);
	for (size_t i = 0; i < count; i++)
		add_question(a, prefix, choice.name[chosen[i] - 1]);
	arena_free(&choice.arena);
	return good;
}

bool questions_choose(Assignment *a, const Lines *lines, const char *wanted, const char *formulas,
                      size_t finds, Error *error)
{
	a->question = arena_array(&a->arena, Question, 2 * (size_t)lines->count + finds);
	if (!choose_list(a, lines, wanted, "", error) ||
	    (formulas && !choose_list(a, lines, formulas, "formula:", error)))
		return false;
	for (size_t i = 1; i <= finds; i++)
		add_question(a, "find:", arena_printf(&a->arena, "%zu", i));
	a->finds = finds;
	if (a->questions > QUESTIONS_MOST)
		return error_set(error, "more questions than the limit of %d", QUESTIONS_MOST);
	return a->questions > 0 || error_set(error, "nothing is asked for");
}

// ---- Points

static bool weigh_row(Assignment *a, const Table *table, size_t row, const size_t *column,
                      Error *error)
{
	const char *name = table_cell(table, row, column[0]);
	double points;
	bool any = false;
	if (!table_number(table, row, column[1], &points, error))
		return false;
	if (!(points >= 0 && points <= 1e6))
		return table_error(table, row, column[1], error, "points are a number from 0 to 1e6");
	for (size_t i = 0; i < a->questions; i++)
		if (pattern_fits(name, a->question[i].name)) {
			a->question[i].points = points;
			any = true;
		}
	return any || table_error(table, row, column[0], error, "no question is called '%.200s'", name);
}

bool questions_weigh(Assignment *a, const Table *table, Error *error)
{
	size_t column[] = {table_find(table, "name"), table_find(table, "points")};
	if (column[0] == SIZE_MAX || column[1] == SIZE_MAX)
		return table_column_error(table, 0, error, "columns name and points are wanted");
	for (size_t row = 0; row < table->rows; row++)
		if (!weigh_row(a, table, row, column, error))
			return false;
	return true;
}
