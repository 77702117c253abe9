// Any bytes as a lesson: read, its directives carried out, and printed in both styles. Built by
// `make fuzz`.
//
// tutor/lesson/document.c is compiled into this program with models kept small, so that the linker
// takes it in place of the library's.
#include "tutor/model/model.h"

static bool read_small_model(Model *model, const char *file, const char *text, size_t size,
                             const ModelOptions *options, Error *error);

#define model_read read_small_model
#include "tutor/lesson/document.c"
#undef model_read

#include "tutor/io/input.h"
#include "tutor/render/writer.h"

#include <ctype.h>

static bool read_small_model(Model *model, const char *file, const char *text, size_t size,
                             const ModelOptions *options, Error *error)
{
	ModelOptions small = *options;
	small.node_limit = 1000;
	small.include = "/nonexistent";
	return model_read(model, file, text, size, &small, error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// `rounds` and NAME#k may ask for millions of updates, which take their time.
static bool has_large_number(const char *text, size_t size)
{
	size_t digits = 0;
	for (size_t i = 0; i < size; i++) {
		digits = isdigit((unsigned char)text[i]) ? digits + 1 : 0;
		if (digits > 3 || (digits && i + 1 < size && (text[i + 1] == 'e' || text[i + 1] == 'E')))
			return true;
	}
	return false;
}

// In every format. Graphs are left out: another program would lay them out.
static void print(const Document *document, const TextStyle *style)
{
	for (size_t i = 0; formats[i]; i++) {
		Output output = {0};
		Error error = {0};
		Writer writer;
		writer_start(&writer, formats[i], &output, style, "fuzz.md");
		for (const Item *item = document->first; item; item = item->next)
			if (item->kind != ITEM_GRAPH)
				writer_item(&writer, item);
		writer_end(&writer);
		output_close(&output, &error);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena arena = {0};
	Document document;
	Error error = {0};
	if (size > 3000 || has_large_number((const char *)data, size))
		return 0;
	char *text = arena_copy(&arena, (const char *)data, size);
	Input input = {.name = "fuzz.md", .text = text, .size = size};
	if (!input_is_text(&input, &error)) {
		arena_free(&arena);
		return 0;
	}
	Source source = {
		.name = "fuzz.md", .text = text, .size = size, .folder = "/nonexistent", .lesson = true};
	if (document_read(&document, &source, &(DocumentOptions){.seed = 1}, &error)) {
		TextStyle unicode = text_style(true, 9, 80), ascii = text_style(false, 4, 40);
		print(&document, &unicode);
		print(&document, &ascii);
		document_free(&document);
	} else if (!error.set) {
		abort();
	}
	arena_free(&arena);
	return 0;
}
