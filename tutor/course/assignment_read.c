// The files of an assignment, read: each row is checked as if a stranger had written it.
#include "tutor/course/assignment.h"

#include "tutor/io/input.h"
#include "tutor/io/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MODEL_MOST = 4 * 1024 * 1024, TABLE_MOST = 64 * 1024 * 1024 };

// A table with the text that it borrows.
typedef struct File {
	Input input;
	Table table;
} File;

typedef struct Reading {
	Assignment *a;
	Error *error;
	const Table *table;   // that is being read
	bool format, mac;     // seen in assignment.csv
	bool examples;
	size_t question_capacity, fixed_capacity;
} Reading;

static void file_close(Reading *r, File *file)
{
	r->table = NULL;
	table_free(&file->table);
	input_free(&file->input);
}

static bool open_input(Reading *r, Input *input, const char *name, size_t most)
{
	const char *path = arena_printf(&r->a->arena, "%s/%s", r->a->folder, name);
	if (!input_read_limited(input, path, most, r->error))
		return false;
	if (input_is_text(input, r->error))
		return true;
	input_free(input);
	return false;
}

static bool open_table(Reading *r, File *file, const char *name)
{
	*file = (File){0};
	if (!open_input(r, &file->input, name, TABLE_MOST))
		return false;
	const Input *input = &file->input;
	if (table_read(&file->table, input->name, input->text, input->size, 0, input->size, ',',
	               r->error))
		return true;
	file_close(r, file);
	return false;
}

// A text whole, kept.
static bool keep_text(Reading *r, const char *name, const char **text, size_t *size)
{
	Input input;
	if (!open_input(r, &input, name, MODEL_MOST))
		return false;
	*text = arena_copy(&r->a->arena, input.text, input.size);
	*size = input.size;
	input_free(&input);
	return true;
}

static char *keep(Reading *r, const char *text)
{
	return arena_copy(&r->a->arena, text, strlen(text));
}

static bool check_columns(const Table *table, const char *const *wanted, Error *error)
{
	for (size_t i = 0; wanted[i]; i++)
		if (i >= table->columns || strcmp(table_column(table, i), wanted[i]) != 0)
			return table_column_error(table, i < table->columns ? i : 0, error,
			                          "column %zu must be '%s'", i + 1, wanted[i]);
	return true;
}

// ---- assignment.csv

static bool read_whole(Reading *r, size_t row, double least, double most, double *value)
{
	if (!table_number(r->table, row, 1, value, r->error))
		return false;
	return (*value >= least && *value <= most && floor(*value) == *value) ||
	       table_error(r->table, row, 1, r->error, "a whole number from %g to %g is wanted", least,
	                   most);
}

static bool read_format(Reading *r, size_t row)
{
	double format;
	if (!read_whole(r, row, 1, 1e9, &format))
		return false;
	r->format = true;
	return format <= ASSIGNMENT_FORMAT ||
	       table_error(r->table, row, 1, r->error,
	                   "written by a newer version of tutor, in a format that this one does not "
	                   "know");
}

static bool read_title(Reading *r, size_t row)
{
	r->a->title = keep(r, table_cell(r->table, row, 1));
	return true;
}

static bool read_model_name(Reading *r, size_t row)
{
	r->a->model_name = keep(r, table_cell(r->table, row, 1));
	return true;
}

static bool read_significant(Reading *r, size_t row)
{
	double digits;
	if (!read_whole(r, row, 1, 17, &digits))
		return false;
	r->a->significant = (int)digits;
	return true;
}

static bool read_seed(Reading *r, size_t row)
{
	const char *text = table_cell(r->table, row, 1);
	char *end;
	r->a->seed = strtoull(text, &end, 10);
	return (*text >= '0' && *text <= '9' && !*end) ||
	       table_error(r->table, row, 1, r->error, "a whole number is wanted");
}

static bool read_example(Reading *r, size_t row)
{
	double example;
	if (!read_whole(r, row, 1, 1e9, &example))
		return false;
	r->a->example = (uint32_t)example;
	return true;
}

static bool read_examples(Reading *r, size_t row)
{
	r->examples = true;
	return strcmp(table_cell(r->table, row, 1), "examples.csv") == 0 ||
	       table_error(r->table, row, 1, r->error, "'examples.csv' is wanted");
}

static bool read_question(Reading *r, size_t row)
{
	Assignment *a = r->a;
	Question question = question_of(keep(r, table_cell(r->table, row, 1)));
	if (!*question.of)
		return table_error(r->table, row, 1, r->error, "a question without a name");
	if (a->questions == QUESTIONS_MOST)
		return table_error(r->table, row, 1, r->error, "more questions than the limit of %d",
		                   QUESTIONS_MOST);
	if (a->finds && question.kind != QUESTION_FIND)
		return table_error(r->table, row, 1, r->error, "find-questions come last");
	a->finds += question.kind == QUESTION_FIND;
	array_reserve(a->question, a->questions, r->question_capacity, 1);
	a->question[a->questions++] = question;
	return true;
}

static bool read_mac(Reading *r, size_t row)
{
	r->mac = true;
	return mac_parse(table_cell(r->table, row, 1), &r->a->mac) ||
	       table_error(r->table, row, 1, r->error, "no code of %d hexadecimal digits",
	                   MAC_TEXT_SIZE - 1);
}

static bool read_fixed(Reading *r, size_t row)
{
	Assignment *a = r->a;
	Setting fixed = {.name = keep(r, table_cell(r->table, row, 0) + 4)};
	if (!table_number(r->table, row, 1, &fixed.value, r->error))
		return false;
	array_reserve(a->fixed, a->fixed_count, r->fixed_capacity, 1);
	a->fixed[a->fixed_count++] = fixed;
	return true;
}

static const struct {
	const char *key;
	bool (*read)(Reading *r, size_t row);
} keys[] = {
	{"format", read_format},     {"title", read_title},
	{"model", read_model_name},  {"significant", read_significant},
	{"seed", read_seed},         {"example", read_example},
	{"examples", read_examples}, {"question", read_question},
	{"mac", read_mac},
};

static bool read_key_value(Reading *r, size_t row)
{
	const char *key = table_cell(r->table, row, 0);
	if (strncmp(key, "set:", 4) == 0)
		return read_fixed(r, row);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(key, keys[i].key) == 0)
			return keys[i].read(r, row);
	return table_error(r->table, row, 0, r->error, "an assignment has no '%.60s'", key);
}

// Arrays that grew are moved to the arena.
static void *into_arena(Arena *arena, void *array, size_t size)
{
	void *copy = arena_alloc(arena, size);
	if (size)
		memcpy(copy, array, size);
	free(array);
	return copy;
}

static bool read_key_values(Reading *r)
{
	Assignment *a = r->a;
	File file;
	static const char *const columns[] = {"key", "value", NULL};
	if (!open_table(r, &file, "assignment.csv"))
		return false;
	r->table = &file.table;
	bool good = check_columns(r->table, columns, r->error);
	for (size_t row = 0; good && row < r->table->rows; row++)
		good = read_key_value(r, row);
	if (good && !(r->format && r->mac && a->questions && a->significant))
		good = table_column_error(r->table, 0, r->error,
		                          "an assignment has rows format, significant, question and mac");
	a->question = into_arena(&a->arena, a->question, a->questions * sizeof *a->question);
	a->fixed = into_arena(&a->arena, a->fixed, a->fixed_count * sizeof *a->fixed);
	file_close(r, &file);
	return good;
}

// ---- points.csv

static bool read_point(Reading *r, size_t row, const TextMap *map, size_t columns[2])
{
	double points;
	const char *name = table_cell(r->table, row, columns[0]);
	uint32_t at = textmap_get(map, name);
	if (at == TEXTMAP_ABSENT)
		return table_error(r->table, row, columns[0], r->error, "'%.200s' is not asked for", name);
	if (!table_number(r->table, row, columns[1], &points, r->error))
		return false;
	if (!(points >= 0 && points <= 1e6))
		return table_error(r->table, row, columns[1], r->error, "points are a number from 0 to 1e6");
	r->a->question[at].points = points;
	return true;
}

static bool read_points(Reading *r)
{
	Assignment *a = r->a;
	File file;
	TextMap map = {0};
	if (!open_table(r, &file, "points.csv"))
		return false;
	r->table = &file.table;
	size_t columns[] = {table_find(r->table, "name"), table_find(r->table, "points")};
	bool good = (columns[0] != SIZE_MAX && columns[1] != SIZE_MAX) ||
	            table_column_error(r->table, 0, r->error, "columns name and points are wanted");
	for (size_t i = 0; i < a->questions; i++)
		textmap_add(&map, a->question[i].name, (uint32_t)i);
	for (size_t row = 0; good && row < r->table->rows; row++)
		good = read_point(r, row, &map, columns);
	textmap_free(&map);
	file_close(r, &file);
	return good;
}

// ---- variants.csv

static bool is_stem(const char *text)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
	size_t size = strlen(text);
	return size && size <= STEM_MOST && strspn(text, letters) == size && *text != '-';
}

static bool is_plain(const char *text)
{
	for (const char *at = text; *at; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7F)
			return false;
	return strlen(text) <= ID_MOST;
}

enum { FIRST_NUMBER = 3 };

static bool read_numbers(Reading *r, size_t row, Variant *variant)
{
	Assignment *a = r->a;
	variant->value = arena_array(&a->arena, double, a->numbers + 1);
	variant->found = arena_array(&a->arena, Mac, a->finds + 1);
	for (size_t i = 0; i < a->numbers; i++)
		if (!table_number(r->table, row, FIRST_NUMBER + i, &variant->value[i], r->error))
			return false;
		else if (!isfinite(variant->value[i]))
			return table_error(r->table, row, FIRST_NUMBER + i, r->error, "a number is wanted");
	for (size_t i = 0; i <= a->finds; i++) {
		size_t column = FIRST_NUMBER + a->numbers + i;
		Mac *mac = i < a->finds ? &variant->found[i] : &variant->mac;
		if (!mac_parse(table_cell(r->table, row, column), mac))
			return table_error(r->table, row, column, r->error,
			                   "no code of %d hexadecimal digits", MAC_TEXT_SIZE - 1);
	}
	return true;
}

static bool read_variant(Reading *r, size_t row, TextMap *stems)
{
	Assignment *a = r->a;
	Variant *variant = &a->variant[row];
	*variant = (Variant){.id = keep(r, table_cell(r->table, row, 0)),
	                     .file = keep(r, table_cell(r->table, row, 1)),
	                     .name = keep(r, table_cell(r->table, row, 2))};
	if (!*variant->id || !is_plain(variant->id) || !is_plain(variant->name))
		return table_error(r->table, row, 0, r->error, "no student's id");
	if (textmap_get(&a->variant_of, variant->id) != TEXTMAP_ABSENT)
		return table_error(r->table, row, 0, r->error, "'%s' has two rows", variant->id);
	if (!is_stem(variant->file) || textmap_get(stems, variant->file) != TEXTMAP_ABSENT)
		return table_error(r->table, row, 1, r->error, "no name of a file of its own");
	textmap_add(&a->variant_of, variant->id, (uint32_t)row);
	textmap_add(stems, variant->file, (uint32_t)row);
	return read_numbers(r, row, variant);
}

static bool read_header(Reading *r)
{
	Assignment *a = r->a;
	const Table *table = r->table;
	size_t others = FIRST_NUMBER + a->finds + 1;
	if (!check_columns(table, variant_columns, r->error))
		return false;
	if (table->columns < others || table->columns - others > NUMBERS_MOST)
		return table_column_error(table, 0, r->error, "too few or too many columns");
	if (!table->rows || table->rows > STUDENTS_MOST)
		return table_column_error(table, 0, r->error, "1 to %d students are wanted", STUDENTS_MOST);
	a->numbers = table->columns - others;
	a->number = arena_array(&a->arena, const char *, a->numbers + 1);
	for (size_t i = 0; i < a->numbers; i++)
		a->number[i] = keep(r, table_column(table, FIRST_NUMBER + i));
	const char *last = table_column(table, table->columns - 1);
	return strcmp(last, "mac") == 0 ||
	       table_column_error(table, table->columns - 1, r->error, "the last column must be 'mac'");
}

static bool read_variants(Reading *r)
{
	Assignment *a = r->a;
	File file;
	TextMap stems = {0};
	if (!open_table(r, &file, "variants.csv"))
		return false;
	r->table = &file.table;
	bool good = read_header(r);
	a->variants = good ? r->table->rows : 0;
	a->variant = arena_array(&a->arena, Variant, a->variants + 1);
	for (size_t row = 0; good && row < a->variants; row++)
		good = read_variant(r, row, &stems);
	textmap_free(&stems);
	file_close(r, &file);
	return good;
}

bool assignment_read(Assignment *a, const char *folder, Error *error)
{
	*a = (Assignment){.title = "", .model_name = ""};
	Reading r = {.a = a, .error = error};
	a->folder = arena_copy(&a->arena, folder, strlen(folder));
	bool good = read_key_values(&r) && read_points(&r) && read_variants(&r) &&
	            keep_text(&r, "model.model", &a->text, &a->size) &&
	            (!r.examples || keep_text(&r, "examples.csv", &a->examples, &a->examples_size));
	if (!good)
		assignment_free(a);
	return good;
}
