// The parser's own tools: errors, tokens, names, slots; and a text as a whole. Statements are in parse_statement.c,
// expressions in parse_expression.c, update rules in parse_rule.c.
#include "tutor/model/parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- Errors

bool parse_wrong(Parser *parser, Place place, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	source_errorv(&parser->syntax->sources, place, parser->error, format, arguments);
	va_end(arguments);
	return false;
}

// Where a bracket of this statement is never closed, that is what is wrong, whatever was met after it.
static bool unclosed_before(const Parser *parser, Place *place)
{
	*place = parser->tokens.unclosed;
	return *place != PLACE_NONE && *place >= parser->statement->place && *place < parser->token->place;
}

// The number before a comma that a digit follows at once, as in 0,5; NULL if that is not what token `comma` is in.
static const Token *before_decimal_comma(const Parser *parser, const Token *comma)
{
	if (comma <= parser->tokens.token || comma->kind != TOKEN_SIGN + ',')
		return NULL;
	bool decimal = comma[-1].kind == TOKEN_NUMBER && comma[1].kind == TOKEN_NUMBER &&
	               comma[-1].place + comma[-1].length == comma->place && comma->place + 1 == comma[1].place;
	return decimal ? comma - 1 : NULL;
}

bool parse_expected(Parser *parser, const char *what)
{
	Place place;
	const Token *token = parser->token, *number = before_decimal_comma(parser, token);
	if (unclosed_before(parser, &place))
		return parse_wrong(parser, place, "this '%c' is not closed", *source_at(&parser->syntax->sources, place));
	if (!number && token > parser->tokens.token)
		number = before_decimal_comma(parser, token - 1);
	if (number) {
		const char *text = source_at(&parser->syntax->sources, number->place);
		int whole = (int)number->length, behind = (int)number[2].length;
		return parse_wrong(parser, number->place, "decimals stand behind a point: %.*s.%.*s, not %.*s",
		                   whole, text, behind, text + whole + 1, whole + 1 + behind, text);
	}
	if (token->kind == TOKEN_LINE || token->kind == TOKEN_END)
		return parse_wrong(parser, token->place, "expected %s, found the end of the line", what);
	if (token->kind == TOKEN_ROWS)
		return parse_wrong(parser, token->place, "expected %s, found the rows of 'examples'", what);
	int length = token->length < 40 ? (int)token->length : 40;
	return parse_wrong(parser, token->place, "expected %s, found '%.*s'", what, length,
	                   source_at(&parser->syntax->sources, token->place));
}

// ---- Tokens

bool parse_take(Parser *parser, char sign)
{
	bool there = parse_is(parser, sign);
	parser->token += there;
	return there;
}

bool parse_need(Parser *parser, char sign, const char *what)
{
	return parse_take(parser, sign) || parse_expected(parser, what);
}

bool parse_line_end(Parser *parser)
{
	if (parser->token->kind != TOKEN_LINE)
		return parse_expected(parser, "an operator or the end of the line");
	parser->token++;
	return true;
}

bool parse_is_word(const Parser *parser, const char *word)
{
	const Token *token = parser->token;
	return token->kind == TOKEN_NAME && token->length == strlen(word) &&
	       memcmp(source_at(&parser->syntax->sources, token->place), word, token->length) == 0;
}

bool parse_name(Parser *parser, uint32_t *symbol, const char *what)
{
	*symbol = 0;
	const Token *token = parser->token;
	if (token->kind != TOKEN_NAME)
		return parse_expected(parser, what);
	*symbol = symbol_intern(&parser->syntax->symbols, source_at(&parser->syntax->sources, token->place),
	                        token->length);
	parser->token++;
	return true;
}

bool parse_defined_name(Parser *parser, uint32_t *symbol, const char *what)
{
	Place place = parser->token->place;
	if (!parse_name(parser, symbol, what))
		return false;
	const Symbol *name = &parser->syntax->symbols.symbol[*symbol];
	if (symbol_is_reserved(name))
		return parse_wrong(parser, place, "'%s' is a reserved name", name->name);
	return true;
}

// ---- Slots

uint32_t parse_bind(Parser *parser, uint32_t symbol)
{
	array_reserve(parser->bound, parser->bound_count, parser->bound_capacity, 1);
	parser->bound[parser->bound_count++] = (Bound){.symbol = symbol, .slot = parser->slots_used};
	uint32_t slot = parser->slots_used++;
	if (parser->slots < parser->slots_used)
		parser->slots = parser->slots_used;
	return slot;
}

void parse_unbind(Parser *parser, size_t count)
{
	parser->slots_used -= (uint32_t)(parser->bound_count - count);
	parser->bound_count = count;
}

bool parse_binder(Parser *parser, Range *range)
{
	uint32_t symbol;
	range->place = parser->token->place;
	if (!parse_defined_name(parser, &symbol, "an index, as in 'j=1..3'") ||
	    !parse_need(parser, '=', "'=' and a range, as in 'j=1..3'") || !(range->low = parse_expression(parser)))
		return false;
	if (parser->token->kind != TOKEN_RANGE)
		return parse_expected(parser, "'..' and the end of the range");
	parser->token++;
	if (!(range->high = parse_expression(parser)))
		return false;
	range->slot = parse_bind(parser, symbol);
	return true;
}

bool parse_arguments(Parser *parser, const Argument **argument, uint32_t *count, bool values)
{
	Argument *list = NULL;
	size_t used = 0, capacity = 0;
	bool well = true;
	if (!parse_is(parser, ')'))
		do {
			Argument one = {.place = parser->token->place};
			well = parse_defined_name(parser, &one.symbol, "the name of an argument");
			if (well && (values || parse_is(parser, '=')))
				well = parse_need(parser, '=', "'=' and the argument's value") &&
				       (one.value = parse_expression(parser));
			for (size_t i = 0; well && i < used; i++)
				if (list[i].symbol == one.symbol)
					well = parse_wrong(parser, one.place, "argument '%s' is given twice",
					                   parser->syntax->symbols.symbol[one.symbol].name);
			array_reserve(list, used, capacity, 1);
			list[used++] = one;
		} while (well && parse_take(parser, ','));
	*count = (uint32_t)used;
	*argument = arena_array(&parser->syntax->arena, Argument, used);
	if (used)
		memcpy((Argument *)*argument, list, used * sizeof *list);
	free(list);
	return well && parse_need(parser, ')', values ? "an operator, ',' or ')'" : "',' or ')'");
}

// ---- Texts

static void free_parser(Parser *parser)
{
	tokens_free(&parser->tokens);
	free(parser->bound);
	free(parser->items);
}

static bool is_blank(const Tokens *tokens)
{
	for (size_t i = 0; i < tokens->count; i++)
		if (tokens->token[i].kind != TOKEN_LINE && tokens->token[i].kind != TOKEN_END)
			return false;
	return true;
}

static bool parse_text(Parser *parser, const char *file, const char *text, size_t size)
{
	Sources *sources = &parser->syntax->sources;
	parser->source = (uint32_t)sources->count;
	if (!source_add(sources, file, text, size, SOURCE_NONE, parser->error) ||
	    !tokens_read(&parser->tokens, sources, &sources->source[parser->source], parser->error))
		return false;
	parser->token = parser->statement = parser->tokens.token;
	if (is_blank(&parser->tokens))
		return error_at(parser->error, file, text, size, 0, "the model is empty");
	return parse_statements(parser);
}

bool syntax_parse(Syntax *syntax, const char *file, const char *text, size_t size, const char *folder,
                   Error *error)
{
	*syntax = (Syntax){.rows = PLACE_NONE};
	Parser parser = {.syntax = syntax, .error = error, .folder = folder,
	                 .last = &syntax->statement, .last_rule = &syntax->rule};
	bool well = parse_text(&parser, file, text, size);
	free_parser(&parser);
	return well;
}

bool syntax_parse_rules(Syntax *syntax, const char *file, const char *text, size_t size, Error *error)
{
	Rule *built_in = NULL;
	Statement *none = NULL;
	Parser parser = {.syntax = syntax, .error = error, .last = &none, .last_rule = &built_in};
	bool well = parse_text(&parser, file, text, size);
	free_parser(&parser);
	for (Rule *rule = built_in; rule; rule = rule->next)
		rule->built_in = true;
	Rule **end = &syntax->rule;
	while (*end)
		end = &(*end)->next;
	*end = built_in;
	return well;
}

void syntax_free(Syntax *syntax)
{
	source_free(&syntax->sources);
	symbols_free(&syntax->symbols);
	arena_free(&syntax->arena);
	*syntax = (Syntax){0};
}
