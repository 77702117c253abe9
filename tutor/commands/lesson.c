#include "tutor/command.h"
#include "tutor/lesson/document.h"
#include "tutor/page.h"

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
	Page page;
	DocumentOptions how = {.seed = (uint64_t)options->seed};
	bool good = page_read(&page, options, NULL, error) && read_lesson(&source, call->operands[0], &arena, error);
	how.delta = page.delta;
	good = good && document_read(&document, &source, &how, error);
	if (good) {
		page_write(&page, &document, call->output, call->operands[0]);
		document_free(&document);
	}
	arena_free(&arena);
	return good ? STATUS_DONE : STATUS_WRONG;
}

const Command command_lesson = {
	.name = "lesson", .arguments = "NAME", .summary = "a lesson: prose and derivation",
	.takes = TAKES(seed) | TAKES_PAGE, .operands = {1, 1}, .run = run,
	.help = "  tutor lesson mazur                 the worked example, from the forward pass to 10,000 rounds\n"
	        "  tutor lesson mazur --format html -o mazur.html   as a page for the browser\n"
	        "  tutor lesson mazur --format latex -o mazur.tex   for pdflatex; --format markdown for GitHub\n"
	        "  tutor lesson mazur --width 60      in narrow lines\n"
	        "  tutor lesson my.md                 a lesson of your own\n",
};
