#include "core/arena.h"
#include "tests/suite.h"
#include "tutor/io/csv_writer.h"
#include "tutor/io/input.h"
#include "tutor/io/json_writer.h"
#include "tutor/io/number.h"
#include "tutor/io/output.h"
#include "tutor/io/parallel.h"
#include "tutor/io/table.h"
#include "tutor/io/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(numbers_are_read_strictly)
{
	static const struct {
		const char *text;
		double value;
	} good[] = {
		{"0", 0},
		{"-0", -0.0},
		{"12", 12},
		{"+1.5", 1.5},
		{".5", 0.5},
		{"5.", 5},
		{" 1e3\t", 1000},
		{"2E-3", 0.002},
		{"0.1", 0.1},
		{"123456789012345678", 123456789012345678.0},
		{"1e-400", 0},
		{"1e22", 1e22},
		{"0.29837110876000272", 0.29837110876000272},
		{"000000000000000000000.25", 0.25},
		{"inf", INFINITY},
		{"-inf", -INFINITY},
		{"Infinity", INFINITY},
		{"4.9406564584124654e-324", 0x1p-1074},
		{"9007199254740993", 9007199254740992.0},
		{"1.7976931348623157e308", 1.7976931348623157e308},
	};
	static const char *const bad[] = {
		"",    " ",     "-",   ".",    "e3",   "1e",    "1e+", "0x10", "1,5",
		"1 2", "1.2.3", "--1", "infi", "nano", "1e999", "1f",  "½",
	};
	double value = 7;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		ck_assert_msg(number_parse(good[i].text, &value), "'%s'", good[i].text);
		ck_assert_msg(value == good[i].value && !signbit(value) == !signbit(good[i].value),
		              "'%s': %.17g", good[i].text, value);
	}
	ck_assert(number_parse("NaN", &value) && isnan(value));
	value = 7;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!number_parse(bad[i], &value) && value == 7, "'%s'", bad[i]);
}
END_TEST

START_TEST(a_number_written_reads_back)
{
	static const double values[] = {
		0,        -0.0,       1,         -1,      0.1,    1e15,
		1e15 - 1, -123456789, 1e17,      1.0 / 3, 5e-324, 1.7976931348623157e308,
		1e-9,     INFINITY,   -INFINITY,
	};
	char buffer[NUMBER_SIZE], expected[64];
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		double back;
		size_t size = number_format17(buffer, values[i]);
		snprintf(expected, sizeof expected, "%.17g", values[i]);
		ck_assert_str_eq(buffer, expected);
		ck_assert_uint_eq(size, strlen(buffer));
		ck_assert(number_parse(buffer, &back) && back == values[i] &&
		          !signbit(back) == !signbit(values[i]));
	}
	number_format17(buffer, -NAN);
	ck_assert_str_eq(buffer, "nan");
}
END_TEST

START_TEST(only_valid_utf8_is_text)
{
	static const struct {
		const char *text;
		size_t length;
	} rows[] = {
		{"a", 1},
		{"\xC3\xA4", 2},
		{"\xE2\x88\x82", 3},
		{"\xF0\x9D\x9C\x95", 4},
		{"\x80", 0},
		{"\xC0\x80", 0},
		{"\xE0\x80\x80", 0},
		{"\xED\xA0\x80", 0},
		{"\xF4\x90\x80\x80", 0},
		{"\xC3", 0},
		{"\xE2\x88", 0},
		{"\xFF", 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		ck_assert_msg(utf8_length(rows[i].text, strlen(rows[i].text)) == rows[i].length, "row %zu",
		              i);
	Error error = {0};
	Input input = {.name = (char[]){"f.model"}, .text = (char[]){"a = 1\nb\0 = 2"}, .size = 12};
	ck_assert(!input_is_text(&input, &error));
	ck_assert(error.line == 2 && error.column == 2 && strstr(error.message, "NUL"));
	error = (Error){0};
	input = (Input){.name = (char[]){"f.model"}, .text = (char[]){"\xC3\xA4\xFF"}, .size = 3};
	ck_assert(!input_is_text(&input, &error));
	ck_assert(error.line == 1 && error.column == 2 && strstr(error.message, "0xFF"));
}
END_TEST

static char *scratch_folder(void)
{
	static char folder[32];
	strcpy(folder, "/tmp/tutor-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
	return folder;
}

static void write_file(const char *path, const char *text, size_t size)
{
	Output output;
	Error error = {0};
	ck_assert_msg(output_open(&output, path, &error), "%s", error.message);
	output_bytes(&output, text, size);
	ck_assert_msg(output_close(&output, &error), "%s", error.message);
}

START_TEST(a_file_appears_whole_or_not_at_all)
{
	const char *folder = scratch_folder();
	Output output;
	Error error = {0};
	ck_assert(output_open(&output, "out", &error));
	for (int i = 0; i < 100000; i++)
		output_printf(&output, "line %d\n", i);
	ck_assert_int_ne(access("out", F_OK), 0);
	output_abandon(&output);
	ck_assert_int_ne(access("out", F_OK), 0);
	ck_assert_int_eq(rmdir(folder), 0);   // nothing is left
}
END_TEST

START_TEST(a_file_is_read_whole)
{
	const char *folder = scratch_folder();
	Input input;
	Error error = {0};
	write_file("f", "\xEF\xBB\xBFhello", 8);
	ck_assert(input_read(&input, "f", &error));
	ck_assert(input.size == 5 && strcmp(input.text, "hello") == 0 && strcmp(input.name, "f") == 0);
	input_free(&input);
	ck_assert(input_read_limited(&input, "f", 8, &error));
	input_free(&input);
	ck_assert(!input_read_limited(&input, "f", 7, &error));
	ck_assert_str_eq(error.message, "'f' is larger than the limit of 7 bytes");
	error = (Error){0};
	ck_assert(!input_read(&input, "none", &error));
	ck_assert_str_eq(error.message, "cannot read 'none': No such file or directory");
	error = (Error){0};
	ck_assert(!input_read(&input, ".", &error));
	ck_assert_str_eq(error.message, "cannot read '.': Is a directory");
	write_file("f", "", 0);
	error = (Error){0};
	ck_assert(input_read(&input, "f", &error) && input.size == 0 && !*input.text);
	input_free(&input);
	error = (Error){0};
	ck_assert(!input_read_limited(&input, "/dev/zero", 100000, &error));
	unlink("f");
	rmdir(folder);
}
END_TEST

// A file from somebody who is not trusted.
START_TEST(only_a_plain_file_is_read_plainly)
{
	static const char *const refused[] = {"link", "pipe", ".", "/dev/zero", "none"};
	const char *folder = scratch_folder();
	Input input;
	write_file("f", "name,value\n", 11);
	ck_assert(symlink("f", "link") == 0 && mkfifo("pipe", 0600) == 0);
	Error none = {0};
	ck_assert(input_read_plain(&input, "f", 100, &none));
	ck_assert_str_eq(input.text, "name,value\n");
	input_free(&input);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		Error error = {0};
		ck_assert_msg(!input_read_plain(&input, refused[i], 100, &error), "%s", refused[i]);
		ck_assert(error.set && !input.text);
	}
	Error error = {0};
	ck_assert(!input_read_plain(&input, "f", 10, &error));
	unlink("f");
	unlink("link");
	unlink("pipe");
	rmdir(folder);
}
END_TEST

typedef struct Counted {
	unsigned char times[1000];
	size_t seen;
} Counted;

static void count_piece(void *context, size_t worker, size_t index)
{
	(void)worker;
	((Counted *)context)->times[index]++;
}

static void see_pieces(void *context, size_t done)
{
	((Counted *)context)->seen = done;
}

START_TEST(each_piece_of_work_is_done_once)
{
	for (size_t workers = 0; workers < 6; workers++) {
		Counted counted = {{0}, 0};
		parallel_each(1000, workers, count_piece, see_pieces, &counted);
		for (size_t i = 0; i < 1000; i++)
			ck_assert_uint_eq(counted.times[i], 1);
		ck_assert_uint_eq(counted.seen, 1000);
	}
	parallel_each(0, 3, count_piece, NULL, NULL);
	ck_assert_uint_ge(parallel_processors(), 1);
}
END_TEST

START_TEST(a_full_disk_is_an_error)
{
	Output output;
	Error error = {0};
	if (access("/dev/full", W_OK) != 0)
		return;
	ck_assert(output_open(&output, "/dev/full", &error));
	for (int i = 0; i < 100000; i++)
		output_text(&output, "0123456789");
	ck_assert(!output_close(&output, &error));
	ck_assert_str_eq(error.message, "cannot write '/dev/full': No space left on device");
}
END_TEST

static bool read_text(Table *table, const char *text, Error *error)
{
	return table_read(table, "t.csv", text, strlen(text), 0, strlen(text), 0, error);
}

// All cells, those of a row joined with '|', rows with '/'.
static const char *flat(const Table *table, Output *output)
{
	for (size_t column = 0; column < table->columns; column++)
		output_printf(output, "%s%s", column ? "|" : "", table_column(table, column));
	for (size_t row = 0; row < table->rows; row++)
		for (size_t column = 0; column < table->columns; column++)
			output_printf(output, "%s%s", column ? "|" : "/", table_cell(table, row, column));
	return output_memory(output);
}

START_TEST(tables_are_read_as_people_write_them)
{
	static const struct {
		const char *text, *flat;
	} rows[] = {
		{"a,b\n1,2\n", "a|b/1|2"},
		{"a,b\r\n1,2\r\n3,4", "a|b/1|2/3|4"},
		{"a,b\r1,2\r", "a|b/1|2"},
		{"\xEF\xBB\xBF"
	     "a,b\n1,2\n",
	     "a|b/1|2"},
		{"\n\na,b\n\n  \n1,2\n\n", "a|b/1|2"},
		{"a;b\n1,5;2\n", "a|b/1,5|2"},
		{"a\tb\n1\t2\n\t\n", "a|b/1|2/|"},
		{" a , b \n 1 , 2 \n", "a|b/1|2"},
		{"x[1,2],y\n3,4\n", "x[1,2]|y/3|4"},
		{"\"x[1,2]\",y\n3,4\n", "x[1,2]|y/3|4"},
		{"name;value\nw[1,2];0,5\n", "name|value/w[1,2]|0,5"},
		{"name,value\ndL/dw[1, 2, 3],0.5\nd(df/dx[1,2])/dy[3,4],1\n",
	     "name|value/dL/dw[1,2,3]|0.5/d(df/dx[1,2])/dy[3,4]|1"},
		{"name,note\na,see [1\n[b,\"c,d\"\n", "name|note/a|see [1/[b|c,d"},
		{"a,b\n\"x\ny\",\"say \"\"hi\"\"\"\n", "a|b/x\ny|say \"hi\""},
		{"a\n\"\"\n1\n", "a//1"},
		{"a,b\n,\n", "a|b/|"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		Table table;
		Error error = {0};
		Output output = {0};
		bool well = read_text(&table, rows[i].text, &error);
		ck_assert_msg(well, "row %zu: %s", i, error.message);
		ck_assert_str_eq(flat(&table, &output), rows[i].flat);
		output_abandon(&output);
		table_free(&table);
	}
}
END_TEST

START_TEST(errors_in_tables_have_their_place)
{
	static const struct {
		const char *text;
		int line, column;
		const char *message;
	} rows[] = {
		{"", 1, 1, "no table here"},
		{"\n\n", 1, 1, "no table here"},
		{"a,b\n1\n", 2, 2, "1 cell in this row, 2 columns in the header"},
		{"a,b\n1,2\n\n1,2,3\n", 4, 5, "3 cells in this row, 2 columns in the header (a decimal comma?"},
		{"name,value\nw,-0,5933\n", 2, 6, "3 cells in this row, 2 columns in the header (a decimal comma? write a point"},
		{"name;value\nw;0,5;9\n", 2, 7, "3 cells in this row, 2 columns in the header"},
		{"a,b\n1,\"2\n3\n", 2, 3, "never closed"},
		{"a,b\n1,2\"3\n", 2, 4, "a quote inside a cell"},
		{"a\n1\n\"x\ny\"z\n", 4, 3, "a quote inside a cell"},
		{"a,b\n\"x\ny\",2\n1,2,3\n", 4, 5, "3 cells"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		Table table;
		Error error = {0};
		ck_assert_msg(!read_text(&table, rows[i].text, &error), "row %zu", i);
		ck_assert_msg(error.line == rows[i].line && error.column == rows[i].column,
		              "row %zu: %d:%d %s", i, error.line, error.column, error.message);
		ck_assert_msg(strstr(error.message, rows[i].message), "row %zu: %s", i, error.message);
		ck_assert_str_eq(error.file, "t.csv");
	}
}
END_TEST

START_TEST(a_table_within_a_text_has_the_places_of_the_text)
{
	const char *text = "input x\nexamples\nx[1,2],y\n\n1.0,abc\n2,3\nend\n";
	size_t start = (size_t)(strstr(text, "x[1") - text), end = (size_t)(strstr(text, "end") - text);
	Table table;
	Error error = {0};
	double value = 0;
	ck_assert(table_read(&table, "m.model", text, strlen(text), start, end, ',', &error));
	ck_assert(table.rows == 2 && table_line(&table, 0) == 5 && table_line(&table, 1) == 6);
	ck_assert(table_find(&table, "y") == 1 && table_find(&table, "z") == SIZE_MAX);
	ck_assert(table_number(&table, 1, 1, &value, &error) && value == 3);
	ck_assert(!table_number(&table, 0, 1, &value, &error));
	ck_assert(error.line == 5 && error.column == 5);
	ck_assert_str_eq(error.message, "'abc' in column 'y' is not a number");
	error = (Error){0};
	table_column_error(&table, 1, &error, "no '%s'", "y");
	ck_assert(error.line == 3 && error.column == 8);
	table_free(&table);
}
END_TEST

START_TEST(large_tables_are_read_in_linear_time)
{
	Output text = {0};
	Error error = {0};
	Table table;
	for (int i = 0; i < TABLE_COLUMN_LIMIT; i++)
		output_text(&text, i ? ",[" : "[");   // brackets that never close
	ck_assert(read_text(&table, output_memory(&text), &error));
	ck_assert_uint_eq(table.columns, TABLE_COLUMN_LIMIT);
	table_free(&table);
	output_text(&text, ",x");
	ck_assert(!read_text(&table, output_memory(&text), &error));
	ck_assert_str_eq(error.message, "100001 columns, more than the limit of 100000");
	output_abandon(&text);
	error = (Error){0};
	output_text(&text, "a\n\"");
	for (int i = 0; i < 1000000; i++)
		output_text(&text, "x\n");
	output_text(&text, "\"\n");
	ck_assert_msg(read_text(&table, output_memory(&text), &error), "%s", error.message);
	ck_assert_uint_eq(strlen(table_cell(&table, 0, 0)), 2000000);
	table_free(&table);
	output_abandon(&text);
}
END_TEST

START_TEST(csv_written_reads_back)
{
	static const char *const cells[] = {
		"plain",      "",         "a,b", "w[1,2]",     "say \"hi\"",
		"two\nlines", " blanks ", "\r",  "semi;colon", "\"",
	};
	enum { COUNT = sizeof cells / sizeof *cells };
	Output output = {0};
	CsvWriter writer = {.output = &output};
	for (int i = 0; i < COUNT; i++)
		csv_writer_whole(&writer, i);
	csv_writer_end_row(&writer);
	for (int i = 0; i < COUNT; i++)
		csv_writer_text(&writer, cells[i]);
	csv_writer_end_row(&writer);
	Table table;
	Error error = {0};
	const char *text = output_memory(&output);
	ck_assert(strncmp(text, "0,1,2,3,4,5,6,7,8,9\nplain,,\"a,b\",\"w[1,2]\",", 41) == 0);
	ck_assert_msg(read_text(&table, text, &error), "%s", error.message);
	for (size_t i = 0; i < COUNT; i++)
		ck_assert_str_eq(table_cell(&table, 0, i), cells[i]);
	table_free(&table);
	output_abandon(&output);
}
END_TEST

START_TEST(an_empty_cell_alone_is_not_a_blank_line)
{
	Output output = {0};
	CsvWriter writer = {.output = &output};
	csv_writer_text(&writer, "");
	csv_writer_end_row(&writer);
	csv_writer_number(&writer, NAN);
	csv_writer_number(&writer, 0.1);
	csv_writer_end_row(&writer);
	ck_assert_str_eq(output_memory(&output), "\"\"\nnan,0.10000000000000001\n");
	output_abandon(&output);
}
END_TEST

START_TEST(json_is_escaped_and_separated)
{
	Output output = {0};
	JsonWriter json = {.output = &output};
	json_begin(&json, '{');
	json_key(&json, "a\"b"), json_text(&json, "\\ \n \x01 \xFF \xE2\x88\x82");
	json_key(&json, "list"), json_begin(&json, '[');
	json_number(&json, 0.5), json_number(&json, NAN), json_whole(&json, -3), json_bool(&json, true);
	json_begin(&json, '['), json_end(&json, ']'), json_null(&json);
	json_end(&json, ']');
	json_key(&json, "empty"), json_begin(&json, '{'), json_end(&json, '}');
	json_end(&json, '}');
	ck_assert_str_eq(output_memory(&output),
	                 "{\"a\\\"b\":\"\\\\ \\n \\u0001 \xEF\xBF\xBD \xE2\x88\x82\","
	                 "\"list\":[0.5,null,-3,true,[],null],\"empty\":{}}");
	output_abandon(&output);
}
END_TEST

SUITE(numbers_are_read_strictly, a_number_written_reads_back, only_valid_utf8_is_text,
      a_file_appears_whole_or_not_at_all, a_file_is_read_whole,
      only_a_plain_file_is_read_plainly, each_piece_of_work_is_done_once, a_full_disk_is_an_error,
      tables_are_read_as_people_write_them, errors_in_tables_have_their_place,
      a_table_within_a_text_has_the_places_of_the_text, large_tables_are_read_in_linear_time,
      csv_written_reads_back, an_empty_cell_alone_is_not_a_blank_line,
      json_is_escaped_and_separated)
