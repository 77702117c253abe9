// A hash table from texts to numbers. A zeroed one is valid and empty; texts are borrowed.
#ifndef COURSE_TEXTMAP_H
#define COURSE_TEXTMAP_H

#include <stddef.h>
#include <stdint.h>

typedef struct TextMap {
	struct TextMapEntry {
		const char *text;
		uint64_t hash;
		uint32_t value;
	} * entry;
	size_t count, capacity;
} TextMap;

#define TEXTMAP_ABSENT UINT32_MAX

uint32_t textmap_get(const TextMap *map, const char *text);
// Keeps what is there already: of equal texts the first counts.
void textmap_add(TextMap *map, const char *text, uint32_t value);
void textmap_free(TextMap *map);

#endif
