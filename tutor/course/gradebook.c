#include "tutor/course/gradebook.h"

#include "tutor/io/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const columns[] = {"id",    "name",     "points", "carried", "better", "out_of", "mistakes",
                                      "flags", "override", "note",   "mark",    "status", "file"};

enum { COLUMNS = sizeof columns / sizeof *columns };

void gradebook_start(Gradebook *gradebook, const Assignment *assignment)
{
	*gradebook = (Gradebook){.assignment = assignment};
	gradebook->result = arena_array(&gradebook->arena, Result, assignment->variants);
	gradebook->old_row = arena_array(&gradebook->arena, size_t, assignment->variants);
	for (size_t i = 0; i < assignment->questions; i++)
		gradebook->out_of += assignment->question[i].points;
	for (size_t i = 0; i < assignment->variants; i++) {
		gradebook->result[i] = (Result){
			.file = "", .problem = "", .flags = "", .override = "", .note = ""};
		gradebook->old_row[i] = SIZE_MAX;
	}
}

void gradebook_free(Gradebook *gradebook)
{
	table_free(&gradebook->old);
	input_free(&gradebook->old_text);
	arena_free(&gradebook->arena);
	*gradebook = (Gradebook){0};
}

// ---- Cells that are no formulas

static bool begins_a_formula(const char *text)
{
	static const char *const wide[] = {"＝", "＋", "－", "＠"};
	if (*text && strchr("\t\r\n", *text))
		return true;
	text += strspn(text, " ");
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (strncmp(text, wide[i], strlen(wide[i])) == 0)
			return true;
	return *text && strchr("=+-@\t\r\n", *text);
}

static const char *harmless(const char *text, Arena *arena)
{
	return begins_a_formula(text) ? arena_printf(arena, "'%s", text) : text;
}

void gradebook_cell(CsvWriter *csv, const char *text)
{
	Arena arena = {0};
	csv_writer_text(csv, harmless(text, &arena));
	arena_free(&arena);
}

static void put_points(CsvWriter *csv, double points)
{
	char text[NUMBER_SIZE];
	snprintf(text, sizeof text, "%.10g", points);
	csv_writer_text(csv, text);
}

// ---- What is kept

static bool is_ours(const char *column)
{
	for (size_t i = 0; i < COLUMNS; i++)
		if (strcmp(columns[i], column) == 0)
			return true;
	return false;
}

static const char *old_cell(const Gradebook *g, size_t row, const char *name)
{
	size_t column = table_find(&g->old, name);
	return column == SIZE_MAX ? "" : table_cell(&g->old, row, column);
}

// The row of a student in the old one. A spreadsheet may have taken 007 for a number.
static uint32_t find_old(Gradebook *g, const TextMap *row_of, const char *id)
{
	uint32_t row = textmap_get(row_of, harmless(id, &g->arena));
	if (row == TEXTMAP_ABSENT)
		row = textmap_get(row_of, id);
	const char *number = id + strspn(id, "0");
	if (row == TEXTMAP_ABSENT && number != id && *number &&
	    textmap_get(&g->assignment->variant_of, number) == TEXTMAP_ABSENT)
		row = textmap_get(row_of, number);
	return row;
}

// An override that is no mark, or more than there is, is said where it stands.
static void check_override(Gradebook *g, size_t i, size_t row)
{
	Result *result = &g->result[i];
	const char *problem = NULL;
	if (strspn(result->override, " ") == strlen(result->override))
		return;
	if (!result_is_overridden(result))
		problem = "is no mark, and does not count";
	else if (result_mark(result) > g->out_of)
		problem = arena_printf(&g->arena, "is more than the %.10g points there are", g->out_of);
	if (!problem)
		return;
	result->override_problem = arena_printf(&g->arena, "line %d, '%s': the override '%.40s' %s", table_line(&g->old, row),
	                                        g->assignment->variant[i].id, result->override, problem);
	gradebook_flag(g, i, arena_printf(&g->arena, "the override '%.40s' %s", result->override, problem), &g->arena);
}

static void keep_rows(Gradebook *g, size_t id)
{
	const Assignment *assignment = g->assignment;
	TextMap row_of = {0};
	for (size_t row = 0; row < g->old.rows; row++)
		textmap_add(&row_of, table_cell(&g->old, row, id), (uint32_t)row);
	for (size_t i = 0; i < assignment->variants; i++) {
		uint32_t row = find_old(g, &row_of, assignment->variant[i].id);
		if (row == TEXTMAP_ABSENT)
			continue;
		g->old_row[i] = row;
		g->result[i].override = old_cell(g, row, "override");
		g->result[i].note = old_cell(g, row, "note");
		check_override(g, i, row);
	}
	textmap_free(&row_of);
}

bool gradebook_keep(Gradebook *g, const char *path, Error *error)
{
	Input *text = &g->old_text;
	if (!input_read(text, path, error) || !input_is_text(text, error) ||
	    !table_read(&g->old, text->name, text->text, text->size, 0, text->size, 0, error))
		return false;
	size_t id = table_find(&g->old, "id");
	if (id == SIZE_MAX)
		return table_column_error(&g->old, 0, error,
		                          "there is no column 'id': this is no gradebook, and not written over");
	keep_rows(g, id);
	return true;
}

// ---- Entering

void gradebook_flag(Gradebook *g, size_t i, const char *flag, Arena *arena)
{
	Result *result = &g->result[i];
	result->flags = *result->flags ? arena_printf(arena, "%s; %s", result->flags, flag)
	                               : arena_copy(arena, flag, strlen(flag));
}

static bool is_trivial(const QuestionMark *mark)
{
	return mark->trivial;
}

static bool is_apart(const QuestionMark *mark)
{
	return mark->apart;
}

static bool is_twice(const QuestionMark *mark)
{
	return mark->twice;
}

static bool is_unknown(const QuestionMark *mark)
{
	return mark->verdict == VERDICT_UNKNOWN;
}

static const struct {
	bool (*has)(const QuestionMark *mark);
	const char *text;
} question_flags[] = {
	{is_trivial, "trivial"},
	{is_apart, "right, but not from the own value before"},
	{is_twice, "answered twice"},
	{is_unknown, "not understood"},
};

enum { FLAGGED_MOST = 8 };

static void flag_questions(Gradebook *g, size_t i, const Marks *marks, size_t which, Arena *arena)
{
	Output names = {0};
	size_t count = 0;
	for (size_t k = 0; k < marks->count; k++)
		if (question_flags[which].has(&marks->question[k]) && ++count <= FLAGGED_MOST)
			output_printf(&names, " %s", marks->question[k].question->name);
	if (count > FLAGGED_MOST)
		output_printf(&names, " and %zu more", count - FLAGGED_MOST);
	if (count)
		gradebook_flag(
			g, i, arena_printf(arena, "%s:%s", question_flags[which].text, output_memory(&names)),
			arena);
	output_abandon(&names);
}

static void enter_flags(Gradebook *g, size_t i, const Marks *marks, Arena *arena)
{
	if (marks->convention != MISTAKE_NONE)
		gradebook_flag(g, i, arena_printf(arena, "convention %s", mistake_info[marks->convention].id),
		               arena);
	for (size_t k = 0; k < sizeof question_flags / sizeof *question_flags; k++)
		flag_questions(g, i, marks, k, arena);
	if (marks->strangers)
		gradebook_flag(g, i,
		               arena_printf(arena, "%zu row%s to no question", marks->strangers,
		                            marks->strangers == 1 ? "" : "s"),
		               arena);
}

bool outcome_is_telling(double value)
{
	double unit = 20 * match_half_unit(value) * 1e-3;   // of the second digit
	return isfinite(value) && value != 0 && fabs(value - unit * round(value / unit)) > 1e-9 * fabs(value);
}

static Outcome outcome_of(const QuestionMark *mark)
{
	bool number = mark->judgement && mark->answer->typed.given;
	return (Outcome){
		.typed = number ? mark->answer->typed.value : NAN,
		.truth = mark->judgement ? mark->judgement->truth : NAN,
		.earned = mark->better,
		.verdict = (uint8_t)mark->verdict,
		.trivial = mark->trivial,
	};
}

static void enter_points(Result *result, const Marks *marks)
{
	result->points = marks->points;
	result->carried = marks->carried;
	result->better = marks->better;
}

void gradebook_know(Gradebook *g, size_t i, const Marks *marks, Arena *arena)
{
	Outcome *outcome = g->result[i].outcome = arena_array(arena, Outcome, marks->count);
	for (size_t k = 0; k < marks->count; k++)
		outcome[k] = outcome_of(&marks->question[k]);
}

void gradebook_enter(Gradebook *g, size_t i, const Marks *marks, Arena *arena)
{
	Result *result = &g->result[i];
	result->standing = STANDING_MARKED;
	enter_points(result, marks);
	result->mistakes = marks_mistakes(marks, result->mistake);
	gradebook_know(g, i, marks, arena);
	for (size_t k = 0; k < marks->diagnosis.explained_count; k++) {
		const Judgement *judgement = marks->diagnosis.explained[k];
		const QuestionMark *mark = marks->of_number[judgement->answer - marks->numbers.answer];
		result->outcome[mark - marks->question].explained = true;
	}
	enter_flags(g, i, marks, arena);
}

void gradebook_adjust(Gradebook *g, size_t i, const Marks *marks)
{
	enter_points(&g->result[i], marks);
	for (size_t k = 0; k < marks->count; k++)
		g->result[i].outcome[k].earned = marks->question[k].better;
}

static bool read_override(const Result *result, Typed *override)
{
	return typed_read(override, result->override, true) && isfinite(override->value) && override->value >= 0;
}

bool result_is_overridden(const Result *result)
{
	Typed override;
	return read_override(result, &override);
}

double result_mark(const Result *result)
{
	Typed override;
	return read_override(result, &override) ? override.value : result->better;
}

// ---- Writing

static void put_mistakes(CsvWriter *csv, const Result *result)
{
	Output text = {0};
	for (size_t i = 0; i < result->mistakes; i++)
		output_printf(&text, "%s%s %s", i ? "; " : "", mistake_info[result->mistake[i]].id,
		              mistake_info[result->mistake[i]].name);
	gradebook_cell(csv, output_memory(&text));
	output_abandon(&text);
}

static void put_status(CsvWriter *csv, const Result *result)
{
	Arena arena = {0};
	if (result->standing == STANDING_BROKEN)
		gradebook_cell(csv, arena_printf(&arena, "not marked: %s", result->problem));
	else
		csv_writer_text(csv, result->standing == STANDING_MARKED ? "marked" : "no submission");
	arena_free(&arena);
}

// The columns that a teacher added stand behind ours.
static void put_added(const Gradebook *g, CsvWriter *csv, size_t row)
{
	for (size_t i = 0; i < g->old.columns; i++)
		if (!is_ours(table_column(&g->old, i)))
			csv_writer_text(csv, row == SIZE_MAX ? "" : table_cell(&g->old, row, i));
}

static void put_result(const Gradebook *g, CsvWriter *csv, size_t i)
{
	const Result *result = &g->result[i];
	gradebook_cell(csv, g->assignment->variant[i].id);
	gradebook_cell(csv, g->assignment->variant[i].name);
	put_points(csv, result->points);
	put_points(csv, result->carried);
	put_points(csv, result->better);
	put_points(csv, g->out_of);
	put_mistakes(csv, result);
	gradebook_cell(csv, result->flags);
	csv_writer_text(csv, result->override);
	csv_writer_text(csv, result->note);
	put_points(csv, result_mark(result));
	put_status(csv, result);
	gradebook_cell(csv, result->file);
	put_added(g, csv, g->old_row[i]);
	csv_writer_end_row(csv);
}

static void put_other(const Gradebook *g, CsvWriter *csv, size_t row)
{
	for (size_t i = 0; i < COLUMNS; i++)
		csv_writer_text(csv, strcmp(columns[i], "status") == 0 ? "not in the assignment"
		                                                       : old_cell(g, row, columns[i]));
	put_added(g, csv, row);
	csv_writer_end_row(csv);
}

// Rows of students that the assignment no longer has: what a teacher wrote there is not lost.
static void put_others(const Gradebook *g, CsvWriter *csv)
{
	bool *known = memset(memory_alloc(g->old.rows + 1), 0, g->old.rows + 1);
	for (size_t i = 0; i < g->assignment->variants; i++)
		if (g->old_row[i] != SIZE_MAX)
			known[g->old_row[i]] = true;
	for (size_t row = 0; row < g->old.rows; row++)
		if (!known[row])
			put_other(g, csv, row);
	free(known);
}

void gradebook_write(const Gradebook *g, Output *output)
{
	CsvWriter csv = {.output = output};
	for (size_t i = 0; i < COLUMNS; i++)
		csv_writer_text(&csv, columns[i]);
	for (size_t i = 0; i < g->old.columns; i++)
		if (!is_ours(table_column(&g->old, i)))
			csv_writer_text(&csv, table_column(&g->old, i));
	csv_writer_end_row(&csv);
	for (size_t i = 0; i < g->assignment->variants; i++)
		put_result(g, &csv, i);
	put_others(g, &csv);
}
