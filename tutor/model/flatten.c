#include "tutor/model/flatten.h"

#include "tutor/model/parser.h"

#include <stdlib.h>
#include <string.h>

typedef struct Flattening {
	const Sources *sources;
	Output *output;
	uint32_t *next;   // of each source, the first that may stand for its next `use`
} Flattening;

static bool is_use(const Sources *sources, const Token *token, bool starts)
{
	return starts && token->kind == TOKEN_NAME && token->length == 3 &&
	       token[1].kind == TOKEN_STRING && memcmp(source_at(sources, token->place), "use", 3) == 0;
}

// The source that the next `use` of source `from` has brought: sources come in the order in which
// they were used.
static uint32_t next_used(Flattening *f, uint32_t from)
{
	uint32_t i = f->next[from];
	while (i < f->sources->count && f->sources->source[i].used_by != from)
		i++;
	f->next[from] = i + 1;
	return i;
}

// Files use one another USE_LIMIT deep at most.
static bool write_source(Flattening *f, uint32_t number, Error *error)
{
	const Source *source = &f->sources->source[number];
	Tokens tokens = {0};
	bool good = tokens_read(&tokens, f->sources, source, error), starts = true;
	Place done = source->start;
	for (const Token *token = tokens.token; good && token->kind != TOKEN_END; token++) {
		bool use = is_use(f->sources, token, starts);
		starts = token->kind == TOKEN_LINE;
		uint32_t used = use ? next_used(f, number) : SOURCE_NONE;
		if (!use || used >= f->sources->count)
			continue;
		output_bytes(f->output, source->text + (done - source->start), token->place - done);
		good = write_source(f, used, error);
		done = token[1].place + token[1].length;
	}
	size_t left = done - source->start;
	if (good) {
		output_bytes(f->output, source->text + left, source->size - left);
		if (source->size && source->text[source->size - 1] != '\n')
			output_text(f->output, "\n");
	}
	tokens_free(&tokens);
	return good;
}

bool model_flatten(Output *output, const char *file, const char *text, size_t size,
                   const char *folder, Error *error)
{
	Syntax syntax;
	bool good = syntax_parse(&syntax, file, text, size, folder, error);
	if (good) {
		Flattening f = {&syntax.sources, output, NULL};
		f.next = memory_alloc(memory_product(syntax.sources.count, sizeof *f.next));
		for (uint32_t i = 0; i < syntax.sources.count; i++)
			f.next[i] = i + 1;
		good = write_source(&f, 0, error);
		free(f.next);
	}
	syntax_free(&syntax);
	return good;
}
