// What directives are made with. A directive is a row of directives.def and a function derive_name, which puts items
// into the document; lessons/README.md says what each does.
//
// Functions return false after an error, which names the directive's line of the lesson.
#ifndef LESSON_DIRECTIVE_H
#define LESSON_DIRECTIVE_H

#include "tutor/lesson/lesson.h"

// A directive at work: its words, and the lines of the block that are still to be read.
typedef struct Directive {
	const char *name;
	Lesson *lesson;
	LessonModel *model;
	char **word;        // behind the directive's own
	size_t count, line;
	char **rest;        // the lines behind it, NULL behind the last
	size_t rest_taken;  // of them, by the directive
} Directive;

#define DIRECTIVE(name) bool derive_##name(Directive *d);
#include "tutor/lesson/directives.def"
#undef DIRECTIVE

// False, with the error.
bool directive_wrong(const Directive *d, const char *message);
// How many of the lines behind a directive are its rows: those up to an empty line or another directive.
size_t directive_rows(const Directive *d);

// ---- Quantities of the directive's model

bool directive_value(const Directive *d, const char *name, double *value);
bool directive_quantity(const Directive *d, const char *name, const Quantity **quantity);
// What is minimised.
const Quantity *directive_loss(const Directive *d);

// ---- Tables

// The next cell of a line whose cells are parted by '|', without the blanks around it; NULL behind the last.
char *directive_next_cell(char **line);

// A table of empty cells, among them the heads in row 0.
Item *directive_table_add(const Directive *d, size_t rows, size_t columns);
void directive_put_text(const Directive *d, Item *table, size_t row, size_t column, const char *text);
// `digits` decimals, or 0 for the usual.
void directive_put_value(const Directive *d, Item *table, size_t row, size_t column, double value, int digits);
void directive_put_head(const Directive *d, Item *table, const char *const *head, size_t count);
void directive_put_quantity(const Directive *d, Item *table, size_t row, size_t column, const Quantity *quantity);
// The quantity of that name in the first column.
bool directive_put_name(const Directive *d, Item *table, size_t row, const char *name);

#endif
