#include "tutor/command.h"
#include "tutor/commands/class_report.h"
#include "tutor/commands/feedback.h"
#include "tutor/io/parallel.h"
#include "tutor/render/writer.h"
#include "tutor/terminal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// What each thread has for itself.
typedef struct Marker {
	Arena arena;   // for what is kept of the marks
	Error error;   // the first file that could not be written
} Marker;

typedef struct Grading {
	const Options *options;
	TextStyle style;
	Assignment assignment;
	Secret secret;
	Strings paths;   // of the files handed in
	Arena arena;
	HandedIn handed_in;
	Gradebook gradebook;
	Fit *fit;      // known when all are marked once
	Copy *copy;
	Marker *marker;
	size_t markers;
	const char *doing;   // for the progress line
	size_t all;
	bool shows_progress;
} Grading;

// ---- The files handed in

static void add_path(Grading *g, const char *path)
{
	array_reserve(g->paths.items, g->paths.count, g->paths.capacity, 1);
	g->paths.items[g->paths.count++] = path;
}

static int by_name(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

// A folder stands for the files in it, by their names: what is no table of answers is said later.
static bool add_folder(Grading *g, const char *path, Error *error)
{
	size_t first = g->paths.count;
	DIR *folder = opendir(path);
	if (!folder)
		return error_set(error, "cannot read '%s': %s", path, strerror(errno));
	for (struct dirent *entry; (entry = readdir(folder));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			add_path(g, arena_printf(&g->arena, "%s/%s", path, entry->d_name));
	closedir(folder);
	if (g->paths.count == first)
		return error_set(error, "there is no file *.csv in the folder '%s'", path);
	qsort(g->paths.items + first, g->paths.count - first, sizeof *g->paths.items, by_name);
	return true;
}

static bool add_operands(Grading *g, const Call *call, Error *error)
{
	for (size_t i = 0; i < call->operand_count; i++) {
		struct stat facts;
		bool folder = stat(call->operands[i], &facts) == 0 && S_ISDIR(facts.st_mode);
		if (!folder)
			add_path(g, call->operands[i]);
		else if (!add_folder(g, call->operands[i], error))
			return false;
	}
	return true;
}

// ---- Before

static bool make_folder(const char *path, Error *error)
{
	struct stat facts;
	if (mkdir(path, 0777) == 0 || (errno == EEXIST && stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)))
		return true;
	return error_set(error, "cannot make the folder '%s': %s", path, strerror(errno));
}

static const char *in_out(Grading *g, const char *name)
{
	return arena_printf(&g->arena, "%s/%s", g->options->out, name);
}

static bool keep_old(Grading *g, Error *error)
{
	const char *path = in_out(g, "gradebook.csv");
	return access(path, F_OK) != 0 || gradebook_keep(&g->gradebook, path, error);
}

static bool prepare(Grading *g, const Call *call, Error *error)
{
	const Options *options = call->options;
	if (!options->assignment || !options->secret || !options->out)
		return error_set(error, "'tutor grade' needs --assignment DIR, --secret FILE and --out DIR");
	if (!add_operands(g, call, error) || !assignment_read(&g->assignment, options->assignment, error) ||
	    !secret_read(&g->secret, options->secret, error) ||
	    !assignment_verify(&g->assignment, &g->secret, error))
		return false;
	gradebook_start(&g->gradebook, &g->assignment);
	return keep_old(g, error) && make_folder(options->out, error) &&
	       make_folder(in_out(g, "feedback"), error);
}

// ---- Marking

static bool is_written(const char *path, const Output *text)
{
	Input old;
	Error ignored = {0};
	if (!input_read_plain(&old, path, text->count, &ignored))
		return false;
	bool same = old.size == text->count && memcmp(old.text, text->bytes, old.size) == 0;
	input_free(&old);
	return same;
}

// A file that would be the same is left alone: who marks a class again sees which are new.
static void write_document(const Document *document, const char *path, const Format *format,
                           const TextStyle *style, const char *title, Error *error)
{
	Output text = {0}, output;
	writer_document(document, format, &text, style, title);
	if (!error->set && !is_written(path, &text) && output_open(&output, path, error)) {
		output.hasty = true;
		output_bytes(&output, text.bytes, text.count);
		output_close(&output, error);
	}
	output_abandon(&text);
}

static void write_feedback(const Grading *g, const Submitted *submitted, const Marks *marks, const Result *result,
                           Error *error)
{
	double mark = result_mark(result);
	Document document = {0};
	Arena *arena = &document.arena;
	feedback(&document, submitted, marks, (int)g->options->hint, result_is_overridden(result) ? &mark : NULL);
	const char *title = feedback_title(submitted, arena);
	const char *stem = arena_printf(arena, "%s/feedback/%s", g->options->out, submitted->variant->file);
	write_document(&document, arena_printf(arena, "%s.md", stem), &format_markdown, &g->style, title, error);
	write_document(&document, arena_printf(arena, "%s.html", stem), &format_html, &g->style, title, error);
	arena_free(arena);
}

// Who may have copied is marked twice: what it costs is known when all have been marked once.
static void mark_submission(Grading *g, size_t i, const Submission *submission, Marker *marker,
                            Error *error)
{
	Model model;
	Marks marks;
	const Variant *variant = &g->assignment.variant[i];
	if (!assignment_model(&g->assignment, variant, &model, error))
		return;
	Submitted submitted = {&submission->answers, &g->assignment, variant, &g->secret, &model,
	                       g->fit ? g->fit[i].copied : NULL};
	mark(&marks, &submitted);
	if (g->fit)
		gradebook_adjust(&g->gradebook, i, &marks);
	else
		gradebook_enter(&g->gradebook, i, &marks, &marker->arena);
	if (g->fit || !fit_is_possible(&g->gradebook, i))
		write_feedback(g, &submitted, &marks, &g->gradebook.result[i], &marker->error);
	marks_free(&marks);
	model_free(&model);
}

// The file is read once more, so that not all of them are held at once: it must still say the same.
static void mark_file(Grading *g, size_t i, const HandedFile *file, Marker *marker)
{
	Submission submission;
	Error error = {0};
	Result *result = &g->gradebook.result[i];
	if (submission_read(&submission, file->path, &error) &&
	    submission_student(&submission, &g->assignment, file->own_name ? file->student : NO_STUDENT, &error) == i)
		mark_submission(g, i, &submission, marker, &error);
	if (error.set) {
		result->standing = STANDING_BROKEN;
		result->problem = shown_text(error.message, &marker->arena);
	}
	submission_free(&submission);
}

// The true values of who has no marks: others may have their sheet.
static void know_student(Grading *g, size_t i, Marker *marker)
{
	Model model;
	Marks marks;
	Error ignored = {0};
	const Answers none = {0};
	if (!assignment_model(&g->assignment, &g->assignment.variant[i], &model, &ignored))
		return;
	mark(&marks, &(Submitted){&none, &g->assignment, &g->assignment.variant[i], &g->secret, &model, NULL});
	gradebook_know(&g->gradebook, i, &marks, &marker->arena);
	marks_free(&marks);
	model_free(&model);
}

static void mark_chosen(Grading *g, size_t i, Marker *marker)
{
	Result *result = &g->gradebook.result[i];
	const HandedFile *file = &g->handed_in.file[g->handed_in.chosen[i]];
	result->file = shown_name(file->path, &marker->arena);
	if (file->problem) {
		result->standing = STANDING_BROKEN;
		result->problem = file->problem;
	} else {
		mark_file(g, i, file, marker);
	}
	if (g->handed_in.files[i] > 1)
		gradebook_flag(&g->gradebook, i,
		               arena_printf(&marker->arena, "one of %zu files", g->handed_in.files[i]), &marker->arena);
}

static void mark_student(void *context, size_t worker, size_t i)
{
	Grading *g = context;
	Marker *marker = &g->marker[worker];
	if (g->handed_in.chosen[i] != SIZE_MAX)
		mark_chosen(g, i, marker);
	if (g->gradebook.result[i].standing != STANDING_MARKED)
		know_student(g, i, marker);
}

static void mark_again(void *context, size_t worker, size_t i)
{
	Grading *g = context;
	if (fit_is_possible(&g->gradebook, i))
		mark_file(g, i, &g->handed_in.file[g->handed_in.chosen[i]], &g->marker[worker]);
}

static void read_file(void *context, size_t worker, size_t i)
{
	Grading *g = context;
	handed_in_read(&g->handed_in, i, &g->marker[worker].arena);
}

static void show_progress(void *context, size_t done)
{
	const Grading *g = context;
	if (!g->shows_progress)
		return;
	if (done < g->all)
		fprintf(stderr, "\r\033[K%s %zu of %zu", g->doing, done, g->all);
	else
		fprintf(stderr, "\r\033[K");
	fflush(stderr);
}

static void do_all(Grading *g, const char *doing, size_t count, ParallelWork *work)
{
	g->doing = doing;
	g->all = count;
	parallel_each(count, g->markers, work, show_progress, g);
}

static void flag_fits(Grading *g)
{
	for (size_t i = 0; i < g->assignment.variants; i++)
		if (g->fit[i].variant != SIZE_MAX)
			gradebook_flag(&g->gradebook, i,
			               arena_printf(&g->arena, "%zu answers fit the sheet of %s", g->fit[i].answers,
			                            g->assignment.variant[g->fit[i].variant].id), &g->arena);
}

static void flag_copies(Grading *g)
{
	for (size_t i = 0; i < g->assignment.variants; i++) {
		const Copy *copy = &g->copy[i];
		if (copy->partner == SIZE_MAX)
			continue;
		const char *flag = arena_printf(&g->arena, "%zu answers the same as those of %s", copy->shared,
		                                g->assignment.variant[copy->partner].id);
		gradebook_flag(&g->gradebook, i, flag, &g->arena);
	}
}

static void mark_class(Grading *g)
{
	const Options *options = g->options;
	g->markers = options->given & TAKES(threads) ? (size_t)options->threads : parallel_processors();
	g->marker = memset(memory_alloc(g->markers * sizeof *g->marker), 0, g->markers * sizeof *g->marker);
	g->shows_progress = terminal_is(STDERR_FILENO) && !options->quiet;
	handed_in_start(&g->handed_in, &g->assignment, g->paths.items, g->paths.count);
	do_all(g, "reading", g->paths.count, read_file);
	handed_in_choose(&g->handed_in);
	do_all(g, "marking", g->assignment.variants, mark_student);
	g->fit = find_fits(&g->gradebook, &g->arena);
	do_all(g, "marking again", g->assignment.variants, mark_again);
	g->copy = find_copies(&g->gradebook, &g->arena);
}

// ---- After

static bool write_gradebook(Grading *g, Error *error)
{
	Output output;
	if (!output_open(&output, in_out(g, "gradebook.csv"), error))
		return false;
	gradebook_write(&g->gradebook, &output);
	return output_close(&output, error);
}

static void write_report(Grading *g, const ClassReport *report, Error *error)
{
	Document document = {0};
	const char *title = g->assignment.title;
	class_report(&document, report);
	write_document(&document, in_out(g, "report.md"), &format_markdown, &g->style, title, error);
	write_document(&document, in_out(g, "report.html"), &format_html, &g->style, title, error);
	arena_free(&document.arena);
}

// What could not be marked is said at once, whatever else is printed.
static void warn(const Grading *g)
{
	Arena arena = {0};
	for (size_t i = 0; i < g->handed_in.count; i++) {
		const HandedFile *file = &g->handed_in.file[i];
		if (file->problem)
			fprintf(stderr, "tutor: not marked: %s: %s\n", shown_name(file->path, &arena), file->problem);
	}
	for (size_t i = 0; i < g->assignment.variants; i++)
		if (g->gradebook.result[i].override_problem)
			fprintf(stderr, "tutor: gradebook.csv: %s\n",
			        shown_text(g->gradebook.result[i].override_problem, &arena));
	arena_free(&arena);
}

static void print_short(const Grading *g, const Call *call, const ClassReport *report)
{
	Document document = {0};
	const Options *options = call->options;
	TextStyle style = text_style(terminal_utf8() && !options->ascii, (int)options->digits,
	                             (uint32_t)terminal_width((int)options->width));
	class_report_short(&document, report, options->out);
	writer_document(&document, &format_text, call->output, &style, g->assignment.title);
	arena_free(&document.arena);
}

static bool finish(Grading *g, const Call *call, Error *error)
{
	ClassReport report = {&g->gradebook, &g->handed_in, g->fit, g->copy};
	for (size_t i = 0; i < g->markers; i++)
		if (g->marker[i].error.set && !error->set)
			*error = g->marker[i].error;
	if (!error->set)
		write_report(g, &report, error);
	flag_fits(g);   // for the report these have parts of their own
	flag_copies(g);
	if (error->set || !write_gradebook(g, error))
		return false;
	warn(g);
	if (!call->options->quiet)
		print_short(g, call, &report);
	return true;
}

static bool any_marked(const Grading *g)
{
	for (size_t i = 0; i < g->assignment.variants; i++)
		if (g->gradebook.result[i].standing == STANDING_MARKED)
			return true;
	return false;
}

static void free_all(Grading *g)
{
	for (size_t i = 0; i < g->markers; i++)
		arena_free(&g->marker[i].arena);
	free(g->marker);
	handed_in_free(&g->handed_in);
	gradebook_free(&g->gradebook);
	free(g->paths.items);
	secret_free(&g->secret);
	assignment_free(&g->assignment);
	arena_free(&g->arena);
}

static int run(Call *call, Error *error)
{
	Grading grading = {.options = call->options};
	int status = STATUS_WRONG;
	grading.style = text_style(true, (int)call->options->digits, TERMINAL_WIDTH);
	if (prepare(&grading, call, error)) {
		mark_class(&grading);
		if (finish(&grading, call, error))
			status = any_marked(&grading) ? STATUS_DONE : STATUS_NO;
	}
	free_all(&grading);
	return status;
}

const Command command_grade = {
	.name = "grade",
	.arguments = "FILE.csv... --assignment DIR --secret FILE --out DIR",
	.summary = "marks what a class handed in",
	.takes = TAKES(assignment) | TAKES(secret) | TAKES(out) | TAKES(hint) | TAKES(threads) | TAKES(width) | TAKES(ascii),
	.operands = {1, SIZE_MAX},
	.run = run,
	.help = "  tutor grade handed-in/*.csv --assignment week3 --secret key --out marks\n"
			"  tutor grade handed-in --assignment week3 --secret key --out marks    all files in the folder\n"
			"  tutor grade late.csv handed-in --assignment week3 --secret key --out marks --hint 3\n",
	.notes =
		"DIR is what 'tutor assign' wrote, FILE the key that it was written with. In the --out folder:\n"
		"  gradebook.csv   a row a student: points by the true values, points with error carried\n"
		"                  forward, each question counted for the better of the two; mistakes named;\n"
		"                  flags; override and note, which are yours: a number in override becomes\n"
		"                  the mark, and both are kept when the class is marked again\n"
		"  feedback/       a page a student, STEM.html and STEM.md, with hints of the strength --hint\n"
		"  report.html     points, frequent mistakes, hard questions, and what wants looking at\n"
		"A file is its student's by its column 'student', else by its name. Of several files of one\n"
		"student the one with the name of the hand-out is marked, else the one named last. A file\n"
		"that cannot be read, or is no table of answers, is reported and stops nothing. Status 1 where no file was marked.\n"
		"Wrong answers that are right on another student's sheet, so many that it is no chance, are\n"
		"flagged and carry nothing.\n"
		"An override that is no number from 0 on does not count; it and one above all points are said.\n",
};
