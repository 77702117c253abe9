// Any lines as what is typed in a quiz: no fault, every answer has a verdict, none goes back.
#include "tutor/course/quiz.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { LINES = 12 };

static const char text[] =
	"input x = 1\ntarget y = 2\nparam w = 0.5, v[1..2] = [0.3, -0.2], b = 0.1, u[1..2] = [0.7, 0.4]\n"
	"n[j=1..2] = w*x + v[j]\nh[j=1..2] = sigmoid(n[j])\nm = u[1]*h[1] + u[2]*h[2] + b\n"
	"s = tanh(m)\nE = 1/2*(s - y)^2\nminimize E\nupdate momentum(rate = 0.1)\n";

static void check(const Quiz *quiz)
{
	Arena arena = {0};
	for (size_t i = 0; i < quiz->count; i++) {
		const Judgement *judgement = quiz_judgement(quiz, i);
		if (quiz->question[i].answer.typed.given != (judgement != NULL) ||
		    (quiz_mistake(quiz, i) != MISTAKE_NONE && !(judgement && judgement->verdict == VERDICT_WRONG)) ||
		    (judgement && judgement->verdict == VERDICT_NONE))
			abort();
		quiz_row(quiz, i, &arena);
	}
	arena_free(&arena);
}

// The first byte of a line: which question, and whether it takes its answer back.
static void take(Quiz *quiz, char *line)
{
	size_t question = ((unsigned char)*line & 0x3F) % quiz->count;
	bool back = *line & 0x40;
	if (back && quiz->question[question].answer.typed.given)
		quiz_withdraw(quiz, question);
	else if (*line)
		quiz_answer(quiz, question, line + 1);
	if (quiz->follows != MISTAKE_NONE)
		quiz_settle_convention(quiz, back);
	check(quiz);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	Model model;
	Quiz quiz;
	Error error = {0};
	char *lines = malloc(size + 1), *rest = lines;
	if (!lines || !model_read(&model, "fuzz", text, sizeof text - 1, &(ModelOptions){.seed = 1}, &error) ||
	    !quiz_start(&quiz, &model, "main", 4, NULL, 0, &error))
		abort();
	memcpy(lines, data, size);
	lines[size] = '\0';
	for (int i = 0; i < LINES && rest; i++) {
		char *line = rest, *end = strchr(rest, '\n');
		rest = end ? end + 1 : NULL;
		if (end)
			*end = '\0';
		take(&quiz, line);
	}
	free(lines);
	quiz_free(&quiz);
	model_free(&model);
	return 0;
}
