// The files of lessons/, compiled into the program so that it works from any folder.
// lessons/embed.sh makes them.
#ifndef TUTOR_EMBEDDED_H
#define TUTOR_EMBEDDED_H

#include <stddef.h>

typedef struct Embedded {
	const char *name;   // below lessons/, as "mazur.md", "optimizers.model" or "data/iris.csv"
	const char *data;   // `size` bytes and a NUL
	size_t size;
} Embedded;

extern const Embedded embedded_files[];   // ordered by name
extern const size_t embedded_count;

// NULL if there is none of that name.
const Embedded *embedded_find(const char *name);

#endif
