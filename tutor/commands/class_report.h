// How a class did: points, the questions that were hard, the mistakes that were frequent, and what wants looking at.
#ifndef COMMANDS_CLASS_REPORT_H
#define COMMANDS_CLASS_REPORT_H

#include "tutor/course/copies.h"
#include "tutor/course/fits.h"
#include "tutor/course/handed_in.h"
#include "tutor/render/items.h"

typedef struct ClassReport {
	const Gradebook *gradebook;
	const HandedIn *handed_in;
	const Fit *fit;     // of each student
	const Copy *copy;   // of each student
} ClassReport;

// All of it, at the end of the document, which must not outlive what the report points to.
void class_report(Document *document, const ClassReport *report);
// The few lines that a terminal gets.
void class_report_short(Document *document, const ClassReport *report, const char *folder);

#endif
