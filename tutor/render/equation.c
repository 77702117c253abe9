#include "tutor/render/equation.h"

#include "tutor/render/digits.h"
#include "tutor/render/notation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MORE_DIGITS = 8, WIDEST = 8 };

TextStyle text_style(bool unicode, int digits, uint32_t width)
{
	return (TextStyle){.unicode = unicode, .digits = digits, .width = width, .widest = WIDEST, .indent = 2};
}

// ---- True as it stands

// The value of a formula when the leaves have the digits that are shown. Formulas are at most FORMULA_DEPTH deep.
static double evaluate_shown(const Formula *f, int digits)
{
	if (f->kind == FORMULA_NUMBER)
		return f->value;
	if (f->kind != FORMULA_OPERATION)
		return digits_round(f->value, digits);
	double few[4] = {0}, *value = f->count <= 4 ? few : memory_alloc(f->count * sizeof *value);
	for (uint32_t i = 0; i < f->count; i++)
		value[i] = evaluate_shown(f->argument[i], digits);
	double result = op_value(f->op, value, f->count);
	if (value != few)
		free(value);
	return result;
}

static bool prints_alike(double a, double b, int digits)
{
	char a_text[DIGITS_SIZE], b_text[DIGITS_SIZE];
	digits_write(a_text, a, digits);
	digits_write(b_text, b, digits);
	return strcmp(a_text, b_text) == 0;
}

// The digits that the numbers put in need for the line to be true; 0 where no number of them is enough.
static int digits_needed(const Formula *formula, double value, int digits)
{
	for (int more = 0; more <= MORE_DIGITS; more++)
		if (prints_alike(evaluate_shown(formula, digits + more), value, digits))
			return digits + more;
	return 0;
}

// ---- The parts of a line

typedef struct Parts {
	Output part[4];
	const char *sign[4];   // before each part
	size_t count;
} Parts;

static Output *add_part(Parts *parts, const char *sign)
{
	parts->sign[parts->count] = sign;
	parts->part[parts->count] = (Output){0};
	return &parts->part[parts->count++];
}

static bool has_names(const Formula *f)
{
	if (f->kind != FORMULA_OPERATION)
		return f->kind != FORMULA_NUMBER;
	for (uint32_t i = 0; i < f->count; i++)
		if (has_names(f->argument[i]))
			return true;
	return false;
}

static void make_parts(Parts *parts, const Row *row, const TextStyle *style)
{
	Notation notation = {.unicode = style->unicode, .digits = style->digits, .widest = style->widest};
	if (row->name)
		notation_quantity(add_part(parts, ""), row->name, &notation);
	const char *sign = " = ";
	if (row->formula) {
		const Formula *formula = row->formula;
		bool number = formula->kind == FORMULA_NUMBER;
		if (!number)
			notation_formula(add_part(parts, row->name ? " = " : ""), formula, &notation);
		bool put_in = formula->kind == FORMULA_OPERATION || formula->kind == FORMULA_TERM;
		int digits = put_in && !notation_elides(formula, &notation)
		                 ? digits_needed(formula, row->value, style->digits) : style->digits;
		if (digits == 0)
			sign = style->unicode ? " ≈ " : " ~ ";
		if (put_in && has_names(formula)) {
			notation.values = true;
			notation.digits = digits ? digits : style->digits + MORE_DIGITS;
			notation_formula(add_part(parts, " = "), formula, &notation);
		}
	}
	notation.digits = style->digits;
	notation_value(add_part(parts, sign), row->value, &notation);
}

// ---- Laying them out

static void put_blanks(Output *output, size_t count)
{
	while (count--)
		output_text(output, " ");
}

// Where a line may be broken: behind a blank or a product sign, not within parentheses if it can be helped.
static size_t find_break(const char *text, size_t size, size_t columns)
{
	size_t column = 0, at = 0, good = 0;
	for (size_t i = 0; i < size && column <= columns; i++) {
		if (i && (text[i - 1] == ' ' || text[i - 1] == '*' ||
		          (i > 1 && (unsigned char)text[i - 2] == 0xC2 && (unsigned char)text[i - 1] == 0xB7)))
			good = i;
		column += ((unsigned char)text[i] & 0xC0) != 0x80;
		at = i;
	}
	return good ? good : at ? at : size;
}

// A part from column `column` on, continued on further lines where it is too long.
static void put_part(Output *output, const char *text, size_t size, size_t column, size_t width)
{
	size_t room = width > column + 8 ? width - column : 8;
	while (notation_columns(text, size) > room) {
		size_t cut = find_break(text, size, room);
		size_t end = cut;
		while (end && text[end - 1] == ' ')
			end--;
		output_bytes(output, text, end);
		output_text(output, "\n");
		put_blanks(output, column);
		text += cut;
		size -= cut;
	}
	output_bytes(output, text, size);
}

static size_t part_columns(Parts *parts, size_t i)
{
	return notation_columns(output_memory(&parts->part[i]), parts->part[i].count);
}

static void put_on_lines(Output *output, Parts *parts, const TextStyle *style)
{
	size_t name = part_columns(parts, 0), align = style->indent + name;
	bool narrow = align > style->width / 2;
	if (narrow)
		align = style->indent + 2;
	put_blanks(output, style->indent);
	put_part(output, output_memory(&parts->part[0]), parts->part[0].count, style->indent, style->width);
	for (size_t i = 1; i < parts->count; i++) {
		if (i > 1 || narrow) {
			output_text(output, "\n");
			put_blanks(output, align);
		}
		output_text(output, parts->sign[i]);
		put_part(output, output_memory(&parts->part[i]), parts->part[i].count, align + 3, style->width);
	}
	output_text(output, "\n");
}

void equation_print(Output *output, const Row *row, const TextStyle *style)
{
	Parts parts = {0};
	make_parts(&parts, row, style);
	size_t columns = style->indent;
	for (size_t i = 0; i < parts.count; i++)
		columns += part_columns(&parts, i) + (i ? 3 : 0);
	if (columns <= style->width) {
		put_blanks(output, style->indent);
		for (size_t i = 0; i < parts.count; i++) {
			output_text(output, parts.sign[i]);
			output_bytes(output, output_memory(&parts.part[i]), parts.part[i].count);
		}
		output_text(output, "\n");
	} else {
		put_on_lines(output, &parts, style);
	}
	for (size_t i = 0; i < parts.count; i++)
		output_abandon(&parts.part[i]);
}

// ---- Prose

void text_paragraph(Output *output, const char *text, size_t size, const TextStyle *style)
{
	size_t column = 0, at = 0;
	while (at < size) {
		while (at < size && strchr(" \n\t", text[at]))
			at++;
		size_t end = at;
		while (end < size && !strchr(" \n\t", text[end]))
			end++;
		if (end == at)
			break;
		size_t columns = notation_columns(text + at, end - at);
		if (column && column + 1 + columns > style->width) {
			output_text(output, "\n");
			column = 0;
		}
		if (column)
			output_text(output, " ");
		else
			put_blanks(output, column = style->indent);
		column += columns + (column > style->indent);
		output_bytes(output, text + at, end - at);
		at = end;
	}
	output_text(output, "\n");
}

void text_heading(Output *output, const char *text, const TextStyle *style)
{
	size_t columns = notation_columns(text, strlen(text));
	output_text(output, text);
	output_text(output, "\n");
	for (size_t i = 0; i < columns && i < style->width; i++)
		output_text(output, style->unicode ? "─" : "-");
	output_text(output, "\n");
}
