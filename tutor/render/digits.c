#include "tutor/render/digits.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNIFICANT = 6, MOST_DECIMALS = 40 };

// Drops zeros behind the decimal point, the exponent left in place.
static size_t drop_zeros(char *text)
{
	char *exponent = strchr(text, 'e');
	char *end = exponent ? exponent : text + strlen(text);
	if (!memchr(text, '.', (size_t)(end - text)))
		return strlen(text);
	char *last = end;
	while (last[-1] == '0')
		last--;
	if (last[-1] == '.')
		last--;
	memmove(last, end, strlen(end) + 1);
	return strlen(text);
}

static size_t write_fewest(char buffer[DIGITS_SIZE], double value)
{
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(buffer, DIGITS_SIZE, "%.*g", precision, value);
		if (strtod(buffer, NULL) == value)
			break;
	}
	return strlen(buffer);
}

// The power of ten of the first significant digit, after rounding to `significant` of them.
static int exponent_of(double value, int significant)
{
	char text[DIGITS_SIZE];
	snprintf(text, sizeof text, "%.*e", significant - 1, value);
	return atoi(strchr(text, 'e') + 1);
}

size_t digits_write(char buffer[DIGITS_SIZE], double value, int digits)
{
	if (isnan(value))
		return (size_t)snprintf(buffer, DIGITS_SIZE, "nan");
	if (isinf(value))
		return (size_t)snprintf(buffer, DIGITS_SIZE, value < 0 ? "-inf" : "inf");
	if (value == 0)
		return (size_t)snprintf(buffer, DIGITS_SIZE, "0");
	if (digits == DIGITS_EXACT)
		return write_fewest(buffer, value);
	int significant = digits < SIGNIFICANT ? digits : SIGNIFICANT;
	int exponent = exponent_of(value, significant);
	int decimals = digits > significant - 1 - exponent ? digits : significant - 1 - exponent;
	if (exponent >= 15)
		snprintf(buffer, DIGITS_SIZE, "%.*e", digits > 0 ? digits - 1 : 0, value);
	else if (exponent < -9)
		snprintf(buffer, DIGITS_SIZE, "%.*e", decimals + exponent < 16 ? decimals + exponent : 16, value);
	else
		snprintf(buffer, DIGITS_SIZE, "%.*f", decimals < MOST_DECIMALS ? decimals : MOST_DECIMALS, value);
	return drop_zeros(buffer);
}

double digits_round(double value, int digits)
{
	char text[DIGITS_SIZE];
	if (!isfinite(value))
		return value;
	digits_write(text, value, digits);
	return strtod(text, NULL);
}
