// The curve of the loss over the epochs, in the terminal and as SVG.
//
// However long a run is, some thousands of points are kept: when there is no more room, every
// second one is dropped, and from then on half as many are taken.
#ifndef TRAIN_CURVE_H
#define TRAIN_CURVE_H

#include "tutor/io/output.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct CurvePoint {
	uint64_t epoch;
	double loss, test;   // NAN where there is none
} CurvePoint;

typedef struct Curve {
	CurvePoint *point;
	size_t count;
	uint64_t stride;   // epochs from one point to the next
	CurvePoint last;   // of the newest epoch, whether it is a point or not
} Curve;

void curve_add(Curve *curve, uint64_t epoch, double loss, double test);
void curve_free(Curve *curve);

// Some lines of text, at most `width` columns wide: dots of Braille, or letters in plain ASCII.
// Nothing where there are fewer than two points.
void curve_print(const Curve *curve, Output *output, int width, bool utf8);
// A file for a browser or a paper.
void curve_svg(const Curve *curve, Output *output, const char *title);

#endif
