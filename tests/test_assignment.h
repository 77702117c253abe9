// A small assignment for tests: Mazur's network for three students, written to a folder of its own.
#ifndef TESTS_TEST_ASSIGNMENT_H
#define TESTS_TEST_ASSIGNMENT_H

#include "tests/suite.h"
#include "tutor/course/assignment.h"
#include "tutor/io/input.h"
#include "tutor/io/output.h"

#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAZUR_TEXT \
	"input i1 = 0.05, i2 = 0.10\ntarget t1 = 0.01, t2 = 0.99\n" \
	"param w1 = 0.15, w2 = 0.20, w3 = 0.25, w4 = 0.30, w5 = 0.40, w6 = 0.45, w7 = 0.50, w8 = " \
	"0.55\n" \
	"const b1 = 0.35, b2 = 0.60\n" \
	"net_h1 = w1*i1 + w2*i2 + b1*1\nout_h1 = sigmoid(net_h1)\n" \
	"net_h2 = w3*i1 + w4*i2 + b1*1\nout_h2 = sigmoid(net_h2)\n" \
	"net_o1 = w5*out_h1 + w6*out_h2 + b2*1\nout_o1 = sigmoid(net_o1)\n" \
	"net_o2 = w7*out_h1 + w8*out_h2 + b2*1\nout_o2 = sigmoid(net_o2)\n" \
	"E_o1 = 1/2*(t1 - out_o1)^2\nE_o2 = 1/2*(t2 - out_o2)^2\nE_total = E_o1 + E_o2\n" \
	"minimize E_total\nupdate sgd(rate = 0.5)\n"

static inline int remove_path(const char *path, const struct stat *status, int kind,
                              struct FTW *where)
{
	(void)status, (void)kind, (void)where;
	return remove(path);
}

// A folder's name that nobody has, and its removal.
static inline char *scratch_folder(void)
{
	char *name = strdup("/tmp/tutor-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(name));
	return name;
}

static inline void remove_folder(char *name)
{
	nftw(name, remove_path, 16, FTW_DEPTH | FTW_PHYS);
	free(name);
}

static inline void write_text(const char *path, const char *text)
{
	Output output;
	Error error = {0};
	ck_assert_msg(output_open(&output, path, &error), "%s", error.message);
	output_text(&output, text);
	ck_assert(output_close(&output, &error));
}

static inline void must_read_secret(Secret *secret, const char *folder, const char *text)
{
	char path[500];
	Error error = {0};
	snprintf(path, sizeof path, "%s/secret", folder);
	write_text(path, text);
	ck_assert_msg(secret_read(secret, path, &error), "%s", error.message);
}

#endif
