// Answers compared with a model's own numbers: right, right from an earlier value, wrong.
//
// Answers are taken in the order of the derivation. One that has the true value is right whatever
// came before it. One that has not is compared with what its line of the derivation gives when the
// reader's own earlier numbers are put in, carried through the lines that were not asked for: then
// it is right from that earlier value. Rounding explains as much as it does to first order, with
// the tape's own partials (tutor/course/match.h). What a wrong 0 makes 0 is not right from it.
#ifndef COURSE_VERIFY_H
#define COURSE_VERIFY_H

#include "tutor/course/answers.h"
#include "tutor/course/match.h"
#include "tutor/course/mistake.h"
#include "tutor/explain/derivation.h"
#include "tutor/explain/query.h"

typedef enum Verdict {
	VERDICT_NONE,
	VERDICT_RIGHT,
	VERDICT_CARRIED,      // right from an earlier value of the reader's, which was not
	VERDICT_FEW_DIGITS,   // fewer than are asked for
	VERDICT_WRONG,
	VERDICT_UNANSWERED,
	VERDICT_UNKNOWN,      // the row is wrong itself: no such quantity, no number
	VERDICT_APART,        // not in the golden file
	VERDICT_CONVENTION,   // right by another convention (tutor/course/diagnose.h)
	VERDICT_COUNT,
} Verdict;

typedef enum Remark {
	REMARK_CUT = 1,          // the last place is cut off, not rounded
	REMARK_ROUNDED = 2,      // off by what rounding earlier on explains
	REMARK_HIDES_STEP = 4,   // too few digits to tell this step of a weight from others
	REMARK_NO_STEP = 8,      // a new weight that is the old one in the digits given
	REMARK_TRIVIAL = 16,     // 0 only because an earlier answer is a wrong 0
	REMARK_TWICE = 64,      // the same was answered before with another value, which counts
	REMARK_APART = 32,       // right, though not from the reader's own earlier answer, which is not
} Remark;

typedef struct Judgement {
	const Answer *answer;
	const char *problem;   // UNKNOWN: what is wrong
	Query query;
	uint32_t row;   // of the derivation, 0 where it has none
	double truth;
	double from;      // of a new weight, the old one; else 0
	double carried;   // what follows from the reader's earlier numbers, NAN where it was not needed
	Verdict verdict;
	unsigned remarks;
	const struct Judgement *cause;   // CARRIED: the wrong answer that it was carried from
	const struct Judgement *zero;    // REMARK_TRIVIAL: the wrong 0 that it is 0 because of
} Judgement;

typedef struct Verification {
	Judgement *item;   // in the order of the derivation; what has no row there last
	size_t count;
	size_t tally[VERDICT_COUNT];
	size_t unasked;      // golden values that the answers do not mention
	const Judgement *first;   // the first wrong one, NULL if none
	Row line;        // of `first`, the reader's own numbers in its formula and `carried` its value;
	                 // no formula where it has none
	bool own;        // whether any of those numbers is, or rests on, one that the reader typed
	size_t follow;   // answers that are right from `first`
	Arena arena;     // problems and the formula
	Lines lines;     // by the conventions, where there are any
} Verification;

typedef struct VerifyOptions {
	int significant;         // digits asked for
	const Answers *golden;   // true values that go before the model's; NULL where there are none
	const MistakeId *convention;   // by which the model's lines are put
	size_t conventions;
} VerifyOptions;

// Judges all answers by the model, or by the golden values alone where `model` is NULL. May record
// derivatives on the model's tape. `answers` must stay. Freed by verify_free.
void verify(Verification *verification, const Answers *answers, Model *model,
            const VerifyOptions *options);
void verify_free(Verification *verification);

#endif
