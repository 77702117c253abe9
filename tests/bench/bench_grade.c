// What marking a class costs: a class of Mazur's sheet is made, then marked by the program.
//
//	bench_grade [students, default 10000] [folder, kept]    the program is $TUTOR
//
// Of twenty students eight are right, rounding by hand at 4, 5 and 6 digits, eight make a mistake of
// the catalogue, one makes two, one hands in junk, one nothing, and one what the student before has.
#include "tests/test_diagnose.h"
#include "tutor/course/assignment.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 5, SIGNIFICANT = 4, TURN = 20 };

static const char *const numbers[] = {"i1", "i2", "t1", "t2", "w1", "w2", "w3",
                                      "w4", "w5", "w6", "w7", "w8"};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

static void fail(const Error *error)
{
	printf("%s\n", error->message);
	exit(1);
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

// ---- The assignment

static void ask_questions(Assignment *a)
{
	Subject s;
	if (!subject_start(&s, 0, 1))
		exit(1);
	a->question = arena_array(&a->arena, Question, s.diagnoser.lines.count);
	for (uint32_t id = 1; id <= s.diagnoser.lines.count; id++) {
		const Line *line = lines_at(&s.diagnoser.lines, id);
		if (is_asked(&s, id, QUESTIONS_MAIN))
			a->question[a->questions++] =
				question_of(arena_printf(&a->arena, "%s", quantity_text(line->leaf->name, &a->arena)));
	}
	subject_end(&s);
}

static void draw_variant(Assignment *a, size_t i)
{
	char *id = arena_printf(&a->arena, "s%05zu", i);
	double *value = arena_array(&a->arena, double, NUMBERS);
	for (int32_t k = 0; k < NUMBERS; k++) {
		int32_t index[] = {(int32_t)i, k};
		double draw = 0.05 + 0.9 * random_uniform(7, "number", index, 2);
		value[k] = strtod(arena_printf(&a->arena, "%.2f", draw), NULL);
	}
	a->variant[i] = (Variant){.id = id, .file = id, .name = "", .value = value};
}

static void make_assignment(Assignment *a, Output *text, const Secret *secret, size_t students)
{
	put_mazur(text);
	*a = (Assignment){.title = "mazur", .model_name = "mazur", .significant = SIGNIFICANT, .seed = 1};
	a->text = output_memory(text);
	a->size = strlen(a->text);
	a->number = (const char **)numbers;
	a->numbers = NUMBERS;
	ask_questions(a);
	a->variants = students;
	a->variant = arena_array(&a->arena, Variant, students);
	assignment_seal(a, secret);
	for (size_t i = 0; i < students; i++) {
		draw_variant(a, i);
		assignment_seal_variant(a, &a->variant[i], secret);
	}
}

// ---- What is handed in

static void write_csv(const char *path, const Output *csv)
{
	Output file;
	Error error = {0};
	if (!output_open(&file, path, &error))
		fail(&error);
	file.hasty = true;
	output_bytes(&file, csv->bytes, csv->count);
	if (!output_close(&file, &error))
		fail(&error);
}

static Planted draw_mistake(const Subject *s, size_t i, int32_t number)
{
	static Planted list[400];
	int32_t index[] = {(int32_t)i, number};
	size_t count = list_mistakes(&s->diagnoser, list);
	return list[(size_t)(random_uniform(7, "mistake", index, 2) * (double)count)];
}

static void fill_in(Subject *s, size_t i, Output *csv)
{
	Filling filling = {SIGNIFICANT + (int)(i % 3), true, QUESTIONS_MAIN};
	size_t kind = i % TURN, mistakes = kind < 8 ? 0 : kind == 16 ? 2 : 1;
	Planted planted[] = {draw_mistake(s, i, 0), draw_mistake(s, i, 1)};
	if (kind == 17) {
		output_text(csv, "name,value\nnet_h1,=HYPERLINK(1)\nout_h1,\x80\n");
		return;
	}
	if (!fill_values(s, planted, mistakes, &filling))
		fill_values(s, NULL, 0, &filling);
	fill_sheet(s, &filling, csv);
}

static void hand_in(const Assignment *a, const char *folder)
{
	Output before = {0};
	Subject mazur;
	if (!subject_start(&mazur, 0, 1))
		exit(1);
	for (size_t i = 0; i < a->variants; i++) {
		Subject s = {.value = mazur.value, .is_main = mazur.is_main};
		Error error = {0};
		Output csv = {0};
		char path[4200];
		if (!assignment_model(a, &a->variant[i], &s.model, &error))
			fail(&error);
		diagnoser_start(&s.diagnoser, &s.model, NULL, 0);
		if (i % TURN == 19)
			output_bytes(&csv, before.bytes, before.count);
		else
			fill_in(&s, i, &csv);
		snprintf(path, sizeof path, "%s/handed-in/%s.csv", folder, a->variant[i].file);
		if (i % TURN != 18)
			write_csv(path, &csv);
		if (i % TURN != 18 && i % TURN != 17) {
			before.count = 0;
			output_bytes(&before, csv.bytes, csv.count);
		}
		output_abandon(&csv);
		diagnoser_free(&s.diagnoser);
		model_free(&s.model);
	}
	output_abandon(&before);
	subject_end(&mazur);
}

static void make_class(const char *folder, size_t students)
{
	Assignment a;
	Output text = {0};
	Secret secret;
	Error error = {0};
	Folder out;
	char path[4200], key[4200];
	snprintf(key, sizeof key, "%s/key", folder);
	snprintf(path, sizeof path, "%s/handed-in", folder);
	if ((mkdir(folder, 0777) && errno != EEXIST) || (mkdir(path, 0777) && errno != EEXIST))
		error_set(&error, "cannot make the folder '%s'", folder);
	if (error.set || !secret_create(key, &error) || !secret_read(&secret, key, &error))
		fail(&error);
	make_assignment(&a, &text, &secret, students);
	snprintf(path, sizeof path, "%s/assignment", folder);
	if (!folder_open(&out, path, &error))
		fail(&error);
	assignment_write(&a, &out);
	if (!folder_close(&out, &error))
		fail(&error);
	hand_in(&a, folder);
	secret_free(&secret);
	arena_free(&a.arena);
	output_abandon(&text);
}

// ---- Marking

static int ascending(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

static void mark_class(const char *folder, size_t students, const char *threads)
{
	const char *program = getenv("TUTOR");
	char command[20000];
	double taken[RUNS];
	struct rusage before, after;
	snprintf(command, sizeof command,
	         "'%s' grade '%s/handed-in' --assignment '%s/assignment' --secret '%s/key' "
	         "--out '%s/marks' --quiet %s 2>/dev/null",
	         program ? program : "build/tutor", folder, folder, folder, folder, threads);
	getrusage(RUSAGE_CHILDREN, &before);
	for (int i = 0; i < RUNS; i++) {
		double start = seconds();
		int status = system(command);
		taken[i] = seconds() - start;
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			exit(1);
	}
	getrusage(RUSAGE_CHILDREN, &after);
	double user = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) +
	              1e-6 * (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec);
	double kernel = (double)(after.ru_stime.tv_sec - before.ru_stime.tv_sec) +
	                1e-6 * (double)(after.ru_stime.tv_usec - before.ru_stime.tv_usec);
	qsort(taken, RUNS, sizeof *taken, ascending);
	printf("grade %zu students%s%s: %.2f s (%.2f to %.2f), user %.2f s, system %.2f s\n", students,
	       *threads ? ", " : "", threads, taken[RUNS / 2], taken[0], taken[RUNS - 1], user / RUNS,
	       kernel / RUNS);
}

int main(int count, char **argument)
{
	size_t students = count > 1 ? strtoul(argument[1], NULL, 10) : 10000;
	char folder[4096] = "/tmp/tutor-class-XXXXXX", command[5000];
	if (count > 2)
		snprintf(folder, sizeof folder, "%s", argument[2]);
	else if (!mkdtemp(folder))
		return 1;
	make_class(folder, students);
	if (count <= 2 || getenv("TUTOR")) {
		mark_class(folder, students, "");
		mark_class(folder, students, "--threads 1");
	}
	if (count > 2)
		return 0;
	snprintf(command, sizeof command, "rm -r '%s'", folder);
	return system(command) != 0;
}
