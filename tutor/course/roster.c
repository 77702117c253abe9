#include "tutor/course/roster.h"

#include "tutor/course/assignment.h"
#include "tutor/io/utf8.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

typedef struct Reading {
	Roster *roster;
	Table table;
	Error *error;
	size_t id, name, first, last;   // columns; SIZE_MAX where there is none
	TextMap row_of;                 // id -> row
} Reading;

// ---- Columns

static size_t find_column(const Table *table, const char *const *names)
{
	for (size_t i = 0; names[i]; i++)
		for (size_t column = 0; column < table->columns; column++)
			if (strcasecmp(table_column(table, column), names[i]) == 0)
				return column;
	return SIZE_MAX;
}

static void find_columns(Reading *r)
{
	const Table *table = &r->table;
	r->id = find_column(table, (const char *[]){"id", NULL});
	if (r->id == SIZE_MAX) {
		r->id = 0;
		const char *first = table_column(table, 0);
		r->roster->id_column = arena_copy(&r->roster->arena, first, strlen(first));
	}
	r->name = find_column(table, (const char *[]){"name", "full name", "student", NULL});
	r->first = find_column(table, (const char *[]){"first name", "first_name", "firstname",
	                                               "given name", NULL});
	r->last = find_column(table, (const char *[]){"last name", "last_name", "lastname", "surname",
	                                              "family name", NULL});
}

// ---- Cells

// A character that is not seen: a control, a mark of direction, a zero-width one.
static bool is_unseen(const char *text, size_t size)
{
	const unsigned char *byte = (const unsigned char *)text;
	if (size == 1)
		return *byte < 0x20 || *byte == 0x7F;
	if (size == 2)
		return byte[0] == 0xC2 && (byte[1] < 0xA0 || byte[1] == 0xAD);
	if (size != 3 || (byte[0] != 0xE2 && byte[0] != 0xEF))
		return false;
	if (byte[0] == 0xEF)
		return byte[1] == 0xBB && byte[2] == 0xBF;
	return (byte[1] == 0x80 && (byte[2] >= 0x8B && byte[2] <= 0x8F)) ||
	       (byte[1] == 0x80 && byte[2] >= 0xA8 && byte[2] <= 0xAE) ||
	       (byte[1] == 0x81 && byte[2] >= 0xA0 && byte[2] <= 0xAF);
}

static bool has_unseen(const char *text)
{
	for (size_t size; *text; text += size) {
		size = utf8_length(text, strlen(text));
		if (!size || is_unseen(text, size))
			return true;
	}
	return false;
}

// A cell without the blanks around it, also where it was quoted.
static const char *trimmed(const char *cell, Arena *arena)
{
	cell += strspn(cell, " ");
	size_t size = strlen(cell);
	while (size && cell[size - 1] == ' ')
		size--;
	return arena_copy(arena, cell, size);
}

static const char *cell_of(Reading *r, size_t row, size_t column)
{
	return column == SIZE_MAX ? "" : trimmed(table_cell(&r->table, row, column), &r->roster->arena);
}

static const char *name_of(Reading *r, size_t row)
{
	const char *name = cell_of(r, row, r->name);
	if (*name)
		return name;
	const char *first = cell_of(r, row, r->first), *last = cell_of(r, row, r->last);
	return arena_printf(&r->roster->arena, "%s%s%s", first, *first && *last ? " " : "", last);
}

// ---- Students

// 001-anna: the number makes it differ from all others, the letters make it readable.
static const char *stem_of(Arena *arena, size_t number, size_t last, const char *id)
{
	enum { LETTERS = 40 };
	char letters[LETTERS + 1];
	size_t size = 0;
	for (; *id && size < LETTERS; id++) {
		bool plain = (*id >= 'a' && *id <= 'z') || (*id >= 'A' && *id <= 'Z') ||
		             (*id >= '0' && *id <= '9') || *id == '_';
		if (plain || (size && letters[size - 1] != '-'))
			letters[size++] = plain ? *id : '-';
	}
	while (size && letters[size - 1] == '-')
		size--;
	letters[size] = '\0';
	int width = snprintf(NULL, 0, "%zu", last);
	return arena_printf(arena, "%0*zu%s%s", width < 3 ? 3 : width, number,
	                    size ? "-" : "", letters);
}

static bool check_id(Reading *r, size_t row, const char *id)
{
	const Table *table = &r->table;
	if (!*id)
		return table_error(table, row, r->id, r->error, "a student without an id");
	if (strlen(id) > ID_MOST)
		return table_error(table, row, r->id, r->error, "an id is longer than the limit of %d bytes",
		                   ID_MOST);
	if (strchr("=+-@", *id))
		return table_error(table, row, r->id, r->error,
		                   "an id must not begin with '%c': a spreadsheet takes it for a formula",
		                   *id);
	if (has_unseen(id))
		return table_error(table, row, r->id, r->error,
		                   "an id has a character that cannot be seen (a control or a mark)");
	uint32_t before = textmap_get(&r->row_of, id);
	return before == TEXTMAP_ABSENT ||
	       table_error(table, row, r->id, r->error, "'%s' is there twice; first in line %d", id,
	                   table_line(table, before));
}

static bool read_student(Reading *r, size_t row)
{
	Roster *roster = r->roster;
	const char *id = cell_of(r, row, r->id), *name = name_of(r, row);
	if (!check_id(r, row, id))
		return false;
	size_t column = r->name != SIZE_MAX ? r->name : r->id;
	if (strlen(name) > ID_MOST)
		return table_error(&r->table, row, column, r->error, "a name is longer than the limit of %d bytes", ID_MOST);
	if (has_unseen(name))
		return table_error(&r->table, row, column, r->error,
		                   "the name of '%s' has a character that cannot be seen (a control or a mark)", id);
	textmap_add(&r->row_of, id, (uint32_t)row);
	roster->student[roster->count++] = (Student){id, name, stem_of(&roster->arena, row + 1, r->table.rows, id)};
	return true;
}

static bool read_students(Reading *r)
{
	const Table *table = &r->table;
	if (!table->rows)
		return table_column_error(table, 0, r->error,
		                          "no student below the names of the columns (a first line with "
		                          "the column's name, such as id, is wanted)");
	if (table->rows > STUDENTS_MOST)
		return table_error(table, STUDENTS_MOST, 0, r->error,
		                   "more students than the limit of %d", STUDENTS_MOST);
	find_columns(r);
	r->roster->student = arena_array(&r->roster->arena, Student, table->rows);
	for (size_t row = 0; row < table->rows; row++)
		if (!read_student(r, row))
			return false;
	return true;
}

bool roster_read(Roster *roster, const char *file, const char *text, size_t size, Error *error)
{
	Reading r = {.roster = roster, .error = error};
	*roster = (Roster){0};
	bool good = table_read(&r.table, file, text, size, 0, size, 0, error) && read_students(&r);
	table_free(&r.table);
	textmap_free(&r.row_of);
	if (!good)
		roster_free(roster);
	return good;
}

void roster_leave_out(Roster *roster, const TextMap *known, size_t first)
{
	size_t count = 0;
	for (size_t i = 0; i < roster->count; i++)
		if (textmap_get(known, roster->student[i].id) == TEXTMAP_ABSENT)
			roster->student[count++] = roster->student[i];
	roster->count = count;
	for (size_t i = 0; i < count; i++)
		roster->student[i].stem = stem_of(&roster->arena, first + i, first + count, roster->student[i].id);
}

void roster_free(Roster *roster)
{
	arena_free(&roster->arena);
	*roster = (Roster){0};
}
