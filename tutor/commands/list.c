#include "tutor/command.h"
#include "tutor/lesson/syllabus.h"

#include <string.h>

static int widest_name(const Syllabus *syllabus)
{
	size_t widest = 0;
	for (size_t i = 0; i < syllabus->count; i++) {
		size_t width = strlen(syllabus->lesson[i].name);
		widest = width > widest ? width : widest;
	}
	return (int)widest;
}

// NAME  TITLE (12 min; after mazur, activations)
static void put_lesson(Output *output, const SyllabusLesson *lesson, int width)
{
	output_printf(output, "%-*s  %s (%u min", width, lesson->name, lesson->title, lesson->minutes);
	for (size_t i = 0; i < lesson->needs_count; i++)
		output_printf(output, i ? ", %s" : "; after %s", lesson->needs[i]);
	output_text(output, ")\n");
}

static int run(Call *call, Error *error)
{
	(void)error;
	Arena arena = {0};
	Syllabus syllabus = syllabus_read(&arena);
	int width = widest_name(&syllabus);
	for (size_t i = 0; i < syllabus.count; i++)
		put_lesson(call->output, &syllabus.lesson[i], width);
	arena_free(&arena);
	return STATUS_DONE;
}

const Command command_list = {
	.name = "list",
	.arguments = "",
	.summary = "the lessons as a course: name, title, minutes, what to read before",
	.takes = 0,
	.operands = {0, 0},
	.run = run,
	.help = "  tutor list                  all lessons, in the order in which to read them\n"
			"  tutor list | grep chain     those about the chain rule\n",
};
