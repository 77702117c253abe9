// What a model takes from data: which columns, by name, and what each leaf takes from them.
//
// A plain input or target takes the column of its own name, `x[3]`; the elements of a one-hot
// family share the column that the model names, a label. Columns are numbered in the order in which
// the leaves stand on the tape, as Model.data has them.
#ifndef TRAIN_SCHEMA_H
#define TRAIN_SCHEMA_H

#include "tutor/model/model.h"

typedef struct Column {
	const char *name;
	bool target;          // a target takes it; else only inputs do
	const char *family;   // that it is the label of, whole numbers from `low` to `high`; NULL where
	                      // it is a plain number
	int32_t low, high;
} Column;

typedef struct Schema {
	Arena arena;
	Column *column;
	size_t columns, column_capacity;
	Feed *feed;   // in the order of the tape: each leaf that varies
	size_t feeds, feed_capacity;
} Schema;

// The schema of a model that was read (with ModelOptions.batch) from `text`. False where a
// one-hot's column has an index that is more than sums of its own indices and numbers.
bool schema_read(Schema *schema, const Model *model, const char *text, size_t size,
                 const char *folder, Error *error);
void schema_free(Schema *schema);
// What the leaf takes, NULL where it takes nothing from data.
const Feed *schema_feed(const Schema *schema, Node leaf);

#endif
