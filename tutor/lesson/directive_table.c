// Directives that put a table of quantities: weights, symbols, rounds, table. And what all tables are made with.
#include "tutor/io/number.h"
#include "tutor/lesson/directive_chart.h"

#include <assert.h>
#include <string.h>

Item *directive_table_add(const Directive *d, size_t rows, size_t columns)
{
	Item *item = lesson_add(d->lesson, ITEM_TABLE);
	item->rows = rows;
	item->columns = columns;
	item->cell = arena_array(d->lesson->arena, Cell, rows * columns);
	for (size_t i = 0; i < rows * columns; i++)
		item->cell[i] = (Cell){.kind = CELL_TEXT, .text = ""};
	return item;
}

void directive_put_text(const Directive *d, Item *table, size_t row, size_t column, const char *text)
{
	assert(text);
	table->cell[row * table->columns + column] =
	    (Cell){.kind = CELL_TEXT, .text = arena_copy(d->lesson->arena, text, strlen(text))};
}

void directive_put_value(const Directive *d, Item *table, size_t row, size_t column, double value, int digits)
{
	double *copy = arena_new(d->lesson->arena, double);
	*copy = value;
	table->cell[row * table->columns + column] =
	    (Cell){.kind = CELL_VALUES, .value = copy, .count = 1, .digits = digits};
}

void directive_put_head(const Directive *d, Item *table, const char *const *head, size_t count)
{
	for (size_t i = 0; i < count; i++)
		directive_put_text(d, table, 0, i, head[i]);
}

void directive_put_quantity(const Directive *d, Item *table, size_t row, size_t column, const Quantity *quantity)
{
	const Quantity **copy = arena_new(d->lesson->arena, const Quantity *);
	*copy = quantity;
	table->cell[row * table->columns + column] = (Cell){.kind = CELL_NAMES, .name = copy, .count = 1};
}

bool directive_put_name(const Directive *d, Item *table, size_t row, const char *name)
{
	const Quantity *quantity = NULL;
	if (!directive_quantity(d, name, &quantity))
		return false;
	directive_put_quantity(d, table, row, 0, quantity);
	return true;
}

// weights w1 w2 …: before | gradient | step | after.
bool derive_weights(Directive *d)
{
	static const char *const head[] = {"weight", "before", "gradient", "step", "after"};
	if (d->model->model.loss == NODE_NONE || !d->model->model.carry_count)
		return directive_wrong(d, "'weights' needs a model with 'minimize' and 'update'");
	Item *table = directive_table_add(d, d->count + 1, 5);
	directive_put_head(d, table, head, sizeof head / sizeof *head);
	Arena scratch = {0};
	bool good = true;
	const Quantity *loss = directive_loss(d);
	for (size_t i = 0; good && i < d->count; i++) {
		double before, gradient, after;
		const char *name = d->word[i];
		good = directive_put_name(d, table, i + 1, name) && directive_value(d, name, &before) &&
		       directive_value(d, arena_printf(&scratch, "d%s/d%s", quantity_text(loss, &scratch), name), &gradient) &&
		       directive_value(d, arena_printf(&scratch, "%s+", name), &after);
		if (!good)
			break;
		directive_put_value(d, table, i + 1, 1, before, 0);
		directive_put_value(d, table, i + 1, 2, gradient, 0);
		directive_put_value(d, table, i + 1, 3, after - before, 0);
		directive_put_value(d, table, i + 1, 4, after, 0);
	}
	arena_free(&scratch);
	return good;
}

// The names of a row of `symbols`, and their values.
static bool read_symbols(const Directive *d, char *names, Cell *name_cell, Cell *value_cell)
{
	size_t most = strlen(names) + 1, count = 0;
	const Quantity **name = arena_array(d->lesson->arena, const Quantity *, most);
	double *value = arena_array(d->lesson->arena, double, most);
	for (char *save, *word = strtok_r(names, " ", &save); word; word = strtok_r(NULL, " ", &save), count++)
		if (!directive_quantity(d, word, &name[count]) || !directive_value(d, word, &value[count]))
			return false;
	*name_cell = (Cell){.kind = CELL_NAMES, .name = name, .count = count};
	*value_cell = (Cell){.kind = CELL_VALUES, .value = value, .count = count};
	return true;
}

// symbols, then lines `names: meaning`: a table of names, meaning and values.
bool derive_symbols(Directive *d)
{
	static const char *const head[] = {"symbol", "meaning", "value"};
	size_t rows = directive_rows(d);
	Item *table = directive_table_add(d, rows + 1, 3);
	directive_put_head(d, table, head, sizeof head / sizeof *head);
	d->rest_taken = rows;
	for (size_t i = 0; i < rows; i++) {
		char *colon = strchr(d->rest[i], ':');
		d->line++;
		if (!colon)
			return directive_wrong(d, "a row of 'symbols' is 'NAME …: meaning'");
		char *names = arena_copy(d->lesson->arena, d->rest[i], (size_t)(colon - d->rest[i]));
		Cell *row = table->cell + (i + 1) * 3;
		if (!read_symbols(d, names, &row[0], &row[2]))
			return false;
		directive_put_text(d, table, i + 1, 1, colon + 1 + strspn(colon + 1, " "));
	}
	return true;
}

// rounds NAME N N N …: a quantity after so many updates.
bool derive_rounds(Directive *d)
{
	if (d->count < 2)
		return directive_wrong(d, "'rounds' takes a quantity and numbers of updates");
	size_t rows = d->count - 1;
	Query *query = arena_array(d->lesson->arena, Query, rows);
	double *value = arena_array(d->lesson->arena, double, rows);
	Item *table = directive_table_add(d, rows + 1, 2);
	directive_put_text(d, table, 0, 0, "updates");
	const Quantity *quantity = NULL;
	if (!directive_quantity(d, d->word[0], &quantity))
		return false;
	directive_put_quantity(d, table, 0, 1, quantity);
	for (size_t i = 0; i < rows; i++) {
		Error error = {0};
		double updates;
		if (!number_parse(d->word[i + 1], &updates) || updates < 0 || updates > 1e7)
			return directive_wrong(d, "'rounds' takes numbers of updates from 0 to 10000000");
		if (!query_find(&d->model->model, d->word[0], &query[i], &error))
			return directive_wrong(d, error.message);
		query[i].step = (uint32_t)updates + 1;
		directive_put_text(d, table, i + 1, 0, d->word[i + 1]);
	}
	rounds_values(&d->model->rounds, &d->model->model, query, rows, value);
	for (size_t i = 0; i < rows; i++)
		directive_put_value(d, table, i + 1, 1, value[i], 0);
	return true;
}

char *directive_next_cell(char **line)
{
	char *cell = *line;
	if (!cell)
		return NULL;
	char *bar = strchr(cell, '|');
	*line = bar ? bar + 1 : NULL;
	char *end = bar ? bar : cell + strlen(cell);
	cell += strspn(cell, " \t");
	while (end > cell && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	return cell;
}

static bool fill_row(const Directive *d, Item *table, size_t row, char *line)
{
	char *cell = directive_next_cell(&line);
	directive_put_text(d, table, row, 0, cell);
	for (size_t column = 1; (cell = directive_next_cell(&line)); column++) {
		double value;
		if (column == table->columns)
			return directive_wrong(d, "the row has more cells than the table has heads");
		if (!*cell)
			continue;
		if (!directive_value(d, cell, &value))
			return false;
		directive_put_value(d, table, row, column, value, 0);
	}
	return true;
}

// table HEAD | HEAD …, then lines `label | NAME | NAME …`.
bool derive_table(Directive *d)
{
	if (d->count && strcmp(d->word[0], "data") == 0)
		return data_table(d);
	size_t rows = directive_rows(d), columns = 1;
	const char *heads = "";
	for (size_t i = 0; i < d->count; i++) {
		columns += strcmp(d->word[i], "|") == 0;
		heads = arena_printf(d->lesson->arena, "%s %s", heads, d->word[i]);
	}
	Item *item = directive_table_add(d, rows + 1, columns);
	char *line = arena_copy(d->lesson->arena, heads, strlen(heads)), *head;
	for (size_t column = 0; column < columns && (head = directive_next_cell(&line)); column++)
		directive_put_text(d, item, 0, column, head);
	d->rest_taken = rows;
	for (size_t i = 0; i < rows; i++) {
		d->line++;
		if (!fill_row(d, item, i + 1, arena_copy(d->lesson->arena, d->rest[i], strlen(d->rest[i]))))
			return false;
	}
	return true;
}
