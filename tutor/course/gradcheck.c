#include "tutor/course/gradcheck.h"

#include "tutor/course/branches.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

// Steps are 2^-FIRST, … 2^-LAST of the param's size (at least 1); so many make a tableau.
enum { FIRST = 6, LAST = 34, LEVELS = 9 };

// Without --all about so many values are computed: a few seconds.
#define WORK_LIMIT 4e8
enum { FEWEST_OF_FAMILY = 4, REPLAYS_A_PARAM = 10 };

const char *gradcheck_text(GradcheckVerdict verdict)
{
	static const char *const text[] = {
		[GRADCHECK_GOOD] = "good",      [GRADCHECK_FINE] = "fine",
		[GRADCHECK_KINK] = "on a kink", [GRADCHECK_DOUBTFUL] = "doubtful",
		[GRADCHECK_WRONG] = "wrong",    [GRADCHECK_UNDEFINED] = "not finite",
	};
	return text[verdict];
}

bool gradcheck_failed(GradcheckVerdict verdict)
{
	return verdict >= GRADCHECK_WRONG;
}

// ---- One difference quotient

typedef struct Probe {
	Replay replay;
	Branches branches;
	Node loss;
	Node param;
	double at;     // the param's value
	double most;   // the largest |L| seen
} Probe;

static double loss_at(Probe *probe, double value)
{
	replay_set_all(&probe->replay, probe->param, value);
	branches_run(&probe->branches, &probe->replay, probe->param + 1, probe->loss + 1);
	double loss = replay_value(&probe->replay, probe->loss, 0);
	probe->most = fmax(probe->most, fabs(loss));
	return loss;
}

typedef enum Usable { USABLE, OVER_A_KINK, NOT_FINITE } Usable;

static Usable difference(Probe *probe, double h, double *quotient)
{
	double right = probe->at + h, left = probe->at - h;
	double above = loss_at(probe, right);
	bool same = branches_same(&probe->branches, &probe->replay);
	double below = loss_at(probe, left);
	same = same && branches_same(&probe->branches, &probe->replay);
	*quotient = (above - below) / (right - left);
	if (!isfinite(*quotient))
		return NOT_FINITE;
	return same ? USABLE : OVER_A_KINK;
}

// ---- Extrapolation

typedef struct Extrapolation {
	double value, error;   // the best so far, and how much it changed on the way there
	double h;              // the step that it took
	int kinks;             // steps that went over a kink
} Extrapolation;

// Row i of the tableau from the row before it: row[k] is free of the first k terms in h^2.
static void extend(double *row, const double *before, int i, double h, Extrapolation *best)
{
	double power = 4;
	for (int k = 1; k <= i; k++, power *= 4) {
		row[k] = (power * row[k - 1] - before[k - 1]) / (power - 1);
		double error = fmax(fabs(row[k] - row[k - 1]), fabs(row[k] - before[k - 1]));
		if (error < best->error)
			*best = (Extrapolation){row[k], error, h, best->kinks};
	}
}

static Extrapolation extrapolate(Probe *probe)
{
	double size = fmax(1, fabs(probe->at)), row[2][LEVELS];
	Extrapolation best = {.value = NAN, .error = INFINITY};
	int rows = 0;
	for (int exponent = FIRST; exponent <= LAST && rows < LEVELS; exponent++) {
		double h = ldexp(size, -exponent), *now = row[rows % 2], *before = row[(rows + 1) % 2];
		Usable usable = difference(probe, h, &now[0]);
		best.kinks += usable == OVER_A_KINK;
		if (usable != USABLE)
			continue;
		if (rows == 0)
			best = (Extrapolation){now[0], INFINITY, h, best.kinks};
		extend(now, before, rows, h, &best);
		bool settled = best.error <= 1e-11 * fabs(best.value);
		bool worse = rows && fabs(now[rows] - before[rows - 1]) >= 2 * best.error;
		rows++;
		if (rows > 2 && (settled || worse))
			break;
	}
	return best;
}

// ---- One param

static GradcheckVerdict verdict_of(double error)
{
	if (error <= 1e-7)
		return GRADCHECK_GOOD;
	if (error <= 1e-4)
		return GRADCHECK_FINE;
	return error <= 1e-2 ? GRADCHECK_DOUBTFUL : GRADCHECK_WRONG;
}

// Rounding changes L by a few units in its last place, and the quotient by that over h: what that
// explains is not held against a gradient, beyond its being good.
static double relative_error(double a, double b, double rounding)
{
	double apart = fabs(a - b), size = fmax(fabs(a), fabs(b));
	if (apart == 0 || apart <= 1e-7 * size)
		return apart == 0 ? 0 : apart / size;
	return fmax((apart - rounding) / size, 1e-7);
}

static void compare(Probe *probe, GradcheckParam *result)
{
	Extrapolation best = extrapolate(probe);
	result->numeric = best.value;
	result->error = NAN;
	if (isfinite(result->gradient) && isfinite(best.value)) {
		result->error =
			relative_error(result->gradient, best.value, 8 * DBL_EPSILON * probe->most / best.h);
		result->verdict = verdict_of(result->error);
	} else {
		result->verdict =
			isfinite(result->gradient) && best.kinks ? GRADCHECK_KINK : GRADCHECK_UNDEFINED;
	}
}

static void check_param(Probe *probe, GradcheckParam *result)
{
	probe->param = result->param;
	probe->at = replay_value(&probe->replay, result->param, 0);
	probe->most = fabs(replay_value(&probe->replay, probe->loss, 0));
	compare(probe, result);
	loss_at(probe, probe->at);   // all as it was
}

// ---- Which params

static uint32_t family_of(const Model *model, size_t i)
{
	const Tape *tape = &model->tape;
	return tape->names[tape->name[model->param[i]]].a;
}

static size_t most_of_family(const Model *model, const GradcheckOptions *options)
{
	double each = (double)REPLAYS_A_PARAM * model->mean * model->lanes;
	size_t families = 1;
	for (size_t i = 1; i < model->param_count; i++)
		families += family_of(model, i) != family_of(model, i - 1);
	double most = floor(WORK_LIMIT / (each * (double)families));
	if (options->all || most >= (double)model->param_count)
		return model->param_count;
	return most < FEWEST_OF_FAMILY ? FEWEST_OF_FAMILY : (size_t)most;
}

// Of the params [first, end), at most `most`, evenly spread, the first and the last among them.
static void choose(Gradcheck *check, const Model *model, size_t first, size_t end, size_t most)
{
	size_t count = end - first, chosen = count < most ? count : most;
	for (size_t i = 0; i < chosen; i++) {
		size_t at = chosen > 1 ? i * (count - 1) / (chosen - 1) : 0;
		check->param[check->count++].param = model->param[first + at];
	}
}

static void choose_params(Gradcheck *check, const Model *model, const GradcheckOptions *options)
{
	size_t most = most_of_family(model, options), first = 0;
	check->param = memory_alloc(memory_product(model->param_count, sizeof *check->param));
	for (size_t i = 1; i <= model->param_count; i++)
		if (i == model->param_count || family_of(model, i) != family_of(model, first)) {
			choose(check, model, first, i, most);
			first = i;
		}
}

void gradcheck_run(Gradcheck *check, const Model *model, const GradcheckOptions *options)
{
	assert(model->gradient);
	*check = (Gradcheck){0};
	choose_params(check, model, options);
	Probe probe = {.loss = model->mean};
	model_start(model, &probe.replay, 0, model->lanes);
	replay_all(&probe.replay);
	branches_start(&probe.branches, &probe.replay, model->mean);
	for (size_t i = 0; i < check->count; i++) {
		GradcheckParam *param = &check->param[i];
		const Adjoint *adjoint = gradient_find(model->gradient, param->param);
		param->gradient = adjoint ? replay_value(&probe.replay, adjoint->node, 0) : 0;
		check_param(&probe, param);
		if (param->verdict > check->worst)
			check->worst = param->verdict;
		if (options->progress)
			options->progress(options->context, i + 1, check->count);
	}
	branches_free(&probe.branches);
	replay_free(&probe.replay);
}

void gradcheck_free(Gradcheck *check)
{
	free(check->param);
	*check = (Gradcheck){0};
}
