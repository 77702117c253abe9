#include "tutor/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { LONGEST = 64 };   // longer names are not compared

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

// Fills `row`, the distances of the first i letters of `a` to each beginning of `b`, from the two
// rows before.
static void next_row(size_t *row, const size_t *above, const size_t *two_above, const char *a,
                     size_t i, const char *b, size_t b_size)
{
	row[0] = i;
	for (size_t j = 1; j <= b_size; j++) {
		row[j] = least(above[j - 1] + !same_letter(a[i - 1], b[j - 1]), least(above[j], row[j - 1]) + 1);
		if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
			row[j] = least(row[j], two_above[j - 2] + 1);
	}
}

static size_t distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
	size_t rows[3][LONGEST + 1];
	for (size_t j = 0; j <= b_size; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_size; i++)
		next_row(rows[i % 3], rows[(i + 2) % 3], rows[(i + 1) % 3], a, i, b, b_size);
	return rows[a_size % 3][b_size];
}

Nearest nearest_start(const char *wanted, size_t size)
{
	size_t most = size / 3 > 1 ? size / 3 : 1;
	return (Nearest){.wanted = wanted, .size = size, .distance = most + 1};
}

void nearest_offer(Nearest *nearest, const char *name)
{
	size_t size = strlen(name), longer = size > nearest->size ? size : nearest->size;
	size_t difference = 2 * longer - size - nearest->size;
	if (longer > LONGEST || difference >= nearest->distance)
		return;
	size_t found = distance(nearest->wanted, nearest->size, name, size);
	if (found >= nearest->distance || found >= longer)
		return;   // a name with no letter in common is not near, however short
	nearest->distance = found;
	nearest->name = name;
}

const char *nearest_name(const char *wanted, const char *const *names, size_t count)
{
	Nearest nearest = nearest_start(wanted, strlen(wanted));
	for (size_t i = 0; i < count; i++)
		nearest_offer(&nearest, names[i]);
	return nearest.name;
}
