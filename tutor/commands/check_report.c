#include "tutor/commands/check_report.h"

#include "tutor/render/equation.h"
#include "tutor/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Report {
	Output *output;
	const Verification *result;
	const Diagnosis *diagnosis;
	MistakeId convention;   // that the reader seems to follow
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
	[VERDICT_CONVENTION] = {"✓", "+", "right by another convention", "right by another convention"},
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

static void put_item(const Report *report, const Judgement *item)
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
	const Judgement *item = result->first;
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

// printf, wrapped.
static void put_line(const Report *report, int indent, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void put_line(const Report *report, int indent, const char *format, ...)
{
	va_list arguments;
	char text[1000];
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	put_wrapped(report, text, indent);
}

static void put_convention(const Report *report)
{
	if (report->convention == MISTAKE_NONE)
		return;
	const Mistake *convention = &mistake_info[report->convention];
	put_line(report, 2, "%s If so, say --convention %s.", convention->hint[1], convention->id);
	output_text(report->output, "\n");
}

static void put_cause(const Report *report, const Cause *cause)
{
	const Answer *answer = cause->item->answer;
	const Finding *best = &cause->finding[0];
	int64_t strength = report->options->hint;
	if (!cause->count) {
		put_line(report, 2, "%s: no mistake that is known gives %s", answer->name, answer->text);
		return;
	}
	const Mistake *mistake = &mistake_info[best->mistake];
	if (strength == 1)
		put_line(report, 2, "%s: %s", answer->name, mistake->hint[0]);
	else
		put_line(report, 2, "%s: likely mistake: %s (%s). %s", answer->name, mistake->name,
		         mistake->id, mistake->hint[strength - 1]);
	if (best->explained > 1)
		put_line(report, 4, "  It gives %zu of your wrong answers.", best->explained);
	for (size_t i = 1; i < cause->count && strength > 1; i++)
		put_line(report, 4, "  %s: %s (%s)", i == 1 ? "or" : "  ",
		         mistake_info[cause->finding[i].mistake].name,
		         mistake_info[cause->finding[i].mistake].id);
}

static void put_diagnosis(const Report *report)
{
	for (size_t i = 0; i < report->diagnosis->count; i++)
		put_cause(report, &report->diagnosis->cause[i]);
	if (report->diagnosis->count)
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

void check_report(Call *call, const Verification *result, const Diagnosis *diagnosis,
                  MistakeId convention)
{
	const Options *options = call->options;
	Report report = {.output = call->output,
	                 .result = result,
	                 .diagnosis = diagnosis,
	                 .convention = convention,
	                 .options = options};
	report.width = (uint32_t)terminal_width((int)options->width);
	report.unicode = terminal_utf8() && !options->ascii;
	if (!options->quiet) {
		put_items(&report);
		if (result->first)
			put_first_wrong(&report);
		put_diagnosis(&report);
		put_convention(&report);
	}
	put_summary(&report);
}
