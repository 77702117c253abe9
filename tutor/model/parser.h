// Reads the text of a model into a Syntax.
#ifndef MODEL_PARSER_H
#define MODEL_PARSER_H

#include "tutor/model/ast.h"
#include "tutor/model/token.h"

// Levels of brackets, signs and powers within one another, blocks within blocks, files that use files.
enum { NESTING_LIMIT = 1000, USE_LIMIT = 50 };

// False where the text is wrong; the syntax is to be freed all the same. `folder` is where `use` reads from, NULL for
// the folder of the file that has the `use`.
bool syntax_parse(Syntax *syntax, const char *file, const char *text, size_t size, const char *folder,
                   Error *error);
// Adds the rules of a text that has nothing else.
bool syntax_parse_rules(Syntax *syntax, const char *file, const char *text, size_t size, Error *error);
void syntax_free(Syntax *syntax);

// ---- For the parser's own files

// A name that a slot stands for; the last of a name hides the others.
typedef struct Bound {
	uint32_t symbol, slot;
	bool next;           // `v+`
	bool fixed;          // in an update rule: the same for all params
	bool has_next;       // w or a state of a rule
} Bound;

typedef struct Parser {
	Syntax *syntax;
	Error *error;
	const char *folder;
	Tokens tokens;
	const Token *token;          // the next one
	const Token *statement;      // where the statement began
	uint32_t source;
	uint32_t depth;
	Bound *bound;
	size_t bound_count, bound_capacity;
	uint32_t slots, slots_used;  // of the frame: the most so far, and now
	Rule *rule;                  // that is being read
	const Statement *def;        // that is being read
	Statement **last;            // where the next statement is linked
	Rule **last_rule;
	uint32_t number;             // of outermost statements
	const Expr **items;          // a stack, of the lists being read
	size_t items_count, items_capacity;
} Parser;

// Errors; all return false. `parse_wrong` is at a place; `parse_expected` at the next token, or at the bracket that
// is not closed where there is one.
bool parse_wrong(Parser *parser, Place place, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool parse_expected(Parser *parser, const char *what);

static inline bool parse_is(const Parser *parser, char sign)
{
	return parser->token->kind == TOKEN_SIGN + (unsigned)sign;
}

static inline bool parse_next_is(const Parser *parser, char sign)
{
	return parser->token->kind != TOKEN_END && parser->token[1].kind == TOKEN_SIGN + (unsigned)sign;
}

// Takes the sign if it is there.
bool parse_take(Parser *parser, char sign);
// Takes it, or reports what was expected.
bool parse_need(Parser *parser, char sign, const char *what);
bool parse_line_end(Parser *parser);
bool parse_is_word(const Parser *parser, const char *word);
// The next token must be a name; takes it and gives its symbol.
bool parse_name(Parser *parser, uint32_t *symbol, const char *what);

// One more slot, for `symbol` (SYMBOL_NONE: for none).
uint32_t parse_bind(Parser *parser, uint32_t symbol);
// Forgets what was bound since there were `count`; their slots are free again.
void parse_unbind(Parser *parser, size_t count);
// A name that the text defines: not a reserved one.
bool parse_defined_name(Parser *parser, uint32_t *symbol, const char *what);

const Expr *parse_expression(Parser *parser);     // NULL after an error
const Expr *parse_list_or_expression(Parser *parser);
// name[item, …] or name, without looking at what is bound.
const Expr *parse_reference(Parser *parser);
// `name = lo..hi`, bound from here on.
bool parse_binder(Parser *parser, Range *range);
bool parse_rule(Parser *parser);                  // after `optimizer`
bool parse_use(Parser *parser, uint8_t unused);   // after `use`
// name = value, … and the closing bracket; the value may be left out where `values` is false.
bool parse_arguments(Parser *parser, const Argument **argument, uint32_t *count, bool values);
bool parse_statements(Parser *parser);            // to the end of the text

#endif
