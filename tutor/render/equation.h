// One line of a derivation: name = formula = numbers put in = value. Its parts, which are the same in all formats, and
// how they are laid out as text.
#ifndef RENDER_EQUATION_H
#define RENDER_EQUATION_H

#include "tutor/explain/row.h"
#include "tutor/io/output.h"
#include "tutor/render/notation.h"

#include <stdbool.h>

typedef struct TextStyle {
	bool unicode;      // mathematical symbols, else plain ASCII
	int digits;        // as tutor/render/digits.h has them
	uint32_t width;    // columns
	uint32_t widest;   // sums of more terms are elided; 0 for never
	uint32_t indent;   // columns before each line
	bool cross;        // × for products
	bool upright;      // d for ∂
} TextStyle;

// The style that most text is in: 9 digits, sums of more than 8 terms elided.
TextStyle text_style(bool unicode, int digits, uint32_t width);

// ---- The parts of an equation

typedef enum PartKind { PART_NAME, PART_FORMULA, PART_NUMBERS, PART_VALUE } PartKind;

typedef struct Part {
	PartKind kind;
	bool about;        // ≈ before it, not =
	int digits;        // of the numbers in it
} Part;

typedef struct Equation {
	const Row *row;
	Part part[4];      // the first stands alone, each other behind a sign
	size_t count;
} Equation;

// The parts that the row is printed in.
Equation equation_parts(const Row *row, const TextStyle *style);
// One part of it in a notation, whose digits and values are set here.
void equation_part(Output *output, const Equation *equation, size_t part, const Notation *notation);
// Whether it takes more than so many columns where fractions are stacked.
bool equation_is_long(const Equation *equation, const TextStyle *style, size_t columns);

// How many of a line's columns are left for a formula behind the name and the = sign.
uint32_t equation_fold(const Equation *equation, const TextStyle *style, size_t columns);

// The formula with all numbers in, for a calculator: in ASCII, with the digits that make it true.
void equation_calculation(Output *output, const Row *row, const TextStyle *style);

// ---- As text

// An equation, on one line where it fits, else a line a part, the = signs in one column. It is true as it stands: where
// the digits shown do not give the value shown, the numbers put in are given more digits, else the last sign is ≈ (~ in
// ASCII). Where something is elided nobody can recompute it, and nothing is claimed. `name` may be NULL for a PATH,
// whose name is its formula.
void equation_print(Output *output, const Row *row, const TextStyle *style);

// The digits that the numbers put into the row's formula need for the line to be true.
int equation_digits(const Row *row, const TextStyle *style);

// The notation of a style, names not replaced by values.
Notation text_notation(const TextStyle *style);
// The same in another markup.
Notation style_notation(const TextStyle *style, const Markup *markup, uint32_t group);

// A text as it stands; its typographic characters are written in ASCII where the style is.
void text_plain(Output *output, const char *text, const TextStyle *style);
// Text in paragraphs filled to the width, its blanks and line ends taken as one blank each.
void text_paragraph(Output *output, const char *text, size_t size, const TextStyle *style);
// The same, all lines but the first indented by so many columns more.
void text_hanging(Output *output, const char *text, size_t size, uint32_t more, const TextStyle *style);
// A headline with a line under it.
void text_heading(Output *output, const char *text, const TextStyle *style);

#endif
