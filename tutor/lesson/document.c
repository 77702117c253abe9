#include "tutor/lesson/document.h"

#include "tutor/lesson/rests.h"
#include "tutor/lesson/sentence.h"

#include <cmark.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { GRAPH_ROWS = 3000 };   // the most rows of a derivation whose graph is put in

// ---- Building blocks

Item *lesson_add(Lesson *lesson, ItemKind kind)
{
	return document_add(lesson->document, kind);
}

static size_t offset_of_line(const Source *source, size_t line)
{
	size_t offset = 0;
	for (; line > 1 && offset < source->size; offset++)
		line -= source->text[offset] == '\n';
	return offset;
}

bool lesson_error(const Lesson *lesson, size_t line, const char *format, ...)
{
	Error message = {0};
	va_list arguments;
	va_start(arguments, format);
	error_setv(&message, format, arguments);
	va_end(arguments);
	const Source *source = lesson->source;
	return error_at(lesson->error, source->name, source->text, source->size, offset_of_line(source, line), "%s",
	                message.message);
}

LessonModel *lesson_model(Lesson *lesson, const char *name, size_t line)
{
	if (!*name && lesson->model)
		return lesson->model;
	for (LessonModel *model = lesson->document->model; model; model = model->next)
		if (*name && strcmp(model->name, name) == 0)
			return model;
	lesson_error(lesson, line, *name ? "there is no model '%s' above" : "there is no model above%s", name);
	return NULL;
}

LessonModel *lesson_model_of(const Lesson *lesson, LessonModel *last, const char **name)
{
	for (LessonModel *model = lesson->document->model; model; model = model->next) {
		size_t length = strlen(model->name);
		if (!length || strncmp(model->name, *name, length) != 0 || (*name)[length] != ':')
			continue;
		*name += length + 1;
		return model;
	}
	return last;
}

bool lesson_value(Lesson *lesson, LessonModel *model, const char *name, size_t line, double *value)
{
	Query query;
	Error error = {0};
	model = lesson_model_of(lesson, model, &name);
	if (!query_find(&model->model, name, &query, &error))
		return lesson_error(lesson, line, "%s", error.message);
	rounds_values(&model->rounds, &model->model, &query, 1, value);
	return true;
}

// ---- Models and directives

// The words behind the first of a fence's info: a name, and `hidden`.
typedef struct Fence {
	char kind[16], name[64];
	bool hidden;
} Fence;

static void read_word(const char **info, char *word, size_t size)
{
	*info += strspn(*info, " ");
	size_t length = strcspn(*info, " ");
	size_t kept = length < size ? length : size - 1;
	memcpy(word, *info, kept);
	word[kept] = '\0';
	*info += length;
}

static Fence read_fence(cmark_node *node)
{
	Fence fence = {0};
	const char *info = cmark_node_get_fence_info(node);
	if (!info)
		info = "";
	read_word(&info, fence.kind, sizeof fence.kind);
	read_word(&info, fence.name, sizeof fence.name);
	char last[16];
	read_word(&info, last, sizeof last);
	if (strcmp(fence.name, "hidden") == 0)
		fence.name[0] = '\0', fence.hidden = true;
	fence.hidden |= strcmp(last, "hidden") == 0;
	return fence;
}

LessonModel *lesson_read_model(Lesson *lesson, const char *text, Error *error)
{
	LessonModel *model = arena_new(lesson->arena, LessonModel);
	ModelOptions how = {.seed = lesson->seed};
	if (!model_read(&model->model, lesson->source->name, text, strlen(text), &how, error))
		return NULL;
	model->name = "";
	model->text = arena_copy(lesson->arena, text, strlen(text));
	model_start(&model->model, &model->replay, 0, model->model.lanes);
	replay_all(&model->replay);
	derivation_start(&model->derivation, &model->model, &model->replay,
	                 &(DerivationOptions){.wrt = NODE_NONE});
	return model;
}

// As many blank lines stand before it as the lesson has, so that places in messages are the lesson's.
static bool read_model(Lesson *lesson, cmark_node *node, const Fence *fence)
{
	Arena scratch = {0};
	const char *literal = cmark_node_get_literal(node);
	size_t before = (size_t)cmark_node_get_start_line(node), length = strlen(literal);
	char *text = arena_alloc(&scratch, before + length + 1);
	memset(text, '\n', before);
	memcpy(text + before, literal, length);
	LessonModel *model = lesson_read_model(lesson, text, lesson->error);
	arena_free(&scratch);
	if (!model)
		return false;
	model->name = arena_copy(lesson->arena, fence->name, strlen(fence->name));
	model->next = lesson->document->model;
	model->group = model->next ? model->next->group + 1 : 1;
	lesson->document->model = lesson->model = model;
	if (!model->next)
		sentence_find_earlier(lesson, model);
	return true;
}

static bool is_drawn(const Document *document, const Graph *graph)
{
	for (const Item *item = document->first; item; item = item->next)
		if (item->kind == ITEM_GRAPH && !item->graph->hidden && graph_alike(item->graph, graph))
			return true;
	return false;
}

// A model that is shown is shown as a graph too, unless that picture is there already; that of an exercise does not tell
// what is asked for.
static bool add_graph(Lesson *lesson, bool hidden)
{
	LessonModel *model = lesson->model;
	if (!model || model->derivation.count > GRAPH_ROWS)
		return true;
	Graph *graph = arena_new(lesson->arena, Graph);
	if (!graph_read(graph, &model->derivation, lesson->arena, lesson->error))
		return false;
	graph_leave_lone(graph, lesson->arena);
	graph->group = model->group;
	graph->open = strncmp(model->name, "exercise_", strlen("exercise_")) == 0;
	graph->hidden = hidden || is_drawn(lesson->document, graph);
	lesson_add(lesson, ITEM_GRAPH)->graph = graph;
	return true;
}

static bool add_block_of_code(Lesson *lesson, cmark_node *node)
{
	Fence fence = read_fence(node);
	size_t line = (size_t)cmark_node_get_start_line(node);
	const char *text = cmark_node_get_literal(node);
	if (strcmp(fence.kind, "derive") == 0) {
		LessonModel *model = lesson_model(lesson, fence.name, line);
		return model && directives_run(lesson, model, text, line + 1);
	}
	if (strcmp(fence.kind, "model") == 0 && !read_model(lesson, node, &fence))
		return false;
	if (!fence.hidden)
		lesson_add(lesson, ITEM_CODE)->text = arena_copy(lesson->arena, text, strlen(text));
	return strcmp(fence.kind, "model") != 0 || add_graph(lesson, fence.hidden);
}

// ---- Blocks

static int list_depth(cmark_node *node)
{
	int depth = 0;
	for (; node; node = cmark_node_parent(node))
		depth += cmark_node_get_type(node) == CMARK_NODE_LIST;
	return depth;
}

static int place_in_list(cmark_node *item)
{
	cmark_node *list = cmark_node_parent(item);
	if (cmark_node_get_list_type(list) != CMARK_ORDERED_LIST)
		return 0;
	int place = cmark_node_get_list_start(list);
	for (cmark_node *before = cmark_node_previous(item); before; before = cmark_node_previous(before))
		place++;
	return place;
}

static bool add_paragraph(Lesson *lesson, cmark_node *node)
{
	cmark_node *parent = cmark_node_parent(node);
	cmark_node_type within = cmark_node_get_type(parent);
	bool point = within == CMARK_NODE_ITEM && cmark_node_first_child(parent) == node;
	Item *item = lesson_add(lesson, point ? ITEM_POINT : within == CMARK_NODE_BLOCK_QUOTE ? ITEM_QUOTE
	                                                                                     : ITEM_PARAGRAPH);
	item->level = list_depth(node);
	item->number = point ? place_in_list(parent) : 0;
	return sentence_read(lesson, node, &item->run);
}

static bool add_block(Lesson *lesson, cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_HEADING: {
		Item *item = lesson_add(lesson, ITEM_HEADING);
		item->level = cmark_node_get_heading_level(node);
		return sentence_read(lesson, node, &item->run);
	}
	case CMARK_NODE_PARAGRAPH:
		return add_paragraph(lesson, node);
	case CMARK_NODE_CODE_BLOCK:
		return add_block_of_code(lesson, node);
	case CMARK_NODE_THEMATIC_BREAK:
		lesson_add(lesson, ITEM_RULE);
		return true;
	default:
		return true;
	}
}

bool document_read(Document *document, const Source *source, const DocumentOptions *options, Error *error)
{
	*document = (Document){0};
	Lesson lesson = {.document = document, .source = source, .arena = &document->arena, .error = error,
	                 .seed = options->seed, .delta = options->delta};
	cmark_node *root = cmark_parse_document(source->text, source->size, CMARK_OPT_SMART);
	cmark_iter *iter = cmark_iter_new(root);
	bool good = true;
	for (cmark_event_type event; good && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;)
		if (event == CMARK_EVENT_ENTER)
			good = add_block(&lesson, cmark_iter_get_node(iter));
	cmark_iter_free(iter);
	cmark_node_free(root);
	if (good) {
		sentence_find_elsewhere(&lesson);
		rests_keep_shown(document);
	} else
		document_free(document);
	return good;
}

void document_free(Document *document)
{
	for (LessonModel *model = document->model; model; model = model->next) {
		derivation_free(&model->derivation);
		replay_free(&model->replay);
		rounds_free(&model->rounds);
		rule_free(&model->stale);
		model_free(&model->model);
	}
	arena_free(&document->arena);
	*document = (Document){0};
}
