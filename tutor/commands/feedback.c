#include "tutor/commands/feedback.h"

#include "tutor/commands/check_report.h"

#include <string.h>

enum { COLUMNS = CHECK_COLUMNS + 1 };

typedef struct Feedback {
	Document *document;
	const Marks *marks;
	CheckReport report;
} Feedback;

const char *feedback_title(const Submitted *submitted, Arena *arena)
{
	const Variant *variant = submitted->variant;
	return arena_printf(arena, "%s: %s", submitted->assignment->title, *variant->name ? variant->name : variant->id);
}

static void say(const Feedback *f, const char *text)
{
	document_say(f->document, ITEM_PARAGRAPH, text);
}

static void head(const Feedback *f, int level, const char *text)
{
	document_say(f->document, ITEM_HEADING, text)->level = level;
}

// ---- The points

static void add_points(const Feedback *f)
{
	const Marks *marks = f->marks;
	Arena *arena = &f->document->arena;
	say(f, arena_printf(arena, "You have %.10g of %.10g points.", marks->better, marks->out_of));
	if (marks->better > marks->points)
		say(f, arena_printf(arena, "%.10g of them are for right numbers, %.10g for numbers that are right from earlier ones of "
		                           "yours: a slip costs the question where it was made, and not what you worked out from "
		                           "it as it should be.", marks->points, marks->better - marks->points));
	if (marks->convention != MISTAKE_NONE)
		say(f, arena_printf(arena, "Your numbers follow another convention than the sheet: %s. They count as right.",
		                    mistake_info[marks->convention].name));
	if (marks->strangers)
		say(f, arena_printf(arena, "%zu row%s of your file answer%s no question, and %s not looked at.", marks->strangers,
		                    marks->strangers == 1 ? "" : "s", marks->strangers == 1 ? "s" : "",
		                    marks->strangers == 1 ? "was" : "were"));
}

// ---- Each answer

// What the points depend on besides the verdict.
static const char *reason(const QuestionMark *mark)
{
	if (mark->trivial)
		return "; what is worked out from a 0, a 1 or a copied number earns nothing";
	if (mark->from_trivial)
		return ", which is a 0, a 1 or a copied number: it earns nothing";
	if (mark->copied)
		return ", but it is that of another student's sheet: it earns nothing";
	if (mark->apart)
		return ", though your earlier value, which is wrong, gives another";
	return "";
}

static const char *plain_verdict(const QuestionMark *mark)
{
	if (mark->verdict == VERDICT_UNANSWERED)
		return "not answered";
	if (mark->verdict == VERDICT_RIGHT)
		return "right";
	return mark->verdict == VERDICT_FEW_DIGITS ? "too few digits" : "wrong";
}

static void fill_plain(Arena *arena, Cell *cell, const QuestionMark *mark)
{
	bool right = mark->verdict == VERDICT_RIGHT, none = mark->verdict == VERDICT_UNANSWERED;
	Tone tone = right ? TONE_GOOD : none ? TONE_NONE : mark->verdict == VERDICT_FEW_DIGITS ? TONE_DOUBT : TONE_BAD;
	const char *text = plain_verdict(mark);
	if (mark->problem && !right && !none)
		text = arena_printf(arena, "%s: %s", text, mark->problem);
	cell[0] = (Cell){.kind = CELL_TEXT, .text = right ? "✓" : none ? "–" : "✗", .tone = tone};
	cell[1] = (Cell){.kind = CELL_TEXT, .text = mark->question->name};
	cell[2] = (Cell){.kind = CELL_TEXT, .text = mark->answer->text};
	cell[3] = (Cell){.kind = CELL_TEXT, .text = text, .tone = tone};
}

static void fill_row(const Feedback *f, Cell *cell, const QuestionMark *mark)
{
	Arena *arena = &f->document->arena;
	if (mark->judgement)
		check_report_answer(arena, cell, &f->report, mark->judgement);
	else
		fill_plain(arena, cell, mark);
	cell[3].text = arena_printf(arena, "%s%s", cell[3].text, reason(mark));
	cell[4] = (Cell){.kind = CELL_TEXT,
	                 .text = arena_printf(arena, "%.10g of %.10g", mark->better, mark->question->points)};
}

static void add_answers(const Feedback *f)
{
	static const char *const title[COLUMNS] = {"", "question", "your answer", "verdict", "points"};
	const Marks *marks = f->marks;
	Arena *arena = &f->document->arena;
	Item *table = document_add(f->document, ITEM_TABLE);
	table->columns = COLUMNS;
	table->rows = marks->count + 1;
	table->cell = arena_array(arena, Cell, table->rows * COLUMNS);
	for (size_t i = 0; i < COLUMNS; i++)
		table->cell[i] = (Cell){.kind = CELL_TEXT, .text = title[i]};
	for (size_t i = 0; i < marks->count; i++)
		fill_row(f, table->cell + (i + 1) * COLUMNS, &marks->question[i]);
}

void feedback(Document *document, const Submitted *submitted, const Marks *marks, int hint, const double *set)
{
	const char *title = feedback_title(submitted, &document->arena);
	Feedback f = {document, marks,
	              {.result = marks->verification, .diagnosis = &marks->diagnosis, .convention = marks->convention,
	               .model = submitted->model, .hint = hint, .title = title}};
	head(&f, 1, title);
	if (set)
		say(&f, arena_printf(&document->arena, "Your mark is %.10g of %.10g points: it was set by your teacher, and "
		                                       "counts instead of the points below.", *set, marks->out_of));
	add_points(&f);
	head(&f, 2, "Your answers");
	add_answers(&f);
	check_report_first_wrong(document, &f.report);
	check_report_diagnosis(document, &f.report);
}
