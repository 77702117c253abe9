// A file of data, read a piece at a time: plain, or compressed by gzip where the program was built
// with zlib. Which of the two it is, the file itself says, whatever its name.
#ifndef TUTOR_IO_STREAM_H
#define TUTOR_IO_STREAM_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct Stream {
	const char *name;   // as messages call it; borrowed
	int descriptor;
	void *zip;      // zlib's, NULL where plain
	size_t taken;   // bytes read so far
	bool ended;
} Stream;

// `path` "-" is standard input. False if it is missing, unreadable, a directory, or compressed and
// zlib is not there.
bool stream_open(Stream *stream, const char *path, Error *error);
void stream_close(Stream *stream);

// Reads up to `size` bytes to `bytes`; fewer only at the end of the file. False where it cannot be
// read, or is compressed and ends too early or is damaged: then `got` is what came before, and the
// error has for a place the byte behind it in what is compressed (error_at_byte); a reader of text
// puts line and column in its stead (error_place).
bool stream_read(Stream *stream, void *bytes, size_t size, size_t *got, Error *error);

#endif
