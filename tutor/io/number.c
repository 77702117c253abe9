#include "tutor/io/number.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// What a number in decimal notation consists of.
typedef struct Decimal {
	uint64_t digits;   // all digits as one whole number; meaningful up to 15 of them
	int significant;   // how many digits there are, zeros in front not counted
	int exponent;      // value = digits * 10^exponent
	const char *end;   // behind the last character; NULL if there is no number
} Decimal;

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *read_digits(Decimal *decimal, const char *at, int exponent_step)
{
	for (; is_digit(*at); at++) {
		decimal->significant += decimal->significant || *at != '0';
		if (decimal->significant <= 15)
			decimal->digits = decimal->digits * 10 + (uint64_t)(*at - '0');
		decimal->exponent += exponent_step;
	}
	return at;
}

static const char *read_exponent(Decimal *decimal, const char *at)
{
	int sign = *at == '-' ? -1 : 1, exponent = 0;
	at += *at == '-' || *at == '+';
	if (!is_digit(*at))
		return NULL;
	for (; is_digit(*at); at++)
		if (exponent < 100000)
			exponent = exponent * 10 + (*at - '0');
	decimal->exponent += sign * exponent;
	return at;
}

static Decimal read_decimal(const char *text)
{
	Decimal decimal = {0};
	const char *at = read_digits(&decimal, text, 0);
	bool any = at > text;
	if (*at == '.') {
		const char *fraction = at + 1;
		at = read_digits(&decimal, fraction, -1);
		any = any || at > fraction;
	}
	if (any && (*at == 'e' || *at == 'E'))
		at = read_exponent(&decimal, at + 1);
	decimal.end = any ? at : NULL;
	return decimal;
}

// Up to 15 digits and powers of ten up to 22 are exact doubles, so one operation rounds once (W.
// Clinger, "How to read floating point numbers accurately", PLDI 1990). The rest is left to strtod.
static double decimal_value(const Decimal *decimal, const char *text)
{
	static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
	                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
	                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	if (decimal->significant > 15 || decimal->exponent > 22 || decimal->exponent < -22)
		return strtod(text, NULL);
	double digits = (double)decimal->digits;
	return decimal->exponent < 0 ? digits / powers[-decimal->exponent]
	                             : digits * powers[decimal->exponent];
}

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " \t");
}

static const char *read_special(const char *at, double *value)
{
	static const struct {
		const char *name;
		double value;
	} specials[] = {
		{"infinity", INFINITY},
		{"inf", INFINITY},
		{"nan", NAN},
	};
	for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
		size_t size = strlen(specials[i].name);
		if (strncasecmp(at, specials[i].name, size) == 0) {
			*value = specials[i].value;
			return at + size;
		}
	}
	return NULL;
}

bool number_parse(const char *text, double *value)
{
	const char *at = skip_blanks(text);
	bool negative = *at == '-';
	at += *at == '-' || *at == '+';
	double magnitude = 0;
	Decimal decimal = read_decimal(at);
	const char *end = decimal.end;
	if (end) {
		magnitude = decimal_value(&decimal, at);
		if (isinf(magnitude))
			return false;
	} else {
		end = read_special(at, &magnitude);
	}
	if (!end || *skip_blanks(end))
		return false;
	*value = negative ? -magnitude : magnitude;
	return true;
}

static size_t format_whole(char *buffer, int64_t value)
{
	char digits[24];
	size_t count = 0, size = 0;
	uint64_t rest = value < 0 ? (uint64_t)-value : (uint64_t)value;
	do
		digits[count++] = (char)('0' + rest % 10);
	while (rest /= 10);
	if (value < 0)
		buffer[size++] = '-';
	while (count)
		buffer[size++] = digits[--count];
	buffer[size] = '\0';
	return size;
}

size_t number_format17(char buffer[NUMBER_SIZE], double value)
{
	if (isnan(value))
		return strlen(strcpy(buffer, "nan"));
	if (fabs(value) < 1e15 && value == (double)(int64_t)value && (value != 0 || !signbit(value)))
		return format_whole(buffer, (int64_t)value);
	return (size_t)snprintf(buffer, NUMBER_SIZE, "%.17g", value);
}
