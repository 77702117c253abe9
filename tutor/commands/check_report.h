// What 'tutor check' prints: each answer, the first wrong line, what explains the wrong answers.
#ifndef COMMANDS_CHECK_REPORT_H
#define COMMANDS_CHECK_REPORT_H

#include "tutor/command.h"
#include "tutor/course/diagnose.h"

// `convention` is one that the reader seems to follow, or MISTAKE_NONE.
void check_report(Call *call, const Verification *result, const Diagnosis *diagnosis,
                  MistakeId convention);

#endif
