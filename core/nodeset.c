#include "core/nodeset.h"

#include "core/arena.h"

#include <stdlib.h>
#include <string.h>

// The words of a level that has room for so many bits.
static size_t words(size_t bits)
{
	return (bits + 63) / 64;
}

void nodeset_reserve(NodeSet *set, size_t nodes)
{
	if (nodes <= set->nodes)
		return;
	size_t more = nodes + nodes / 2, before = set->nodes, after = more;
	for (int k = 0; k < NODESET_LEVELS; k++) {
		before = words(before);
		after = words(after);
		set->level[k] = memory_resize(set->level[k], memory_product(after, sizeof **set->level));
		memset(set->level[k] + before, 0, (after - before) * sizeof **set->level);
	}
	set->nodes = more;
}

void nodeset_add(NodeSet *set, uint32_t node)
{
	for (int k = 0; k < NODESET_LEVELS; k++, node /= 64) {
		uint64_t *word = &set->level[k][node / 64], old = *word;
		*word |= (uint64_t)1 << node % 64;
		if (old)
			return;   // the levels above know
	}
}

void nodeset_remove(NodeSet *set, uint32_t node)
{
	for (int k = 0; k < NODESET_LEVELS; k++, node /= 64)
		if (set->level[k][node / 64] &= ~((uint64_t)1 << node % 64))
			return;
}

static uint32_t highest(uint64_t word)
{
	return 63 - (uint32_t)__builtin_clzll(word);
}

uint32_t nodeset_below(const NodeSet *set, uint32_t node)
{
	for (int k = 0; k < NODESET_LEVELS; k++, node /= 64) {
		uint64_t left = set->level[k][node / 64] & (((uint64_t)1 << node % 64) - 1);
		if (!left)
			continue;
		node = node / 64 * 64 + highest(left);
		while (k-- > 0)
			node = node * 64 + highest(set->level[k][node]);
		return node;
	}
	return NODESET_NONE;
}

void nodeset_free(NodeSet *set)
{
	for (int k = 0; k < NODESET_LEVELS; k++)
		free(set->level[k]);
	*set = (NodeSet){0};
}

size_t nodeset_bytes(const NodeSet *set)
{
	size_t bytes = 0, bits = set->nodes;
	for (int k = 0; k < NODESET_LEVELS; k++) {
		bits = words(bits);
		bytes += bits * sizeof **set->level;
	}
	return bytes;
}
