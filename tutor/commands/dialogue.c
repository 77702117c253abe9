#include "tutor/commands/dialogue.h"

#include "tutor/terminal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

void dialogue_start(Dialogue *dialogue, const Call *call, int digits)
{
	const Options *options = call->options;
	uint32_t width = (uint32_t)terminal_width((int)options->width);
	*dialogue = (Dialogue){.output = call->output};
	dialogue->style = text_style(terminal_utf8() && !options->ascii, digits, width);
	prompt_start(&dialogue->prompt, call->output);
}

void dialogue_end(Dialogue *dialogue)
{
	arena_free(&dialogue->arena);
}

const char *dialogue_ask(Dialogue *dialogue, const char *ask)
{
	const char *line;
	arena_reset(&dialogue->arena);
	do
		line = prompt_read(&dialogue->prompt, ask);
	while (line && !*line);
	dialogue->ended = !line;
	return line;
}

void dialogue_say(Dialogue *dialogue, const char *format, ...)
{
	va_list arguments;
	char text[2000];
	Output plain = {0};
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	text_plain(&plain, text, &dialogue->style);
	text_hanging(dialogue->output, output_memory(&plain), plain.count, 2, &dialogue->style);
	output_abandon(&plain);
}

// A blank at which no line is broken, until it is written.
#define JOINED "\x01"

void dialogue_given(Dialogue *dialogue, const Lines *lines, const double *value)
{
	Output text = {0}, filled = {0};
	Notation notation = text_notation(&dialogue->style);
	output_text(&text, "Given:");
	for (uint32_t id = 1; id <= lines->count; id++) {
		if (lines_at(lines, id)->phase != PHASE_GIVEN)
			continue;
		output_text(&text, text.count > strlen("Given:") ? ", " : " ");
		notation_quantity(&text, lines_at(lines, id)->leaf->name, &notation);
		output_text(&text, JOINED "=" JOINED);
		notation_value(&text, value[id - 1], &notation);
	}
	text_hanging(&filled, output_memory(&text), text.count, 2, &dialogue->style);
	for (size_t i = 0; i < filled.count; i++)
		filled.bytes[i] = filled.bytes[i] == *JOINED ? ' ' : filled.bytes[i];
	output_bytes(dialogue->output, filled.bytes, filled.count);
	output_abandon(&text);
	output_abandon(&filled);
}

const char *dialogue_name(Dialogue *dialogue, const Quantity *name)
{
	Output text = {0};
	Notation notation = text_notation(&dialogue->style);
	notation_quantity(&text, name, &notation);
	const char *copy = arena_copy(&dialogue->arena, output_memory(&text), text.count);
	output_abandon(&text);
	return copy;
}

void dialogue_line(Dialogue *dialogue, const Row *row)
{
	TextStyle style = dialogue->style;
	style.indent = 2;
	equation_print(dialogue->output, row, &style);
}

void dialogue_formula(Dialogue *dialogue, const Row *row, bool values)
{
	Output text = {0};
	TextStyle style = dialogue->style;
	Notation notation = text_notation(&style);
	style.indent = 2;
	notation_quantity(&text, row->name, &notation);
	output_text(&text, " = ");
	notation.values = values;
	if (values)
		notation.digits = equation_digits(row, &style);
	notation_formula(&text, row->formula, &notation);
	text_hanging(dialogue->output, output_memory(&text), text.count, 2, &style);
	output_abandon(&text);
}

size_t dialogue_word(const char *typed, const Word *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(typed, words[i].word) == 0)
			return i;
	return SIZE_MAX;
}

void dialogue_help(Dialogue *dialogue, const Word *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (*words[i].does)
			dialogue_say(dialogue, "%s: %s", words[i].word, words[i].does);
}
