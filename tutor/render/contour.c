#include "tutor/render/contour.h"

#include <math.h>
#include <stdbool.h>

// An edge of the grid is a place of it and a direction: 2*place to the right, 2*place + 1 upwards.
typedef struct Crossings {
	const double *height;
	size_t columns, rows;
	double level;
	size_t (*link)[2];   // of each edge: the edges that its crossing is joined to, plus 1; 0 for none
	Arena *arena;
} Crossings;

static bool above(const Crossings *c, size_t place)
{
	return c->height[place] > c->level;
}

static void join(Crossings *c, size_t a, size_t b)
{
	c->link[a][c->link[a][0] != 0] = b + 1;
	c->link[b][c->link[b][0] != 0] = a + 1;
}

// The square whose lower left corner is `place`: its edges are below, right, above, left.
static void take_square(Crossings *c, size_t place)
{
	const size_t corner[] = {place, place + 1, place + c->columns + 1, place + c->columns};
	const size_t edge[] = {2 * place, 2 * (place + 1) + 1, 2 * (place + c->columns), 2 * place + 1};
	size_t crossed[4], count = 0;
	double sum = 0;
	for (size_t i = 0; i < 4; i++) {
		sum += c->height[corner[i]];
		if (above(c, corner[i]) != above(c, corner[(i + 1) % 4]))
			crossed[count++] = edge[i];
	}
	if (!isfinite(sum))
		return;
	if (count == 2)
		join(c, crossed[0], crossed[1]);
	if (count < 4)
		return;
	bool around = (sum / 4 > c->level) == above(c, corner[0]);   // the first corner is joined with the third
	join(c, crossed[0], crossed[around ? 1 : 3]);
	join(c, crossed[2], crossed[around ? 3 : 1]);
}

static void place_of(const Crossings *c, size_t edge, double *x, double *y)
{
	size_t place = edge / 2, other = edge % 2 ? place + c->columns : place + 1;
	double share = (c->level - c->height[place]) / (c->height[other] - c->height[place]);
	*x = (double)(place % c->columns) + (edge % 2 ? 0 : share);
	*y = (double)(place / c->columns) + (edge % 2 ? share : 0);
}

// The line from an edge on, its links taken away.
static ContourLine *follow(Crossings *c, size_t start)
{
	size_t length = 1;
	for (size_t from = SIZE_MAX, at = start, next;; from = at, at = next, length++) {
		size_t a = c->link[at][0], b = c->link[at][1];
		next = a && a - 1 != from ? a - 1 : b && b - 1 != from ? b - 1 : SIZE_MAX;
		if (next == SIZE_MAX || next == start) {
			length += next == start;
			break;
		}
	}
	ContourLine *line = arena_new(c->arena, ContourLine);
	double *x = arena_array(c->arena, double, length), *y = arena_array(c->arena, double, length);
	size_t at = start;
	for (size_t i = 0; i < length; i++) {
		place_of(c, at, &x[i], &y[i]);
		size_t next = c->link[at][0] ? c->link[at][0] - 1 : c->link[at][1] ? c->link[at][1] - 1 : start;
		for (size_t k = 0; k < 2; k++) {
			c->link[at][k] = c->link[at][k] == next + 1 ? 0 : c->link[at][k];
			c->link[next][k] = c->link[next][k] == at + 1 ? 0 : c->link[next][k];
		}
		at = next;
	}
	*line = (ContourLine){.x = x, .y = y, .count = length};
	return line;
}

static bool begins(const Crossings *c, size_t edge, bool open)
{
	bool one = c->link[edge][0] != 0, two = c->link[edge][1] != 0;
	return open ? one != two : one || two;
}

ContourLine *contour_lines(const double *height, size_t columns, size_t rows, double level, Arena *arena)
{
	Arena scratch = {0};
	Crossings c = {.height = height, .columns = columns, .rows = rows, .level = level, .arena = arena};
	size_t edges = 2 * columns * rows;
	c.link = arena_alloc(&scratch, memory_product(edges, sizeof *c.link));
	for (size_t row = 0; row + 1 < rows; row++)
		for (size_t column = 0; column + 1 < columns; column++)
			take_square(&c, row * columns + column);
	ContourLine *first = NULL;
	for (int open = 1; open >= 0; open--)   // lines with ends, then rings
		for (size_t edge = 0; edge < edges; edge++)
			if (begins(&c, edge, open)) {
				ContourLine *line = follow(&c, edge);
				line->next = first;
				first = line;
			}
	arena_free(&scratch);
	return first;
}
