// Marks: what is right is paid in full however it was rounded, a planted mistake costs the
// questions where it was made and no other, and what makes the rest easy earns nothing further on.
#include "tests/test_diagnose.h"
#include "tutor/course/mark.h"

#include "tests/suite.h"

// ---- A sheet as an assignment, marked

typedef struct Paper {
	Assignment assignment;
	Arena arena;
	uint32_t *line;   // of each question
} Paper;

static const char *name_of_line(const Line *line, Arena *arena)
{
	if (line->phase != PHASE_PATH)
		return quantity_text(line->leaf->name, arena);
	return arena_printf(arena, "%s*%s", quantity_text(line->leaf->argument[0]->name, arena),
	                    quantity_text(line->leaf->argument[1]->name, arena));
}

static void paper_start(Paper *paper, const Subject *s, Questions which, int significant)
{
	uint32_t lines = s->diagnoser.lines.count;
	*paper = (Paper){.assignment.significant = significant};
	paper->assignment.question = arena_array(&paper->arena, Question, lines);
	paper->line = arena_array(&paper->arena, uint32_t, lines);
	for (uint32_t id = 1; id <= lines; id++) {
		if (!is_asked(s, id, which))
			continue;
		const char *name = name_of_line(lines_at(&s->diagnoser.lines, id), &paper->arena);
		if (lines_find(&s->diagnoser.lines, name) != id)   // dE/dE_o1, a partial and a gradient
			continue;
		paper->line[paper->assignment.questions] = id;
		paper->assignment.question[paper->assignment.questions++] =
			(Question){QUESTION_NUMBER, name, name, 1 + id % 3};
	}
}

typedef struct Marked {
	Answers answers;
	Marks marks;
} Marked;

static void mark_text(Marked *marked, Subject *s, const Paper *paper, const char *csv)
{
	Error error = {0};
	*marked = (Marked){0};
	ck_assert_msg(answers_read(&marked->answers, "sheet", csv, strlen(csv), &error), "%s",
	              error.message);
	mark(&marked->marks, &(Submitted){.answers = &marked->answers,
	                                  .assignment = &paper->assignment,
	                                  .model = &s->model});
}

static void mark_filled(Marked *marked, Subject *s, const Paper *paper, const Filling *filling,
                        Output *csv)
{
	*csv = (Output){0};
	fill_sheet(s, filling, csv);
	mark_text(marked, s, paper, output_memory(csv));
}

static void marked_free(Marked *marked)
{
	marks_free(&marked->marks);
	answers_free(&marked->answers);
}

// ---- Right answers

START_TEST(right_answers_are_paid_in_full_however_rounded)
{
	size_t sheets = 0;
	for (int shape = 0; shape < SHAPES; shape++)
		for (uint64_t seed = 1; seed <= (uint64_t)shape_seeds(shape, 4); seed++)
			for (int i = 0; i < 12; i++, sheets++) {
				Filling filling = {4 + i % 3, i % 2, i < 6 ? QUESTIONS_MAIN : QUESTIONS_ALL};
				Subject s;
				Paper paper;
				Marked m;
				Output csv;
				ck_assert(subject_start(&s, shape, seed));
				paper_start(&paper, &s, filling.questions, filling.digits);
				fill_values(&s, NULL, 0, &filling);
				mark_filled(&m, &s, &paper, &filling, &csv);
				ck_assert_msg(m.marks.points == m.marks.out_of && m.marks.carried == m.marks.out_of,
				              "shape %d seed %d filling %d: %g and %g of %g\n%s", shape, (int)seed,
				              i, m.marks.points, m.marks.carried, m.marks.out_of,
				              output_memory(&csv));
				marked_free(&m);
				output_abandon(&csv);
				arena_free(&paper.arena);
				subject_end(&s);
			}
	ck_assert_uint_gt(sheets, 200);
}
END_TEST

// ---- Planted mistakes

static bool is_changed(const Subject *s, uint32_t id, Planted planted)
{
	for (size_t i = 0; i < s->diagnoser.count; i++) {
		const Change *change = &s->diagnoser.change[i];
		if (change->line == id && change->mistake == planted.mistake && change->way == planted.way)
			return true;
	}
	return false;
}

// Whether the mistake is made on the way to line `id` from the answers before it.
static bool is_made_on_the_way(const Subject *s, const Paper *paper, uint32_t id, Planted planted)
{
	const Lines *lines = &s->diagnoser.lines;
	bool *wanted = memory_alloc(lines->count + 1), made = false;
	memset(wanted, 0, lines->count + 1);
	wanted[id] = true;
	for (uint32_t at = id; at > 0; at--) {
		if (!wanted[at])
			continue;
		bool typed = false;
		for (size_t i = 0; i < paper->assignment.questions; i++)
			typed = typed || (paper->line[i] == at && at != id);
		if (typed)
			continue;
		made = made || is_changed(s, at, planted);
		for (uint32_t k = 0; k < lines_at(lines, at)->parents; k++)
			wanted[lines_at(lines, at)->parent[k]] = true;
	}
	free(wanted);
	return made;
}

static void plant_and_mark(Subject *s, const Paper *paper, Planted planted, const Filling *filling,
                           size_t *costs, size_t *sheets)
{
	Marked m;
	Output csv;
	if (!fill_values(s, &planted, 1, filling))
		return;
	mark_filled(&m, s, paper, filling, &csv);
	++*sheets;
	for (size_t i = 0; i < m.marks.count; i++) {
		const QuestionMark *mark = &m.marks.question[i];
		bool made = is_made_on_the_way(s, paper, paper->line[i], planted);
		ck_assert_msg(made || mark->better == mark->question->points,
		              "%s way %u, %d digits%s: %s = %s earns %g of %g (verdict %d)\n%s%s",
		              mistake_info[planted.mistake].id, planted.way, filling->digits,
		              filling->by_hand ? " by hand" : "", mark->question->name, mark->answer->text,
		              mark->better, mark->question->points, (int)mark->verdict,
		              output_memory(&s->text), output_memory(&csv));
		*costs += made && mark->better == 0;
		ck_assert(mark->better >= mark->points && mark->better >= mark->carried);
	}
	marked_free(&m);
	output_abandon(&csv);
}

START_TEST(a_planted_mistake_costs_the_questions_where_it_was_made)
{
	static const Filling fillings[] = {{4, false, QUESTIONS_MAIN},
	                                   {6, true, QUESTIONS_MAIN},
	                                   {4, true, QUESTIONS_ALL},
	                                   {6, false, QUESTIONS_ALL}};
	Planted list[400];
	size_t costs = 0, sheets = 0;
	for (int shape = 0; shape < SHAPES; shape++)
		for (size_t i = 0; i < 4; i++) {
			Subject s;
			Paper paper;
			ck_assert(subject_start(&s, shape, i + 1));
			paper_start(&paper, &s, fillings[i].questions, fillings[i].digits);
			size_t count = list_mistakes(&s.diagnoser, list);
			for (size_t k = 0; k < count; k++)
				plant_and_mark(&s, &paper, list[k], &fillings[i], &costs, &sheets);
			arena_free(&paper.arena);
			subject_end(&s);
		}
	ck_assert_uint_gt(sheets, 700);
	ck_assert_uint_gt(costs, sheets);
}
END_TEST

// ---- Rules, on Mazur's network

static const Question mazur_questions[] = {{QUESTION_NUMBER, "net_h1", "net_h1", 1},
                                           {QUESTION_NUMBER, "out_h1", "out_h1", 2},
                                           {QUESTION_NUMBER, "net_o1", "net_o1", 4},
                                           {QUESTION_NUMBER, "out_o1", "out_o1", 8},
                                           {QUESTION_NUMBER, "dE/dnet_o1", "dE/dnet_o1", 16},
                                           {QUESTION_NUMBER, "dE/dw5", "dE/dw5", 32}};

// Right to four digits: 0.3775 0.5933 1.106 0.7514 0.1385 0.08217
static const struct {
	const char *what, *csv;
	double points, carried, better;
	size_t strangers;
} rules[] = {
	{"all right", "net_h1,0.3775\nout_h1,0.5933\nnet_o1,1.106\nout_o1,0.7514\n"
	              "dE/dnet_o1,0.1385\ndE/dw5,0.08217\n", 63, 63, 63, 0},
	{"nothing", "net_h1,\n", 0, 0, 0, 0},
	{"a slip, carried", "net_h1,0.3775\nout_h1,0.6833\nnet_o1,1.142\nout_o1,0.7581\n"
	                    "dE/dnet_o1,0.1372\ndE/dw5,0.09375\n", 1, 61, 61, 0},
	{"right, but not from the slip", "net_h1,0.3775\nout_h1,0.6833\nnet_o1,1.106\nout_o1,0.7514\n"
	                                 "dE/dnet_o1,0.1385\ndE/dw5,0.08217\n",
	 61, 25, 61, 0},
	{"0 early", "net_h1,0.3775\nout_h1,0\nnet_o1,0.8686\nout_o1,0.7045\n"
	            "dE/dnet_o1,0.1446\ndE/dw5,0\n", 1, 1, 1, 0},
	{"1 early", "net_h1,0.3775\nout_h1,1.0\nnet_o1,1.269\nout_o1,0.7806\n"
	            "dE/dnet_o1,0.1320\ndE/dw5,0.1320\n", 1, 1, 1, 0},
	{"an input copied", "net_h1,0.05\nout_h1,0.5125\nnet_o1,1.074\nout_o1,0.7453\n"
	                    "dE/dnet_o1,0.1396\ndE/dw5,0.07154\n", 0, 0, 0, 0},
	{"a trivial one, then an own wrong one", "net_h1,0.05\nout_h1,0.6833\nnet_o1,1.142\n"
	                                         "out_o1,0.7581\ndE/dnet_o1,0.1372\ndE/dw5,0.09375\n",
	 0, 60, 60, 0},
	{"1 where a known mistake gives it", "net_h1,0.3775\nout_h1,0.5933\nnet_o1,1.106\n"
	                                     "out_o1,0.7514\ndE/dnet_o1,0.1385\ndE/dw5,0.1385\n",
	 31, 31, 31, 0},
	{"too few digits", "net_h1,0.3775\nout_h1,0.59\n", 2, 2, 2, 0},
	{"0.0 is not 0.08217 to few digits", "dE/dw5,0.0\n", 0, 0, 0, 0},
	{"few digits, then right from them", "net_h1,0.3775\nout_h1,0.6\nnet_o1,1.109\n", 2, 6, 6, 0},
	{"1 from 1.1", "net_o1,1.1\nout_o1,1\n", 2, 2, 2, 0},
	{"the first of two counts", "net_h1,0.3775\nnet_h1,0.9\nout_h1,0.9\nout_h1,0.5933\n",
	 1, 1, 1, 0},
	{"no number, and no question", "net_h1,=1+1\nout_h1,0.5933\nbeer,2\nw5,0.4\n", 2, 2, 2, 2},
	{"#1", "net_h1#1,0.3775\n", 1, 1, 1, 0},
};

static void check_rule(Subject *s, size_t rule)
{
	Question question[6];
	Paper paper = {.assignment = {.significant = 4, .question = question, .questions = 6}};
	Output csv = {0};
	Marked m;
	memcpy(question, mazur_questions, sizeof question);
	output_printf(&csv, "name,value\n%s", rules[rule].csv);
	mark_text(&m, s, &paper, output_memory(&csv));
	ck_assert_msg(m.marks.points == rules[rule].points && m.marks.carried == rules[rule].carried &&
	                  m.marks.better == rules[rule].better &&
	                  m.marks.strangers == rules[rule].strangers && m.marks.out_of == 63,
	              "%s: %g, %g, %g, %zu strangers", rules[rule].what, m.marks.points,
	              m.marks.carried, m.marks.better, m.marks.strangers);
	marked_free(&m);
	output_abandon(&csv);
}

START_TEST(rules_hold)
{
	Subject s;
	ck_assert(subject_start(&s, 0, 1));
	for (size_t rule = 0; rule < sizeof rules / sizeof *rules; rule++)
		check_rule(&s, rule);
	subject_end(&s);
}
END_TEST

// ---- Sheets that nobody worked out

typedef struct Lazy {
	Subject *subject;
	Paper paper;
	int shape;
	bool zeros;
	size_t halves;
} Lazy;

static double true_value(const Lazy *lazy, size_t question)
{
	return lazy->subject->diagnoser.value[lazy->paper.line[question] - 1];
}

static void check_lazy(Lazy *lazy, const QuestionMark *mark)
{
	double truth = mark->judgement->truth, typed = mark->answer->typed.value;
	double most = lazy->zeros ? 0 : mark->question->points / 2;
	if (fabs(typed - truth) <= 1e-4 * fabs(truth) + 1e-12)   // the number is a whole one
		return;
	ck_assert_msg(mark->better <= most, "shape %d: %s = %s earns %g of %g (verdict %d), truth %g", lazy->shape,
	              mark->question->name, mark->answer->text, mark->better, mark->question->points, (int)mark->verdict, truth);
	ck_assert_msg(mark->better == 0 || fabs(typed - truth) <= 1, "%s", mark->question->name);
	lazy->halves += mark->better > 0;
}

static void mark_lazy(Lazy *lazy)
{
	Output csv = {0};
	Marked m;
	output_text(&csv, "name,value\n");
	for (size_t i = 0; i < lazy->paper.assignment.questions; i++)
		output_printf(&csv, "\"%s\",%.0f\n", lazy->paper.assignment.question[i].name,
		              lazy->zeros ? 0.0 : true_value(lazy, i));
	mark_text(&m, lazy->subject, &lazy->paper, output_memory(&csv));
	for (size_t i = 0; i < m.marks.count; i++)
		check_lazy(lazy, &m.marks.question[i]);
	marked_free(&m);
	output_abandon(&csv);
}

START_TEST(zeros_and_whole_numbers_are_not_carried)
{
	size_t halves = 0;
	for (int shape = 0; shape < SHAPES; shape++)
		for (uint64_t seed = 1; seed <= (uint64_t)shape_seeds(shape, 6); seed++)
			for (int kind = 0; kind < 4; kind++) {
				Subject s;
				Lazy lazy = {.subject = &s, .shape = shape, .zeros = kind % 2};
				ck_assert(subject_start(&s, shape, seed));
				paper_start(&lazy.paper, &s, kind < 2 ? QUESTIONS_MAIN : QUESTIONS_ALL, 4);
				mark_lazy(&lazy);
				halves += lazy.halves;
				arena_free(&lazy.paper.arena);
				subject_end(&s);
			}
	ck_assert_uint_gt(halves, 20);
}
END_TEST

// Who takes the squared error without 1/2 is not marked down; a teacher sees it.
START_TEST(another_convention_is_paid_and_said)
{
	Subject s;
	Paper paper;
	Marked m;
	Output csv = {0};
	MistakeId plain = mistake_convention("loss=plain");
	Filling filling = {5, false, QUESTIONS_MAIN};
	ck_assert(subject_start(&s, 0, 1));
	paper_start(&paper, &s, QUESTIONS_MAIN, 5);
	diagnoser_plant(&s.diagnoser, &(Planted){plain, 0}, 1, s.value);
	mark_filled(&m, &s, &paper, &filling, &csv);
	ck_assert_int_eq(m.marks.convention, plain);
	ck_assert_double_eq(m.marks.points, m.marks.out_of);
	marked_free(&m);
	output_abandon(&csv);
	arena_free(&paper.arena);
	subject_end(&s);
}
END_TEST

static const struct {
	const char *text;
	double points;
} formulas[] = {
	{"dE/dnet_o1*out_h1", 4},     {"0.1385*0.5933", 4},
	{"0.138*0.5933", 2},          {"0.4*0.2054", 0},
	{"0.08217", 0},               {"dE/dnet_o1*", 0},
	{"=1+cmd|' /C calc'!A0", 0},  {"", 0},
};

START_TEST(formulas_are_judged)
{
	static const Question ask[] = {{QUESTION_NUMBER, "out_h1", "out_h1", 1},
	                               {QUESTION_NUMBER, "dE/dnet_o1", "dE/dnet_o1", 1},
	                               {QUESTION_FORMULA, "formula:dE/dw5", "dE/dw5", 4}};
	Question question[3];
	Paper paper = {.assignment = {.significant = 4, .question = question, .questions = 3}};
	Subject s;
	memcpy(question, ask, sizeof question);
	ck_assert(subject_start(&s, 0, 1));
	for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++) {
		Output csv = {0};
		Marked m;
		output_printf(&csv, "name,value\nout_h1,0.5933\ndE/dnet_o1,0.1385\nformula:dE/dw5,\"%s\"\n",
		              formulas[i].text);
		mark_text(&m, &s, &paper, output_memory(&csv));
		ck_assert_msg(m.marks.better == 2 + formulas[i].points, "%s: %g", formulas[i].text,
		              m.marks.better);
		marked_free(&m);
		output_abandon(&csv);
	}
	subject_end(&s);
}
END_TEST

START_TEST(mistakes_are_named_once_each)
{
	Subject s;
	Paper paper;
	Marked m;
	Output csv = {0};
	MistakeId named[CAUSES_MOST];
	Filling filling = {6, false, QUESTIONS_MAIN};
	Planted two[] = {{MISTAKE_M05, 0}, {MISTAKE_M02, 0}};
	ck_assert(subject_start(&s, 0, 1));
	paper_start(&paper, &s, QUESTIONS_MAIN, 6);
	fill_values(&s, two, 2, &filling);
	mark_filled(&m, &s, &paper, &filling, &csv);
	ck_assert_uint_eq(marks_mistakes(&m.marks, named), 2);
	ck_assert_int_eq(named[0], MISTAKE_M05);
	ck_assert_int_eq(named[1], MISTAKE_M02);
	marked_free(&m);
	output_abandon(&csv);
	arena_free(&paper.arena);
	subject_end(&s);
}
END_TEST

SUITE(right_answers_are_paid_in_full_however_rounded,
      a_planted_mistake_costs_the_questions_where_it_was_made, rules_hold,
      zeros_and_whole_numbers_are_not_carried,
      another_convention_is_paid_and_said, formulas_are_judged, mistakes_are_named_once_each)
