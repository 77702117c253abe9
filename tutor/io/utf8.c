#include "tutor/io/utf8.h"

#include <stdint.h>
#include <string.h>

// One row for each kind of first byte: what the second byte may be is narrower where longer forms,
// surrogates and numbers above 10FFFF would begin (Unicode, table 3-7). All further bytes
// are 80..BF.
static const struct {
	unsigned char first, last, second_first, second_last, length;
} forms[] = {
	{0x00, 0x7F, 0x00, 0x00, 1}, {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
	{0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
	{0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

static size_t length_in_form(const unsigned char *byte, size_t size, size_t form)
{
	size_t length = forms[form].length;
	if (length > size)
		return 0;
	if (length > 1 && (byte[1] < forms[form].second_first || byte[1] > forms[form].second_last))
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((byte[i] & 0xC0) != 0x80)
			return 0;
	return length;
}

size_t utf8_length(const char *text, size_t size)
{
	const unsigned char *byte = (const unsigned char *)text;
	for (size_t form = 0; size && form < sizeof forms / sizeof *forms; form++)
		if (byte[0] >= forms[form].first && byte[0] <= forms[form].last)
			return length_in_form(byte, size, form);
	return 0;
}

bool utf8_is_utf16(const char *text, size_t size)
{
	return size >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0);
}
