// Expressions, by recursive descent: sum, product, sign, power, primary. A chain `a + b - c` is one node, whatever its
// length; only brackets, signs and powers nest.
#include "tutor/model/parser.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static Expr *new_expr(Parser *parser, ExprKind kind, Place place)
{
	Expr *expr = arena_new(&parser->syntax->arena, Expr);
	expr->kind = (uint8_t)kind;
	expr->place = place;
	return expr;
}

// In an update rule, notes what is the same for all params, so that it is recorded once.
static const Expr *note_fixed(Parser *parser, Expr *expr)
{
	if (!parser->rule)
		return expr;
	expr->fixed = expr->kind != EXPR_REDUCE;
	for (uint32_t i = 0; i < expr->count; i++)
		expr->fixed &= expr->item[i]->fixed;
	if (expr->fixed && expr->count)
		expr->cache = ++parser->rule->cached;
	return expr;
}

// ---- Lists of items, which are collected on a stack and then copied to the arena

static void push(Parser *parser, const Expr *item)
{
	array_reserve(parser->items, parser->items_count, parser->items_capacity, 1);
	parser->items[parser->items_count++] = item;
}

static const Expr *pop_items(Parser *parser, Expr *expr, size_t from)
{
	size_t count = parser->items_count - from;
	expr->count = (uint32_t)count;
	expr->item = arena_array(&parser->syntax->arena, const Expr *, count);
	if (count)
		memcpy(expr->item, parser->items + from, count * sizeof *expr->item);
	parser->items_count = from;
	return note_fixed(parser, expr);
}

static const Expr *with_items(Parser *parser, Expr *expr, const Expr *a, const Expr *b)
{
	size_t from = parser->items_count;
	push(parser, a);
	if (b)
		push(parser, b);
	return pop_items(parser, expr, from);
}

// item, item, … up to the closing sign. At least one, unless `none` is allowed.
static const Expr *items_until(Parser *parser, Expr *expr, char closing, const Expr *(*item)(Parser *), bool none)
{
	size_t from = parser->items_count;
	if (!(none && parse_is(parser, closing)))
		do {
			const Expr *value = item(parser);
			if (!value)
				return NULL;
			push(parser, value);
		} while (parse_take(parser, ','));
	if (!parse_need(parser, closing, closing == ']' ? "',' or ']'" : "an operator, ',' or ')'"))
		return NULL;
	return pop_items(parser, expr, from);
}

// ---- Primaries

static const Expr *number(Parser *parser)
{
	const Token *token = parser->token;
	const char *text = source_at(&parser->syntax->sources, token->place);
	char few[64], *copy = token->length < sizeof few ? few : memory_alloc(token->length + 1);
	memcpy(copy, text, token->length);
	copy[token->length] = '\0';
	double value = strtod(copy, NULL);
	if (copy != few)
		free(copy);
	if (!isfinite(value))
		return parse_wrong(parser, token->place, "the number is too large"), NULL;
	parser->token++;
	if (parser->token->kind == TOKEN_NAME || parser->token->kind == TOKEN_NUMBER)
		return parse_expected(parser, "an operator after the number"), NULL;
	Expr *expr = new_expr(parser, EXPR_NUMBER, token->place);
	expr->number = value;
	return note_fixed(parser, expr);
}

static const Bound *find_bound(const Parser *parser, uint32_t symbol, bool next)
{
	for (size_t i = parser->bound_count; i-- > 0;)
		if (parser->bound[i].symbol == symbol && parser->bound[i].next == next)
			return &parser->bound[i];
	return NULL;
}

// True where the next token is the `+` of a name such as `v+`: directly behind it, and before a blank, an operator, `)`,
// `,` or the line's end.
static bool is_next_sign(const Parser *parser)
{
	const Token *plus = parser->token;
	if (!parse_is(parser, '+') || plus[-1].place + plus[-1].length != plus->place)
		return false;
	const Source *source = source_of(&parser->syntax->sources, plus->place);
	size_t after = plus->place - source->start + 1;
	return after >= source->size || strchr(" \t\r\n\f\v+-*/^=),]#", source->text[after]);
}

static const Expr *local(Parser *parser, const Bound *bound, Place place)
{
	if (bound->has_next && is_next_sign(parser)) {
		const Bound *next = find_bound(parser, bound->symbol, true);
		const char *name = parser->syntax->symbols.symbol[bound->symbol].name;
		if (!next)
			return parse_wrong(parser, place, "'%s+' is used before it is defined", name), NULL;
		bound = next;
		parser->token++;
	}
	Expr *expr = new_expr(parser, EXPR_LOCAL, place);
	expr->slot = bound->slot;
	expr->fixed = bound->fixed && parser->rule;
	return expr;
}

const Expr *parse_reference(Parser *parser)
{
	Place place = parser->token->place;
	uint32_t symbol;
	if (!parse_name(parser, &symbol, "a name"))
		return NULL;
	bool family = parse_take(parser, '[');
	Expr *expr = new_expr(parser, family ? EXPR_ELEMENT : EXPR_NAME, place);
	expr->symbol = symbol;
	return family ? items_until(parser, expr, ']', parse_expression, false) : note_fixed(parser, expr);
}

// sum(i=1..n, j=1..m, …): the name and the bracket are taken.
static const Expr *reduction(Parser *parser, Expr *expr, Op op)
{
	Range range[RANK_LIMIT];
	uint32_t count = 0;
	size_t bound = parser->bound_count;
	while (parser->token->kind == TOKEN_NAME && parse_next_is(parser, '=')) {
		if (count == RANK_LIMIT)
			return parse_wrong(parser, parser->token->place, "more than the limit of %d indices", RANK_LIMIT), NULL;
		if (!parse_binder(parser, &range[count++]) || !parse_need(parser, ',', "',' and what to add up"))
			return NULL;
	}
	if (!count)
		return parse_expected(parser, "an index, as in 'sum(i=1..3, x[i])'"), NULL;
	const Expr *body = parse_expression(parser);
	if (!body || !parse_need(parser, ')', "an operator or ')'"))
		return NULL;
	parse_unbind(parser, bound);
	expr->kind = EXPR_REDUCE;
	expr->op = (uint8_t)op;
	expr->range = memcpy(arena_array(&parser->syntax->arena, Range, count), range, count * sizeof *range);
	expr->range_count = count;
	return with_items(parser, expr, body, NULL);
}

static bool right_count(Parser *parser, const Expr *expr, const Function *function)
{
	uint32_t wanted = strcmp(function->name, "grad") == 0 ? 2 : 1;
	if (function->op != OP_COUNT && op_info[function->op].arity == ARITY_BINARY)
		wanted = 2;
	if ((function->op != OP_COUNT && op_info[function->op].arity == ARITY_NARY) || expr->count == wanted)
		return true;
	return parse_wrong(parser, expr->place, "'%s' takes %u argument%s, not %u", function->name, wanted,
	                   wanted == 1 ? "" : "s", expr->count);
}

// The name is taken; the next token is its bracket.
static const Expr *call(Parser *parser, uint32_t symbol, Place place)
{
	const Symbol *name = &parser->syntax->symbols.symbol[symbol];
	const Function *function = function_find(name->name, name->length);
	if (function && !function->reserved && name->later)
		function = NULL;
	parser->token++;
	Expr *expr = new_expr(parser, EXPR_DEF, place);
	if (!function) {
		if (parser->def && parser->def->left.symbol == symbol)
			return parse_wrong(parser, place, "function '%s' uses itself", name->name), NULL;
		expr->symbol = symbol;
		return items_until(parser, expr, ')', parse_expression, true);
	}
	bool binder = parser->token->kind == TOKEN_NAME && parse_next_is(parser, '=');
	if (function->op == OP_SUM || function->op == OP_PROD ||
	    (binder && (function->op == OP_MAX || function->op == OP_MIN)))
		return reduction(parser, expr, function->op);
	expr->kind = function->op != OP_COUNT ? EXPR_CALL : function->name[0] == 'g' ? EXPR_GRAD : EXPR_BATCH_MEAN;
	expr->op = (uint8_t)function->op;
	const Expr *result = items_until(parser, expr, ')', parse_expression, false);
	return result && right_count(parser, expr, function) ? result : NULL;
}

static const Expr *name(Parser *parser)
{
	Place place = parser->token->place;
	if (parse_next_is(parser, '['))
		return parse_reference(parser);
	uint32_t symbol;
	if (!parse_name(parser, &symbol, "a name"))
		return NULL;
	if (parse_is(parser, '('))
		return call(parser, symbol, place);
	const Bound *bound = find_bound(parser, symbol, false);
	if (bound)
		return local(parser, bound, place);
	const Symbol *known = &parser->syntax->symbols.symbol[symbol];
	const Function *function = function_find(known->name, known->length);
	if (function && function->reserved)
		return parse_expected(parser, "'(' after the name of a function"), NULL;
	Expr *expr = new_expr(parser, EXPR_NAME, place);
	expr->symbol = symbol;
	return note_fixed(parser, expr);
}

// As other languages write a power.
static bool is_double_star(const Parser *parser)
{
	const Token *token = parser->token;
	return parse_is(parser, '*') && token > parser->tokens.token && token[-1].kind == token->kind;
}

static const Expr *primary(Parser *parser)
{
	if (parser->token->kind == TOKEN_NUMBER)
		return number(parser);
	if (parser->token->kind == TOKEN_NAME)
		return name(parser);
	if (is_double_star(parser))
		return parse_wrong(parser, parser->token->place, "a power is written with ^: w^2, not w**2"), NULL;
	if (!parse_take(parser, '('))
		return parse_expected(parser, "a number, a name or '('"), NULL;
	const Expr *expr = parse_expression(parser);
	return expr && parse_need(parser, ')', "an operator or ')'") ? expr : NULL;
}

// ---- Operators

static bool deeper(Parser *parser)
{
	if (parser->depth++ < NESTING_LIMIT)
		return true;
	return parse_wrong(parser, parser->token->place, "nested deeper than the limit of %d levels", NESTING_LIMIT);
}

static const Expr *signed_power(Parser *parser);

// a^b, to the right: the exponent may have a sign.
static const Expr *power(Parser *parser)
{
	const Expr *base = primary(parser);
	if (!base || !parse_is(parser, '^'))
		return base;
	Place place = parser->token++->place;
	if (!deeper(parser))
		return NULL;
	const Expr *exponent = signed_power(parser);
	parser->depth--;
	return exponent ? with_items(parser, new_expr(parser, EXPR_POWER, place), base, exponent) : NULL;
}

static const Expr *signed_power(Parser *parser)
{
	Place place = parser->token->place;
	if (!parse_take(parser, '-'))
		return power(parser);
	if (!deeper(parser))
		return NULL;
	const Expr *expr = signed_power(parser);
	parser->depth--;
	return expr ? with_items(parser, new_expr(parser, EXPR_NEGATIVE, place), expr, NULL) : NULL;
}

typedef struct Chain {
	ExprKind kind;
	char plain, inverse;
	const Expr *(*item)(Parser *);
} Chain;

static const Expr *chain(Parser *parser, const Chain *kind)
{
	Place place = parser->token->place;
	const Expr *first = kind->item(parser);
	if (!first || !(parse_is(parser, kind->plain) || parse_is(parser, kind->inverse)))
		return first;
	size_t from = parser->items_count, flags = 0, flags_capacity = 0;
	bool *inverse = NULL;
	push(parser, first);
	array_reserve(inverse, flags, flags_capacity, 1);
	inverse[flags++] = false;
	while (parse_is(parser, kind->plain) || parse_is(parser, kind->inverse)) {
		array_reserve(inverse, flags, flags_capacity, 1);
		inverse[flags++] = parse_is(parser, kind->inverse);
		parser->token++;
		const Expr *next = kind->item(parser);
		if (!next) {
			free(inverse);
			return NULL;
		}
		push(parser, next);
	}
	Expr *expr = new_expr(parser, kind->kind, place);
	expr->inverse = memcpy(arena_array(&parser->syntax->arena, bool, flags), inverse, flags);
	free(inverse);
	return pop_items(parser, expr, from);
}

static const Expr *product(Parser *parser)
{
	return chain(parser, &(Chain){EXPR_PRODUCT, '*', '/', signed_power});
}

const Expr *parse_expression(Parser *parser)
{
	if (!deeper(parser))
		return NULL;
	const Expr *expr = chain(parser, &(Chain){EXPR_SUM, '+', '-', product});
	parser->depth--;
	return expr;
}

const Expr *parse_list_or_expression(Parser *parser)
{
	Place place = parser->token->place;
	if (!parse_take(parser, '['))
		return parse_expression(parser);
	if (!deeper(parser))
		return NULL;
	const Expr *expr = items_until(parser, new_expr(parser, EXPR_LIST, place), ']', parse_list_or_expression, true);
	parser->depth--;
	return expr;
}
