// Derivatives of derivatives, which books write as one of a higher order.
#include "tutor/render/notation.h"

#include <string.h>

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
