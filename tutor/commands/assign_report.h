// What `assign` says of the mistakes that its questions show, and do not.
#ifndef COMMANDS_ASSIGN_REPORT_H
#define COMMANDS_ASSIGN_REPORT_H

#include "tutor/course/telling.h"
#include "tutor/io/output.h"

// Names the mistakes that no question asked shows, and, where `verbose`, those that look alike.
void assign_report(Output *output, const Telling *telling, bool verbose);

#endif
