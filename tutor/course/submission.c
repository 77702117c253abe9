#include "tutor/course/submission.h"

#include "tutor/io/utf8.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

// ---- Texts

enum { SHOWN_MOST = 160 };

const char *shown_text(const char *text, Arena *arena)
{
	size_t size = strlen(text), count = 0;
	char *shown = arena_alloc(arena, SHOWN_MOST + 8);
	for (size_t i = 0; i < size;) {
		size_t length = utf8_length(text + i, size - i);
		unsigned char byte = (unsigned char)text[i];
		bool good = length && byte >= ' ' && byte != 127 && !(byte == 0xC2 && (unsigned char)text[i + 1] < 0xA0);
		if (count + length > SHOWN_MOST) {
			memcpy(shown + count, "…", sizeof "…");
			return shown;
		}
		if (good)
			memcpy(shown + count, text + i, length);
		else
			shown[count] = '?';
		count += good ? length : 1;
		i += length ? length : 1;
	}
	return shown;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

const char *shown_name(const char *path, Arena *arena)
{
	return shown_text(last_part(path), arena);
}

// ---- The file

static size_t student_column(const Table *table)
{
	for (size_t i = 0; i < table->columns; i++) {
		const char *title = table_column(table, i);
		size_t size = strlen("student");
		title += strspn(title, " ");
		if (strncasecmp(title, "student", size) == 0 &&
		    strspn(title + size, " ") == strlen(title + size))
			return i;
	}
	return SIZE_MAX;
}

static const char *trimmed(const char *cell, Arena *arena)
{
	size_t size;
	while (isspace((unsigned char)*cell))
		cell++;
	size = strlen(cell);
	while (size && isspace((unsigned char)cell[size - 1]))
		size--;
	return arena_copy(arena, cell, size);
}

static bool find_student(Submission *submission, Error *error)
{
	Answers *answers = &submission->answers;
	size_t column = student_column(&answers->table);
	for (size_t row = 0; column != SIZE_MAX && row < answers->table.rows; row++) {
		const char *cell = table_cell(&answers->table, row, column);
		if (submission->student && strcmp(cell, submission->student) == 0)
			continue;
		const char *id = trimmed(cell, &answers->arena);
		if (submission->student && *id && strcmp(id, submission->student) != 0)
			return error_set(error, "it names two students, '%s' and '%s'",
			                 shown_text(submission->student, &answers->arena),
			                 shown_text(id, &answers->arena));
		if (*id)
			submission->student = id;
	}
	return true;
}

// With its line, but without the name of the file, which whoever reads it knows.
static bool say_place(const Error *found, Error *error)
{
	if (found->line)
		return error_set(error, "line %d: %s", found->line, found->message);
	return error_set(error, "%s", found->message);
}

bool submission_read(Submission *submission, const char *path, Error *error)
{
	Error found = {0};
	*submission = (Submission){0};
	Input *input = &submission->input;
	if (input_read_plain(input, path, SUBMISSION_LIMIT, &found) && input_is_text(input, &found) &&
	    answers_read(&submission->answers, input->name, input->text, input->size, &found))
		find_student(submission, &found);
	return !found.set || say_place(&found, error);
}

void submission_free(Submission *submission)
{
	answers_free(&submission->answers);
	input_free(&submission->input);
	*submission = (Submission){0};
}

// ---- Whose it is

TextMap students_by_file(const Assignment *assignment)
{
	TextMap map = {0};
	for (size_t i = 0; i < assignment->variants; i++)
		textmap_add(&map, assignment->variant[i].file, (uint32_t)i);
	return map;
}

uint32_t student_by_name(const TextMap *by_file, const char *path)
{
	char stem[STEM_MOST + 1];
	const char *name = last_part(path);
	size_t size = strcspn(name, ".");   // 001-anna.csv.txt too: a stem has no dot
	if (size > STEM_MOST)
		return NO_STUDENT;
	memcpy(stem, name, size);
	stem[size] = '\0';
	uint32_t found = textmap_get(by_file, stem);
	return found == TEXTMAP_ABSENT ? NO_STUDENT : found;
}

uint32_t submission_student(const Submission *submission, const Assignment *assignment,
                            uint32_t by_name, Error *error)
{
	Arena arena = {0};
	uint32_t student = by_name;
	const char *id = submission->student;
	if (id) {
		uint32_t found = textmap_get(&assignment->variant_of, id);
		student = found == TEXTMAP_ABSENT ? NO_STUDENT : found;
	}
	if (id && student == NO_STUDENT)
		error_set(error, "it says that it is of '%s', who is not in the assignment",
		          shown_text(id, &arena));
	else if (student == NO_STUDENT)
		error_set(error, "it has no column 'student', and its name is that of no file that was "
		                 "handed out");
	else if (by_name != NO_STUDENT && by_name != student)
		error_set(error, "it bears the name of one student's file and says that it is of '%s'",
		          shown_text(id, &arena));
	arena_free(&arena);
	return error->set ? NO_STUDENT : student;
}
