#include "tutor/command.h"

static int run(Call *call, Error *error)
{
	if (call->operand_count == 0) {
		command_print_overview(call->output);
		return STATUS_DONE;
	}
	const Command *command = command_find(call->operands[0], error);
	if (!command)
		return STATUS_WRONG;
	command_print_help(command, call->output);
	return STATUS_DONE;
}

const Command command_help = {
	.name = "help",
	.arguments = "[COMMAND]",
	.summary = "what a command does, with examples",
	.takes = 0,
	.operands = {0, 1},
	.run = run,
	.help = "  tutor help             all commands\n"
			"  tutor help list        examples and options of one\n",
};
