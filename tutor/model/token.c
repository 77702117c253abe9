#include "tutor/model/token.h"

#include <stdlib.h>
#include <string.h>

typedef struct Lexer {
	Tokens *tokens;
	const Sources *sources;
	const Source *source;
	const char *at, *end;
	Place *open;         // brackets
	size_t open_count, open_capacity;
	Error *error;
} Lexer;

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static Place place_of(const Lexer *lexer, const char *at)
{
	return lexer->source->start + (Place)(at - lexer->source->text);
}

static bool wrong(const Lexer *lexer, const char *at, const char *message)
{
	return source_error(lexer->sources, place_of(lexer, at), lexer->error, "%s", message);
}

static void add(Lexer *lexer, unsigned kind, const char *from, const char *to)
{
	Tokens *tokens = lexer->tokens;
	array_reserve(tokens->token, tokens->count, tokens->capacity, 1);
	tokens->token[tokens->count++] = (Token){place_of(lexer, from), (uint32_t)(to - from), kind};
	lexer->at = to;
}

// A character, or NUL behind the end.
static char peek(const Lexer *lexer, const char *at)
{
	return at < lexer->end ? *at : '\0';
}

static const char *digits(const Lexer *lexer, const char *at)
{
	while (is_digit(peek(lexer, at)))
		at++;
	return at;
}

// 12, 1.5, .5, 1e-3; the two dots of `1..n` are not part of it, nor is the name in `2exp`.
static const char *number_end(const Lexer *lexer, const char *at)
{
	at = digits(lexer, at);
	if (peek(lexer, at) == '.' && peek(lexer, at + 1) != '.')
		at = digits(lexer, at + 1);
	char e = peek(lexer, at);
	if (e == 'e' || e == 'E') {
		char sign = peek(lexer, at + 1);
		const char *exponent = at + (sign == '+' || sign == '-' ? 2 : 1);
		if (is_digit(peek(lexer, exponent)))
			at = digits(lexer, exponent);
	}
	return at;
}

static const char *name_end(const Lexer *lexer, const char *at)
{
	while (is_letter(peek(lexer, at)) || is_digit(peek(lexer, at)) || peek(lexer, at) == '_')
		at++;
	return at;
}

static const char *line_end(const Lexer *lexer, const char *at)
{
	const char *end = at < lexer->end ? memchr(at, '\n', (size_t)(lexer->end - at)) : NULL;
	return end ? end : lexer->end;
}

// True where the rest of the line is `word` alone, or nothing where `word` is "".
static bool line_is(const Lexer *lexer, const char *at, const char *word)
{
	while (at < lexer->end && is_blank(*at))
		at++;
	size_t length = strlen(word);
	if ((size_t)(lexer->end - at) < length || memcmp(at, word, length) != 0)
		return false;
	at += length;
	while (at < lexer->end && is_blank(*at))
		at++;
	return at == lexer->end || *at == '\n' || *at == '#';
}

// After `examples`, alone on its line: the rows.
static bool add_rows(Lexer *lexer, const char *opener)
{
	const char *from = line_end(lexer, lexer->at);
	from += from < lexer->end;
	for (const char *at = from; at < lexer->end; at = line_end(lexer, at) + 1)
		if (line_is(lexer, at, "end")) {
			add(lexer, TOKEN_ROWS, from, at);
			lexer->at = line_end(lexer, at);
			return true;
		}
	return wrong(lexer, opener, "'examples' without its 'end'");
}

static bool starts_line(const Lexer *lexer)
{
	size_t count = lexer->tokens->count;
	return !lexer->open_count && (count == 0 || lexer->tokens->token[count - 1].kind == TOKEN_LINE);
}

static bool add_name(Lexer *lexer)
{
	const char *from = lexer->at;
	bool rows = starts_line(lexer) && line_is(lexer, from, "examples");
	if (name_end(lexer, from) - from > NAME_LIMIT)
		return source_error(lexer->sources, place_of(lexer, from), lexer->error,
		                    "the name is longer than the limit of %d characters", NAME_LIMIT);
	add(lexer, TOKEN_NAME, from, name_end(lexer, from));
	return !rows || add_rows(lexer, from);
}

static bool add_string(Lexer *lexer)
{
	const char *end = line_end(lexer, lexer->at), *quote = lexer->at + 1;
	while (quote < end && *quote != '"')
		quote++;
	if (quote == end)
		return wrong(lexer, lexer->at, "the quote is not closed");
	add(lexer, TOKEN_STRING, lexer->at, quote + 1);
	return true;
}

static void note_bracket(Lexer *lexer, char c)
{
	if (c == '(' || c == '[') {
		array_reserve(lexer->open, lexer->open_count, lexer->open_capacity, 1);
		lexer->open[lexer->open_count++] = place_of(lexer, lexer->at);
	} else if ((c == ')' || c == ']') && lexer->open_count) {
		char opener = *source_at(lexer->sources, lexer->open[lexer->open_count - 1]);
		lexer->open_count -= opener == (c == ')' ? '(' : '[');
	}
}

// Characters of printed mathematics and of other languages, and what is written here.
static bool no_meaning(const Lexer *lexer)
{
	static const char *const pair[][2] = {
		{"\u00B7", "*"},   {"\u00D7", "*"},   {"\u22C5", "*"},   {"\u2217", "*"}, {"\u00F7", "/"},
		{"\u2212", "-"},   {"\u2013", "-"},   {"\u00B2", "^2"},  {"\u00B3", "^3"}, {"\u207A", "+"},
		{"\u03C3", "sigmoid"}, {"\u2211", "sum"}, {"\u03A3", "sum"}, {"\u220F", "prod"}, {"\u221A", "sqrt"},
		{"{", "("}, {"}", ")"}, {":", ".."},
	};
	for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
		size_t size = strlen(pair[i][0]);
		if ((size_t)(lexer->end - lexer->at) >= size && memcmp(lexer->at, pair[i][0], size) == 0)
			return source_error(lexer->sources, place_of(lexer, lexer->at), lexer->error,
			                    "'%s' has no meaning in a model: write %s", pair[i][0], pair[i][1]);
	}
	return wrong(lexer, lexer->at, "this character has no meaning in a model");
}

static bool add_sign(Lexer *lexer)
{
	char c = *lexer->at;
	if (c == '.' && peek(lexer, lexer->at + 1) == '.') {
		add(lexer, TOKEN_RANGE, lexer->at, lexer->at + 2);
		return true;
	}
	if (!strchr("()[]+-*/^=,~", c))
		return no_meaning(lexer);
	note_bracket(lexer, c);
	add(lexer, TOKEN_SIGN + (unsigned)c, lexer->at, lexer->at + 1);
	return true;
}

static bool add_token(Lexer *lexer)
{
	char c = *lexer->at;
	if (is_letter(c))
		return add_name(lexer);
	if (c == '"')
		return add_string(lexer);
	if (!is_digit(c) && !(c == '.' && is_digit(peek(lexer, lexer->at + 1))))
		return add_sign(lexer);
	add(lexer, TOKEN_NUMBER, lexer->at, number_end(lexer, lexer->at));
	return true;
}

static bool add_all(Lexer *lexer)
{
	while (lexer->at < lexer->end) {
		char c = *lexer->at;
		if (c == '#')
			lexer->at = line_end(lexer, lexer->at);
		else if (is_blank(c) || (c == '\n' && lexer->open_count))
			lexer->at++;
		else if (c == '\n')
			add(lexer, TOKEN_LINE, lexer->at, lexer->at + 1);
		else if (!add_token(lexer))
			return false;
	}
	return true;
}

bool tokens_read(Tokens *tokens, const Sources *sources, const Source *source, Error *error)
{
	const char *end = source->text + source->size;
	bool mark = source->size >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0;
	Lexer lexer = {.tokens = tokens, .sources = sources, .source = source, .error = error,
	               .at = source->text + (mark ? 3 : 0), .end = end};
	bool well = add_all(&lexer);
	add(&lexer, TOKEN_LINE, end, end);
	add(&lexer, TOKEN_END, end, end);
	tokens->unclosed = lexer.open_count ? lexer.open[0] : PLACE_NONE;
	free(lexer.open);
	return well;
}

void tokens_free(Tokens *tokens)
{
	free(tokens->token);
	*tokens = (Tokens){0};
}
