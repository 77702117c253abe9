#include "tutor/course/pattern.h"

#include <fnmatch.h>
#include <string.h>

enum { PATTERN_MOST = 600 };

const char *pattern_next(const char **list, Arena *arena)
{
	while (**list) {
		const char *word = *list + strspn(*list, " ");
		size_t size = 0, end;
		for (int depth = 0; word[size] && (word[size] != ',' || depth > 0); size++)
			depth += (word[size] == '[') - (word[size] == ']');
		*list = word + size + (word[size] == ',');
		for (end = size; end > 0 && word[end - 1] == ' ';)
			end--;
		if (end)
			return arena_copy(arena, word, end);
	}
	return NULL;
}

// [ ] are those of an index.
bool pattern_fits(const char *pattern, const char *name)
{
	char plain[PATTERN_MOST];
	size_t size = 0;
	for (; *pattern && size + 2 < sizeof plain; pattern++) {
		if (strchr("[]\\", *pattern))
			plain[size++] = '\\';
		plain[size++] = *pattern;
	}
	plain[size] = '\0';
	return !*pattern && fnmatch(plain, name, 0) == 0;
}
