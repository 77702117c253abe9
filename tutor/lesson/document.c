#include "tutor/lesson/document.h"

#include "tutor/io/number.h"
#include "tutor/lesson/lesson.h"

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

// Of MODEL:NAME the model, with `name` moved behind the colon; else `last`.
static LessonModel *model_named(const Lesson *lesson, LessonModel *last, const char **name)
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
	model = model_named(lesson, model, &name);
	if (!query_find(&model->model, name, &query, &error))
		return lesson_error(lesson, line, "%s", error.message);
	query_values(&model->model, &query, 1, value);
	return true;
}

// ---- Sentences

typedef struct Runs {
	Run *first, **end, *last;
	const char *url;   // of the link that `last` is the text of, NULL if of none
} Runs;

static Run *add_run(Lesson *lesson, Runs *runs, RunKind kind, const char *text)
{
	Run *run = arena_new(lesson->arena, Run);
	run->kind = kind;
	run->text = text ? arena_copy(lesson->arena, text, strlen(text)) : "";
	*runs->end = run;
	runs->end = &run->next;
	runs->last = run;
	runs->url = NULL;
	return run;
}

// A link's text is one run, though cmark gives it in pieces: a line's end, a typographic apostrophe.
static void add_text(Lesson *lesson, Runs *runs, RunKind kind, const char *text, const char *url)
{
	if (url && runs->url == url) {
		runs->last->text = arena_printf(lesson->arena, "%s%s", runs->last->text, text);
		return;
	}
	Run *run = add_run(lesson, runs, kind, text);
	run->target = url ? arena_copy(lesson->arena, url, strlen(url)) : NULL;
	runs->url = url;
}

// Code that is the name of a quantity is one; what is about a model that is still to come is looked up then.
static void find_name(Lesson *lesson, LessonModel *model, Run *run)
{
	Node node;
	uint32_t lane;
	Error ignored = {0};
	if (strpbrk(run->text, " /") || !query_element(&model->model, run->text, &node, &lane, &ignored))
		return;
	run->kind = RUN_NAME;
	run->name = quantity_of(&model->model.tape, node, lane, model->model.lanes, lesson->arena);
	run->group = model->group;
	run->row = derivation_find(&model->derivation, node, lane);
}

static void find_earlier_names(Lesson *lesson, LessonModel *model)
{
	for (Item *item = lesson->document->first; item; item = item->next)
		for (Run *run = item->run; run; run = run->next)
			if (run->kind == RUN_CODE)
				find_name(lesson, model, run);
}

static bool add_value(Lesson *lesson, Runs *runs, const char *name, size_t line)
{
	LessonModel *model = lesson_model(lesson, "", line);
	Run *run = add_run(lesson, runs, RUN_VALUE, name);
	Query query;
	Error ignored = {0};
	if (!model || !lesson_value(lesson, model, name, line, &run->value))
		return false;
	if (query_find(&model->model, name, &query, &ignored) && query.step <= 1) {
		run->group = model->group;
		run->row = derivation_find(&model->derivation, query.node, query.lane);
	}
	return true;
}

// `printed 0.016`: a number that is not computed, since it is what a source has.
static bool add_printed(Lesson *lesson, Runs *runs, const char *text, size_t line)
{
	double number;
	if (!number_parse(text, &number))
		return lesson_error(lesson, line, "'printed' takes a number as a source prints it, not '%s'", text);
	add_run(lesson, runs, RUN_PRINTED, text);
	return true;
}

static bool add_code(Lesson *lesson, Runs *runs, cmark_node *node)
{
	static const char printed[] = "printed ";
	const char *text = cmark_node_get_literal(node);
	if (strncmp(text, printed, strlen(printed)) == 0)
		return add_printed(lesson, runs, text + strlen(printed), (size_t)cmark_node_get_start_line(node));
	if (text[0] == '=' && text[1] == ' ')
		return add_value(lesson, runs, text + 2, (size_t)cmark_node_get_start_line(node));
	Run *run = add_run(lesson, runs, RUN_CODE, text);
	if (lesson->model)
		find_name(lesson, lesson->model, run);
	return true;
}

// The kind that text has inside emphasis, links and the like; the innermost counts.
static RunKind text_kind(cmark_node *node, const char **target)
{
	for (cmark_node *parent = cmark_node_parent(node); parent; parent = cmark_node_parent(parent))
		switch (cmark_node_get_type(parent)) {
		case CMARK_NODE_EMPH:
			return RUN_EMPHASIS;
		case CMARK_NODE_STRONG:
			return RUN_STRONG;
		case CMARK_NODE_LINK:
			*target = cmark_node_get_url(parent);
			return RUN_LINK;
		default:
			break;
		}
	return RUN_TEXT;
}

static bool add_inline(Lesson *lesson, Runs *runs, cmark_node *node)
{
	const char *target = NULL;
	RunKind kind = text_kind(node, &target);
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_TEXT:
		add_text(lesson, runs, kind, cmark_node_get_literal(node), target);
		return true;
	case CMARK_NODE_SOFTBREAK:
		add_text(lesson, runs, kind, " ", target);
		return true;
	case CMARK_NODE_LINEBREAK:
		add_run(lesson, runs, RUN_BREAK, "");
		return true;
	case CMARK_NODE_CODE:
		return add_code(lesson, runs, node);
	default:
		return true;
	}
}

static bool read_sentence(Lesson *lesson, cmark_node *block, Run **first)
{
	Runs runs = {.end = &runs.first};
	bool good = true;
	cmark_iter *iter = cmark_iter_new(block);
	for (cmark_event_type event; good && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;)
		if (event == CMARK_EVENT_ENTER)
			good = add_inline(lesson, &runs, cmark_iter_get_node(iter));
	cmark_iter_free(iter);
	*first = runs.first;
	return good;
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
		find_earlier_names(lesson, model);
	return true;
}

// A model that is shown is shown as a graph too.
static bool add_graph(Lesson *lesson, bool hidden)
{
	LessonModel *model = lesson->model;
	if (!model || model->derivation.count > GRAPH_ROWS)
		return true;
	Graph *graph = arena_new(lesson->arena, Graph);
	if (!graph_read(graph, &model->derivation, lesson->arena, lesson->error))
		return false;
	graph->group = model->group;
	graph->hidden = hidden;
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
	return read_sentence(lesson, node, &item->run);
}

static bool add_block(Lesson *lesson, cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_HEADING: {
		Item *item = lesson_add(lesson, ITEM_HEADING);
		item->level = cmark_node_get_heading_level(node);
		return read_sentence(lesson, node, &item->run);
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
	if (!good)
		document_free(document);
	return good;
}

void document_free(Document *document)
{
	for (LessonModel *model = document->model; model; model = model->next) {
		derivation_free(&model->derivation);
		replay_free(&model->replay);
		rule_free(&model->stale);
		model_free(&model->model);
	}
	arena_free(&document->arena);
	*document = (Document){0};
}
