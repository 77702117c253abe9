#include "tutor/course/telling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// How far the net input of a unit may be from where its activation bends: sigmoid'(4) is 0.018,
// tanh'(2) is 0.071.
#define SATURATED 4.0
#define SATURATED_TANH 2.0
// How close to a kink, and to where the larger of two changes.
#define KINK_MARGIN 0.01
// What a sum may be of the sizes of its terms.
#define CANCELLED 0.02
// What two answers must differ by, of the larger: more than rounding on the way explains.
#define VISIBLE 0.01

// ---- Start

static size_t list_kinds(Telling *t)
{
	const Diagnoser *d = t->diagnoser;
	size_t count = 0;
	for (size_t i = 0; i < d->count; i++) {
		const Change *change = &d->change[i];
		bool known =
			count && t->kind[count - 1].mistake == change->mistake && t->kind[count - 1].way == change->way;
		if (!known && mistake_info[change->mistake].source != SOURCE_CONVENTION)
			t->kind[count++] = (Planted){change->mistake, change->way};
	}
	return count;
}

void telling_start(Telling *t, const Diagnoser *diagnoser, const uint32_t *asked, size_t count,
                   int significant)
{
	*t = (Telling){.diagnoser = diagnoser, .asked = asked, .asked_count = count,
	               .significant = significant};
	t->kind = arena_array(&t->arena, Planted, diagnoser->count + 1);
	t->kinds = list_kinds(t);
	t->hidden = arena_array(&t->arena, bool, t->kinds + 1);
	t->rare = arena_array(&t->arena, bool, t->kinds + 1);
	t->unseen = arena_array(&t->arena, uint32_t, t->kinds + 1);
	t->alike = arena_array(&t->arena, bool, t->kinds * t->kinds + 1);
	t->met = arena_array(&t->arena, uint32_t, t->kinds * t->kinds + 1);
	t->made = arena_array(&t->arena, bool, t->kinds + 1);
	t->shows = arena_array(&t->arena, uint32_t, count + 1);
	t->flat = arena_array(&t->arena, bool, diagnoser->lines.count);
	t->value = arena_array(&t->arena, double, memory_product(t->kinds + 1, count + 1));
	t->work = arena_array(&t->arena, double, diagnoser->lines.count);
	memset(t->hidden, 1, t->kinds);
	memset(t->flat, 1, diagnoser->lines.count);
}

void telling_free(Telling *t)
{
	arena_free(&t->arena);
	*t = (Telling){0};
}

// ---- Soundness

static bool is_activation_bent(Op op, double net)
{
	switch (op) {
	case OP_SIGMOID:
	case OP_SOFTPLUS:
	case OP_GELU:
		return fabs(net) > SATURATED;
	case OP_TANH:
		return fabs(net) > SATURATED_TANH;
	case OP_ELU:
		return net < -SATURATED || fabs(net) < KINK_MARGIN;
	case OP_EXP:
		return fabs(net) > SATURATED + 1;
	case OP_RELU:
	case OP_LEAKY_RELU:
	case OP_ABS:
	case OP_STEP:
		return fabs(net) < KINK_MARGIN;
	default:
		return false;
	}
}

// The two largest, or smallest, are nearly equal.
static bool is_tie(const Formula *formula, const double *value)
{
	double sign = formula->op == OP_MIN || formula->op == OP_ARGMIN ? -1 : 1;
	double first = -INFINITY, second = -INFINITY;
	for (uint32_t i = 0; i < formula->count; i++) {
		double term = sign * lines_value(formula->argument[i], value);
		second = term > first ? first : term > second ? term : second;
		first = term > first ? term : first;
	}
	return formula->count > 1 && first - second < KINK_MARGIN * fmax(1, fabs(first));
}

static bool is_cancelled(const Formula *formula, const double *value)
{
	double sum = 0, sizes = 0;
	for (uint32_t i = 0; i < formula->count; i++) {
		double term = lines_value(formula->argument[i], value);
		sum += formula->op == OP_SUB && i ? -term : term;
		sizes += fabs(term);
	}
	return fabs(sum) < CANCELLED * sizes;
}

// Formulas are no deeper than FORMULA_DEPTH.
static size_t unsound_parts(const Formula *formula, const double *value)
{
	if (formula->kind != FORMULA_OPERATION)
		return 0;
	Op op = formula->op;
	size_t count = 0;
	if (op == OP_MAX || op == OP_MIN || op == OP_ARGMAX || op == OP_ARGMIN)
		count += is_tie(formula, value);
	else if (op == OP_SUM || op == OP_SUB)
		count += is_cancelled(formula, value);
	else if (formula->count)
		count += is_activation_bent(op, lines_value(formula->argument[0], value));
	for (uint32_t i = 0; i < formula->count; i++)
		count += unsound_parts(formula->argument[i], value);
	return count;
}

// A relu's unit that no example switches on.
static size_t dead_units(const Telling *t)
{
	const Lines *lines = &t->diagnoser->lines;
	const double *value = t->diagnoser->value;
	size_t dead = 0;
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Line *line = lines_at(lines, id);
		if (line->phase != PHASE_FORWARD || line->activation != OP_RELU || line->lane)
			continue;
		bool on = false;
		Node node = lines->derivation->row[id - 1].node;
		for (uint32_t other = id; other <= lines->count && !on; other++)
			on = lines->derivation->row[other - 1].node == node &&
			     lines_at(lines, other)->phase == PHASE_FORWARD && value[other - 1] > 0;
		dead += on ? 0 : 1;
	}
	return dead;
}

// A gradient of a param or a unit that is 0 with these numbers, though with others it is not.
static bool is_nought(const Telling *t, uint32_t id)
{
	const Line *line = lines_at(&t->diagnoser->lines, id);
	if (line->phase != PHASE_GRADIENT || !line->by || t->flat[id - 1])
		return false;
	const Line *by = lines_at(&t->diagnoser->lines, line->by);
	return (by->kind == OP_PARAM || by->terms > 0) && fabs(t->diagnoser->value[id - 1]) < 1e-12;
}

// The param whose new value line `id` is; 0 if it is none.
static uint32_t old_param_of(const Telling *t, uint32_t id)
{
	const Line *line = lines_at(&t->diagnoser->lines, id);
	bool update = line->phase == PHASE_UPDATE && line->by;
	return update && lines_at(&t->diagnoser->lines, line->by)->next == id ? line->by : 0;
}

// A new param that is the old one in the digits asked for.
static bool hides_step(const Telling *t, size_t i)
{
	uint32_t id = t->asked[i], old = old_param_of(t, id);
	const double *value = t->diagnoser->value;
	double size = fabs(value[id - 1]);
	if (!old || size == 0)
		return false;
	double unit = pow(10, floor(log10(size)) + 1 - t->significant);
	return fabs(value[id - 1] - value[old - 1]) < unit;
}

static size_t hidden_steps(const Telling *t)
{
	size_t count = 0;
	for (size_t i = 0; i < t->asked_count; i++)
		count += t->shows[i] * 2 >= t->shown && hides_step(t, i);
	return count;
}

size_t telling_unsound(const Telling *t)
{
	const Lines *lines = &t->diagnoser->lines;
	const double *value = t->diagnoser->value;
	size_t count = 0;
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Line *line = lines_at(lines, id);
		bool looked_at = line->phase == PHASE_FORWARD || line->phase == PHASE_GRADIENT;
		count += isfinite(value[id - 1]) ? 0 : 1;
		if (looked_at && line->formula)
			count += unsound_parts(line->formula, value);
		count += is_nought(t, id);
	}
	return count + dead_units(t) + hidden_steps(t);
}

// ---- Mistakes

// Half a unit of the last digit is at most half of that of the leading one.
static bool differ(const Telling *t, size_t i, double a, double b)
{
	uint32_t old = old_param_of(t, t->asked[i]);
	double from = old ? t->diagnoser->value[old - 1] : 0;
	double unit = pow(10, 1 - t->significant), gap = fabs(a - b);
	double size = fmax(fabs(a - from), fabs(b - from));
	return gap > fmax(VISIBLE, unit) * size && gap > unit * fmax(fabs(a), fabs(b));
}

static double *answers_of(const Telling *t, size_t kind)
{
	return t->value + kind * t->asked_count;
}

static bool are_told_apart(const Telling *t, size_t a, size_t b)
{
	const double *left = answers_of(t, a), *right = answers_of(t, b);
	for (size_t i = 0; i < t->asked_count; i++)
		if (differ(t, i, left[i], right[i]))
			return true;
	return false;
}

static void take_answers(Telling *t, size_t kind, const double *value)
{
	double *answer = answers_of(t, kind);
	for (size_t i = 0; i < t->asked_count; i++)
		answer[i] = value[t->asked[i] - 1];
}

// The answers of who makes each mistake; behind them the right ones.
static void plant_all(Telling *t)
{
	const Diagnoser *d = t->diagnoser;
	for (size_t kind = 0; kind < t->kinds; kind++) {
		t->made[kind] = diagnoser_plant(d, &t->kind[kind], 1, t->work);
		take_answers(t, kind, t->work);
	}
	take_answers(t, t->kinds, d->value);
}

bool telling_hides(const Telling *t, size_t kind)
{
	return t->made[kind] && !are_told_apart(t, kind, t->kinds);
}

static bool are_alike(const Telling *t, size_t a, size_t b)
{
	return t->kind[a].mistake != t->kind[b].mistake && t->made[a] && t->made[b] &&
	       !are_told_apart(t, a, b);
}

void telling_show(Telling *t)
{
	for (uint32_t id = 1; id <= t->diagnoser->lines.count; id++)
		t->flat[id - 1] = t->flat[id - 1] && t->diagnoser->value[id - 1] == 0;
	t->shown++;
	for (size_t i = 0; i < t->asked_count; i++)
		t->shows[i] += !hides_step(t, i);
}

bool telling_survey(Telling *t)
{
	if (telling_unsound(t) > t->tolerated)
		return false;
	plant_all(t);
	t->surveyed++;
	for (size_t a = 0; a < t->kinds; a++) {
		t->unseen[a] += telling_hides(t, a);
		t->hidden[a] = t->unseen[a] == t->surveyed;
		t->rare[a] = t->unseen[a] * 4 > t->surveyed;
		for (size_t b = a + 1; b < t->kinds; b++) {
			size_t pair = a * t->kinds + b;
			t->met[pair] += are_alike(t, a, b);
			t->alike[pair] = t->met[pair] * 4 > t->surveyed;
		}
	}
	return true;
}

Fault telling_judge(Telling *t)
{
	size_t unsound = telling_unsound(t);
	Fault fault = {.unsound = unsound > t->tolerated ? unsound - t->tolerated : 0};
	if (fault.unsound)
		return fault;
	plant_all(t);
	for (size_t a = 0; a < t->kinds; a++) {
		bool hidden = telling_hides(t, a);
		fault.hidden += hidden && !t->rare[a];
		for (size_t b = a + 1; b < t->kinds && !hidden; b++)
			fault.alike += !t->alike[a * t->kinds + b] && are_alike(t, a, b);
	}
	return fault;
}

bool fault_less(const Fault *a, const Fault *b)
{
	if (a->unsound != b->unsound)
		return a->unsound < b->unsound;
	if (a->hidden != b->hidden)
		return a->hidden < b->hidden;
	return a->alike < b->alike;
}
