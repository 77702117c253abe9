// A folder of many files that appears whole or not at all.
//
// It is made under a temporary name beside its own and renamed when complete. Files are given
// whole, by any thread; the first failure is kept, and nothing more is written after it.
#ifndef TUTOR_IO_FOLDER_H
#define TUTOR_IO_FOLDER_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct Folder {
	char *name, *temporary;
	int descriptor;   // of the temporary one
	_Atomic int fault;   // errno of the first failure, 0 while all is well
	char *failed;     // the file that failed
} Folder;

// False where there is something of that name already that is no empty folder, or the folder cannot
// be made. Ended by folder_close or folder_abandon.
bool folder_open(Folder *folder, const char *path, Error *error);
// Opens a folder that is there, to add to it and replace files in it: then each file appears whole or not
// at all by itself, in the order in which they are written. False where it cannot be.
bool folder_reopen(Folder *folder, const char *path, Error *error);
// Makes a folder in it.
void folder_add(Folder *folder, const char *name);
// Writes a file in it: `name` may have a folder that was made before.
void folder_write(Folder *folder, const char *name, const char *bytes, size_t size);
// Puts the folder in its place. False if anything failed since folder_open: then it is not there.
bool folder_close(Folder *folder, Error *error);
// Removes what was written.
void folder_abandon(Folder *folder);

#endif
