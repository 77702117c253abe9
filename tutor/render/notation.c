#include "tutor/render/notation.h"

#include "tutor/render/digits.h"

#include <math.h>
#include <string.h>

// How tightly a piece of formula holds together; what stands inside something tighter needs parentheses.
typedef enum Binding { BINDS_SUM = 1, BINDS_PRODUCT, BINDS_NEGATIVE, BINDS_POWER, BINDS_ATOM } Binding;

static const Markup *markup_of(const Notation *notation)
{
	return notation->markup ? notation->markup : &markup_text;
}

static void put(Output *output, const char *text)
{
	output_text(output, text);
}

// ---- Formulas

static bool is_value(const Formula *f, const Notation *notation)
{
	return f->kind == FORMULA_NUMBER || (notation->values && f->kind != FORMULA_OPERATION);
}

static Binding binding_of_name(const Quantity *name, const Notation *notation)
{
	bool stacks = markup_of(notation)->stacks;
	if (name->kind == QUANTITY_DERIVATIVE)
		return stacks ? BINDS_POWER : BINDS_PRODUCT;
	// What is raised already, as w5+ is, is not raised again.
	return stacks && (name->kind == QUANTITY_NEXT || name->example || name->rank) ? BINDS_POWER : BINDS_ATOM;
}

static Binding binding_of(const Formula *f, const Notation *notation)
{
	if (is_value(f, notation))
		return BINDS_ATOM;
	if (f->kind == FORMULA_NAME)
		return binding_of_name(f->name, notation);
	switch (op_info[f->op].form) {
	case FORM_SUM:
	case FORM_MINUS:
		return BINDS_SUM;
	case FORM_QUOTIENT:
		return markup_of(notation)->stacks ? BINDS_POWER : BINDS_PRODUCT;
	case FORM_PRODUCT:
		return BINDS_PRODUCT;
	case FORM_NEGATIVE:
		return BINDS_NEGATIVE;
	case FORM_POWER:
		return BINDS_POWER;
	default:
		return BINDS_ATOM;
	}
}

static void put_formula(Output *output, const Formula *f, const Notation *notation);

// Whether it has a fraction in it, or is raised by marks.
static bool is_tall(const Formula *f, const Notation *notation)
{
	if (is_value(f, notation))
		return false;
	if (f->kind == FORMULA_NAME)
		return f->name->kind == QUANTITY_DERIVATIVE || f->name->example;
	bool tall = op_info[f->op].form == FORM_QUOTIENT;
	for (uint32_t i = 0; !tall && i < f->count; i++)
		tall = is_tall(f->argument[i], notation);
	return tall;
}

static const char *const *parentheses_for(const Formula *f, const Notation *notation)
{
	const Markup *markup = markup_of(notation);
	return markup->stacks && is_tall(f, notation) ? markup->tall : markup->parentheses;
}

// What is grouped is not folded.
static Notation unfolded(const Notation *notation)
{
	Notation inner = *notation;
	inner.columns = 0;
	return inner;
}

static void put_inside(Output *output, const Formula *f, bool parentheses, const Notation *notation)
{
	if (!parentheses) {
		put_formula(output, f, notation);
		return;
	}
	const Markup *markup = markup_of(notation);
	const char *const *around = parentheses_for(f, notation);
	Notation inner = around == markup->tall ? unfolded(notation) : *notation;
	put(output, around[0]);
	put_formula(output, f, &inner);
	put(output, around[1]);
}

static void put_within(Output *output, const Formula *f, Binding tightness, const Notation *notation)
{
	put_inside(output, f, binding_of(f, notation) < tightness, notation);
}

static bool is_negative(const Formula *f, const Notation *notation)
{
	return !is_value(f, notation) && f->kind == FORMULA_OPERATION && op_info[f->op].form == FORM_NEGATIVE;
}

// Where a value alone needs no parentheses, however negative.
static void put_alone(Output *output, const Formula *f, const Notation *notation)
{
	if (is_value(f, notation))
		notation_number(output, f->value, f->row, notation);
	else
		put_formula(output, f, notation);
}

static void put_times(Output *output, const Notation *notation)
{
	const Markup *markup = markup_of(notation);
	bool ascii = markup == &markup_text && !notation->unicode;
	put(output, ascii ? "*" : notation->cross ? markup->cross : markup->times);
}

static void put_dots(Output *output, const Notation *notation)
{
	const Markup *markup = markup_of(notation);
	put(output, markup == &markup_text && !notation->unicode ? "..." : markup->dots);
}

// One term of a sum; a negative one behind the first is taken away.
static void put_term(Output *output, const Formula *f, bool first, const Notation *notation)
{
	bool minus = !first && is_negative(f, notation);
	const Markup *markup = markup_of(notation);
	put(output, first ? "" : minus ? markup->minus : markup->plus);
	put_within(output, minus ? f->argument[0] : f, first ? BINDS_SUM : BINDS_PRODUCT, notation);
}

// A derivative's name is a factor as it stands: dE/da*da/db reads as it should.
static bool is_factor(const Formula *f, bool first, const Notation *notation)
{
	if (f->kind == FORMULA_NAME)
		return true;
	Binding binding = binding_of(f, notation);
	return first ? binding >= BINDS_PRODUCT : binding > BINDS_NEGATIVE;
}

static void put_argument(Output *output, const Formula *f, uint32_t i, Form form, const Notation *notation)
{
	if (form == FORM_SUM) {
		put_term(output, f, i == 0, notation);
	} else if (form == FORM_PRODUCT) {
		if (i)
			put_times(output, notation);
		put_inside(output, f, !is_factor(f, i == 0, notation), notation);
	} else {
		put(output, i == 0 ? "" : markup_of(notation)->comma);
		put_formula(output, f, notation);
	}
}

static size_t columns_of(const Formula *f, Form form, const Notation *notation)
{
	Output memory = {0};
	Notation width = *notation;
	width.markup = &markup_width;
	put_argument(&memory, f, 1, form, &width);
	size_t columns = memory.count;
	output_abandon(&memory);
	return columns;
}

// The argument behind argument i, where those in the middle are elided.
static uint32_t next_argument(const Formula *f, uint32_t i, const Notation *notation)
{
	bool elides = notation->widest && f->count > notation->widest;
	return elides && i == 1 ? f->count - 1 : i + 1;
}

static void put_elided(Output *output, Form form, const Notation *notation)
{
	const Markup *markup = markup_of(notation);
	put(output, form == FORM_SUM ? markup->plus : form == FORM_CALL ? markup->comma : "");
	if (form == FORM_PRODUCT)
		put_times(output, notation);
	put_dots(output, notation);
}

// A sum that is the first term of a sum is folded with it.
static bool goes_on(const Formula *f, uint32_t i, Form form, const Notation *notation)
{
	const Formula *first = f->argument[i];
	return i == 0 && form == FORM_SUM && !is_value(first, notation) && first->kind == FORMULA_OPERATION &&
	       op_info[first->op].form == FORM_SUM;
}

typedef struct Width {
	size_t all, widest;
} Width;

static void measure(const Formula *f, Form form, const Notation *notation, Width *width)
{
	for (uint32_t i = 0; i < f->count; i = next_argument(f, i, notation)) {
		if (goes_on(f, i, form, notation)) {
			measure(f->argument[i], form, notation, width);
			continue;
		}
		size_t columns = columns_of(f->argument[i], form, notation);
		width->all += columns;
		width->widest = columns > width->widest ? columns : width->widest;
	}
}

// The columns of a line when the lines are to be of about the same length.
static size_t fold_columns(const Formula *f, Form form, const Notation *notation)
{
	Width width = {0};
	Notation once = unfolded(notation);
	measure(f, form, &once, &width);
	size_t lines = width.all / notation->columns + 1, even = width.all / lines + width.widest;
	return even < notation->columns ? even : notation->columns;
}

// Behind so little, as the 1/4 of 1/4·(a + b + …), a fold would leave it alone on a line: the sum is folded within.
enum { LITTLE = 8 };
static bool folds_within(const Formula *f, Form form, size_t used, const Notation *notation)
{
	return form == FORM_PRODUCT && used <= LITTLE && binding_of(f, notation) == BINDS_SUM;
}

// Returns the columns used of the last line. `columns` is 0 where nothing is folded.
static size_t put_arguments_in(Output *output, const Formula *f, Form form, size_t columns, const Notation *notation)
{
	Notation once = unfolded(notation);
	size_t used = 0;
	for (uint32_t i = 0, before = 0; i < f->count; before = i, i = next_argument(f, i, notation)) {
		if (i > before + 1)
			put_elided(output, form, notation);
		if (columns && goes_on(f, i, form, notation)) {
			used = put_arguments_in(output, f->argument[i], form, columns, notation);
			continue;
		}
		size_t wanted = columns ? columns_of(f->argument[i], form, &once) : 0;
		Notation inner = *notation;
		if (used && used + wanted > columns && columns) {
			if (folds_within(f->argument[i], form, used, notation))
				inner.columns -= (uint32_t)used + 1;
			else
				put(output, markup_of(notation)->fold), used = 0;
		}
		used += wanted;
		put_argument(output, f->argument[i], i, form, &inner);
	}
	return used;
}

static void put_arguments(Output *output, const Formula *f, Form form, const Notation *notation)
{
	bool folds = notation->columns && markup_of(notation)->fold && form != FORM_CALL;
	put_arguments_in(output, f, form, folds ? fold_columns(f, form, notation) : 0, notation);
}

static void put_power(Output *output, const Formula *f, const Notation *whole)
{
	Notation inner = unfolded(whole), *notation = &inner;
	const Markup *markup = markup_of(notation);
	const Formula *base = f->argument[0], *exponent = f->argument[1];
	put(output, markup->power[0]);
	put_within(output, base, BINDS_ATOM, notation);
	if (!markup->stacks && notation->unicode && exponent->kind == FORMULA_NUMBER &&
	    notation_small_power(output, exponent->value))
		return;
	put(output, markup->power[1]);
	if (markup->stacks)
		put_alone(output, exponent, notation);
	else
		put_within(output, exponent, BINDS_POWER, notation);
	put(output, markup->power[2]);
}

// A fraction whose numerator is wider than a line: (a + b + …)/c, which can be folded.
static void put_wide_quotient(Output *output, const Formula *f, const Notation *notation)
{
	Notation once = unfolded(notation), inner = *notation;
	const Markup *markup = markup_of(notation);
	inner.columns -= 3;
	put(output, markup->parentheses[0]);
	put_formula(output, f->argument[0], &inner);
	put(output, markup->parentheses[1]);
	put(output, markup->slash);
	put_within(output, f->argument[1], BINDS_POWER, &once);
}

static bool is_wide_quotient(const Formula *f, const Notation *notation)
{
	Notation once = unfolded(notation);
	bool folds = notation->columns && markup_of(notation)->fold && binding_of(f->argument[0], notation) == BINDS_SUM;
	return folds && columns_of(f->argument[0], FORM_CALL, &once) > notation->columns;
}

static void put_quotient(Output *output, const Formula *f, const Notation *whole)
{
	if (is_wide_quotient(f, whole)) {
		put_wide_quotient(output, f, whole);
		return;
	}
	Notation inner = unfolded(whole), *notation = &inner;
	const Markup *markup = markup_of(notation);
	const Formula *above = f->argument[0], *below = f->argument[1];
	put(output, markup->fraction[0]);
	if (markup->stacks)
		put_alone(output, above, notation);
	else
		put_within(output, above, above->kind == FORMULA_NAME ? BINDS_ATOM : BINDS_PRODUCT, notation);
	put(output, markup->fraction[1]);
	if (markup->stacks)
		put_alone(output, below, notation);
	else
		put_within(output, below, BINDS_POWER, notation);
	put(output, markup->fraction[2]);
}

static void put_call(Output *output, const Formula *f, const Notation *whole)
{
	Notation inner = unfolded(whole), *notation = &inner;
	const Markup *markup = markup_of(notation);
	const char *const *around = parentheses_for(f, notation);
	size_t name = strlen(op_info[f->op].text) + 1;
	bool folds = around == markup->parentheses && whole->columns > 2 * name;
	if (f->op == OP_SQRT && markup->root[0])
		around = markup->root;
	else if (f->op == OP_ABS && markup->bars[0])
		around = markup->bars;
	else
		markup->function(output, op_info[f->op].text);
	if (folds && around == markup->parentheses)
		inner.columns = whole->columns - (uint32_t)name;
	put(output, around[0]);
	if (f->count == 1)
		put_alone(output, f->argument[0], notation);   // its parentheses are those of the call
	else
		put_arguments(output, f, FORM_CALL, notation);
	put(output, around[1]);
}

// What stands behind a minus sign.
static void put_taken_away(Output *output, const Formula *f, const Notation *notation)
{
	put_inside(output, f, binding_of(f, notation) < BINDS_PRODUCT || is_negative(f, notation), notation);
}

static void put_operation(Output *output, const Formula *f, const Notation *notation)
{
	const OpInfo *info = &op_info[f->op];
	switch (info->form) {
	case FORM_SUM:
	case FORM_PRODUCT:
		put_arguments(output, f, info->form, notation);
		break;
	case FORM_MINUS:
		put_within(output, f->argument[0], BINDS_SUM, notation);
		put(output, markup_of(notation)->minus);
		put_taken_away(output, f->argument[1], notation);
		break;
	case FORM_NEGATIVE:
		put(output, markup_of(notation)->negative);
		put_taken_away(output, f->argument[0], notation);
		break;
	case FORM_QUOTIENT:
		put_quotient(output, f, notation);
		break;
	case FORM_POWER:
		put_power(output, f, notation);
		break;
	default:
		put_call(output, f, notation);
	}
}

// A value inside a formula: a negative one in parentheses.
static void put_value(Output *output, const Formula *f, const Notation *notation)
{
	const Markup *markup = markup_of(notation);
	Notation exact = *notation;
	if (f->kind == FORMULA_NUMBER)
		exact.digits = DIGITS_EXACT;
	bool negative = signbit(f->value) && !isnan(f->value) && f->value != 0;
	put(output, negative ? markup->parentheses[0] : "");
	notation_number(output, f->value, f->row, &exact);
	put(output, negative ? markup->parentheses[1] : "");
}

static void put_formula(Output *output, const Formula *f, const Notation *notation)
{
	if (is_value(f, notation))
		put_value(output, f, notation);
	else if (f->kind == FORMULA_NAME)
		notation_name(output, f->name, f->row, notation);
	else
		put_operation(output, f, notation);
}

void notation_formula(Output *output, const Formula *formula, const Notation *notation)
{
	put_alone(output, formula, notation);
}
