#include "tutor/course/handout.h"

#include "tutor/course/agreed.h"
#include "tutor/io/csv_writer.h"
#include "tutor/render/graph_picture.h"

#include <string.h>

enum { PAIRS_MOST = 5, SPACE = 3, SPACE_SHORT = 2 };

bool handout_start(Handout *h, const Assignment *assignment, const Diagnoser *diagnoser,
                   Error *error)
{
	TextStyle style = text_style(true, 9, 0);
	Error ignored = {0};
	*h = (Handout){.assignment = assignment, .diagnoser = diagnoser};
	if (!graph_read(&h->graph, &diagnoser->derivation, &h->arena, error)) {
		handout_free(h);
		return false;
	}
	h->graph.open = true;
	h->graph.unplaced = !graph_place(&h->graph, &style, &h->arena, &ignored);
	return true;
}

void handout_free(Handout *h)
{
	arena_free(&h->arena);
	*h = (Handout){0};
}

char *handout_title(const Assignment *a, const Variant *variant, Arena *arena)
{
	return arena_printf(arena, "%s – %s", a->title, *variant->name ? variant->name : variant->id);
}

// ---- Sentences

static void add_name(Document *document, Item *item, const Quantity *name)
{
	document_run(document, item, RUN_NAME, "")->name = name;
}

static void add_heading(Document *document, const char *text)
{
	document_say(document, ITEM_HEADING, text)->level = 2;
}

// ---- The head

static void put_head(Document *document, const Assignment *a, const Variant *variant)
{
	document_say(document, ITEM_HEADING, a->title)->level = 1;
	Item *line = document_add(document, ITEM_PARAGRAPH);
	document_run(document, line, RUN_STRONG, *variant->name ? variant->name : variant->id);
	if (*variant->name)
		document_run(document, line, RUN_TEXT, arena_printf(&document->arena, " (%s)", variant->id));
	document_run(document, line, RUN_TEXT, ". The numbers on this sheet are yours alone.");
}

// ---- What is given

// States of an update rule that start at 0 are spoken of, not listed.
static bool is_given(const Line *line, double value)
{
	return line->phase == PHASE_GIVEN && line->kind != OP_BATCH_SIZE &&
	       !(line->leaf->name->kind == QUANTITY_MEMBER && value == 0);
}

static size_t count_given(const Lines *lines, const double *value)
{
	size_t count = 0;
	for (uint32_t id = 1; id <= lines->count; id++)
		count += is_given(lines_at(lines, id), value[id - 1]);
	return count;
}

static void put_pair(Document *document, Cell *cell, const Quantity *name, const double *value)
{
	const Quantity **names = arena_new(&document->arena, const Quantity *);
	double *values = arena_new(&document->arena, double);
	*names = name;
	*values = *value;
	cell[0] = (Cell){.kind = CELL_NAMES, .name = names, .count = 1};
	cell[1] = (Cell){.kind = CELL_VALUES, .value = values, .count = 1, .digits = 9};
}

// Names and values side by side, downwards.
static void put_given(Document *document, const Lines *lines, const double *value)
{
	size_t count = count_given(lines, value), pairs = (count + 3) / 4, at = 0;
	pairs = pairs > PAIRS_MOST ? PAIRS_MOST : pairs ? pairs : 1;
	size_t rows = 1;
	while (rows * pairs < count)
		rows++;
	Item *table = document_add(document, ITEM_TABLE);
	table->columns = 2 * pairs;
	table->rows = rows + 1;
	table->cell = arena_array(&document->arena, Cell, table->columns * table->rows);
	for (size_t i = 0; i < table->columns * table->rows; i++)
		table->cell[i] = (Cell){.kind = CELL_TEXT, .text = i >= table->columns ? "" : i % 2 ? "value" : "name"};
	for (uint32_t id = 1; id <= lines->count; id++) {
		if (!is_given(lines_at(lines, id), value[id - 1]))
			continue;
		Cell *cell = &table->cell[(at % rows + 1) * table->columns + at / rows * 2];
		put_pair(document, cell, lines_at(lines, id)->leaf->name, &value[id - 1]);
		at++;
	}
}

// ---- The network

static void put_formula(Document *document, const Lines *lines, uint32_t id)
{
	const Line *line = lines_at(lines, id);
	Item *item = document_add(document, ITEM_EQUATION);
	item->row = (Row){.phase = line->phase, .id = id, .name = line->leaf->name,
	                  .formula = line->formula, .rule = "", .open = true};
}

// Of a batch the first example's equations stand for all.
static void put_equations(Document *document, const Lines *lines)
{
	bool batch = false;
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Line *line = lines_at(lines, id);
		batch = batch || line->lane > 0;
		if (line->phase == PHASE_FORWARD && !line->lane)
			put_formula(document, lines, id);
	}
	if (batch)
		document_say(document, ITEM_PARAGRAPH,
		             "The equations of the other examples are the same; a name that ends in @2 "
		             "is that of example 2.");
}

// What an update is of: w of w+, of w.v and of w.v+.
static const Quantity *updated(const Line *line)
{
	const Quantity *name = line->leaf->name;
	while (name->kind == QUANTITY_NEXT || name->kind == QUANTITY_MEMBER)
		name = name->of;
	return name;
}

// The update of one param, with its states.
static void put_update(Document *document, const Lines *lines)
{
	const char *of = NULL;
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Line *line = lines_at(lines, id);
		if (line->phase != PHASE_UPDATE)
			continue;
		const char *name = quantity_text(updated(line), &document->arena);
		if (!of)
			document_say(document, ITEM_PARAGRAPH,
			             "The update, written for one param; that of the others is alike:");
		of = of ? of : name;
		if (strcmp(of, name) == 0)
			put_formula(document, lines, id);
	}
}

static void put_graph(Document *document, const Handout *h)
{
	Graph *graph = arena_new(&document->arena, Graph);
	*graph = h->graph;
	graph->node = arena_array(&document->arena, GraphNode, graph->count + 1);
	memcpy(graph->node, h->graph.node, graph->count * sizeof *graph->node);
	for (size_t i = 0; i < graph->count; i++)
		graph->node[i].value = h->diagnoser->value[graph->node[i].row - 1];
	document_add(document, ITEM_GRAPH)->graph = graph;
}

static void put_network(Document *document, const Handout *h)
{
	add_heading(document, "The network");
	put_graph(document, h);
	put_equations(document, &h->diagnoser->lines);
	put_update(document, &h->diagnoser->lines);
}

// ---- The questions

static const char *points_text(double points, Arena *arena)
{
	return points == 1 ? "1 point"
	                   : arena_printf(arena, "%s points", number_text(points, arena));
}

static bool have_one_point(const Assignment *a)
{
	for (size_t i = 0; i < a->questions; i++)
		if (a->question[i].points != 1)
			return false;
	return true;
}

static void put_asked(Document *document, const Handout *h, Item *item, const Question *question)
{
	const Lines *lines = &h->diagnoser->lines;
	uint32_t id = question->kind == QUESTION_FIND ? 0 : lines_find(lines, question->of);
	if (question->kind == QUESTION_FIND) {
		document_run(document, item, RUN_TEXT,
		        arena_printf(&document->arena,
		                     "In which line of worked example %s, at the end of this sheet, is the "
		                     "mistake? Its name: __________ ",
		                     question->of));
		document_run(document, item, RUN_CODE, question->name);
		return;
	}
	if (question->kind == QUESTION_FORMULA)
		document_run(document, item, RUN_TEXT, "The formula, with your numbers put in, of ");
	if (id)
		add_name(document, item, lines_at(lines, id)->leaf->name);
	document_run(document, item, RUN_TEXT, " = __________ ");
	document_run(document, item, RUN_CODE, question->name);
}

static void put_question(Document *document, const Handout *h, size_t i, bool alike)
{
	const Question *question = &h->assignment->question[i];
	Arena *arena = &document->arena;
	Item *item = document_add(document, ITEM_PARAGRAPH);
	document_run(document, item, RUN_STRONG, arena_printf(arena, "%zu.", i + 1));
	document_run(document, item, RUN_TEXT, " ");
	put_asked(document, h, item, question);
	if (!alike)
		document_run(document, item, RUN_TEXT,
		        arena_printf(arena, " (%s)", points_text(question->points, arena)));
	document_add(document, ITEM_SPACE)->number =
		h->assignment->questions > 40 ? SPACE_SHORT : SPACE;
}

static void put_questions(Document *document, const Handout *h)
{
	const Assignment *a = h->assignment;
	bool alike = have_one_point(a);
	double points = 0;
	for (size_t i = 0; i < a->questions; i++)
		points += a->question[i].points;
	add_heading(document, "Questions");
	document_say(document, ITEM_PARAGRAPH,
	             arena_printf(&document->arena, "%zu questions, %s in all. The name behind each is "
	                                            "that of its row in the table that you hand in.",
	                          a->questions, points_text(points, &document->arena)));
	for (size_t i = 0; i < a->questions; i++)
		put_question(document, h, i, alike);
}

static void put_handing_in(Document *document, const Assignment *a, const Variant *variant)
{
	Item *item;
	add_heading(document, "Handing in");
	item = document_add(document, ITEM_PARAGRAPH);
	document_run(document, item, RUN_TEXT, "Fill in the column ");
	document_run(document, item, RUN_CODE, "value");
	document_run(document, item, RUN_TEXT, " of ");
	document_run(document, item, RUN_CODE, arena_printf(&document->arena, "%s.csv", variant->file));
	document_run(document, item, RUN_TEXT,
	        ", leave the other columns as they are, and hand in that file. A number is written as "
	        "0.08217, 8.217e-2 or as a fraction; an empty row counts as not answered. An answer "
	        "that follows rightly from an earlier one of yours counts, even if that one is wrong, but not "
	        "where it is easy because that one is a 0, a 1 or a copied number. Too few digits earn half of "
	        "the points.");
	for (size_t i = 0; i < a->questions; i++)
		if (a->question[i].kind == QUESTION_FORMULA) {
			item = document_add(document, ITEM_PARAGRAPH);
			document_run(document, item, RUN_TEXT, "A formula is written as on one line, such as ");
			document_run(document, item, RUN_CODE, "(0.75 - 0.01)*0.75*(1 - 0.75)*0.59");
			document_run(document, item, RUN_TEXT, ".");
			break;
		}
}

static void put_worked(Document *document, const Handout *h, const Worked *worked, size_t number)
{
	Phase last = PHASE_FORWARD;
	add_heading(document, arena_printf(&document->arena, "Worked example %zu", number));
	document_say(document, ITEM_PARAGRAPH,
	             "The same network with other numbers. There is a mistake in one line; what follows "
	             "is worked out rightly from there.");
	put_given(document, &h->diagnoser->lines, worked->value);
	for (size_t i = 0; i < worked->count; i++) {
		Item *item = document_add(document, ITEM_EQUATION);
		item->row = worked->row[i];
		item->apart = worked->row[i].phase != last && i;
		last = worked->row[i].phase;
	}
}

void handout_sheet(Document *document, const Handout *h, const Variant *variant,
                   const Worked *worked)
{
	put_head(document, h->assignment, variant);
	put_network(document, h);
	add_heading(document, "Your numbers");
	put_given(document, &h->diagnoser->lines, h->diagnoser->value);
	add_heading(document, "What is agreed on");
	agreed_points(document, h->assignment, h->diagnoser);
	put_questions(document, h);
	put_handing_in(document, h->assignment, variant);
	for (size_t i = 0; i < h->assignment->finds; i++)
		put_worked(document, h, &worked[i], i + 1);
}

// ---- The table

void handout_answers(Output *output, const Assignment *a, const Variant *variant)
{
	CsvWriter csv = {.output = output};
	static const char *const columns[] = {"name", "value", "student"};
	for (size_t i = 0; i < 3; i++)
		csv_writer_text(&csv, columns[i]);
	csv_writer_end_row(&csv);
	for (size_t i = 0; i < a->questions; i++) {
		csv_writer_text(&csv, a->question[i].name);
		csv_writer_text(&csv, "");
		csv_writer_text(&csv, variant->id);
		csv_writer_end_row(&csv);
	}
}
