// A test of every random model, and how it says what is wrong with one.
#ifndef TESTS_EACH_MODEL_H
#define TESTS_EACH_MODEL_H

#include "tests/lib/random_model.h"
#include "tests/test_model.h"

enum { MODELS = 200 };

// Calls `test` for each random model; what it wants to say of one, it says with the model's text.
static inline void each_model(void (*test)(const RandomModel *m, Run *run))
{
	static RandomModel m;
	for (int i = 0; i < MODELS; i++) {
		Run run;
		random_model(&m, i);
		run_start(&run, m.text);
		test(&m, &run);
		run_end(&run);
	}
}

static inline void fail_model(const RandomModel *m, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static inline void fail_model(const RandomModel *m, const char *format, ...)
{
	static char problem[4000];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(problem, sizeof problem, format, arguments);
	va_end(arguments);
	ck_abort_msg("%s, in:\n%s", problem, m->text);
}

#define ck_model(m, condition, ...) \
	do { \
		if (!(condition)) \
			fail_model(m, __VA_ARGS__); \
	} while (0)

#endif
