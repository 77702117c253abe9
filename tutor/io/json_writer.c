#include "tutor/io/json_writer.h"
#include "tutor/io/number.h"
#include "tutor/io/utf8.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

// Every value and key but the first of its object or array, and but the value of a key, has a comma
// before it.
static void separate(JsonWriter *json)
{
	uint64_t bit = UINT64_C(1) << json->depth;
	if (!json->after_key && json->depth > 0 && json->filled & bit)
		output_bytes(json->output, ",", 1);
	json->filled |= bit;
	json->after_key = false;
}

void json_begin(JsonWriter *json, char bracket)
{
	separate(json);
	output_bytes(json->output, &bracket, 1);
	json->depth++;
	assert(json->depth < JSON_DEPTH);
	json->filled &= ~(UINT64_C(1) << json->depth);
}

void json_end(JsonWriter *json, char bracket)
{
	assert(json->depth > 0 && !json->after_key);
	json->depth--;
	output_bytes(json->output, &bracket, 1);
}

static void write_escape(Output *output, unsigned char byte)
{
	static const char letters[][2] = {
		{'"', '"'}, {'\\', '\\'}, {'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}};
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
		if (byte == (unsigned char)letters[i][0]) {
			output_printf(output, "\\%c", letters[i][1]);
			return;
		}
	output_printf(output, "\\u%04x", byte);
}

static void write_string(Output *output, const char *text)
{
	size_t size = strlen(text);
	output_bytes(output, "\"", 1);
	for (size_t i = 0; i < size;) {
		unsigned char byte = (unsigned char)text[i];
		size_t length = utf8_length(text + i, size - i);
		if (byte < 0x20 || byte == 0x7F || byte == '"' || byte == '\\')
			write_escape(output, byte);
		else
			output_bytes(output, length ? text + i : "\xEF\xBF\xBD", length ? length : 3);
		i += length ? length : 1;
	}
	output_bytes(output, "\"", 1);
}

void json_key(JsonWriter *json, const char *key)
{
	separate(json);
	write_string(json->output, key);
	output_bytes(json->output, ":", 1);
	json->after_key = true;
}

void json_text(JsonWriter *json, const char *text)
{
	separate(json);
	write_string(json->output, text);
}

void json_number(JsonWriter *json, double value)
{
	char buffer[NUMBER_SIZE];
	separate(json);
	if (isfinite(value))
		output_bytes(json->output, buffer, number_format17(buffer, value));
	else
		output_text(json->output, "null");
}

void json_whole(JsonWriter *json, int64_t value)
{
	separate(json);
	output_printf(json->output, "%" PRId64, value);
}

void json_bool(JsonWriter *json, bool value)
{
	separate(json);
	output_text(json->output, value ? "true" : "false");
}

void json_null(JsonWriter *json)
{
	separate(json);
	output_text(json->output, "null");
}
