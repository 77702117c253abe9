// UTF-8, as RFC 3629 has it.
#ifndef TUTOR_IO_UTF8_H
#define TUTOR_IO_UTF8_H

#include <stdbool.h>
#include <stddef.h>

// Bytes of the character that `text` begins with, of at most `size`; 0 if it is no valid character
// (or size is 0).
size_t utf8_length(const char *text, size_t size);
// Whether the text begins with the byte-order mark of UTF-16, as a spreadsheet's "Unicode text" does.
bool utf8_is_utf16(const char *text, size_t size);

#endif
