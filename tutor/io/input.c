#include "tutor/io/input.h"
#include "core/arena.h"
#include "tutor/io/stream.h"
#include "tutor/io/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool cannot_read(const char *name, int fault, Error *error)
{
	return error_set(error, "cannot read '%s': %s", name, strerror(fault));
}

static bool too_large(const char *name, size_t limit, Error *error)
{
	if (limit >= 1024 * 1024)
		return error_set(error, "'%s' is larger than the limit of %zu MiB", name,
		                 limit / (1024 * 1024));
	return error_set(error, "'%s' is larger than the limit of %zu bytes", name, limit);
}

// Reads to the end of the file. One byte more than the limit is asked for, to see whether there is
// one.
static bool read_all(Input *input, int descriptor, size_t limit, Error *error)
{
	size_t capacity = 0;
	for (;;) {
		array_reserve(input->text, input->size, capacity, 4096);
		size_t room = capacity - input->size - 1, left = limit + 1 - input->size;
		ssize_t got = read(descriptor, input->text + input->size, room < left ? room : left);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return cannot_read(input->name, errno, error);
		if (got == 0)
			return true;
		input->size += (size_t)got;
		if (input->size > limit)
			return too_large(input->name, limit, error);
	}
}

static bool read_open(Input *input, int descriptor, size_t limit, bool plain, Error *error)
{
	struct stat facts;
	bool known = fstat(descriptor, &facts) == 0;
	if (plain && !(known && S_ISREG(facts.st_mode)))
		return error_set(error, "'%s' is no regular file", input->name);
	if (known && S_ISREG(facts.st_mode) && (uint64_t)facts.st_size > limit)
		return too_large(input->name, limit, error);
	return read_all(input, descriptor, limit, error);
}

static bool read_file(Input *input, const char *path, size_t limit, bool plain, Error *error)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | (plain ? O_NOFOLLOW | O_NONBLOCK : 0));
	if (descriptor < 0 && plain && errno == ELOOP)
		return error_set(error, "'%s' is a symbolic link", path);
	if (descriptor < 0)
		return cannot_read(path, errno, error);
	bool well = read_open(input, descriptor, limit, plain, error);
	close(descriptor);
	return well;
}

static void skip_mark(Input *input)
{
	input->text[input->size] = '\0';
	if (input->size < 3 || memcmp(input->text, "\xEF\xBB\xBF", 3) != 0)
		return;
	input->size -= 3;
	memmove(input->text, input->text + 3, input->size + 1);
}

static void name_input(Input *input, const char *name)
{
	size_t size = strlen(name) + 1;
	*input = (Input){.name = memcpy(memory_alloc(size), name, size)};
}

static bool settle(Input *input, bool well)
{
	if (well)
		skip_mark(input);
	else
		input_free(input);
	return well;
}

bool input_read_limited(Input *input, const char *path, size_t limit, Error *error)
{
	bool standard = strcmp(path, "-") == 0;
	name_input(input, standard ? "standard input" : path);
	return settle(input, standard ? read_all(input, STDIN_FILENO, limit, error)
	                              : read_file(input, path, limit, false, error));
}

bool input_read_plain(Input *input, const char *path, size_t limit, Error *error)
{
	name_input(input, path);
	return settle(input, read_file(input, path, limit, true, error));
}

bool input_read(Input *input, const char *path, Error *error)
{
	return input_read_limited(input, path, INPUT_LIMIT, error);
}

static bool read_stream(Input *input, Stream *stream, size_t limit, Error *error)
{
	size_t capacity = 0, got;
	while (!stream->ended) {
		array_reserve(input->text, input->size, capacity, 4096);
		size_t room = capacity - input->size - 1, left = limit + 1 - input->size;
		bool good = stream_read(stream, input->text + input->size, room < left ? room : left, &got, error);
		input->size += got;
		if (error->line)
			error_place(error, input->text, input->size, input->size);
		if (!good)
			return false;
		if (input->size > limit)
			return too_large(input->name, limit, error);
	}
	return true;
}

bool input_read_data(Input *input, const char *path, size_t limit, Error *error)
{
	Stream stream;
	if (!stream_open(&stream, path, error)) {
		*input = (Input){0};
		return false;
	}
	name_input(input, stream.name);
	bool well = read_stream(input, &stream, limit, error);
	stream_close(&stream);
	return settle(input, well);
}

void input_free(Input *input)
{
	free(input->name);
	free(input->text);
	*input = (Input){0};
}

bool input_is_text(const Input *input, Error *error)
{
	if (utf8_is_utf16(input->text, input->size))
		return error_at_byte(error, input->name, 0,
		                     "this is UTF-16; save it as UTF-8 (in a spreadsheet: CSV UTF-8)");
	for (size_t i = 0; i < input->size;) {
		size_t length = utf8_length(input->text + i, input->size - i);
		if (!input->text[i])
			return error_at(error, input->name, input->text, input->size, i,
			                "a NUL byte: this is not a text file");
		if (!length)
			return error_at(error, input->name, input->text, input->size, i,
			                "invalid UTF-8: byte 0x%02X", (unsigned)(unsigned char)input->text[i]);
		i += length;
	}
	return true;
}
