#include "tutor/train/examples.h"

#include "core/arena.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const size_t size_of[] = {
	[WIDTH_BYTE] = 1, [WIDTH_FLOAT] = sizeof(float), [WIDTH_DOUBLE] = sizeof(double)};

void examples_free(Examples *examples)
{
	free(examples->data);
	*examples = (Examples){0};
}

size_t examples_size(const Examples *examples)
{
	return size_of[examples->width];
}

static double read_number(const char *data, NumberWidth width, size_t i)
{
	const void *numbers = data;
	switch (width) {
	case WIDTH_BYTE:
		return ((const unsigned char *)numbers)[i];
	case WIDTH_FLOAT:
		return (double)((const float *)numbers)[i];
	case WIDTH_DOUBLE:
		break;
	}
	return ((const double *)numbers)[i];
}

static void write_numbers(char *data, NumberWidth width, size_t at, const double *number,
                          size_t count)
{
	void *numbers = data;
	for (size_t i = 0; i < count; i++)
		if (width == WIDTH_BYTE)
			((unsigned char *)numbers)[at + i] = (unsigned char)number[i];
		else if (width == WIDTH_FLOAT)
			((float *)numbers)[at + i] = (float)number[i];
		else
			((double *)numbers)[at + i] = number[i];
}

double examples_at(const Examples *examples, size_t row, size_t column)
{
	return read_number(examples->data, examples->width, row * examples->columns + column);
}

// A minus zero is no byte.
static bool fits_byte(double x)
{
	return x >= 0 && x <= 255 && x == (double)(int)x && !signbit(x);
}

static bool fits_float(double x)
{
	return !isfinite(x) || (fabs(x) <= FLT_MAX && (double)(float)x == x);
}

static NumberWidth width_of(const double *row, size_t count)
{
	NumberWidth width = WIDTH_BYTE;
	for (size_t i = 0; i < count; i++) {
		if (width == WIDTH_BYTE && fits_byte(row[i]))
			continue;
		if (!fits_float(row[i]))
			return WIDTH_DOUBLE;
		width = WIDTH_FLOAT;
	}
	return width;
}

// Makes all numbers wider, from the last to the first.
static void widen(Examples *examples, NumberWidth width)
{
	size_t count = examples->count * examples->columns;
	size_t bytes = memory_product(count, size_of[width]);
	array_reserve(examples->data, 0, examples->capacity, bytes);
	for (size_t i = count; i-- > 0;) {
		double number = read_number(examples->data, examples->width, i);
		write_numbers(examples->data, width, i, &number, 1);
	}
	examples->width = width;
}

void examples_add(Examples *examples, const double *row)
{
	NumberWidth width = width_of(row, examples->columns);
	if (width > examples->width)
		widen(examples, width);
	size_t row_bytes = memory_product(examples->columns, examples_size(examples));
	array_reserve(examples->data, examples->count * row_bytes, examples->capacity, row_bytes);
	write_numbers(examples->data, examples->width, examples->count * examples->columns, row,
	              examples->columns);
	examples->count++;
}
