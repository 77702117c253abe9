// Any bytes as training data, CSV or IDX, plain or compressed: no fault, and each error has a message and no examples.
// The first byte says how many of the others are the images of an IDX pair, in eighths; 0: a CSV file.
#include "tutor/train/data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const char net[] = "input x[1..2]\ntarget y[0..2] onehot kind\nparam w = 1\np[k=0..2] = w*(x[1] + k*x[2])\n"
						  "L = -sum(k=0..2, y[k]*p[k])\nminimize L\nupdate sgd(rate = 0.1)\n";

// A file that is written anew each time.
static void put(char *path, const unsigned char *data, size_t size)
{
	if (!*path) {
		strcpy(path, "/tmp/fuzz_data_XXXXXX");
		close(mkstemp(path));
	}
	FILE *file = fopen(path, "wb");
	if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
		abort();
}

static Model *model_once(void)
{
	static Model model;
	Error error = {0};
	if (!model.file && !model_read(&model, "fuzz", net, strlen(net), &(ModelOptions){.batch = true, .needs_no_data = true}, &error))
		abort();
	return &model;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static char first[32], second[32];
	char both[80];
	Examples examples;
	Error error = {0};
	if (size < 1)
		return 0;
	size_t part = (size - 1) * (data[0] & 7) / 8;
	put(first, data + 1, data[0] & 7 ? part : size - 1);
	put(second, data + 1 + part, size - 1 - part);
	snprintf(both, sizeof both, "%s,%s", first, second);
	bool good = data_read(&examples, model_once(), data[0] & 7 ? both : first, DATA_TRAIN, &error);
	if (good != !error.set || good != (examples.count > 0) || (!good && !*error.message))
		abort();
	for (size_t i = 0; i < examples.count; i++) {
		double label = examples_at(&examples, i, 2);
		if (!(label >= 0 && label <= 2))
			abort();
	}
	examples_free(&examples);
	return 0;
}
