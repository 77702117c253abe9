// What dialogues in the terminal share: sentences and lines of a derivation, questions and answers.
#ifndef COMMANDS_DIALOGUE_H
#define COMMANDS_DIALOGUE_H

#include "tutor/command.h"
#include "tutor/course/lines.h"
#include "tutor/prompt.h"
#include "tutor/render/equation.h"

typedef struct Dialogue {
	Prompt prompt;
	Output *output;
	TextStyle style;
	Arena arena;   // for what is said; reset by dialogue_ask
	bool ended;    // the input has
} Dialogue;

// `digits` of the numbers in lines.
void dialogue_start(Dialogue *dialogue, const Call *call, int digits);
void dialogue_end(Dialogue *dialogue);

// Asks until a line is typed that is not empty; NULL at the end of the input.
const char *dialogue_ask(Dialogue *dialogue, const char *ask);
// As printf, filled to the width, later lines indented by two.
void dialogue_say(Dialogue *dialogue, const char *format, ...) __attribute__((format(printf, 2, 3)));
// What lines are given, name = value, in a paragraph; value[id - 1] is that of line `id`.
void dialogue_given(Dialogue *dialogue, const Lines *lines, const double *value);
// The name as text has it. In the dialogue's arena.
const char *dialogue_name(Dialogue *dialogue, const Quantity *name);
// A line: name = formula = numbers = value, indented by two; name = formula alone.
void dialogue_line(Dialogue *dialogue, const Row *row);
void dialogue_formula(Dialogue *dialogue, const Row *row, bool values);

// Words of a dialogue with what they do; "" for one that help leaves out.
typedef struct Word {
	const char *word, *does;
} Word;

// The number of the word that was typed, SIZE_MAX if it is none.
size_t dialogue_word(const char *typed, const Word *words, size_t count);
void dialogue_help(Dialogue *dialogue, const Word *words, size_t count);

#endif
