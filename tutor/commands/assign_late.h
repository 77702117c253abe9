// Students who come late: an assignment that is there already gets those of the roster whom it lacks.
//
// What is there stays as it is, byte for byte, but for the rows added to variants.csv, which is
// replaced last: until then the new files are nobody's. Students who have left the roster stay too.
#ifndef COMMANDS_ASSIGN_LATE_H
#define COMMANDS_ASSIGN_LATE_H

#include "tutor/course/assignment.h"
#include "tutor/course/roster.h"

// Whether there is an assignment in the folder.
bool late_is_there(const char *folder);
// Reads it, and makes sure that `wanted`, which has the questions and no variants yet, is the same: then
// it is sealed and takes the points from there. The students who are there leave the roster. False and
// `error` where something differs, or was changed since it was written under this secret. `before` is
// to be freed if true.
bool late_start(Assignment *before, const char *folder, Assignment *wanted, Roster *roster, const Secret *secret,
                Error *error);
// Puts the variants of `before` ahead of those that were made, and writes all of them.
void late_write(const Assignment *before, Assignment *made, Folder *folder);

#endif
