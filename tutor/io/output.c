#include "tutor/io/output.h"
#include "core/arena.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER = 64 * 1024, ATTEMPTS = 100 };

static char *text_copy(const char *text)
{
	size_t size = strlen(text) + 1;
	return memcpy(memory_alloc(size), text, size);
}

static bool cannot_write(const Output *output, Error *error)
{
	const char *why = strerror(output->fault);
	if (!*output->name)
		return error_set(error, "cannot write standard output: %s", why);
	return error_set(error, "cannot write '%s': %s", output->name, why);
}

// Opens the file `path` for one writer at a time: one that a killed program left is taken again. -1 where
// another program writes to it, or it is not ours.
static int open_locked(const char *path)
{
	struct stat open_one, named;
	int descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (descriptor < 0)
		return -1;
	if (flock(descriptor, LOCK_EX | LOCK_NB) == 0 && fstat(descriptor, &open_one) == 0 && lstat(path, &named) == 0 &&
	    open_one.st_dev == named.st_dev && open_one.st_ino == named.st_ino && S_ISREG(open_one.st_mode) &&
	    open_one.st_nlink == 1 && open_one.st_uid == geteuid() && ftruncate(descriptor, 0) == 0)
		return descriptor;
	close(descriptor);
	return -1;
}

// Opens a temporary file beside output->name, with the permissions of the file it will replace. Its name is always
// the same, so that killed runs leave no more than one behind; only where that is taken it is one of our own.
static int create_temporary(Output *output, const struct stat *old)
{
	size_t size = strlen(output->name) + 40;
	output->temporary = memory_alloc(size);
	snprintf(output->temporary, size, "%s.tutor.part", output->name);
	int descriptor = open_locked(output->temporary);
	for (int i = 0; i < ATTEMPTS && descriptor < 0; i++) {
		snprintf(output->temporary, size, "%s.%ld-%d.part", output->name, (long)getpid(), i);
		descriptor = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (descriptor < 0 && errno != EEXIST)
			break;
	}
	if (descriptor < 0) {
		output->fault = errno;
		free(output->temporary);
		output->temporary = NULL;
	} else if (old && fchmod(descriptor, old->st_mode & 07777) != 0) {
		// The new file then has the permissions of any new file.
	}
	return descriptor;
}

// A link is followed, so that the file it names is replaced and not the link.
static void name_file(Output *output, const char *path)
{
	char *real = realpath(path, NULL);
	output->name = text_copy(real ? real : path);
	free(real);
}

static void open_file(Output *output, const char *path)
{
	struct stat old;
	bool exists = stat(path, &old) == 0;
	if (exists && !S_ISREG(old.st_mode)) {
		output->name = text_copy(path);
		output->descriptor = open(path, O_WRONLY | O_CLOEXEC);
		output->fault = output->descriptor < 0 ? errno : 0;
		return;
	}
	name_file(output, path);
	if (exists && access(path, W_OK) != 0) {
		output->fault = errno;
		return;
	}
	output->descriptor = create_temporary(output, exists ? &old : NULL);
}

bool output_open(Output *output, const char *path, Error *error)
{
	*output = (Output){.kind = OUTPUT_STREAM, .descriptor = STDOUT_FILENO};
	if (!path || strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0) {
		output->name = text_copy("");
		return true;
	}
	output->kind = OUTPUT_FILE;
	output->descriptor = -1;
	open_file(output, path);
	if (!output->fault)
		return true;
	cannot_write(output, error);
	output_abandon(output);
	return false;
}

static void write_all(Output *output)
{
	for (size_t done = 0; done < output->count && !output->fault;) {
		ssize_t written = write(output->descriptor, output->bytes + done, output->count - done);
		if (written > 0)
			done += (size_t)written;
		else if (written < 0 && errno != EINTR)
			output->fault = errno;
	}
	output->count = 0;
}

void output_flush(Output *output)
{
	if (output->kind != OUTPUT_MEMORY)
		write_all(output);
}

static void finish_file(Output *output)
{
	if (output->temporary && !output->fault && !output->hasty && fsync(output->descriptor) != 0)
		output->fault = errno;
	if (close(output->descriptor) != 0 && !output->fault)
		output->fault = errno;
	output->descriptor = -1;
	if (!output->temporary || output->fault)
		return;
	if (rename(output->temporary, output->name) != 0)
		output->fault = errno;
	else
		output->temporary[0] = '\0';
}

bool output_close(Output *output, Error *error)
{
	output_flush(output);
	if (output->kind == OUTPUT_FILE)
		finish_file(output);
	bool well = !output->fault || cannot_write(output, error);
	output_abandon(output);
	return well;
}

void output_abandon(Output *output)
{
	if (output->kind == OUTPUT_FILE && output->descriptor >= 0)
		close(output->descriptor);
	if (output->temporary && *output->temporary)
		unlink(output->temporary);
	free(output->bytes);
	free(output->name);
	free(output->temporary);
	*output = (Output){0};
}

char *output_room(Output *output, size_t size)
{
	if (output->kind != OUTPUT_MEMORY && output->count + size > BUFFER)
		write_all(output);
	array_reserve(output->bytes, output->count, output->capacity, size);
	return output->bytes + output->count;
}

void output_made(Output *output, size_t size)
{
	assert(output->count + size <= output->capacity);
	output->count += size;
}

void output_bytes(Output *output, const char *bytes, size_t size)
{
	if (!size)
		return;
	memcpy(output_room(output, size), bytes, size);
	output_made(output, size);
}

void output_text(Output *output, const char *text)
{
	output_bytes(output, text, strlen(text));
}

void output_printf(Output *output, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	int size = vsnprintf(NULL, 0, format, arguments);
	assert(size >= 0);
	vsnprintf(output_room(output, (size_t)size + 1), (size_t)size + 1, format, again);
	output_made(output, (size_t)size);
	va_end(again);
	va_end(arguments);
}

const char *output_memory(Output *output)
{
	*output_room(output, 1) = '\0';
	return output->bytes;
}
