// The recorded gradient of a model's loss against central differences, param by param.
//
// The difference quotient (L(w + h) - L(w - h))/2h is taken at halved steps h and extrapolated to h
// = 0 (C. Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", Advances in Engineering
// Software 4, 1982), so that a right gradient agrees to about ten digits. A step over a kink is not
// used: where a relu, abs, max, min, step or eq whose value the loss rests on takes another branch
// at w - h or w + h than at w, h is halved. What `detach` holds back is held at its value, as the
// recorded gradient does.
//
// The thresholds are those that students are taught (CS231n notes, "Gradient checks").
#ifndef COURSE_GRADCHECK_H
#define COURSE_GRADCHECK_H

#include "tutor/model/model.h"

typedef enum GradcheckVerdict {
	GRADCHECK_GOOD,        // relative error at most 1e-7, or both zero
	GRADCHECK_FINE,        // at most 1e-4: right, where kinks are near
	GRADCHECK_KINK,        // the param stands on a kink: no difference to compare with
	GRADCHECK_DOUBTFUL,    // at most 1e-2
	GRADCHECK_WRONG,       // more
	GRADCHECK_UNDEFINED,   // gradient or loss is not finite
} GradcheckVerdict;

typedef struct GradcheckParam {
	Node param;
	double gradient;   // as recorded
	double numeric;    // the extrapolated difference quotient
	double error;      // |gradient - numeric|/max of both, less what rounding in L explains where
	                   // above 1e-7; NAN where there are no two numbers to compare
	GradcheckVerdict verdict;
} GradcheckParam;

typedef struct GradcheckOptions {
	bool all;   // check every param; else as many of each family as take a few seconds
	void (*progress)(void *context, size_t done, size_t total);   // or NULL
	void *context;
} GradcheckOptions;

typedef struct Gradcheck {
	GradcheckParam *param;   // those checked, in the order of the text, evenly spread over a family
	size_t count;
	GradcheckVerdict worst;
} Gradcheck;

// Checks a model that has a loss. `check` is freed by gradcheck_free.
void gradcheck_run(Gradcheck *check, const Model *model, const GradcheckOptions *options);
void gradcheck_free(Gradcheck *check);

const char *gradcheck_text(GradcheckVerdict verdict);
// Whether the gradient failed: wrong or undefined.
bool gradcheck_failed(GradcheckVerdict verdict);

#endif
