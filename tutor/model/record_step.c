// Statements other than declarations, each in the pass that it belongs to.
#include "tutor/model/recorder.h"

// ---- Steps

typedef struct Steps {
	const Statement *statement;
	bool may_be_there;      // some elements may be defined already
} Steps;

static bool add_step(Recorder *r, void *context)
{
	const Steps *steps = context;
	const Statement *s = steps->statement;
	Symbol *symbol = record_symbol(r, s->left.symbol);
	if (steps->may_be_there && !record_is_new(r, &s->left))
		return false;
	r->owner = symbol->name;
	Node node = record_right_side(r, s->value);
	if (node == NODE_NONE)
		return false;
	tape_name_element(r->tape, node, symbol->family, r->index, r->rank);
	symbol_add_element(symbol, node, r->index);
	return true;
}

static bool record_step(Recorder *r, const Statement *s)
{
	Steps steps = {s, record_symbol(r, s->left.symbol)->count > 0};
	return record_define(r, &s->left, SYMBOL_STEP) && record_elements(r, &s->left, add_step, &steps);
}

// ---- for

static bool one_round(Recorder *r, void *context)
{
	return record_statements(r, ((const Statement *)context)->body);
}

static bool record_for(Recorder *r, const Statement *s)
{
	return record_ranges(r, s->left.range, 1, one_round, (void *)s);
}

// ---- def

// Every name in a function's body must be one that the text defines, even if the function is never called.
static bool check_names(Recorder *r, const Expr *expr)
{
	if (expr->kind == EXPR_NAME || expr->kind == EXPR_ELEMENT) {
		const Symbol *symbol = record_symbol(r, expr->symbol);
		if (!symbol->later && expr->symbol != r->batch_size_symbol && expr->symbol != r->t_symbol)
			return record_unknown(r, expr->place, expr->symbol);
	}
	for (uint32_t i = 0; i < expr->count; i++)
		if (!check_names(r, expr->item[i]))
			return false;
	return true;
}

static bool record_def(Recorder *r, const Statement *s)
{
	if (record_symbol(r, s->left.symbol)->kind != SYMBOL_UNDEFINED)
		return record_wrong(r, s->left.place, "'%s' is defined twice", record_symbol(r, s->left.symbol)->name);
	if (!record_define(r, &s->left, SYMBOL_DEF))
		return false;
	record_symbol(r, s->left.symbol)->def = s;
	return check_names(r, s->value);
}

// ---- minimize, predict

static bool record_minimize(Recorder *r, const Statement *s)
{
	const Symbol *symbol;
	Node node;
	if (r->model->loss != NODE_NONE)
		return record_wrong(r, s->place, "a second 'minimize'");
	if (!record_reference(r, s->value, &symbol, &node))
		return false;
	if (symbol->kind != SYMBOL_STEP)
		return record_wrong(r, s->value->place, "'%s' is a %s: the loss must be a step", symbol->name,
		                    symbol_kind_text[symbol->kind]);
	r->model->loss = node;
	r->loss_place = s->value->place;
	return true;
}

static bool record_predict(Recorder *r, const Statement *s)
{
	const Symbol *symbol = record_symbol(r, s->left.symbol);
	if (r->model->predict != NAME_NONE)
		return record_wrong(r, s->place, "a second 'predict'");
	if (symbol->kind == SYMBOL_UNDEFINED)
		return record_unknown(r, s->left.place, s->left.symbol);
	if (symbol->kind != SYMBOL_STEP)
		return record_wrong(r, s->left.place, "'%s' is a %s: the answer must be a step", symbol->name,
		                    symbol_kind_text[symbol->kind]);
	r->model->predict = symbol->family;
	return true;
}

// ---- All of them

typedef bool RecordStatement(Recorder *r, const Statement *s);

// In the first pass, and in the second; NULL where there is nothing to do.
static RecordStatement *const pass[2][STATEMENT_KINDS] = {
	{
		[STATEMENT_LEAF] = record_leaf, [STATEMENT_STEP] = record_step, [STATEMENT_FOR] = record_for,
		[STATEMENT_DEF] = record_def, [STATEMENT_MINIMIZE] = record_minimize, [STATEMENT_PREDICT] = record_predict,
		[STATEMENT_UPDATE] = record_check_update,
	},
	{
		[STATEMENT_FOR] = record_for, [STATEMENT_NEXT] = record_next, [STATEMENT_UPDATE] = record_update,
	},
};

bool record_statements(Recorder *r, const Statement *statement)
{
	for (const Statement *s = statement; s; s = s->next) {
		RecordStatement *step = pass[r->second_pass][s->kind];
		if (!step)
			continue;
		bool outermost = r->top == 0;
		if (outermost) {
			r->number = s->number;
			r->base = record_enter(r, s->slots);
			r->top += s->slots == 0;   // so that what is inside does not look outermost
		}
		if (!step(r, s))
			return false;
		if (outermost)
			r->top = r->base = 0;
	}
	return true;
}
