// What somebody handed in: a file of answers, read with care, and whose it is.
//
// Its `student` column says whose, as in the file that was handed out; without one, the file's name
// does, where it is still that of the hand-out. A file under a student's name that says it is
// another's belongs to neither: nobody hands in for somebody else.
#ifndef COURSE_SUBMISSION_H
#define COURSE_SUBMISSION_H

#include "tutor/course/answers.h"
#include "tutor/course/assignment.h"
#include "tutor/io/input.h"

// Larger files are not read: the answers to a long sheet take a tenth of this.
enum { SUBMISSION_LIMIT = 1024 * 1024 };

typedef struct Submission {
	Input input;
	Answers answers;
	const char *student;   // as the file says, without blanks around it; NULL where it does not
} Submission;

// False, with a message without the file's name, where it cannot be read as answers, or names two
// students. Freed by submission_free, also then.
bool submission_read(Submission *submission, const char *path, Error *error);
void submission_free(Submission *submission);

// The students of an assignment by the names of their files. Freed by textmap_free.
TextMap students_by_file(const Assignment *assignment);

#define NO_STUDENT UINT32_MAX

// Whose file it is, the number of a variant, by its name alone; NO_STUDENT if that says nothing.
uint32_t student_by_name(const TextMap *by_file, const char *path);
// Whose it is by all that is known. NO_STUDENT with an error that says why.
uint32_t submission_student(const Submission *submission, const Assignment *assignment,
                            uint32_t by_name, Error *error);

// A text of somebody who is not trusted, to be shown: control characters and what is no UTF-8
// become ?, and its end is cut off where it is long.
const char *shown_text(const char *text, Arena *arena);
// The last part of a path, so shown.
const char *shown_name(const char *path, Arena *arena);

#endif
