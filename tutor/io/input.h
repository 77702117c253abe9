// A file, or standard input, read whole.
#ifndef TUTOR_IO_INPUT_H
#define TUTOR_IO_INPUT_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { INPUT_LIMIT = 256 * 1024 * 1024 };   // bytes; more is an error that names the limit

typedef struct Input {
	char *name;   // as messages call it: the path, or "standard input"
	char *text;   // `size` bytes and a NUL; a byte-order mark is skipped
	size_t size;
} Input;

// `path` "-" is standard input. False if it is missing, unreadable, a directory or over the limit;
// then `input` is empty. A read one is freed by input_free.
bool input_read(Input *input, const char *path, Error *error);
bool input_read_limited(Input *input, const char *path, size_t limit, Error *error);
// A file from somebody who is not trusted: no link, pipe or device is opened, nor waited for.
bool input_read_plain(Input *input, const char *path, size_t limit, Error *error);
// A table of examples: what is compressed by gzip is unpacked (tutor/io/stream.h); the limit is that
// of what is in it.
bool input_read_data(Input *input, const char *path, size_t limit, Error *error);
void input_free(Input *input);

// That the bytes are text: valid UTF-8 without NUL. The error has the place of the first that is
// not.
bool input_is_text(const Input *input, Error *error);

#endif
