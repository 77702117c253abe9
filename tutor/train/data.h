// Reads examples from files: CSV, or the IDX files of MNIST and its kin; each also compressed by
// gzip.
//
//	digits.csv               CSV: the columns that the model names, others are ignored
//	images.idx,labels.idx    IDX: images fill the input columns, in the order of the model; labels
//the one target column 	images.idx               the same for a model that takes inputs only
//	/some/folder             IDX files of the usual names: train-images-idx3-ubyte,
//t10k-labels-idx1-ubyte, …
//
// Memory is bound by what the file holds, never by what its header says: rows go into compact
// storage as they are read.
#ifndef TRAIN_DATA_H
#define TRAIN_DATA_H

#include "tutor/train/examples.h"
#include "tutor/model/model.h"

typedef enum DataPart { DATA_TRAIN, DATA_TEST } DataPart;   // which files of a folder

// False, with the place (file:line:col; in IDX files line 1 and the byte), where the data is wrong;
// `examples` is then empty.
bool data_read(Examples *examples, const Model *model, const char *path, DataPart part,
               Error *error);
// The examples that the model brings.
void data_of_model(Examples *examples, const Model *model);

// ---- The two kinds of files

bool data_read_csv(Examples *examples, const Model *model, const char *path, Error *error);
// `labels` is NULL where the model takes inputs only.
bool data_read_idx(Examples *examples, const Model *model, const char *images, const char *labels,
                   Error *error);
// True where the file begins as IDX files do.
bool data_is_idx(const char *path);

#endif
