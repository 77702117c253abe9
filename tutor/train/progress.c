#include "tutor/train/progress.h"

#include "tutor/io/output.h"
#include "tutor/terminal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BAR = 20 };
static const double line_seconds =
	1;   // between two lines where there is no terminal, and more the longer it takes

char *whole_text(char text[WHOLE_TEXT], double number)
{
	char digits[WHOLE_TEXT];
	int length = number < 1e15 ? snprintf(digits, sizeof digits, "%.0f", number) : 0;
	char *to = text;
	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return text;
}

void progress_start(Progress *progress, bool quiet)
{
	*progress = (Progress){.quiet = quiet, .terminal = terminal_is(STDERR_FILENO)};
	progress->newest = (EpochReport){
		.loss = NAN, .test_loss = NAN, .accuracy = NAN, .test_accuracy = NAN, .seconds = NAN};
}

static double share_done(const Training *training)
{
	double all = (double)(training->last - training->position.first);
	return all > 0 ? (double)(training->position.updates - training->position.first) / all : 1;
}

// How much is said, the fullest form first: the one that the terminal has room for is taken.
typedef struct LineForm {
	int bar;            // columns of the bar, 0 for none
	bool words, rate, test;
} LineForm;

static const LineForm forms[] = {
	{20, true, true, true}, {20, false, true, true}, {10, false, true, true}, {0, false, true, true},
	{0, false, false, true}, {0, false, false, false},
};
enum { FORMS = sizeof forms / sizeof *forms };

static void put_bar(Output *output, int width, double share)
{
	char bar[BAR + 1];
	int filled = (int)(share * width);
	memset(bar, '.', sizeof bar);
	memset(bar, '=', (size_t)(filled < width ? filled : width));
	if (width)
		output_printf(output, "[%.*s] ", width, bar);
	output_printf(output, "%3.0f %%", 100 * share);
}

static void put_time_left(Output *output, const Training *training)
{
	double steps = (double)(training->position.updates - training->begun_at);
	double left = (double)(training->last - training->position.updates);
	double seconds = steps > 0 ? training_seconds(training) / steps * left : 0, minutes = floor(seconds / 60);
	if (minutes < 60)
		output_printf(output, "  %.0f:%02.0f left", minutes, floor(fmod(seconds, 60)));
	else if (minutes < 100 * 60)
		output_printf(output, "  %.0f h %02.0f min left", floor(minutes / 60), fmod(minutes, 60));
	else
		output_printf(output, "  %.0f days left", minutes / 60 / 24);
}

static void put_measures(Output *output, const EpochReport *report, const LineForm *form)
{
	if (isfinite(report->loss))
		output_printf(output, form->words ? "  mean batch loss %.5g" : "  loss %.3g", report->loss);
	if (isfinite(report->test_loss) && form->test)
		output_printf(output, form->words ? "  test loss %.5g" : "  test %.3g", report->test_loss);
	if (isfinite(report->test_accuracy) && form->test)
		output_printf(output, form->words ? "  test accuracy %.2f %%" : "  %.1f %%", 100 * report->test_accuracy);
}

static void put_line(Output *output, const Progress *progress, const Training *training, const LineForm *form)
{
	char rate[WHOLE_TEXT];
	double seconds = training_seconds(training);
	put_bar(output, form->bar, share_done(training));
	if (isnan(progress->newest.loss))
		output_printf(output, form->words ? "  loss %.5g" : "  loss %.3g", training->loss);
	put_measures(output, &progress->newest, form);
	if (form->rate)
		output_printf(output, "  %s/s", whole_text(rate, seconds > 0 ? (double)training->examples_done / seconds : 0));
	put_time_left(output, training);
}

void progress_tick(Progress *progress, const Training *training)
{
	if (progress->quiet || !progress->terminal)
		return;
	int room = terminal_columns(STDERR_FILENO) - 1;
	for (size_t i = 0; i < FORMS; i++) {
		Output line = {0};
		put_line(&line, progress, training, &forms[i]);
		bool fits = (int)strlen(output_memory(&line)) <= room;
		if (fits || i + 1 == FORMS)
			fprintf(stderr, "\r\033[K%.*s", room, output_memory(&line));
		output_abandon(&line);
		if (fits)
			break;
	}
	fflush(stderr);
	progress->shown = true;
}

// Lines come a second apart and then ever slower, so that a long run does not fill a file.
void progress_epoch(Progress *progress, const Training *training, const EpochReport *report)
{
	progress->newest = *report;
	if (progress->quiet || progress->terminal ||
	    !(report->step == training->last || isfinite(report->seconds)))
		return;
	double now = isfinite(report->seconds) ? report->seconds : training_seconds(training);
	if (report->step < training->last && now - progress->spoken < fmax(line_seconds, 0.1 * now))
		return;
	progress->spoken = now;
	Output line = {0};
	put_measures(&line, report, &forms[0]);
	fprintf(stderr, "epoch %llu%s\n", (unsigned long long)report->epoch, output_memory(&line));
	output_abandon(&line);
}

void progress_wipe(Progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
