// Update rules: `optimizer NAME(…)` … `end`.
#include "tutor/model/parser.h"

#include <string.h>

static const char *name_of(const Parser *parser, uint32_t symbol)
{
	return parser->syntax->symbols.symbol[symbol].name;
}

static Bound *last_bound(Parser *parser)
{
	return &parser->bound[parser->bound_count - 1];
}

static Bound *find(Parser *parser, uint32_t symbol, bool next)
{
	for (size_t i = 0; i < parser->bound_count; i++)
		if (parser->bound[i].symbol == symbol && parser->bound[i].next == next)
			return &parser->bound[i];
	return NULL;
}

static void bind_word(Parser *parser, const char *word, bool has_next)
{
	parse_bind(parser, symbol_intern(&parser->syntax->symbols, word, strlen(word)));
	last_bound(parser)->has_next = has_next;
}

static bool bind_new(Parser *parser, uint32_t symbol, Place place)
{
	if (find(parser, symbol, false))
		return parse_wrong(parser, place, "'%s' is defined twice in this rule", name_of(parser, symbol));
	parse_bind(parser, symbol);
	return true;
}

static bool bind_arguments(Parser *parser, const Rule *rule)
{
	for (uint32_t i = 0; i < rule->argument_count; i++) {
		if (!bind_new(parser, rule->argument[i].symbol, rule->argument[i].place))
			return false;
		last_bound(parser)->fixed = true;
	}
	return true;
}

static bool header(Parser *parser, Rule *rule)
{
	rule->place = parser->token->place;
	if (!parse_name(parser, &rule->symbol, "the name of the rule"))
		return false;
	for (const Rule *other = parser->syntax->rule; other; other = other->next)
		if (other->symbol == rule->symbol && !other->built_in)
			return parse_wrong(parser, rule->place, "rule '%s' is defined twice", name_of(parser, rule->symbol));
	if (parse_take(parser, '(') && !parse_arguments(parser, &rule->argument, &rule->argument_count, false))
		return false;
	bind_word(parser, "w", true);
	bind_word(parser, "g", false);
	return bind_arguments(parser, rule) && parse_line_end(parser);
}

static RuleLine *new_line(Parser *parser, RuleLine ***last, RuleLineKind kind, uint32_t symbol)
{
	RuleLine *line = arena_new(&parser->syntax->arena, RuleLine);
	line->kind = (uint8_t)kind;
	line->symbol = symbol;
	line->place = parser->token->place;
	**last = line;
	*last = &line->next;
	return line;
}

// state v = 0, …
static bool states(Parser *parser, RuleLine ***last)
{
	do {
		Place place = parser->token->place;
		uint32_t symbol;
		if (!parse_defined_name(parser, &symbol, "the name of a state"))
			return false;
		RuleLine *line = new_line(parser, last, RULE_STATE, symbol);
		line->place = place;
		if (!parse_need(parser, '=', "'=' and the state's first value") ||
		    !(line->value = parse_expression(parser)) || !bind_new(parser, symbol, place))
			return false;
		line->slot = last_bound(parser)->slot;
		last_bound(parser)->has_next = true;
	} while (parse_take(parser, ','));
	return true;
}

// v+ = …: the name is the next token.
static bool next_value(Parser *parser, RuleLine ***last)
{
	Place place = parser->token->place;
	uint32_t symbol;
	if (!parse_name(parser, &symbol, "a name"))
		return false;
	const Bound *of = find(parser, symbol, false);
	if (!of || !of->has_next)
		return parse_wrong(parser, place, "'%s' is no state of this rule, so there is no '%s+'",
		                   name_of(parser, symbol), name_of(parser, symbol));
	if (find(parser, symbol, true))
		return parse_wrong(parser, place, "'%s+' is defined twice in this rule", name_of(parser, symbol));
	RuleLine *line = new_line(parser, last, RULE_NEXT, symbol);
	line->of = of->slot;
	line->place = place;
	parser->token += 2;
	if (!(line->value = parse_expression(parser)))
		return false;
	line->slot = parse_bind(parser, symbol);
	last_bound(parser)->next = true;
	return true;
}

static bool step(Parser *parser, RuleLine ***last)
{
	Place place = parser->token->place;
	uint32_t symbol;
	if (!parse_defined_name(parser, &symbol, "a line of the rule, such as 'w+ = w - rate*g'"))
		return false;
	RuleLine *line = new_line(parser, last, RULE_STEP, symbol);
	line->place = place;
	if (!parse_need(parser, '=', "'='") || !(line->value = parse_expression(parser)) ||
	    !bind_new(parser, symbol, place))
		return false;
	line->slot = last_bound(parser)->slot;
	return true;
}

static bool line(Parser *parser, RuleLine ***last)
{
	parser->statement = parser->token;
	if (parse_is_word(parser, "state") && !parse_next_is(parser, '=') && !parse_next_is(parser, '+')) {
		parser->token++;
		return states(parser, last) && parse_line_end(parser);
	}
	bool next = parse_next_is(parser, '+') && parser->token[2].kind == TOKEN_SIGN + '=';
	return (next ? next_value(parser, last) : step(parser, last)) && parse_line_end(parser);
}

// Each state, and w, must have got its next value.
static bool is_complete(Parser *parser, const Rule *rule)
{
	for (size_t i = 0; i < parser->bound_count; i++)
		if (parser->bound[i].has_next && !find(parser, parser->bound[i].symbol, true)) {
			const char *name = name_of(parser, parser->bound[i].symbol);
			return parse_wrong(parser, rule->place, "rule '%s' does not say what '%s+' is",
			                   name_of(parser, rule->symbol), name);
		}
	return true;
}

static bool lines(Parser *parser, Rule *rule, Place opener)
{
	for (RuleLine **last = &rule->line;;) {
		if (parser->token->kind == TOKEN_END)
			return parse_wrong(parser, opener, "'optimizer' without its 'end'");
		if (parser->token->kind == TOKEN_LINE)
			parser->token++;
		else if (parse_is_word(parser, "end") && !parse_next_is(parser, '='))
			return parser->token++, is_complete(parser, rule);
		else if (!line(parser, &last))
			return false;
	}
}

bool parse_rule(Parser *parser)
{
	Place opener = parser->token[-1].place;
	Rule *rule = arena_new(&parser->syntax->arena, Rule);
	rule->number = parser->number;
	parser->rule = rule;
	bool well = header(parser, rule) && lines(parser, rule, opener);
	parser->rule = NULL;
	parse_unbind(parser, 0);
	rule->slots = parser->slots;
	*parser->last_rule = rule;
	parser->last_rule = &rule->next;
	return well;
}
