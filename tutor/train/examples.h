// Examples as numbers, row after row, held in as little memory as holds them exactly: bytes as long
// as all numbers are whole and from 0 to 255 (as pixels and labels are), then floats, then doubles.
// A zeroed one is valid and empty.
#ifndef TRAIN_EXAMPLES_H
#define TRAIN_EXAMPLES_H

#include <stddef.h>
#include <stdint.h>

typedef enum NumberWidth { WIDTH_BYTE, WIDTH_FLOAT, WIDTH_DOUBLE } NumberWidth;

typedef struct Examples {
	size_t count, columns;   // `columns` is set before the first is added
	NumberWidth width;
	size_t capacity;   // in bytes
	char *data;
} Examples;

void examples_free(Examples *examples);
// Adds one, of `columns` numbers.
void examples_add(Examples *examples, const double *row);
double examples_at(const Examples *examples, size_t row, size_t column);
// Bytes of one number.
size_t examples_size(const Examples *examples);

#endif
