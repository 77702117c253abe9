// A Check suite for each tests/test_*.c, a program of its own. To add one, write the file; it ends
// with
//
//	SUITE(test_one, test_two)
//
// A test that loops over a table says which row failed in its message.
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <check.h>
#include <stddef.h>

// Runs the tests and returns the exit status.
int suite_run(const char *file, const TTest *const *tests, size_t count);

#define SUITE(...) \
	int main(void) \
	{ \
		const TTest *const tests[] = {__VA_ARGS__}; \
		return suite_run(__FILE__, tests, sizeof tests / sizeof *tests); \
	}

#endif
