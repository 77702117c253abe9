#include "tutor/commands/assign_variants.h"

#include "tutor/io/parallel.h"
#include "tutor/render/latex.h"

#include <stdlib.h>
#include <string.h>

enum { STUDENTS_A_WORKER = 16 };   // fewer are not worth another thread

// What each thread has for itself: a maker works with one student's numbers at a time.
typedef struct Worker {
	Maker *maker;
	Maker own;
	Assignment copy;   // of which the own maker is
	Handout handout;
	Arena arena;       // of the variants that it has made
	Made made;
	Error error;
	bool has_own, has_handout;
} Worker;

typedef struct Making {
	const VariantsJob *job;
	Assignment *assignment;
	Worker *worker;
	size_t workers;
} Making;

// ---- Workers

// The first has the maker that there is, the others makers of their own, started alike.
static bool start_worker(Making *m, size_t number, Error *error)
{
	Worker *worker = &m->worker[number];
	const Assignment *a = m->assignment;
	worker->maker = m->job->maker;
	if (number) {
		worker->copy = *a;
		worker->copy.arena = (Arena){0};
		worker->copy.questions = worker->copy.finds = 0;
		worker->has_own = maker_start(&worker->own, &worker->copy, m->job->options, error);
		worker->maker = &worker->own;
	}
	worker->has_handout = (!number || worker->has_own) &&
	                      handout_start(&worker->handout, a, &worker->maker->diagnoser, error);
	return worker->has_handout;
}

static void free_worker(Worker *worker)
{
	if (worker->has_handout)
		handout_free(&worker->handout);
	if (worker->has_own)
		maker_free(&worker->own);
	arena_free(&worker->copy.arena);
}

// ---- One variant

// The example for a find-question: numbers of its own.
static bool make_worked(const Making *m, Worker *worker, const char *id, size_t find,
                        Worked *worked)
{
	Arena arena = {0};
	double *value = arena_array(&arena, double, m->assignment->numbers);
	char *purpose = arena_printf(&arena, "tutor example %zu", find);
	uint64_t seed = maker_seed(worker->maker, purpose, id, m->job->secret);
	maker_draw_seeded(worker->maker, seed, value);
	bool made = worked_start(worked, &worker->maker->diagnoser, seed, m->assignment->significant);
	arena_free(&arena);
	return made;
}

static bool make_finds(const Making *m, Worker *worker, Variant *variant, Worked *worked)
{
	for (size_t i = 0; i < m->assignment->finds; i++) {
		if (!make_worked(m, worker, variant->id, i + 1, &worked[i]))
			return error_set(&worker->error,
			                 "no mistake of the catalogue can be planted in this model");
		variant->found[i] =
			assignment_commit(m->assignment, variant->id, i, worked[i].name, m->job->secret);
	}
	return true;
}

static void write_sheet(const Making *m, const Worker *worker, const Variant *variant, const Worked *worked,
                        const SheetForm *form)
{
	Document document = {0};
	Output sheet = {0};
	handout_sheet(&document, &worker->handout, variant, worked);
	char *title = handout_title(m->assignment, variant, &document.arena);
	writer_document(&document, form->format, &sheet, m->job->style, title);
	char *name = arena_printf(&document.arena, "sheets/%s.%s", variant->file, form->ending);
	const char *text = output_memory(&sheet);
	folder_write(m->job->folder, name, text, sheet.count);
	output_abandon(&sheet);
	arena_free(&document.arena);
}

static void write_sheets(const Making *m, const Worker *worker, const Variant *variant,
                         const Worked *worked)
{
	const VariantsJob *job = m->job;
	Variant nameless = *variant;   // by the id alone, where LaTeX cannot set the name
	nameless.name = "";
	bool settable = latex_can_set(variant->name);
	for (size_t i = 0; i < job->forms; i++) {
		bool plain = !settable && job->form[i].format == &format_latex;
		write_sheet(m, worker, plain ? &nameless : variant, worked, &job->form[i]);
	}
}

static void write_answers(const Making *m, const Variant *variant)
{
	Arena arena = {0};
	Output answers = {0};
	handout_answers(&answers, m->assignment, variant);
	const char *text = output_memory(&answers);
	folder_write(m->job->folder, arena_printf(&arena, "answers/%s.csv", variant->file), text,
	             answers.count);
	output_abandon(&answers);
	arena_free(&arena);
}

static void draw_numbers(const Making *m, Worker *worker, Variant *variant)
{
	Drawn drawn = maker_draw(worker->maker, variant->id, m->job->secret, variant->value);
	worker->made.attempts += (size_t)drawn.attempts;
	worker->made.hard += drawn.fault.unsound || drawn.fault.hidden;
	assignment_seal_variant(m->assignment, variant, m->job->secret);
}

static void make_variant(void *context, size_t number, size_t i)
{
	const Making *m = context;
	Worker *worker = &m->worker[number];
	const Student *student = &m->job->roster->student[i];
	Variant *variant = &m->assignment->variant[i];
	Arena arena = {0};
	Worked *worked = arena_array(&arena, Worked, m->assignment->finds + 1);
	*variant = (Variant){.id = student->id, .file = student->stem, .name = student->name};
	variant->value = arena_array(&worker->arena, double, m->assignment->numbers);
	variant->found = arena_array(&worker->arena, Mac, m->assignment->finds + 1);
	if (!worker->error.set && make_finds(m, worker, variant, worked)) {
		draw_numbers(m, worker, variant);
		write_sheets(m, worker, variant, worked);
		write_answers(m, variant);
	}
	for (size_t k = 0; k < m->assignment->finds; k++)
		worked_free(&worked[k]);
	arena_free(&arena);
}

// ---- All

static void tell_seen(void *context, size_t done)
{
	const VariantsJob *job = ((const Making *)context)->job;
	job->seen(job->context, done);
}

// Students who share all their numbers: so few vary that it happens.
static size_t count_alike(const Assignment *a)
{
	TextMap seen = {0};
	Arena arena = {0};
	size_t alike = 0, size = a->numbers * sizeof *a->variant->value;
	for (size_t i = 0; i < a->variants; i++) {
		const unsigned char *byte = (const unsigned char *)a->variant[i].value;
		char *text = arena_alloc(&arena, 2 * size + 1);
		for (size_t k = 0; k < size; k++) {
			text[2 * k] = (char)('a' + (byte[k] >> 4));
			text[2 * k + 1] = (char)('a' + (byte[k] & 15));
		}
		alike += textmap_get(&seen, text) != TEXTMAP_ABSENT;
		textmap_add(&seen, text, (uint32_t)i);
	}
	textmap_free(&seen);
	arena_free(&arena);
	return alike;
}

// What the workers' arenas have is the assignment's from now on.
static void keep(Making *m)
{
	Assignment *a = m->assignment;
	size_t size = a->numbers * sizeof *a->variant->value;
	for (size_t i = 0; i < a->variants; i++) {
		Variant *variant = &a->variant[i];
		double *value = arena_array(&a->arena, double, a->numbers);
		Mac *found = arena_array(&a->arena, Mac, a->finds + 1);
		memcpy(value, variant->value, size);
		memcpy(found, variant->found, a->finds * sizeof *found);
		variant->value = value;
		variant->found = found;
	}
}

static bool gather(Making *m, Made *made, Error *error)
{
	*made = (Made){0};
	for (size_t i = 0; i < m->workers; i++) {
		const Worker *worker = &m->worker[i];
		made->attempts += worker->made.attempts;
		made->hard += worker->made.hard;
		if (worker->error.set)
			return error_set(error, "%s", worker->error.message);
	}
	keep(m);
	made->alike = count_alike(m->assignment);
	return true;
}

bool variants_make(const VariantsJob *job, Assignment *a, Made *made, Error *error)
{
	size_t students = job->roster->count, most = students / STUDENTS_A_WORKER + 1;
	Making m = {.job = job, .assignment = a};
	size_t workers = job->workers < most ? job->workers : most;
	m.worker = memory_alloc(memory_product(workers, sizeof *m.worker));
	memset(m.worker, 0, workers * sizeof *m.worker);
	bool good = true;
	for (; good && m.workers < workers; m.workers++)
		good = start_worker(&m, m.workers, error);
	if (good) {
		a->variant = arena_array(&a->arena, Variant, students);
		a->variants = students;
		assignment_seal(a, job->secret);
		folder_add(job->folder, "sheets");
		folder_add(job->folder, "answers");
		parallel_each(students, workers, make_variant, job->seen ? tell_seen : NULL, &m);
		good = gather(&m, made, error);
	}
	for (size_t i = 0; i < m.workers; i++) {
		arena_free(&m.worker[i].arena);
		free_worker(&m.worker[i]);
	}
	free(m.worker);
	return good;
}
