// Marks for one submission: what its answers are worth, twice.
//
// Once by the true values (`points`), once by what follows from the student's own earlier answers
// (`carried`): a slip costs the question where it was made, and all that is worked out from it as
// it should be is paid in full. Each question counts for the better of the two. Every number is
// judged by verify and explained by diagnose; nothing here compares numbers with a model's anew.
//
//	verdict                         points   carried
//	right                           all      all
//	  but not from the own, wrong,
//	  earlier value                 all      none
//	right on another's sheet alone  none     none       (where many are: tutor/course/fits.h)
//	right from the own value        none     all; none where it rests on a trivial answer
//	right by another convention     all      all        (said in `convention`, for a teacher to see)
//	too few digits                  half     half; none where it is 0, or rests as said below
//	wrong, not answered, no number  none     none
//
// A formula is right where it is that of the line (tutor/course/formula_judge.h), in names or in the
// student's own numbers; one whose value is right by chance is wrong. The line of a find-question is
// right or wrong.
//
// A *trivial* answer is a wrong one that makes what follows easy: 0 or nearly so, 1, -1, or a copy
// of a given number, at the digits asked. It is none where a mistake named by the diagnosis gives
// it: who forgets that a weight has an input writes 1 in good faith. The excuse ends where the number
// rests on a trivial one, or on one of too few digits: rows of zeros excuse each other otherwise.
//
// An answer of too few digits is paid half and carries little. Of what is worked out from it:
//
//	the true value                                      as ever
//	right from it, two digits or more                   as ever
//	right from it, but 0, 1, -1 or of one digit alone   none, like all that rests on it
#ifndef COURSE_MARK_H
#define COURSE_MARK_H

#include "tutor/course/assignment.h"
#include "tutor/course/diagnose.h"

typedef struct QuestionMark {
	const Question *question;
	const Answer *answer;
	const Judgement *judgement;   // of a question for a number, else NULL
	Verdict verdict;
	const char *problem;   // VERDICT_UNKNOWN: what is wrong with the answer; of a formula what is
	                       // said of it; else NULL
	double points, carried, better;
	bool trivial;        // a wrong answer that makes what follows easy
	bool from_trivial;   // right from such a one
	bool copied;         // from another student's sheet
	bool apart;          // right, but not from the own, wrong, earlier value
	bool twice;          // answered more than once: the first counts
} QuestionMark;

typedef struct Marks {
	QuestionMark *question;   // in the order of the questions
	size_t count;
	double points, carried, better, out_of;
	const Verification *verification;   // of the numbers
	MistakeId convention;   // that the student follows, MISTAKE_NONE if the sheet's
	Diagnosis diagnosis;
	size_t strangers;   // rows that answer no question
	// What the rest points to: an answer for each question, and those of them that are numbers.
	Answers asked, numbers;
	QuestionMark **of_number;
	Verification plain, under;
} Marks;

// A submission and all that it is marked by. `model` is the student's own variant, on whose tape
// derivatives may be recorded. `secret` is needed for find-questions alone.
typedef struct Submitted {
	const Answers *answers;
	const Assignment *assignment;
	const Variant *variant;
	const Secret *secret;
	Model *model;
	const bool *copied;   // of each question: an answer worked out from another's numbers; NULL for none
} Submitted;

// Marks it. The number of questions bounds the work, whatever the file holds. What `submitted`
// points to must stay for as long as the marks do. Freed by marks_free.
void mark(Marks *marks, const Submitted *submitted);
void marks_free(Marks *marks);

// The mistakes that the diagnosis names first, each once, in the order of the derivation. Their
// number, at most CAUSES_MOST.
size_t marks_mistakes(const Marks *marks, MistakeId mistake[CAUSES_MOST]);

// Whether a value is right as it stands: no question is left over it.
bool mark_is_right(const QuestionMark *mark);

#endif
