#include "tutor/command.h"
#include "tutor/nearest.h"
#include "tutor/render/writer.h"

#include <string.h>

const Command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "tutor/commands.def"
#undef COMMAND
	NULL,
};

const Command *command_find(const char *name, Error *error)
{
	Nearest nearest = nearest_start(name, strlen(name));
	for (const Command *const *command = commands; *command; command++) {
		if (strcmp((*command)->name, name) == 0)
			return *command;
		nearest_offer(&nearest, (*command)->name);
	}
	if (nearest.name)
		error_set(error, "unknown command '%.40s'; did you mean '%s'?", name, nearest.name);
	else
		error_set(error, "unknown command '%.40s'", name);
	return NULL;
}

void command_print_overview(Output *output)
{
	output_text(output, "tutor: backpropagation worked out step by step, from your own equations\n"
	                    "\n"
	                    "usage: tutor COMMAND [option]...\n"
	                    "\n");
	for (const Command *const *command = commands; *command; command++)
		output_printf(output, "  tutor %-10s %-12s %s\n", (*command)->name, (*command)->arguments,
		              (*command)->summary);
	output_text(output, "\n'tutor COMMAND --help' shows examples and options\n");
}

void command_print_help(const Command *command, Output *output)
{
	output_printf(output, "tutor %s: %s\n\n%s", command->name, command->summary, command->help);
	output_printf(output, "\nusage: tutor %s %s%s[option]...\n\n", command->name,
	              command->arguments, *command->arguments ? " " : "");
	options_print(output, command->takes | TAKES_EVERYWHERE, command->forms ? command->forms : format_names);
	if (command->notes)
		output_printf(output, "\n%s", command->notes);
	output_text(output, "\nexit status: 0 done; 1 the answer is no; "
	                    "2 a wrong call or input, or output not written\n");
}
