// A command of the program, and how to add one:
//
// 1. tutor/commands/NAME.c, which includes this header and ends with its row:
//
//	const Command command_list = {
//		.name = "list", .arguments = "", .summary = "the lessons, one a line",
//		.takes = 0, .operands = {0, 0}, .run = run,
//		.help = "  tutor list                 all lessons\n",
//	};
//
// 2. one line in tutor/commands.def. Nothing else: help, checks of options and operands, opening
// and closing the output, and printing errors are main's.
#ifndef TUTOR_COMMAND_H
#define TUTOR_COMMAND_H

#include "core/error.h"
#include "tutor/io/output.h"
#include "tutor/options.h"

#include <stddef.h>
#include <stdint.h>

// The exit status.
enum {
	STATUS_DONE = 0,
	STATUS_NO = 1,      // the work was done and the answer is no
	STATUS_WRONG = 2,   // the call or an input is wrong, or output could not be written
};

// What a command is called with.
typedef struct Call {
	const Options *options;
	const char **operands;   // behind the command's name
	size_t operand_count;    // within the bounds of the row
	Output *output;          // open, where -o says; main closes it. Write freely
} Call;

typedef struct Command {
	const char *name;
	const char *arguments;   // "MODEL", for the line of usage
	const char *summary;     // one line
	const char *help;        // examples, one a line, indented by two blanks: call, what it does
	const char *notes;       // further text under the options, or NULL
	const char *forms;       // what --format may be, as options_choice takes it; NULL: as format_names has it
	uint64_t takes;          // TAKES(…) | …; those of everywhere are added
	struct {
		size_t fewest, most;
	} operands;
	// A status. With an error set it must be STATUS_WRONG: then the output is abandoned and the
	// error printed.
	int (*run)(Call *call, Error *error);
} Command;

#define COMMAND(name) extern const Command command_##name;
#include "tutor/commands.def"
#undef COMMAND

extern const Command *const commands[];   // in the order of commands.def, NULL behind the last

// NULL with an error that names the nearest command.
const Command *command_find(const char *name, Error *error);

// The short help on the program, and the help on a command.
void command_print_overview(Output *output);
void command_print_help(const Command *command, Output *output);

#endif
