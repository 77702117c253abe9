// Reads the directives of a ```derive block and carries them out.
#include "tutor/lesson/directive.h"

#include <string.h>

typedef struct DirectiveRow {
	const char *name;
	bool (*run)(Directive *directive);
} DirectiveRow;

static const DirectiveRow directive_row[] = {
#define DIRECTIVE(name) {#name, derive_##name},
#include "tutor/lesson/directives.def"
#undef DIRECTIVE
};

bool directive_wrong(const Directive *d, const char *message)
{
	return lesson_error(d->lesson, d->line, "%s", message);
}

static const DirectiveRow *find_directive(const char *line)
{
	size_t size = strcspn(line, " \t");
	for (size_t i = 0; i < sizeof directive_row / sizeof *directive_row; i++)
		if (strlen(directive_row[i].name) == size && memcmp(directive_row[i].name, line, size) == 0)
			return &directive_row[i];
	return NULL;
}

// A row may begin with a directive's name: then it has a bar or a colon, as rows have.
static bool ends_rows(const char *line)
{
	return !*line || (find_directive(line) && !strpbrk(line, "|:"));
}

size_t directive_rows(const Directive *d)
{
	size_t rows = 0;
	while (d->rest[rows] && !ends_rows(d->rest[rows]))
		rows++;
	return rows;
}

bool directive_value(const Directive *d, const char *name, double *value)
{
	return lesson_value(d->lesson, d->model, name, d->line, value);
}

bool directive_quantity(const Directive *d, const char *name, const Quantity **quantity)
{
	Error error = {0};
	Node node;
	uint32_t lane;
	if (!query_element(&d->model->model, name, &node, &lane, &error))
		return directive_wrong(d, error.message);
	bool mean = node == d->model->model.loss && !strchr(name, '@');
	*quantity = mean ? directive_loss(d) : quantity_of(&d->model->model.tape, node, lane, d->model->model.lanes, d->lesson->arena);
	return true;
}

const Quantity *directive_loss(const Directive *d)
{
	return quantity_of(&d->model->model.tape, d->model->model.mean, 0, 1, d->lesson->arena);
}

static bool run_line(Directive *d, char *line)
{
	char *save, *name = strtok_r(line, " \t", &save);
	if (!name || *name == '#')
		return true;
	for (char *word; (word = strtok_r(NULL, " \t", &save));)
		d->word[d->count++] = word;
	const DirectiveRow *row = find_directive(name);
	if (row) {
		d->name = name;
		return row->run(d);
	}
	return lesson_error(d->lesson, d->line, "'%s' is no directive; lessons/README.md names them", name);
}

// Whether a directive that puts lines names those of a further update: show w+#2.
static bool shows_updates(char **line, size_t count)
{
	static const char *const putting[] = {"show ", "chain ", "calculate ", "paths "};
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < sizeof putting / sizeof *putting; k++)
			if (strncmp(line[i], putting[k], strlen(putting[k])) == 0 && strchr(line[i], '#'))
				return true;
	return false;
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
	lesson->updates = shows_updates(all, filled);
	lesson->update = 0;
	for (size_t i = 0; i < filled; i++) {
		char **word = arena_array(lesson->arena, char *, strlen(all[i]) + 1);
		Directive directive = {.lesson = lesson, .model = model, .word = word, .line = line + i, .rest = all + i + 1};
		if (!run_line(&directive, all[i]))
			return false;
		i += directive.rest_taken;
	}
	return true;
}
