#include "tutor/course/match.h"

#include <math.h>

#define RELATIVE_NOISE 1e-12
#define FEW_DIGITS_MOST 0.1   // farther off, fewer digits say nothing: 1 is no 0.7422
#define SLACK (1 + 1e-9)   // 0.25 typed to one place is 0.3 and 0.2, whatever its double says

double match_half_unit(double value)
{
	return value == 0 || !isfinite(value) ? 0 : 0.5 * pow(10, floor(log10(fabs(value))) + 1);
}

static Match match_infinite(double value, double expected)
{
	return value == expected || (isnan(value) && isnan(expected)) ? MATCH_RIGHT : MATCH_NONE;
}

static Match match_zero(const Typed *typed, double expected, double noise)
{
	if (fabs(expected) <= noise)
		return MATCH_RIGHT;
	bool decimals = typed->unit > 0 && typed->unit < 1;
	return decimals && fabs(expected) <= typed->unit / 2 * SLACK ? MATCH_FEW_DIGITS : MATCH_NONE;
}

// Whether fewer digits are as good: of 0.38702 four are 0.3870, which a spreadsheet writes 0.387.
static bool says_enough(const Typed *typed, double expected, double noise, int asked)
{
	double unit = 2 * match_half_unit(expected) * pow(10, -asked);
	double shown = unit > 0 ? unit * round(expected / unit) : expected;
	return fabs(typed->value - expected) <= noise ||
	       (typed->unit > 0 && fabs(typed->value - shown) <= RELATIVE_NOISE * fabs(shown));
}

// How well the number agrees, its digits not counted.
static Match agreement(const Typed *typed, double expected, double step, double noise,
                       const Allowance *allowance, int asked)
{
	bool exact = typed->unit == 0;
	double apart = fabs(typed->value - expected);
	double unit = exact ? 2 * match_half_unit(expected) * pow(10, -asked) : typed->unit;
	if (apart <= unit / 2 * SLACK + noise)
		return MATCH_RIGHT;
	bool inwards = fabs(typed->value) < fabs(expected);
	if (!exact && inwards && apart < unit + noise)
		return MATCH_CUT;
	int digits = exact ? asked : typed->significant;
	double proper = allowance->typed + allowance->scaled * pow(10, -digits);
	double reach = fmin(allowance->fixed, MATCH_MOST * step) + fmin(proper, MATCH_CANCELLED * step);
	return apart <= reach + unit / 2 * SLACK + noise ? MATCH_ROUNDED : MATCH_NONE;
}

Match match(const Typed *typed, double expected, double from, const Allowance *allowance, int asked)
{
	double value = typed->value, noise = RELATIVE_NOISE * fabs(expected);
	if (isfinite(allowance->noise))   // it is not where an own 0 was divided by: that excuses nothing
		noise = fmax(noise, allowance->noise);
	if (!isfinite(value) || !isfinite(expected))
		return match_infinite(value, expected);
	if (value == 0)
		return match_zero(typed, expected, noise);
	double step = fabs(expected - from);
	Match found = agreement(typed, expected, step, noise, allowance, asked);
	bool enough = typed->significant >= asked || says_enough(typed, expected, noise, asked);
	bool shows_no_step = from != 0 && step > noise && fabs(value - from) <= noise;
	if (found == MATCH_NONE || (enough && !shows_no_step))
		return found;
	return fabs(value - expected) <= FEW_DIGITS_MOST * fabs(expected) ? MATCH_FEW_DIGITS : MATCH_NONE;
}

bool match_hides_step(const Typed *typed, double expected, double from)
{
	double step = fabs(expected - from);
	double noise = RELATIVE_NOISE * fabs(expected);
	return from != 0 && step > noise && fabs(typed->value - expected) > noise &&
	       typed->unit / 2 > MATCH_MOST * step;
}

bool match_vanishes(const Typed *typed, double expected, const Allowance *allowance, int asked)
{
	double reach = allowance->fixed + allowance->typed + allowance->scaled * pow(10, -asked);
	return isfinite(expected) && fabs(expected) <= reach && fabs(typed->value) <= 1e-9 * reach;
}
