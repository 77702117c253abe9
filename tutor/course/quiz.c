#include "tutor/course/quiz.h"

#include "tutor/course/questions.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- Start

static bool choose_questions(Quiz *quiz, const char *wanted, Error *error)
{
	Assignment chosen = {0};
	const Lines *lines = &quiz->diagnoser.lines;
	bool good = questions_choose(&chosen, lines, wanted, NULL, 0, error);
	quiz->count = good ? chosen.questions : 0;
	quiz->question = arena_array(&quiz->arena, QuizQuestion, quiz->count);
	for (size_t i = 0; i < quiz->count; i++) {
		const char *name = chosen.question[i].of;
		quiz->question[i].name = arena_copy(&quiz->arena, name, strlen(name));
		quiz->question[i].id = lines_find(lines, name);
		quiz->question[i].hinted = MISTAKE_NONE;
		assert(quiz->question[i].id);
	}
	arena_free(&chosen.arena);
	return good;
}

static void judge_all(Quiz *quiz);

bool quiz_start(Quiz *quiz, Model *model, const char *questions, int significant,
                const MistakeId *convention, size_t conventions, Error *error)
{
	*quiz = (Quiz){.model = model, .significant = significant, .follows = MISTAKE_NONE};
	assert(conventions < MISTAKE_COUNT);
	quiz->conventions = conventions;
	for (size_t i = 0; i < conventions; i++)
		quiz->convention[i] = convention[i];
	if (!diagnoser_start(&quiz->diagnoser, model, convention, conventions))
		return error_set(error, "the model has more lines than the limit of %d for work by hand",
		                 LINES_MOST);
	formula_judge_start(&quiz->judge, &quiz->diagnoser.lines, quiz->diagnoser.value);
	if (!choose_questions(quiz, questions, error)) {
		quiz_free(quiz);
		return false;
	}
	size_t lines = quiz->diagnoser.lines.count;
	quiz->answer = arena_array(&quiz->arena, Answer, quiz->count);
	quiz->own = arena_array(&quiz->arena, double, lines);
	quiz->mine = arena_array(&quiz->arena, double, lines);
	judge_all(quiz);
	return true;
}

static void forget_verdicts(Quiz *quiz)
{
	diagnosis_free(&quiz->diagnosis);
	if (quiz->follows != MISTAKE_NONE)
		verify_free(&quiz->under);
	quiz->follows = MISTAKE_NONE;
	if (quiz->answers.answer)
		verify_free(&quiz->plain);
	quiz->answers.answer = NULL;
}

void quiz_free(Quiz *quiz)
{
	forget_verdicts(quiz);
	for (size_t i = 0; i < quiz->count; i++)
		free(quiz->question[i].text);
	formula_judge_free(&quiz->judge);
	diagnoser_free(&quiz->diagnoser);
	arena_free(&quiz->arena);
	*quiz = (Quiz){0};
}

// ---- Judging

static const Verification *verdicts(const Quiz *quiz)
{
	return quiz->follows == MISTAKE_NONE ? &quiz->plain : &quiz->under;
}

const Judgement *quiz_judgement(const Quiz *quiz, size_t question)
{
	const Verification *all = verdicts(quiz);
	for (size_t i = 0; i < all->count; i++)
		if (all->item[i].answer->row == question)
			return &all->item[i];
	return NULL;
}

bool quiz_is_right(const Quiz *quiz, size_t question)
{
	const Judgement *judgement = quiz_judgement(quiz, question);
	return judgement && (judgement->verdict == VERDICT_RIGHT || judgement->verdict == VERDICT_CARRIED ||
	                     judgement->verdict == VERDICT_CONVENTION);
}

static void take_answers(Quiz *quiz)
{
	size_t count = 0;
	for (size_t i = 0; i < quiz->count; i++)
		if (quiz->question[i].answer.typed.given)
			quiz->answer[count++] = quiz->question[i].answer;
	quiz->answers = (Answers){.answer = quiz->answer, .count = count};
}

// Right answers are as good as the true values, and have more digits.
static void work_on(Quiz *quiz)
{
	const Lines *lines = &quiz->diagnoser.lines;
	memcpy(quiz->mine, quiz->diagnoser.value, lines->count * sizeof *quiz->mine);
	for (uint32_t id = 1; id <= lines->count; id++)
		quiz->own[id - 1] = NAN;
	for (size_t i = 0; i < quiz->count; i++) {
		const QuizQuestion *q = &quiz->question[i];
		const Judgement *judgement = quiz_judgement(quiz, i);
		if (judgement && judgement->verdict != VERDICT_RIGHT && isfinite(q->answer.typed.value))
			quiz->own[q->id - 1] = q->answer.typed.value;
	}
	for (uint32_t id = 1; id <= lines->count; id++) {
		if (isfinite(quiz->own[id - 1]))
			quiz->mine[id - 1] = quiz->own[id - 1];
		else if (lines_at(lines, id)->formula)
			quiz->mine[id - 1] = lines_value(lines_at(lines, id)->formula, quiz->mine);
	}
}

// Lines are put by the conventions, so a further one needs lines of its own.
static void explain(Quiz *quiz)
{
	Diagnoser d;
	if (quiz->follows == MISTAKE_NONE) {
		diagnose(&quiz->diagnosis, &quiz->diagnoser, &quiz->plain, quiz->significant);
		diagnose_settle(&quiz->plain, &quiz->diagnosis);
		return;
	}
	quiz->convention[quiz->conventions] = quiz->follows;
	if (quiz->under.tally[VERDICT_WRONG] &&
	    diagnoser_start(&d, quiz->model, quiz->convention, quiz->conventions + 1)) {
		diagnose(&quiz->diagnosis, &d, &quiz->under, quiz->significant);
		diagnose_settle(&quiz->under, &quiz->diagnosis);
		diagnoser_free(&d);
	}
}

static void find_convention(Quiz *quiz, const VerifyOptions *options)
{
	quiz->follows = diagnose_convention(&quiz->plain, &quiz->answers, quiz->model, options, &quiz->under);
	if (quiz->follows == MISTAKE_NONE || !quiz->declined[quiz->follows])
		return;
	verify_free(&quiz->under);
	quiz->follows = MISTAKE_NONE;
}

static void judge_all(Quiz *quiz)
{
	VerifyOptions options = {.significant = quiz->significant,
	                         .convention = quiz->convention,
	                         .conventions = quiz->conventions};
	forget_verdicts(quiz);
	take_answers(quiz);
	verify(&quiz->plain, &quiz->answers, quiz->model, &options);
	find_convention(quiz, &options);
	explain(quiz);
	work_on(quiz);
}

void quiz_settle_convention(Quiz *quiz, bool meant)
{
	MistakeId follows = quiz->follows;
	forget_verdicts(quiz);
	quiz->declined[follows] = !meant;
	if (meant) {
		quiz->convention[quiz->conventions++] = follows;
		formula_judge_free(&quiz->judge);
		diagnoser_free(&quiz->diagnoser);
		bool small = diagnoser_start(&quiz->diagnoser, quiz->model, quiz->convention, quiz->conventions);
		assert(small);   // it was before
		formula_judge_start(&quiz->judge, &quiz->diagnoser.lines, quiz->diagnoser.value);
	}
	judge_all(quiz);
}

// ---- Answers

static void put_answer(Quiz *quiz, size_t question, const char *text, Typed typed)
{
	QuizQuestion *q = &quiz->question[question];
	size_t size = strlen(text) + 1;
	free(q->text);
	q->text = memcpy(memory_alloc(size), text, size);
	q->answer = (Answer){.name = q->name, .text = q->text, .typed = typed, .row = question};
	q->shown = false;
	q->tries++;
	judge_all(quiz);
}

// A formula is as exact as its numbers; one that is right has the value that the line has.
static bool take_formula(Quiz *quiz, size_t question, const char *text)
{
	QuizQuestion *q = &quiz->question[question];
	formula_judge(&q->formula, &quiz->judge, q->id, text, quiz->own, quiz->significant);
	FormulaVerdict verdict = q->formula.verdict;
	if (verdict == FORMULA_UNREADABLE || verdict == FORMULA_CIRCULAR || !isfinite(q->formula.value))
		return false;
	bool right = verdict == FORMULA_RIGHT || verdict == FORMULA_IN_NUMBERS;
	Typed typed = {.value = right ? q->formula.expected : q->formula.value,
	               .significant = 17,
	               .given = true};
	put_answer(quiz, question, text, typed);
	return true;
}

bool quiz_answer(Quiz *quiz, size_t question, const char *text)
{
	Typed typed;
	bool number = typed_read(&typed, text, true);
	if (number && isnan(typed.value))
		number = isnan(quiz->diagnoser.value[quiz->question[question].id - 1]);
	quiz->question[question].is_formula = !number;
	if (!number)
		return take_formula(quiz, question, text);
	put_answer(quiz, question, text, typed);
	return true;
}

void quiz_withdraw(Quiz *quiz, size_t question)
{
	quiz->question[question].answer = (Answer){0};
	judge_all(quiz);
}

// ---- Help

static bool explains(const Quiz *quiz, const Judgement *judgement)
{
	for (size_t i = 0; i < quiz->diagnosis.explained_count; i++)
		if (quiz->diagnosis.explained[i] == judgement)
			return true;
	return false;
}

MistakeId quiz_mistake(const Quiz *quiz, size_t question)
{
	const Judgement *judgement = quiz_judgement(quiz, question);
	MistakeId earlier = MISTAKE_NONE;
	for (size_t i = 0; judgement && i < quiz->diagnosis.count; i++) {
		const Cause *cause = &quiz->diagnosis.cause[i];
		if (cause->item == judgement)
			return cause->count ? cause->finding[0].mistake : MISTAKE_NONE;
		if (cause->count && cause->finding[0].explained > 1)
			earlier = cause->finding[0].mistake;
	}
	return judgement && explains(quiz, judgement) ? earlier : MISTAKE_NONE;
}

static void put_mine(void *context, Formula *leaf)
{
	const Quiz *quiz = context;
	if (leaf->row)
		leaf->value = quiz->mine[leaf->row - 1];
}

Row quiz_row(const Quiz *quiz, size_t question, Arena *arena)
{
	Row row = {0};
	Error ignored = {0};
	uint32_t id = quiz->question[question].id;
	const Line *line = lines_at(&quiz->diagnoser.lines, id);
	if (quiz->conventions || !derivation_row(&quiz->diagnoser.derivation, id, arena, &row, &ignored))
		row = (Row){.phase = line->phase, .id = id, .name = line->leaf->name, .formula = line->formula};
	if (row.formula)
		formula_each_leaf(row.formula, put_mine, (void *)quiz);
	row.value = row.formula ? lines_value(row.formula, quiz->mine) : quiz->mine[id - 1];
	return row;
}
