// The syntax tree of a model: what the parser makes and the recorder walks.
//
// All of it lives in one arena. Names are resolved as far as the text allows: an index or an argument is the number of
// a *slot*, a place in the frame of values that the recorder keeps; any other name is a Symbol.
#ifndef MODEL_AST_H
#define MODEL_AST_H

#include "tutor/model/symbol.h"

typedef enum ExprKind {
	EXPR_NUMBER,
	EXPR_LOCAL,        // `slot`: an index, an argument, or what an update rule sees
	EXPR_NAME,         // `symbol`, without indices
	EXPR_ELEMENT,      // `symbol[item, …]`
	EXPR_LIST,         // [item, …]
	EXPR_SUM,          // item ± item ± …: `inverse` says which are subtracted
	EXPR_PRODUCT,      // item */ item */ …: `inverse` says which divide
	EXPR_NEGATIVE,
	EXPR_POWER,
	EXPR_CALL,         // op(item, …)
	EXPR_REDUCE,       // op(range, …, item)
	EXPR_DEF,          // symbol(item, …)
	EXPR_BATCH_MEAN,
	EXPR_GRAD,
	EXPR_KINDS
} ExprKind;

typedef struct Expr {
	uint8_t kind, op;            // ExprKind, Op
	bool fixed;                  // in an update rule: the same for all params
	uint32_t cache;              // where the recorder keeps a fixed one, from 1; 0 if nowhere
	Place place;
	uint32_t count;              // of `item`
	union {
		double number;
		uint32_t slot, symbol;
	};
	const struct Expr **item;
	const bool *inverse;         // of `item`
	const struct Range *range;   // of EXPR_REDUCE
	uint32_t range_count;
} Expr;

// lo..hi, or one index where `high` is NULL. Its value goes to `slot`, also where no name stands for it.
typedef struct Range {
	uint32_t slot;
	Place place;
	const Expr *low, *high;
} Range;

// The left side of a statement: a name with its indices.
typedef struct Left {
	uint32_t symbol;
	Place place;
	uint32_t rank;
	const Range *range;
} Left;

typedef enum StatementKind {
	STATEMENT_LEAF,       // size, const, input, target, param, state: one declared name
	STATEMENT_STEP,
	STATEMENT_NEXT,       // s+ = …
	STATEMENT_FOR,
	STATEMENT_DEF,
	STATEMENT_MINIMIZE,
	STATEMENT_PREDICT,
	STATEMENT_UPDATE,
	STATEMENT_KINDS
} StatementKind;

typedef enum Start { START_DATA, START_VALUE, START_NORMAL, START_UNIFORM, START_ONEHOT } Start;

typedef struct Argument {
	uint32_t symbol;
	Place place;
	const Expr *value;    // of a rule's: the default, NULL where there is none
} Argument;

typedef struct Statement {
	uint8_t kind;                 // StatementKind
	uint8_t leaf;                 // SymbolKind of a leaf
	uint8_t start;                // Start
	uint32_t number;              // of the outermost statement that this is part of
	uint32_t slots;               // that its frame needs (of the outermost, and of a def's body)
	Place place;
	Left left;                    // FOR: `range[0]`; UPDATE: the rule; DEF, MINIMIZE, PREDICT: the name
	const Expr *value, *second;   // the right side; the two arguments of a distribution
	const Argument *argument;     // UPDATE, DEF
	const Argument *on;           // UPDATE
	uint32_t argument_count, on_count;
	struct Statement *body;       // FOR
	struct Statement *next;
} Statement;

// A line of an update rule.
typedef enum RuleLineKind { RULE_STATE, RULE_STEP, RULE_NEXT } RuleLineKind;

typedef struct RuleLine {
	uint8_t kind;
	uint32_t slot;        // that gets the value
	uint32_t of;          // NEXT: the slot of the leaf
	uint32_t symbol;      // STATE, STEP: the name
	uint32_t family;      // of that name on the tape, for the recorder
	Place place;
	const Expr *value;
	struct RuleLine *next;
} RuleLine;

enum { RULE_W, RULE_G, RULE_FIRST_ARGUMENT };   // slots

typedef struct Rule {
	uint32_t symbol;
	uint32_t number;      // of its statement
	bool built_in;        // sees none of the model's names
	Place place;
	const Argument *argument;
	uint32_t argument_count;
	RuleLine *line;
	uint32_t slots, cached;
	struct Rule *next;
} Rule;

typedef struct Syntax {
	Arena arena;
	Sources sources;
	Symbols symbols;
	Statement *statement;
	Rule *rule;
	Place rows, rows_end;   // of the `examples` block; PLACE_NONE where there is none
} Syntax;

#endif
