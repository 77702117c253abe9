// Output that is written freely and checked once, at the end.
//
// An Output goes to standard output, to a file or to memory. After the first failure nothing more
// is written, and output_close reports it. A file is written under a temporary name beside its own
// and renamed when complete, so it appears whole or not at all; what is no regular file (/dev/full,
// a pipe) is written directly. A zeroed Output is valid and goes to memory.
#ifndef TUTOR_IO_OUTPUT_H
#define TUTOR_IO_OUTPUT_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct Output {
	enum { OUTPUT_MEMORY, OUTPUT_STREAM, OUTPUT_FILE } kind;
	int descriptor;   // of a stream or file
	int fault;        // errno of the first failure, 0 while all is well
	bool hasty;       // set after output_open: one file of very many, not forced to the disk alone
	char *bytes;      // not yet written; for memory, all of it
	size_t count, capacity;
	char *name, *temporary;   // "" is standard output; `temporary` is NULL where written directly
} Output;

// `path` NULL or "-" is standard output. False if the file cannot be created.
bool output_open(Output *output, const char *path, Error *error);
// Writes what is left, puts the file in its place and frees all. False if anything failed since
// output_open: then there is no file. For memory: frees it.
bool output_close(Output *output, Error *error);
// Frees all and leaves no file; what was not yet written to standard output is dropped.
void output_abandon(Output *output);

void output_bytes(Output *output, const char *bytes, size_t size);
void output_text(Output *output, const char *text);
void output_printf(Output *output, const char *format, ...) __attribute__((format(printf, 2, 3)));
// Writes out what is buffered, for a reader who waits.
void output_flush(Output *output);

// For writers that make their bytes in place: room for `size` more, of which `output_made` says how
// many were used.
char *output_room(Output *output, size_t size);
void output_made(Output *output, size_t size);

// What was written to memory so far, with a NUL behind it; good until the next write.
const char *output_memory(Output *output);

#endif
