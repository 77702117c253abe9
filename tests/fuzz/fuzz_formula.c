// Any bytes as a formula for each line of a small model: no fault, a verdict, and of what is right
// the value that the line has.
#include "tutor/course/diagnose.h"
#include "tutor/course/formula_judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const char text[] =
	"input x\ntarget y\nparam w = 0.5, v[1..2] = [0.3, -0.2], b = 0.1, u[1..2] = [0.7, 0.4]\n"
	"n[j=1..2] = w*x + v[j]\nh[j=1..2] = sigmoid(n[j])\nm = u[1]*h[1] + u[2]*h[2] + b\n"
	"s = tanh(m)\nE = 1/2*(s - y)^2\nminimize E\nupdate momentum(rate = 0.1)\n"
	"examples\nx,y\n1,2\n-1,0\nend\n";

static const char *const asked[] = {"m@1", "h[2]@2", "dE/du[1]", "b+", "E"};

static void judge(const FormulaJudge *judge, const char *formula)
{
	Arena arena = {0};
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		JudgedFormula judged;
		uint32_t id = lines_find(judge->lines, asked[i]);
		formula_judge(&judged, judge, id, formula, NULL, 4);
		bool place = judged.verdict == FORMULA_UNREADABLE || judged.verdict == FORMULA_CIRCULAR;
		if (place != (*judged.problem != '\0') || judged.column > strlen(formula) + 1 ||
		    !*formula_judge_text(&judged, &arena))
			abort();
		if (judged.verdict == FORMULA_RIGHT &&
		    !(fabs(judged.value - judge->value[id - 1]) <= 1e-7 * fabs(judge->value[id - 1])))
			abort();
	}
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static Model model;
	static Diagnoser diagnoser;
	static FormulaJudge formulas;
	Error error = {0};
	if (!formulas.lines) {
		if (!model_read(&model, "fuzz", text, sizeof text - 1, &(ModelOptions){.seed = 1}, &error) ||
		    !diagnoser_start(&diagnoser, &model, NULL, 0))
			abort();
		formula_judge_start(&formulas, &diagnoser.lines, diagnoser.value);
	}
	char *formula = malloc(size + 1);
	if (!formula)
		abort();
	memcpy(formula, data, size);
	formula[size] = '\0';
	judge(&formulas, formula);
	free(formula);
	return 0;
}
