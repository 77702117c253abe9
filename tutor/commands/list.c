#include "tutor/command.h"
#include "tutor/lesson/syllabus.h"
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

static int run(Call *call, Error *error)
{
	(void)error;
	// One lesson a line where a program reads it.
	bool fills = terminal_is(1) || call->options->width;
	TextStyle style = text_style(terminal_utf8(), 0, (uint32_t)terminal_width((int)call->options->width));
	Arena arena = {0};
	Syllabus syllabus = syllabus_read(&arena);
	int width = widest_name(&syllabus);
	for (size_t i = 0; i < syllabus.count; i++)
		if (fills)
			put_filled(call->output, &syllabus.lesson[i], width, style);
		else
			put_lesson(call->output, &syllabus.lesson[i], width);
	arena_free(&arena);
	return STATUS_DONE;
}

const Command command_list = {
	.name = "list",
	.arguments = "",
	.summary = "the lessons as a course: name, title, minutes, what to read before",
	.takes = TAKES(width),
	.operands = {0, 0},
	.run = run,
	.help = "  tutor list                  all lessons, in the order in which to read them\n"
			"  tutor list | grep chain     those about the chain rule\n",
};
