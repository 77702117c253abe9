// What 'tutor check' says, as a document: each answer, the first wrong line, what explains the wrong answers, the count.
#ifndef COMMANDS_CHECK_REPORT_H
#define COMMANDS_CHECK_REPORT_H

#include "tutor/course/diagnose.h"
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
// The count alone.
void check_report_count(Document *document, const Verification *result);

#endif
