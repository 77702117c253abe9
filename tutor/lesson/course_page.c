#include "tutor/lesson/course_page.h"

#include <string.h>

// A title with apostrophes as prose has them.
static const char *typographic(Arena *arena, const char *title)
{
	const char *quote = strchr(title, '\'');
	return quote ? arena_printf(arena, "%.*s’%s", (int)(quote - title), title, typographic(arena, quote + 1)) : title;
}

static void add_lesson(Document *document, const SyllabusLesson *lesson, int number)
{
	Arena *arena = &document->arena;
	Item *item = document_add(document, ITEM_POINT);
	item->level = 1;
	item->number = number;
	document_run(document, item, RUN_CODE, lesson->name);
	document_run(document, item, RUN_TEXT,
	             arena_printf(arena, ": %s (%u minutes", typographic(arena, lesson->title), lesson->minutes));
	for (size_t i = 0; i < lesson->needs_count; i++) {
		document_run(document, item, RUN_TEXT, i ? ", " : "; after ");
		document_run(document, item, RUN_CODE, lesson->needs[i]);
	}
	document_run(document, item, RUN_TEXT, ")");
}

void course_index(Document *document, const Syllabus *syllabus)
{
	document_say(document, ITEM_HEADING, "Backpropagation, step by step")->level = 1;
	document_say(document, ITEM_PARAGRAPH, "The lessons in the order in which to read them.");
	for (size_t i = 0; i < syllabus->count; i++)
		add_lesson(document, &syllabus->lesson[i], (int)i + 1);
}

void course_next(Document *document, const Syllabus *syllabus, const char *name)
{
	Arena *arena = &document->arena;
	const SyllabusLesson *next = syllabus_next(syllabus, name);
	if (!next)
		return;
	document_add(document, ITEM_RULE);
	Item *item = document_add(document, ITEM_PARAGRAPH);
	document_run(document, item, RUN_TEXT, "Next in the course: ");
	document_run(document, item, RUN_CODE, arena_printf(arena, "tutor lesson %s", next->name));
	document_run(document, item, RUN_TEXT,
	             arena_printf(arena, " (%s, %u minutes)", typographic(arena, next->title), next->minutes));
}

// ---- Links

// The lesson that the code is the name of, or the call; NULL for none.
static const char *lesson_of(const Syllabus *syllabus, const char *code)
{
	static const char call[] = "tutor lesson ";
	const char *name = strncmp(code, call, sizeof call - 1) == 0 ? code + sizeof call - 1 : code;
	for (size_t i = 0; i < syllabus->count; i++)
		if (strcmp(syllabus->lesson[i].name, name) == 0)
			return syllabus->lesson[i].name;
	return NULL;
}

void course_link(Document *document, const Syllabus *syllabus, const char *ending)
{
	for (Item *item = document->first; item; item = item->next)
		for (Run *run = item->run; run; run = run->next) {
			const char *name = run->kind == RUN_CODE ? lesson_of(syllabus, run->text) : NULL;
			if (!name)
				continue;
			run->kind = RUN_LINK;
			run->text = name;
			run->target = arena_printf(&document->arena, "%s.%s", name, ending);
		}
}
