#include "tutor/course/worked.h"

#include "tutor/course/questions.h"

#include <string.h>

void worked_free(Worked *worked)
{
	arena_free(&worked->arena);
	*worked = (Worked){0};
}

static void take(Worked *worked, const PlantedExample *example)
{
	const Lines *lines = &example->diagnoser->lines;
	worked->count = example->count;
	worked->row = arena_array(&worked->arena, Row, example->count);
	worked->value = arena_array(&worked->arena, double, lines->count);
	memcpy(worked->value, example->value, lines->count * sizeof *worked->value);
	for (size_t i = 0; i < example->count; i++) {
		worked->row[i] = planted_row(example, i, false, &worked->arena);
		worked->row[i].in_numbers = true;
	}
	worked->name = line_name(lines_at(lines, example->line[example->wrong]), &worked->arena);
}

bool worked_start(Worked *worked, const Diagnoser *diagnoser, uint64_t seed, int significant)
{
	PlantedExample example;
	*worked = (Worked){0};
	bool made = planted_start(&example, diagnoser, seed, significant);
	if (made)
		take(worked, &example);
	planted_free(&example);
	return made;
}
