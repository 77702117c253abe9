#include "core/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CHUNK = 16 * 1024, LARGEST_CHUNK = 4 * 1024 * 1024 };

struct ArenaChunk {
	ArenaChunk *older;
	size_t size;
	alignas(max_align_t) unsigned char bytes[];
};

static void exhausted(size_t size)
{
	fprintf(stderr, "out of memory: %zu bytes more were wanted\n", size);
	exit(2);
}

void (*memory_exhausted)(size_t size) = exhausted;

void *memory_alloc(size_t size)
{
	void *memory = malloc(size ? size : 1);
	if (!memory) {
		memory_exhausted(size);
		abort();
	}
	return memory;
}

void *memory_resize(void *old, size_t size)
{
	void *memory = realloc(old, size ? size : 1);
	if (!memory) {
		memory_exhausted(size);
		abort();
	}
	return memory;
}

size_t memory_product(size_t a, size_t b)
{
	if (b && a > SIZE_MAX / b) {
		memory_exhausted(SIZE_MAX);
		abort();
	}
	return a * b;
}

void *array_grow(void *pointer, size_t element, size_t wanted, size_t *capacity)
{
	size_t more = *capacity < 16 ? 16 : *capacity + *capacity / 2;
	*capacity = more < wanted ? wanted : more;
	return memory_resize(pointer, memory_product(*capacity, element));
}

static void add_chunk(Arena *arena, size_t size)
{
	size_t chunk_size = arena->chunk ? arena->chunk->size * 2 : FIRST_CHUNK;
	if (chunk_size > LARGEST_CHUNK)
		chunk_size = LARGEST_CHUNK;
	if (chunk_size < size)
		chunk_size = size;
	if (chunk_size > SIZE_MAX - sizeof(ArenaChunk))
		memory_exhausted(size);
	ArenaChunk *chunk = memory_alloc(sizeof *chunk + chunk_size);
	chunk->older = arena->chunk;
	chunk->size = chunk_size;
	arena->chunk = chunk;
	arena->used = 0;
}

void *arena_alloc(Arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	if (size > SIZE_MAX - align)
		memory_exhausted(size);
	size = (size + align - 1) / align * align;
	if (!arena->chunk || arena->chunk->size - arena->used < size)
		add_chunk(arena, size);
	void *memory = arena->chunk->bytes + arena->used;
	arena->used += size;
	return memset(memory, 0, size);
}

char *arena_copy(Arena *arena, const char *text, size_t size)
{
	char *copy = arena_alloc(arena, size + 1);
	if (size)
		memcpy(copy, text, size);
	return copy;
}

char *arena_printf(Arena *arena, const char *format, ...)
{
	va_list arguments, again;
	assert(format);
	va_start(arguments, format);
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	assert(length >= 0);
	char *text = arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	va_end(arguments);
	return text;
}

static void free_chunks(ArenaChunk *chunk)
{
	while (chunk) {
		ArenaChunk *older = chunk->older;
		free(chunk);
		chunk = older;
	}
}

void arena_reset(Arena *arena)
{
	if (!arena->chunk)
		return;
	free_chunks(arena->chunk->older);
	arena->chunk->older = NULL;
	arena->used = 0;
}

void arena_free(Arena *arena)
{
	free_chunks(arena->chunk);
	*arena = (Arena){0};
}

size_t arena_bytes(const Arena *arena)
{
	size_t bytes = 0;
	for (const ArenaChunk *chunk = arena->chunk; chunk; chunk = chunk->older)
		bytes += sizeof *chunk + chunk->size;
	return bytes;
}
