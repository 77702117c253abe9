#include "tutor/commands/check_report.h"
#include "tutor/commands/dialogue.h"
#include "tutor/commands/quiz_find.h"
#include "tutor/course/quiz.h"
#include "tutor/load.h"

#include <stdio.h>
#include <string.h>

// Lines of the model that are shown at the start.
enum { MODEL_MOST = 60 };

typedef struct Session {
	Dialogue dialogue;
	Quiz quiz;
	const char *model;   // as it was called
	size_t at;           // the question that is asked
} Session;

typedef enum WordId {
	WORD_HINT,
	WORD_SHOW,
	WORD_SKIP,
	WORD_BACK,
	WORD_MODEL,
	WORD_HELP,
	WORD_QUIT,
	WORD_NEXT,
	WORD_QUESTION,
	WORD_EXIT,
	WORD_COUNT
} WordId;

static const Word words[WORD_COUNT] = {
	[WORD_HINT] = {"hint", "a hint, each time a plainer one"},
	[WORD_SHOW] = {"show", "the answer with its line; what was not right by then counts as not answered"},
	[WORD_SKIP] = {"skip", "on to the next question; a wrong answer stays, and what you work out from it is "
                           "marked by it"},
	[WORD_BACK] = {"back", "to the question before"},
	[WORD_MODEL] = {"model", "what is given, and the steps forward"},
	[WORD_HELP] = {"help", "this list"},
	[WORD_QUIT] = {"quit", "the end, with what you have so far (or Ctrl-D)"},
	[WORD_NEXT] = {"next", ""},
	[WORD_QUESTION] = {"?", ""},
	[WORD_EXIT] = {"exit", ""},
};

// ---- The model

static Row row_of_line(const Lines *lines, uint32_t id)
{
	const Line *line = lines_at(lines, id);
	return (Row){.phase = line->phase, .id = id, .name = line->leaf->name, .formula = line->formula};
}

static void put_steps(Session *s)
{
	const Lines *lines = &s->quiz.diagnoser.lines;
	size_t shown = 0, more = 0;
	uint32_t update = 0;
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Line *line = lines_at(lines, id);
		if (line->phase == PHASE_UPDATE && !update && line->by)
			update = id;
		if (line->phase != PHASE_FORWARD || !line->formula)
			continue;
		Row row = row_of_line(lines, id);
		if (shown++ < MODEL_MOST)
			dialogue_formula(&s->dialogue, &row, false);
		else
			more++;
	}
	if (more)
		dialogue_say(&s->dialogue, "… and %zu more steps like these", more);
	if (!update)
		return;
	Row row = row_of_line(lines, update);
	dialogue_say(&s->dialogue, "The update, as for %s:",
	             dialogue_name(&s->dialogue, lines_at(lines, lines_at(lines, update)->by)->leaf->name));
	dialogue_formula(&s->dialogue, &row, false);
}

static void put_model(Session *s)
{
	dialogue_given(&s->dialogue, &s->quiz.diagnoser.lines, s->quiz.diagnoser.value);
	put_steps(s);
	output_text(s->dialogue.output, "\n");
}

// ---- Hints

static void hint_at_mistake(Session *s, const Mistake *mistake, unsigned strength)
{
	if (strength == 1)
		dialogue_say(&s->dialogue, "Likely: %s (%s). %s", mistake->name, mistake->id, mistake->hint[1]);
	else
		dialogue_say(&s->dialogue, "%s", mistake->hint[strength]);
}

static void say_what_it_rests_on(Session *s, const Row *row)
{
	const uint32_t *parent;
	Output text = {0};
	const Lines *lines = &s->quiz.diagnoser.lines;
	size_t count = row->formula ? row_parents(row, &s->dialogue.arena, &parent) : 0;
	for (size_t i = 0; i < count; i++) {
		const Line *line = lines_at(lines, parent[i]);
		output_printf(&text, "%s", i == 0 ? "" : i + 1 < count ? ", " : " and ");
		if (line->leaf->kind == FORMULA_NAME)
			output_text(&text, dialogue_name(&s->dialogue, line->leaf->name));
		else
			output_text(&text, arena_printf(&s->dialogue.arena, "%s·%s",
			                                dialogue_name(&s->dialogue, line->leaf->argument[0]->name),
			                                dialogue_name(&s->dialogue, line->leaf->argument[1]->name)));
	}
	dialogue_say(&s->dialogue, count ? "It is worked out from %s." : "It is a number.", output_memory(&text));
	output_abandon(&text);
}

static void hint_in_general(Session *s, unsigned strength)
{
	Row row = quiz_row(&s->quiz, s->at, &s->dialogue.arena);
	if (strength > 2 || (strength > 0 && !row.formula))
		dialogue_say(&s->dialogue, "There is no plainer hint: show gives the answer.");
	else if (strength == 0)
		say_what_it_rests_on(s, &row);
	else
		dialogue_formula(&s->dialogue, &row, strength == 2);
}

// First about the mistake that explains the answer, where one is known, then about the question.
static void give_hint(Session *s)
{
	QuizQuestion *q = &s->quiz.question[s->at];
	MistakeId mistake = quiz_mistake(&s->quiz, s->at);
	if (mistake != q->hinted) {
		q->hinted = mistake;
		q->hints = 0;
	}
	unsigned strength = q->hints++, about = mistake == MISTAKE_NONE ? 0 : HINT_MOST;
	q->helped = true;
	const Judgement *judgement = quiz_judgement(&s->quiz, s->at);
	if (judgement && judgement->verdict == VERDICT_WRONG && !about && !strength)
		dialogue_say(&s->dialogue, "No mistake that is known gives %s.", judgement->answer->text);
	if (strength < about)
		hint_at_mistake(s, &mistake_info[mistake], strength);
	else
		hint_in_general(s, strength - about);
}

// ---- Answers

static bool says_yes(Session *s, const char *question)
{
	dialogue_say(&s->dialogue, "%s", question);
	const char *line = dialogue_ask(&s->dialogue, "yes or no? ");
	return line && (*line == 'y' || *line == 'Y');
}

// Another convention is no mistake: it is asked about.
static void ask_about_convention(Session *s)
{
	MistakeId follows = s->quiz.follows;
	if (follows == MISTAKE_NONE)
		return;
	const Mistake *convention = &mistake_info[follows];
	bool meant = says_yes(s, convention->hint[1]);
	quiz_settle_convention(&s->quiz, meant);
	if (meant)
		dialogue_say(&s->dialogue, "Then you are marked by it from now on: --convention %s says so from the start.",
		             convention->id);
}

static void put_verdict(Session *s)
{
	const QuizQuestion *q = &s->quiz.question[s->at];
	const Judgement *judgement = quiz_judgement(&s->quiz, s->at);
	const char *text = check_report_verdict(&s->dialogue.arena, judgement);
	const char *mark = check_report_mark(judgement->verdict);
	bool plain = judgement->verdict == VERDICT_RIGHT || judgement->verdict == VERDICT_WRONG;
	if (q->is_formula && plain)
		text = formula_judge_text(&q->formula, &s->dialogue.arena);
	dialogue_say(&s->dialogue, "%s %s", mark, text);
	if (judgement->verdict == VERDICT_FEW_DIGITS)
		dialogue_say(&s->dialogue, "It agrees as far as it goes; %d significant digits are asked for.",
		             s->quiz.significant);
	else if (!quiz_is_right(&s->quiz, s->at) && q->tries == 1)
		dialogue_say(&s->dialogue, "Try again, or type hint, show, or skip to go on with your number.");
}

// What is wrong with a formula that was not taken, with a caret under the place.
static void put_problem(Session *s, const char *ask)
{
	const JudgedFormula *formula = &s->quiz.question[s->at].formula;
	size_t column = notation_columns(ask, strlen(ask)) + formula->column;
	if (formula->column && column <= s->dialogue.style.width)
		output_printf(s->dialogue.output, "%*s\n", (int)column, "^");
	if (*formula->problem)
		dialogue_say(&s->dialogue, "? %s", formula->problem);
	else
		dialogue_say(&s->dialogue, "? it has no finite value: %g", formula->value);
}

static void take_answer(Session *s, const char *line, const char *ask)
{
	if (!quiz_answer(&s->quiz, s->at, line)) {
		put_problem(s, ask);
		return;
	}
	ask_about_convention(s);
	put_verdict(s);
	if (quiz_is_right(&s->quiz, s->at))
		s->at++;
}

static void show_answer(Session *s)
{
	bool right = quiz_is_right(&s->quiz, s->at);
	if (!right)
		quiz_withdraw(&s->quiz, s->at);
	Row row = quiz_row(&s->quiz, s->at, &s->dialogue.arena);
	dialogue_line(&s->dialogue, &row);
	s->quiz.question[s->at++].shown = !right;
}

// ---- The end

static size_t count_verdict(const Session *s, Verdict verdict)
{
	size_t count = 0;
	for (size_t i = 0; i < s->quiz.count; i++) {
		const Judgement *judgement = quiz_judgement(&s->quiz, i);
		count += (judgement ? judgement->verdict : VERDICT_UNANSWERED) == verdict;
	}
	return count;
}

static void put_wrong_ones(Session *s)
{
	for (size_t i = 0; i < s->quiz.count; i++) {
		const Judgement *judgement = quiz_judgement(&s->quiz, i);
		MistakeId mistake = quiz_mistake(&s->quiz, i);
		if (!judgement || judgement->verdict != VERDICT_WRONG)
			continue;
		const char *name = s->quiz.question[i].name;
		if (mistake == MISTAKE_NONE)
			dialogue_say(&s->dialogue, "%s: no mistake that is known gives %s", name, judgement->answer->text);
		else
			dialogue_say(&s->dialogue, "%s: likely %s (%s)", name, mistake_info[mistake].name,
			             mistake_info[mistake].id);
	}
}

static int put_summary(Session *s)
{
	Output text = {0};
	size_t alone = 0, right = 0, answered = 0;
	for (Verdict verdict = VERDICT_RIGHT; verdict < VERDICT_COUNT; verdict++) {
		size_t count = count_verdict(s, verdict);
		if (count || verdict == VERDICT_RIGHT)
			output_printf(&text, "%s%zu %s", text.count ? ", " : "", count, check_report_counted(verdict));
	}
	for (size_t i = 0; i < s->quiz.count; i++) {
		const QuizQuestion *q = &s->quiz.question[i];
		right += quiz_is_right(&s->quiz, i);
		answered += quiz_judgement(&s->quiz, i) != NULL;
		alone += quiz_is_right(&s->quiz, i) && q->tries == 1 && !q->helped;
	}
	output_text(s->dialogue.output, "\n");
	dialogue_say(&s->dialogue, "%zu %s: %s", s->quiz.count, s->quiz.count == 1 ? "question" : "questions",
	             output_memory(&text));
	if (right)
		dialogue_say(&s->dialogue, "at the first try and without a hint: %zu", alone);
	put_wrong_ones(s);
	output_abandon(&text);
	return right == answered ? STATUS_DONE : STATUS_NO;
}

// ---- The dialogue

// False where it is to end.
static bool obey(Session *s, WordId word)
{
	switch (word) {
	case WORD_HINT:
		give_hint(s);
		return true;
	case WORD_SHOW:
		show_answer(s);
		return true;
	case WORD_SKIP:
	case WORD_NEXT:
		s->at++;
		return true;
	case WORD_BACK:
		s->at -= s->at > 0;
		return true;
	case WORD_MODEL:
		put_model(s);
		return true;
	case WORD_HELP:
	case WORD_QUESTION:
		dialogue_say(&s->dialogue, "Answer with a number, or with a formula such as w1*i1 + b1 or 0.15*0.05 + "
		                           "0.35, or type");
		dialogue_help(&s->dialogue, words, WORD_COUNT);
		return true;
	default:
		return false;
	}
}

static const char *question_text(Session *s)
{
	const Line *line = lines_at(&s->quiz.diagnoser.lines, s->quiz.question[s->at].id);
	return arena_printf(&s->dialogue.arena, "(%zu/%zu) %s = ", s->at + 1, s->quiz.count,
	                    dialogue_name(&s->dialogue, line->leaf->name));
}

static void ask_all(Session *s)
{
	char ask[1000];
	while (s->at < s->quiz.count) {
		snprintf(ask, sizeof ask, "%s", question_text(s));
		const char *line = dialogue_ask(&s->dialogue, ask);
		if (!line)
			return;
		size_t word = dialogue_word(line, words, WORD_COUNT);
		if (word == SIZE_MAX)
			take_answer(s, line, ask);
		else if (!obey(s, (WordId)word))
			return;
	}
}

static int hold(Session *s, Call *call)
{
	dialogue_start(&s->dialogue, call, (int)call->options->digits);
	if (!call->options->quiet) {
		dialogue_say(&s->dialogue,
		             "%s: %zu %s, to %d significant digits. A number or a formula answers; hint, show, skip, "
		             "back, model, help and quit are words to type.",
		             s->model, s->quiz.count, s->quiz.count == 1 ? "question" : "questions",
		             s->quiz.significant);
		output_text(call->output, "\n");
		put_model(s);
	}
	ask_all(s);
	int status = put_summary(s);
	dialogue_end(&s->dialogue);
	return status;
}

static int quiz(Call *call, Error *error)
{
	const Options *options = call->options;
	Session s = {.model = call->operands[0]};
	Model model;
	MistakeId convention[MISTAKE_COUNT];
	size_t conventions;
	int status = STATUS_WRONG;
	if (!check_conventions(options, convention, &conventions, error) ||
	    !load_model(&model, s.model, options, error))
		return STATUS_WRONG;
	if (quiz_start(&s.quiz, &model, options->questions ? options->questions : "main",
	               (int)options->significant, convention, conventions, error)) {
		status = hold(&s, call);
		quiz_free(&s.quiz);
	}
	model_free(&model);
	return status;
}

static int run(Call *call, Error *error)
{
	if (call->options->find)
		return quiz_find(call, error);
	if (!call->operand_count)
		return error_set(error, "'tutor quiz' needs MODEL; 'tutor quiz --find' alone asks about mazur"), STATUS_WRONG;
	return quiz(call, error);
}

const Command command_quiz = {
	.name = "quiz",
	.arguments = "MODEL",
	.summary = "asks you for the numbers, with hints; or for the mistake in a worked example",
	.takes = TAKES_MODEL | TAKES(example) | TAKES(questions) | TAKES(find) | TAKES(significant) |
             TAKES(convention) | TAKES(width) | TAKES(ascii),
	.operands = {0, 1},
	.run = run,
	.help = "  tutor quiz mazur                           one question after another\n"
			"  tutor quiz mazur --questions 'dE_total/dw*'  the gradients by the weights alone\n"
			"  tutor quiz net.model --questions all       every quantity there is\n"
			"  tutor quiz --find                          one line of a worked example is wrong: which?\n"
			"  tutor quiz --find net.model --seed 7       the same example again\n",
	.notes =
		"An answer is a number (0.5933, 8.2e-2, 3/8) or a formula (w1*i1 + b1, 0.15*0.05 + 0.35), as\n"
		"'tutor check' takes them; what follows from a wrong answer is marked by it. Type help for the\n"
		"words: hint (each time a plainer one), show, skip, back, model, quit.\n"
		"--questions takes main (the steps, the error of each unit, the gradient and the new value of\n"
		"each param), all, or names with * and ?, separated by commas.\n"
		"Status 1 where an answer that was given is not right, or the mistake was not found.\n",
};
