#include "tutor/course/agreed.h"

static void add_point(Document *document, const char *text)
{
	document_say(document, ITEM_POINT, text)->level = 1;
}

static bool applies(const Diagnoser *d, MistakeId convention)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->change[i].mistake == convention)
			return true;
	return false;
}

static uint32_t examples_of(const Lines *lines)
{
	uint32_t most = 0;
	for (uint32_t id = 1; id <= lines->count; id++)
		most = lines_at(lines, id)->lane > most ? lines_at(lines, id)->lane : most;
	return most + 1;
}

static bool holds(const Formula *formula, Op op)
{
	if (formula->kind != FORMULA_OPERATION)
		return false;
	bool found = formula->op == op;
	for (uint32_t i = 0; i < formula->count && !found; i++)
		found = holds(formula->argument[i], op);
	return found;
}

static bool any_holds(const Lines *lines, Phase phase, Op op)
{
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Line *line = lines_at(lines, id);
		if (line->phase == phase && line->formula && holds(line->formula, op))
			return true;
	}
	return false;
}

// Whether a constant is added in some unit: a bias that is not trained.
static bool has_fixed_bias(const Lines *lines)
{
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Line *line = lines_at(lines, id);
		for (uint32_t i = 0; line->term && i < line->biases; i++) {
			uint32_t row = line->term[line->terms + i].weight->row;
			if (row && lines_at(lines, row)->kind == OP_CONST)
				return true;
		}
	}
	return false;
}

// Whether the update rule keeps something from step to step that is 0 before the first.
static bool has_states(const Diagnoser *d)
{
	for (uint32_t id = 1; id <= d->lines.count; id++) {
		const Line *line = lines_at(&d->lines, id);
		if (line->phase == PHASE_GIVEN && line->leaf->name->kind == QUANTITY_MEMBER &&
		    line->kind == OP_STATE && d->value[id - 1] == 0)
			return true;
	}
	return false;
}

static bool asks_for_new_params(const Assignment *a, const Lines *lines)
{
	for (size_t i = 0; i < a->questions; i++) {
		const Question *question = &a->question[i];
		uint32_t id = question->kind == QUESTION_NUMBER ? lines_find(lines, question->of) : 0;
		if (id && lines_at(lines, id)->phase == PHASE_UPDATE)
			return true;
	}
	return false;
}

void agreed_points(Document *document, const Assignment *a, const Diagnoser *d)
{
	uint32_t examples = examples_of(&d->lines);
	add_point(document, arena_printf(&document->arena,
	                                 "Give %d significant digits. Whoever rounds every step to so "
	                                 "many is not marked down for it; more digits do no harm.",
	                                 a->significant));
	if (asks_for_new_params(a, &d->lines))
		add_point(document, "A new param must show its step: where it agrees with the old one to "
		                    "so many digits, give more.");
	if (applies(d, MISTAKE_plain))
		add_point(document, "The squared error has the factor 1/2, as written above.");
	if (applies(d, MISTAKE_half))
		add_point(document, "The squared error has no factor 1/2, as written above.");
	if (examples > 1)
		add_point(document, arena_printf(&document->arena,
		                                 "The loss is the mean over the %u examples; all "
		                                 "derivatives are derivatives of that mean.",
		                                 (unsigned)examples));
	if (applies(d, MISTAKE_frozen))
		add_point(document, "The biases are trained like the weights.");
	if (has_fixed_bias(&d->lines))
		add_point(document, "Biases that are given as constants are not trained.");
	if (has_states(d))
		add_point(document, "The averages of the update rule start at 0.");
	if (any_holds(&d->lines, PHASE_FORWARD, OP_LOG))
		add_point(document, "log is the natural logarithm.");
	if (any_holds(&d->lines, PHASE_UPDATE, OP_SUB))
		add_point(document, "All gradients are taken at the old params; all params are updated "
		                    "together at the end.");
	if (applies(d, MISTAKE_plain) || applies(d, MISTAKE_half))
		add_point(document, "A derivative is that of the loss as it stands: the error of an output "
		                    "is output − target, not its opposite.");
}
