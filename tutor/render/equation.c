#include "tutor/render/equation.h"

#include "tutor/render/digits.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MORE_DIGITS = 8, GIVEN_DIGITS = 9, WIDEST = 8 };

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

int equation_digits(const Row *row, const TextStyle *style)
{
	int digits = digits_needed(row->formula, row->value, style->digits);
	return digits ? digits : style->digits + MORE_DIGITS;
}

Notation style_notation(const TextStyle *style, const Markup *markup, uint32_t group)
{
	return (Notation){.markup = markup, .unicode = style->unicode, .digits = style->digits, .widest = style->widest,
	                  .cross = style->cross, .upright = style->upright, .group = group};
}

Notation text_notation(const TextStyle *style)
{
	return style_notation(style, &markup_text, 0);
}

// ---- The parts of a line

static void add_part(Equation *equation, PartKind kind, bool about, int digits)
{
	equation->part[equation->count++] = (Part){kind, about, digits};
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

// What is given is shown as it was given where that takes no more than GIVEN_DIGITS: a weight of 0.45 is not 0.5.
static int digits_given(double value, int digits)
{
	for (int more = digits; more <= GIVEN_DIGITS; more++)
		if (digits_round(value, more) == value)
			return more;
	return digits;
}

// Whether the numbers put in are the value already, as in -x = -1 = -1.
static bool says_the_value(const Formula *f, double value, const TextStyle *style)
{
	return op_info[f->op].form == FORM_NEGATIVE && f->kind == FORMULA_OPERATION &&
	       f->argument[0]->kind == FORMULA_NAME && f->argument[0]->value >= 0 &&
	       prints_alike(-f->argument[0]->value, value, style->digits);
}

Equation equation_parts(const Row *row, const TextStyle *style)
{
	Notation notation = text_notation(style);
	Equation equation = {.row = row};
	const Formula *formula = row->formula;
	bool put_in = formula && (formula->kind == FORMULA_OPERATION || formula->kind == FORMULA_TERM);
	int digits = put_in && !notation_elides(formula, &notation)
	                 ? digits_needed(formula, row->value, style->digits) : style->digits;
	if (row->name)
		add_part(&equation, PART_NAME, false, style->digits);
	if (formula && (row->open || formula->kind != FORMULA_NUMBER) && !(row->in_numbers && put_in && has_names(formula)))
		add_part(&equation, PART_FORMULA, false, style->digits);
	if (row->open)
		return equation;
	if (put_in && has_names(formula) && !says_the_value(formula, row->value, style))
		add_part(&equation, PART_NUMBERS, false, digits ? digits : style->digits + MORE_DIGITS);
	add_part(&equation, PART_VALUE, digits == 0, formula ? style->digits : digits_given(row->value, style->digits));
	return equation;
}

void equation_part(Output *output, const Equation *equation, size_t i, const Notation *notation)
{
	const Part *part = &equation->part[i];
	const Row *row = equation->row;
	Notation inner = *notation;
	inner.values = part->kind == PART_NUMBERS;
	inner.digits = part->digits;
	if (part->kind == PART_NAME)
		notation_name(output, row->name, row->id, &inner);
	else if (part->kind == PART_VALUE)
		notation_number(output, row->value, row->id, &inner);
	else
		notation_formula(output, row->formula, &inner);
}

typedef struct Parts {
	Output part[4];
	const char *sign[4];   // before each part
	size_t count;
} Parts;

static Parts write_parts(const Equation *equation, const TextStyle *style)
{
	Parts parts = {.count = equation->count};
	Notation notation = text_notation(style);
	for (size_t i = 0; i < parts.count; i++) {
		parts.sign[i] = i == 0 ? "" : !equation->part[i].about ? " = " : style->unicode ? " ≈ " : " ~ ";
		equation_part(&parts.part[i], equation, i, &notation);
	}
	return parts;
}

static void free_parts(Parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		output_abandon(&parts->part[i]);
}

static size_t part_columns(Parts *parts, size_t i)
{
	return notation_columns(output_memory(&parts->part[i]), parts->part[i].count);
}

static size_t all_columns(Parts *parts)
{
	size_t columns = 0;
	for (size_t i = 0; i < parts->count; i++)
		columns += part_columns(parts, i) + (i ? 3 : 0);
	return columns;
}

bool equation_is_long(const Equation *equation, const TextStyle *style, size_t columns)
{
	Output memory = {0};
	Notation notation = style_notation(style, &markup_width, 0);
	for (size_t i = 0; i < equation->count; i++) {
		output_text(&memory, i ? "   " : "");
		equation_part(&memory, equation, i, &notation);
	}
	bool is_long = memory.count > columns;
	output_abandon(&memory);
	return is_long;
}

uint32_t equation_fold(const Equation *equation, const TextStyle *style, size_t columns)
{
	enum { FEWEST = 24 };
	Output memory = {0};
	Notation notation = style_notation(style, &markup_width, 0);
	if (equation->row->name)
		equation_part(&memory, equation, 0, &notation);
	size_t taken = memory.count + 2;
	output_abandon(&memory);
	return columns > taken + FEWEST ? (uint32_t)(columns - taken) : FEWEST;
}

void equation_calculation(Output *output, const Row *row, const TextStyle *style)
{
	Notation notation = {.values = true, .digits = equation_digits(row, style)};
	notation_formula(output, row->formula, &notation);
}

// ---- Laying them out

static void put_blanks(Output *output, size_t count)
{
	while (count--)
		output_text(output, " ");
}

static bool behind_product(const char *text, size_t i)
{
	return text[i - 1] == '*' || (i > 1 && (unsigned char)text[i - 2] == 0xC2 && (unsigned char)text[i - 1] == 0xB7);
}

// Where a line is broken: before a + or - if there is one far enough along, of those the last in the fewest parentheses
// (or before one that is not so far, if it is in fewer and all the rest then fits); else behind another blank or a product
// sign. What cannot be broken, such as a number, is left whole even where it is too wide.
static size_t find_break(const char *text, size_t size, size_t columns)
{
	size_t column = 0, before_sign = 0, early = 0, other = 0;
	int depth = 0, fewest = INT_MAX, fewest_early = INT_MAX;
	for (size_t i = 1; i < size; i++) {
		column += ((unsigned char)text[i - 1] & 0xC0) != 0x80;
		depth += (text[i - 1] == '(') - (text[i - 1] == ')');
		if (column > columns && (before_sign || other))
			break;
		if (text[i - 1] == ' ' && (text[i] == '+' || text[i] == '-') && i + 1 < size && text[i + 1] == ' ') {
			if (column * 3 < columns)
				early = i, fewest_early = depth;
			else if (depth <= fewest)
				before_sign = i, fewest = depth;
		} else if ((text[i - 1] == ' ' && !(i > 1 && strchr("+-", text[i - 2]))) || behind_product(text, i))
			other = i;
	}
	if (before_sign && fewest_early < fewest && notation_columns(text + early, size - early) <= columns)
		return early;
	return before_sign ? before_sign : other ? other : size;
}

// The widest piece of a part that find_break leaves whole.
static size_t widest_piece(const char *text, size_t size)
{
	size_t widest = 0;
	while (size) {
		size_t cut = find_break(text, size, 1), columns = notation_columns(text, cut);
		widest = columns > widest ? columns : widest;
		text += cut;
		size -= cut;
	}
	return widest;
}

// A part from column `column` on, continued on further lines where it is too long.
static void put_part(Output *output, const char *text, size_t size, size_t column, size_t width)
{
	size_t room = width > column + 8 ? width - column : 8;
	while (notation_columns(text, size) > room) {
		size_t cut = find_break(text, size, room), end = cut;
		if (cut == size)
			break;
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

static void put_on_lines(Output *output, Parts *parts, const TextStyle *style)
{
	size_t align = style->indent + part_columns(parts, 0);
	bool narrow = align > style->width / 2;
	for (size_t i = 1; i < parts->count; i++)
		narrow |= align + 3 + widest_piece(output_memory(&parts->part[i]), parts->part[i].count) > style->width;
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
	Equation equation = equation_parts(row, style);
	Parts parts = write_parts(&equation, style);
	if (style->indent + all_columns(&parts) <= style->width) {
		put_blanks(output, style->indent);
		for (size_t i = 0; i < parts.count; i++) {
			output_text(output, parts.sign[i]);
			output_bytes(output, output_memory(&parts.part[i]), parts.part[i].count);
		}
		output_text(output, "\n");
	} else {
		put_on_lines(output, &parts, style);
	}
	free_parts(&parts);
}

// ---- Prose

void text_plain(Output *output, const char *text, const TextStyle *style)
{
	static const char *const pair[][2] = {{"“", "\""}, {"”", "\""}, {"‘", "'"}, {"’", "'"}, {"–", "-"},
	                                      {"—", "--"}, {"…", "..."}, {"∂", "d"}, {"·", "*"}, {"η", "eta"},
	                                      {"→", "->"}, {"−", "-"}, {"×", "x"}, {"✓", "+"}, {"✗", "x"}};
	while (*text) {
		size_t found = SIZE_MAX;
		for (size_t i = 0; !style->unicode && i < sizeof pair / sizeof *pair && found == SIZE_MAX; i++)
			if (strncmp(text, pair[i][0], strlen(pair[i][0])) == 0)
				found = i;
		if (found == SIZE_MAX) {
			output_bytes(output, text++, 1);
		} else {
			output_text(output, pair[found][1]);
			text += strlen(pair[found][0]);
		}
	}
}

void text_hanging(Output *output, const char *text, size_t size, uint32_t more, const TextStyle *style)
{
	size_t column = 0, at = 0, indent = style->indent;
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
			indent = style->indent + more;
		}
		if (column)
			output_text(output, " ");
		else
			put_blanks(output, column = indent);
		column += columns + (column > indent);
		output_bytes(output, text + at, end - at);
		at = end;
	}
	output_text(output, "\n");
}

void text_paragraph(Output *output, const char *text, size_t size, const TextStyle *style)
{
	text_hanging(output, text, size, 0, style);
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
