// The known name that a mistyped one probably meant.
//
// Nearness is the number of letters to insert, drop, change or swap with a neighbour (the
// restricted Damerau-Levenshtein distance; F. Damerau, "A technique for computer detection and
// correction of spelling errors", CACM 7(3), 1964). A third of the letters may be wrong, at least
// one, and capitals count like small ones; of equally near names the first wins.
#ifndef TUTOR_NEAREST_H
#define TUTOR_NEAREST_H

#include <stddef.h>

// Offer the known names one after another, then read `name`: NULL if none was near.
typedef struct Nearest {
	const char *wanted;
	size_t size;       // bytes of `wanted`
	size_t distance;   // of `name`; before there is one, more than any that is near enough
	const char *name;
} Nearest;

Nearest nearest_start(const char *wanted, size_t size);
void nearest_offer(Nearest *nearest, const char *name);

// All at once, for a table of names.
const char *nearest_name(const char *wanted, const char *const *names, size_t count);

#endif
