#include "tutor/course/mark.h"

#include "tutor/course/formula_judge.h"
#include "tutor/course/trivial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- The answers to the questions

// A row may be called w5 or w5#1.
static const char *bare_name(const char *name, Arena *arena)
{
	size_t size = strlen(name);
	bool first = size > 2 && strcmp(name + size - 2, "#1") == 0;
	return first ? arena_copy(arena, name, size - 2) : name;
}

static void prepare(Marks *marks, const Assignment *assignment, TextMap *number)
{
	Arena *arena = &marks->asked.arena;
	marks->count = marks->asked.count = assignment->questions;
	marks->question = arena_array(arena, QuestionMark, marks->count);
	marks->asked.answer = arena_array(arena, Answer, marks->count);
	for (size_t i = 0; i < marks->count; i++) {
		const Question *question = &assignment->question[i];
		Answer *answer = &marks->asked.answer[i];
		*answer = (Answer){.name = question->name, .text = ""};
		marks->question[i] = (QuestionMark){
			.question = question, .answer = answer, .verdict = VERDICT_UNANSWERED};
		marks->out_of += question->points;
		textmap_add(number, bare_name(question->name, arena), (uint32_t)i);
	}
}

// One answer a question, and how many rows answer none.
static void choose_answers(Marks *marks, const Submitted *submitted)
{
	const Answers *answers = submitted->answers;
	TextMap number = {0};
	Arena names = {0};
	prepare(marks, submitted->assignment, &number);
	for (size_t i = 0; i < answers->count; i++) {
		const Answer *answer = &answers->answer[i];
		uint32_t of = textmap_get(&number, bare_name(answer->name, &names));
		if (of == TEXTMAP_ABSENT)
			marks->strangers += *answer->name || *answer->text;
		else if (!*marks->asked.answer[of].text)
			marks->asked.answer[of] = *answer;
		else
			marks->question[of].twice = marks->question[of].twice || *answer->text;
	}
	textmap_free(&number);
	arena_free(&names);
}

// The answers to questions for numbers, by themselves, in the order of the questions.
static void choose_numbers(Marks *marks)
{
	Answers *numbers = &marks->numbers;
	numbers->answer = arena_array(&numbers->arena, Answer, marks->count);
	marks->of_number = arena_array(&numbers->arena, QuestionMark *, marks->count);
	for (size_t i = 0; i < marks->count; i++) {
		QuestionMark *mark = &marks->question[i];
		if (mark->question->kind != QUESTION_NUMBER)
			continue;
		numbers->answer[numbers->count] = *mark->answer;
		numbers->answer[numbers->count].row = numbers->count;
		marks->of_number[numbers->count++] = mark;
	}
}

// ---- Points

// The share of a question's points that each verdict earns.
static const struct {
	double points, carried;
} share[VERDICT_COUNT] = {
	[VERDICT_RIGHT] = {1, 1},
	[VERDICT_CARRIED] = {0, 1},
	[VERDICT_FEW_DIGITS] = {0.5, 0.5},
	[VERDICT_CONVENTION] = {1, 1},
};

// A new weight in as many digits as are asked for, in which it is still the old one, is not the
// student's fault.
static bool has_digits_asked(const QuestionMark *mark)
{
	return mark->verdict == VERDICT_FEW_DIGITS && mark->judgement &&
	       mark->judgement->remarks & REMARK_NO_STEP;
}

static void give_points(QuestionMark *mark)
{
	double of = mark->question->points;
	if (has_digits_asked(mark))
		mark->verdict = mark->judgement->cause ? VERDICT_CARRIED : VERDICT_RIGHT;
	mark->points = of * share[mark->verdict].points;
	mark->carried = of * share[mark->verdict].carried;
	if (mark->judgement && mark->judgement->cause)   // perhaps right by another convention
		mark->points = 0;
	if (mark->trivial || mark->from_trivial)
		mark->points = 0;
	if (mark->trivial || mark->from_trivial || mark->apart || mark->copied)
		mark->carried = 0;
	mark->better = mark->points > mark->carried ? mark->points : mark->carried;
}

static void add_up(Marks *marks, const bool *copied)
{
	for (size_t i = 0; i < marks->count; i++) {
		marks->question[i].copied = copied && copied[i];
		give_points(&marks->question[i]);
		marks->points += marks->question[i].points;
		marks->carried += marks->question[i].carried;
		marks->better += marks->question[i].better;
	}
}

// ---- Judging

static void take_verdicts(Marks *marks)
{
	for (size_t i = 0; i < marks->verification->count; i++) {
		const Judgement *judgement = &marks->verification->item[i];
		QuestionMark *mark = marks->of_number[judgement->answer - marks->numbers.answer];
		mark->judgement = judgement;
		mark->verdict = judgement->verdict;
		mark->problem = judgement->problem;
		mark->apart = (judgement->remarks & REMARK_APART) != 0;
	}
}

static void judge_numbers(Marks *marks, Model *model, int significant)
{
	VerifyOptions options = {.significant = significant};
	verify(&marks->plain, &marks->numbers, model, &options);
	marks->convention =
		diagnose_convention(&marks->plain, &marks->numbers, model, &options, &marks->under);
	marks->verification = marks->convention == MISTAKE_NONE ? &marks->plain : &marks->under;
	take_verdicts(marks);
}

// The name of a line, as it was typed.
static bool is_found(const Submitted *submitted, size_t find, const char *typed)
{
	Arena arena = {0};
	char *line = arena_copy(&arena, typed, strlen(typed));
	size_t count = 0;
	for (const char *at = typed; *at; at++)
		if (*at != ' ' && *at != '\t')
			line[count++] = *at;
	line[count] = '\0';
	bool found = submitted->secret && assignment_is_found(submitted->assignment, submitted->variant,
	                                                      find, line, submitted->secret);
	arena_free(&arena);
	return found;
}

static void judge_finds(Marks *marks, const Submitted *submitted)
{
	size_t find = 0;
	for (size_t i = 0; i < marks->count; i++) {
		QuestionMark *mark = &marks->question[i];
		if (mark->question->kind != QUESTION_FIND)
			continue;
		bool found = *mark->answer->text && is_found(submitted, find, mark->answer->text);
		mark->verdict = found                 ? VERDICT_RIGHT
		                : *mark->answer->text ? VERDICT_WRONG
		                                      : VERDICT_UNANSWERED;
		find++;
	}
}

// The student's own number for each line, NAN where there is none.
static double *own_numbers(const Marks *marks, const Lines *lines)
{
	double *own = memory_alloc(memory_product(lines->count, sizeof *own));
	for (uint32_t id = 1; id <= lines->count; id++)
		own[id - 1] = NAN;
	for (size_t i = 0; i < marks->verification->count; i++) {
		const Judgement *judgement = &marks->verification->item[i];
		if (judgement->row && judgement->query.step == 1 && judgement->answer->typed.given)
			own[judgement->row - 1] = judgement->answer->typed.value;
	}
	return own;
}

static Verdict formula_verdict(const JudgedFormula *judged)
{
	if (judged->verdict == FORMULA_UNREADABLE)
		return VERDICT_UNKNOWN;
	if (judged->verdict != FORMULA_RIGHT && judged->verdict != FORMULA_IN_NUMBERS)
		return VERDICT_WRONG;
	return judged->few_digits ? VERDICT_FEW_DIGITS : VERDICT_RIGHT;
}

static void judge_formula(Marks *marks, QuestionMark *mark, const FormulaJudge *judge,
                          const double *own, int significant)
{
	uint32_t id = lines_find(judge->lines, mark->question->of);
	if (!id || !*mark->answer->text)
		return;
	JudgedFormula *judged = arena_new(&marks->asked.arena, JudgedFormula);
	formula_judge(judged, judge, id, mark->answer->text, own, significant);
	mark->verdict = formula_verdict(judged);
	mark->problem = formula_judge_text(judged, &marks->asked.arena);
}

static void judge_formulas(Marks *marks, const Diagnoser *diagnoser, int significant)
{
	FormulaJudge judge;
	double *own = own_numbers(marks, &diagnoser->lines);
	formula_judge_start(&judge, &diagnoser->lines, diagnoser->value);
	for (size_t i = 0; i < marks->count; i++)
		if (marks->question[i].question->kind == QUESTION_FORMULA)
			judge_formula(marks, &marks->question[i], &judge, own, significant);
	formula_judge_free(&judge);
	free(own);
}

// ---- All of it

static bool asks_for_formulas(const Marks *marks)
{
	for (size_t i = 0; i < marks->count; i++)
		if (marks->question[i].question->kind == QUESTION_FORMULA && *marks->question[i].answer->text)
			return true;
	return false;
}

// What wants the lines of the derivation.
static void explain(Marks *marks, Model *model, int significant)
{
	Diagnoser diagnoser;
	size_t conventions = marks->convention != MISTAKE_NONE;
	const size_t *tally = marks->verification->tally;
	bool formulas = asks_for_formulas(marks), doubtful = tally[VERDICT_WRONG] || tally[VERDICT_FEW_DIGITS];
	if (!(formulas || doubtful) || !diagnoser_start(&diagnoser, model, &marks->convention, conventions))
		return;
	if (formulas)
		judge_formulas(marks, &diagnoser, significant);
	diagnose(&marks->diagnosis, &diagnoser, marks->verification, significant);
	diagnose_settle(conventions ? &marks->under : &marks->plain, &marks->diagnosis);
	take_verdicts(marks);
	if (doubtful)
		find_trivial(marks, &diagnoser, significant);
	diagnoser_free(&diagnoser);
}

void mark(Marks *marks, const Submitted *submitted)
{
	int significant = submitted->assignment->significant;
	*marks = (Marks){.convention = MISTAKE_NONE};
	choose_answers(marks, submitted);
	choose_numbers(marks);
	judge_numbers(marks, submitted->model, significant);
	judge_finds(marks, submitted);
	explain(marks, submitted->model, significant);
	add_up(marks, submitted->copied);
}

void marks_free(Marks *marks)
{
	diagnosis_free(&marks->diagnosis);
	if (marks->convention != MISTAKE_NONE)
		verify_free(&marks->under);
	verify_free(&marks->plain);
	arena_free(&marks->asked.arena);
	arena_free(&marks->numbers.arena);
	*marks = (Marks){0};
}

size_t marks_mistakes(const Marks *marks, MistakeId mistake[CAUSES_MOST])
{
	size_t count = 0;
	for (size_t i = 0; i < marks->diagnosis.count; i++) {
		const Cause *cause = &marks->diagnosis.cause[i];
		bool known = !cause->count;
		for (size_t k = 0; k < count; k++)
			known = known || mistake[k] == cause->finding[0].mistake;
		if (!known)
			mistake[count++] = cause->finding[0].mistake;
	}
	return count;
}

bool mark_is_right(const QuestionMark *mark)
{
	return mark->verdict == VERDICT_RIGHT || mark->verdict == VERDICT_CONVENTION;
}
