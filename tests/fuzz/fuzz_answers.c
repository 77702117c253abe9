// Any bytes as answers to a small model's questions: no fault, and every row gets a verdict.
#include "tutor/course/verify.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const char text[] =
	"input x\ntarget y\nparam w = 0.5, v[1..2] = [0.3, -0.2]\n"
	"h[j=1..2] = tanh(w*x + v[j])\ns = relu(h[1]*h[2])\nE = (s - y)^2 + v[1]*w\n"
	"minimize E\nupdate momentum(rate = 0.1)\nexamples\nx,y\n1,2\n-1,0\nend\n";

static void check(const Answers *answers, const Answers *golden)
{
	Model model;
	Error error = {0};
	Verification result;
	ModelOptions options = {.seed = 1};
	if (!model_read(&model, "fuzz", text, sizeof text - 1, &options, &error))
		abort();
	verify(&result, answers, &model, &(VerifyOptions){.significant = 4, .golden = golden});
	for (size_t i = 0; i < result.count; i++)
		if (result.item[i].verdict == VERDICT_NONE ||
		    (result.item[i].verdict == VERDICT_UNKNOWN) != (result.item[i].problem != NULL))
			abort();
	verify_free(&result);
	model_free(&model);
}

// A million update steps are right, but slow.
static bool asks_for_many_steps(const Answers *answers)
{
	for (size_t i = 0; i < answers->count; i++) {
		const char *mark = strrchr(answers->answer[i].name, '#');
		if (mark && strlen(mark) > 4)
			return true;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	Answers answers;
	Error error = {0};
	if (!answers_read(&answers, "fuzz", (const char *)data, size, &error)) {
		if (!error.set)
			abort();
		return 0;
	}
	if (!asks_for_many_steps(&answers)) {
		check(&answers, NULL);
		check(&answers, &answers);
	}
	Verification result;
	verify(&result, &answers, NULL, &(VerifyOptions){.significant = 4, .golden = &answers});
	verify_free(&result);
	answers_free(&answers);
	return 0;
}
