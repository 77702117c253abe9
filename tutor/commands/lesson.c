#include "tutor/command.h"
#include "tutor/lesson/document.h"
#include "tutor/render/document_text.h"
#include "tutor/terminal.h"

static bool read_lesson(Source *source, const char *name, Arena *arena, Error *error)
{
	if (!source_read(source, name, arena, error))
		return false;
	return source->lesson ||
	       error_set(error, "'%s' is a model, not a lesson: 'tutor trace %s' prints its derivation", name, name);
}

static int run(Call *call, Error *error)
{
	const Options *options = call->options;
	Arena arena = {0};
	Source source;
	Document document;
	DocumentOptions how = {.seed = (uint64_t)options->seed};
	bool good = options_choice("format", options->format, "text", error) >= 0 &&
	            read_lesson(&source, call->operands[0], &arena, error) &&
	            document_read(&document, &source, &how, error);
	if (good) {
		TextStyle style = text_style(terminal_utf8() && !options->ascii, (int)options->digits,
		                             (uint32_t)terminal_width((int)options->width));
		document_text(call->output, &document, &style);
		document_free(&document);
	}
	arena_free(&arena);
	return good ? STATUS_DONE : STATUS_WRONG;
}

const Command command_lesson = {
	.name = "lesson", .arguments = "NAME", .summary = "a lesson: prose and derivation",
	.takes = TAKES(format) | TAKES(seed) | TAKES(width) | TAKES(ascii), .operands = {1, 1}, .run = run,
	.help = "  tutor lesson mazur                 the worked example, from the forward pass to 10,000 rounds\n"
	        "  tutor lesson mazur --width 60      in narrow lines\n"
	        "  tutor lesson my.md                 a lesson of your own\n",
};
