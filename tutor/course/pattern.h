// Lists of names as options take them, `w*,dE_total/dw[1,*]`: separated by commas outside of
// brackets, * and ? standing for any letters and for one.
#ifndef COURSE_PATTERN_H
#define COURSE_PATTERN_H

#include "core/arena.h"

#include <stdbool.h>

// The next word of a list, without the blanks around it; NULL at the end. `list` goes on behind it.
const char *pattern_next(const char **list, Arena *arena);
bool pattern_fits(const char *pattern, const char *name);

#endif
