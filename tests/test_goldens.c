// Every golden value against its model, and against what its source prints.
#include "tests/suite.h"
#include "tutor/course/answers.h"
#include "tutor/course/match.h"
#include "tutor/explain/query.h"
#include "tutor/io/input.h"
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

SUITE(models_give_their_golden_values, the_examples_of_the_language_give_theirs,
      what_sources_print_is_reproduced_where_it_is_right)
