// Any bytes as answers, explained by the catalogue and by every convention: no fault, and what is
// named is a mistake.
#include "tutor/course/diagnose.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const char text[] =
	"input x\ntarget y\nparam w = 0.5, v[1..2] = [0.3, -0.2], b = 0.1, u[1..2] = [0.7, 0.4]\n"
	"n[j=1..2] = w*x + v[j]\nh[j=1..2] = sigmoid(n[j])\nm = u[1]*h[1] + u[2]*h[2] + b\n"
	"s = tanh(m)\nE = 1/2*(s - y)^2\nminimize E\nupdate momentum(rate = 0.1)\n"
	"examples\nx,y\n1,2\n-1,0\nend\n";

static void explain(const Answers *answers, Model *model, const VerifyOptions *options)
{
	Verification plain, under;
	Diagnoser diagnoser;
	Diagnosis diagnosis;
	verify(&plain, answers, model, options);
	if (diagnose_convention(&plain, answers, model, options, &under) != MISTAKE_NONE)
		verify_free(&under);
	if (!diagnoser_start(&diagnoser, model, options->convention, options->conventions))
		abort();
	diagnose(&diagnosis, &diagnoser, &plain, options->significant);
	for (size_t i = 0; i < diagnosis.count; i++)
		for (size_t k = 0; k < diagnosis.cause[i].count; k++)
			if (mistake_info[diagnosis.cause[i].finding[k].mistake].source == SOURCE_CONVENTION ||
			    !diagnosis.cause[i].finding[k].explained)
				abort();
	diagnosis_free(&diagnosis);
	diagnoser_free(&diagnoser);
	verify_free(&plain);
}

static bool asks_for_many_steps(const Answers *answers)
{
	for (size_t i = 0; i < answers->count; i++) {
		const char *mark = strrchr(answers->answer[i].name, '#');
		if (mark && strlen(mark) > 3)
			return true;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	Answers answers;
	Model model;
	Error error = {0};
	ModelOptions options = {.seed = 1};
	if (!answers_read(&answers, "fuzz", (const char *)data, size, &error))
		return 0;
	if (!asks_for_many_steps(&answers) && answers.count < 100) {
		static const MistakeId convention[] = {MISTAKE_plain, MISTAKE_sum, MISTAKE_negative,
		                                       MISTAKE_frozen};
		if (!model_read(&model, "fuzz", text, sizeof text - 1, &options, &error))
			abort();
		explain(&answers, &model, &(VerifyOptions){.significant = 4});
		explain(&answers, &model,
		        &(VerifyOptions){.significant = 4, .convention = convention, .conventions = 4});
		model_free(&model);
	}
	answers_free(&answers);
	return 0;
}
