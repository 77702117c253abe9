// Numbers as people read them.
//
// With `digits` 9: nine decimals, trailing zeros dropped, but never fewer than six significant digits; scientific
// below 1e-9, and from 1e15 on, where nine significant digits stand; a value is never shown as 0 unless it is 0.
#ifndef RENDER_DIGITS_H
#define RENDER_DIGITS_H

#include <stddef.h>

enum { DIGITS_SIZE = 64, DIGITS_EXACT = 0 };

// Writes the number with a NUL and returns the length. With DIGITS_EXACT the fewest digits that read back the same.
size_t digits_write(char buffer[DIGITS_SIZE], double value, int digits);
// The value that the printed digits have.
double digits_round(double value, int digits);

#endif
