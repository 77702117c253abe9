#include "tutor/command.h"
#include "tutor/commands/check_report.h"
#include "tutor/io/input.h"
#include "tutor/load.h"
#include "tutor/page.h"

#include <stdlib.h>
#include <string.h>

typedef struct Files {
	Input answers_text, golden_text;
	Answers answers, golden;
	Model model;
	bool has_golden, has_model;
	MistakeId convention[MISTAKE_COUNT];   // that --convention names
	size_t conventions;
} Files;

static bool read_answers(Answers *answers, Input *input, const char *path, Error *error)
{
	return input_read(input, path, error) && input_is_text(input, error) &&
	       answers_read(answers, input->name, input->text, input->size, error);
}

static bool read_golden(Files *files, const char *path, Error *error)
{
	if (!read_answers(&files->golden, &files->golden_text, path, error))
		return false;
	for (size_t i = 0; i < files->golden.count; i++)
		if (files->golden.answer[i].problem)
			return answers_error(&files->golden, &files->golden.answer[i], error);
	files->has_golden = true;
	return true;
}

// Whether the model gives what the golden file says.
static bool agrees(Files *files)
{
	Verification result;
	verify(&result, &files->golden, &files->model, &(VerifyOptions){.significant = 4});
	bool agree = result.tally[VERDICT_WRONG] + result.tally[VERDICT_UNKNOWN] == 0;
	verify_free(&result);
	return agree;
}

// golden/LESSON.csv holds the values of LESSON, golden/LESSON.BLOCK.csv those of LESSON:BLOCK:
// where there is such a lesson, it can say what follows from an earlier answer.
static void load_model_of_golden(Files *files, const Options *options)
{
	Error ignored = {0};
	Arena arena = {0};
	const char *slash = strrchr(options->golden, '/');
	char *name = arena_printf(&arena, "%s", slash ? slash + 1 : options->golden);
	char *dot = strrchr(name, '.');
	if (dot)
		*dot = '\0';
	dot = strchr(name, '.');
	if (dot)
		*dot = ':';
	files->has_model = strlen(name) > 0 && strcmp(name, "-") != 0 &&
	                   load_model(&files->model, name, options, &ignored);
	arena_free(&arena);
	if (files->has_model && !agrees(files)) {
		model_free(&files->model);
		files->has_model = false;
	}
}

static bool read_files(Files *files, Call *call, Error *error)
{
	const Options *options = call->options;
	if (!options->model && !options->golden)
		return error_set(error,
		                 "'tutor check' needs --model MODEL or --golden CSV to check against");
	if (!read_answers(&files->answers, &files->answers_text, call->operands[0], error))
		return false;
	if (options->golden && !read_golden(files, options->golden, error))
		return false;
	if (options->model)
		files->has_model = load_model(&files->model, options->model, options, error);
	else
		load_model_of_golden(files, options);
	return !error->set;
}

static void free_files(Files *files)
{
	if (files->has_model)
		model_free(&files->model);
	answers_free(&files->answers);
	answers_free(&files->golden);
	input_free(&files->answers_text);
	input_free(&files->golden_text);
}

// The first row that is wrong itself, and how many more; the report, which names all of them, is out by then.
static void report_unknown(const Answers *answers, const Verification *result, Error *error)
{
	const Judgement *first = NULL;
	for (size_t i = 0; i < result->count; i++) {
		const Judgement *item = &result->item[i];
		if (item->verdict == VERDICT_UNKNOWN && (!first || item->answer->row < first->answer->row))
			first = item;
	}
	if (!first)
		return;
	Arena arena = {0};
	Answer answer = *first->answer;
	size_t more = result->tally[VERDICT_UNKNOWN] - 1;
	answer.problem = more ? arena_printf(&arena, "%s (and %zu more %s not understood)", first->problem, more,
	                                     more == 1 ? "row is" : "rows are")
	                      : first->problem;
	answers_error(answers, &answer, error);
	arena_free(&arena);
}

static int status_of(const Verification *result)
{
	const size_t *tally = result->tally;
	bool wrong = tally[VERDICT_WRONG] + tally[VERDICT_FEW_DIGITS] + tally[VERDICT_CARRIED] +
	                 tally[VERDICT_CONVENTION] >
	             0;
	return wrong || tally[VERDICT_RIGHT] == 0 ? STATUS_NO : STATUS_DONE;
}

// What explains the wrong answers, by the conventions that the reader follows.
static void explain(Files *files, Verification *result, VerifyOptions *options,
                    MistakeId found, Diagnosis *diagnosis)
{
	Diagnoser diagnoser;
	if (!files->has_model || !result->tally[VERDICT_WRONG])
		return;
	if (found != MISTAKE_NONE)
		files->convention[options->conventions++] = found;
	if (!diagnoser_start(&diagnoser, &files->model, files->convention, options->conventions))
		return;
	diagnose(diagnosis, &diagnoser, result, options->significant);
	diagnose_settle(result, diagnosis);
	diagnoser_free(&diagnoser);
}

static void write_report(Call *call, const Page *page, CheckReport *report)
{
	Document document = {0};
	const Options *options = call->options;
	const char *slash = strrchr(call->operands[0], '/');
	const char *title = arena_printf(&document.arena, "%s, checked against %s", slash ? slash + 1 : call->operands[0],
	                                 options->model ? options->model : options->golden);
	report->title = page->format->page ? title : NULL;
	if (options->quiet)
		check_report_count(&document, report->result);
	else
		check_report(&document, report);
	page_write(page, &document, call->output, title);
	arena_free(&document.arena);
}

static int check(Call *call, Files *files, const Page *page, Error *error)
{
	VerifyOptions options = {.significant = (int)call->options->significant,
	                         .golden = files->has_golden ? &files->golden : NULL,
	                         .convention = files->convention,
	                         .conventions = files->conventions};
	Verification plain, under;
	Diagnosis diagnosis = {0};
	Model *model = files->has_model ? &files->model : NULL;
	verify(&plain, &files->answers, model, &options);
	MistakeId found = model ? diagnose_convention(&plain, &files->answers, model, &options, &under)
	                        : MISTAKE_NONE;
	Verification *result = found == MISTAKE_NONE ? &plain : &under;
	explain(files, result, &options, found, &diagnosis);
	write_report(call, page, &(CheckReport){.result = result, .diagnosis = &diagnosis, .convention = found,
	                                        .model = model, .hint = (int)call->options->hint});
	int status = status_of(result);
	if (result->tally[VERDICT_UNKNOWN]) {
		output_flush(call->output);
		report_unknown(&files->answers, result, error);
		status = STATUS_WRONG;
	}
	diagnosis_free(&diagnosis);
	if (found != MISTAKE_NONE)
		verify_free(&under);
	verify_free(&plain);
	return status;
}

static int run(Call *call, Error *error)
{
	Files files = {0};
	Page page;
	int status = STATUS_WRONG;
	if (page_read(&page, call->options, NULL, error) &&
	    check_conventions(call->options, files.convention, &files.conventions, error) &&
	    read_files(&files, call, error))
		status = check(call, &files, &page, error);
	free_files(&files);
	return status;
}

const Command command_check = {
	.name = "check",
	.arguments = "ANSWERS.csv",
	.summary = "your own numbers against a model's",
	.takes = TAKES_MODEL | TAKES(example) | TAKES(model) | TAKES(golden) | TAKES(significant) |
             TAKES(convention) | TAKES(hint) | TAKES_PAGE,
	.operands = {1, 1},
	.run = run,
	.help = "  tutor check mine.csv --model mazur             every number in mine.csv\n"
			"  tutor check mine.csv --model net.model -q      the count alone\n"
			"  tutor check mine.csv --golden golden/mazur.csv against values in a file\n"
			"  tutor check mine.csv --model mazur --convention loss=plain --hint 3\n"
			"  tutor check mine.csv --model mazur --format html -o mine.html   as a page\n",
	.notes =
		"mine.csv has at least the columns name and value; names are those of 'tutor trace'.\n"
		"An empty value is not answered. A value is a decimal, 8.2e-2 or a fraction 3/8; four\n"
		"significant digits are asked for unless --significant says otherwise. A number that\n"
		"follows from an earlier one of yours is right from your earlier value.\n"
		"A wrong answer is explained where a mistake that is known gives it: --hint 1 says where "
		"to\n"
		"look, 2 also what the mistake is called and what to compare, 3 what it is.\n"
		"--convention says what your numbers are based on where that is no question of right and\n"
		"wrong: loss=plain or loss=half (the factor 1/2), batch=sum, delta=negative (target -\n"
		"output), gradient=negative (all gradients), bias=frozen.\n"
		"Status 1 where an answer is not right, 2 where a row is not understood.\n",
};
