#include "tutor/course/textmap.h"

#include "core/arena.h"

#include <stdlib.h>
#include <string.h>

// FNV-1a (G. Fowler, L. C. Noll, P. Vo).
static uint64_t hash_of(const char *text)
{
	uint64_t hash = 0xCBF29CE484222325u;
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001B3u;
	return hash ^ hash >> 32;
}

// The place of the text: its own, or the empty one where it would go.
static size_t place_of(const TextMap *map, const char *text, uint64_t hash)
{
	size_t mask = map->capacity - 1, at = hash & mask;
	while (map->entry[at].text &&
	       (map->entry[at].hash != hash || strcmp(map->entry[at].text, text) != 0))
		at = (at + 1) & mask;
	return at;
}

static void grow(TextMap *map)
{
	TextMap old = *map;
	map->capacity = old.capacity ? 2 * old.capacity : 64;
	map->entry = memory_alloc(memory_product(map->capacity, sizeof *map->entry));
	memset(map->entry, 0, map->capacity * sizeof *map->entry);
	for (size_t i = 0; i < old.capacity; i++)
		if (old.entry[i].text)
			map->entry[place_of(map, old.entry[i].text, old.entry[i].hash)] = old.entry[i];
	free(old.entry);
}

uint32_t textmap_get(const TextMap *map, const char *text)
{
	if (!map->capacity)
		return TEXTMAP_ABSENT;
	const struct TextMapEntry *entry = &map->entry[place_of(map, text, hash_of(text))];
	return entry->text ? entry->value : TEXTMAP_ABSENT;
}

void textmap_add(TextMap *map, const char *text, uint32_t value)
{
	if (map->count + map->count / 2 >= map->capacity)
		grow(map);
	uint64_t hash = hash_of(text);
	size_t at = place_of(map, text, hash);
	if (map->entry[at].text)
		return;
	map->entry[at] = (struct TextMapEntry){text, hash, value};
	map->count++;
}

void textmap_free(TextMap *map)
{
	free(map->entry);
	*map = (TextMap){0};
}
