#include "tutor/lesson/syllabus.h"

#include "tutor/embedded.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// Seconds that a careful reader takes.
enum { WORDS_A_MINUTE = 180, SECONDS_A_LINE = 8, SECONDS_A_MODEL_LINE = 4, SECONDS_A_ROW = 3, SECONDS_A_CHART = 25 };

// ---- The comment

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t\r\n,");
}

// What stands behind `word` in the comment, which ends at `end`; NULL where it has no such part.
static const char *part_of(const char *comment, const char *end, const char *word)
{
	for (const char *at = comment; at && at < end; at = strchr(at, ';')) {
		at = skip_blanks(at + (*at == ';'));
		size_t size = strlen(word);
		if (strncmp(at, word, size) == 0 && at[size] == ' ')
			return at + size + 1;
	}
	return NULL;
}

static unsigned number_of(const char *text)
{
	unsigned long number = text ? strtoul(text, NULL, 10) : 0;
	return number < UINT_MAX ? (unsigned)number : UINT_MAX;
}

static void read_needs(SyllabusLesson *lesson, const char *at, Arena *arena)
{
	while (at && lesson->needs_count < SYLLABUS_NEEDS) {
		at = skip_blanks(at);
		size_t size = strcspn(at, " ,;\t\r\n");
		if (!size || *at == ';' || strncmp(at, "-->", 3) == 0)
			return;
		lesson->needs[lesson->needs_count++] = arena_copy(arena, at, size);
		at += size;
	}
}

static void read_comment(SyllabusLesson *lesson, const char *text, Arena *arena)
{
	const char *start = strstr(text, "<!-- course "), *end = start ? strstr(start, "-->") : NULL;
	if (!end)
		return;
	start += strlen("<!-- ");
	lesson->order = number_of(part_of(start, end, "course"));
	lesson->minutes = number_of(part_of(start, end, "minutes"));
	read_needs(lesson, part_of(start, end, "needs"), arena);
}

// ---- How long it takes

static size_t words_in(const char *line, size_t length)
{
	size_t words = 0;
	for (size_t i = 0; i < length; i++)
		words += line[i] != ' ' && (i + 1 == length || line[i + 1] == ' ');
	return words;
}

// The seconds for a line in a block of directives: what it puts into the page.
static unsigned derived_seconds(const char *line, size_t length)
{
	static const char *const chart[] = {"plot ", "contour ", "bars "};
	for (size_t i = 0; i < sizeof chart / sizeof *chart; i++)
		if (strncmp(line, chart[i], strlen(chart[i])) == 0)
			return SECONDS_A_CHART;
	if (memchr(line, '|', length))
		return SECONDS_A_ROW;
	size_t words = words_in(line, length);
	bool shows = strncmp(line, "show ", 5) == 0 || strncmp(line, "chain ", 6) == 0 || strncmp(line, "weights ", 8) == 0;
	return (unsigned)(shows ? SECONDS_A_LINE * (words - 1) : words ? SECONDS_A_LINE : 0);
}

typedef enum Block { PROSE, MODEL, HIDDEN, DERIVED } Block;

static Block block_of(const char *line, size_t length)
{
	static const char hidden[] = " hidden";
	size_t size = strlen(hidden);
	if (length > size && memcmp(line + length - size, hidden, size) == 0)
		return HIDDEN;
	return strncmp(line, "```derive", 9) == 0 ? DERIVED : MODEL;
}

static unsigned minutes_for(const char *text)
{
	size_t words = 0, seconds = 0, length;
	Block block = PROSE;
	for (const char *line = text; *line; line += length + (line[length] == '\n')) {
		length = strcspn(line, "\n");
		if (strncmp(line, "```", 3) == 0)
			block = block == PROSE ? block_of(line, length) : PROSE;
		else if (block == PROSE && strncmp(line, "## Exercises", 12) == 0)
			break;
		else if (block == PROSE && strncmp(line, "<!--", 4) != 0)
			words += words_in(line, length);
		else if (block == MODEL)
			seconds += length ? SECONDS_A_MODEL_LINE : 0;
		else if (block == DERIVED)
			seconds += derived_seconds(line, length);
	}
	seconds += words * 60 / WORDS_A_MINUTE;
	return (unsigned)((seconds + 59) / 60);
}

// ---- The title

// The rest of the first line that begins with "# ", not inside a fenced block; "" if there is none.
static const char *title_of(const char *text, Arena *arena)
{
	bool fenced = false;
	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\r\n");
		if (strncmp(line, "```", 3) == 0)
			fenced = !fenced;
		if (!fenced && strncmp(line, "# ", 2) == 0)
			return arena_copy(arena, line + 2, length - 2);
		line += length;
		line += strspn(line, "\r\n");
	}
	return "";
}

SyllabusLesson syllabus_lesson(const char *text, Arena *arena)
{
	SyllabusLesson lesson = {.name = "", .title = title_of(text, arena)};
	read_comment(&lesson, text, arena);
	if (!lesson.order)
		lesson.order = UINT_MAX;
	if (!lesson.minutes)
		lesson.minutes = minutes_for(text);
	return lesson;
}

// ---- All of them

// The length of a lesson's name: that of the file without ".md"; 0 if it is no lesson.
static size_t name_length(const char *file)
{
	size_t size = strlen(file);
	bool lesson = size > 3 && strcmp(file + size - 3, ".md") == 0 && !strchr(file, '/');
	return lesson ? size - 3 : 0;
}

static int by_order(const void *a, const void *b)
{
	const SyllabusLesson *left = a, *right = b;
	return left->order != right->order ? (left->order > right->order) - (left->order < right->order)
	                                   : strcmp(left->name, right->name);
}

Syllabus syllabus_read(Arena *arena)
{
	Syllabus syllabus = {.lesson = arena_array(arena, SyllabusLesson, embedded_count)};
	for (size_t i = 0; i < embedded_count; i++) {
		size_t length = name_length(embedded_files[i].name);
		if (!length)
			continue;
		SyllabusLesson *lesson = &syllabus.lesson[syllabus.count++];
		*lesson = syllabus_lesson(embedded_files[i].data, arena);
		lesson->name = arena_copy(arena, embedded_files[i].name, length);
	}
	qsort(syllabus.lesson, syllabus.count, sizeof *syllabus.lesson, by_order);
	return syllabus;
}

const SyllabusLesson *syllabus_next(const Syllabus *syllabus, const char *name)
{
	for (size_t i = 0; i + 1 < syllabus->count; i++)
		if (strcmp(syllabus->lesson[i].name, name) == 0)
			return &syllabus->lesson[i + 1];
	return NULL;
}
