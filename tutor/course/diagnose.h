// Which mistakes of the catalogue explain somebody's wrong answers.
//
// Lines are worked through in order with the reader's own numbers put in wherever they typed one,
// so that only what lies between two typed numbers is in question. At a wrong answer every mistake
// that can be made there is tried, at each line by itself and at all lines of its kind, as somebody
// who believes in it would; one that gives the number that was typed, within what rounding
// explains, fits. Of those that fit the first wrong answer the best is the one that explains most
// of the other wrong ones too and is contradicted by the fewest right ones; what it leaves
// unexplained is tried anew, with and without it. Where nothing fits, nothing is named.
#ifndef COURSE_DIAGNOSE_H
#define COURSE_DIAGNOSE_H

#include "tutor/course/mistake.h"
#include "tutor/course/verify.h"

// A line put differently.
typedef struct Change {
	MistakeId mistake;
	uint32_t way, line;
	Formula *formula;
	const uint32_t *parent;
	uint32_t parents;
} Change;

// What is worked out once for a model and serves for any number of sheets.
typedef struct Diagnoser {
	Replay replay;
	Derivation derivation;
	Lines lines;
	Change *change;   // by mistake, way and line
	size_t count, capacity;
	double *value;   // of each line, as the model has it
	Arena arena;
} Diagnoser;

// False for a model with more lines than anybody works by hand (LINES_MOST); `diagnoser` is empty
// then. The model must stay. To be freed by diagnoser_free.
bool diagnoser_start(Diagnoser *diagnoser, Model *model, const MistakeId *convention, size_t count);
void diagnoser_free(Diagnoser *diagnoser);
// Works the lines through anew after the model's start values were changed: what can be wrong stays
// the same.
void diagnoser_renew(Diagnoser *diagnoser, const Model *model);

typedef struct Finding {
	MistakeId mistake;
	uint32_t way;
	size_t explained;      // wrong answers that it gives
	size_t contradicted;   // right ones that it would not give if it were made everywhere
} Finding;

// Causes of a sheet that are looked for, and findings of each that are kept.
enum { CAUSES_MOST = 20, FINDINGS_MOST = 8 };

// A wrong answer and what fits it, best first; nothing where `count` is 0.
typedef struct Cause {
	const Judgement *item;
	Finding finding[FINDINGS_MOST];
	size_t count;
} Cause;

typedef struct Diagnosis {
	Cause *cause;   // in the order of the derivation: what one cause explains is not in the next
	size_t count;
	const Judgement **explained;   // all wrong answers that some cause's best finding gives
	size_t explained_count;
} Diagnosis;

// Explains the wrong answers of a sheet that verify has judged, those of later update steps, NAME#k,
// after those of the first.
void diagnose(Diagnosis *diagnosis, const Diagnoser *diagnoser, const Verification *verification,
              int significant);
void diagnosis_free(Diagnosis *diagnosis);
// What is 0 because of a wrong 0 is not right from it, so that nobody makes the rest easy with a 0;
// but where a mistake gives that 0, it was made in good faith: then it is right from it after all.
void diagnose_settle(Verification *verification, const Diagnosis *diagnosis);

// The convention that a reader seems to follow whose answers `plain` calls wrong by the options:
// none of those that are right for sure becomes wrong by it, and all that are wrong become right,
// or at least two. MISTAKE_NONE if there is none. `under` is then the verification by it, in which
// what `plain` does not call right has the verdict VERDICT_CONVENTION; to be freed.
MistakeId diagnose_convention(const Verification *plain, const Answers *answers, Model *model,
                              const VerifyOptions *options, Verification *under);

// The values of all lines when the mistakes are made everywhere they can be: value[id - 1] for line
// `id`. False where none of a mistake's lines can be put so, or a value is not finite that was.
typedef struct Planted {
	MistakeId mistake;
	uint32_t way;
} Planted;
bool diagnoser_plant(const Diagnoser *diagnoser, const Planted *planted, size_t count,
                     double *value);
// The same where one line alone is put differently.
bool diagnoser_plant_line(const Diagnoser *diagnoser, const Change *change, double *value);

#endif
