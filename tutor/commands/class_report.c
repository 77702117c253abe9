#include "tutor/commands/class_report.h"

#include "tutor/course/submission.h"
#include "tutor/render/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Teller {
	Document *document;
	Arena *arena;   // the document's
	const ClassReport *report;
	const Gradebook *gradebook;
	const Assignment *assignment;
	size_t standing[3];   // how many students of each
	double *mark;         // of those marked, and of those with an override, ascending
	size_t marks;
} Teller;

// ---- Numbers

static int ascending(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

static Teller start(Document *document, const ClassReport *report)
{
	const Gradebook *g = report->gradebook;
	Teller t = {.document = document, .arena = &document->arena, .report = report, .gradebook = g};
	t.assignment = g->assignment;
	t.mark = arena_array(t.arena, double, t.assignment->variants);
	for (size_t i = 0; i < t.assignment->variants; i++) {
		const Result *result = &g->result[i];
		if (result->standing == STANDING_MARKED || result_is_overridden(result))
			t.mark[t.marks++] = result_mark(result);
		t.standing[result->standing]++;
	}
	if (t.marks)
		qsort(t.mark, t.marks, sizeof *t.mark, ascending);
	return t;
}

static double mean(const Teller *t)
{
	double sum = 0;
	for (size_t i = 0; i < t->marks; i++)
		sum += t->mark[i];
	return sum / (double)t->marks;
}

static double median(const Teller *t)
{
	size_t count = t->marks;
	return (t->mark[(count - 1) / 2] + t->mark[count / 2]) / 2;
}

// ---- Words and tables

static void say(const Teller *t, ItemKind kind, const char *text)
{
	Item *item = document_say(t->document, kind, text);
	item->level = kind == ITEM_POINT;
}

static void head(const Teller *t, int level, const char *text)
{
	document_say(t->document, ITEM_HEADING, text)->level = level;
}

static Item *add_table(const Teller *t, size_t rows, size_t columns, const char *const *title)
{
	Item *table = document_add(t->document, ITEM_TABLE);
	table->columns = columns;
	table->rows = rows + 1;
	table->cell = arena_array(t->arena, Cell, table->rows * columns);
	for (size_t i = 0; i < columns; i++)
		table->cell[i] = (Cell){.kind = CELL_TEXT, .text = title[i]};
	return table;
}

static void put_text(Item *table, size_t row, size_t column, const char *text)
{
	table->cell[(row + 1) * table->columns + column] = (Cell){.kind = CELL_TEXT, .text = text};
}

static void put_number(const Teller *t, Item *table, size_t row, size_t column, double value)
{
	double *kept = arena_new(t->arena, double);
	*kept = value;
	table->cell[(row + 1) * table->columns + column] = (Cell){.kind = CELL_VALUES, .value = kept, .count = 1};
}

static const char *percent(const Teller *t, double share)
{
	return arena_printf(t->arena, "%.0f %%", 100 * share);
}

static const char *students(const Teller *t, size_t count)
{
	return arena_printf(t->arena, "%zu student%s", count, count == 1 ? "" : "s");
}

// A student for a teacher to see: the id, and the name where there is one.
static const char *student(const Teller *t, size_t i)
{
	const Variant *variant = &t->assignment->variant[i];
	return *variant->name ? arena_printf(t->arena, "%s (%s)", variant->id, variant->name) : variant->id;
}

// ---- Points

static void add_overview(const Teller *t)
{
	size_t marked = t->standing[STANDING_MARKED];
	say(t, ITEM_PARAGRAPH,
	    arena_printf(t->arena, "%s: %zu marked, %zu without a submission, %zu whose file could not be marked.",
	                 students(t, t->assignment->variants), marked, t->standing[STANDING_MISSING],
	                 t->standing[STANDING_BROKEN]));
	if (t->marks)
		say(t, ITEM_PARAGRAPH,
		    arena_printf(t->arena, "Mean %.4g of %.10g points, median %.4g, lowest %.4g, highest %.4g.", mean(t),
		                 t->gradebook->out_of, median(t), t->mark[0], t->mark[t->marks - 1]));
}

enum { BINS_MOST = 12 };

// The least of 1, 2, 5, 10, 20, … (or 0.5, 0.2, …) of which BINS_MOST reach so far.
static double bin_width(double out_of)
{
	double width = out_of > 0 ? pow(10, floor(log10(out_of / BINS_MOST))) : 1;
	for (int i = 0; i < 3 && width * BINS_MOST < out_of; i++)
		width *= i == 1 ? 2.5 : 2;
	return width;
}

// Students by points; who has all there are, or more by an override, stands in the last bin.
static size_t count_by_points(const Teller *t, double width, double *bin)
{
	double out_of = t->gradebook->out_of;
	size_t bins = out_of > 0 ? (size_t)ceil(out_of / width - 1e-9) : 1;
	for (size_t i = 0; i < t->marks; i++) {
		double at = floor(t->mark[i] / width + 1e-9);
		bin[at < 0 ? 0 : at >= (double)bins ? bins - 1 : (size_t)at]++;
	}
	return bins;
}

static void add_histogram(const Teller *t)
{
	Chart *chart = arena_new(t->arena, Chart);
	ChartSeries *series = arena_new(t->arena, ChartSeries);
	double *x = arena_array(t->arena, double, BINS_MOST), *y = arena_array(t->arena, double, BINS_MOST);
	double width = bin_width(t->gradebook->out_of);
	const char **category = arena_array(t->arena, const char *, BINS_MOST);
	size_t bins = count_by_points(t, width, y);
	for (size_t i = 0; i < bins; i++) {
		x[i] = (double)i;
		category[i] = arena_printf(t->arena, "%.4g", width * (double)i);
	}
	*series = (ChartSeries){.label.text = "students", .kind = CHART_BARS, .x = x, .y = y, .count = bins};
	*chart = (Chart){.series = series, .count = 1, .category = category, .categories = bins, .number = 1};
	chart->x.title.text = arena_printf(t->arena, "points, from this on (of %.10g)", t->gradebook->out_of);
	chart->y.title.text = "students";
	chart_fit(chart);
	head(t, 2, "Points");
	document_say(t->document, ITEM_CHART, "How many students have how many points.")->chart = chart;
}

// ---- Mistakes

typedef struct Frequent {
	MistakeId mistake;
	size_t students;
} Frequent;

static int more_frequent(const void *left, const void *right)
{
	const Frequent *a = left, *b = right;
	if (a->students != b->students)
		return a->students > b->students ? -1 : 1;
	return (a->mistake > b->mistake) - (a->mistake < b->mistake);
}

static size_t count_mistakes(const Teller *t, Frequent frequent[MISTAKE_COUNT])
{
	size_t count = 0;
	for (MistakeId i = 0; i < MISTAKE_COUNT; i++)
		frequent[i] = (Frequent){i, 0};
	for (size_t i = 0; i < t->assignment->variants; i++)
		for (size_t k = 0; k < t->gradebook->result[i].mistakes; k++)
			frequent[t->gradebook->result[i].mistake[k]].students++;
	qsort(frequent, MISTAKE_COUNT, sizeof *frequent, more_frequent);
	while (count < MISTAKE_COUNT && frequent[count].students)
		count++;
	return count;
}

enum { MISTAKES_SHOWN = 15 };

static void add_mistakes(const Teller *t)
{
	static const char *const title[] = {"mistake", "students", "share", "what it is"};
	Frequent frequent[MISTAKE_COUNT];
	size_t count = count_mistakes(t, frequent);
	head(t, 2, "The most frequent mistakes");
	if (!count) {
		say(t, ITEM_PARAGRAPH, "No known mistake explains any answer.");
		return;
	}
	count = count < MISTAKES_SHOWN ? count : MISTAKES_SHOWN;
	Item *table = add_table(t, count, 4, title);
	for (size_t i = 0; i < count; i++) {
		const Mistake *mistake = &mistake_info[frequent[i].mistake];
		put_text(table, i, 0, arena_printf(t->arena, "%s (%s)", mistake->name, mistake->id));
		put_number(t, table, i, 1, (double)frequent[i].students);
		put_text(table, i, 2, percent(t, (double)frequent[i].students / (double)t->standing[STANDING_MARKED]));
		put_text(table, i, 3, mistake->hint[HINT_MOST - 1]);
	}
}

// ---- Questions

typedef struct Difficulty {
	size_t verdict[VERDICT_COUNT];
	double earned;
} Difficulty;

static Difficulty difficulty_of(const Teller *t, size_t question)
{
	Difficulty difficulty = {{0}, 0};
	for (size_t i = 0; i < t->assignment->variants; i++) {
		const Outcome *outcome = t->gradebook->result[i].outcome;
		if (t->gradebook->result[i].standing != STANDING_MARKED)
			continue;
		difficulty.verdict[outcome[question].verdict]++;
		difficulty.earned += outcome[question].earned;
	}
	return difficulty;
}

static void add_question(const Teller *t, Item *table, size_t i)
{
	const Question *question = &t->assignment->question[i];
	Difficulty d = difficulty_of(t, i);
	double marked = (double)t->standing[STANDING_MARKED];
	put_text(table, i, 0, question->name);
	put_number(t, table, i, 1, (double)(d.verdict[VERDICT_RIGHT] + d.verdict[VERDICT_CONVENTION]));
	put_number(t, table, i, 2, (double)d.verdict[VERDICT_CARRIED]);
	put_number(t, table, i, 3, (double)d.verdict[VERDICT_FEW_DIGITS]);
	put_number(t, table, i, 4, (double)(d.verdict[VERDICT_WRONG] + d.verdict[VERDICT_UNKNOWN]));
	put_number(t, table, i, 5, (double)d.verdict[VERDICT_UNANSWERED]);
	put_text(table, i, 6, question->points > 0 && marked > 0 ? percent(t, d.earned / question->points / marked) : "–");
}

static void add_questions(const Teller *t)
{
	static const char *const title[] = {"question", "right", "carried", "few digits", "wrong", "blank", "points"};
	head(t, 2, "Questions");
	Item *table = add_table(t, t->assignment->questions, 7, title);
	for (size_t i = 0; i < t->assignment->questions; i++)
		add_question(t, table, i);
}

// ---- What wants looking at

static void add_copies(const Teller *t)
{
	bool any = false;
	for (size_t i = 0; i < t->assignment->variants; i++) {
		const Copy *copy = &t->report->copy[i];
		// A pair once; somebody whose partner has shared more with a third stands alone.
		if (copy->partner == SIZE_MAX || (t->report->copy[copy->partner].partner == i && copy->partner < i))
			continue;
		if (!any) {
			head(t, 2, "The same numbers");
			say(t, ITEM_PARAGRAPH,
			    "Each student has numbers of their own, so that answers that agree, and are wrong for at least one of the "
			    "two, were not worked out by both. It is for you to judge, and has itself cost no points.");
		}
		any = true;
		say(t, ITEM_POINT, arena_printf(t->arena, "%s and %s: %zu answers", student(t, i), student(t, copy->partner),
		                                copy->shared));
	}
}

static void add_fits(const Teller *t)
{
	bool any = false;
	for (size_t i = 0; i < t->assignment->variants; i++) {
		const Fit *fit = &t->report->fit[i];
		if (fit->variant == SIZE_MAX)
			continue;
		if (!any) {
			head(t, 2, "The numbers of another's sheet");
			say(t, ITEM_PARAGRAPH,
			    "These wrong answers are right with the numbers of somebody else, and so many are not by chance. Nothing is "
			    "carried for them. It is for you to judge: an override sets the mark.");
		}
		any = true;
		say(t, ITEM_POINT, arena_printf(t->arena, "%s: %zu answers fit the sheet of %s", student(t, i), fit->answers,
		                                student(t, fit->variant)));
	}
}

static void add_flags(const Teller *t)
{
	bool any = false;
	for (size_t i = 0; i < t->assignment->variants; i++) {
		const Result *result = &t->gradebook->result[i];
		if (!*result->flags)
			continue;
		if (!any)
			head(t, 2, "Flags");
		any = true;
		say(t, ITEM_POINT, arena_printf(t->arena, "%s: %s", student(t, i), result->flags));
	}
}

static void add_standing(const Teller *t, Standing standing, const char *title)
{
	if (!t->standing[standing])
		return;
	head(t, 2, title);
	for (size_t i = 0; i < t->assignment->variants; i++) {
		const Result *result = &t->gradebook->result[i];
		if (result->standing != standing)
			continue;
		say(t, ITEM_POINT, *result->problem ? arena_printf(t->arena, "%s: %s: %s", student(t, i), result->file, result->problem)
		                                    : student(t, i));
	}
}

static void add_strangers(const Teller *t)
{
	bool any = false;
	for (size_t i = 0; i < t->report->handed_in->count; i++) {
		const HandedFile *file = &t->report->handed_in->file[i];
		if (file->student != NO_STUDENT)
			continue;
		if (!any)
			head(t, 2, "Files of nobody");
		any = true;
		say(t, ITEM_POINT, arena_printf(t->arena, "%s: %s", shown_name(file->path, t->arena), file->problem));
	}
}

void class_report(Document *document, const ClassReport *report)
{
	Teller t = start(document, report);
	head(&t, 1, arena_printf(t.arena, "%s: the class", t.assignment->title));
	add_overview(&t);
	if (t.marks)
		add_histogram(&t);
	add_mistakes(&t);
	add_questions(&t);
	add_fits(&t);
	add_copies(&t);
	add_flags(&t);
	add_standing(&t, STANDING_BROKEN, "Files that could not be marked");
	add_strangers(&t);
	add_standing(&t, STANDING_MISSING, "Without a submission");
}

enum { MISTAKES_IN_SHORT = 5 };

void class_report_short(Document *document, const ClassReport *report, const char *folder)
{
	Frequent frequent[MISTAKE_COUNT];
	Teller t = start(document, report);
	size_t count = count_mistakes(&t, frequent);
	add_overview(&t);
	if (count)
		say(&t, ITEM_PARAGRAPH, "The most frequent mistakes:");
	for (size_t i = 0; i < count && i < MISTAKES_IN_SHORT; i++)
		say(&t, ITEM_POINT, arena_printf(t.arena, "%s (%s): %s", mistake_info[frequent[i].mistake].name,
		                                 mistake_info[frequent[i].mistake].id, students(&t, frequent[i].students)));
	say(&t, ITEM_PARAGRAPH, arena_printf(t.arena, "In %s: gradebook.csv, report.html, feedback/", folder));
}
