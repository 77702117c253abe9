#include "tutor/commands/quiz_find.h"

#include "tutor/commands/dialogue.h"
#include "tutor/course/planted.h"
#include "tutor/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Seeds that are drawn where none is given: short, to be typed again.
enum { SEEDS = 10000, DIGITS = 6 };

typedef struct Search {
	Dialogue dialogue;
	PlantedExample example;
	unsigned tries, hints;
} Search;

typedef enum WordId { WORD_HINT, WORD_SHOW, WORD_LINES, WORD_HELP, WORD_QUIT, WORD_QUESTION, WORD_EXIT, WORD_COUNT } WordId;

static const Word words[WORD_COUNT] = {
	[WORD_HINT] = {"hint", "a hint, each time a plainer one"},
	[WORD_SHOW] = {"show", "the answer"},
	[WORD_LINES] = {"lines", "the lines again"},
	[WORD_HELP] = {"help", "this list"},
	[WORD_QUIT] = {"quit", "the end (or Ctrl-D)"},
	[WORD_QUESTION] = {"?", ""},
	[WORD_EXIT] = {"exit", ""},
};

// ---- The lines

// name = numbers = value, as one has it on paper: which formula was meant is for the reader to say.
static void put_line(Search *s, size_t index)
{
	char number[40];
	Output text = {0}, filled = {0};
	TextStyle style = s->dialogue.style;
	Row row = planted_row(&s->example, index, false, &s->dialogue.arena);
	Notation notation = text_notation(&style);
	Equation equation = equation_parts(&row, &style);
	style.indent = (uint32_t)snprintf(number, sizeof number, "%4zu  ", index + 1);
	for (size_t i = 0; i < equation.count; i++) {
		if (equation.part[i].kind == PART_FORMULA && equation.count > 2 &&
		    equation.part[i + 1].kind == PART_NUMBERS)
			continue;
		output_text(&text, i == 0 ? "" : equation.part[i].about ? (style.unicode ? " ≈ " : " ~ ") : " = ");
		equation_part(&text, &equation, i, &notation);
	}
	text_hanging(&filled, output_memory(&text), text.count, 2, &style);
	output_printf(s->dialogue.output, "%s%s", number, output_memory(&filled) + style.indent);
	output_abandon(&text);
	output_abandon(&filled);
}

static void put_lines(Search *s)
{
	dialogue_given(&s->dialogue, &s->example.diagnoser->lines, s->example.value);
	for (size_t i = 0; i < s->example.count; i++)
		put_line(s, i);
	output_text(s->dialogue.output, "\n");
}

// ---- The answer

static void explain(Search *s)
{
	const PlantedExample *e = &s->example;
	const Mistake *mistake = &mistake_info[e->change->mistake];
	Row right = planted_row(e, e->wrong, true, &s->dialogue.arena);
	dialogue_say(&s->dialogue, "It is line %zu: %s (%s). %s", e->wrong + 1, mistake->name, mistake->id,
	             mistake->hint[HINT_MOST - 1]);
	dialogue_say(&s->dialogue, "It should read");
	dialogue_line(&s->dialogue, &right);
	size_t follows = 0;
	for (size_t i = 0; i < e->count; i++)
		follows += e->place[i] == PLANTED_FOLLOWS;
	if (follows)
		dialogue_say(&s->dialogue, "%zu later %s wrong only because of it.", follows,
		             follows == 1 ? "line is" : "lines are");
}

// Half of the lines, then less, with the mistake in them.
static void narrow_down(Search *s, unsigned by)
{
	size_t first = 0, count = s->example.count;
	for (unsigned i = 0; i < by && count > 2; i++) {
		bool below = s->example.wrong < first + count / 2;
		first += below ? 0 : count / 2;
		count = below ? count / 2 : count - count / 2;
	}
	dialogue_say(&s->dialogue, "It is one of the lines %zu to %zu.", first + 1, first + count);
}

static void give_hint(Search *s)
{
	const Mistake *mistake = &mistake_info[s->example.change->mistake];
	unsigned strength = s->hints++;
	if (strength < 2)
		narrow_down(s, strength + 1);
	else if (strength < 4)
		dialogue_say(&s->dialogue, "%s", mistake->hint[strength - 2]);
	else
		dialogue_say(&s->dialogue, "There is no plainer hint: show gives the answer.");
}

// The line that was typed, by its number or its name; SIZE_MAX if it is none.
static size_t line_typed(const Search *s, const char *typed)
{
	char *end;
	unsigned long number = strtoul(typed, &end, 10);
	if (*typed >= '0' && *typed <= '9' && !*end)
		return number >= 1 && number <= s->example.count ? number - 1 : SIZE_MAX;
	return planted_find(&s->example, typed);
}

// Whether it is the one.
static bool judge_line(Search *s, const char *typed)
{
	size_t index = line_typed(s, typed);
	if (index == SIZE_MAX) {
		dialogue_say(&s->dialogue, "? type the number of a line, 1 to %zu, or its name", s->example.count);
		return false;
	}
	s->tries++;
	switch (s->example.place[index]) {
	case PLANTED_MISTAKE:
		dialogue_say(&s->dialogue, "✓ right");
		return true;
	case PLANTED_FOLLOWS:
		dialogue_say(&s->dialogue, "✗ Its value is not the true one, but it follows from the lines above it: "
		                           "the mistake was made earlier.");
		return false;
	default:
		dialogue_say(&s->dialogue, "✗ No: line %zu is right as it stands.", index + 1);
		return false;
	}
}

// ---- The dialogue

typedef enum Ending { LEFT, SHOWN, FOUND } Ending;

static Ending search(Search *s)
{
	const char *line;
	while ((line = dialogue_ask(&s->dialogue, "which line? "))) {
		switch (dialogue_word(line, words, WORD_COUNT)) {
		case WORD_HINT:
			give_hint(s);
			break;
		case WORD_LINES:
			put_lines(s);
			break;
		case WORD_HELP:
		case WORD_QUESTION:
			dialogue_say(&s->dialogue, "Answer with the number or the name of a line, or type");
			dialogue_help(&s->dialogue, words, WORD_COUNT);
			break;
		case SIZE_MAX:
			if (judge_line(s, line))
				return FOUND;
			break;
		case WORD_SHOW:
			return SHOWN;
		default:
			return LEFT;
		}
	}
	return LEFT;
}

static int hold(Search *s, Call *call, const char *model, uint64_t seed)
{
	dialogue_start(&s->dialogue, call, call->options->given & TAKES(digits) ? (int)call->options->digits : DIGITS);
	dialogue_say(&s->dialogue,
	             "%s, worked out with one mistake in it. The lines after it go on from it as they should. Which "
	             "line is wrong? (--seed %llu brings the same example again.)",
	             model, (unsigned long long)seed);
	output_text(call->output, "\n");
	put_lines(s);
	Ending ending = search(s);
	if (ending != LEFT)
		explain(s);
	if (ending == FOUND)
		dialogue_say(&s->dialogue, "Found at try %u%s.", s->tries, s->hints ? ", with a hint" : "");
	dialogue_end(&s->dialogue);
	return ending == FOUND ? STATUS_DONE : STATUS_NO;
}

int quiz_find(Call *call, Error *error)
{
	Options options = *call->options;
	const char *name = call->operand_count ? call->operands[0] : "mazur";
	Search s = {0};
	Model model;
	Diagnoser diagnoser;
	int status = STATUS_WRONG;
	if (!(options.given & TAKES(seed)))
		options.seed = (int64_t)time(NULL) % SEEDS;
	if (!load_model(&model, name, &options, error))
		return STATUS_WRONG;
	if (!diagnoser_start(&diagnoser, &model, NULL, 0)) {
		error_set(error, "the model has more lines than the limit of %d for work by hand", LINES_MOST);
		model_free(&model);
		return STATUS_WRONG;
	}
	if (planted_start(&s.example, &diagnoser, (uint64_t)options.seed, (int)options.significant))
		status = hold(&s, call, name, (uint64_t)options.seed);
	else
		error_set(error, "no mistake of the catalogue can be made in this model");
	planted_free(&s.example);
	diagnoser_free(&diagnoser);
	model_free(&model);
	return status;
}
