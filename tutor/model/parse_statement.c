// Statements, found by the word that they begin with.
#include "tutor/model/parser.h"

#include "tutor/nearest.h"

#include <stdlib.h>
#include <string.h>

static Statement *new_statement(Parser *parser, StatementKind kind)
{
	Statement *statement = arena_new(&parser->syntax->arena, Statement);
	statement->kind = (uint8_t)kind;
	statement->number = parser->number;
	statement->place = parser->statement->place;
	statement->left.place = parser->token->place;
	*parser->last = statement;
	parser->last = &statement->next;
	return statement;
}

static Symbol *symbol_of(Parser *parser, uint32_t symbol)
{
	return &parser->syntax->symbols.symbol[symbol];
}

// ---- Left sides

// One index of a left side: `j=1..m`, a whole-number expression, or, in a declaration, `1..m`.
static bool left_range(Parser *parser, Range *range, bool declares)
{
	if (parser->token->kind == TOKEN_NAME && parse_next_is(parser, '='))
		return parse_binder(parser, range);
	range->place = parser->token->place;
	range->high = NULL;
	if (!(range->low = parse_expression(parser)))
		return false;
	if (parser->token->kind == TOKEN_RANGE && !declares)
		return parse_expected(parser, "a name for the index, as in 'h[j=1..3]'");
	if (parser->token->kind == TOKEN_RANGE) {
		parser->token++;
		if (!(range->high = parse_expression(parser)))
			return false;
	}
	range->slot = parse_bind(parser, SYMBOL_NONE);
	return true;
}

static bool left_side(Parser *parser, Left *left, bool declares)
{
	Range range[RANK_LIMIT];
	left->place = parser->token->place;
	if (!parse_defined_name(parser, &left->symbol, "a name"))
		return false;
	if (!parse_take(parser, '['))
		return true;
	do {
		if (left->rank == RANK_LIMIT)
			return parse_wrong(parser, parser->token->place, "more than the limit of %d indices", RANK_LIMIT);
		if (!left_range(parser, &range[left->rank++], declares))
			return false;
	} while (parse_take(parser, ','));
	size_t size = left->rank * sizeof *range;
	left->range = memcpy(arena_array(&parser->syntax->arena, Range, left->rank), range, size);
	return parse_need(parser, ']', "an operator, ',' or ']'");
}

// ---- Declarations

// normal(mean, sd): the sign ~ is taken.
static bool distribution(Parser *parser, Statement *leaf)
{
	bool normal = parse_is_word(parser, "normal");
	if (!normal && !parse_is_word(parser, "uniform"))
		return parse_expected(parser, "'normal(mean, sd)' or 'uniform(lo, hi)'");
	parser->token++;
	leaf->start = normal ? START_NORMAL : START_UNIFORM;
	return parse_need(parser, '(', "'('") && (leaf->value = parse_expression(parser)) &&
	       parse_need(parser, ',', "an operator or ',' and the second number") &&
	       (leaf->second = parse_expression(parser)) && parse_need(parser, ')', "an operator or ')'");
}

static bool start_value(Parser *parser, Statement *leaf)
{
	bool from_data = leaf->leaf == SYMBOL_INPUT || leaf->leaf == SYMBOL_TARGET;
	if (parse_take(parser, '=')) {
		leaf->start = START_VALUE;
		return (leaf->value = parse_list_or_expression(parser));
	}
	if (leaf->leaf == SYMBOL_PARAM && parse_take(parser, '~'))
		return distribution(parser, leaf);
	if (from_data && parse_is_word(parser, "onehot")) {
		if (!leaf->left.rank)
			return parse_wrong(parser, parser->token->place, "'onehot' wants a family, as in 'y[0..9] onehot digit'");
		parser->token++;
		leaf->start = START_ONEHOT;
		return (leaf->value = parse_reference(parser));
	}
	leaf->start = START_DATA;
	if (from_data && (parse_is(parser, ',') || parser->token->kind == TOKEN_LINE))
		return true;
	return parse_expected(parser, from_data ? "'=', 'onehot', ',' or the end of the line"
	                              : leaf->leaf == SYMBOL_PARAM ? "'=' or '~' and the start value"
	                                                           : "'=' and the value");
}

static bool declaration(Parser *parser, uint8_t leaf)
{
	do {
		size_t bound = parser->bound_count;
		Statement *statement = new_statement(parser, STATEMENT_LEAF);
		statement->leaf = leaf;
		if (!left_side(parser, &statement->left, true) || !start_value(parser, statement))
			return false;
		symbol_of(parser, statement->left.symbol)->later = true;
		parse_unbind(parser, bound);
	} while (parse_take(parser, ','));
	return true;
}

// ---- Steps

static bool step(Parser *parser)
{
	size_t bound = parser->bound_count;
	Statement *statement = new_statement(parser, STATEMENT_STEP);
	if (!left_side(parser, &statement->left, false))
		return false;
	if (parse_is(parser, '+') && parse_next_is(parser, '=')) {
		statement->kind = STATEMENT_NEXT;
		parser->token++;
	} else {
		symbol_of(parser, statement->left.symbol)->later = true;
	}
	if (!parse_need(parser, '=', "'='") || !(statement->value = parse_expression(parser)))
		return false;
	parse_unbind(parser, bound);
	return true;
}

static bool function(Parser *parser, uint8_t unused)
{
	(void)unused;
	Statement *statement = new_statement(parser, STATEMENT_DEF);
	statement->left.place = parser->token->place;
	if (!parse_defined_name(parser, &statement->left.symbol, "the name of the function") ||
	    !parse_need(parser, '(', "'(' and the arguments"))
		return false;
	if (!parse_arguments(parser, &statement->argument, &statement->argument_count, false))
		return false;
	for (uint32_t i = 0; i < statement->argument_count; i++) {
		if (statement->argument[i].value)
			return parse_wrong(parser, statement->argument[i].place, "a function's argument has no default");
		parse_bind(parser, statement->argument[i].symbol);
	}
	symbol_of(parser, statement->left.symbol)->later = true;
	parser->def = statement;
	bool well = parse_need(parser, '=', "'='") && (statement->value = parse_expression(parser));
	parser->def = NULL;
	parse_unbind(parser, 0);
	return well;
}

// ---- The loss and the update

static bool minimize(Parser *parser, uint8_t kind)
{
	Statement *statement = new_statement(parser, kind);
	statement->value = kind == STATEMENT_MINIMIZE ? parse_reference(parser) : NULL;
	if (kind == STATEMENT_MINIMIZE)
		return statement->value;
	return parse_name(parser, &statement->left.symbol, "the name of the answer");
}

static bool update(Parser *parser, uint8_t unused)
{
	(void)unused;
	Statement *statement = new_statement(parser, STATEMENT_UPDATE);
	statement->left.place = parser->token->place;
	if (!parse_name(parser, &statement->left.symbol, "the name of an update rule"))
		return false;
	if (parse_take(parser, '(') &&
	    !parse_arguments(parser, &statement->argument, &statement->argument_count, true))
		return false;
	if (!parse_is_word(parser, "on"))
		return true;
	Argument *on = NULL;
	size_t count = 0, capacity = 0;
	bool well;
	do {
		parser->token++;
		array_reserve(on, count, capacity, 1);
		on[count].place = parser->token->place;
		well = parse_name(parser, &on[count].symbol, "the name of a param");
		count += well;
	} while (well && parse_is(parser, ','));
	statement->on_count = (uint32_t)count;
	statement->on = arena_array(&parser->syntax->arena, Argument, count);
	if (count)
		memcpy((Argument *)statement->on, on, count * sizeof *on);
	free(on);
	return well;
}

static bool optimizer(Parser *parser, uint8_t unused)
{
	(void)unused;
	return parse_rule(parser);
}

// ---- All of them

static bool examples(Parser *parser, uint8_t unused)
{
	(void)unused;
	const Token *rows = parser->token;
	if (rows->kind != TOKEN_ROWS)
		return parse_expected(parser, "the end of the line");
	if (parser->syntax->rows != PLACE_NONE)
		return parse_wrong(parser, rows[-1].place, "a second 'examples'");
	parser->syntax->rows = rows->place;
	parser->syntax->rows_end = rows->place + rows->length;
	parser->token++;
	return true;
}

static bool statement(Parser *parser, bool outermost);
static bool block(Parser *parser, uint8_t unused);

static const struct Keyword {
	const char *word;
	bool (*parse)(Parser *parser, uint8_t kind);
	uint8_t kind;
	bool anywhere;    // may stand inside `for`
} keywords[] = {
	{"size", declaration, SYMBOL_SIZE, true},
	{"const", declaration, SYMBOL_CONST, true},
	{"input", declaration, SYMBOL_INPUT, true},
	{"target", declaration, SYMBOL_TARGET, true},
	{"param", declaration, SYMBOL_PARAM, true},
	{"state", declaration, SYMBOL_STATE, true},
	{"for", block, 0, true},
	{"def", function, 0, false},
	{"minimize", minimize, STATEMENT_MINIMIZE, false},
	{"predict", minimize, STATEMENT_PREDICT, false},
	{"update", update, 0, false},
	{"optimizer", optimizer, 0, false},
	{"examples", examples, 0, false},
	{"use", parse_use, 0, false},
};
enum { KEYWORDS = sizeof keywords / sizeof *keywords };

// A keyword directly followed by `=` or `[` (or `+ =`, a state's next value) is an ordinary name.
static bool is_keyword(const Parser *parser, const char *word)
{
	bool next = parse_next_is(parser, '+') && parser->token[2].kind == TOKEN_SIGN + '=';
	return parse_is_word(parser, word) && !parse_next_is(parser, '=') && !parse_next_is(parser, '[') && !next;
}

static bool block(Parser *parser, uint8_t unused)
{
	(void)unused;
	const Token *opener = parser->token - 1;
	size_t bound = parser->bound_count;
	Statement *loop = new_statement(parser, STATEMENT_FOR);
	Range *range = arena_new(&parser->syntax->arena, Range);
	loop->left = (Left){SYMBOL_NONE, parser->token->place, 1, range};
	if (!parse_binder(parser, range) || !parse_line_end(parser))
		return false;
	if (parser->depth++ == NESTING_LIMIT)
		return parse_wrong(parser, opener->place, "nested deeper than the limit of %d levels", NESTING_LIMIT);
	Statement **outer = parser->last;
	parser->last = &loop->body;
	while (!is_keyword(parser, "end")) {
		if (parser->token->kind == TOKEN_END)
			return parse_wrong(parser, opener->place, "'for' without its 'end'");
		if (!statement(parser, false))
			return false;
	}
	parser->token++;
	parser->depth--;
	parser->last = outer;
	parse_unbind(parser, bound);
	return true;
}

// A line that begins with no keyword: a step, or perhaps a keyword written wrongly.
static bool step_or_typo(Parser *parser)
{
	const Token *token = parser->token;
	if (token->kind == TOKEN_NAME && token[1].kind == TOKEN_NAME) {
		const char *text = source_at(&parser->syntax->sources, token->place);
		Nearest nearest = nearest_start(text, token->length);
		for (size_t i = 0; i < KEYWORDS; i++)
			nearest_offer(&nearest, keywords[i].word);
		if (nearest.name)
			return parse_wrong(parser, token->place, "no statement begins with '%.*s'; did you mean '%s'?",
			                   (int)token->length, text, nearest.name);
	}
	return token->kind == TOKEN_NAME ? step(parser) : parse_expected(parser, "a statement");
}

static bool statement(Parser *parser, bool outermost)
{
	parser->statement = parser->token;
	if (parser->token->kind == TOKEN_LINE)
		return parser->token++, true;
	if (is_keyword(parser, "end"))
		return parse_wrong(parser, parser->token->place, "'end' without a 'for', 'optimizer' or 'examples'");
	for (size_t i = 0; i < KEYWORDS; i++)
		if (is_keyword(parser, keywords[i].word)) {
			if (!keywords[i].anywhere && !outermost)
				return parse_wrong(parser, parser->token->place, "'%s' cannot stand inside 'for'", keywords[i].word);
			parser->token++;
			return keywords[i].parse(parser, keywords[i].kind) && parse_line_end(parser);
		}
	return step_or_typo(parser) && parse_line_end(parser);
}

bool parse_statements(Parser *parser)
{
	while (parser->token->kind != TOKEN_END) {
		Statement **from = parser->last;
		parser->number++;
		parser->slots = parser->slots_used = 0;
		if (!statement(parser, true))
			return false;
		for (Statement *made = *from; made; made = made->next)
			made->slots = made->slots > parser->slots ? made->slots : parser->slots;
	}
	return true;
}
