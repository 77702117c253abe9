// Contour lines of heights over a grid.
//
// Marching squares (Lorensen and Cline's marching cubes, SIGGRAPH 1987, in two dimensions): where a level lies between
// two neighbours of the grid the line crosses the edge between them, at the place that a straight slope gives; within a
// square the crossings are joined, and where all four edges are crossed the mean of the corners says how. The pieces are
// put together into lines.
#ifndef RENDER_CONTOUR_H
#define RENDER_CONTOUR_H

#include "core/arena.h"

// A line: its points in units of the grid, x from 0 to columns - 1, y from 0 to rows - 1.
typedef struct ContourLine {
	const double *x, *y;
	size_t count;
	struct ContourLine *next;
} ContourLine;

// The lines of one level, NULL where there is none; in `arena`. A square with a corner that is not finite has none.
ContourLine *contour_lines(const double *height, size_t columns, size_t rows, double level, Arena *arena);

#endif
