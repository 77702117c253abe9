// Lines that somebody types, asked for one at a time.
//
// Where standard input and output are a terminal and the program was built with libedit, lines are
// edited and earlier ones can be fetched back; else they are read as they come, and repeated behind
// the prompt, so that what comes out of a pipe reads like the dialogue that it was.
#ifndef TUTOR_PROMPT_H
#define TUTOR_PROMPT_H

#include "tutor/io/output.h"

#include <stdbool.h>

enum { PROMPT_MOST = 4000 };   // bytes of a line: of a longer one the rest is dropped

typedef struct Prompt {
	Output *output;
	bool edits;    // with libedit
	bool echoes;   // standard input is no terminal
	char line[PROMPT_MOST + 1];
} Prompt;

// Prompts go to `output`, which must stay.
void prompt_start(Prompt *prompt, Output *output);

// Writes what there is so far, asks, and reads a line. It has no blanks around it, no control
// characters, and is valid UTF-8: what is not becomes '?'. NULL at the end of the input. The text
// is good until the next call.
const char *prompt_read(Prompt *prompt, const char *ask);

#endif
