#include "tutor/lesson/lesson_source.h"

#include "tutor/embedded.h"
#include "tutor/io/input.h"
#include "tutor/nearest.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool ends_with(const char *text, const char *end)
{
	size_t size = strlen(text), end_size = strlen(end);
	return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

static bool is_there(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0;
}

static bool read_file(Source *source, const char *path, Arena *arena, Error *error)
{
	Input input;
	if (!input_read(&input, path, error))
		return false;
	bool good = input_is_text(&input, error);
	if (good)
		*source = (Source){.name = arena_copy(arena, input.name, strlen(input.name)),
		                   .text = arena_copy(arena, input.text, input.size),
		                   .size = input.size,
		                   .lesson = ends_with(path, ".md")};
	input_free(&input);
	return good;
}

static bool no_such(const char *operand, Error *error)
{
	Nearest nearest = nearest_start(operand, strlen(operand));
	char name[64];
	static char best[64];
	for (size_t i = 0; i < embedded_count; i++) {
		size_t length = strcspn(embedded_files[i].name, ".");
		if (length >= sizeof name)
			continue;
		memcpy(name, embedded_files[i].name, length);
		name[length] = '\0';
		const char *before = nearest.name;
		nearest_offer(&nearest, name);
		if (nearest.name != before && nearest.name)
			nearest.name = strcpy(best, name);
	}
	if (nearest.name)
		return error_set(error, "there is no file and no lesson '%s'; did you mean '%s'?", operand, nearest.name);
	return error_set(error, "there is no file and no lesson '%s'; 'tutor list' names the lessons", operand);
}

bool source_read(Source *source, const char *operand, Arena *arena, Error *error)
{
	if (strcmp(operand, "-") == 0 || is_there(operand))
		return read_file(source, operand, arena, error);
	static const char *const ending[] = {"", ".md", ".model"};
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
		const Embedded *file = embedded_find(arena_printf(arena, "%s%s", operand, ending[i]));
		if (!file)
			continue;
		*source = (Source){.name = arena_printf(arena, "lessons/%s", file->name), .text = file->data,
		                   .size = file->size, .folder = "", .lesson = ends_with(file->name, ".md")};
		return true;
	}
	if (strchr(operand, '/') || ends_with(operand, ".model") || ends_with(operand, ".md"))
		return read_file(source, operand, arena, error);
	return no_such(operand, error);
}

// ---- Blocks

static bool is_model(cmark_node *node)
{
	const char *info = cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK ? cmark_node_get_fence_info(node) : NULL;
	return info && strncmp(info, "model", 5) == 0 && (info[5] == '\0' || info[5] == ' ');
}

// The block's name: the first word behind `model`, "" if there is none.
static const char *block_name(cmark_node *node, Arena *arena)
{
	const char *info = cmark_node_get_fence_info(node) + 5;
	info += strspn(info, " ");
	return arena_copy(arena, info, strcspn(info, " "));
}

static bool is_block(cmark_node *node, const char *block, Nearest *nearest, Arena *arena)
{
	const char *name = block_name(node, arena);
	if (*name)
		nearest_offer(nearest, name);
	return strcmp(name, block) == 0;
}

// The block of that name or number, the first where `block` is NULL; offers the names to `nearest`.
static cmark_node *find_block(cmark_node *document, const char *block, Nearest *nearest, Arena *arena)
{
	char *end = NULL;
	long number = block ? strtol(block, &end, 10) : 1, count = 0;
	bool by_number = !block || (*block && !*end);
	cmark_node *found = NULL;
	cmark_iter *iter = cmark_iter_new(document);
	for (cmark_event_type event; !found && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
		cmark_node *node = cmark_iter_get_node(iter);
		if (event == CMARK_EVENT_ENTER && is_model(node) && (by_number ? ++count == number : is_block(node, block, nearest, arena)))
			found = node;
	}
	cmark_iter_free(iter);
	return found;
}

static char *behind_blank_lines(const char *text, int lines, size_t *size, Arena *arena)
{
	size_t length = strlen(text);
	*size = (size_t)lines + length;
	char *result = arena_alloc(arena, *size + 1);
	memset(result, '\n', (size_t)lines);
	memcpy(result + lines, text, length);
	return result;
}

bool source_block(const Source *lesson, const char *block, Source *model, Arena *arena, Error *error)
{
	cmark_node *document = cmark_parse_document(lesson->text, lesson->size, CMARK_OPT_DEFAULT);
	Nearest nearest = nearest_start(block ? block : "", block ? strlen(block) : 0);
	cmark_node *node = find_block(document, block, &nearest, arena);
	if (node) {
		*model = *lesson;
		model->lesson = false;
		model->text = behind_blank_lines(cmark_node_get_literal(node), cmark_node_get_start_line(node), &model->size,
		                                 arena);
	}
	cmark_node_free(document);
	if (node)
		return true;
	if (!block)
		return error_set(error, "%s has no model block", lesson->name);
	return nearest.name ? error_set(error, "%s has no model block '%s'; did you mean '%s'?", lesson->name, block, nearest.name)
	                    : error_set(error, "%s has no model block '%s'", lesson->name, block);
}

bool source_model(Source *source, const char *operand, Arena *arena, Error *error)
{
	const char *colon = strcmp(operand, "-") == 0 || is_there(operand) ? NULL : strrchr(operand, ':');
	const char *name = colon ? arena_copy(arena, operand, (size_t)(colon - operand)) : operand;
	Source read = {0};
	if (!source_read(&read, name, arena, error))
		return false;
	if (read.lesson)
		return source_block(&read, colon ? colon + 1 : NULL, source, arena, error);
	*source = read;
	return !colon || error_set(error, "'%s' is a model, not a lesson: it has no block '%s'", name, colon + 1);
}
