// What 'tutor check' says, as a document: each answer, the first wrong line, what explains the wrong answers, the count.
#ifndef COMMANDS_CHECK_REPORT_H
#define COMMANDS_CHECK_REPORT_H

#include "tutor/course/diagnose.h"
#include "tutor/options.h"
#include "tutor/render/items.h"

typedef struct CheckReport {
	const Verification *result;
	const Diagnosis *diagnosis;
	MistakeId convention;    // one that the reader seems to follow, or MISTAKE_NONE
	Model *model;            // which the answers were held against, or NULL
	int hint;                // how plainly a mistake is explained, 1 to HINT_MOST
	const char *title;       // of a document that is a page; NULL where it needs no headings
} CheckReport;

// All of it, at the end of the document; what it points to must stay.
void check_report(Document *document, const CheckReport *report);
// An answer's verdict in words, and the sign for it.
const char *check_report_verdict(Arena *arena, const Judgement *judgement);
const char *check_report_mark(Verdict verdict);
// What so many answers are, as in "3 right from your earlier value".
const char *check_report_counted(Verdict verdict);
// The conventions that --convention names, of which `convention` has room for all there are.
bool check_conventions(const Options *options, MistakeId *convention, size_t *count, Error *error);
// Parts of it, for reports that say more: the cells of an answer's row (its sign, quantity, value, verdict), the first
// wrong line, what explains the wrong answers.
enum { CHECK_COLUMNS = 4 };
void check_report_answer(Arena *arena, Cell cell[CHECK_COLUMNS], const CheckReport *report, const Judgement *judgement);
void check_report_first_wrong(Document *document, const CheckReport *report);
void check_report_diagnosis(Document *document, const CheckReport *report);
// The count alone.
void check_report_count(Document *document, const Verification *result);

#endif
