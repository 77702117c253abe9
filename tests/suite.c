#include "tests/suite.h"

#include <stdlib.h>

enum { SECONDS = 120 };   // a test may take so long, under valgrind too

int suite_run(const char *file, const TTest *const *tests, size_t count)
{
	Suite *suite = suite_create(file);
	TCase *tcase = tcase_create(file);
	tcase_set_timeout(tcase, SECONDS);
	for (size_t i = 0; i < count; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
