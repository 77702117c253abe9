// What the parts of tutor/lesson share: the lesson while it is built.
#ifndef LESSON_LESSON_H
#define LESSON_LESSON_H

#include "tutor/explain/chain.h"
#include "tutor/explain/query.h"
#include "tutor/explain/rounds.h"
#include "tutor/explain/rule.h"
#include "tutor/lesson/document.h"

// A model of the lesson with its first update step, replayed.
typedef struct LessonModel {
	const char *name;      // "" for none
	const char *text;
	uint32_t step;         // whose values its replay has, 0 or 1 for the first
	Model model;
	Replay replay;
	Rounds rounds;         // for values of any step
	Derivation derivation;
	ChangedRule stale;     // recorded when first asked for
	uint32_t group;        // the number that its rows have in the document, from 1
	struct LessonModel *next;
} LessonModel;

typedef struct Lesson {
	Document *document;
	const Source *source;
	Arena *arena;          // the document's
	LessonModel *model;    // the last one above
	Error *error;
	uint64_t seed;
	bool delta;            // as in DocumentOptions
	size_t line;           // lines of the lesson before the text that is being read
	bool updates;          // a block of directives shows lines of further updates: each update is named,
	uint32_t update;       // this one last, 0 for none
	uint32_t charts;       // so far
} Lesson;

Item *lesson_add(Lesson *lesson, ItemKind kind);
// An error at a line of the lesson, behind whose first `column` bytes it is.
bool lesson_error(const Lesson *lesson, size_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// The model of that name; the last one for "". NULL and an error where there is none.
LessonModel *lesson_model(Lesson *lesson, const char *name, size_t line);

// A model of that text, not yet among the document's. NULL and an error where it is wrong.
LessonModel *lesson_read_model(Lesson *lesson, const char *text, Error *error);
// The lines of `claim`: DERIVATIVE = EXPRESSION, for every element of a family. An error where it is false.
bool claim_add(Lesson *lesson, LessonModel *model, const char *text, size_t line);

// A text that is one paragraph, as runs; the lesson has `line` lines before it.
bool lesson_sentence(Lesson *lesson, const char *text, size_t line, Run **first);
// Carries out the directives of a block, which begins on `line`.
bool directives_run(Lesson *lesson, LessonModel *model, const char *text, size_t line);
// Of MODEL:NAME the model, with *name moved behind the colon; else `last`.
LessonModel *lesson_model_of(const Lesson *lesson, LessonModel *last, const char **name);
// The value of a quantity of a model; NAME, NAME#k, or MODEL:NAME of another model above.
bool lesson_value(Lesson *lesson, LessonModel *model, const char *name, size_t line, double *value);

#endif
