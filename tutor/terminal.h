// What the terminal is like: asked once, by the commands that lay text out.
#ifndef TUTOR_TERMINAL_H
#define TUTOR_TERMINAL_H

#include <stdbool.h>

enum { TERMINAL_WIDTH = 80, TERMINAL_NARROWEST = 40 };

// Columns to fill: `asked` (from --width) unless 0, else COLUMNS of the environment, else the
// terminal on standard output, else 80; at least 40.
int terminal_width(int asked);

// Columns of the terminal that a descriptor is, as wide as it is now; where it does not say, of COLUMNS, else 80.
int terminal_columns(int descriptor);

// Whether the locale's encoding is UTF-8. main has called setlocale(LC_CTYPE, "").
bool terminal_utf8(void);

// Whether the descriptor (1 standard output, 2 standard error) is a terminal.
bool terminal_is(int descriptor);

#endif
