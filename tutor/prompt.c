#include "tutor/prompt.h"

#include "tutor/io/utf8.h"
#include "tutor/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef HAVE_LIBEDIT
#include <editline/readline.h>
#endif

void prompt_start(Prompt *prompt, Output *output)
{
	*prompt = (Prompt){.output = output, .echoes = !terminal_is(0)};
#ifdef HAVE_LIBEDIT
	prompt->edits = terminal_is(0) && terminal_is(1) && output->kind == OUTPUT_STREAM;
#endif
}

// Control characters and broken UTF-8 do not go back to a terminal.
static void clean(char *line)
{
	size_t size = strlen(line);
	for (size_t at = 0; at < size;) {
		size_t length = utf8_length(line + at, size - at);
		bool control = (unsigned char)line[at] < ' ' || line[at] == 0x7F ||
		               (length == 2 && (line[at] & 0xFF) == 0xC2 && (line[at + 1] & 0xFF) < 0xA0);
		if (line[at] == '\t')
			line[at] = ' ';
		else if (!length || control)
			memset(line + at, '?', length ? length : 1);
		at += length ? length : 1;
	}
}

static void trim(char *line)
{
	size_t first = strspn(line, " "), size = strlen(line);
	while (size > first && line[size - 1] == ' ')
		size--;
	memmove(line, line + first, size - first);
	line[size - first] = '\0';
}

// One line of standard input; NUL bytes are dropped, and the rest of a line that is too long.
static bool read_plain(char *line)
{
	int c = EOF;
	size_t size = 0;
	while ((c = getchar()) != EOF && c != '\n')
		if (c && c != '\r' && size < PROMPT_MOST)
			line[size++] = (char)c;
	line[size] = '\0';
	return c != EOF || size > 0;
}

#ifdef HAVE_LIBEDIT
static bool read_edited(char *line, const char *ask)
{
	char *typed = readline(ask);
	if (!typed)
		return false;
	if (*typed)
		add_history(typed);
	snprintf(line, PROMPT_MOST + 1, "%s", typed);
	free(typed);
	return true;
}
#endif

const char *prompt_read(Prompt *prompt, const char *ask)
{
	bool read;
#ifdef HAVE_LIBEDIT
	if (prompt->edits) {
		output_flush(prompt->output);
		read = read_edited(prompt->line, ask);
	} else
#endif
	{
		output_text(prompt->output, ask);
		output_flush(prompt->output);
		read = read_plain(prompt->line);
	}
	if (!read) {
		output_text(prompt->output, "\n");
		return NULL;
	}
	clean(prompt->line);
	trim(prompt->line);
	if (prompt->echoes)
		output_printf(prompt->output, "%s\n", prompt->line);
	return prompt->line;
}
