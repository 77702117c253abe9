#include "tutor/command.h"
#include "tutor/lesson/course_page.h"
#include "tutor/lesson/document.h"
#include "tutor/page.h"
#include "tutor/render/chart.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static bool read_lesson(Source *source, const char *name, Arena *arena, Error *error)
{
	if (!source_read(source, name, arena, error))
		return false;
	return source->lesson ||
	       error_set(error, "'%s' is a model, not a lesson: 'tutor trace %s' prints its derivation", name, name);
}

// The lesson's name: its file's without folder and ending.
static const char *bare_name(const char *file, Arena *arena)
{
	const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
	size_t size = strlen(name);
	if (size > 3 && strcmp(name + size - 3, ".md") == 0)
		size -= 3;
	return arena_copy(arena, name, size);
}

// How a document in the file `from` refers to `to`: without the folder where both are in it.
static const char *as_seen_from(const char *from, const char *to)
{
	const char *slash = from ? strrchr(from, '/') : NULL;
	size_t folder = slash ? (size_t)(slash - from) + 1 : 0;
	return strncmp(from ? from : "", to, folder) == 0 ? to + folder : to;
}

// Each chart as a file FOLDER/NAME-1.svg, FOLDER/NAME-2.svg …, known to its item.
static bool write_plots(Document *document, const Options *options, const Page *page, const char *name, Error *error)
{
	const char *folder = options->plots;
	if (!folder)
		return true;
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return error_set(error, "the folder '%s' cannot be made: %s", folder, strerror(errno));
	bool good = true;
	for (Item *item = document->first; item && good; item = item->next) {
		if (item->kind != ITEM_CHART)
			continue;
		Output output;
		const char *path = arena_printf(&document->arena, "%s/%s-%u.svg", folder, bare_name(name, &document->arena),
		                                (unsigned)item->chart->number);
		good = output_open(&output, path, error);
		if (good)
			chart_svg(&output, item->chart, &page->style, true);
		good = good && output_close(&output, error);
		item->text = as_seen_from(options->output, path);
	}
	return good;
}

// What a lesson of the course has besides: what comes next, and links to the others where they were asked for.
static void place_in_course(Document *document, const Source *source, const char *name, const char *ending)
{
	Syllabus syllabus = syllabus_read(&document->arena);
	bool brought = source->folder && !*source->folder;
	if (brought)
		course_next(document, &syllabus, name);
	if (ending)
		course_link(document, &syllabus, ending);
}

static int run(Call *call, Error *error)
{
	const Options *options = call->options;
	Arena arena = {0};
	Source source;
	Document document = {0};
	Page page;
	DocumentOptions how = {.seed = (uint64_t)options->seed};
	bool good = page_read(&page, options, NULL, error) && read_lesson(&source, call->operands[0], &arena, error);
	how.delta = page.delta;
	good = good && document_read(&document, &source, &how, error);
	if (good)
		place_in_course(&document, &source, call->operands[0], options->linked ? page.format->linked : NULL);
	good = good && write_plots(&document, options, &page, call->operands[0], error);
	if (good)
		page_write(&page, &document, call->output, call->operands[0]);
	document_free(&document);
	arena_free(&arena);
	return good ? STATUS_DONE : STATUS_WRONG;
}

const Command command_lesson = {
	.name = "lesson", .arguments = "NAME", .summary = "a lesson: prose and derivation",
	.takes = TAKES(seed) | TAKES(plots) | TAKES(linked) | TAKES_PAGE, .operands = {1, 1}, .run = run,
	.help = "  tutor lesson mazur                 the worked example, from the forward pass to 10,000 rounds\n"
	        "  tutor lesson mazur --format html -o mazur.html   as a page for the browser\n"
	        "  tutor lesson mazur --format latex -o mazur.tex   for pdflatex; --format markdown for GitHub\n"
	        "  tutor lesson optimizers --format markdown --plots pictures -o optimizers.md   its charts as SVG\n"
	        "  tutor lesson mazur --width 60      in narrow lines\n"
	        "  tutor lesson my.md                 a lesson of your own\n",
};
