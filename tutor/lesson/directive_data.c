// plot data, bars data, table data: columns of a CSV file in the folder `data` beside the lesson: measurements, logs.
#include "tutor/embedded.h"
#include "tutor/io/input.h"
#include "tutor/io/number.h"
#include "tutor/io/table.h"
#include "tutor/lesson/directive_chart.h"

#include <math.h>
#include <string.h>

enum { DATA_LIMIT = 4 * 1024 * 1024, DATA_ROWS = 4000 };

typedef struct Data {
	Table table;
	Input input;     // where it is a file
} Data;

static void data_close(Data *data)
{
	table_free(&data->table);
	input_free(&data->input);
}

// data/FILE beside the lesson, or among what the program brings.
static bool data_open(Data *data, const Directive *d, const char *file)
{
	Lesson *lesson = d->lesson;
	Error error = {0};
	if (!*file || *file == '.' || strchr(file, '/'))
		return directive_wrong(d, "the file is named without a folder: it is in 'data' beside the lesson");
	const char *slash = strrchr(lesson->source->name, '/');
	const char *folder = lesson->source->folder ? lesson->source->folder
	                     : slash ? arena_copy(lesson->arena, lesson->source->name, (size_t)(slash - lesson->source->name) + 1)
	                             : "";
	const char *name = arena_printf(lesson->arena, "%sdata/%s", folder, file);
	const Embedded *brought = lesson->source->folder && !*lesson->source->folder ? embedded_find(name) : NULL;
	if (lesson->source->folder && !*lesson->source->folder && !brought)
		return lesson_error(lesson, d->line, "the program has no 'data/%s'", file);
	if (!brought && !input_read_data(&data->input, name, DATA_LIMIT, &error))
		return directive_wrong(d, error.message);
	const char *text = brought ? brought->data : data->input.text;
	size_t size = brought ? brought->size : data->input.size;
	if (!table_read(&data->table, name, text, size, 0, size, 0, &error)) {
		data_close(data);
		return lesson_error(lesson, d->line, "%s: %s", name, error.message);
	}
	if (data->table.rows > DATA_ROWS) {
		data_close(data);
		return lesson_error(lesson, d->line, "%s has more than %d rows", name, DATA_ROWS);
	}
	return true;
}

static bool find_column(const Directive *d, const Data *data, const char *name, size_t *column)
{
	*column = table_find(&data->table, name);
	return *column != SIZE_MAX || lesson_error(d->lesson, d->line, "the file has no column '%s'", name);
}

// The cell's number; NAN for an empty one or one that is none.
static double number_at(const Data *data, size_t row, size_t column)
{
	double value;
	return number_parse(table_cell(&data->table, row, column), &value) ? value : NAN;
}

// `data FILE: …`: the file is opened and the words up to the colon are taken away.
static bool data_begin(Data *data, Directive *d)
{
	*data = (Data){0};
	size_t size = d->count > 1 ? strlen(d->word[1]) : 0;
	if (!size || d->word[1][size - 1] != ':')
		return directive_wrong(d, "'data' is 'data FILE: COLUMN, COLUMN … over COLUMN'");
	const char *file = arena_copy(d->lesson->arena, d->word[1], size - 1);
	d->word += 2;
	d->count -= 2;
	return data_open(data, d, file);
}

static bool add_columns(ChartCall *call, const Data *data, size_t x)
{
	const Directive *d = call->d;
	for (size_t i = 0; i < call->count; i++) {
		const ChartItem *item = &call->item[i];
		size_t column;
		if (!find_column(d, data, item->name, &column))
			return false;
		ChartSeries *series = chart_series(call, data->table.rows);
		series->label.text = item->as ? item->as : item->name;
		for (size_t row = 0; row < data->table.rows; row++) {
			((double *)series->x)[row] = x == SIZE_MAX ? (double)row : number_at(data, row, x);
			((double *)series->y)[row] = number_at(data, row, column);
		}
		series->count = data->table.rows;
	}
	if (call->count == 1)
		call->chart->y.title = call->chart->series[0].label;
	return true;
}

static char *after_as(char *over)
{
	char *as = strstr(over, " as ");
	if (!as)
		return over;
	*as = '\0';
	return as + 4;
}

// What a plot and bars have in common: the chart's items, its title, and the column that they stand over.
static bool read_chart(ChartCall *call, Directive *d, const Data *data, size_t *over)
{
	if (!chart_read(call, d))
		return false;
	call->chart->x.title.text = after_as(call->over);
	return find_column(d, data, call->over, over);
}

static bool put_plot(Directive *d, const Data *data)
{
	ChartCall call;
	size_t x;
	return read_chart(&call, d, data, &x) && add_columns(&call, data, x) && chart_put(&call, 0);
}

static bool put_bars(Directive *d, const Data *data)
{
	ChartCall call;
	size_t x;
	if (!read_chart(&call, d, data, &x) || !add_columns(&call, data, SIZE_MAX))
		return false;
	const char **category = arena_array(d->lesson->arena, const char *, data->table.rows + 1);
	for (size_t row = 0; row < data->table.rows; row++) {
		const char *cell = table_cell(&data->table, row, x);
		category[row] = arena_copy(d->lesson->arena, cell, strlen(cell));
	}
	for (size_t i = 0; i < call.chart->count; i++)
		call.chart->series[i].kind = CHART_BARS;
	call.chart->category = category;
	call.chart->categories = data->table.rows;
	return chart_put(&call, 0);
}

// table data FILE: COLUMN [as HEAD], …: the columns as they stand.
static bool fill_table(Directive *d, const Data *data, ChartCall *call)
{
	size_t rows = data->table.rows;
	if (rows > 60)
		return directive_wrong(d, "a table of more than 60 rows; plot it");
	Item *table = directive_table_add(d, rows + 1, call->count);
	for (size_t i = 0; i < call->count; i++) {
		const ChartItem *item = &call->item[i];
		size_t column;
		if (!find_column(d, data, item->name, &column))
			return false;
		directive_put_text(d, table, 0, i, item->as ? item->as : item->name);
		for (size_t row = 0; row < rows; row++) {
			double value;
			const char *cell = table_cell(&data->table, row, column);
			if (number_parse(cell, &value))
				directive_put_value(d, table, row + 1, i, value, 0);
			else
				directive_put_text(d, table, row + 1, i, cell);
		}
	}
	return true;
}

static bool put_table(Directive *d, const Data *data)
{
	ChartCall call;
	chart_start(&call, d);
	return chart_items(&call, call.text) && fill_table(d, data, &call);
}

// ---- The directives

static bool with_data(Directive *d, bool (*put)(Directive *d, const Data *data))
{
	Data data;
	if (!data_begin(&data, d))
		return false;
	bool good = put(d, &data);
	data_close(&data);
	return good;
}

bool data_plot(Directive *d)
{
	return with_data(d, put_plot);
}

bool data_bars(Directive *d)
{
	return with_data(d, put_bars);
}

bool data_table(Directive *d)
{
	return with_data(d, put_table);
}
