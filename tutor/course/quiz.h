// A quiz: quantities of a derivation asked for one after another, each answer marked as it comes.
//
// Marking is that of a sheet (tutor/course/verify.h, diagnose.h): after each answer all that were
// given so far are judged together, so that what was worked out from an earlier answer of one's own
// is right from that, a mistake shows in several answers, and another convention is recognised. An
// answer may be a formula (tutor/course/formula_judge.h); then its value is what is marked.
#ifndef COURSE_QUIZ_H
#define COURSE_QUIZ_H

#include "tutor/course/diagnose.h"
#include "tutor/course/formula_judge.h"

typedef struct QuizQuestion {
	uint32_t id;        // the line
	const char *name;   // as files have it
	Answer answer;      // the last one; `typed.given` is false where there is none
	char *text;         // of the answer
	JudgedFormula formula;   // of an answer that is one
	bool is_formula;
	bool shown;         // the answer was asked to be shown: it counts as none
	unsigned tries, hints;   // hints about `hinted`
	MistakeId hinted;   // what the last hint was about
	bool helped;        // there was one
} QuizQuestion;

typedef struct Quiz {
	Model *model;
	int significant;
	MistakeId convention[MISTAKE_COUNT];   // that was said to be followed
	size_t conventions;
	MistakeId follows;   // one that the answers seem to follow, MISTAKE_NONE if none
	bool declined[MISTAKE_COUNT];   // conventions that are not meant
	Diagnoser diagnoser;
	FormulaJudge judge;
	QuizQuestion *question;
	size_t count;
	// What the answers given so far come to.
	Answer *answer;
	Answers answers;
	Verification plain, under;
	Diagnosis diagnosis;
	double *own;    // of each line the number that was answered, NAN where none was
	double *mine;   // of each line, wrong numbers of one's own worked on with
	Arena arena;
} Quiz;

// Asks for the quantities that `questions` names, as an assignment's does (tutor/course/questions.h).
// False and `error` where a name is none, or the model is too large. The model must stay. Freed by
// quiz_free.
bool quiz_start(Quiz *quiz, Model *model, const char *questions, int significant,
                const MistakeId *convention, size_t conventions, Error *error);
void quiz_free(Quiz *quiz);

// Takes an answer to a question in place of an earlier one, and judges all anew. False where the text
// is neither a number nor a formula that can be taken: then question->formula says why, and nothing
// has changed.
bool quiz_answer(Quiz *quiz, size_t question, const char *text);
// Forgets the answer.
void quiz_withdraw(Quiz *quiz, size_t question);

// Whether the convention that the answers seem to follow is meant: it is marked by from then on, or
// what it explained is wrong.
void quiz_settle_convention(Quiz *quiz, bool meant);

// What the answer was judged to be, NULL where there is none.
const Judgement *quiz_judgement(const Quiz *quiz, size_t question);
// Whether no question is left over it.
bool quiz_is_right(const Quiz *quiz, size_t question);
// The mistake that explains a wrong answer, MISTAKE_NONE where none does. One that was made at an
// earlier question explains its later answers too.
MistakeId quiz_mistake(const Quiz *quiz, size_t question);

// The line of a question with wrong numbers of one's own put in, so that what follows is to be seen.
// Its formula is NULL for a name alone. In `arena`.
Row quiz_row(const Quiz *quiz, size_t question, Arena *arena);

#endif
