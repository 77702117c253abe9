#include "tutor/course/answers.h"

#include "tutor/io/number.h"

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// ---- Numbers

static const char minus_sign[] = "\xE2\x88\x92";   // U+2212, as word processors have it

// A copy without blanks around it, with a plain minus sign, and a point for a decimal comma.
static bool plain_text(const char *text, bool comma, char *plain, size_t size)
{
	size_t count = 0;
	text += strspn(text, " \t");
	for (; *text && count + 1 < size; text++) {
		bool minus = strncmp(text, minus_sign, 3) == 0;
		plain[count++] = minus ? '-' : comma && *text == ',' ? '.' : *text;
		text += minus ? 2 : 0;
	}
	while (count && strchr(" \t", plain[count - 1]))
		count--;
	plain[count] = '\0';
	return count && !*text;
}

// Digits typed and the place of the last of them, of a text that number_parse has read.
static void count_digits(Typed *typed, const char *text)
{
	const char *point = NULL, *at = text + strspn(text, "+-");
	int significant = 0, decimals = 0;
	for (; isdigit((unsigned char)*at) || *at == '.'; at++) {
		if (*at == '.') {
			point = at;
			continue;
		}
		significant += significant || *at != '0';
		decimals += point != NULL;
	}
	long exponent = *at ? strtol(at + 1, NULL, 10) : 0;
	typed->significant = significant;
	typed->unit = pow(10, (double)exponent - decimals);
}

static bool read_fraction(Typed *typed, char *text, char *slash)
{
	double above, below;
	*slash = '\0';
	if (!number_parse(text, &above) || !number_parse(slash + 1, &below) || below == 0)
		return false;
	*typed = (Typed){.value = above / below, .significant = DBL_DECIMAL_DIG, .given = true};
	return isfinite(typed->value);
}

bool typed_read(Typed *typed, const char *text, bool comma)
{
	char plain[1024];
	*typed = (Typed){0};
	if (!plain_text(text, comma, plain, sizeof plain))
		return false;
	char *slash = strchr(plain, '/');
	if (slash)
		return read_fraction(typed, plain, slash);
	if (!number_parse(plain, &typed->value))
		return false;
	typed->given = true;
	if (isfinite(typed->value))
		count_digits(typed, plain);
	return true;
}

bool typed_is_like(const Typed *typed, double value)
{
	return isfinite(typed->value) || (isnan(typed->value) ? isnan(value) : !isfinite(value));
}

// ---- The file

static const char *without_blanks(Arena *arena, const char *name)
{
	char *bare = arena_copy(arena, name, strlen(name));
	size_t count = 0;
	for (const char *at = name; *at; at++)
		if (!isspace((unsigned char)*at))
			bare[count++] = *at;
	bare[count] = '\0';
	return bare;
}

static const char *trimmed(Arena *arena, const char *text)
{
	text += strspn(text, " \t\r\n");
	size_t size = strlen(text);
	while (size && strchr(" \t\r\n", text[size - 1]))
		size--;
	return arena_copy(arena, text, size);
}

static bool find_column(const Table *table, const char *name, size_t *column, Error *error)
{
	*column = table_find(table, name);
	for (size_t i = 0; i < table->columns && *column == SIZE_MAX; i++) {
		const char *title = table_column(table, i);
		title += strspn(title, " ");
		size_t size = strlen(name);
		if (strncasecmp(title, name, size) == 0 &&
		    strspn(title + size, " ") == strlen(title + size))
			*column = i;
	}
	return *column != SIZE_MAX ||
	       table_column_error(table, 0, error,
	                          "the columns 'name' and 'value' are wanted, and "
	                          "there is no '%s'",
	                          name);
}

static bool is_decimal_comma(const char *cell)
{
	Typed typed;
	return typed_read(&typed, cell, true);
}

static void read_row(Answers *answers, size_t row, size_t name, size_t value)
{
	const Table *table = &answers->table;
	Answer *answer = &answers->answer[row];
	const char *cell = table_cell(table, row, value);
	*answer = (Answer){.row = row};
	answer->name = without_blanks(&answers->arena, table_cell(table, row, name));
	answer->text = trimmed(&answers->arena, cell);
	if (!*answer->name && *answer->text)
		answer->problem = "a value without a name";
	else if (*answer->text && !typed_read(&answer->typed, cell, table->delimiter == ';') && is_decimal_comma(cell))
		answer->problem = arena_printf(&answers->arena,
		                               "'%.40s' has a decimal comma: write a point, or put ; between all columns",
		                               answer->text);
	else if (*answer->text && !answer->typed.given)
		answer->problem = arena_printf(&answers->arena, NO_NUMBER, answer->text);
}

bool answers_read(Answers *answers, const char *file, const char *text, size_t size, Error *error)
{
	size_t name, value;
	*answers = (Answers){0};
	if (!table_read(&answers->table, file, text, size, 0, size, 0, error))
		return false;
	if (!find_column(&answers->table, "name", &name, error) ||
	    !find_column(&answers->table, "value", &value, error)) {
		answers_free(answers);
		return false;
	}
	answers->count = answers->table.rows;
	answers->answer = arena_array(&answers->arena, Answer, answers->count);
	for (size_t row = 0; row < answers->count; row++)
		read_row(answers, row, name, value);
	return true;
}

void answers_free(Answers *answers)
{
	table_free(&answers->table);
	arena_free(&answers->arena);
	*answers = (Answers){0};
}

bool answers_error(const Answers *answers, const Answer *answer, Error *error)
{
	Error ignored = {0};
	size_t column = 0;
	bool of_value = *answer->text && (!answer->typed.given || !isfinite(answer->typed.value));
	find_column(&answers->table, of_value ? "value" : "name", &column, &ignored);
	return table_error(&answers->table, answer->row, column, error, "%s", answer->problem);
}
