// Data files: what is read from them, and what is said of wrong ones.
#include "tests/test_model.h"
#include "tutor/train/data.h"

#include <unistd.h>

static const char net[] =
	"input x[1..2]\ntarget y[0..2] onehot kind\nparam w = 1\np[k=0..2] = w*(x[1] + k*x[2])\n"
	"L = -sum(k=0..2, y[k]*p[k])\nminimize L\nupdate sgd(rate = 0.1)\n";

typedef struct Reading {
	Model model;
	Examples examples;
	Error error;
	char path[2][40];
} Reading;

static void start(Reading *reading)
{
	*reading = (Reading){.path = {"/tmp/test_data_a_XXXXXX", "/tmp/test_data_b_XXXXXX"}};
	must_read(&reading->model, net,
	          &(ModelOptions){.seed = 1, .batch = true, .needs_no_data = true});
	for (int i = 0; i < 2; i++)
		close(mkstemp(reading->path[i]));
}

static void end(Reading *reading)
{
	for (int i = 0; i < 2; i++)
		unlink(reading->path[i]);
	examples_free(&reading->examples);
	model_free(&reading->model);
}

static void put(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");
	ck_assert(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
}

static bool read_csv(Reading *reading, const char *text, size_t size)
{
	put(reading->path[0], text, size);
	return data_read(&reading->examples, &reading->model, reading->path[0], DATA_TRAIN,
	                 &reading->error);
}

START_TEST(test_csv)
{
	static const char *const texts[] = {
		"x[1],x[2],kind\n1,2,0\n3,4,2\n",
		"\xEF\xBB\xBF\n\nkind,other,x[ 2 ],x[1]\r\n\r\n0,text,2,1\r\n2,\"a\nb\",4,3",
		"kind;x[1];x[2]\n0;1;2\n2;3;4\n",
		"x[1],x[2],kind\r1,2,0\r3,4,2\r",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		Reading reading;
		start(&reading);
		ck_assert_msg(read_csv(&reading, texts[i], strlen(texts[i])), "text %zu: %s", i,
		              reading.error.message);
		ck_assert_uint_eq(reading.examples.count, 2);
		static const double wanted[2][3] = {{1, 2, 0}, {3, 4, 2}};
		for (size_t row = 0; row < 2; row++)
			for (size_t c = 0; c < 3; c++)
				ck_assert_double_eq(examples_at(&reading.examples, row, c), wanted[row][c]);
		end(&reading);
	}
}
END_TEST

START_TEST(test_wrong_csv)
{
	static const struct {
		const char *text;
		int line, column;
		const char *message;
	} rows[] = {
		{"", 1, 1, "no table here"},
		{"x[1],x[2],kind\n", 1, 1, "there are no examples"},
		{"x[1],kind\n1,0\n", 1, 1, "column is missing: x[2]"},
		{"a,b\n1,0\n", 1, 1, "columns are missing: x[1], x[2], kind"},
		{"x[1],x[2],other,kind,other,x[ 2 ]\n1,2,0,0,0,3\n", 1, 28, "column 'x[2]' is there twice"},
		{"x[1],x[2],kind\n1,2,0\n1,two,0\n", 3, 3, "'two' in column 'x[2]' is not a number"},
		{"x[1],x[2],kind\n1,2,0\n\n1,,0\n", 4, 3, "a number is missing in column 'x[2]'"},
		{"x[1],x[2],kind\n1,2\n", 2, 4, "2 cells in this row, 3 columns in the header"},
		{"x[1],x[2],kind\n1,2,0,4\n", 2, 7, "4 cells in this row, 3 columns in the header"},
		{"x[1],x[2],kind\n1,2,3\n", 2, 5, "a label of 'y' is a whole number from 0 to 2, not 3"},
		{"x[1],x[2],kind\n1,2,0.5\n", 2, 5,
	     "a label of 'y' is a whole number from 0 to 2, not 0.5"},
		{"x[1],x[2],kind\n1,2,nan\n", 2, 5,
	     "a label of 'y' is a whole number from 0 to 2, not nan"},
		{"x[1],x[2],kind\n1,\"2,0\n", 2, 3, "a quote that is never closed"},
		{"x[1],x[2],kind\n1,2\"3,0\n", 2, 4, "a quote inside a cell"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		Reading reading;
		start(&reading);
		ck_assert(!read_csv(&reading, rows[i].text, strlen(rows[i].text)));
		ck_assert_msg(strstr(reading.error.message, rows[i].message), "row %zu: %s", i,
		              reading.error.message);
		ck_assert_msg(reading.error.line == rows[i].line && reading.error.column == rows[i].column,
		              "row %zu: %d:%d", i, reading.error.line, reading.error.column);
		ck_assert_uint_eq(reading.examples.count, 0);
		end(&reading);
	}
}
END_TEST

// Many pieces: all rows are there, and an error far behind has its line.
START_TEST(test_long_csv)
{
	enum { ROWS = 300000 };
	char *text = malloc(ROWS * 16 + 100);
	size_t size = (size_t)sprintf(text, "x[1],x[2],kind\n");
	for (int i = 0; i < ROWS; i++)
		size += (size_t)sprintf(text + size, "%d,%d,%d\n", i % 1000, i / 1000, i % 3);
	Reading reading;
	start(&reading);
	ck_assert_msg(read_csv(&reading, text, size), "%s", reading.error.message);
	ck_assert_uint_eq(reading.examples.count, ROWS);
	for (size_t i = 0; i < ROWS; i += 7) {
		ck_assert_double_eq(examples_at(&reading.examples, i, 0), (double)(i % 1000));
		ck_assert_double_eq(examples_at(&reading.examples, i, 1), (double)(i / 1000));
	}
	examples_free(&reading.examples);
	size += (size_t)sprintf(text + size, "1,x,2\n");
	ck_assert(!read_csv(&reading, text, size));
	ck_assert_int_eq(reading.error.line, ROWS + 2);
	ck_assert_int_eq(reading.error.column, 3);
	ck_assert_str_eq(reading.error.source, "1,x,2");
	end(&reading);
	free(text);
}
END_TEST

START_TEST(test_wide_csv)
{
	enum { COLUMNS = 1000000 };
	char *text = malloc(COLUMNS * 8 + 100);
	size_t size = 0;
	for (int i = 0; i < COLUMNS; i++)
		size += (size_t)sprintf(text + size, "%sc%d", i ? "," : "", i);
	Reading reading;
	start(&reading);
	ck_assert(!read_csv(&reading, text, size));
	ck_assert_msg(strstr(reading.error.message, "1000000 columns, more than the limit"), "%s",
	              reading.error.message);
	end(&reading);
	free(text);
}
END_TEST

// ---- IDX

#define IMAGES(count) "\0\0\10\3\0\0\0" count "\0\0\0\1\0\0\0\2"
#define LABELS(count) "\0\0\10\1\0\0\0" count
#define BYTES(text) text, sizeof text - 1

static bool read_idx(Reading *reading, const void *images, size_t images_size, const void *labels,
                     size_t labels_size)
{
	char both[100];
	put(reading->path[0], images, images_size);
	put(reading->path[1], labels, labels_size);
	snprintf(both, sizeof both, "%s,%s", reading->path[0], reading->path[1]);
	return data_read(&reading->examples, &reading->model, both, DATA_TRAIN, &reading->error);
}

START_TEST(test_idx)
{
	Reading reading;
	start(&reading);
	ck_assert_msg(read_idx(&reading, BYTES(IMAGES("\2") "\1\377\3\4"), BYTES(LABELS("\2") "\2\1")),
	              "%s", reading.error.message);
	static const double wanted[2][3] = {{1, 255, 2}, {3, 4, 1}};
	ck_assert_uint_eq(reading.examples.count, 2);
	ck_assert_int_eq(reading.examples.width, WIDTH_BYTE);
	for (size_t row = 0; row < 2; row++)
		for (size_t c = 0; c < 3; c++)
			ck_assert_double_eq(examples_at(&reading.examples, row, c), wanted[row][c]);
	end(&reading);
}
END_TEST

// A folder has the files of MNIST by their own names, a set for training and one for testing, compressed or not; what is
// missing is named.
START_TEST(test_folder)
{
	static const struct {
		const char *name, *bytes;
		size_t size;
	} files[] = {
		{"train-images-idx3-ubyte", BYTES(IMAGES("\2") "\1\2\3\4")},
		{"train-labels-idx1-ubyte", BYTES(LABELS("\2") "\2\1")},
		{"t10k-images-idx3-ubyte.gz", BYTES(IMAGES("\1") "\5\6")},   // taken as it is where it is not compressed
	};
	enum { FILES = sizeof files / sizeof *files };
	char folder[] = "/tmp/test_data_XXXXXX", path[FILES][80];
	ck_assert(mkdtemp(folder));
	Reading reading;
	start(&reading);
	const struct {
		DataPart part;
		size_t files;      // that are there
		const char *missing;
	} rows[] = {
		{DATA_TRAIN, 0, "has no file train-images-idx3-ubyte, nor train-images-idx3-ubyte.gz"},
		{DATA_TRAIN, 1, "has no file train-labels-idx1-ubyte"},
		{DATA_TRAIN, 2, NULL},
		{DATA_TEST, 2, "has no file t10k-images-idx3-ubyte"},
		{DATA_TEST, 3, "has no file t10k-labels-idx1-ubyte"},
	};
	size_t there = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (; there < rows[i].files; there++) {
			snprintf(path[there], sizeof path[there], "%s/%s", folder, files[there].name);
			put(path[there], files[there].bytes, files[there].size);
		}
		reading.error = (Error){0};
		bool good = data_read(&reading.examples, &reading.model, folder, rows[i].part, &reading.error);
		ck_assert_msg(good == !rows[i].missing, "row %zu: %s", i, reading.error.message);
		ck_assert_msg(good || strstr(reading.error.message, rows[i].missing), "row %zu: %s", i, reading.error.message);
		ck_assert_uint_eq(reading.examples.count, good ? 2 : 0);
		examples_free(&reading.examples);
	}
	for (size_t i = 0; i < there; i++)
		unlink(path[i]);
	ck_assert_int_eq(rmdir(folder), 0);
	end(&reading);
}
END_TEST

// Each type of number: -2 and 100 where there is a sign, 1.5 where there are fractions.
START_TEST(test_idx_types)
{
	static const struct {
		const char *images;
		size_t size;
		double x[2];
	} rows[] = {
		{BYTES("\0\0\11\2\0\0\0\1\0\0\0\2\376\144"), {-2, 100}},
		{BYTES("\0\0\13\2\0\0\0\1\0\0\0\2\377\376\1\0"), {-2, 256}},
		{BYTES("\0\0\14\2\0\0\0\1\0\0\0\2\377\377\377\376\1\0\0\0"), {-2, 16777216}},
		{BYTES("\0\0\15\2\0\0\0\1\0\0\0\2\300\0\0\0\77\300\0\0"), {-2, 1.5}},
		{BYTES("\0\0\16\2\0\0\0\1\0\0\0\2\300\0\0\0\0\0\0\0\77\370\0\0\0\0\0\0"), {-2, 1.5}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		Reading reading;
		start(&reading);
		ck_assert_msg(read_idx(&reading, rows[i].images, rows[i].size, BYTES("\0\0\14\1\0\0\0\1\0\0\0\2")),
		              "row %zu: %s", i, reading.error.message);
		ck_assert_double_eq(examples_at(&reading.examples, 0, 0), rows[i].x[0]);
		ck_assert_double_eq(examples_at(&reading.examples, 0, 1), rows[i].x[1]);
		ck_assert_double_eq(examples_at(&reading.examples, 0, 2), 2);
		end(&reading);
	}
}
END_TEST

START_TEST(test_wrong_idx)
{
	enum { IN_IMAGES, IN_LABELS };
	static const struct {
		const char *images;
		size_t images_size;
		const char *labels;
		size_t labels_size;
		int file, column;   // of the place; the line is 1
		const char *message;
	} rows[] = {
		{BYTES(""), BYTES(LABELS("\2") "\2\1"), IN_IMAGES, 1, "no IDX file"},
		{BYTES("\0\0\10"), BYTES(LABELS("\2") "\2\1"), IN_IMAGES, 1, "no IDX file"},
		{BYTES("\1\0\10\3\0\0\0\2"), BYTES(LABELS("\2") "\2\1"), IN_IMAGES, 1, "no IDX file"},
		{BYTES("\0\0\12\3\0\0\0\2\0\0\0\1\0\0\0\2"), BYTES(LABELS("\2") "\2\1"), IN_IMAGES, 3,
	     "13 or 14, not 10"},
		{BYTES("\0\0\15\2\0\0\0\1\0\0\0\2\77\200\0\0\77\200\0"), BYTES(LABELS("\1") "\1"),
	     IN_IMAGES, 20, "ends in number 1"},
		{BYTES(IMAGES("\1") "\1\2"), BYTES("\0\0\15\1\0\0\0\1\77\0\0\0"), IN_LABELS, 9,
	     "from 0 to 2, not 0.5, as label 1 is"},
		{BYTES(IMAGES("\1") "\1\2"), BYTES("\0\0\11\1\0\0\0\1\377"), IN_LABELS, 9,
	     "not -1, as label 1 is"},
		{BYTES("\0\0\10\0"), BYTES(LABELS("\2") "\2\1"), IN_IMAGES, 4, "0 dimensions"},
		{BYTES("\0\0\10\377"), BYTES(LABELS("\2") "\2\1"), IN_IMAGES, 4, "255 dimensions"},
		{BYTES("\0\0\10\3\0\0\0\2\0\0"), BYTES(LABELS("\2") "\2\1"), IN_IMAGES, 11,
	     "ends within the header"},
		{BYTES(IMAGES("\0")), BYTES(LABELS("\0")), IN_IMAGES, 5, "says 0x1x2 numbers: there is nothing"},
		{BYTES("\0\0\10\3\377\377\377\377\0\0\0\1\0\0\0\0"), BYTES(LABELS("\2") "\2\1"), IN_IMAGES, 13,
	     "says 4294967295x1x0 numbers: there is nothing"},
		{BYTES(IMAGES("\1") "\1\2"), BYTES(LABELS("\0")), IN_LABELS, 5, "says 0 numbers"},
		{BYTES(IMAGES("\3") "\1\2\3\4"), BYTES(LABELS("\3") "\2\1\0"), IN_IMAGES, 21,
	     "the header says 3x1x2 numbers, and the file ends in number 3"},
		{BYTES("\0\0\10\3\377\377\377\377\0\0\0\1\0\0\0\2\1\2"),
	     BYTES("\0\0\10\1\377\377\377\377\1\2"), IN_IMAGES, 19, "ends in number 2"},
		{BYTES("\0\0\10\4\0\0\0\1\377\377\377\377\377\377\377\377\377\377\377\377"),
	     BYTES(LABELS("\1") "\2"), IN_IMAGES, 5, "more than there can be"},
		{BYTES(IMAGES("\2") "\1\2\3\4\5"), BYTES(LABELS("\2") "\2\1"), IN_IMAGES, 21,
	     "goes on behind them"},
		{BYTES(IMAGES("\2") "\1\2\3\4"), BYTES(LABELS("\2") "\2\1\0"), IN_LABELS, 11,
	     "goes on behind them"},
		{BYTES(IMAGES("\2") "\1\2\3\4"), BYTES(LABELS("\2") "\2"), IN_LABELS, 10, "ends in number 2"},
		{BYTES(IMAGES("\2") "\1\2\3\4"), BYTES(LABELS("\3") "\2\1\0"), IN_LABELS, 5,
	     "3 labels for 2 images"},
		{BYTES(IMAGES("\2") "\1\2\3\4"), BYTES(LABELS("\2") "\2\3"), IN_LABELS, 10,
	     "from 0 to 2, not 3, as label 2 is"},
		{BYTES(IMAGES("\2") "\1\2\3\4"), BYTES(IMAGES("\2") "\1\2\3\4"), IN_LABELS, 4,
	     "labels have one dimension"},
		{BYTES("\0\0\10\2\0\0\0\1\0\0\0\3\1\2\3"), BYTES(LABELS("\1") "\1"), IN_IMAGES, 5,
	     "3 numbers an example, of 1x3, and the model has 2 inputs"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		Reading reading;
		start(&reading);
		ck_assert_msg(!read_idx(&reading, rows[i].images, rows[i].images_size, rows[i].labels,
		                        rows[i].labels_size),
		              "row %zu", i);
		ck_assert_msg(strstr(reading.error.message, rows[i].message), "row %zu: %s", i,
		              reading.error.message);
		ck_assert_str_eq(reading.error.file, reading.path[rows[i].file]);
		ck_assert_msg(reading.error.line == 1 && reading.error.column == rows[i].column,
		              "row %zu: %d:%d", i, reading.error.line, reading.error.column);
		ck_assert_uint_eq(reading.examples.count, 0);
		end(&reading);
	}
}
END_TEST

SUITE(test_csv, test_wrong_csv, test_long_csv, test_wide_csv, test_idx, test_folder, test_idx_types,
      test_wrong_idx)
