// What writing and reading a table and drawing random numbers cost.
#include "core/random.h"
#include "tutor/io/csv_writer.h"
#include "tutor/io/output.h"
#include "tutor/io/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROWS = 300000, DRAWS = 10000000 };

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void write_rows(Output *output)
{
	CsvWriter writer = {.output = output};
	for (int i = 0; i < ROWS; i++) {
		csv_writer_whole(&writer, i);
		csv_writer_text(&writer, "gradient");
		csv_writer_text(&writer, "dE_total/dw1[12,34]");
		csv_writer_text(&writer, "dE_total/dnet[12]*x[34]");
		csv_writer_text(&writer, "0.036350306*0.05");
		csv_writer_number(&writer, 0.036350306 * i);
		csv_writer_text(&writer, "123456 234567");
		csv_writer_end_row(&writer);
	}
}

static void bench_table(void)
{
	Output output = {0};
	Table table;
	Error error = {0};
	double start = seconds();
	write_rows(&output);
	double written = seconds();
	if (!table_read(&table, NULL, output_memory(&output), output.count, 0, output.count, ',',
	                &error))
		exit(fprintf(stderr, "%s\n", error.message) > 0);
	double read = seconds();
	double sum = 0, value = 0;
	for (size_t i = 0; i < table.rows; i++)
		sum += table_number(&table, i, 0, &value, &error) ? value : 0;
	printf("csv: %d rows of 7 cells written in %.3f s, read in %.3f s\n", ROWS, written - start,
	       read - written);
	table_free(&table);
	output_abandon(&output);
}

static void bench_draw(const char *name, double (*draw)(uint64_t, const int32_t *, size_t))
{
	uint64_t key = random_key(1, "w");
	double sum = 0, start = seconds();
	for (int32_t i = 0; i < DRAWS; i++)
		sum += draw(key, (int32_t[]){i, 3}, 2);
	printf("random: %s draw in %.1f ns (mean %.4f)\n", name, (seconds() - start) / DRAWS * 1e9,
	       sum / DRAWS);
}

int main(void)
{
	bench_table();
	bench_draw("uniform", random_uniform_key);
	bench_draw("normal", random_normal_key);
	return 0;
}
