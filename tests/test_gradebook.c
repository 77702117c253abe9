// The class as a whole: whose file is whose, what is kept of an earlier gradebook, cells that are no
// formulas, and who shares numbers with whom.
#include "tutor/course/copies.h"
#include "tutor/course/fits.h"
#include "core/random.h"
#include "tutor/course/handed_in.h"

#include "tests/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// ---- A class of three, without a model

static Variant variants[] = {{.id = "anna", .file = "anna", .name = ""},
                             {.id = "=bob", .file = "bob", .name = ""},
                             {.id = "007", .file = "s-007", .name = ""}};
static Question questions[] = {{QUESTION_NUMBER, "a", "a", 2}, {QUESTION_NUMBER, "b", "b", 3},
                               {QUESTION_NUMBER, "c", "c", 4}, {QUESTION_NUMBER, "d", "d", 1}};

enum { STUDENTS = 3, QUESTIONS = 4 };

static void class_start(Assignment *a)
{
	*a = (Assignment){.title = "t",
	                  .significant = 4,
	                  .question = questions,
	                  .questions = QUESTIONS,
	                  .variant = variants,
	                  .variants = STUDENTS};
	for (uint32_t i = 0; i < STUDENTS; i++)
		textmap_add(&a->variant_of, variants[i].id, i);
}

static char folder[32];

static void enter_scratch(void)
{
	strcpy(folder, "/tmp/tutor-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

static void leave_scratch(void)
{
	char command[64];
	snprintf(command, sizeof command, "rm -r %s", folder);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(system(command), 0);
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	ck_assert_int_eq(fclose(file), 0);
}

// ---- Whose it is

static const struct {
	const char *path, *text;
	uint32_t student;
	const char *problem;
} files[] = {
	{"anna.csv", "name,value\na,1\n", 0, NULL},
	{"Anna Smith_123_file.csv", "student,name,value\nanna,a,1\nanna,b,\n", 0, NULL},
	{"x.csv", "name;value;Student\na;1;\nb;2; =bob \n", 1, NULL},
	{"y.csv", "name,value,student\na,1,007\n", 2, NULL},
	{"z.csv", "name,value,student\na,1,7\n", NO_STUDENT, "who is not in the assignment"},
	{"bob.csv", "name,value,student\na,1,anna\n", 1, "bears the name of one student's file"},
	{"two.csv", "name,value,student\na,1,anna\nb,1,007\n", NO_STUDENT, "names two students"},
	{"none.csv", "name,value\na,1\n", NO_STUDENT, "no column 'student'"},
	{"s-007.csv", "nothing here", 2, "'name' and 'value' are wanted"},
	{"bytes.csv", "name,value,student\na,\xFF,anna\n", NO_STUDENT, "line 2: invalid UTF-8"},
	{"empty.csv", "", NO_STUDENT, "no table here"},
	{"quote.csv", "name,value\na,\"1\n", NO_STUDENT, "quote"},
	{"rows.csv", "name,value,student\na,1\n", NO_STUDENT, "line 2"},
	{"esc.csv", "name,value,student\na,1,\x1B[31mred\n", NO_STUDENT, "'?[31mred'"},
};

enum { FILES = sizeof files / sizeof *files };

START_TEST(a_file_is_its_students)
{
	Assignment a;
	HandedIn h;
	Arena arena = {0};
	const char *path[FILES];
	class_start(&a);
	enter_scratch();
	for (size_t i = 0; i < FILES; i++) {
		path[i] = files[i].path;
		write_file(path[i], files[i].text);
	}
	handed_in_start(&h, &a, path, FILES);
	for (size_t i = 0; i < FILES; i++) {
		handed_in_read(&h, i, &arena);
		const char *problem = h.file[i].problem;
		ck_assert_msg(h.file[i].student == files[i].student, "%s: %u: %s", path[i],
		              (unsigned)h.file[i].student, problem ? problem : "");
		ck_assert_msg(!files[i].problem == !problem, "%s: %s", path[i], problem ? problem : "");
		ck_assert_msg(!problem || strstr(problem, files[i].problem), "%s: %s", path[i], problem);
	}
	handed_in_choose(&h);
	ck_assert_uint_eq(h.chosen[0], 0);   // the one with the name of the hand-out
	ck_assert_uint_eq(h.files[0], 2);
	ck_assert_uint_eq(h.chosen[1], 2);   // not the one that says it is anna's
	ck_assert_uint_eq(h.chosen[2], 3);   // the other cannot be read
	handed_in_free(&h);
	leave_scratch();
	arena_free(&arena);
	textmap_free(&a.variant_of);
}
END_TEST

START_TEST(no_link_pipe_or_giant_is_read)
{
	static const char *const path[] = {"link.csv", "pipe.csv", "folder.csv", "giant.csv", "gone.csv"};
	Assignment a;
	HandedIn h;
	Arena arena = {0};
	class_start(&a);
	enter_scratch();
	ck_assert(symlink("/etc/passwd", "link.csv") == 0 && mkfifo("pipe.csv", 0600) == 0);
	ck_assert_int_eq(mkdir("folder.csv", 0700), 0);
	write_file("giant.csv", "name,value\n");
	ck_assert_int_eq(truncate("giant.csv", (off_t)SUBMISSION_LIMIT + 1), 0);
	handed_in_start(&h, &a, path, 5);
	for (size_t i = 0; i < 5; i++) {
		handed_in_read(&h, i, &arena);
		ck_assert_msg(h.file[i].problem != NULL, "%s", path[i]);
	}
	ck_assert_ptr_nonnull(strstr(h.file[0].problem, "symbolic link"));
	ck_assert_ptr_nonnull(strstr(h.file[1].problem, "no regular file"));
	ck_assert_ptr_nonnull(strstr(h.file[3].problem, "larger than the limit"));
	handed_in_free(&h);
	leave_scratch();
	arena_free(&arena);
	textmap_free(&a.variant_of);
}
END_TEST

// ---- The gradebook

static const struct {
	const char *text, *cell;
} cells[] = {
	{"anna", "anna"},       {"=1+1", "'=1+1"},       {"+1", "'+1"},     {"-1", "'-1"},
	{"@SUM(A1)", "'@SUM(A1)"}, {"\tx", "'\tx"},      {"\rx", "\"'\rx\""}, {"  =1", "'  =1"},
	{"\xEF\xBC\x9D" "1", "'\xEF\xBC\x9D" "1"},       {"a=b", "a=b"},    {"=\"a\",b", "\"'=\"\"a\"\",b\""},
};

START_TEST(no_cell_is_a_formula)
{
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		Output output = {0};
		CsvWriter csv = {.output = &output};
		gradebook_cell(&csv, cells[i].text);
		csv_writer_end_row(&csv);
		ck_assert_msg(strncmp(output_memory(&output), cells[i].cell, strlen(cells[i].cell)) == 0,
		              "%s: %s", cells[i].text, output_memory(&output));
		output_abandon(&output);
	}
}
END_TEST

static char *written(const Gradebook *g)
{
	Output output = {0};
	gradebook_write(g, &output);
	char *text = memory_alloc(output.count + 1);
	memcpy(text, output_memory(&output), output.count + 1);
	output_abandon(&output);
	return text;
}

START_TEST(what_a_teacher_wrote_is_kept)
{
	Assignment a;
	Gradebook g;
	Error error = {0};
	class_start(&a);
	enter_scratch();
	// As a spreadsheet saves it: other delimiter and order, 007 a number, a column more, a student
	// who has left.
	write_file("old.csv", "note;id;override;tutorial;points\nill;anna;7,5;A;1\n-;'=bob;8;B;2\n"
	                      "late;7;;C;3\ngone;zoe;1;D;4\n");
	gradebook_start(&g, &a);
	ck_assert_msg(gradebook_keep(&g, "old.csv", &error), "%s", error.message);
	ck_assert_str_eq(g.result[0].note, "ill");
	ck_assert_double_eq(result_mark(&g.result[1]), 8);
	ck_assert_str_eq(g.result[2].note, "late");
	char *text = written(&g);
	ck_assert_msg(strcmp(text,
	                     "id,name,points,carried,better,out_of,mistakes,flags,override,note,mark,status,file,tutorial\n"
	                     "anna,,0,0,0,10,,,\"7,5\",ill,7.5,no submission,,A\n"
	                     "'=bob,,0,0,0,10,,,8,-,8,no submission,,B\n"
	                     "007,,0,0,0,10,,,,late,0,no submission,,C\n"
	                     "zoe,,4,,,,,,1,gone,,not in the assignment,,D\n") == 0,
	              "%s", text);
	// What was written is read back, and stays the same.
	write_file("new.csv", text);
	gradebook_free(&g);
	gradebook_start(&g, &a);
	ck_assert_msg(gradebook_keep(&g, "new.csv", &error), "%s", error.message);
	char *again = written(&g);
	ck_assert_str_eq(again, text);
	free(again);
	free(text);
	gradebook_free(&g);
	leave_scratch();
	textmap_free(&a.variant_of);
}
END_TEST

static const struct {
	const char *text;
	double mark;   // of 10, 3 being computed
	const char *problem;
} overrides[] = {
	{"", 3, NULL},         {" ", 3, NULL},       {"0", 0, NULL},       {"10", 10, NULL},
	{"7.5", 7.5, NULL},    {"1/2", 0.5, NULL},   {"abc", 3, "line 2, 'anna': the override 'abc' is no mark"},
	{"1e400", 3, "'1e400' is no mark"},          {"nan", 3, "'nan' is no mark"},
	{"-2", 3, "'-2' is no mark"},                {"12", 12, "'12' is more than the 10 points there are"},
};

START_TEST(an_override_that_is_no_mark_is_said)
{
	Assignment a;
	class_start(&a);
	enter_scratch();
	for (size_t i = 0; i < sizeof overrides / sizeof *overrides; i++) {
		Gradebook g;
		Error error = {0};
		Output old = {0};
		output_printf(&old, "id,override\nanna,%s\n", overrides[i].text);
		write_file("old.csv", output_memory(&old));
		gradebook_start(&g, &a);
		ck_assert(gradebook_keep(&g, "old.csv", &error));
		g.result[0].better = 3;
		ck_assert_msg(result_mark(&g.result[0]) == overrides[i].mark, "%s", overrides[i].text);
		const char *problem = g.result[0].override_problem;
		ck_assert_msg(!problem == !overrides[i].problem, "%s: %s", overrides[i].text, problem ? problem : "none");
		ck_assert_msg(!problem || strstr(problem, overrides[i].problem), "%s", problem);
		ck_assert_msg(!problem == !*g.result[0].flags, "%s", g.result[0].flags);
		gradebook_free(&g);
		output_abandon(&old);
	}
	leave_scratch();
	textmap_free(&a.variant_of);
}
END_TEST

START_TEST(what_is_no_gradebook_is_not_written_over)
{
	static const char *const text[] = {"name,mark\nanna,1\n", "", "id,note\n\"anna,1\n"};
	Assignment a;
	class_start(&a);
	enter_scratch();
	for (size_t i = 0; i < 3; i++) {
		Gradebook g;
		Error error = {0};
		write_file("old.csv", text[i]);
		gradebook_start(&g, &a);
		ck_assert(!gradebook_keep(&g, "old.csv", &error) && error.set);
		gradebook_free(&g);
	}
	leave_scratch();
	textmap_free(&a.variant_of);
}
END_TEST

// ---- Who shares numbers

#define RIGHT(number) {.typed = number, .truth = number, .verdict = VERDICT_RIGHT}
#define WRONG(number, right) {.typed = number, .truth = right, .verdict = VERDICT_WRONG}
#define KNOWN(number, right) {.typed = number, .truth = right, .verdict = VERDICT_WRONG, .explained = true}
#define EASY(number, right) {.typed = number, .truth = right, .verdict = VERDICT_WRONG, .trivial = true}

static const struct {
	const char *what;
	Outcome a[QUESTIONS], b[QUESTIONS];
	size_t shared;
} pairs[] = {
	{"copied from who is right",
	 {RIGHT(0.1234), RIGHT(0.2345), RIGHT(0.3456), RIGHT(0.4567)},
	 {WRONG(0.1234, 0.6), WRONG(0.2345, 0.7), WRONG(0.3456, 0.8), WRONG(0.9, 0.81)}, 3},
	{"both wrong alike",
	 {WRONG(0.1234, 0.5), WRONG(0.2345, 0.55), WRONG(0.3456, 0.57), WRONG(0.4567, 0.58)},
	 {WRONG(0.1234, 0.6), WRONG(0.2345, 0.7), WRONG(0.3456, 0.8), WRONG(0.4567, 0.81)}, 4},
	{"both right, the true values being the same",
	 {RIGHT(0.1234), RIGHT(0.2345), RIGHT(0.3456), RIGHT(0.4567)},
	 {RIGHT(0.1234), RIGHT(0.2345), RIGHT(0.3456), RIGHT(0.4567)}, 0},
	{"a known mistake where the true values are the same",
	 {KNOWN(0.1234, 0.5), KNOWN(0.2345, 0.6), KNOWN(0.3456, 0.7), KNOWN(0.4567, 0.8)},
	 {KNOWN(0.1234, 0.5), KNOWN(0.2345, 0.6), KNOWN(0.3456, 0.7), KNOWN(0.4567, 0.8)}, 0},
	{"wrong alike where the true values are the same, and no mistake gives it",
	 {WRONG(0.1234, 0.5), WRONG(0.2345, 0.6), WRONG(0.3456, 0.7), RIGHT(0.4567)},
	 {WRONG(0.1234, 0.5), WRONG(0.2345, 0.6), WRONG(0.3456, 0.7), RIGHT(0.4567)}, 3},
	{"trivial", {EASY(1, 0.5), EASY(0.1234, 0.6), EASY(0.2345, 0.7), EASY(0.3456, 0.8)},
	 {EASY(1, 0.1), EASY(0.1234, 0.2), EASY(0.2345, 0.3), EASY(0.3456, 0.4)}, 0},
	{"met by chance: two digits",
	 {WRONG(0.12, 0.5), WRONG(2, 0.55), WRONG(1.5, 0.57), WRONG(0.25, 0.58)},
	 {WRONG(0.12, 0.6), WRONG(2, 0.7), WRONG(1.5, 0.8), WRONG(0.25, 0.81)}, 0},
	{"two of four",
	 {WRONG(0.1234, 0.5), WRONG(0.2345, 0.55), WRONG(0.3457, 0.57), WRONG(0.4568, 0.58)},
	 {WRONG(0.1234, 0.6), WRONG(0.2345, 0.7), WRONG(0.3456, 0.8), WRONG(0.4567, 0.81)}, 0},
};

START_TEST(shared_numbers_are_found)
{
	Assignment a;
	class_start(&a);
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		Gradebook g;
		Arena arena = {0};
		gradebook_start(&g, &a);
		g.result[0].outcome = (Outcome *)pairs[i].a;
		g.result[2].outcome = (Outcome *)pairs[i].b;
		Copy *copy = find_copies(&g, &arena);
		ck_assert_msg(copy[0].shared == pairs[i].shared && copy[2].shared == pairs[i].shared,
		              "%s: %zu", pairs[i].what, copy[0].shared);
		ck_assert_uint_eq(copy[0].partner, pairs[i].shared ? 2 : SIZE_MAX);
		ck_assert_uint_eq(copy[1].partner, SIZE_MAX);
		gradebook_free(&g);
		arena_free(&arena);
	}
	textmap_free(&a.variant_of);
}
END_TEST

// ---- Who has the answers of another's sheet

#define CARRIED(number, right) {.typed = number, .truth = right, .verdict = VERDICT_CARRIED}
#define BLANK(right) {.typed = NAN, .truth = right, .verdict = VERDICT_UNANSWERED}

static const struct {
	const char *what;
	Outcome own[QUESTIONS], other[QUESTIONS];
	size_t answers;
	bool copied[QUESTIONS];
} sheets[] = {
	{"a sheet that was not handed in",
	 {WRONG(0.1234, 0.6), WRONG(0.2345, 0.7), WRONG(0.3456, 0.8), CARRIED(0.4567, 0.81)},
	 {BLANK(0.12341), BLANK(0.23459), BLANK(0.34562), BLANK(0.45671)}, 3, {true, true, true, true}},
	{"one of them worked out",
	 {WRONG(0.1234, 0.6), WRONG(0.2345, 0.7), WRONG(0.3456, 0.8), CARRIED(0.5678, 0.81)},
	 {RIGHT(0.1234), RIGHT(0.2345), RIGHT(0.3456), RIGHT(0.4567)}, 3, {true, true, true, false}},
	{"what the other carried",
	 {WRONG(0.1234, 0.6), WRONG(0.2345, 0.7), WRONG(0.3456, 0.8), CARRIED(0.4567, 0.81)},
	 {WRONG(0.1234, 0.5), CARRIED(0.2345, 0.55), CARRIED(0.3456, 0.57), CARRIED(0.4567, 0.58)}, 0, {0}},
	{"what the other carried, and more",
	 {WRONG(0.1234, 0.6), WRONG(0.2345, 0.7), WRONG(0.3456, 0.8), RIGHT(0.81)},
	 {CARRIED(0.1234, 0.5), CARRIED(0.2345, 0.55), RIGHT(0.3456), RIGHT(0.58)}, 3, {true, true, true, false}},
	{"two are chance",
	 {WRONG(0.1234, 0.6), WRONG(0.2345, 0.7), WRONG(0.3458, 0.8), WRONG(0.4569, 0.81)},
	 {BLANK(0.1234), BLANK(0.2345), BLANK(0.3456), BLANK(0.4567)}, 0, {0}},
	{"what follows from one is none",
	 {WRONG(0.1234, 0.6), WRONG(0.2345, 0.7), CARRIED(0.3456, 0.8), CARRIED(0.4567, 0.81)},
	 {BLANK(0.1234), BLANK(0.2345), BLANK(0.3456), BLANK(0.4567)}, 0, {0}},
	{"an honest mistake",
	 {KNOWN(0.1234, 0.6), WRONG(0.2345, 0.7), WRONG(0.3456, 0.8), KNOWN(0.4567, 0.81)},
	 {BLANK(0.1234), BLANK(0.2345), BLANK(0.3456), BLANK(0.4567)}, 0, {0}},
	{"few digits", {WRONG(0.12, 0.6), WRONG(2, 0.7), WRONG(1.5, 0.8), WRONG(-3, 0.81)},
	 {BLANK(0.12), BLANK(2), BLANK(1.5), BLANK(-3)}, 0, {0}},
	{"of the other sign", {WRONG(-0.1234, 0.6), WRONG(-0.2345, 0.7), WRONG(-0.3456, 0.8), WRONG(-0.4567, 0.81)},
	 {BLANK(0.1234), BLANK(0.2345), BLANK(0.3456), BLANK(0.4567)}, 0, {0}},
};

START_TEST(answers_that_fit_another_sheet_are_found)
{
	Assignment a;
	class_start(&a);
	for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) {
		Gradebook g;
		Arena arena = {0};
		gradebook_start(&g, &a);
		g.result[2].standing = STANDING_MARKED;
		g.result[2].outcome = (Outcome *)sheets[i].own;
		g.result[0].outcome = (Outcome *)sheets[i].other;
		Fit *fit = find_fits(&g, &arena);
		ck_assert_uint_eq(fit[0].variant, SIZE_MAX);
		ck_assert_msg(fit[2].answers == sheets[i].answers, "%s: %zu", sheets[i].what, fit[2].answers);
		ck_assert_uint_eq(fit[2].variant, sheets[i].answers ? 0 : SIZE_MAX);
		for (size_t k = 0; fit[2].copied && k < QUESTIONS; k++)
			ck_assert_msg(fit[2].copied[k] == sheets[i].copied[k], "%s: %zu", sheets[i].what, k);
		gradebook_free(&g);
		arena_free(&arena);
	}
	textmap_free(&a.variant_of);
}
END_TEST

// Wrong numbers drawn at random, in a class so large that each of them fits some sheet.
START_TEST(chance_is_no_copy)
{
	enum { CLASS = 3000, ASKED = 30 };
	static Variant variant[CLASS];
	static Outcome outcome[CLASS][ASKED];
	static Question question[ASKED];
	Assignment a = {.question = question, .questions = ASKED, .variant = variant, .variants = CLASS, .significant = 4};
	Gradebook g;
	Arena arena = {0};
	gradebook_start(&g, &a);
	for (int32_t i = 0; i < CLASS; i++) {
		g.result[i].standing = STANDING_MARKED;
		g.result[i].outcome = outcome[i];
		for (int32_t k = 0; k < ASKED; k++) {
			int32_t index[] = {i, k};
			outcome[i][k] = (Outcome)WRONG(0.1 + 0.5 * random_uniform(1, "typed", index, 2),
			                               0.1 + 0.5 * random_uniform(1, "true", index, 2));
		}
	}
	memcpy(outcome[7], outcome[8], sizeof outcome[7]);
	for (size_t k = 0; k < ASKED; k++) {
		outcome[7][k].typed = outcome[9][k].truth;
		outcome[7][k].truth = 0.7;
	}
	Fit *fit = find_fits(&g, &arena);
	for (size_t i = 0; i < CLASS; i++)
		ck_assert_msg(fit[i].variant == (i == 7 ? 9 : SIZE_MAX), "%zu: %zu", i, fit[i].variant);
	ck_assert_uint_eq(fit[7].answers, ASKED);
	gradebook_free(&g);
	arena_free(&arena);
}
END_TEST

SUITE(a_file_is_its_students, no_link_pipe_or_giant_is_read, no_cell_is_a_formula,
      what_a_teacher_wrote_is_kept, an_override_that_is_no_mark_is_said, what_is_no_gradebook_is_not_written_over,
      shared_numbers_are_found, answers_that_fit_another_sheet_are_found, chance_is_no_copy)
