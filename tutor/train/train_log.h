// The log of a run: a CSV row an epoch, written at once, so that whoever reads the file while the
// run goes on sees it.
#ifndef TRAIN_TRAIN_LOG_H
#define TRAIN_TRAIN_LOG_H

#include "tutor/train/loop.h"

// With details in `norms` it has further columns: gradient_norm[w], update_ratio[w] (the norm of
// the step against that of the params) of each family w, dead_relus, saturated.
typedef struct TrainLog {
	const char *path;   // NULL: no log
	int descriptor;
	const Norms *norms;
} TrainLog;

// `path` NULL: no log is written. A run that is continued (`from` > 0: so many updates done) goes
// on behind the rows that the log has of them; else the file begins anew.
bool train_log_open(TrainLog *log, const char *path, uint64_t from, const Norms *norms,
                    Error *error);
bool train_log_row(TrainLog *log, const EpochReport *report, Error *error);
void train_log_close(TrainLog *log);

#endif
