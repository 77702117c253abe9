#include "tutor/train/data.h"

#include "core/arena.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_folder(const char *path)
{
	struct stat facts;
	return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

static bool is_there(const char *path)
{
	return strcmp(path, "-") == 0 || access(path, F_OK) == 0;
}

// The file of that name in the folder, or the same compressed.
static const char *find_in(const char *folder, const char *name, Arena *arena, Error *error)
{
	const char *plain = arena_printf(arena, "%s/%s", folder, name),
			   *zipped = arena_printf(arena, "%s.gz", plain);
	if (is_there(plain) || is_there(zipped))
		return is_there(plain) ? plain : zipped;
	error_set(error, "the folder '%s' has no file %s, nor %s.gz", folder, name, name);
	return NULL;
}

static bool takes_labels(const Model *model)
{
	for (size_t i = 0; i < model->columns; i++)
		if (model->column[i].target)
			return true;
	return false;
}

static bool read_folder(Examples *examples, const Model *model, const char *folder, DataPart part,
                        Arena *arena, Error *error)
{
	const char *set = part == DATA_TRAIN ? "train" : "t10k", *labels = NULL;
	const char *images =
		find_in(folder, arena_printf(arena, "%s-images-idx3-ubyte", set), arena, error);
	if (!images)
		return false;
	if (takes_labels(model))
		labels = find_in(folder, arena_printf(arena, "%s-labels-idx1-ubyte", set), arena, error);
	return !error->set && data_read_idx(examples, model, images, labels, error);
}

// IMAGES,LABELS where no file has the whole for its name.
static bool read_pair(Examples *examples, const Model *model, const char *path, const char *comma,
                      Arena *arena, Error *error)
{
	const char *images = arena_copy(arena, path, (size_t)(comma - path));
	return data_read_idx(examples, model, images, comma + 1, error);
}

bool data_read(Examples *examples, const Model *model, const char *path, DataPart part,
               Error *error)
{
	Arena arena = {0};
	const char *comma = strchr(path, ',');
	bool good;
	*examples = (Examples){.columns = model->columns};
	if (is_folder(path))
		good = read_folder(examples, model, path, part, &arena, error);
	else if (comma && !is_there(path))
		good = read_pair(examples, model, path, comma, &arena, error);
	else if (data_is_idx(path))
		good = data_read_idx(examples, model, path, NULL, error);
	else
		good = data_read_csv(examples, model, path, error);
	if (!good)
		examples_free(examples);
	arena_free(&arena);
	return good;
}

void data_of_model(Examples *examples, const Model *model)
{
	*examples = (Examples){.columns = model->columns};
	for (size_t i = 0; i < model->examples; i++)
		examples_add(examples, model->data + i * model->columns);
}
