#include "tutor/io/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool cannot_read(const Stream *stream, int fault, Error *error)
{
	return error_set(error, "cannot read '%s': %s", stream->name, strerror(fault));
}

#ifdef HAVE_ZLIB
#include <zlib.h>

enum { PIECE = 1 << 30, ZIP_BUFFER = 256 * 1024 };

// gzread hands plain files through as they are.
static bool start_reading(Stream *stream, Error *error)
{
	stream->zip = gzdopen(stream->descriptor, "rb");
	if (!stream->zip)
		return error_set(error, "cannot read '%s': out of memory", stream->name);
	gzbuffer(stream->zip, ZIP_BUFFER);
	return true;
}

// What is missing at the end of a compressed file is Z_BUF_ERROR.
static bool zip_is_wrong(const Stream *stream, Error *error)
{
	int fault;
	const char *why = gzerror(stream->zip, &fault);
	if (fault == Z_ERRNO)
		return cannot_read(stream, errno, error);
	const char *prefix = strstr(why, ": ");
	return fault == Z_BUF_ERROR
	           ? error_at_byte(error, stream->name, stream->taken, "this compressed file is cut off")
	           : error_at_byte(error, stream->name, stream->taken, "this compressed file is damaged: %s",
	                           prefix ? prefix + 2 : why);
}

// zlib may know of the end that is missing while it still has bytes to give.
static bool read_some(Stream *stream, char *bytes, size_t size, size_t *got, Error *error)
{
	int count = gzread(stream->zip, bytes, (unsigned)(size < PIECE ? size : PIECE)), fault = Z_OK;
	*got = count > 0 ? (size_t)count : 0;
	if (count == 0)
		gzerror(stream->zip, &fault);
	return count > 0 || (count == 0 && (fault == Z_OK || fault == Z_STREAM_END)) ||
	       zip_is_wrong(stream, error);
}

static void stop_reading(Stream *stream)
{
	gzclose(stream->zip);
}

#else

static bool start_reading(Stream *stream, Error *error)
{
	(void)stream, (void)error;
	return true;
}

static bool read_some(Stream *stream, char *bytes, size_t size, size_t *got, Error *error)
{
	ssize_t count;
	do
		count = read(stream->descriptor, bytes, size);
	while (count < 0 && errno == EINTR);
	*got = count > 0 ? (size_t)count : 0;
	if (count < 0)
		return cannot_read(stream, errno, error);
	if (!stream->taken && count > 1 && memcmp(bytes, "\x1f\x8b", 2) == 0)
		return error_set(error, "%s: compressed, and this program was built without zlib",
		                 stream->name);
	return true;
}

static void stop_reading(Stream *stream)
{
	close(stream->descriptor);
}

#endif

bool stream_open(Stream *stream, const char *path, Error *error)
{
	bool standard = strcmp(path, "-") == 0;
	*stream = (Stream){.name = standard ? "standard input" : path};
	stream->descriptor = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	struct stat facts;
	if (stream->descriptor < 0)
		return cannot_read(stream, errno, error);
	bool folder = fstat(stream->descriptor, &facts) == 0 && S_ISDIR(facts.st_mode);
	if (!folder && start_reading(stream, error))
		return true;
	close(stream->descriptor);
	return folder ? cannot_read(stream, EISDIR, error) : false;
}

void stream_close(Stream *stream)
{
	stop_reading(stream);
	*stream = (Stream){0};
}

bool stream_read(Stream *stream, void *bytes, size_t size, size_t *got, Error *error)
{
	for (*got = 0; *got < size && !stream->ended;) {
		size_t count;
		bool good = read_some(stream, (char *)bytes + *got, size - *got, &count, error);
		stream->ended = count == 0;
		stream->taken += count;
		*got += count;
		if (!good)
			return false;
	}
	return true;
}
