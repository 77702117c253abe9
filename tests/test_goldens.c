// Every golden value against its model, and against what its source prints.
#include "tests/suite.h"
#include "tutor/course/answers.h"
#include "tutor/course/match.h"
#include "tutor/explain/query.h"
#include "tutor/io/input.h"
#include "tutor/io/table.h"
#include "tutor/load.h"

#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A golden file with the model that it belongs to.
typedef struct Pair {
	Input text;
	Answers golden;
	Model model;
} Pair;

// The operand for the model of a golden file: tests/models/NAME.model, or of golden/LESSON.csv and
// golden/LESSON.BLOCK.csv the lessons LESSON and LESSON:BLOCK.
static void model_of(const char *path, char *operand, size_t size)
{
	const char *name = strrchr(path, '/') + 1;
	bool lesson = strncmp(path, "golden/", 7) == 0;
	int length = (int)(strlen(name) - strlen(".csv"));
	snprintf(operand, size, lesson ? "%.*s" : "tests/models/%.*s.model", length, name);
	char *dot = strchr(operand, '.');
	if (lesson && dot)
		*dot = ':';
}

static void pair_open(Pair *pair, const char *path)
{
	Error error = {0};
	char operand[300];
	model_of(path, operand, sizeof operand);
	Options options = {.seed = 1};
	bool good = input_read(&pair->text, path, &error) &&
	            answers_read(&pair->golden, path, pair->text.text, pair->text.size, &error) &&
	            load_model(&pair->model, operand, &options, &error);
	ck_assert_msg(good, "%s: %s", path, error.message);
}

static void pair_close(Pair *pair)
{
	answers_free(&pair->golden);
	model_free(&pair->model);
	input_free(&pair->text);
}

// Calls `test` for each file of the pattern; at least `fewest` there must be.
static void each_golden(const char *pattern, size_t fewest,
                        void (*test)(const char *path, Pair *pair))
{
	glob_t found;
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	ck_assert_uint_ge(found.gl_pathc, fewest);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		Pair pair = {0};
		pair_open(&pair, found.gl_pathv[i]);
		test(found.gl_pathv[i], &pair);
		pair_close(&pair);
	}
	globfree(&found);
}

static void compare_values(const char *path, Pair *pair)
{
	size_t count = pair->golden.count;
	Query *query = memory_alloc(count * sizeof *query);
	double *value = memory_alloc(count * sizeof *value);
	for (size_t i = 0; i < count; i++) {
		Error error = {0};
		const Answer *answer = &pair->golden.answer[i];
		ck_assert_msg(!answer->problem && answer->typed.given, "%s: %s", path, answer->name);
		ck_assert_msg(query_find(&pair->model, answer->name, &query[i], &error), "%s: %s", path,
		              error.message);
	}
	query_values(&pair->model, query, count, value);
	for (size_t i = 0; i < count; i++) {
		const Answer *answer = &pair->golden.answer[i];
		double golden = answer->typed.value;
		ck_assert_msg(fabs(value[i] - golden) <= 1e-12 * fabs(golden),
		              "%s: %s is %.17g, not %.17g: off by %.2g", path, answer->name, value[i],
		              golden, fabs(value[i] - golden) / fabs(golden));
	}
	free(query);
	free(value);
}

START_TEST(models_give_their_golden_values)
{
	each_golden("golden/*.csv", 10, compare_values);
}
END_TEST

START_TEST(the_examples_of_the_language_give_theirs)
{
	each_golden("tests/golden_language/*.csv", 4, compare_values);
}
END_TEST

// What a note may say of a printed number that is right.
static bool note_says_right(const char *note)
{
	return !*note || strncmp(note, "also printed as", 15) == 0 ||
	       strncmp(note, "with the weights as they are", 28) == 0;
}

// What other notes say is off, the oracles assert.
static void compare_print(const char *path, Pair *pair)
{
	const Table *table = &pair->golden.table;
	size_t printed = table_find(table, "published"), note = table_find(table, "note");
	Allowance none = {0};
	for (size_t i = 0; i < pair->golden.count; i++) {
		Typed typed;
		const Answer *answer = &pair->golden.answer[i];
		const char *text = table_cell(table, i, printed), *says = table_cell(table, i, note);
		if (!*text)
			continue;
		ck_assert_msg(typed_read(&typed, text, false), "%s: %s", path, text);
		double value = answer->typed.value, apart = fabs(value - typed.value);
		if (note_says_right(says))
			ck_assert_msg(match(&typed, value, 0, &none, 1) == MATCH_RIGHT,
			              "%s: %s prints %s, which is not %.17g rounded", path, answer->name, text,
			              value);
		else if (strstr(says, "last digits: double precision"))
			ck_assert_msg(apart <= ldexp(fabs(value), -46), "%s: %s", path, answer->name);
	}
}

START_TEST(what_sources_print_is_reproduced_where_it_is_right)
{
	each_golden("golden/*.csv", 10, compare_print);
}
END_TEST

// ---- Every model has one

// The models without a golden table, each with the reason.
static const char *const without = "tests/oracle/without_golden.csv";

static bool has_reason(const Table *reasons, const char *operand)
{
	for (size_t row = 0; row < reasons->rows; row++)
		if (strcmp(table_cell(reasons, row, 0), operand) == 0)
			return *table_cell(reasons, row, 1);
	return false;
}

// A golden table or a reason, not both; 1 for a reason.
static size_t look_for_golden(const Table *reasons, const char *operand)
{
	char path[300];
	snprintf(path, sizeof path, "golden/%s.csv", operand);
	char *block = strchr(path, ':');
	if (block)
		*block = '.';
	FILE *file = fopen(path, "r");
	if (file)
		fclose(file);
	bool reason = has_reason(reasons, operand);
	ck_assert_msg(file || reason, "there is no %s, and in %s no reason", path, without);
	ck_assert_msg(!file || !reason, "%s is there, and %s says why not", path, without);
	return reason;
}

// Of a lesson the first block goes by the lesson's name, each other by its own too.
static size_t look_through_lesson(const Table *reasons, const char *path, const char *lesson)
{
	char line[1000], operand[200], block[100];
	size_t blocks = 0, with_reason = 0;
	FILE *file = fopen(path, "r");
	ck_assert_msg(file, "%s", path);
	while (fgets(line, sizeof line, file)) {
		if (sscanf(line, "```model %99s", block) != 1)
			continue;
		snprintf(operand, sizeof operand, "%s%s%s", lesson, blocks ? ":" : "", blocks ? block : "");
		with_reason += look_for_golden(reasons, operand);
		blocks++;
	}
	fclose(file);
	ck_assert_msg(blocks, "%s has no model", path);
	return with_reason;
}

static size_t look_through(const Table *reasons, const char *path)
{
	char name[100];
	const char *base = strrchr(path, '/') + 1, *dot = strrchr(base, '.');
	snprintf(name, sizeof name, "%.*s", (int)(dot - base), base);
	bool lesson = strcmp(dot, ".md") == 0;
	return lesson ? look_through_lesson(reasons, path, name) : look_for_golden(reasons, name);
}

START_TEST(every_model_has_a_golden_or_a_reason)
{
	Input text;
	Table reasons;
	Error error = {0};
	glob_t found;
	size_t used = 0;
	bool good = input_read(&text, without, &error) &&
	            table_read(&reasons, without, text.text, text.size, 0, text.size, ',', &error);
	ck_assert_msg(good, "%s", error.message);
	ck_assert_int_eq(glob("lessons/[a-z]*.md", 0, NULL, &found), 0);
	ck_assert_int_eq(glob("lessons/*.model", GLOB_APPEND, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		used += look_through(&reasons, found.gl_pathv[i]);
	ck_assert_msg(used == reasons.rows, "%s: a row is not of a model", without);
	globfree(&found);
	table_free(&reasons);
	input_free(&text);
}
END_TEST

SUITE(models_give_their_golden_values, the_examples_of_the_language_give_theirs,
      what_sources_print_is_reproduced_where_it_is_right, every_model_has_a_golden_or_a_reason)
