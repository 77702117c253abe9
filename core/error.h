// What is wrong with an input: the message, and where.
//
// A function that reads input returns false and fills an Error; the first message wins, so that callers may go
// on to a convenient place before they give up. Only main prints it. Faults of the program itself are asserts.
#ifndef CORE_ERROR_H
#define CORE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

enum { ERROR_MESSAGE_SIZE = 600, ERROR_LINE_SIZE = 4096, ERROR_FILE_SIZE = 512 };

typedef struct Error {
	bool set;
	int line, column;                   // from 1; 0 where there is none. The column counts characters, not bytes
	char file[ERROR_FILE_SIZE];         // "" where the error belongs to no file
	char message[ERROR_MESSAGE_SIZE];   // lower case, no full stop, 'subject' in quotes
	char source[ERROR_LINE_SIZE];       // the line itself (shortened around the column if long), "" if none
	int caret;                          // the column within `source`, from 1; 0 where there is none
} Error;

// Sets the message unless one is set already. Returns false, so that `return error_set(…)` reads well.
bool error_set(Error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool error_setv(Error *error, const char *format, va_list arguments);

// As error_set, with a place: `text` is the whole file (`size` bytes) and `offset` the byte that the error is at.
// Finds line, column and the text of the line. `file` may be NULL.
bool error_at(Error *error, const char *file, const char *text, size_t size, size_t offset,
              const char *format, ...) __attribute__((format(printf, 6, 7)));

// The same for a file that is no text: it counts as one line, and the column counts bytes, from 1.
bool error_at_byte(Error *error, const char *file, size_t offset, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

// Gives an error that is set its place in the text, as error_at does.
void error_place(Error *error, const char *text, size_t size, size_t offset);

#endif
