// `tutor quiz --find`: a worked example with one mistake in it, to be found.
#ifndef COMMANDS_QUIZ_FIND_H
#define COMMANDS_QUIZ_FIND_H

#include "tutor/command.h"

int quiz_find(Call *call, Error *error);

#endif
