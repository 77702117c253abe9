#include "tutor/render/notation.h"

#include "tutor/io/number.h"
#include "tutor/render/digits.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

// How tightly a piece of formula holds together; what stands inside something tighter needs parentheses.
typedef enum Binding { BINDS_SUM = 1, BINDS_PRODUCT, BINDS_NEGATIVE, BINDS_POWER, BINDS_ATOM } Binding;

// ---- Names

static const char *const subscript[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};
static const char *const superscript[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};

typedef struct Symbol {
	const char *name, *text;
} Symbol;

// Names that mathematics writes with a letter of their own.
static const Symbol symbol[] = {
    {"update.rate", "η"}, {"update.t", "t"}, {"alpha", "α"}, {"beta", "β"},   {"beta1", "β₁"},
    {"beta2", "β₂"},      {"gamma", "γ"},    {"delta", "δ"}, {"epsilon", "ε"}, {"eps", "ε"},
    {"eta", "η"},         {"theta", "θ"},    {"lambda", "λ"}, {"mu", "μ"},     {"rho", "ρ"},
    {"sigma", "σ"},       {"tau", "τ"},      {"phi", "φ"},   {"omega", "ω"},
};

static void put_symbol(Output *output, const char *name)
{
	for (size_t i = 0; i < sizeof symbol / sizeof *symbol; i++)
		if (strcmp(name, symbol[i].name) == 0) {
			output_text(output, symbol[i].text);
			return;
		}
	const char *dot = strncmp(name, "update", 6) == 0 ? strchr(name, '.') : NULL;
	if (dot)
		name = dot + 1;
	size_t length = strlen(name), letters = length;
	while (letters > 1 && isdigit((unsigned char)name[letters - 1]))
		letters--;
	output_bytes(output, name, letters);
	for (; letters < length; letters++)
		output_text(output, subscript[name[letters] - '0']);
}

static void put_quantity(Output *output, const Quantity *q, const Notation *notation);

static void put_end(Output *output, const Quantity *q, const Notation *notation)
{
	bool nested = q->kind == QUANTITY_DERIVATIVE;
	output_text(output, notation->unicode ? "∂" : "d");
	output_text(output, nested ? "(" : "");
	put_quantity(output, q, notation);
	output_text(output, nested ? ")" : "");
}

static void put_element(Output *output, const Quantity *q, const Notation *notation)
{
	if (notation->unicode)
		put_symbol(output, q->text);
	else
		output_text(output, q->text);
	for (uint32_t i = 0; i < q->rank; i++)
		output_printf(output, "%c%d", i ? ',' : '[', (int)q->index[i]);
	output_text(output, q->rank ? "]" : "");
	if (q->example)
		output_printf(output, "@%u", (unsigned)q->example);
}

static void put_quantity(Output *output, const Quantity *q, const Notation *notation)
{
	switch (q->kind) {
	case QUANTITY_ELEMENT:
		put_element(output, q, notation);
		break;
	case QUANTITY_DERIVATIVE:
		put_end(output, q->of, notation);
		output_text(output, "/");
		put_end(output, q->by, notation);
		output_text(output, q->direct ? ":direct" : "");
		break;
	case QUANTITY_NEXT:
		put_quantity(output, q->of, notation);
		output_text(output, notation->unicode ? "⁺" : "+");
		break;
	case QUANTITY_MEMBER:
		put_quantity(output, q->of, notation);
		output_text(output, ".");
		output_text(output, q->text);
		break;
	}
}

void notation_quantity(Output *output, const Quantity *quantity, const Notation *notation)
{
	put_quantity(output, quantity, notation);
}

// ---- Numbers

void notation_value(Output *output, double value, const Notation *notation)
{
	char text[DIGITS_SIZE];
	if (notation->digits < 0)
		output_made(output, number_format17(output_room(output, NUMBER_SIZE), value));
	else
		output_bytes(output, text, digits_write(text, value, notation->digits));
}

// ---- Formulas

static bool is_value(const Formula *f, const Notation *notation)
{
	return f->kind == FORMULA_NUMBER || (notation->values && f->kind != FORMULA_OPERATION);
}

static Binding binding_of(const Formula *f, const Notation *notation)
{
	if (is_value(f, notation))
		return BINDS_ATOM;
	if (f->kind == FORMULA_NAME)
		return f->name->kind == QUANTITY_DERIVATIVE ? BINDS_PRODUCT : BINDS_ATOM;
	switch (op_info[f->op].form) {
	case FORM_SUM:
	case FORM_MINUS:
		return BINDS_SUM;
	case FORM_PRODUCT:
	case FORM_QUOTIENT:
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

static void put_inside(Output *output, const Formula *f, bool parentheses, const Notation *notation)
{
	output_text(output, parentheses ? "(" : "");
	put_formula(output, f, notation);
	output_text(output, parentheses ? ")" : "");
}

static void put_within(Output *output, const Formula *f, Binding tightness, const Notation *notation)
{
	put_inside(output, f, binding_of(f, notation) < tightness, notation);
}

static bool is_negative(const Formula *f, const Notation *notation)
{
	return !is_value(f, notation) && f->kind == FORMULA_OPERATION && op_info[f->op].form == FORM_NEGATIVE;
}

// One term of a sum; a negative one behind the first is taken away.
static void put_term(Output *output, const Formula *f, bool first, const Notation *notation)
{
	bool minus = !first && is_negative(f, notation);
	output_text(output, first ? "" : minus ? " - " : " + ");
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
		output_text(output, i == 0 ? "" : notation->unicode ? "·" : "*");
		put_inside(output, f, !is_factor(f, i == 0, notation), notation);
	} else {
		output_text(output, i == 0 ? "" : ", ");
		put_formula(output, f, notation);
	}
}

static void put_arguments(Output *output, const Formula *f, Form form, const Notation *notation)
{
	bool elide = notation->widest && f->count > notation->widest;
	for (uint32_t i = 0; i < f->count; i++) {
		if (elide && i == 2) {
			output_text(output, form == FORM_SUM ? " + " : form == FORM_CALL ? ", " : notation->unicode ? "·" : "*");
			output_text(output, notation->unicode ? "…" : "...");
			i = f->count - 1;
		}
		put_argument(output, f->argument[i], i, form, notation);
	}
}

static void put_power(Output *output, const Formula *f, const Notation *notation)
{
	const Formula *exponent = f->argument[1];
	put_within(output, f->argument[0], BINDS_ATOM, notation);
	double n = exponent->value;
	if (notation->unicode && exponent->kind == FORMULA_NUMBER && n >= 0 && n <= 9 && n == floor(n)) {
		output_text(output, superscript[(int)n]);
		return;
	}
	output_text(output, "^");
	put_within(output, exponent, BINDS_POWER, notation);
}

static void put_call(Output *output, const Formula *f, const Notation *notation)
{
	output_text(output, op_info[f->op].text);
	output_text(output, "(");
	if (f->count == 1)
		notation_formula(output, f->argument[0], notation);   // its parentheses are those of the call
	else
		put_arguments(output, f, FORM_CALL, notation);
	output_text(output, ")");
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
		output_text(output, " - ");
		put_inside(output, f->argument[1], binding_of(f->argument[1], notation) < BINDS_PRODUCT ||
		           is_negative(f->argument[1], notation), notation);
		break;
	case FORM_NEGATIVE:
		output_text(output, "-");
		put_inside(output, f->argument[0], binding_of(f->argument[0], notation) < BINDS_PRODUCT ||
		           is_negative(f->argument[0], notation), notation);
		break;
	case FORM_QUOTIENT:
		put_within(output, f->argument[0], f->argument[0]->kind == FORMULA_NAME ? BINDS_ATOM : BINDS_PRODUCT, notation);
		output_text(output, "/");
		put_within(output, f->argument[1], BINDS_POWER, notation);
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
	Notation exact = *notation;
	if (f->kind == FORMULA_NUMBER)
		exact.digits = DIGITS_EXACT;
	bool negative = signbit(f->value) && !isnan(f->value) && f->value != 0;
	output_text(output, negative ? "(" : "");
	notation_value(output, f->value, &exact);
	output_text(output, negative ? ")" : "");
}

static void put_formula(Output *output, const Formula *f, const Notation *notation)
{
	if (is_value(f, notation))
		put_value(output, f, notation);
	else if (f->kind == FORMULA_NAME)
		put_quantity(output, f->name, notation);
	else
		put_operation(output, f, notation);
}

void notation_formula(Output *output, const Formula *formula, const Notation *notation)
{
	if (is_value(formula, notation))
		notation_value(output, formula->value, notation);
	else
		put_formula(output, formula, notation);
}

bool notation_elides(const Formula *f, const Notation *notation)
{
	if (f->kind != FORMULA_OPERATION || !notation->widest)
		return false;
	if (f->count > notation->widest)
		return true;
	for (uint32_t i = 0; i < f->count; i++)
		if (notation_elides(f->argument[i], notation))
			return true;
	return false;
}

size_t notation_columns(const char *text, size_t size)
{
	size_t columns = 0;
	for (size_t i = 0; i < size; i++)
		columns += ((unsigned char)text[i] & 0xC0) != 0x80;
	return columns;
}
