#include "tutor/terminal.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int environment_width(void)
{
	const char *columns = getenv("COLUMNS");
	long width = columns ? strtol(columns, NULL, 10) : 0;
	return width > 0 && width < 10000 ? (int)width : 0;
}

static int screen_width(int descriptor)
{
	struct winsize size;
	return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int terminal_width(int asked)
{
	int width = asked ? asked : environment_width();
	if (!width)
		width = screen_width(STDOUT_FILENO);
	if (!width)
		width = TERMINAL_WIDTH;
	return width < TERMINAL_NARROWEST ? TERMINAL_NARROWEST : width;
}

int terminal_columns(int descriptor)
{
	int width = screen_width(descriptor);
	if (!width)
		width = environment_width();
	return width ? width : TERMINAL_WIDTH;
}

bool terminal_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

bool terminal_is(int descriptor)
{
	return isatty(descriptor) == 1;
}
