#include "tutor/io/folder.h"

#include "core/arena.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ATTEMPTS = 100 };

static char *text_copy(const char *text, size_t size)
{
	char *copy = memory_alloc(size + 1);
	memcpy(copy, text, size);
	copy[size] = '\0';
	return copy;
}

static bool is_empty(const char *path)
{
	DIR *folder = opendir(path);
	int entries = 0;
	while (folder && entries < 3 && readdir(folder))
		entries++;
	if (folder)
		closedir(folder);
	return folder && entries < 3;   // . and ..
}

// The temporary folder's name, made. NULL with errno where it cannot be.
static char *make_temporary(const char *name)
{
	size_t size = strlen(name) + 40;
	char *temporary = memory_alloc(size);
	for (int i = 0; i < ATTEMPTS; i++) {
		snprintf(temporary, size, "%s.%ld-%d.part", name, (long)getpid(), i);
		if (mkdir(temporary, 0777) == 0)
			return temporary;
		if (errno != EEXIST)
			break;
	}
	free(temporary);
	return NULL;
}

bool folder_open(Folder *folder, const char *path, Error *error)
{
	struct stat status;
	size_t size = strlen(path);
	while (size > 1 && path[size - 1] == '/')
		size--;
	*folder = (Folder){.name = text_copy(path, size), .descriptor = -1};
	bool there = lstat(folder->name, &status) == 0;
	if (there && !(S_ISDIR(status.st_mode) && is_empty(folder->name)))
		error_set(error, "'%s' is there already; choose another name, or remove it", folder->name);
	else if (!size || !(folder->temporary = make_temporary(folder->name)) ||
	         (folder->descriptor = open(folder->temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		error_set(error, "cannot make the folder '%s': %s", folder->name,
		          strerror(size ? errno : ENOENT));
	if (folder->descriptor >= 0)
		return true;
	folder_abandon(folder);
	return false;
}

bool folder_reopen(Folder *folder, const char *path, Error *error)
{
	*folder = (Folder){.name = text_copy(path, strlen(path))};
	folder->descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder->descriptor >= 0)
		return true;
	error_set(error, "cannot write into '%s': %s", path, strerror(errno));
	folder_abandon(folder);
	return false;
}

static void fail(Folder *folder, const char *name)
{
	int well = 0, why = errno ? errno : EIO;
	if (atomic_compare_exchange_strong(&folder->fault, &well, why))
		folder->failed = text_copy(name, strlen(name));
}

void folder_add(Folder *folder, const char *name)
{
	bool there = !folder->temporary && faccessat(folder->descriptor, name, W_OK, 0) == 0;
	if (!folder->fault && !there && mkdirat(folder->descriptor, name, 0777) != 0)
		fail(folder, name);
}

static bool write_all(int file, const char *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t written = write(file, bytes + done, size - done);
		if (written < 0 && errno != EINTR)
			return false;
		done += written > 0 ? (size_t)written : 0;
	}
	return true;
}

static bool write_file(const Folder *folder, const char *name, int how, const char *bytes, size_t size)
{
	int file = openat(folder->descriptor, name, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0666);
	bool good = file >= 0 && write_all(file, bytes, size);
	return file >= 0 && close(file) == 0 && good;
}

// In a folder that is there under a name of its own first.
static bool replace_file(const Folder *folder, const char *name, const char *bytes, size_t size)
{
	Arena arena = {0};
	char *part = arena_printf(&arena, "%s.part", name);
	bool good = write_file(folder, part, O_TRUNC | O_NOFOLLOW, bytes, size) &&
	            renameat(folder->descriptor, part, folder->descriptor, name) == 0;
	int why = errno;
	if (!good)
		unlinkat(folder->descriptor, part, 0);
	arena_free(&arena);
	errno = why;
	return good;
}

void folder_write(Folder *folder, const char *name, const char *bytes, size_t size)
{
	if (folder->fault)
		return;
	if (!(folder->temporary ? write_file(folder, name, O_EXCL, bytes, size) : replace_file(folder, name, bytes, size)))
		fail(folder, name);
}

bool folder_close(Folder *folder, Error *error)
{
	if (!folder->fault && fsync(folder->descriptor) != 0 && errno != EINVAL)
		fail(folder, "");
	if (!folder->fault && folder->temporary && rename(folder->temporary, folder->name) != 0)
		fail(folder, "");
	bool good = !folder->fault;
	if (!good)
		error_set(error, "cannot write '%s%s%s': %s", folder->name, *folder->failed ? "/" : "",
		          folder->failed, strerror(folder->fault));
	if (good) {
		free(folder->temporary);
		folder->temporary = NULL;
	}
	folder_abandon(folder);
	return good;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status, (void)kind, (void)where;
	return remove(path);
}

void folder_abandon(Folder *folder)
{
	if (folder->descriptor >= 0)
		close(folder->descriptor);
	if (folder->temporary)
		nftw(folder->temporary, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(folder->name);
	free(folder->temporary);
	free(folder->failed);
	*folder = (Folder){.descriptor = -1};
}
