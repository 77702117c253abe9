// The directives of a ```derive block, one row a directive.
#include "tutor/explain/locate.h"
#include "tutor/io/number.h"
#include "tutor/io/output.h"
#include "tutor/lesson/lesson.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// A directive at work: its words, and the lines of the block that are still to be read.
typedef struct Directive {
	Lesson *lesson;
	LessonModel *model;
	char **word;        // behind the directive's own
	size_t count, line;
	char **rest;        // the lines behind it, NULL behind the last
	size_t rest_taken;  // of them, by the directive
} Directive;

static bool wrong(const Directive *d, const char *message)
{
	return lesson_error(d->lesson, d->line, "%s", message);
}

// ---- Lines of the derivation

typedef enum Manner { AS_ROW, AS_CHAIN, AS_CALCULATION } Manner;

static bool add_located(const Directive *d, const Located *located, Manner manner)
{
	Error error = {0};
	Item *item = lesson_add(d->lesson, manner == AS_CALCULATION ? ITEM_CALCULATION : ITEM_EQUATION);
	item->group = located->derivation == &d->model->derivation && d->model->step <= 1 ? d->model->group : 0;
	bool chain = manner != AS_ROW && !d->lesson->delta && located->derivation->row[located->id - 1].phase == PHASE_GRADIENT;
	bool good = chain ? chain_row(located->derivation, located->id, d->lesson->arena, &item->row, &error)
	                  : derivation_row(located->derivation, located->id, d->lesson->arena, &item->row, &error);
	if (!good)
		return wrong(d, error.message);
	return manner != AS_CALCULATION || item->row.formula ||
	       lesson_error(d->lesson, d->line, "'%s' is given: there is nothing to calculate",
	                    quantity_text(item->row.name, d->lesson->arena));
}

// The model's values in that update step.
static void replay_to(LessonModel *model, uint32_t step)
{
	replay_free(&model->replay);
	model->step = step;
	model_start(&model->model, &model->replay, 0, model->model.lanes);
	replay_all(&model->replay);
	for (uint32_t i = 1; i < step; i++) {
		model_carry(&model->model, &model->replay);
		replay_all(&model->replay);
	}
}

// The row of NAME, or of NAME#k with the values of the k-th step: left() afterwards.
static bool locate(const Directive *d, const char *name, Located *located)
{
	Error error = {0};
	LessonModel *model = d->model;
	const char *hash = strchr(name, '#');
	Query query = {.step = 1};
	if (hash && !query_find(&model->model, name, &query, &error))
		return wrong(d, error.message);
	if (query.step > 1)
		replay_to(model, query.step);
	const char *bare = arena_copy(d->lesson->arena, name, hash ? (size_t)(hash - name) : strlen(name));
	return locate_row(located, &model->model, &model->replay, &model->derivation, bare, &error) ||
	       wrong(d, error.message);
}

// Done with the row; the values are those of the first step again.
static void left(const Directive *d, const char *name, Located *located)
{
	located_free(located);
	if (strchr(name, '#'))
		replay_to(d->model, 1);
}

static bool add_lines(const Directive *d, Manner manner)
{
	bool good = true;
	for (size_t i = 0; good && i < d->count; i++) {
		Located located;
		good = locate(d, d->word[i], &located);
		if (good) {
			good = add_located(d, &located, manner);
			left(d, d->word[i], &located);
		}
	}
	return good;
}

static bool show(Directive *d)
{
	return add_lines(d, AS_ROW);
}

static bool chain(Directive *d)
{
	return add_lines(d, AS_CHAIN);
}

static bool calculate(Directive *d)
{
	return add_lines(d, AS_CALCULATION);
}

// Every path into the node, then their sum.
static bool paths(Directive *d)
{
	Located located = {0};
	if (d->count != 1)
		return wrong(d, "'paths' takes one derivative");
	if (!locate(d, d->word[0], &located) || !located.derivation)
		return false;
	Arena scratch = {0};
	Error error = {0};
	Row row;
	const uint32_t *parent = NULL;
	bool good = derivation_row(located.derivation, located.id, &scratch, &row, &error);
	size_t count = good ? row_parents(&row, &scratch, &parent) : 0;
	uint32_t sum = located.id;
	for (size_t i = 0; good && i < count; i++) {
		located.id = parent[i];
		good = located.derivation->row[parent[i] - 1].phase != PHASE_PATH || add_located(d, &located, AS_ROW);
	}
	located.id = sum;
	good = good && add_located(d, &located, AS_ROW);
	arena_free(&scratch);
	left(d, d->word[0], &located);
	return good;
}

// ---- Tables

static Item *add_table(const Directive *d, size_t rows, size_t columns)
{
	Item *item = lesson_add(d->lesson, ITEM_TABLE);
	item->rows = rows;
	item->columns = columns;
	item->cell = arena_array(d->lesson->arena, Cell, rows * columns);
	for (size_t i = 0; i < rows * columns; i++)
		item->cell[i] = (Cell){.kind = CELL_TEXT, .text = ""};
	return item;
}

static void put_text(const Directive *d, Item *table, size_t row, size_t column, const char *text)
{
	assert(text);
	table->cell[row * table->columns + column] =
	    (Cell){.kind = CELL_TEXT, .text = arena_copy(d->lesson->arena, text, strlen(text))};
}

static void put_value(const Directive *d, Item *table, size_t row, size_t column, double value, int digits)
{
	double *copy = arena_new(d->lesson->arena, double);
	*copy = value;
	table->cell[row * table->columns + column] =
	    (Cell){.kind = CELL_VALUES, .value = copy, .count = 1, .digits = digits};
}

static void put_head(const Directive *d, Item *table, const char *const *head)
{
	for (size_t i = 0; i < table->columns; i++)
		put_text(d, table, 0, i, head[i]);
}

static bool value_of(const Directive *d, const char *name, double *value)
{
	return lesson_value(d->lesson, d->model, name, d->line, value);
}

static bool quantity_named(const Directive *d, const char *name, const Quantity **quantity)
{
	Error error = {0};
	Node node;
	uint32_t lane;
	if (!query_element(&d->model->model, name, &node, &lane, &error))
		return wrong(d, error.message);
	*quantity = quantity_of(&d->model->model.tape, node, lane, d->model->model.lanes, d->lesson->arena);
	return true;
}

static void put_quantity(const Directive *d, Item *table, size_t row, size_t column, const Quantity *quantity)
{
	const Quantity **copy = arena_new(d->lesson->arena, const Quantity *);
	*copy = quantity;
	table->cell[row * table->columns + column] = (Cell){.kind = CELL_NAMES, .name = copy, .count = 1};
}

static bool put_name(const Directive *d, Item *table, size_t row, const char *name)
{
	const Quantity *quantity = NULL;
	if (!quantity_named(d, name, &quantity))
		return false;
	put_quantity(d, table, row, 0, quantity);
	return true;
}

static const Quantity *loss_name(const Directive *d)
{
	return quantity_of(&d->model->model.tape, d->model->model.mean, 0, 1, d->lesson->arena);
}

// weights w1 w2 …: before | gradient | step | after.
static bool weights(Directive *d)
{
	static const char *const head[] = {"weight", "before", "gradient", "step", "after"};
	if (d->model->model.loss == NODE_NONE || !d->model->model.carry_count)
		return wrong(d, "'weights' needs a model with 'minimize' and 'update'");
	Item *table = add_table(d, d->count + 1, 5);
	put_head(d, table, head);
	Arena scratch = {0};
	bool good = true;
	const Quantity *loss = loss_name(d);
	for (size_t i = 0; good && i < d->count; i++) {
		double before, gradient, after;
		const char *name = d->word[i];
		good = put_name(d, table, i + 1, name) && value_of(d, name, &before) &&
		       value_of(d, arena_printf(&scratch, "d%s/d%s", quantity_text(loss, &scratch), name), &gradient) &&
		       value_of(d, arena_printf(&scratch, "%s+", name), &after);
		if (!good)
			break;
		put_value(d, table, i + 1, 1, before, 0);
		put_value(d, table, i + 1, 2, gradient, 0);
		put_value(d, table, i + 1, 3, after - before, 0);
		put_value(d, table, i + 1, 4, after, 0);
	}
	arena_free(&scratch);
	return good;
}

// The lines behind a directive that are its rows: those up to the next empty line.
static size_t rows_behind(const Directive *d)
{
	size_t rows = 0;
	while (d->rest[rows] && *d->rest[rows])
		rows++;
	return rows;
}

// The names of a row of `symbols`, and their values.
static bool read_symbols(const Directive *d, char *names, Cell *name_cell, Cell *value_cell)
{
	size_t most = strlen(names) + 1, count = 0;
	const Quantity **name = arena_array(d->lesson->arena, const Quantity *, most);
	double *value = arena_array(d->lesson->arena, double, most);
	for (char *save, *word = strtok_r(names, " ", &save); word; word = strtok_r(NULL, " ", &save), count++)
		if (!quantity_named(d, word, &name[count]) || !value_of(d, word, &value[count]))
			return false;
	*name_cell = (Cell){.kind = CELL_NAMES, .name = name, .count = count};
	*value_cell = (Cell){.kind = CELL_VALUES, .value = value, .count = count};
	return true;
}

// symbols, then lines `names: meaning`: a table of names, meaning and values.
static bool symbols(Directive *d)
{
	static const char *const head[] = {"symbol", "meaning", "value"};
	size_t rows = rows_behind(d);
	Item *table = add_table(d, rows + 1, 3);
	put_head(d, table, head);
	d->rest_taken = rows;
	for (size_t i = 0; i < rows; i++) {
		char *colon = strchr(d->rest[i], ':');
		d->line++;
		if (!colon)
			return wrong(d, "a row of 'symbols' is 'NAME …: meaning'");
		char *names = arena_copy(d->lesson->arena, d->rest[i], (size_t)(colon - d->rest[i]));
		Cell *row = table->cell + (i + 1) * 3;
		if (!read_symbols(d, names, &row[0], &row[2]))
			return false;
		put_text(d, table, i + 1, 1, colon + 1 + strspn(colon + 1, " "));
	}
	return true;
}

// The loss when `param` is moved by so much.
static double loss_moved(const Model *model, Node param, double by)
{
	Replay replay;
	model_start(model, &replay, 0, model->lanes);
	replay_set_all(&replay, param, replay_value(&replay, param, 0) + by);
	replay_all(&replay);
	double loss = replay_value(&replay, model->mean, 0);
	replay_free(&replay);
	return loss;
}

// nudge PARAM BY: the loss with the param moved a little, beside what the gradient foretells.
static bool nudge(Directive *d)
{
	Error error = {0};
	Node param;
	uint32_t lane;
	double by, gradient;
	Model *model = &d->model->model;
	if (d->count != 2 || !number_parse(d->word[1], &by))
		return wrong(d, "'nudge' takes a param and a number");
	if (!query_element(model, d->word[0], &param, &lane, &error))
		return wrong(d, error.message);
	if (model->loss == NODE_NONE || tape_op(&model->tape, param) != OP_PARAM)
		return wrong(d, "'nudge' takes a param of a model with 'minimize'");
	Arena *arena = d->lesson->arena;
	const char *loss_text = quantity_text(loss_name(d), arena);
	if (!value_of(d, arena_printf(arena, "d%s/d%s", loss_text, d->word[0]), &gradient))
		return false;
	double loss = loss_moved(model, param, 0), moved = loss_moved(model, param, by);
	const char *const line[] = {"as it is", arena_printf(arena, "as foretold: %s·gradient more", d->word[1]),
	                            arena_printf(arena, "computed anew with %s + %s", d->word[0], d->word[1]),
	                            "the two differ by"};
	const double value[] = {loss, loss + by * gradient, moved, moved - (loss + by * gradient)};
	Item *table = add_table(d, 5, 2);
	put_quantity(d, table, 0, 1, loss_name(d));
	for (size_t i = 0; i < 4; i++) {
		put_text(d, table, i + 1, 0, line[i]);
		put_value(d, table, i + 1, 1, value[i], 0);
	}
	return true;
}

// ---- Two rules side by side

// The values of `query` with the stale order of updates.
static void stale_values(const LessonModel *model, const Query *query, size_t count, double *value)
{
	Replay replay;
	model_start(&model->model, &replay, 0, model->model.lanes);
	uint32_t last = 0;
	for (size_t i = 0; i < count; i++)
		last = query[i].step > last ? query[i].step : last;
	for (uint32_t step = 1; step <= last; step++) {
		replay_all(&replay);
		for (size_t i = 0; i < count; i++)
			if (query[i].step == step)
				value[i] = replay_value(&replay, query[i].node, query[i].lane);
		replay_carry(&replay, model->stale.carry, model->stale.carry_count);
	}
	replay_free(&replay);
}

typedef struct Comparison {
	Query query;
	const char *printed, *label;
	int digits;
} Comparison;

// NAME PRINTED label …
static bool read_comparison(const Directive *d, char *line, Comparison *comparison)
{
	char *save, *name = strtok_r(line, " ", &save), *printed = strtok_r(NULL, " ", &save);
	double number;
	Error error = {0};
	if (!printed || !number_parse(printed, &number))
		return wrong(d, "a row of 'compare' is 'NAME PRINTED label'");
	if (!query_find(&d->model->model, name, &comparison->query, &error))
		return wrong(d, error.message);
	comparison->printed = printed;
	comparison->label = *save ? save : name;
	const char *point = strchr(printed, '.');
	comparison->digits = point ? (int)strspn(point + 1, "0123456789") : 0;
	return true;
}

// compare, then lines `NAME PRINTED label`: right, with the stale order, and as it was printed.
static bool compare(Directive *d)
{
	static const char *const head[] = {"", "old weights", "new weights", "printed"};
	size_t rows = rows_behind(d);
	Error error = {0};
	if (!d->model->stale.gradient && !rule_stale_order(&d->model->model, &d->model->stale, &error))
		return wrong(d, error.message);
	Comparison *row = arena_array(d->lesson->arena, Comparison, rows + 1);
	Query *query = arena_array(d->lesson->arena, Query, rows + 1);
	double *right = arena_array(d->lesson->arena, double, rows + 1);
	double *stale = arena_array(d->lesson->arena, double, rows + 1);
	d->rest_taken = rows;
	for (size_t i = 0; i < rows; i++) {
		d->line++;
		if (!read_comparison(d, arena_copy(d->lesson->arena, d->rest[i], strlen(d->rest[i])), &row[i]))
			return false;
		query[i] = row[i].query;
	}
	query_values(&d->model->model, query, rows, right);
	stale_values(d->model, query, rows, stale);
	Item *table = add_table(d, rows + 1, 4);
	put_head(d, table, head);
	for (size_t i = 0; i < rows; i++) {
		put_text(d, table, i + 1, 0, row[i].label);
		put_value(d, table, i + 1, 1, right[i], row[i].digits);
		put_value(d, table, i + 1, 2, stale[i], row[i].digits);
		put_text(d, table, i + 1, 3, row[i].printed);
	}
	return true;
}

// rounds NAME N N N …: a quantity after so many updates.
static bool rounds(Directive *d)
{
	if (d->count < 2)
		return wrong(d, "'rounds' takes a quantity and numbers of updates");
	size_t rows = d->count - 1;
	Query *query = arena_array(d->lesson->arena, Query, rows);
	double *value = arena_array(d->lesson->arena, double, rows);
	Item *table = add_table(d, rows + 1, 2);
	put_text(d, table, 0, 0, "updates");
	const Quantity *quantity = NULL;
	if (!quantity_named(d, d->word[0], &quantity))
		return false;
	put_quantity(d, table, 0, 1, quantity);
	for (size_t i = 0; i < rows; i++) {
		Error error = {0};
		double updates;
		if (!number_parse(d->word[i + 1], &updates) || updates < 0 || updates > 1e7)
			return wrong(d, "'rounds' takes numbers of updates from 0 to 10000000");
		if (!query_find(&d->model->model, d->word[0], &query[i], &error))
			return wrong(d, error.message);
		query[i].step = (uint32_t)updates + 1;
		put_text(d, table, i + 1, 0, d->word[i + 1]);
	}
	query_values(&d->model->model, query, rows, value);
	for (size_t i = 0; i < rows; i++)
		put_value(d, table, i + 1, 1, value[i], 0);
	return true;
}

// ---- A table of quantities

// The next cell of a line whose cells are parted by '|', without the blanks around it; NULL behind the last.
static char *next_cell(char **line)
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

// The value of NAME, or of MODEL:NAME in another model above.
static bool value_of_cell(const Directive *d, const char *name, double *value)
{
	for (LessonModel *model = d->lesson->document->model; model; model = model->next) {
		size_t length = strlen(model->name);
		if (length && strncmp(model->name, name, length) == 0 && name[length] == ':')
			return lesson_value(d->lesson, model, name + length + 1, d->line, value);
	}
	return value_of(d, name, value);
}

static bool fill_row(const Directive *d, Item *table, size_t row, char *line)
{
	char *cell = next_cell(&line);
	put_text(d, table, row, 0, cell);
	for (size_t column = 1; (cell = next_cell(&line)); column++) {
		double value;
		if (column == table->columns)
			return wrong(d, "the row has more cells than the table has heads");
		if (!*cell)
			continue;
		if (!value_of_cell(d, cell, &value))
			return false;
		put_value(d, table, row, column, value, 0);
	}
	return true;
}

// table HEAD | HEAD …, then lines `label | NAME | NAME …`.
static bool table(Directive *d)
{
	size_t rows = rows_behind(d), columns = 1;
	const char *heads = "";
	for (size_t i = 0; i < d->count; i++) {
		columns += strcmp(d->word[i], "|") == 0;
		heads = arena_printf(d->lesson->arena, "%s %s", heads, d->word[i]);
	}
	Item *item = add_table(d, rows + 1, columns);
	char *line = arena_copy(d->lesson->arena, heads, strlen(heads)), *head;
	for (size_t column = 0; column < columns && (head = next_cell(&line)); column++)
		put_text(d, item, 0, column, head);
	d->rest_taken = rows;
	for (size_t i = 0; i < rows; i++) {
		d->line++;
		if (!fill_row(d, item, i + 1, arena_copy(d->lesson->arena, d->rest[i], strlen(d->rest[i]))))
			return false;
	}
	return true;
}

// claim DERIVATIVE = EXPRESSION.
static bool claim(Directive *d)
{
	Output text = {0};
	for (size_t i = 0; i < d->count; i++)
		output_printf(&text, i ? " %s" : "%s", d->word[i]);
	bool good = claim_add(d->lesson, d->model, output_memory(&text), d->line);
	output_abandon(&text);
	return good;
}

// ---- The table of directives

typedef struct DirectiveRow {
	const char *name;
	bool (*run)(Directive *directive);
} DirectiveRow;

static const DirectiveRow directive_row[] = {
    {"show", show},     {"claim", claim},   {"chain", chain},     {"calculate", calculate}, {"paths", paths},   {"weights", weights},
    {"symbols", symbols}, {"nudge", nudge}, {"compare", compare},     {"rounds", rounds},
    {"table", table},
};

static bool run_line(Directive *d, char *line)
{
	char *save, *name = strtok_r(line, " \t", &save);
	if (!name || *name == '#')
		return true;
	for (char *word; (word = strtok_r(NULL, " \t", &save));)
		d->word[d->count++] = word;
	for (size_t i = 0; i < sizeof directive_row / sizeof *directive_row; i++)
		if (strcmp(directive_row[i].name, name) == 0)
			return directive_row[i].run(d);
	return lesson_error(d->lesson, d->line, "'%s' is no directive; lessons/README.md names them", name);
}

bool directives_run(Lesson *lesson, LessonModel *model, const char *text, size_t line)
{
	char *copy = arena_copy(lesson->arena, text, strlen(text));
	size_t lines = 0, filled = 0;
	for (const char *p = text; *p; p++)
		lines += *p == '\n';
	char **all = arena_array(lesson->arena, char *, lines + 2);
	for (char *p = copy; *p; filled++) {
		char *end = p + strcspn(p, "\n");
		all[filled] = p;
		p = *end ? end + 1 : end;
		*end = '\0';
	}
	for (size_t i = 0; i < filled; i++) {
		char **word = arena_array(lesson->arena, char *, strlen(all[i]) + 1);
		Directive directive = {lesson, model, word, 0, line + i, all + i + 1, 0};
		if (!run_line(&directive, all[i]))
			return false;
		i += directive.rest_taken;
	}
	return true;
}
