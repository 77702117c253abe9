#include "tutor/course/handed_in.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void handed_in_start(HandedIn *h, const Assignment *assignment, const char *const *path,
                     size_t count)
{
	*h = (HandedIn){.assignment = assignment, .count = count};
	h->by_file = students_by_file(assignment);
	h->file = memory_alloc(memory_product(count, sizeof *h->file));
	h->chosen = memory_alloc(memory_product(assignment->variants, sizeof *h->chosen));
	h->files = memory_alloc(memory_product(assignment->variants, sizeof *h->files));
	for (size_t i = 0; i < count; i++)
		h->file[i] = (HandedFile){.path = path[i], .student = NO_STUDENT, .guessed = !handed_in_is_csv(path[i])};
	for (size_t i = 0; i < assignment->variants; i++) {
		h->chosen[i] = SIZE_MAX;
		h->files[i] = 0;
	}
}

void handed_in_free(HandedIn *h)
{
	textmap_free(&h->by_file);
	free(h->file);
	free(h->chosen);
	free(h->files);
	*h = (HandedIn){0};
}

bool handed_in_is_csv(const char *path)
{
	static const char *const ending[] = {".csv", ".csv.txt"};
	size_t size = strlen(path);
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
		size_t end = strlen(ending[i]);
		if (size > end && strcasecmp(path + size - end, ending[i]) == 0)
			return true;
	}
	return false;
}

void handed_in_read(HandedIn *h, size_t i, Arena *arena)
{
	HandedFile *file = &h->file[i];
	Submission submission;
	Error error = {0};
	uint32_t by_name = student_by_name(&h->by_file, file->path);
	file->student = by_name;
	bool read = submission_read(&submission, file->path, &error);
	if (!read && file->guessed)
		file->student = by_name = NO_STUDENT;
	if (read) {
		uint32_t student = submission_student(&submission, h->assignment, by_name, &error);
		file->student = error.set ? by_name : student;
	}
	file->own_name = by_name != NO_STUDENT && by_name == file->student;
	if (error.set)
		file->problem = shown_text(error.message, arena);
	submission_free(&submission);
}

// Whether `a` is marked rather than `b`, which was named before it.
static bool goes_before(const HandedFile *a, const HandedFile *b)
{
	if (!a->problem != !b->problem)
		return !a->problem;
	return a->own_name || !b->own_name;
}

void handed_in_choose(HandedIn *h)
{
	for (size_t i = 0; i < h->count; i++) {
		uint32_t student = h->file[i].student;
		if (student == NO_STUDENT)
			continue;
		size_t *chosen = &h->chosen[student];
		h->files[student]++;
		if (*chosen == SIZE_MAX || goes_before(&h->file[i], &h->file[*chosen]))
			*chosen = i;
	}
}
