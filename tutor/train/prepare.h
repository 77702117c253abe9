// What training starts from: a MODEL as commands take it, recorded for batches, and its data.
#ifndef TRAIN_PREPARE_H
#define TRAIN_PREPARE_H

#include "tutor/options.h"
#include "tutor/train/data.h"

typedef struct Prepared {
	Model model;
	Examples data, test;
	bool has_test;
	double record_seconds, read_seconds;
	uint64_t operations;   // recorded: nodes of the tape that are no leaves
} Prepared;

// Reads the model with --seed and --set, and the examples of --data (else the model's own) and of
// --test. `data` false: the model alone, which then needs no data. Freed by prepared_free, also
// after an error.
bool prepared_read(Prepared *prepared, const char *operand, const Options *options, bool data,
                   Error *error);
void prepared_free(Prepared *prepared);

#endif
