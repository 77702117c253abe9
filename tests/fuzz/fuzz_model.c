// Any bytes as a model: read, and where they are one, replayed for an update step. Built by `make fuzz`.
#include "tutor/model/model.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	// The first byte chooses the options, so that the fuzzer can try them.
	if (size == 0 || size > 4096)
		return 0;
	ModelOptions options = {.seed = 1, .node_limit = 2000, .include = "/nonexistent", .batch = data[0] & 1,
	                        .needs_no_data = data[0] & 2, .no_gradient = data[0] & 4, .example = data[0] >> 3 & 1};
	Model model;
	Error error = {0};
	if (!model_read(&model, "fuzz.model", (const char *)data + 1, size - 1, &options, &error))
		return 0;
	Replay replay;
	model_start(&model, &replay, 0, model.examples);
	replay_all(&replay);
	model_carry(&model, &replay);
	replay_all(&replay);
	replay_free(&replay);
	model_free(&model);
	return 0;
}
