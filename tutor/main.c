// The program: reads the command line, opens the output, runs the command, reports what went wrong.
#include "core/kernel.h"
#include "tutor/command.h"
#include "tutor/heap.h"

#include <csv.h>
#include <cmark.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#define VERSION "0.1"

#ifndef OPTIONAL_LIBRARIES
#define OPTIONAL_LIBRARIES ""
#endif

static void print_version(Output *output)
{
	output_text(output, "tutor " VERSION "\n"
	                    "Copyright 2026 the tutor authors. MIT licence: free to use, change and "
	                    "share; no warranty\n");
	output_printf(output, "libraries: libcsv %d.%d.%d, libcmark %s\n", CSV_MAJOR, CSV_MINOR,
	              CSV_RELEASE, cmark_version_string());
	output_printf(output, "optional libraries: %s\n",
	              *OPTIONAL_LIBRARIES ? OPTIONAL_LIBRARIES : "none");
	Blas blas;
	output_printf(output, "OpenBLAS: %s, %s\n", blas_find(&blas) ? "installed" : "not installed",
	              kernels_blas_pays() ? "used for large matrix products"
	                                  : "not needed on this processor");
}

// `file:line:col: message`, the line and a caret under the place.
static void print_error(const Error *error)
{
	if (*error->file && error->line)
		fprintf(stderr, "%s:%d:%d: ", error->file, error->line, error->column);
	else
		fprintf(stderr, "%s: ", *error->file ? error->file : "tutor");
	fprintf(stderr, "%s\n", error->message);
	if (error->caret && *error->source)
		fprintf(stderr, "%s\n%*s\n", error->source, error->caret, "^");
}

static int wrong_call(const Error *error, const Command *command)
{
	print_error(error);
	fprintf(stderr, command ? "try 'tutor %s --help'\n" : "try 'tutor %s'\n",
	        command ? command->name : "--help");
	return STATUS_WRONG;
}

static bool check_operands(const Command *command, size_t count, Error *error)
{
	if (count < command->operands.fewest)
		return error_set(error, "'tutor %s' needs %s", command->name, command->arguments);
	if (count > command->operands.most)
		return error_set(error, "'tutor %s' takes %s%s, not %zu operands", command->name,
		                 *command->arguments ? "" : "no operands", command->arguments, count);
	return true;
}

// What a call comes to when the command line asks for help or the version.
static void inform(const Options *options, const Command *command, Output *output)
{
	if (options->help && command)
		command_print_help(command, output);
	else if (options->version && !options->help)
		print_version(output);
	else
		command_print_overview(output);
}

static int run(const Options *options, const Command *command)
{
	Error error = {0};
	Output output;
	int status = STATUS_DONE;
	if (!output_open(&output, options->output, &error)) {
		print_error(&error);
		return STATUS_WRONG;
	}
	if (options->help || options->version || !command) {
		inform(options, command, &output);
	} else {
		Call call = {options, options->operands.items + 1, options->operands.count - 1, &output};
		status = command->run(&call, &error);
	}
	if (error.set)
		output_abandon(&output);
	else
		output_close(&output, &error);
	if (error.set)
		print_error(&error);
	return error.set ? STATUS_WRONG : status;
}

static int read_and_run(int argc, char **argv, Options *options)
{
	Error error = {0}, no_command = {0};
	const Command *command = NULL;
	bool well = options_read(options, argc, argv, &error);
	if (options->operands.count)
		command = command_find(options->operands.items[0], &no_command);
	if (!well)
		return wrong_call(&error, command);
	if (no_command.set)
		return wrong_call(&no_command, NULL);
	bool informs = options->help || options->version || !command;
	if (command &&
	    !options_check(options, command->takes | TAKES_EVERYWHERE, command->name, &error))
		return wrong_call(&error, command);
	if (!informs && !check_operands(command, options->operands.count - 1, &error))
		return wrong_call(&error, command);
	return run(options, command);
}

int main(int argc, char **argv)
{
	heap_start();
	// Only the encoding: a decimal point stays a point.
	setlocale(LC_CTYPE, "");
	Options options;
	int status = read_and_run(argc, argv, &options);
	options_free(&options);
	return status;
}
