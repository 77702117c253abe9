// IDX files (Y. LeCun, "The MNIST database of handwritten digits"): two zero bytes, a byte for the
// type, a byte for the number of dimensions, each dimension as four bytes, then the numbers, the
// last index fastest; all of them highest byte first. In an error the line is 1 and the column the
// byte, of what is in the file where it is compressed.
#include "tutor/train/data.h"

#include "core/arena.h"
#include "tutor/io/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TYPE_AT = 2, COUNT_AT = 3, SHAPE_AT = 4, DIMENSIONS = 8 };   // bytes of the header

// ---- The types of numbers

static uint64_t bits_of(const unsigned char *bytes, int count)
{
	uint64_t bits = 0;
	for (int i = 0; i < count; i++)
		bits = bits << 8 | bytes[i];
	return bits;
}

static double unsigned_byte(const unsigned char *bytes)
{
	return bytes[0];
}

static double signed_byte(const unsigned char *bytes)
{
	return (int8_t)bytes[0];
}

static double short_whole(const unsigned char *bytes)
{
	return (int16_t)bits_of(bytes, 2);
}

static double whole(const unsigned char *bytes)
{
	return (int32_t)bits_of(bytes, 4);
}

static double single_real(const unsigned char *bytes)
{
	uint32_t bits = (uint32_t)bits_of(bytes, 4);
	float value;
	memcpy(&value, &bits, sizeof value);
	return (double)value;
}

static double double_real(const unsigned char *bytes)
{
	uint64_t bits = bits_of(bytes, 8);
	double value;
	memcpy(&value, &bits, sizeof value);
	return value;
}

typedef struct IdxType {
	int code;   // the third byte of the file
	uint32_t size;
	double (*number)(const unsigned char *bytes);
} IdxType;

static const IdxType types[] = {
	{0x08, 1, unsigned_byte}, {0x09, 1, signed_byte}, {0x0B, 2, short_whole},
	{0x0C, 4, whole},         {0x0D, 4, single_real}, {0x0E, 8, double_real},
};

// ---- The header

typedef struct Idx {
	Stream stream;
	const IdxType *type;
	uint32_t dimension[DIMENSIONS];
	int dimensions;
	uint64_t item;   // numbers of one example: all dimensions but the first
	char shape[DIMENSIONS * 12];
} Idx;

// Examples of no numbers would take no byte of the file: the header could claim any number of them.
static bool check_dimensions(const Idx *idx, Error *error)
{
	for (int i = 0; i < idx->dimensions; i++)
		if (!idx->dimension[i])
			return error_at_byte(error, idx->stream.name, (size_t)(SHAPE_AT + 4 * i),
			                     "the header says %s numbers: there is nothing in it", idx->shape);
	return true;
}

static bool read_dimensions(Idx *idx, Error *error)
{
	unsigned char bytes[4];
	size_t got, length = 0;
	idx->item = 1;
	for (int i = 0; i < idx->dimensions; i++) {
		if (!stream_read(&idx->stream, bytes, 4, &got, error))
			return false;
		if (got < 4)
			return error_at_byte(error, idx->stream.name, idx->stream.taken,
			                     "ends within the header of an IDX file");
		idx->dimension[i] = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
		                    (uint32_t)bytes[2] << 8 | bytes[3];
		length += (size_t)snprintf(idx->shape + length, sizeof idx->shape - length, "%s%u",
		                           i ? "x" : "", idx->dimension[i]);
		if (i && __builtin_mul_overflow(idx->item, (uint64_t)idx->dimension[i], &idx->item))
			return error_at_byte(error, idx->stream.name, SHAPE_AT,
			                     "the header says %s numbers, more than there can be", idx->shape);
	}
	return check_dimensions(idx, error);
}

static bool read_header(Idx *idx, Error *error)
{
	unsigned char magic[4];
	size_t got;
	if (!stream_read(&idx->stream, magic, 4, &got, error))
		return false;
	if (got < 4 || magic[0] || magic[1])
		return error_at_byte(error, idx->stream.name, 0,
		                     "no IDX file: it does not begin with two zero bytes, a type and the "
		                     "number of dimensions");
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i].code == magic[2])
			idx->type = &types[i];
	if (!idx->type)
		return error_at_byte(error, idx->stream.name, TYPE_AT,
		                     "IDX files have numbers of type 8, 9, 11, 12, 13 or 14, not %d", magic[2]);
	if (magic[3] < 1 || magic[3] > DIMENSIONS)
		return error_at_byte(error, idx->stream.name, COUNT_AT,
		                     "%d dimensions, where 1 to %d are possible", magic[3], DIMENSIONS);
	idx->dimensions = magic[3];
	return read_dimensions(idx, error);
}

// The header is right only if the file ends where it says.
static bool check_end(Idx *idx, Error *error)
{
	char byte;
	size_t got;
	if (!stream_read(&idx->stream, &byte, 1, &got, error))
		return false;
	return !got || error_at_byte(error, idx->stream.name, idx->stream.taken - 1,
	                             "the header says %s numbers, and the file goes on behind them",
	                             idx->shape);
}

static bool cut_off(const Idx *idx, size_t row, Error *error)
{
	return error_at_byte(
		error, idx->stream.name, idx->stream.taken,
		"the header says %s numbers, and the file ends in number %zu of the first dimension",
		idx->shape, row + 1);
}

// ---- Examples

// What goes where in an example's row.
typedef struct Plan {
	uint32_t *input;
	size_t inputs;
	size_t target;   // SIZE_MAX if none
} Plan;

static bool make_plan(Plan *plan, const Model *model, const Idx *images, const char *labels,
                      Error *error)
{
	plan->target = SIZE_MAX;
	for (size_t i = 0; i < model->columns; i++)
		if (!model->column[i].target)
			plan->input[plan->inputs++] = (uint32_t)i;
		else if (plan->target == SIZE_MAX)
			plan->target = i;
	if (model->columns - plan->inputs > 1)
		return error_set(error, "%s: IDX labels give one target column, and the model has %zu",
		                 images->stream.name, model->columns - plan->inputs);
	if ((plan->target == SIZE_MAX) == (labels != NULL))
		return error_set(
			error,
			labels ? "%s: the model has no target that takes labels"
				   : "%s: the model has a target: name the file of labels too, IMAGES,LABELS",
			images->stream.name);
	if (plan->inputs != images->item)
		return error_at_byte(error, images->stream.name, SHAPE_AT,
		                     "%llu numbers an example, of %s, and the model has %zu inputs",
		                     (unsigned long long)images->item, images->shape, plan->inputs);
	return true;
}

static bool check_label(const Idx *labels, const Column *column, double label, size_t row,
                        Error *error)
{
	if (!column->family ||
	    (label >= column->low && label <= column->high && label == (int32_t)label))
		return true;
	return error_at_byte(error, labels->stream.name, labels->stream.taken - labels->type->size,
	                     "a label of '%s' is a whole number from %d to %d, not %g, as label %zu is",
	                     column->family, column->low, column->high, label, row + 1);
}

static bool read_item(Idx *idx, size_t count, size_t row, unsigned char *bytes, Error *error)
{
	size_t got;
	if (!stream_read(&idx->stream, bytes, count * idx->type->size, &got, error))
		return false;
	return got == count * idx->type->size || cut_off(idx, row, error);
}

static bool read_rows(Examples *examples, const Model *model, const Plan *plan, Idx *images,
                      Idx *labels, unsigned char *bytes, double *number, Error *error)
{
	for (size_t row = 0; row < images->dimension[0]; row++) {
		if (!read_item(images, plan->inputs, row, bytes, error))
			return false;
		for (size_t i = 0; i < plan->inputs; i++)
			number[plan->input[i]] = images->type->number(bytes + i * images->type->size);
		if (labels) {
			if (!read_item(labels, 1, row, bytes, error))
				return false;
			double label = number[plan->target] = labels->type->number(bytes);
			if (!check_label(labels, &model->column[plan->target], label, row, error))
				return false;
		}
		examples_add(examples, number);
	}
	return check_end(images, error) && (!labels || check_end(labels, error));
}

static bool read_images(Examples *examples, const Model *model, Idx *images, Idx *labels,
                        Error *error)
{
	Arena arena = {0};
	Plan plan = {.input = arena_array(&arena, uint32_t, model->columns)};
	bool good = make_plan(&plan, model, images, labels ? labels->stream.name : NULL, error);
	if (good && labels && labels->dimension[0] != images->dimension[0])
		good = error_at_byte(error, labels->stream.name, SHAPE_AT, "%u labels for %u images",
		                     labels->dimension[0], images->dimension[0]);
	good = good &&
	       read_rows(examples, model, &plan, images, labels,
	                 arena_alloc(&arena, (plan.inputs + 1) * sizeof(double)),
	                 arena_array(&arena, double, model->columns), error);
	arena_free(&arena);
	return good;
}

static bool open_labels(Idx *labels, const char *path, Error *error)
{
	if (!stream_open(&labels->stream, path, error))
		return false;
	if (read_header(labels, error) && labels->item != 1)
		error_at_byte(error, path, COUNT_AT, "labels have one dimension, not %s", labels->shape);
	if (!error->set)
		return true;
	stream_close(&labels->stream);
	return false;
}

bool data_read_idx(Examples *examples, const Model *model, const char *images_path,
                   const char *labels_path, Error *error)
{
	Idx images = {0}, labels = {0};
	if (!stream_open(&images.stream, images_path, error))
		return false;
	bool good = read_header(&images, error);
	if (good && labels_path && (good = open_labels(&labels, labels_path, error))) {
		good = read_images(examples, model, &images, &labels, error);
		stream_close(&labels.stream);
	} else if (good) {
		good = read_images(examples, model, &images, NULL, error);
	}
	stream_close(&images.stream);
	return good;
}

bool data_is_idx(const char *path)
{
	Stream stream;
	Error error = {0};
	char magic[2] = {1, 1};
	size_t got;
	if (strcmp(path, "-") == 0 || !stream_open(&stream, path, &error))
		return false;
	bool is = stream_read(&stream, magic, 2, &got, &error) && got == 2 && !magic[0] && !magic[1];
	stream_close(&stream);
	return is;
}
