// Names of nodes: families, elements and what is made of them. Declared in core/tape.h.
#include "core/tape.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// FNV-1a (Fowler, Noll, Vo).
static uint64_t text_hash(const char *text, size_t length)
{
	uint64_t hash = 0xCBF29CE484222325u;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001B3u;
	return hash;
}

// The family of that name, NAME_NONE if none. `key` gets what it is, or would be, kept under: the hash of the name, or the
// next number that is free where another name has the same hash.
static uint32_t find_family(const Tape *tape, const char *text, size_t length, uint64_t *key)
{
	for (*key = text_hash(text, length);; ++*key) {
		uint32_t family = nodemap_get(&tape->family_of, *key);
		if (family == NODEMAP_ABSENT)
			return NAME_NONE;
		if (strlen(tape->family[family]) == length && memcmp(tape->family[family], text, length) == 0)
			return family;
	}
}

uint32_t tape_family_find(const Tape *tape, const char *text, size_t length)
{
	uint64_t key;
	return find_family(tape, text, length, &key);
}

uint32_t tape_family(Tape *tape, const char *text, size_t length)
{
	uint64_t key;
	uint32_t family = find_family(tape, text, length, &key);
	if (family != NAME_NONE)
		return family;
	array_reserve(tape->family, tape->family_count, tape->family_capacity, 1);
	tape->family[tape->family_count] = arena_copy(&tape->arena, text, length);
	nodemap_set(&tape->family_of, key, (uint32_t)tape->family_count);
	return (uint32_t)tape->family_count++;
}

const char *tape_family_text(const Tape *tape, uint32_t family)
{
	return tape->family[family];
}

static uint32_t add_name(Tape *tape, Node node, Name name)
{
	assert(!tape_named(tape, node) && tape_op(tape, node) != OP_NUMBER);
	array_reserve(tape->names, tape->names_count, tape->names_capacity, 1);
	name.node = node;
	tape->names[tape->names_count] = name;
	tape->name[node] = (uint32_t)tape->names_count;
	tape->node[node].flags &= (uint8_t)~NODE_NUMBER;
	return (uint32_t)tape->names_count++;
}

static uint32_t element_hash(uint32_t family, const int32_t *index, size_t rank)
{
	uint64_t hash = family * 0x9E3779B97F4A7C15u;
	for (size_t i = 0; i < rank; i++)
		hash = (hash ^ (uint32_t)index[i]) * 0xD6E8FEB86659FD93u + (hash >> 29);
	return (uint32_t)(hash ^ hash >> 32);
}

static bool is_element(const Tape *tape, uint32_t name, uint32_t family, const int32_t *index, size_t rank)
{
	const Name *known = &tape->names[name];
	return known->a == family && known->rank == rank &&
	       (rank == 0 || memcmp(tape->index + known->b, index, rank * sizeof *index) == 0);
}

// The place of an element in the hash table: its own, or the empty one where it would go.
static TapeElement *element_place(const Tape *tape, uint32_t hash, uint32_t family, const int32_t *index, size_t rank)
{
	size_t mask = tape->element_capacity - 1, at = hash & mask;
	while (tape->element[at].name != NAME_NONE &&
	       !(tape->element[at].hash == hash && is_element(tape, tape->element[at].name, family, index, rank)))
		at = (at + 1) & mask;
	return &tape->element[at];
}

static void grow_elements(Tape *tape)
{
	size_t old_capacity = tape->element_capacity, mask = old_capacity ? old_capacity * 2 - 1 : 63;
	TapeElement *old = tape->element, *larger = memory_alloc(memory_product(mask + 1, sizeof *larger));
	memset(larger, 0xFF, (mask + 1) * sizeof *larger);
	for (size_t i = 0; i < old_capacity; i++) {
		size_t at = old[i].hash & mask;
		while (larger[at].name != NAME_NONE)
			at = (at + 1) & mask;
		larger[at] = old[i].name == NAME_NONE ? larger[at] : old[i];
	}
	free(old);
	tape->element = larger;
	tape->element_capacity = mask + 1;
}

// Indices stay as they are once given: an element shares the other's.
void tape_name_as(Tape *tape, Node node, Name name)
{
	add_name(tape, node, name);
}

void tape_name_element(Tape *tape, Node node, uint32_t family, const int32_t *index, size_t rank)
{
	if (tape->element_count + tape->element_count / 2 >= tape->element_capacity)
		grow_elements(tape);
	uint32_t hash = element_hash(family, index, rank);
	TapeElement *place = element_place(tape, hash, family, index, rank);
	assert(place->name == NAME_NONE);
	array_reserve(tape->index, tape->index_count, tape->index_capacity, rank + 1);
	if (rank)
		memcpy(tape->index + tape->index_count, index, rank * sizeof *index);
	add_name(tape, node, (Name){.kind = NAME_ELEMENT, .a = family, .b = (uint32_t)tape->index_count, .rank = (uint8_t)rank});
	tape->index_count += rank;
	*place = (TapeElement){tape->name[node], hash};
	tape->element_count++;
}

Node tape_find(const Tape *tape, uint32_t family, const int32_t *index, size_t rank)
{
	if (!tape->element_capacity)
		return NODE_NONE;
	uint32_t name = element_place(tape, element_hash(family, index, rank), family, index, rank)->name;
	return name == NAME_NONE ? NODE_NONE : tape->names[name].node;
}

void tape_name_gradient(Tape *tape, Node node, Node of, Node by)
{
	add_name(tape, node, (Name){.kind = NAME_GRADIENT, .a = of, .b = by});
}

void tape_name_next(Tape *tape, Node node, Node of)
{
	add_name(tape, node, (Name){.kind = NAME_NEXT, .a = of});
}

void tape_name_member(Tape *tape, Node node, Node of, uint32_t member)
{
	add_name(tape, node, (Name){.kind = NAME_MEMBER, .a = of, .b = member});
}
