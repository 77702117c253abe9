// Records a Syntax onto the tape of a Model.
//
// Pass one walks the statements in order: leaves and forward steps. Then the gradient of the loss is recorded, and pass
// two walks the statements again for what belongs to the update: `s+ = …` and `update`.
//
// Functions return false, or NODE_NONE, after an error.
#ifndef MODEL_RECORDER_H
#define MODEL_RECORDER_H

#include "tutor/model/ast.h"
#include "tutor/model/model.h"

enum {
	RECORD_DEPTH_LIMIT = 4000,                  // expressions within one another, functions inlined
	MODEL_NODE_LIMIT = 20 * 1000 * 1000,        // operations, unless ModelOptions.node_limit says otherwise
	MISSING_TEXT_SIZE = 240,
};

// The value of a slot: a node, or an index, which is a number of the formula.
typedef struct Local {
	Node node;
	double value;
	bool known;      // `value` is it
} Local;

// One of ModelOptions.setting, with its name taken apart.
typedef struct Set {
	uint32_t symbol;
	int32_t index[RANK_LIMIT];
	size_t rank;
	const char *member;   // of a rule's state, as v in w5.v; NULL for the symbol itself
	double value;
	bool used;
} Set;

typedef struct Recorder {
	Syntax *syntax;
	Model *model;
	Tape *tape;                  // of the model
	Tape sizes;                  // sizes are elements of a tape of their own, which nobody else sees
	const ModelOptions *options;
	Error *error;
	// Values of slots: a frame begins at `base`, the next one at `top`.
	Local *local;
	size_t base, top, local_capacity;
	Node *stack;                 // arguments of the operations that are being recorded
	size_t stack_count, stack_capacity;
	uint32_t depth;
	uint64_t work, limit;        // terms and elements gone through so far; nodes allowed
	uint32_t number;             // of the outermost statement
	bool second_pass;
	bool plain_only;             // consts do not count as known numbers
	const Statement *def;        // whose body is being recorded
	// What is being defined, for the names of the batch means in its formula.
	const char *owner;
	int32_t index[RANK_LIMIT];
	size_t rank;
	uint32_t means;
	NodeMap mean_of;             // step -> its batch mean
	// Update
	const Rule *rule;            // that is being recorded: its formulas are simplified
	Node *cache;                 // of what is the same for all params
	bool updating;               // `t` is known
	uint32_t t_symbol, batch_size_symbol;
	uint32_t *param_symbol;      // of each of Model.param
	size_t param_symbol_capacity;
	Node *param_gradient;        // of each of Model.param
	uint32_t rest_update;        // the update without `on`
	uint32_t updates;
	NodeMap next_of;             // state -> its next value
	Place loss_place;
	// Data
	const Table *table;
	Table examples;
	bool varies;                 // data varies: there are several examples, or options->batch
	size_t row;                  // the single example
	NodeMap column_of;           // hash of a column's name -> its number in the model
	bool *taken;                 // of each column of the table: whether a leaf has it
	size_t last_column;
	char missing[MISSING_TEXT_SIZE];   // columns that are not there, as a list
	size_t missing_size, missing_count;
	Place missing_place;
	Set *set;
} Recorder;

bool record_wrong(Recorder *r, Place place, const char *format, ...) __attribute__((format(printf, 3, 4)));
// The symbol of a name that must stand for something: else the error says what is known.
bool record_unknown(Recorder *r, Place place, uint32_t symbol);

static inline Symbol *record_symbol(const Recorder *r, uint32_t symbol)
{
	return &r->syntax->symbols.symbol[symbol];
}

// The tape that has the elements of a symbol.
static inline Tape *record_home(Recorder *r, const Symbol *symbol)
{
	return symbol->kind == SYMBOL_SIZE ? &r->sizes : r->tape;
}

// ---- record_number.c: what is known before recording

// The value of an expression of numbers, sizes, indices and consts.
bool record_number(Recorder *r, const Expr *expr, double *value);
bool record_whole(Recorder *r, const Expr *expr, int32_t *value);
// The element that a NAME or ELEMENT stands for.
bool record_reference(Recorder *r, const Expr *expr, const Symbol **symbol, Node *node);
// The bounds of a range; `high` < `low` where it is empty.
bool record_bounds(Recorder *r, const Range *range, int32_t *low, int32_t *high);
// Calls `each` with every combination of the ranges' values in their slots, the last range fastest.
typedef bool RecordEach(Recorder *r, void *context);
bool record_ranges(Recorder *r, const Range *range, uint32_t count, RecordEach *each, void *context);
// A frame for a function's body; `record_leave` gives back what `record_enter` returned.
size_t record_enter(Recorder *r, uint32_t slots);
bool record_function(Recorder *r, const Expr *expr, const Statement **def);

static inline void record_set_index(Recorder *r, uint32_t slot, int32_t value)
{
	r->local[r->base + slot] = (Local){.value = value, .known = true};
}

// ---- record_expression.c

Node record(Recorder *r, const Expr *expr);
// The whole right side of a statement, as a node that can be named: a new one, recorded at or after `since`.
Node record_right_side(Recorder *r, const Expr *expr);
Node record_batch_size(Recorder *r);
// The batch mean of a step, named as the step is; the step itself where it does not vary.
Node record_mean(Recorder *r, Node step);

// ---- record_leaf.c, record_step.c, record_update.c, record_rule.c: statements

// Calls `each` for every element of a left side, whose index is then in r->index.
bool record_elements(Recorder *r, const Left *left, RecordEach *each, void *context);
// That the name may stand for a `kind` of that rank: it is new, or a family that gets more elements.
bool record_define(Recorder *r, const Left *left, SymbolKind kind);
// That the element in r->index is not there yet.
bool record_is_new(Recorder *r, const Left *left);

bool record_leaf(Recorder *r, const Statement *statement);
bool record_statements(Recorder *r, const Statement *statement);
bool record_check_update(Recorder *r, const Statement *statement);
bool record_loss(Recorder *r);
bool record_update(Recorder *r, const Statement *statement);
bool record_next(Recorder *r, const Statement *statement);
// After an update `leaf` has the value of `next`.
void record_carry(Model *model, Node leaf, Node next);
// Before a rule is used by an `update`: it has nothing recorded, and its names are on the tape.
void record_prepare(Recorder *r, const Rule *rule);
// The rule at each param that names this update, with `rest` also at those that name none. Its arguments are in the frame.
bool record_rules(Recorder *r, const Rule *rule, bool rest, uint32_t update);
void record_t_next(Recorder *r);
Node record_t(Recorder *r);

// ---- feed.c and setting.c

// Reads the examples, or takes options->data.
bool feed_start(Recorder *r);
// A leaf that takes its value from the data: its column, and its value if there is one example.
bool feed_leaf(Recorder *r, const Statement *statement, const Symbol *symbol, Node leaf);
// A leaf that has its value from --set: its column may be there, and is not taken.
bool feed_skip(Recorder *r, const Statement *statement);
// All columns of a family are missing: what the list has from `before` on becomes `x[1..9]`.
void feed_shorten_missing(Recorder *r, const Symbol *symbol, size_t before);
// After all leaves: what is missing or too much is an error, else Model.data is filled.
bool feed_finish(Recorder *r);

bool setting_start(Recorder *r);
// True where the element in r->index is set; `value` is then replaced.
bool setting_find(Recorder *r, uint32_t symbol, double *value);
// The value that is set for the state `member` of an update rule at `param`.
bool setting_find_state(Recorder *r, Node param, const char *member, double *value);
// That every setting was used: `states` those of rules, else the others.
bool setting_finish(Recorder *r, bool states);

#endif
