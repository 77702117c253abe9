// Lifted equals replay for every model of the lessons and of the tests, found by their files: all nodes, three updates.
// Models of more than NODES operations are left to test_lift_size.c, which has nets of that kind.
#include "tests/test_lift.h"

#include <glob.h>

enum { NODES = 50000 };

static bool is_small(const char *text)
{
	Model model = {0};
	Error error = {0};
	ModelOptions options = {.seed = 1, .batch = true, .needs_no_data = true, .node_limit = NODES};
	bool small = model_read(&model, "test.model", text, strlen(text), &options, &error);
	if (small)
		model_free(&model);
	return small;
}

static char *read_text(const char *path)
{
	FILE *file = fopen(path, "rb");
	ck_assert_msg(file != NULL, "cannot open %s", path);
	char *text = calloc(1, 1 << 20);
	size_t size = fread(text, 1, (1 << 20) - 1, file);
	ck_assert(size > 0);
	fclose(file);
	return text;
}

// Whether the model is small enough to be compared, and was.
static bool check_file(const char *path)
{
	static const uint32_t sizes[] = {1, 7};
	char *text = read_text(path);
	bool small = is_small(text);
	for (size_t s = 0; s < 2 && small; s++)
		for (int wanted = WANT_LOSS; wanted <= WANT_ALL; wanted++) {
			Pair pair;
			pair_start(&pair, text, (Wanted)wanted, PROGRAM_DOUBLE, sizes[s]);
			for (int step = 0; step < 3; step++)
				pair_step(&pair);
			pair_end(&pair);
		}
	free(text);
	return small;
}

START_TEST(every_model)
{
	static const char *const pattern[] = {"lessons/*.model", "tests/models/*.model"};
	size_t compared = 0;
	for (size_t p = 0; p < 2; p++) {
		glob_t found;
		if (glob(pattern[p], 0, NULL, &found) != 0)
			continue;
		for (size_t i = 0; i < found.gl_pathc; i++)
			if (!strstr(found.gl_pathv[i], "optimizers.model"))
				compared += check_file(found.gl_pathv[i]);
		globfree(&found);
	}
	ck_assert_msg(compared > 10, "%zu compared", compared);
}
END_TEST

SUITE(every_model)
