// Memory by lifetime: what is allocated from one Arena is freed together.
//
// A zeroed Arena is valid and empty. Memory comes in chunks that grow, so an address stays good until
// arena_free. Running out of memory ends the program through one hook, memory_exhausted.
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ArenaChunk ArenaChunk;
typedef struct Arena {
	ArenaChunk *chunk;   // the newest; older ones are linked from it
	size_t used;         // bytes of the newest chunk that are taken
} Arena;

// `size` zeroed bytes, aligned for any type. Never NULL.
void *arena_alloc(Arena *arena, size_t size);
// A copy of `size` bytes with a NUL after them.
char *arena_copy(Arena *arena, const char *text, size_t size);
// Text as printf would print it.
char *arena_printf(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
// Forgets all, keeping the largest chunk for the next round: a scratch arena in a loop does not call malloc.
void arena_reset(Arena *arena);
void arena_free(Arena *arena);
// Bytes held, chunks' unused ends included.
size_t arena_bytes(const Arena *arena);

#define arena_new(arena, Type) ((Type *)arena_alloc((arena), sizeof(Type)))
#define arena_array(arena, Type, count) ((Type *)arena_alloc((arena), memory_product((count), sizeof(Type))))

// A growing array is a pointer with a count and a capacity, owned by one struct and addressed by index.
// Makes room for `extra` more elements behind `count`; doubles, so that growing is cheap on average.
#define array_reserve(pointer, count, capacity, extra) \
	((size_t)(count) + (extra) <= (capacity) \
	     ? (void)0 \
	     : (void)((pointer) = array_grow((pointer), sizeof *(pointer), (size_t)(count) + (extra), &(capacity))))
void *array_grow(void *pointer, size_t element, size_t wanted, size_t *capacity);

// malloc and realloc that do not return NULL; `memory_product` ends the program where a*b overflows.
void *memory_alloc(size_t size);
void *memory_resize(void *old, size_t size);
size_t memory_product(size_t a, size_t b);

// Called with the number of bytes that could not be had. The default prints one line and exits with status 2.
extern void (*memory_exhausted)(size_t size);

#endif
