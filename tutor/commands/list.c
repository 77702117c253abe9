#include "tutor/command.h"
#include "tutor/lesson/course_page.h"
#include "tutor/page.h"
#include "tutor/render/equation.h"
#include "tutor/terminal.h"

#include <string.h>

enum { GAP = 2, HANGING = 4 };

static int widest_name(const Syllabus *syllabus)
{
	size_t widest = 0;
	for (size_t i = 0; i < syllabus->count; i++) {
		size_t width = strlen(syllabus->lesson[i].name);
		widest = width > widest ? width : widest;
	}
	return (int)widest;
}

// TITLE (12 min; after mazur, activations)
static void put_title(Output *output, const SyllabusLesson *lesson)
{
	output_printf(output, "%s (%u min", lesson->title, lesson->minutes);
	for (size_t i = 0; i < lesson->needs_count; i++)
		output_printf(output, i ? ", %s" : "; after %s", lesson->needs[i]);
	output_text(output, ")");
}

// The title beside the names, filled into its column; below the name where there is little room.
static void put_filled(Output *output, const SyllabusLesson *lesson, int width, TextStyle style)
{
	Output title = {0}, filled = {0};
	bool beside = (uint32_t)width + GAP < style.width / 3;
	style.indent = beside ? (uint32_t)width + GAP : HANGING;
	put_title(&title, lesson);
	text_paragraph(&filled, output_memory(&title), title.count, &style);
	if (beside)
		output_printf(output, "%-*s%s", width + GAP, lesson->name, output_memory(&filled) + style.indent);
	else
		output_printf(output, "%s\n%s", lesson->name, output_memory(&filled));
	output_abandon(&title);
	output_abandon(&filled);
}

static void put_lesson(Output *output, const SyllabusLesson *lesson, int width)
{
	output_printf(output, "%-*s", width + GAP, lesson->name);
	put_title(output, lesson);
	output_text(output, "\n");
}

static void put_lines(Call *call, const Syllabus *syllabus, TextStyle style)
{
	// One lesson a line where a program reads it.
	bool fills = terminal_is(1) || call->options->width;
	int width = widest_name(syllabus);
	for (size_t i = 0; i < syllabus->count; i++)
		if (fills)
			put_filled(call->output, &syllabus->lesson[i], width, style);
		else
			put_lesson(call->output, &syllabus->lesson[i], width);
}

static int run(Call *call, Error *error)
{
	Page page;
	if (!page_read(&page, call->options, NULL, error))
		return STATUS_WRONG;
	Document document = {0};
	Syllabus syllabus = syllabus_read(&document.arena);
	if (page.format == &format_text) {
		put_lines(call, &syllabus, page.style);
	} else {
		course_index(&document, &syllabus);
		if (page.format->linked)
			course_link(&document, &syllabus, page.format->linked);
		page_write(&page, &document, call->output, "Backpropagation, step by step");
	}
	arena_free(&document.arena);
	return STATUS_DONE;
}

const Command command_list = {
	.name = "list",
	.arguments = "",
	.summary = "the lessons as a course: name, title, minutes, what to read before",
	.takes = TAKES(format) | TAKES(width),
	.operands = {0, 0},
	.run = run,
	.help = "  tutor list                  all lessons, in the order in which to read them\n"
			"  tutor list | grep chain     those about the chain rule\n"
			"  tutor list --format html -o index.html   as a page with links to the lessons beside it\n",
};
