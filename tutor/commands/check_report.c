#include "tutor/commands/check_report.h"

#include <string.h>

static const struct {
	const char *mark, *line, *count;
	Tone tone;
} words[VERDICT_COUNT] = {
	[VERDICT_RIGHT] = {"✓", "right", "right", TONE_GOOD},
	[VERDICT_CARRIED] = {"✓", "right from your earlier value", "right from your earlier value", TONE_GOOD},
	[VERDICT_FEW_DIGITS] = {"~", "too few digits", "with too few digits", TONE_DOUBT},
	[VERDICT_WRONG] = {"✗", "wrong", "wrong", TONE_BAD},
	[VERDICT_UNANSWERED] = {"–", "not answered", "not answered", TONE_NONE},
	[VERDICT_UNKNOWN] = {"?", "not understood", "not understood", TONE_DOUBT},
	[VERDICT_APART] = {"–", "not in the golden file", "not in the golden file", TONE_NONE},
	[VERDICT_CONVENTION] = {"✓", "right by another convention", "right by another convention", TONE_GOOD},
};

static const struct {
	Remark remark;
	const char *text;
} remarks[] = {
	{REMARK_CUT, "cut off, not rounded"},
	{REMARK_ROUNDED, "as far as your rounding goes"},
	{REMARK_HIDES_STEP, "its digits hardly show the step"},
	{REMARK_NO_STEP, "its digits show no step"},
	{REMARK_TWICE, "given before with another value: the first counts"},
	{REMARK_TRIVIAL, "0 only because of an earlier wrong 0"},
};

enum { APART_MOST = 10 };

// A paragraph of sentences that stand below each other.
static Item *say(Document *document, const char *text, bool close)
{
	Item *item = document_say(document, ITEM_PARAGRAPH, text);
	item->hangs = true;
	item->close = close;
	return item;
}

// A paragraph that begins with a name, as it was typed.
static void say_of(Document *document, const char *before, const Answer *answer, const char *text, bool close)
{
	Item *item = say(document, before, close);
	Run *name = arena_new(&document->arena, Run), *rest = arena_new(&document->arena, Run);
	*rest = (Run){.kind = RUN_TEXT, .text = text};
	*name = (Run){.kind = RUN_CODE, .text = answer->name, .next = rest};
	item->run->next = name;
}

static void say_heading(Document *document, const CheckReport *report, const char *text)
{
	if (report->title)
		document_say(document, ITEM_HEADING, text)->level = 2;
}

// ---- Each answer

// Its name as a formula, and as it was typed for formats without formulas.
static const Quantity *element_named(Arena *arena, Model *model, const char *name)
{
	Node node;
	uint32_t lane;
	Error ignored = {0};
	return query_element(model, name, &node, &lane, &ignored) ? quantity_of(&model->tape, node, lane, model->lanes, arena)
	                                                          : NULL;
}

// What an answer is about; NULL where no one quantity is: a path, a later step's.
static const Quantity *quantity_answered(Arena *arena, Model *model, const Judgement *judgement)
{
	const char *name = judgement->answer->name, *slash = strstr(name, "/d");
	const Quantity *quantity = NULL;
	if (tape_named(&model->tape, judgement->query.node)) {
		quantity = quantity_of(&model->tape, judgement->query.node, judgement->query.lane, model->lanes, arena);
	} else if (*name == 'd' && slash) {   // a local partial
		const Quantity *of = element_named(arena, model, arena_copy(arena, name + 1, (size_t)(slash - name - 1)));
		const Quantity *by = element_named(arena, model, slash + 2);
		quantity = of && by ? quantity_derivative(of, by, false, arena) : NULL;
	}
	return quantity && strcmp(quantity_text(quantity, arena), name) == 0 ? quantity : NULL;
}

static Cell name_cell(Arena *arena, const CheckReport *report, const Judgement *judgement)
{
	Cell cell = {.kind = CELL_TEXT, .text = judgement->answer->name};
	const Quantity **name = arena_new(arena, const Quantity *);
	if (report->model && judgement->verdict != VERDICT_UNKNOWN)
		*name = quantity_answered(arena, report->model, judgement);
	if (!*name)
		return cell;
	cell.kind = CELL_NAMES;
	cell.name = name;
	cell.count = 1;
	return cell;
}

const char *check_report_mark(Verdict verdict)
{
	return words[verdict].mark;
}

const char *check_report_counted(Verdict verdict)
{
	return words[verdict].count;
}

const char *check_report_verdict(Arena *arena, const Judgement *judgement)
{
	const char *text = words[judgement->verdict].line;
	if (judgement->cause)
		text = arena_printf(arena, "%s of %s", text, judgement->cause->answer->name);
	for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++)
		if (judgement->remarks & remarks[i].remark)
			text = arena_printf(arena, "%s, %s", text, remarks[i].text);
	return judgement->problem ? arena_printf(arena, "%s: %s", text, judgement->problem) : text;
}

void check_report_answer(Arena *arena, Cell cell[CHECK_COLUMNS], const CheckReport *report, const Judgement *judgement)
{
	Tone tone = words[judgement->verdict].tone;
	cell[0] = (Cell){.kind = CELL_TEXT, .text = words[judgement->verdict].mark, .tone = tone};
	cell[1] = name_cell(arena, report, judgement);
	cell[2] = (Cell){.kind = CELL_TEXT, .text = judgement->answer->text};
	cell[3] = (Cell){.kind = CELL_TEXT, .text = check_report_verdict(arena, judgement), .tone = tone};
}

// Of many that are apart, as in a trace, the number says enough.
static bool is_listed(const Verification *result, const Judgement *judgement)
{
	return judgement->verdict != VERDICT_APART || result->tally[VERDICT_APART] <= APART_MOST;
}

static void add_answers(Document *document, const CheckReport *report)
{
	static const char *const head[CHECK_COLUMNS] = {"", "quantity", "your value", "verdict"};
	const Verification *result = report->result;
	Item *table = document_add(document, ITEM_TABLE);
	table->list = true;
	table->columns = CHECK_COLUMNS;
	table->cell = arena_array(&document->arena, Cell, (result->count + 1) * CHECK_COLUMNS);
	for (size_t i = 0; i < CHECK_COLUMNS; i++)
		table->cell[i] = (Cell){.kind = CELL_TEXT, .text = head[i]};
	table->rows = 1;
	for (size_t i = 0; i < result->count; i++)
		if (is_listed(result, &result->item[i]))
			check_report_answer(&document->arena, table->cell + table->rows++ * CHECK_COLUMNS, report, &result->item[i]);
}

// ---- What is wrong, and why

void check_report_first_wrong(Document *document, const CheckReport *report)
{
	const Verification *result = report->result;
	const Judgement *first = result->first;
	Arena *arena = &document->arena;
	if (!first)
		return;
	say_heading(document, report, "The first that is wrong");
	say_of(document, report->title ? "" : "first wrong: ", first->answer,
	       arena_printf(arena, ". You have %s%s", first->answer->text,
	                    !result->line.formula ? "" : result->own ? "; your own numbers give" : "; the model gives"), false);
	if (result->line.formula) {
		Item *line = document_add(document, ITEM_EQUATION);
		line->row = result->line;
		line->close = true;
	}
	if (result->follow)
		say(document, arena_printf(arena, "%zu later %s right from it", result->follow,
		                           result->follow == 1 ? "answer is" : "answers are"), true);
}

static const char *cause_text(Arena *arena, const Cause *cause, int hint)
{
	if (!cause->count)
		return arena_printf(arena, ": no mistake that is known gives %s", cause->item->answer->text);
	const Mistake *mistake = &mistake_info[cause->finding[0].mistake];
	if (hint == 1)
		return arena_printf(arena, ": %s", mistake->hint[0]);
	return arena_printf(arena, ": likely mistake: %s (%s). %s", mistake->name, mistake->id, mistake->hint[hint - 1]);
}

static void add_cause(Document *document, const CheckReport *report, const Cause *cause, bool close)
{
	Arena *arena = &document->arena;
	say_of(document, "", cause->item->answer, cause_text(arena, cause, report->hint), close);
	if (cause->count && cause->finding[0].explained > 1)
		say(document, arena_printf(arena, "It gives %zu of your wrong answers.", cause->finding[0].explained), true)
		    ->level = 1;
	for (size_t i = 1; i < cause->count && report->hint > 1; i++) {
		const Mistake *other = &mistake_info[cause->finding[i].mistake];
		say(document, arena_printf(arena, "or: %s (%s)", other->name, other->id), true)->level = 1;
	}
}

void check_report_diagnosis(Document *document, const CheckReport *report)
{
	if (report->diagnosis->count)
		say_heading(document, report, "What may have gone wrong");
	for (size_t i = 0; i < report->diagnosis->count; i++)
		add_cause(document, report, &report->diagnosis->cause[i], i > 0);
}

static void add_convention(Document *document, const CheckReport *report)
{
	if (report->convention == MISTAKE_NONE)
		return;
	const Mistake *convention = &mistake_info[report->convention];
	say_heading(document, report, "A convention");
	say(document, arena_printf(&document->arena, "%s If so, say --convention %s.", convention->hint[1], convention->id),
	    false);
}

void check_report_count(Document *document, const Verification *result)
{
	const char *text = "";
	for (Verdict verdict = VERDICT_RIGHT; verdict < VERDICT_COUNT; verdict++) {
		size_t count = result->tally[verdict];
		count += verdict == VERDICT_UNANSWERED ? result->unasked : 0;
		if (count || verdict == VERDICT_RIGHT)
			text = arena_printf(&document->arena, "%s%s%zu %s", text, *text ? ", " : "", count, words[verdict].count);
	}
	say(document, text, false);
}

void check_report(Document *document, const CheckReport *report)
{
	if (report->title) {
		document_say(document, ITEM_HEADING, report->title)->level = 1;
		check_report_count(document, report->result);
	}
	add_answers(document, report);
	check_report_first_wrong(document, report);
	check_report_diagnosis(document, report);
	add_convention(document, report);
	if (!report->title)
		check_report_count(document, report->result);
}

// Each once.
bool check_conventions(const Options *options, MistakeId *convention, size_t *count, Error *error)
{
	bool seen[MISTAKE_COUNT] = {false};
	*count = 0;
	for (size_t i = 0; i < options->convention.count; i++) {
		const char *text = options->convention.items[i];
		MistakeId found = mistake_convention(text);
		if (found == MISTAKE_NONE)
			return error_set(error,
			                 "'%s' is no convention; there are loss=plain, loss=half, batch=sum, "
			                 "delta=negative, gradient=negative, bias=frozen",
			                 text);
		if (!seen[found])
			convention[(*count)++] = found;
		seen[found] = true;
	}
	return true;
}
