// What a person sees while a run goes on, on standard error: on a terminal one line that is written
// again and again, with rate and time left; else a line for some of the epochs, ever fewer.
#ifndef TRAIN_PROGRESS_H
#define TRAIN_PROGRESS_H

#include "tutor/train/loop.h"

typedef struct Progress {
	bool quiet, terminal;
	bool shown;           // a line of the terminal is to be wiped
	EpochReport newest;   // of the last epoch
	double spoken;        // seconds at which an epoch got its line
} Progress;

void progress_start(Progress *progress, bool quiet);
void progress_tick(Progress *progress, const Training *training);
void progress_epoch(Progress *progress, const Training *training, const EpochReport *report);
// Wipes the line, so that others may write.
void progress_wipe(Progress *progress);

enum { WHOLE_TEXT = 32 };
// 12,345,678
char *whole_text(char text[WHOLE_TEXT], double number);

#endif
