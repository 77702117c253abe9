// The variants of a class and what is handed out of them, made on several threads.
#ifndef COMMANDS_ASSIGN_VARIANTS_H
#define COMMANDS_ASSIGN_VARIANTS_H

#include "tutor/course/handout.h"
#include "tutor/course/roster.h"
#include "tutor/course/variant.h"

enum { FORMS_MOST = 4 };

// What is handed out in which files.
typedef struct SheetForm {
	const Format *format;
	const char *ending;
} SheetForm;

typedef struct VariantsJob {
	Maker *maker;                  // started
	const MakerOptions *options;   // as the maker was
	const Roster *roster;
	const Secret *secret;
	const TextStyle *style;
	const SheetForm *form;
	size_t forms;
	Folder *folder;   // gets sheets/ and answers/
	size_t workers;
	void (*seen)(void *context, size_t done);   // NULL, or told now and then how many are done
	void *context;
} VariantsJob;

// How it went.
typedef struct Made {
	size_t attempts;   // numbers drawn for students
	size_t hard;       // students for whom none were found that have nothing against them
	size_t alike;      // students who have the same numbers as another
} Made;

// Makes a variant for each student of the roster, in the assignment, which is sealed first, and
// writes their sheets and tables. The same whatever the number of workers is. False and `error`
// where no mistake can be planted for a find-question.
bool variants_make(const VariantsJob *job, Assignment *assignment, Made *made, Error *error);

#endif
