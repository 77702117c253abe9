// Numbers as text, in files: read strictly, written so that reading gives back the same double.
#ifndef TUTOR_IO_NUMBER_H
#define TUTOR_IO_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

// The whole of `text`, but for blanks around it, as a decimal or scientific number ("12", "-1.5",
// ".5", "2e-3") or one of nan, inf, infinity in any case, with a sign. Correctly rounded. False,
// leaving *value alone, for anything else: an empty text, hexadecimal, a number too large for a
// double.
bool number_parse(const char *text, double *value);

enum { NUMBER_SIZE = 32 };   // bytes that any number takes, its NUL included

// Writes %.17g, nan, inf or -inf with a NUL and returns the length. nan has no sign.
size_t number_format17(char buffer[NUMBER_SIZE], double value);

#endif
