// An assignment: a model, the questions asked of it, and for each student a variant, which is the
// model with numbers of the student's own.
//
// It is a folder, written once by `assign`, which may add rows for students who come late, and read by
// whatever marks:
//
//	model.model      the model's text, self-contained
//	examples.csv     the examples, where they were brought by --data
//	assignment.csv   key,value: what was asked for, and the questions in order
//	points.csv       name,points of each question; the one file that may be edited afterwards
//	variants.csv     a row a student: id, file, name, the numbers, what find-questions commit to, mac
//	sheets/ answers/ what is handed out, STEM.html, STEM.csv and the like, STEM from column `file`
//
// Nothing in it is an answer, nor the key. Marking takes the numbers of variants.csv and never draws
// them anew, so that a later version of the program, whatever it would draw, marks the same numbers.
// Numbers are decimals that read back as the same double. All that is read is taken as hostile: sizes
// are bounded, file stems checked, and what matters is proven by codes under the teacher's secret.
#ifndef COURSE_ASSIGNMENT_H
#define COURSE_ASSIGNMENT_H

#include "core/arena.h"
#include "tutor/course/secret.h"
#include "tutor/course/textmap.h"
#include "tutor/io/folder.h"
#include "tutor/io/table.h"
#include "tutor/model/model.h"

enum {
	ASSIGNMENT_FORMAT = 1,         // of the files
	STUDENTS_MOST = 10 * 1000,
	QUESTIONS_MOST = 5 * 1000,
	NUMBERS_MOST = 1000,           // that vary
	STEM_MOST = 64,                // bytes of a file's stem
	ID_MOST = 200,                 // bytes of a student's id or name
};

typedef enum QuestionKind {
	QUESTION_NUMBER,    // w5+: the value of that quantity
	QUESTION_FORMULA,   // formula:dE/dw5: its formula with the student's numbers put in
	QUESTION_FIND,      // find:1: the name of the wrong line of a worked example
} QuestionKind;

typedef struct Question {
	QuestionKind kind;
	const char *name;   // as answers have it, with its prefix
	const char *of;     // without: the quantity; of a find-question its number
	double points;
} Question;

typedef struct Variant {
	const char *id;     // of the student, as the roster has it
	const char *file;   // the stem of the student's files: letters, digits, - and _ alone
	const char *name;   // of the student, "" where the roster has none
	double *value;      // of each number that varies
	Mac *found;         // of each find-question, in order: what its answer is committed to
	Mac mac;            // of all this and of the assignment
} Variant;

typedef struct Assignment {
	const char *folder;      // as messages name it; NULL before it is written
	const char *title, *model_name;
	const char *text;        // the model's, `size` bytes
	size_t size;
	const char *examples;    // the text of examples.csv, NULL where there is none
	size_t examples_size;
	int significant;         // digits asked for
	uint64_t seed;           // of params drawn at random in the text
	uint32_t example;        // that is taken alone, 0 for the batch of all
	Setting *fixed;          // numbers that are not the text's, for all students: w1 = 0.3
	size_t fixed_count;
	Question *question;      // in the order of the sheet
	size_t questions, finds;   // of which so many are find-questions, which come last
	const char **number;     // names of the numbers that vary: w1, x[2], x[2]@3
	size_t numbers;
	Variant *variant;        // in the order of the roster
	size_t variants;
	Mac mac;                 // of all that is not a variant's, but for the points
	TextMap variant_of;      // id -> variant
	Arena arena;
} Assignment;

// Reads the folder. False and `error`, with file and line, where something in it is not as `assign`
// writes it. Freed by assignment_free.
bool assignment_read(Assignment *assignment, const char *folder, Error *error);
void assignment_free(Assignment *assignment);

// That nothing but the points was changed since it was written under this secret. The error names
// the file and, of variants.csv, the row.
bool assignment_verify(const Assignment *assignment, const Secret *secret, Error *error);

// The variant of a student; NULL with an error that names the nearest id.
const Variant *assignment_find(const Assignment *assignment, const char *id, Error *error);

// Reads the model with the numbers of a variant (NULL for those of the text). To be freed by
// model_free; the assignment must stay as long.
bool assignment_model(const Assignment *assignment, const Variant *variant, Model *model,
                      Error *error);
// Gives a model read so the numbers of another variant: replays started from now on have them.
bool assignment_put(const Assignment *assignment, const Variant *variant, Model *model,
                    Error *error);

// Whether `line` is the line that find-question `find` (from 0) of the variant asks for.
bool assignment_is_found(const Assignment *assignment, const Variant *variant, size_t find,
                         const char *line, const Secret *secret);
// What Variant.found has for it: a code that says nothing about the line to who has no key.
Mac assignment_commit(const Assignment *assignment, const char *id, size_t find, const char *line,
                      const Secret *secret);

// ---- Writing

// The shortest decimal that reads back as the value; of a whole number without an exponent: 30.
char *number_text(double value, Arena *arena);
// A question by its name, with its prefix; one point is given for it.
Question question_of(const char *name);
// The columns of variants.csv before the numbers.
extern const char *const variant_columns[];

// Sets the code of the assignment, and that of a variant, which is the last thing to be set in it.
void assignment_seal(Assignment *assignment, const Secret *secret);
void assignment_seal_variant(const Assignment *assignment, Variant *variant, const Secret *secret);
// Writes its files, all but what is handed out.
void assignment_write(const Assignment *assignment, Folder *folder);
// Writes variants.csv alone.
void assignment_write_variants(const Assignment *assignment, Folder *folder);

#endif
