// Names: from the tape's records to what a name is made of, and to the text that files have.
#include "tutor/explain/derivation.h"

#include <stdio.h>
#include <string.h>

static const Quantity *quantity_new(Arena *arena, Quantity quantity)
{
	Quantity *copy = arena_new(arena, Quantity);
	*copy = quantity;
	return copy;
}

const Quantity *quantity_derivative(const Quantity *of, const Quantity *by, bool direct, Arena *arena)
{
	return quantity_new(arena, (Quantity){.kind = QUANTITY_DERIVATIVE, .of = of, .by = by, .direct = direct});
}

// Copied, for the tape may grow while the name is still wanted.
static const int32_t *indices_of(const Tape *tape, const Name *name, Arena *arena)
{
	if (!name->rank)
		return NULL;
	int32_t *index = arena_array(arena, int32_t, name->rank);
	return memcpy(index, tape->index + name->b, name->rank * sizeof *index);
}

// The example that a member picks out (tutor/explain/query.c): its value is that of `of` there. 0 for other members.
static uint32_t picked_example(const char *member)
{
	unsigned example;
	return sscanf(member, "example %u", &example) == 1 ? example : 0;
}

// Derivatives of derivatives nest as deep as `grad` was nested in the model, whose depth the language bounds.
const Quantity *quantity_of(const Tape *tape, Node node, uint32_t lane, uint32_t lanes, Arena *arena)
{
	const Name *name = &tape->names[tape->name[node]];
	bool bears_example = lanes > 1 && tape_varies(tape, node);
	switch ((NameKind)name->kind) {
	case NAME_ELEMENT:
		return quantity_new(arena, (Quantity){.kind = QUANTITY_ELEMENT,
		                                      .text = tape_family_text(tape, name->a),
		                                      .index = indices_of(tape, name, arena),
		                                      .rank = name->rank,
		                                      .example = bears_example ? lane + 1 : 0});
	case NAME_GRADIENT:
		return quantity_derivative(quantity_of(tape, name->a, lane, lanes, arena),
		                           quantity_of(tape, name->b, lane, lanes, arena), false, arena);
	case NAME_NEXT:
		return quantity_new(arena, (Quantity){.kind = QUANTITY_NEXT,
		                                      .of = quantity_of(tape, name->a, lane, lanes, arena)});
	case NAME_MEMBER:
		break;
	}
	const char *member = tape_family_text(tape, name->b);
	uint32_t example = picked_example(member);
	if (example)
		return quantity_of(tape, name->a, example - 1, lanes, arena);
	return quantity_new(arena, (Quantity){.kind = QUANTITY_MEMBER,
	                                      .of = quantity_of(tape, name->a, lane, lanes, arena),
	                                      .text = member});
}

typedef struct Text {
	char *bytes;
	size_t size, capacity;
	Arena *arena;
} Text;

static void put(Text *text, const char *bytes, size_t size)
{
	if (text->size + size + 1 > text->capacity) {
		text->capacity = (text->size + size + 1) * 2;
		char *larger = arena_alloc(text->arena, text->capacity);
		if (text->size)
			memcpy(larger, text->bytes, text->size);
		text->bytes = larger;
	}
	memcpy(text->bytes + text->size, bytes, size);
	text->size += size;
	text->bytes[text->size] = '\0';
}

static void put_text(Text *text, const char *bytes)
{
	put(text, bytes, strlen(bytes));
}

static void put_whole(Text *text, long number)
{
	char digits[24];
	put(text, digits, (size_t)snprintf(digits, sizeof digits, "%ld", number));
}

static void put_quantity(Text *text, const Quantity *q);

static void put_end(Text *text, const Quantity *q)
{
	bool nested = q->kind == QUANTITY_DERIVATIVE;
	put_text(text, nested ? "d(" : "d");
	put_quantity(text, q);
	if (nested)
		put_text(text, ")");
}

static void put_element(Text *text, const Quantity *q)
{
	put_text(text, q->text);
	for (uint32_t i = 0; i < q->rank; i++) {
		put_text(text, i ? "," : "[");
		put_whole(text, q->index[i]);
	}
	if (q->rank)
		put_text(text, "]");
	if (q->example) {
		put_text(text, "@");
		put_whole(text, q->example);
	}
}

static void put_quantity(Text *text, const Quantity *q)
{
	switch (q->kind) {
	case QUANTITY_ELEMENT:
		put_element(text, q);
		break;
	case QUANTITY_DERIVATIVE:
		put_end(text, q->of);
		put_text(text, "/");
		put_end(text, q->by);
		if (q->direct)
			put_text(text, ":direct");
		break;
	case QUANTITY_NEXT:
		put_quantity(text, q->of);
		put_text(text, "+");
		break;
	case QUANTITY_MEMBER:
		put_quantity(text, q->of);
		put_text(text, ".");
		put_text(text, q->text);
		break;
	}
}

char *quantity_text(const Quantity *quantity, Arena *arena)
{
	Text text = {.arena = arena};
	put(&text, "", 0);
	put_quantity(&text, quantity);
	return text.bytes;
}
