// What the norms say, in words.
#include "tutor/train/norms.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

static const double vanishing = 1e-4, large_step = 0.5, many_dead = 0.25, many_saturated = 0.5;

typedef struct Judge {
	const Norms *norms;
	VerdictEach *each;
	void *context;
} Judge;

__attribute__((format(printf, 3, 4))) static void say(const Judge *judge, const char *word, const char *format, ...)
{
	Verdict verdict = {.word = word};
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(verdict.text, sizeof verdict.text, format, arguments);
	va_end(arguments);
	judge->each(judge->context, &verdict);
}

// The root of the mean square of a family's gradient.
static double size_of(const FamilyNorms *family)
{
	return family->gradient / sqrt(family->params);
}

// The layer nearest to the data that has a gradient, or the farthest from it; of one family where
// `of` is not NULL.
static const FamilyNorms *outermost(const Norms *norms, const FamilyNorms *of, bool farthest)
{
	const FamilyNorms *found = NULL;
	for (size_t i = 0; i < norms->families; i++) {
		const FamilyNorms *family = &norms->family[i];
		if (isnan(family->gradient) || family->level == UINT32_MAX || (of && family->family != of->family))
			continue;
		if (!found || (farthest ? family->level > found->level : family->level < found->level))
			found = family;
	}
	return found;
}

static int layers_of(const Norms *norms, const FamilyNorms *of)
{
	int layers = 0;
	for (size_t i = 0; i < norms->families; i++)
		layers += norms->family[i].family == of->family;
	return layers;
}

static bool is_saturated(const Norms *norms)
{
	return norms->saturation > many_saturated;
}

// From the loss back to the data. Layers of one family are compared with one another, for they are
// alike but for their depth.
static void judge_depth(const Judge *judge)
{
	const FamilyNorms *low = outermost(judge->norms, NULL, false);
	int layers = low ? layers_of(judge->norms, low) : 0;
	const FamilyNorms *high = outermost(judge->norms, layers > 1 ? low : NULL, true);
	if (!low || low->level == high->level)
		return;
	double ratio = size_of(low) / size_of(high);
	char way[80] = "";
	if (layers > 2 && ratio > 0)
		snprintf(way, sizeof way, " (times %.2g from one layer back to the next)", pow(ratio, 1.0 / (layers - 1)));
	if (ratio < vanishing)
		say(judge, "vanishing",
		    "a gradient of '%s', near the data, is about %.2g, one of '%s', near the loss, %.2g%s: %s",
		    low->name, size_of(low), high->name, size_of(high), way,
		    // Saturated units let no gradient through, and larger start values saturate more of them.
		    is_saturated(judge->norms) ? "the units between are saturated"
		                               : "try relu or tanh in place of sigmoid, or larger start values");
	else if (ratio > 1 / vanishing)
		say(judge, "exploding",
		    "a gradient of '%s', near the data, is about %.2g, one of '%s', near the loss, %.2g%s: try smaller "
		    "start values, or clip the gradient",
		    low->name, size_of(low), high->name, size_of(high), way);
}

// The root of the mean square of all params that are updated.
static double size_of_all(const Norms *norms)
{
	double sum = 0, params = 0;
	for (size_t i = 0; i < norms->families; i++)
		if (!isnan(norms->family[i].weight)) {
			sum += norms->family[i].weight * norms->family[i].weight;
			params += norms->family[i].params;
		}
	return params > 0 ? sqrt(sum / params) : 0;
}

// A bias near 0 may well change by more than its own size: a step is large only where it is so for
// the other params' size too.
static void judge_steps(const Judge *judge)
{
	double all = size_of_all(judge->norms);
	for (size_t i = 0; i < judge->norms->families; i++) {
		const FamilyNorms *family = &judge->norms->family[i];
		if (family->weight > 0 && family->step > large_step * family->weight &&
		    family->step > large_step * all * sqrt(family->params))
			say(judge, "exploding",
			    "an update moves '%s' by %.2g times its own size, its gradient's norm is %.2g: try a smaller "
			    "rate, or clip the gradient",
			    family->name, family->step / family->weight, family->gradient);
	}
}

static void judge_units(const Judge *judge)
{
	const Norms *norms = judge->norms;
	if (norms->dead > many_dead)
		say(judge, "dead",
		    "%.0f %% of the relus are 0 for the whole batch: try a smaller rate, or leaky_relu", 100 * norms->dead);
	if (is_saturated(norms))
		say(judge, "saturated",
		    "%.0f %% of the sigmoids and tanhs are within 1 %% of an end of their range: try smaller start "
		    "values, scaled inputs or a smaller rate",
		    100 * norms->saturation);
}

// A loss that has risen by more than its own size; one may be below 0. Numbers that broke may have gone down as well.
static void judge_loss(const Judge *judge, LossCourse loss)
{
	double by = loss.last - loss.first;
	const char *of = loss.broken ? "a batch" : "an epoch", *then = loss.broken ? ", then to no finite number" : "";
	if (by > fabs(loss.first))
		say(judge, "diverging", "the loss of %s went from %.4g to %.4g%s: try a smaller rate", of, loss.first,
		    loss.last, then);
	else if (loss.broken && loss.last < 0 && -by > 2*fabs(loss.first))
		say(judge, "diverging",
		    "the loss of %s went from %.4g down to %.4g%s: try a smaller rate, or a loss with a lower bound", of,
		    loss.first, loss.last, then);
}

void norms_verdicts(const Norms *norms, LossCourse loss, VerdictEach *each, void *context)
{
	Judge judge = {norms, each, context};
	judge_loss(&judge, loss);
	judge_depth(&judge);
	judge_steps(&judge);
	judge_units(&judge);
}
