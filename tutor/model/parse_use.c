// `use "FILE.model"`: the statements of another file.
#include "tutor/model/parser.h"

#include "tutor/io/input.h"

#include <stdlib.h>
#include <string.h>

// The path of a file that stands beside the one with the `use`.
static const char *path_of(Parser *parser, const Source *from, const char *name, size_t length)
{
	const char *slash = strrchr(from->file ? from->file : "", '/');
	Arena *arena = &parser->syntax->arena;
	if (*name == '/')
		return arena_copy(arena, name, length);
	if (parser->folder && *parser->folder)
		return arena_printf(arena, "%s/%.*s", parser->folder, (int)length, name);
	int folder = parser->folder || !slash ? 0 : (int)(slash - from->file) + 1;
	return arena_printf(arena, "%.*s%.*s", folder, from->file, (int)length, name);
}

static bool same_file(const char *a, const char *b)
{
	char *real_a = realpath(a, NULL), *real_b = realpath(b, NULL);
	bool same = strcmp(real_a ? real_a : a, real_b ? real_b : b) == 0;
	free(real_a);
	free(real_b);
	return same;
}

static bool may_use(Parser *parser, const char *path, Place place)
{
	const Sources *sources = &parser->syntax->sources;
	uint32_t depth = 0;
	for (uint32_t i = parser->source; i != SOURCE_NONE; i = sources->source[i].used_by, depth++)
		if (sources->source[i].file && same_file(sources->source[i].file, path))
			return parse_wrong(parser, place, "'%s' uses itself", path);
	return depth < USE_LIMIT ||
	       parse_wrong(parser, place, "files use one another deeper than the limit of %d", USE_LIMIT);
}

// The text of a used file, in the syntax's arena.
static bool read_used(Parser *parser, const char *path, Place place, const char **text, size_t *size)
{
	Input input;
	Error why = {0};
	if (!input_read_limited(&input, path, SOURCE_LIMIT, &why))
		return parse_wrong(parser, place, "%s", why.message);
	*text = arena_copy(&parser->syntax->arena, input.text, input.size);
	*size = input.size;
	input_free(&input);
	return true;
}

static bool parse_used(Parser *parser, const char *path, const char *text, size_t size)
{
	Parser outer = *parser;
	Sources *sources = &parser->syntax->sources;
	parser->source = (uint32_t)sources->count;
	parser->tokens = (Tokens){0};
	bool well = source_add(sources, path, text, size, outer.source, parser->error) &&
	            tokens_read(&parser->tokens, sources, &sources->source[parser->source], parser->error);
	if (well) {
		parser->token = parser->statement = parser->tokens.token;
		well = parse_statements(parser);
	}
	tokens_free(&parser->tokens);
	parser->source = outer.source;
	parser->tokens = outer.tokens;
	parser->token = outer.token;
	parser->statement = outer.statement;
	return well;
}

bool parse_use(Parser *parser, uint8_t unused)
{
	(void)unused;
	const Token *token = parser->token;
	if (token->kind != TOKEN_STRING)
		return parse_expected(parser, "a file's name in quotes");
	const char *name = source_at(&parser->syntax->sources, token->place) + 1;
	const char *path = path_of(parser, &parser->syntax->sources.source[parser->source], name, token->length - 2);
	const char *text = NULL;
	size_t size = 0;
	if (!may_use(parser, path, token->place) || !read_used(parser, path, token->place, &text, &size) ||
	    !parse_used(parser, path, text, size))
		return false;
	parser->token++;
	return true;
}
