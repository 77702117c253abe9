// A formula as a student writes it: `w1*i1 + w2*i2 + b1`, `0.15*0.05 + 0.2*0.1 + 0.35`, or a mixture.
//
// It is read by the parser of the model language, and recorded on a small tape of its own on which
// every name and every number is a leaf, so that other values can be put in. A name is any line of
// a derivation, spelled as files have it (dE/dw5, w1[2,3], h[1]@2, w5+) or as text is printed
// (∂E/∂w₅, η); `w[1,i]` may be used under a sum's index. The signs of printed text (· × − ² ÷) are
// read, `ln` is log and `e` is exp(1). Nothing is implied: `2x` is an error.
#ifndef COURSE_WRITTEN_H
#define COURSE_WRITTEN_H

#include "tutor/course/answers.h"
#include "tutor/course/lines.h"

// The longest text, and the most names and numbers in it.
enum { WRITTEN_MOST = 2000, WRITTEN_PARTS_MOST = 200 };

// What lines are called, for any number of formulas. Starts from lines that must stay.
typedef struct WrittenNames {
	const Lines *lines;
	TextMap printed;   // names as text has them, where files have others
	size_t longest;    // bytes of the longest name
	Arena arena;
} WrittenNames;

void written_names_start(WrittenNames *names, const Lines *lines);
void written_names_free(WrittenNames *names);

// A name or a number of a formula.
typedef struct WrittenPart {
	uint32_t row;      // the line that it names; 0 for a number
	Typed typed;       // of a number
	size_t at, size;   // where it stands in the text
	Node leaf;
} WrittenPart;

typedef struct Written {
	const char *text;   // borrowed
	WrittenPart *part;
	size_t count;
	bool alone;   // a number, perhaps with a sign, and nothing else
	Model model;
	Replay replay;
	Node result;
} Written;

// False where the text is no formula, with what is wrong and the column (in characters, from 1).
// Bounded in time and memory whatever the text is. Freed by written_free.
bool written_read(Written *written, const WrittenNames *names, const char *text, Error *error);
void written_free(Written *written);

// The column of byte `at`, in characters from 1.
size_t written_column(const char *text, size_t at);

// The value with value[id - 1] put in for line `id`, numbers as they stand.
double written_value(Written *written, const double *value);
// The same with `part[i]` put in for each part.
double written_value_of(Written *written, const double *part);

#endif
