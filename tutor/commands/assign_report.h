// What `assign` says of the mistakes that its questions show, and do not.
#ifndef COMMANDS_ASSIGN_REPORT_H
#define COMMANDS_ASSIGN_REPORT_H

#include "tutor/course/assignment.h"
#include "tutor/course/telling.h"
#include "tutor/io/output.h"

// Names inputs, targets and params that are no student's own: labels, and what --vary leaves out.
void assign_same_for_all(Output *output, const Assignment *assignment, const Lines *lines);
// Names the mistakes that no question asked shows, and, where `verbose`, those that look alike.
void assign_report(Output *output, const Telling *telling, bool verbose);

#endif
