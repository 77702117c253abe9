#include "tutor/course/verify.h"
#include "tutor/command.h"
#include "tutor/io/input.h"
#include "tutor/load.h"
#include "tutor/render/equation.h"
#include "tutor/terminal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- The report

typedef struct Report {
	Output *output;
	const Verification *result;
	const Options *options;
	bool unicode;
	uint32_t width;
	int names, values;   // columns that the widest take
} Report;

static const struct {
	const char *mark, *ascii, *line, *count;
} words[VERDICT_COUNT] = {
	[VERDICT_RIGHT] = {"✓", "+", "right", "right"},
	[VERDICT_CARRIED] = {"✓", "+", "right from your earlier value",
                         "right from your earlier value"},
	[VERDICT_FEW_DIGITS] = {"~", "~", "too few digits", "with too few digits"},
	[VERDICT_WRONG] = {"✗", "x", "wrong", "wrong"},
	[VERDICT_UNANSWERED] = {"·", "-", "not answered", "not answered"},
	[VERDICT_UNKNOWN] = {"?", "?", "not understood", "not understood"},
	[VERDICT_APART] = {"·", "-", "not in the golden file", "not in the golden file"},
};

static const struct {
	Remark remark;
	const char *text;
} remarks[] = {
	{REMARK_CUT, "cut off, not rounded"},
	{REMARK_ROUNDED, "as far as your rounding goes"},
	{REMARK_HIDES_STEP, "its digits hardly show the step"},
	{REMARK_NO_STEP, "its digits show no step"},
	{REMARK_TRIVIAL, "0 only because of an earlier wrong 0"},
};

// Writes the text in lines of the report's width, broken at blanks, later ones indented.
static void put_wrapped(const Report *report, const char *text, int indent)
{
	size_t used = 0;
	while (*text) {
		size_t blanks = strspn(text, " "), size = strcspn(text + blanks, " ");
		size_t columns = notation_columns(text, blanks + size);
		if (used > (size_t)indent && used + columns > report->width) {
			output_printf(report->output, "\n%*s", indent, "");
			used = (size_t)indent;
			text += blanks;
			continue;
		}
		output_bytes(report->output, text, blanks + size);
		used += columns;
		text += blanks + size;
	}
	output_text(report->output, "\n");
}

static void put_padded(Output *line, const char *text, int width)
{
	int columns = (int)notation_columns(text, strlen(text));
	output_printf(line, "%s%*s", text, columns < width ? width - columns : 0, "");
}

static void put_item(const Report *report, const Item *item)
{
	Output line = {0};
	output_printf(&line, "%s ",
	              report->unicode ? words[item->verdict].mark : words[item->verdict].ascii);
	put_padded(&line, item->answer->name, report->names);
	output_text(&line, "  ");
	put_padded(&line, item->answer->text, report->values);
	output_printf(&line, "  %s", words[item->verdict].line);
	if (item->cause)
		output_printf(&line, " of %s", item->cause->answer->name);
	for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++)
		if (item->remarks & remarks[i].remark)
			output_printf(&line, ", %s", remarks[i].text);
	if (item->problem)
		output_printf(&line, ": %s", item->problem);
	put_wrapped(report, output_memory(&line), 4);
	output_abandon(&line);
}

static void put_items(Report *report)
{
	const Verification *result = report->result;
	int most = (int)report->width / 2 - 6;
	for (size_t i = 0; i < result->count; i++) {
		const Answer *answer = result->item[i].answer;
		int name = (int)notation_columns(answer->name, strlen(answer->name));
		int value = (int)notation_columns(answer->text, strlen(answer->text));
		report->names = name > report->names && name <= most ? name : report->names;
		report->values = value > report->values && value <= most ? value : report->values;
	}
	// Of many that are apart, as in a trace, the number says enough.
	for (size_t i = 0; i < result->count; i++)
		if (result->item[i].verdict != VERDICT_APART || result->tally[VERDICT_APART] <= 10)
			put_item(report, &result->item[i]);
	output_text(report->output, "\n");
}

static void put_first_wrong(const Report *report)
{
	const Verification *result = report->result;
	const Item *item = result->first;
	TextStyle style = text_style(report->unicode, (int)report->options->digits, report->width);
	Output line = {0};
	output_printf(&line, "first wrong: %s. You have %s", item->answer->name, item->answer->text);
	if (result->line.formula)
		output_text(&line, "; your own numbers give");
	put_wrapped(report, output_memory(&line), 2);
	output_abandon(&line);
	style.indent = 2;
	if (result->line.formula)
		equation_print(report->output, &result->line, &style);
	if (result->follow)
		output_printf(report->output, "%zu later %s right from it\n", result->follow,
		              result->follow == 1 ? "answer is" : "answers are");
	output_text(report->output, "\n");
}

static void put_summary(const Report *report)
{
	Output line = {0};
	for (Verdict verdict = VERDICT_RIGHT; verdict < VERDICT_COUNT; verdict++) {
		size_t count = report->result->tally[verdict];
		count += verdict == VERDICT_UNANSWERED ? report->result->unasked : 0;
		if (count || verdict == VERDICT_RIGHT)
			output_printf(&line, "%s%zu %s", line.count ? ", " : "", count, words[verdict].count);
	}
	put_wrapped(report, output_memory(&line), 2);
	output_abandon(&line);
}

static void put_report(Call *call, const Verification *result)
{
	const Options *options = call->options;
	Report report = {.output = call->output, .result = result, .options = options};
	report.width = (uint32_t)terminal_width((int)options->width);
	report.unicode = terminal_utf8() && !options->ascii;
	if (!options->quiet) {
		put_items(&report);
		if (result->first)
			put_first_wrong(&report);
	}
	put_summary(&report);
}

// ---- The call

typedef struct Files {
	Input answers_text, golden_text;
	Answers answers, golden;
	Model model;
	bool has_golden, has_model;
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

// The first row that is wrong itself; the report, which names all of them, is out by then.
static void report_unknown(const Answers *answers, const Verification *result, Error *error)
{
	const Item *first = NULL;
	for (size_t i = 0; i < result->count; i++) {
		const Item *item = &result->item[i];
		if (item->verdict == VERDICT_UNKNOWN && (!first || item->answer->row < first->answer->row))
			first = item;
	}
	if (!first)
		return;
	Answer answer = *first->answer;
	answer.problem = first->problem;
	answers_error(answers, &answer, error);
}

static int status_of(const Verification *result)
{
	const size_t *tally = result->tally;
	bool wrong = tally[VERDICT_WRONG] + tally[VERDICT_FEW_DIGITS] + tally[VERDICT_CARRIED] > 0;
	return wrong || tally[VERDICT_RIGHT] == 0 ? STATUS_NO : STATUS_DONE;
}

static int run(Call *call, Error *error)
{
	Files files = {0};
	int status = STATUS_WRONG;
	if (read_files(&files, call, error)) {
		Verification result;
		verify(&result, &files.answers, files.has_model ? &files.model : NULL,
		       &(VerifyOptions){.significant = (int)call->options->significant,
		                        .golden = files.has_golden ? &files.golden : NULL});
		put_report(call, &result);
		status = status_of(&result);
		if (result.tally[VERDICT_UNKNOWN]) {
			output_flush(call->output);
			report_unknown(&files.answers, &result, error);
			status = STATUS_WRONG;
		}
		verify_free(&result);
	}
	free_files(&files);
	return status;
}

const Command command_check = {
	.name = "check",
	.arguments = "ANSWERS.csv",
	.summary = "your own numbers against a model's",
	.takes = TAKES_MODEL | TAKES(example) | TAKES(model) | TAKES(golden) | TAKES(significant) |
             TAKES(width) | TAKES(ascii),
	.operands = {1, 1},
	.run = run,
	.help = "  tutor check mine.csv --model mazur             every number in mine.csv\n"
			"  tutor check mine.csv --model net.model -q      the count alone\n"
			"  tutor check mine.csv --golden golden/mazur.csv against values in a file\n",
	.notes =
		"mine.csv has at least the columns name and value; names are those of 'tutor trace'.\n"
		"An empty value is not answered. A value is a decimal, 8.2e-2 or a fraction 3/8; four\n"
		"significant digits are asked for unless --significant says otherwise. A number that\n"
		"follows from an earlier one of yours is right from your earlier value.\n"
		"Status 1 where an answer is not right, 2 where a row is not understood.\n",
};
