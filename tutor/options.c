#include "tutor/options.h"
#include "core/arena.h"
#include "tutor/nearest.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct OptionRow {
	const char *name;
	char letter;
	enum { FLAG_KIND, WHOLE_KIND, TEXT_KIND, LIST_KIND } kind;
	size_t offset;          // of the field in Options
	const char *argument;   // NULL for a flag
	int64_t lowest, highest, initial;
	const char *help;
} OptionRow;

static const OptionRow rows[OPTION_COUNT] = {
#define AT(name) offsetof(Options, name)
#define FLAG(name, letter, help) SPELT_FLAG(name, #name, letter, help)
#define SPELT_FLAG(name, spelling, letter, help) {spelling, letter, FLAG_KIND, AT(name), NULL, 0, 0, 0, help},
#define WHOLE(name, letter, argument, lowest, highest, initial, help) \
	{#name, letter, WHOLE_KIND, AT(name), argument, lowest, highest, initial, help},
#define TEXT(name, letter, argument, help) \
	{#name, letter, TEXT_KIND, AT(name), argument, 0, 0, 0, help},
#define LIST(name, letter, argument, help) \
	{#name, letter, LIST_KIND, AT(name), argument, 0, 0, 0, help},
#include "tutor/options.def"
};

static_assert(OPTION_COUNT <= 64, "a set of options is 64 bits");

// What is left to read.
typedef struct Arguments {
	char **at, **end;
} Arguments;

static void add_string(Strings *strings, const char *item)
{
	array_reserve(strings->items, strings->count, strings->capacity, 1);
	strings->items[strings->count++] = item;
}

static bool read_whole(const OptionRow *row, const char *text, int64_t *value, Error *error)
{
	char *end;
	assert(text);
	errno = 0;
	intmax_t number = strtoimax(text, &end, 10);
	bool digits = *text && strspn(text, "+-0123456789") == strlen(text) && !*end;
	if (digits && !errno && number >= row->lowest && number <= row->highest) {
		*value = number;
		return true;
	}
	return error_set(error,
	                 "invalid argument '%.40s' to option --%s %s: a whole number from %" PRId64
	                 " to %" PRId64 " is wanted",
	                 text, row->name, row->argument, row->lowest, row->highest);
}

static bool store(Options *options, const OptionRow *row, const char *value, Error *error)
{
	void *field = (char *)options + row->offset;
	options->given |= UINT64_C(1) << (row - rows);
	switch (row->kind) {
	case FLAG_KIND:
		*(bool *)field = true;
		return true;
	case WHOLE_KIND:
		return read_whole(row, value, field, error);
	case TEXT_KIND:
		*(const char **)field = value;
		return true;
	case LIST_KIND:
		add_string(field, value);
		return true;
	}
	return true;
}

// The value of an option: what is attached to it, else the next argument.
static bool take_value(Options *options, const OptionRow *row, const char *attached,
                       Arguments *rest, Error *error)
{
	if (row->argument && !attached && rest->at == rest->end)
		return error_set(error, "option --%s needs an argument: --%s %s", row->name, row->name,
		                 row->argument);
	if (row->argument && !attached)
		attached = *rest->at++;
	return store(options, row, attached, error);
}

static bool unknown_option(const char *name, size_t size, Error *error)
{
	Nearest nearest = nearest_start(name, size);
	for (size_t i = 0; i < OPTION_COUNT; i++)
		nearest_offer(&nearest, rows[i].name);
	if (nearest.name)
		return error_set(error, "unknown option '--%.*s'; did you mean '--%s'?", (int)size, name,
		                 nearest.name);
	return error_set(error, "unknown option '--%.*s'", (int)size, name);
}

// The option that the first `size` bytes of `name` are or abbreviate.
static const OptionRow *find_long(const char *name, size_t size, Error *error)
{
	const OptionRow *found = NULL, *other = NULL;
	for (const OptionRow *row = rows; row < rows + OPTION_COUNT; row++) {
		if (strncmp(row->name, name, size) != 0)
			continue;
		if (!row->name[size])
			return row;
		other = found;
		found = row;
	}
	if (!found)
		unknown_option(name, size, error);
	else if (other)
		error_set(error, "option '--%.*s' is ambiguous: '--%s' or '--%s'", (int)size, name,
		          other->name, found->name);
	return other ? NULL : found;
}

static bool read_long(Options *options, const char *name, Arguments *rest, Error *error)
{
	size_t size = strcspn(name, "=");
	const char *attached = name[size] ? name + size + 1 : NULL;
	const OptionRow *row = find_long(name, size, error);
	if (!row)
		return false;
	if (attached && !row->argument)
		return error_set(error, "option --%s takes no argument", row->name);
	return take_value(options, row, attached, rest, error);
}

static const OptionRow *find_letter(char letter)
{
	for (const OptionRow *row = rows; row < rows + OPTION_COUNT; row++)
		if (row->letter == letter)
			return row;
	return NULL;
}

static bool read_letters(Options *options, const char *letters, Arguments *rest, Error *error)
{
	for (; *letters; letters++) {
		const OptionRow *row = find_letter(*letters);
		if (!row)
			return error_set(error, "unknown option '-%.4s'", letters);
		bool attached = row->argument && letters[1];
		if (!take_value(options, row, attached ? letters + 1 : NULL, rest, error))
			return false;
		if (attached)
			break;
	}
	return true;
}

bool options_read(Options *options, int argc, char **argv, Error *error)
{
	*options = (Options){0};
	for (const OptionRow *row = rows; row < rows + OPTION_COUNT; row++)
		if (row->kind == WHOLE_KIND)
			*(int64_t *)(void *)((char *)options + row->offset) = row->initial;
	Arguments rest = {argv + (argc > 0), argv + argc};
	bool well = true, ended = false;
	while (well && rest.at < rest.end) {
		const char *argument = *rest.at++;
		if (ended || argument[0] != '-' || !argument[1])
			add_string(&options->operands, argument);
		else if (strcmp(argument, "--") == 0)
			ended = true;
		else if (argument[1] == '-')
			well = read_long(options, argument + 2, &rest, error);
		else
			well = read_letters(options, argument + 1, &rest, error);
	}
	return well;
}

void options_free(Options *options)
{
	free(options->operands.items);
	for (const OptionRow *row = rows; row < rows + OPTION_COUNT; row++)
		if (row->kind == LIST_KIND)
			free(((Strings *)(void *)((char *)options + row->offset))->items);
	*options = (Options){0};
}

bool options_check(const Options *options, uint64_t takes, const char *command, Error *error)
{
	uint64_t stray = options->given & ~takes;
	if (!stray)
		return true;
	size_t first = 0;
	while (!(stray >> first & 1))
		first++;
	Output names = {0};
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (takes >> i & 1)
			output_printf(&names, "%s--%s", names.count ? ", " : "", rows[i].name);
	error_set(error, "'%s' takes no option --%s, but %s", command, rows[first].name,
	          output_memory(&names));
	output_abandon(&names);
	return false;
}

void options_print(Output *output, uint64_t takes, const char *forms)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const OptionRow *row = &rows[i];
		char left[40];
		if (!(takes >> i & 1))
			continue;
		snprintf(left, sizeof left, row->letter ? "-%c, --%s %s" : "%c   --%s %s",
		         row->letter ? row->letter : ' ', row->name, row->argument ? row->argument : "");
		bool form = takes & TAKES(format) & UINT64_C(1) << i;
		output_printf(output, "  %-24s %s%s%s\n", left, row->help, form ? ": " : "", form ? forms : "");
	}
}

int options_choice(const char *option, const char *value, const char *choices, Error *error)
{
	int number = 0;
	for (const char *choice = choices; *choice; number++) {
		size_t size = strcspn(choice, "|");
		if (!value || (strlen(value) == size && strncmp(choice, value, size) == 0))
			return number;
		choice += size + (choice[size] == '|');
	}
	error_set(error, "invalid argument '%.40s' to option --%s: %s is wanted", value ? value : "",
	          option, choices);
	return -1;
}
