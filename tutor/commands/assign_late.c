#include "tutor/commands/assign_late.h"

#include <string.h>
#include <unistd.h>

bool late_is_there(const char *folder)
{
	Arena arena = {0};
	bool there = access(arena_printf(&arena, "%s/assignment.csv", folder), F_OK) == 0;
	arena_free(&arena);
	return there;
}

// ---- What differs

static bool same_text(const char *a, size_t a_size, const char *b, size_t b_size)
{
	return a_size == b_size && (!a_size || memcmp(a, b, a_size) == 0);
}

static bool same_fixed(const Assignment *a, const Assignment *b)
{
	bool same = a->fixed_count == b->fixed_count;
	for (size_t i = 0; same && i < a->fixed_count; i++)
		same = strcmp(a->fixed[i].name, b->fixed[i].name) == 0 && a->fixed[i].value == b->fixed[i].value;
	return same;
}

static bool same_questions(const Assignment *a, const Assignment *b)
{
	bool same = a->questions == b->questions;
	for (size_t i = 0; same && i < a->questions; i++)
		same = strcmp(a->question[i].name, b->question[i].name) == 0;
	return same;
}

static const char *what_differs(const Assignment *a, const Assignment *b)
{
	const struct {
		bool same;
		const char *what;
	} part[] = {
		{same_text(a->text, a->size, b->text, b->size), "model"},
		{same_text(a->examples, a->examples ? a->examples_size : 0, b->examples, b->examples ? b->examples_size : 0),
	     "--data"},
		{a->significant == b->significant, "--significant"},
		{a->seed == b->seed, "--seed"},
		{a->example == b->example, "--example"},
		{same_fixed(a, b), "--set"},
		{same_questions(a, b), "choice of questions (--questions, --formulas, --planted)"},
		{strcmp(a->title, b->title) == 0, "--title"},
		{strcmp(a->model_name, b->model_name) == 0, "name of the model"},
	};
	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		if (!part[i].same)
			return part[i].what;
	return "--vary";
}

// ---- Adding

static bool is_same(const Assignment *before, const Assignment *wanted, const char *folder, Error *error)
{
	return mac_equal(&before->mac, &wanted->mac) ||
	       error_set(error, "'%s' is there already, with another %s; who comes late is added by the same call, a new "
	                        "assignment wants another DIR", folder, what_differs(before, wanted));
}

bool late_start(Assignment *before, const char *folder, Assignment *wanted, Roster *roster, const Secret *secret,
                Error *error)
{
	if (!assignment_read(before, folder, error))
		return false;
	assignment_seal(wanted, secret);
	bool good = assignment_verify(before, secret, error) && is_same(before, wanted, folder, error);
	if (good) {
		roster_leave_out(roster, &before->variant_of, before->variants + 1);
		good = before->variants + roster->count <= STUDENTS_MOST ||
		       error_set(error, "more students than the limit of %d", STUDENTS_MOST);
	}
	for (size_t i = 0; good && i < wanted->questions; i++)
		wanted->question[i].points = before->question[i].points;
	if (!good)
		assignment_free(before);
	return good;
}

void late_write(const Assignment *before, Assignment *made, Folder *folder)
{
	Variant *all = arena_array(&made->arena, Variant, before->variants + made->variants);
	memcpy(all, before->variant, before->variants * sizeof *all);
	memcpy(all + before->variants, made->variant, made->variants * sizeof *all);
	made->variant = all;
	made->variants += before->variants;
	assignment_write_variants(made, folder);
}
