// Seconds on a clock that only goes forward.
#ifndef TRAIN_CLOCK_H
#define TRAIN_CLOCK_H

double clock_seconds(void);

#endif
