// JSON (RFC 8259), written as it comes. Objects and arrays nest; the caller closes what it opens:
//
//	JsonWriter json = {.output = output};
//	json_begin(&json, '{');
//	json_key(&json, "loss"), json_number(&json, 0.25);
//	json_end(&json, '}');
#ifndef TUTOR_IO_JSON_WRITER_H
#define TUTOR_IO_JSON_WRITER_H

#include "tutor/io/output.h"

#include <stdbool.h>
#include <stdint.h>

enum { JSON_DEPTH = 64 };   // deeper nesting is a fault of the caller

typedef struct JsonWriter {
	Output *output;
	int depth;
	uint64_t filled;   // bit d: the object or array at depth d has a member
	bool after_key;
} JsonWriter;

void json_begin(JsonWriter *json, char bracket);   // '{' or '['
void json_end(JsonWriter *json, char bracket);     // '}' or ']'
void json_key(JsonWriter *json, const char *key);
void json_text(JsonWriter *json, const char *text);   // invalid UTF-8 becomes U+FFFD
void json_number(JsonWriter *json, double value);     // %.17g; null if not finite
void json_whole(JsonWriter *json, int64_t value);
void json_bool(JsonWriter *json, bool value);
void json_null(JsonWriter *json);

#endif
