// A teacher's secret: the key that makes the variants of an assignment, and proves that nobody has
// changed them.
//
// Any file of at least SECRET_LEAST bytes will do; line ends behind it do not count, so that a key
// that was copied as text stays the same. What is taken of it is HMAC-SHA-256 (RFC 2104, FIPS
// 180-4) of parts that are told apart by their lengths, and of a purpose, so that no two uses of
// the key meet. By libsodium; in a program built without it secret_read is an error that says so.
#ifndef COURSE_SECRET_H
#define COURSE_SECRET_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SECRET_LEAST = 16, SECRET_MOST = 64 * 1024, MAC_SIZE = 32, MAC_TEXT_SIZE = 2 * MAC_SIZE + 1 };

typedef struct Secret {
	unsigned char *bytes;   // in memory that is locked and wiped
	size_t size;
} Secret;

// Reads a key. False where the file is missing, too short or too long. Freed by secret_free.
bool secret_read(Secret *secret, const char *path, Error *error);
// Wipes it.
void secret_free(Secret *secret);

// Writes a new key of 256 random bits, as text, to a file that is not there yet and that nobody
// else may read (mode 0600).
bool secret_create(const char *path, Error *error);

// Whether others than the owner may read the file.
bool secret_is_open(const char *path);

typedef struct Mac {
	unsigned char byte[MAC_SIZE];
} Mac;

// The code of the texts under the key.
Mac secret_mac(const Secret *secret, const char *purpose, const char *const *text, size_t count);
// Compares in a time that says nothing about where they differ.
bool mac_equal(const Mac *a, const Mac *b);
// As hexadecimal digits, and back: false for anything else.
void mac_text(const Mac *mac, char text[MAC_TEXT_SIZE]);
bool mac_parse(const char *text, Mac *mac);
// The first 64 bits, as a seed for core/random.h.
uint64_t mac_seed(const Mac *mac);

#endif
