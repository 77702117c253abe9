// The command line, read into one struct. The options are the rows of options.def.
//
// As getopt_long reads it: options and operands in any order; `--` ends options; `--name=value` or
// `--name value`; long names may be abbreviated unless ambiguous; short ones bundle (`-qo FILE`,
// `-oFILE`); `-` is an operand. The same whatever the environment says, and an error is an Error.
// The first operand is the command's name.
#ifndef TUTOR_OPTIONS_H
#define TUTOR_OPTIONS_H

#include "core/error.h"
#include "tutor/io/output.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Strings {
	const char **items;   // borrowed from argv
	size_t count, capacity;
} Strings;

typedef struct Options {
#define FLAG(name, letter, help) bool name;
#define WHOLE(name, letter, argument, lowest, highest, initial, help) int64_t name;
#define TEXT(name, letter, argument, help) const char *name;
#define LIST(name, letter, argument, help) Strings name;
#include "tutor/options.def"
	uint64_t given;     // TAKES(name) of those that were on the command line
	Strings operands;   // the command's name, then its operands
} Options;

enum {
#define FLAG(name, ...) OPTION_##name,
#define WHOLE(name, ...) OPTION_##name,
#define TEXT(name, ...) OPTION_##name,
#define LIST(name, ...) OPTION_##name,
#include "tutor/options.def"
	OPTION_COUNT
};

// A set of options is the `|` of these.
#define TAKES(name) (UINT64_C(1) << OPTION_##name)
#define TAKES_EVERYWHERE \
	(TAKES(digits) | TAKES(output) | TAKES(quiet) | TAKES(help) | TAKES(version))
#define TAKES_MODEL (TAKES(data) | TAKES(seed) | TAKES(set))

// Reads argv[1..argc-1]. False for an unknown or ambiguous option, or a missing or wrong value.
// Whether the command takes an option is options_check's to say. Freed by options_free, also after
// an error.
bool options_read(Options *options, int argc, char **argv, Error *error);
void options_free(Options *options);

// That no option was given but those of `takes`; `command` is for the message, which names those.
bool options_check(const Options *options, uint64_t takes, const char *command, Error *error);

// The lines of a help text for the options in `takes`; `forms`: what --format may be.
void options_print(Output *output, uint64_t takes, const char *forms);

// The number of `value` among `choices` ("text|csv|json"); 0, the first, if it is NULL; -1 with an
// error that names the option and the choices if it is none of them.
int options_choice(const char *option, const char *value, const char *choices, Error *error);

#endif
