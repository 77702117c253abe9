#include "tutor/command.h"
#include "tutor/course/handout.h"
#include "tutor/course/key.h"
#include "tutor/explain/chain.h"
#include "tutor/page.h"
#include "tutor/render/latex.h"
#include "tutor/render/trace.h"

#include <stdio.h>

typedef struct Solution {
	Assignment assignment;
	const Variant *variant;
	Variant nameless;   // by the id alone, where LaTeX cannot set the name
	Secret secret;
	Model model;
	Diagnoser diagnoser;
	bool has_model, has_diagnoser;
	Document head;
} Solution;

static void solution_free(Solution *s)
{
	if (s->has_diagnoser)
		diagnoser_free(&s->diagnoser);
	if (s->has_model)
		model_free(&s->model);
	arena_free(&s->head.arena);
	secret_free(&s->secret);
	assignment_free(&s->assignment);
}

// ---- What is read

static bool read_variant(Solution *s, const char *id, const Options *options, Error *error)
{
	if (!options->assignment || !options->secret)
		return error_set(error, "'tutor solution' needs --assignment DIR and --secret FILE");
	if (!assignment_read(&s->assignment, options->assignment, error) ||
	    !secret_read(&s->secret, options->secret, error) ||
	    !assignment_verify(&s->assignment, &s->secret, error))
		return false;
	s->variant = assignment_find(&s->assignment, id, error);
	return s->variant != NULL;
}

// As on the student's sheet.
static void leave_name_out(Solution *s, const Page *page, bool quiet)
{
	if (page->format != &format_latex || latex_can_set(s->variant->name))
		return;
	s->nameless = *s->variant;
	s->nameless.name = "";
	s->variant = &s->nameless;
	if (!quiet)
		fprintf(stderr, "tutor: the key has the id alone: pdflatex cannot set the name; --format html has it\n");
}

static bool read_model(Solution *s, Error *error)
{
	s->has_model = assignment_model(&s->assignment, s->variant, &s->model, error);
	s->has_diagnoser = s->has_model && diagnoser_start(&s->diagnoser, &s->model, NULL, 0);
	if (s->has_model && !s->has_diagnoser)
		return error_set(error, "the model is too large to be worked by hand");
	return s->has_diagnoser;
}

// ---- What is written

static bool put_head(Solution *s, Arena *arena, Error *error)
{
	if (!key_answers(&s->head, &s->assignment, s->variant, &s->diagnoser, &s->secret, error))
		return false;
	Graph *graph = arena_new(arena, Graph);
	if (!graph_read(graph, &s->diagnoser.derivation, arena, error))
		return false;
	graph->group = 1;
	document_say(&s->head, ITEM_HEADING, "The derivation")->level = 2;
	document_add(&s->head, ITEM_GRAPH)->graph = graph;
	return true;
}

// As `trace` prints it.
static bool put_rows(const Solution *s, Writer *writer, bool delta, Error *error)
{
	const Derivation *d = &s->diagnoser.derivation;
	Arena arena = {0};
	bool good = true;
	int last = -1;
	for (uint32_t id = 1; good && id <= d->count; id++) {
		Row row;
		const RowKey *key = &d->row[id - 1];
		bool gradient = key->phase == PHASE_GRADIENT;
		if (gradient && derivation_repeats(d, id))
			continue;
		bool chain = gradient && !delta && tape_op(d->tape, key->node) == OP_PARAM;
		good = chain ? chain_row(d, id, &arena, &row, error)
		             : derivation_row(d, id, &arena, &row, error);
		if (good)
			trace_items(writer, &row, last);
		last = (int)key->phase;
		arena_reset(&arena);
	}
	arena_free(&arena);
	return good;
}

static bool write_key(Solution *s, Call *call, const Page *page, Error *error)
{
	Writer writer;
	Arena arena = {0};
	bool good = put_head(s, &arena, error);
	if (good) {
		writer_start(&writer, page->format, call->output, &page->style,
		             handout_title(&s->assignment, s->variant, &arena));
		for (const Item *item = s->head.first; item; item = item->next)
			writer_item(&writer, item);
		good = put_rows(s, &writer, page->delta, error);
		writer_end(&writer);
	}
	arena_free(&arena);
	return good;
}

static int run(Call *call, Error *error)
{
	Solution s = {0};
	Page page;
	bool good = page_read(&page, call->options, NULL, error) &&
	            read_variant(&s, call->operands[0], call->options, error) &&
	            read_model(&s, error);
	if (good)
		leave_name_out(&s, &page, call->options->quiet);
	good = good && write_key(&s, call, &page, error);
	solution_free(&s);
	return good ? STATUS_DONE : STATUS_WRONG;
}

const Command command_solution = {
	.name = "solution",
	.arguments = "ID",
	.summary = "the worked key of one student's variant",
	.takes = TAKES_PAGE | TAKES(assignment) | TAKES(secret),
	.operands = {1, 1},
	.run = run,
	.help =
		"  tutor solution anna --assignment week3 --secret key\n"
		"  tutor solution anna --assignment week3 --secret key --format html -o anna.html\n",
	.notes =
		"First each question with its answer, then the whole derivation with the student's numbers.\n"
		"Before that the codes of the assignment are checked: what was changed is named.\n",
};
