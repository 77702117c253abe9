// A small hash table from one or two numbers to a number, made to be emptied and filled again at no cost.
//
// A zeroed NodeMap is valid and empty.
#ifndef CORE_NODEMAP_H
#define CORE_NODEMAP_H

#include <stddef.h>
#include <stdint.h>

typedef struct NodeMapEntry {
	uint64_t key;
	uint32_t value, round;
} NodeMapEntry;

typedef struct NodeMap {
	NodeMapEntry *entry;
	uint32_t capacity;   // 0 or a power of two
	uint32_t count;
	uint32_t round;      // entries of earlier rounds count as empty
} NodeMap;

#define NODEMAP_ABSENT UINT32_MAX

// The value kept for `key`, NODEMAP_ABSENT if none.
uint32_t nodemap_get(const NodeMap *map, uint64_t key);
void nodemap_set(NodeMap *map, uint64_t key, uint32_t value);
// Forgets all entries, keeping the memory.
void nodemap_clear(NodeMap *map);
void nodemap_free(NodeMap *map);
size_t nodemap_bytes(const NodeMap *map);

// The key of a pair.
static inline uint64_t nodemap_pair(uint32_t a, uint32_t b)
{
	return (uint64_t)a << 32 | b;
}

#endif
