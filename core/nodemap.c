#include "core/nodemap.h"

#include "core/arena.h"

#include <stdlib.h>
#include <string.h>

// The mixing step of splitmix64 (Steele, Lea, Flood 2014).
static uint64_t mix(uint64_t key)
{
	key = (key ^ key >> 30) * 0xBF58476D1CE4E5B9u;
	key = (key ^ key >> 27) * 0x94D049BB133111EBu;
	return key ^ key >> 31;
}

// The entry of `key`, or the empty one where it would go.
static NodeMapEntry *find(const NodeMap *map, uint64_t key)
{
	uint32_t mask = map->capacity - 1;
	uint32_t at = (uint32_t)mix(key) & mask;
	while (map->entry[at].round == map->round && map->entry[at].key != key)
		at = (at + 1) & mask;
	return &map->entry[at];
}

uint32_t nodemap_get(const NodeMap *map, uint64_t key)
{
	if (!map->count)
		return NODEMAP_ABSENT;
	const NodeMapEntry *entry = find(map, key);
	return entry->round == map->round ? entry->value : NODEMAP_ABSENT;
}

static void put(NodeMap *map, uint64_t key, uint32_t value)
{
	NodeMapEntry *entry = find(map, key);
	map->count += entry->round != map->round;
	*entry = (NodeMapEntry){.key = key, .value = value, .round = map->round};
}

static void grow(NodeMap *map)
{
	NodeMap larger = {.capacity = map->capacity ? map->capacity * 2 : 64, .round = 1};
	larger.entry = memory_alloc(memory_product(larger.capacity, sizeof *larger.entry));
	memset(larger.entry, 0, larger.capacity * sizeof *larger.entry);
	for (uint32_t i = 0; i < map->capacity; i++)
		if (map->entry[i].round == map->round)
			put(&larger, map->entry[i].key, map->entry[i].value);
	free(map->entry);
	*map = larger;
}

void nodemap_set(NodeMap *map, uint64_t key, uint32_t value)
{
	if (map->count + map->count / 2 >= map->capacity)
		grow(map);
	put(map, key, value);
}

void nodemap_clear(NodeMap *map)
{
	map->count = 0;
	if (++map->round == 0 && map->entry) {
		memset(map->entry, 0, map->capacity * sizeof *map->entry);
		map->round = 1;
	}
}

void nodemap_free(NodeMap *map)
{
	free(map->entry);
	*map = (NodeMap){0};
}

size_t nodemap_bytes(const NodeMap *map)
{
	return map->capacity * sizeof *map->entry;
}
