#include "tutor/lesson/sentence.h"

#include "tutor/io/number.h"

#include <string.h>

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

// Text, and that of a link, is one run, though cmark gives it in pieces: a line's end, a typographic apostrophe.
static void add_text(Lesson *lesson, Runs *runs, RunKind kind, const char *text, const char *url)
{
	if (runs->last && runs->last->kind == kind && runs->url == url) {
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

// One of a model that may not be meant: it has no row, and is no example's.
static void find_form(Lesson *lesson, LessonModel *model, Run *run)
{
	find_name(lesson, model, run);
	run->group = run->row = 0;
	if (run->kind == RUN_NAME && run->name->example)
		run->kind = RUN_CODE;
}

void sentence_find_earlier(Lesson *lesson, LessonModel *model)
{
	for (Item *item = lesson->document->first; item; item = item->next)
		for (Run *run = item->run; run; run = run->next)
			if (run->kind == RUN_CODE)
				find_name(lesson, model, run);
}

void sentence_find_elsewhere(Lesson *lesson)
{
	for (LessonModel *model = lesson->document->model; model; model = model->next)
		for (Item *item = lesson->document->first; item; item = item->next)
			for (Run *run = item->run; run; run = run->next)
				if (run->kind == RUN_CODE)
					find_form(lesson, model, run);
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
	size_t line = lesson->line + (size_t)cmark_node_get_start_line(node);
	if (strncmp(text, printed, strlen(printed)) == 0)
		return add_printed(lesson, runs, text + strlen(printed), line);
	if (text[0] == '=' && text[1] == ' ')
		return add_value(lesson, runs, text + 2, line);
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

bool sentence_read(Lesson *lesson, cmark_node *block, Run **first)
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

bool lesson_sentence(Lesson *lesson, const char *text, size_t line, Run **first)
{
	cmark_node *root = cmark_parse_document(text, strlen(text), CMARK_OPT_SMART);
	cmark_node *block = cmark_node_first_child(root);
	size_t before = lesson->line;
	lesson->line = line;
	bool good = cmark_node_get_type(block) == CMARK_NODE_PARAGRAPH && !cmark_node_next(block)
	                ? sentence_read(lesson, block, first)
	                : lesson_error(lesson, line + 1, "a caption is one paragraph");
	lesson->line = before;
	cmark_node_free(root);
	return good;
}
