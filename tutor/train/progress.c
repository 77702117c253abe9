#include "tutor/train/progress.h"

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

static void put_time_left(const Training *training)
{
	double steps = (double)(training->position.updates - training->begun_at);
	double left = (double)(training->last - training->position.updates);
	double seconds = steps > 0 ? training_seconds(training) / steps * left : 0;
	fprintf(stderr, "%d:%02d left", (int)(seconds / 60), (int)fmod(seconds, 60));
}

static void put_measures(const EpochReport *report)
{
	if (isfinite(report->loss))
		fprintf(stderr, "  mean batch loss %.5g", report->loss);
	if (isfinite(report->test_loss))
		fprintf(stderr, "  test loss %.5g", report->test_loss);
	if (isfinite(report->test_accuracy))
		fprintf(stderr, "  test accuracy %.2f %%", 100 * report->test_accuracy);
}

void progress_tick(Progress *progress, const Training *training)
{
	if (progress->quiet || !progress->terminal)
		return;
	char rate[WHOLE_TEXT], bar[BAR + 1];
	double share = share_done(training), seconds = training_seconds(training);
	int filled = (int)(share * BAR);
	memset(bar, '.', BAR);
	memset(bar, '=', (size_t)(filled < BAR ? filled : BAR));
	bar[BAR] = '\0';
	fprintf(stderr, "\r\033[K[%s] %3.0f %%", bar, 100 * share);
	if (isnan(progress->newest.loss))
		fprintf(stderr, "  loss %.5g", training->loss);
	put_measures(&progress->newest);
	fprintf(stderr, "  %s/s  ",
	        whole_text(rate, seconds > 0 ? (double)training->examples_done / seconds : 0));
	put_time_left(training);
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
	fprintf(stderr, "epoch %llu", (unsigned long long)report->epoch);
	put_measures(report);
	fputc('\n', stderr);
}

void progress_wipe(Progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
