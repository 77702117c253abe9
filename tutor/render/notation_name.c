// Names and numbers in any notation; derivatives of derivatives, which books write as one of a higher order.
#include "tutor/render/notation.h"

#include "tutor/io/number.h"
#include "tutor/render/digits.h"

#include <math.h>
#include <string.h>

static const Markup *markup_of(const Notation *notation)
{
	return notation->markup ? notation->markup : &markup_text;
}

void notation_name(Output *output, const Quantity *quantity, uint32_t row, const Notation *notation)
{
	markup_of(notation)->name(output, quantity, row, notation);
}

void notation_quantity(Output *output, const Quantity *quantity, const Notation *notation)
{
	notation_name(output, quantity, 0, notation);
}

void notation_number(Output *output, double value, uint32_t row, const Notation *notation)
{
	char text[DIGITS_SIZE];   // more than NUMBER_SIZE
	if (notation->digits < 0)
		text[number_format17(text, value)] = '\0';
	else
		digits_write(text, value, notation->digits);
	markup_of(notation)->number(output, text, row, notation);
}

void notation_value(Output *output, double value, const Notation *notation)
{
	notation_number(output, value, 0, notation);
}

bool notation_small_power(Output *output, double n)
{
	static const char *const superscript[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
	if (n < 0 || n > 9 || n != floor(n))
		return false;
	output_text(output, superscript[(int)n]);
	return true;
}

// ---- Higher orders

static bool is_same(const Quantity *a, const Quantity *b)
{
	return b->kind == QUANTITY_ELEMENT && !b->example && !b->rank && strcmp(a->text, b->text) == 0;
}

uint32_t notation_order(const Quantity *q, const Quantity **base)
{
	uint32_t order = 1;
	const Quantity *inner = q->of;
	bool plain = q->by->kind != QUANTITY_DERIVATIVE;
	for (; plain && inner->kind == QUANTITY_DERIVATIVE; inner = inner->of, order++)
		plain = !inner->direct && inner->by->kind != QUANTITY_DERIVATIVE;
	*base = plain ? inner : q->of;
	return plain ? order : 1;
}

uint32_t notation_same(const Quantity *q, const Quantity *base)
{
	uint32_t count = 1;
	bool raised = q->by->kind != QUANTITY_ELEMENT || q->by->example || q->by->rank;   // what is raised already is not raised again
	for (const Quantity *next = q->of; !raised && next != base && is_same(q->by, next->by); next = next->of)
		count++;
	return count;
}

size_t notation_columns(const char *text, size_t size)
{
	size_t columns = 0;
	for (size_t i = 0; i < size; i++)
		columns += ((unsigned char)text[i] & 0xC0) != 0x80;
	return columns;
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
