// The files of an assignment, written.
#include "tutor/course/assignment.h"

#include "tutor/io/csv_writer.h"

#include <string.h>

static void put_row(CsvWriter *csv, const char *key, const char *value)
{
	csv_writer_text(csv, key);
	csv_writer_text(csv, value);
	csv_writer_end_row(csv);
}

static void put_whole(CsvWriter *csv, const char *key, int64_t value)
{
	csv_writer_text(csv, key);
	csv_writer_whole(csv, value);
	csv_writer_end_row(csv);
}

static void put_code(CsvWriter *csv, const Mac *mac)
{
	char text[MAC_TEXT_SIZE];
	mac_text(mac, text);
	csv_writer_text(csv, text);
}

static void write_key_values(const Assignment *a, CsvWriter *csv)
{
	Arena arena = {0};
	put_row(csv, "key", "value");
	put_whole(csv, "format", ASSIGNMENT_FORMAT);
	put_row(csv, "title", a->title);
	put_row(csv, "model", a->model_name);
	put_whole(csv, "significant", a->significant);
	put_row(csv, "seed", arena_printf(&arena, "%llu", (unsigned long long)a->seed));
	if (a->example)
		put_whole(csv, "example", a->example);
	if (a->examples)
		put_row(csv, "examples", "examples.csv");
	for (size_t i = 0; i < a->fixed_count; i++)
		put_row(csv, arena_printf(&arena, "set:%s", a->fixed[i].name),
		        number_text(a->fixed[i].value, &arena));
	for (size_t i = 0; i < a->questions; i++)
		put_row(csv, "question", a->question[i].name);
	csv_writer_text(csv, "mac");
	put_code(csv, &a->mac);
	csv_writer_end_row(csv);
	arena_free(&arena);
}

static void write_points(const Assignment *a, CsvWriter *csv)
{
	Arena arena = {0};
	put_row(csv, "name", "points");
	for (size_t i = 0; i < a->questions; i++)
		put_row(csv, a->question[i].name, number_text(a->question[i].points, &arena));
	arena_free(&arena);
}

static void write_variant(const Assignment *a, const Variant *variant, CsvWriter *csv, Arena *arena)
{
	csv_writer_text(csv, variant->id);
	csv_writer_text(csv, variant->file);
	csv_writer_text(csv, variant->name);
	for (size_t i = 0; i < a->numbers; i++)
		csv_writer_text(csv, number_text(variant->value[i], arena));
	for (size_t i = 0; i < a->finds; i++)
		put_code(csv, &variant->found[i]);
	put_code(csv, &variant->mac);
	csv_writer_end_row(csv);
}

static void write_variants(const Assignment *a, CsvWriter *csv)
{
	Arena arena = {0};
	for (const char *const *column = variant_columns; *column; column++)
		csv_writer_text(csv, *column);
	for (size_t i = 0; i < a->numbers; i++)
		csv_writer_text(csv, a->number[i]);
	for (size_t i = 0; i < a->finds; i++)
		csv_writer_text(csv, a->question[a->questions - a->finds + i].name);
	csv_writer_text(csv, "mac");
	csv_writer_end_row(csv);
	for (size_t i = 0; i < a->variants; i++) {
		write_variant(a, &a->variant[i], csv, &arena);
		arena_reset(&arena);
	}
	arena_free(&arena);
}

static void write_csv(const Assignment *a, Folder *folder, const char *name,
                      void (*write)(const Assignment *, CsvWriter *))
{
	Output output = {0};
	CsvWriter csv = {.output = &output};
	write(a, &csv);
	const char *text = output_memory(&output);
	folder_write(folder, name, text, output.count);
	output_abandon(&output);
}

void assignment_write(const Assignment *a, Folder *folder)
{
	folder_write(folder, "model.model", a->text, a->size);
	if (a->examples)
		folder_write(folder, "examples.csv", a->examples, a->examples_size);
	write_csv(a, folder, "assignment.csv", write_key_values);
	write_csv(a, folder, "points.csv", write_points);
	assignment_write_variants(a, folder);
}

void assignment_write_variants(const Assignment *a, Folder *folder)
{
	write_csv(a, folder, "variants.csv", write_variants);
}
