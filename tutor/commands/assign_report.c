#include "tutor/commands/assign_report.h"

#include <stdlib.h>
#include <string.h>

static void put_names(Output *output, const Telling *telling, const bool *which)
{
	MistakeId last = MISTAKE_NONE;
	bool any = false;
	for (size_t i = 0; i < telling->kinds; i++) {
		MistakeId mistake = telling->kind[i].mistake;
		if (!which[i] || mistake == last)
			continue;
		output_printf(output, "%s%s (%s)", any ? ", " : "", mistake_info[mistake].name,
		              mistake_info[mistake].id);
		last = mistake;
		any = true;
	}
}

// A mistake is hidden where each way of making it is.
static bool *of_all_ways(const Telling *telling, const bool *which, Arena *arena)
{
	bool *all = arena_array(arena, bool, telling->kinds + 1);
	for (size_t i = 0; i < telling->kinds; i++) {
		all[i] = true;
		for (size_t k = 0; k < telling->kinds; k++)
			if (telling->kind[k].mistake == telling->kind[i].mistake)
				all[i] = all[i] && which[k];
	}
	return all;
}

static void put_list(const Telling *telling, const char *before, const bool *which, Output *output)
{
	if (!memchr(which, true, telling->kinds))
		return;
	output_text(output, before);
	put_names(output, telling, which);
	output_text(output, "\n");
}

// Pairs of mistakes that give the same answers, each pair once.
static void put_alike(const Telling *telling, Output *output)
{
	bool *said = memory_alloc(memory_product(MISTAKE_COUNT, MISTAKE_COUNT));
	memset(said, 0, (size_t)MISTAKE_COUNT * MISTAKE_COUNT);
	for (size_t a = 0; a < telling->kinds; a++)
		for (size_t b = a + 1; b < telling->kinds; b++) {
			MistakeId one = telling->kind[a].mistake, other = telling->kind[b].mistake;
			bool *pair = &said[(size_t)one * MISTAKE_COUNT + other];
			if (!telling->alike[a * telling->kinds + b] || telling->hidden[a] || *pair)
				continue;
			output_printf(output, "these mistakes often give the same answers: %s (%s) and %s (%s)\n",
			              mistake_info[one].name, mistake_info[one].id, mistake_info[other].name,
			              mistake_info[other].id);
			*pair = true;
		}
	free(said);
}

static void put_telling(const Telling *telling, Output *output)
{
	Arena arena = {0};
	bool *hidden = of_all_ways(telling, telling->hidden, &arena);
	bool *rare = of_all_ways(telling, telling->rare, &arena);
	for (size_t i = 0; i < telling->kinds; i++)
		rare[i] = rare[i] && !hidden[i];
	put_list(telling, "no question asked shows these mistakes: ", hidden, output);
	put_list(telling, "these mistakes show with some numbers only (nothing need be done; --questions all shows more): ", rare, output);
	arena_free(&arena);
}

void assign_report(Output *output, const Telling *telling, bool verbose)
{
	put_telling(telling, output);
	if (!verbose)
		return;
	if (telling->tolerated)
		output_text(output, "whatever the numbers, some unit is saturated or dead, or some sum "
		                    "nearly 0\n");
	put_alike(telling, output);
}

void assign_same_for_all(Output *output, const Assignment *assignment, const Lines *lines)
{
	enum { NAMED_MOST = 12 };
	Arena arena = {0};
	size_t count = 0;
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Line *line = lines_at(lines, id);
		bool given = line->phase == PHASE_GIVEN &&
		             (line->kind == OP_INPUT || line->kind == OP_TARGET || line->kind == OP_PARAM);
		const char *name = given ? quantity_text(line->leaf->name, &arena) : "";
		for (size_t i = 0; given && i < assignment->numbers; i++)
			given = strcmp(assignment->number[i], name) != 0;
		if (given && ++count <= NAMED_MOST)
			output_printf(output, "%s%s", count == 1 ? "the same for all: " : ", ", name);
	}
	if (count > NAMED_MOST)
		output_printf(output, " and %zu more", count - NAMED_MOST);
	output_text(output, count ? "\n" : "");
	arena_free(&arena);
}
