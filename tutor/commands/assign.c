#include "tutor/command.h"
#include "tutor/commands/assign_late.h"
#include "tutor/commands/assign_report.h"
#include "tutor/commands/assign_variants.h"
#include "tutor/course/questions.h"
#include "tutor/io/parallel.h"
#include "tutor/load.h"
#include "tutor/model/flatten.h"
#include "tutor/page.h"
#include "tutor/render/latex.h"
#include "tutor/terminal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const formats_default = "html,latex,markdown";

typedef struct Assign {
	const Options *options;
	Loader loader;
	Input roster_text, points_text;
	Roster roster;
	Assignment assignment;
	Assignment before;   // that is there, where students are added
	bool added;
	Maker maker;
	bool has_maker;
	Secret secret;
	bool made_secret;
	SheetForm form[FORMS_MOST];
	size_t forms;
	TextStyle style;
	MakerOptions how;
	Made made;
	bool progress;
} Assign;

// ---- What is asked for

static const char *ending_of(const char *format)
{
	static const char *const ending[][2] = {
		{"html", "html"}, {"latex", "tex"}, {"markdown", "md"}, {"text", "txt"}};
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
		if (strcmp(format, ending[i][0]) == 0)
			return ending[i][1];
	return format;
}

static bool add_form(Assign *a, const char *name, Error *error)
{
	int choice = options_choice("format", name, format_names, error);
	if (choice < 0)
		return false;
	for (size_t i = 0; i < a->forms; i++)
		if (a->form[i].format == formats[choice])
			return true;
	a->form[a->forms++] = (SheetForm){formats[choice], ending_of(formats[choice]->name)};
	return true;
}

static bool read_forms(Assign *a, Error *error)
{
	const char *list = a->options->format ? a->options->format : formats_default;
	while (*list) {
		size_t size = strcspn(list, ",");
		const char *name = arena_copy(&a->assignment.arena, list, size);
		if (!add_form(a, name, error))
			return false;
		list += size + (list[size] == ',');
	}
	return true;
}

static bool read_style(Assign *a, Error *error)
{
	Options plain = *a->options;
	Page page;
	plain.format = NULL;
	if (!page_read(&page, &plain, NULL, error))
		return false;
	a->style = page.style;
	a->style.width = TERMINAL_WIDTH;
	return read_forms(a, error);
}

static bool check_call(const Options *options, Error *error)
{
	if (!options->roster || !options->secret || !options->out)
		return error_set(error, "'tutor assign' needs --roster CSV, --secret FILE and --out DIR");
	return true;
}

// ---- The model

// The first heading of a lesson, else the model's name.
static const char *title_of(Assign *a, const char *operand)
{
	Arena *arena = &a->assignment.arena;
	Source lesson = {0};
	Error ignored = {0};
	const char *colon = strrchr(operand, ':'), *slash = strrchr(operand, '/');
	const char *name = colon ? arena_copy(arena, operand, (size_t)(colon - operand)) : operand;
	if (a->options->title)
		return a->options->title;
	if (strcmp(operand, "-") == 0)
		return "Assignment";
	if (source_read(&lesson, name, arena, &ignored) && lesson.lesson)
		for (const char *line = lesson.text; line; line = strchr(line, '\n'), line += line != NULL)
			if (strncmp(line, "# ", 2) == 0)
				return arena_copy(arena, line + 2, strcspn(line + 2, "\r\n"));
	const char *file = slash ? slash + 1 : operand, *ending = strstr(file, ".model");
	return ending ? arena_copy(arena, file, (size_t)(ending - file)) : file;
}

static bool read_model(Assign *a, const char *operand, Error *error)
{
	Assignment *to = &a->assignment;
	ModelOptions how;
	if (!loader_open(&a->loader, operand, a->options, error) ||
	    !load_options(&how, a->options, &a->loader.source, &a->loader.arena, error))
		return false;
	const Source *source = &a->loader.source;
	Output text = {0};
	bool good = model_flatten(&text, source->name, source->text, source->size, source->folder,
	                          error);
	if (good) {
		const char *flat = output_memory(&text);
		size_t blank = strspn(flat, "\r\n");
		to->text = arena_copy(&to->arena, flat + blank, text.count - blank);
		to->size = text.count - blank;
	}
	output_abandon(&text);
	to->title = title_of(a, operand);
	to->model_name = operand;
	to->significant = (int)a->options->significant;
	to->seed = how.seed;
	to->example = how.example;
	to->fixed = (Setting *)how.setting;
	to->fixed_count = how.setting_count;
	to->examples = a->loader.has_data ? a->loader.input.text : NULL;
	to->examples_size = a->loader.input.size;
	// A wrong text is shown where it stands, not where it is in the flat one.
	Model model;
	good = good && loader_read(&a->loader, &model, a->options, error);
	if (good)
		model_free(&model);
	return good;
}

static bool read_points(Assign *a, Error *error)
{
	Table table;
	Input *input = &a->points_text;
	const char *path = a->options->points;
	if (!path)
		return true;
	if (!input_read(input, path, error) || !input_is_text(input, error) ||
	    !table_read(&table, input->name, input->text, input->size, 0, input->size, 0, error))
		return false;
	bool good = questions_weigh(&a->assignment, &table, error);
	table_free(&table);
	return good;
}

static bool start_maker(Assign *a, Error *error)
{
	const Options *options = a->options;
	a->how = (MakerOptions){.questions = options->questions ? options->questions : "main",
	                        .formulas = options->formulas,
	                        .vary = options->vary,
	                        .planted = (size_t)options->planted};
	a->has_maker = maker_start(&a->maker, &a->assignment, &a->how, error);
	return a->has_maker && read_points(a, error);
}

static bool read_roster(Assign *a, Error *error)
{
	Input *input = &a->roster_text;
	return input_read(input, a->options->roster, error) && input_is_text(input, error) &&
	       roster_read(&a->roster, input->name, input->text, input->size, error);
}

// ---- The secret

static bool read_secret(Assign *a, Error *error)
{
	const char *path = a->options->secret;
	a->made_secret = access(path, F_OK) != 0 && errno == ENOENT;
	if (a->made_secret && !secret_create(path, error)) {
		a->made_secret = false;
		return false;
	}
	if (!secret_read(&a->secret, path, error))
		return false;
	if (secret_is_open(path))
		fprintf(stderr, "tutor: others may read the secret '%s': chmod 600 makes it yours alone\n",
		        path);
	return true;
}

// ---- The variants

static void see(void *context, size_t done)
{
	const Assign *a = context;
	fprintf(stderr, "\rvariant %zu of %zu ", done, a->roster.count);
	if (done == a->roster.count)
		fprintf(stderr, "\r%60s\r", "");
}

static bool make_variants(Assign *a, Folder *folder, Error *error)
{
	const Options *options = a->options;
	VariantsJob job = {.maker = &a->maker,
	                   .options = &a->how,
	                   .roster = &a->roster,
	                   .secret = &a->secret,
	                   .style = &a->style,
	                   .form = a->form,
	                   .forms = a->forms,
	                   .folder = folder,
	                   .workers = options->given & TAKES(threads) ? (size_t)options->threads
	                                                              : parallel_processors(),
	                   .seen = a->progress ? see : NULL,
	                   .context = a};
	return variants_make(&job, &a->assignment, &a->made, error);
}

static bool write_new(Assign *a, Error *error)
{
	Folder folder;
	if (!folder_open(&folder, a->options->out, error))
		return false;
	if (read_secret(a, error) && make_variants(a, &folder, error)) {
		assignment_write(&a->assignment, &folder);
		return folder_close(&folder, error);
	}
	folder_abandon(&folder);
	return false;
}

static bool add_late(Assign *a, const Assignment *before, Error *error)
{
	Folder folder;
	if (!folder_reopen(&folder, a->options->out, error))
		return false;
	if (make_variants(a, &folder, error)) {
		late_write(before, &a->assignment, &folder);
		return folder_close(&folder, error);
	}
	folder_abandon(&folder);
	return false;
}

static bool write_all(Assign *a, Error *error)
{
	const char *out = a->options->out, *secret = a->options->secret;
	if (!late_is_there(out))
		return write_new(a, error);
	a->added = true;
	if (access(secret, F_OK) != 0)
		return error_set(error, "'%s' is there already, and the secret '%s' is not: who comes late is added under the "
		                        "same", out, secret);
	if (!read_secret(a, error) ||
	    !late_start(&a->before, out, &a->assignment, &a->roster, &a->secret, error))
		return false;
	return !a->roster.count || add_late(a, &a->before, error);
}

// ---- What is said of it

static void put_report(const Assign *a, Output *output)
{
	const Assignment *to = &a->assignment;
	double points = 0;
	for (size_t i = 0; i < to->questions; i++)
		points += to->question[i].points;
	if (a->added && !a->roster.count) {
		output_printf(output, "nothing to add: %s has a variant for each student of the roster\n", a->options->out);
		return;
	}
	output_printf(output, "%zu variant%s %s %s: %zu question%s, %g point%s, %zu numbers vary\n",
	              a->roster.count, a->roster.count == 1 ? "" : "s", a->added ? "added to" : "in", a->options->out, to->questions,
	              to->questions == 1 ? "" : "s", points, points == 1 ? "" : "s", to->numbers);
	if (a->options->quiet)
		return;
	assign_same_for_all(output, to, &a->maker.diagnoser.lines);
	if (a->options->verbose)
		output_printf(output, "numbers were drawn %zu times, %zu mistakes planted in each\n",
		              a->made.attempts, a->maker.telling.kinds);
	assign_report(output, &a->maker.telling, a->options->verbose);
	if (a->made.hard)
		output_printf(output,
		              "for %zu of %zu students no numbers were found that show every mistake and "
		              "saturate no unit; the best found were taken\n",
		              a->made.hard, a->roster.count);
	if (a->made.alike)
		output_printf(output, "%zu student%s the numbers of another: too few numbers vary\n",
		              a->made.alike, a->made.alike == 1 ? " has" : "s have");
	output_text(output, "hand out sheets/ and answers/; keep the rest and the secret to yourself\n");
}

// A PDF has the id where pdflatex, without more packages, cannot set a name: 李 明.
static void say_unset_names(const Assign *a)
{
	size_t count = 0;
	const Variant *first = NULL;
	for (size_t i = 0; i < a->forms; i++)
		for (size_t k = a->assignment.variants - a->roster.count;
		     a->form[i].format == &format_latex && k < a->assignment.variants; k++)
			if (!latex_can_set(a->assignment.variant[k].name)) {
				first = first ? first : &a->assignment.variant[k];
				count++;
			}
	if (count)
		fprintf(stderr, "tutor: %zu LaTeX sheet%s the id alone: pdflatex cannot set the name%s%s ('%s', %s); hand out "
		                "the HTML, or write names in Latin letters\n", count, count == 1 ? " has" : "s have",
		        count == 1 ? "" : "s", count == 1 ? "" : ", such as the first", first->id, first->name);
}

static void say_notices(const Assign *a)
{
	if (!a->options->quiet)
		say_unset_names(a);
	if (a->made_secret)
		fprintf(stderr,
		        "tutor: made a new secret, '%s'; keep it: without it nothing can be graded, and "
		        "whoever has it can make every variant\n",
		        a->options->secret);
	if (a->roster.id_column && !a->options->quiet)
		fprintf(stderr, "tutor: the roster has no column 'id'; '%s', its first, is taken\n",
		        a->roster.id_column);
}

static void assign_free(Assign *a)
{
	if (a->has_maker)
		maker_free(&a->maker);
	secret_free(&a->secret);
	roster_free(&a->roster);
	input_free(&a->roster_text);
	input_free(&a->points_text);
	assignment_free(&a->before);
	assignment_free(&a->assignment);
	loader_close(&a->loader);
}

static int run(Call *call, Error *error)
{
	Assign a = {.options = call->options};
	a.progress = terminal_is(2) && !call->options->quiet && !getenv("NO_COLOR");
	bool good = check_call(call->options, error) && read_style(&a, error) &&
	            read_model(&a, call->operands[0], error) && read_roster(&a, error) &&
	            start_maker(&a, error) && write_all(&a, error);
	if (a.made_secret || good)
		say_notices(&a);
	if (good)
		put_report(&a, call->output);
	assign_free(&a);
	return good ? STATUS_DONE : STATUS_WRONG;
}

const Command command_assign = {
	.name = "assign",
	.arguments = "MODEL",
	.summary = "one variant a student: a sheet to print, a table to fill in",
	.takes = TAKES_MODEL | TAKES(example) | TAKES(format) | TAKES(notation) | TAKES(roster) |
             TAKES(secret) | TAKES(out) | TAKES(title) | TAKES(questions) | TAKES(formulas) |
             TAKES(planted) | TAKES(points) | TAKES(vary) | TAKES(significant) | TAKES(threads) | TAKES(verbose),
	.operands = {1, 1},
	.run = run,
	.help =
		"  tutor assign mazur --roster class.csv --secret key --out week3\n"
		"  tutor assign net.model --roster class.csv --secret key --out week4 --questions all\n"
		"  tutor assign mazur --roster class.csv --secret key --out week5 \\\n"
		"      --questions main,dE_total/dout_h1 --formulas dE_total/dw5 --planted 1 \\\n"
		"      --points points.csv --significant 5 --title 'Week 5' --format html\n",
	.notes =
		"class.csv has a row a student and a column id. Each student's numbers are made from the id\n"
		"and the secret: nobody else can make them, and the same call makes them again. The secret\n"
		"is any file of at least 16 bytes; where there is none, a new one is made. Numbers are of\n"
		"few digits and chosen so that every mistake of the catalogue shows in some answer.\n"
		"DIR gets sheets/ and answers/ to hand out, and for grading model.model, assignment.csv,\n"
		"variants.csv and points.csv, of which the last may be edited. It holds no answer and not\n"
		"the secret. --questions main asks for the forward steps, the loss, each unit's delta, each\n"
		"param's gradient and new value; of a circuit without an update the gradient by each step.\n"
		"--format takes a list, html,latex,markdown unless given, and text. The same call with a longer\n"
		"roster adds who came late to DIR; what is there stays, and points.csv counts.\n",
};
