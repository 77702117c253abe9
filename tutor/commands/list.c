#include "tutor/command.h"
#include "tutor/embedded.h"

#include <string.h>

// The rest of the first line that begins with "# ", not inside a fenced block; NULL if there is
// none.
static const char *title(const char *text, size_t *size)
{
	bool fenced = false;
	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\r\n");
		if (strncmp(line, "```", 3) == 0)
			fenced = !fenced;
		if (!fenced && strncmp(line, "# ", 2) == 0) {
			*size = length - 2;
			return line + 2;
		}
		line += length;
		line += strspn(line, "\r\n");
	}
	return NULL;
}

// The length of a lesson's name: that of the file without ".md"; 0 if it is no lesson.
static size_t lesson_name(const char *file)
{
	size_t size = strlen(file);
	bool lesson = size > 3 && strcmp(file + size - 3, ".md") == 0 && !strchr(file, '/');
	return lesson ? size - 3 : 0;
}

static int widest_name(void)
{
	size_t widest = 0;
	for (size_t i = 0; i < embedded_count; i++)
		if (lesson_name(embedded_files[i].name) > widest)
			widest = lesson_name(embedded_files[i].name);
	return (int)widest;
}

static int run(Call *call, Error *error)
{
	(void)error;
	int width = widest_name();
	for (size_t i = 0; i < embedded_count; i++) {
		size_t size = 0, length = lesson_name(embedded_files[i].name);
		const char *words = length ? title(embedded_files[i].data, &size) : NULL;
		if (words)
			output_printf(call->output, "%-*.*s  %.*s\n", width, (int)length,
			              embedded_files[i].name, (int)size, words);
	}
	return STATUS_DONE;
}

const Command command_list = {
	.name = "list",
	.arguments = "",
	.summary = "the lessons: name and title, one a line",
	.takes = 0,
	.operands = {0, 0},
	.run = run,
	.help = "  tutor list                  all lessons\n"
			"  tutor list | grep chain     those about the chain rule\n",
};
