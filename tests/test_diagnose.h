// Sheets for the tests of the diagnosis: Mazur's model and random ones of five shapes, sheets
// filled in with mistakes planted in them, and what the diagnosis makes of them.
#ifndef TESTS_TEST_DIAGNOSE_H
#define TESTS_TEST_DIAGNOSE_H

#include "core/random.h"
#include "tutor/course/diagnose.h"
#include "tutor/course/questions.h"
#include "tutor/io/output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHAPES = 7, SHEET_TEXT = 256 * 1024 };

// A model with all that is worked out for it.
typedef struct Subject {
	Model model;
	Diagnoser diagnoser;
	Output text;
	double *value;
	bool *is_main;   // of each line: `--questions main` asks for it
} Subject;

// What --questions main asks for; each step, gradient and update; local partials and paths too.
typedef enum Questions { QUESTIONS_MAIN, QUESTIONS_STEPS, QUESTIONS_ALL, QUESTIONS_COUNT } Questions;

// How a sheet is filled in.
typedef struct Filling {
	int digits;
	bool by_hand;   // each number rounded before it is used
	Questions questions;
} Filling;

// ---- Models

static inline double draw(uint64_t seed, const char *what, int32_t number)
{
	double value = random_uniform(seed, what, &number, 1) * 1.8 - 0.9;
	return round((value + (value < 0 ? -0.1 : 0.1)) * 100) / 100;
}

static inline void put_draws(Output *text, uint64_t seed, const char *what, const char *names)
{
	char copy[400];
	snprintf(copy, sizeof copy, "%s", names);
	int32_t number = 0;
	for (char *name = strtok(copy, " "); name; name = strtok(NULL, " "))
		output_printf(text, "%s %s = %g\n", what, name, draw(seed, what, number++));
}

static inline void put_scalar_steps(Output *text)
{
	output_text(text, "net_h1 = w1*i1 + w2*i2 + b1\nout_h1 = sigmoid(net_h1)\n"
	                  "net_h2 = w3*i1 + w4*i2 + b1\nout_h2 = sigmoid(net_h2)\n"
	                  "net_o1 = w5*out_h1 + w6*out_h2 + b2\nout_o1 = sigmoid(net_o1)\n"
	                  "net_o2 = w7*out_h1 + w8*out_h2 + b2\nout_o2 = sigmoid(net_o2)\n"
	                  "E_o1 = 1/2*(t1 - out_o1)^2\nE_o2 = 1/2*(t2 - out_o2)^2\nE = E_o1 + E_o2\n"
	                  "minimize E\nupdate sgd(rate = 0.5)\n");
}

static inline void put_scalar(Output *text, uint64_t seed)
{
	put_draws(text, seed, "input", "i1 i2");
	put_draws(text, seed, "target", "t1 t2");
	put_draws(text, seed, "param", "w1 w2 w3 w4 w5 w6 w7 w8 b1 b2");
	put_scalar_steps(text);
}

static inline void put_list(Output *text, uint64_t seed, const char *what, const char *name,
                            int rows, int columns)
{
	output_printf(text, "%s %s[1..%d", what, name, rows ? rows : columns);
	output_printf(text, rows ? ", 1..%d] = [" : "] = [", columns);
	for (int row = 0; row < (rows ? rows : 1); row++) {
		output_text(text, row ? ", " : "");
		output_text(text, rows ? "[" : "");
		for (int column = 0; column < columns; column++)
			output_printf(text, "%s%g", column ? ", " : "",
			              draw(seed, name, row * columns + column));
		output_text(text, rows ? "]" : "");
	}
	output_text(text, "]\n");
}

static inline void put_tanh(Output *text, uint64_t seed)
{
	put_list(text, seed, "input", "x", 0, 3);
	put_list(text, seed, "target", "t", 0, 2);
	put_list(text, seed, "param", "v", 4, 3);
	put_list(text, seed, "param", "w", 2, 4);
	put_list(text, seed, "param", "a", 0, 4);
	put_list(text, seed, "param", "b", 0, 2);
	output_text(text,
	            "n[j=1..4] = sum(i=1..3, v[j,i]*x[i]) + a[j]\nh[j=1..4] = tanh(n[j])\n"
	            "m[k=1..2] = sum(j=1..4, w[k,j]*h[j]) + b[k]\no[k=1..2] = tanh(m[k])\n"
	            "E = 1/2*sum(k=1..2, (o[k] - t[k])^2)\nminimize E\nupdate momentum(rate = 0.3)\n");
}

static inline void put_softmax(Output *text, uint64_t seed)
{
	put_list(text, seed, "input", "x", 0, 2);
	output_printf(text, "target y[1..3] = [%s]\n",
	              seed % 3 == 0   ? "1, 0, 0"
	              : seed % 3 == 1 ? "0, 1, 0"
	                              : "0, 0, 1");
	put_list(text, seed, "param", "v", 2, 2);
	put_list(text, seed, "param", "w", 3, 2);
	put_list(text, seed, "param", "b", 0, 3);
	output_text(text, "n[j=1..2] = sum(i=1..2, v[j,i]*x[i])\nh[j=1..2] = sigmoid(n[j])\n"
	                  "z[k=1..3] = sum(j=1..2, w[k,j]*h[j]) + b[k]\ne[k=1..3] = exp(z[k])\nS = "
	                  "sum(k=1..3, e[k])\n"
	                  "p[k=1..3] = e[k]/S\nL = -sum(k=1..3, y[k]*log(p[k]))\nminimize L\nupdate "
	                  "sgd(rate = 0.1)\n");
}

static inline void put_recurrent(Output *text, uint64_t seed, bool composite)
{
	put_draws(text, seed, "input", "x1 x2");
	put_draws(text, seed, "target", "t");
	put_draws(text, seed, "param", "u w v b");
	output_text(text, composite
	                      ? "h1 = tanh(u*x1 + b)\nh2 = tanh(w*h1 + u*x2 + b)\n"
	                      : "n1 = u*x1 + b\nh1 = tanh(n1)\nn2 = w*h1 + u*x2 + b\nh2 = tanh(n2)\n");
	output_text(text, "y = v*h2 + b\nE = 1/2*(y - t)^2\nminimize E\nupdate sgd(rate = 0.2)\n");
}

static inline void put_batch(Output *text, uint64_t seed)
{
	output_text(text, "input x1, x2\ntarget t\n");
	put_draws(text, seed, "param", "w1 w2 w3 w4 v1 v2 b1 b2 c");
	output_text(
		text,
		"n1 = w1*x1 + w2*x2 + b1\nh1 = sigmoid(n1)\nn2 = w3*x1 + w4*x2 + b2\nh2 = sigmoid(n2)\n"
		"m = v1*h1 + v2*h2 + c\no = sigmoid(m)\nE = (o - t)^2\nminimize E\nupdate sgd(rate = 0.7)\n"
		"examples\nx1,x2,t\n");
	for (int32_t i = 0; i < 3; i++)
		output_printf(text, "%g,%g,%d\n", draw(seed, "x1", i), draw(seed, "x2", i), (int)(i % 2));
	output_text(text, "end\n");
}

static inline void put_mazur(Output *text)
{
	output_text(
		text,
		"input i1 = 0.05, i2 = 0.10\ntarget t1 = 0.01, t2 = 0.99\nconst b1 = 0.35, b2 = 0.60\n"
		"param w1 = 0.15, w2 = 0.20, w3 = 0.25, w4 = 0.30\n"
		"param w5 = 0.40, w6 = 0.45, w7 = 0.50, w8 = 0.55\n");
	put_scalar_steps(text);
}

// How many of `seeds` models of a shape are different ones.
static inline int shape_seeds(int shape, int seeds)
{
	return shape == 0 ? 1 : seeds;
}

static inline bool choose_main(Subject *s)
{
	Assignment chosen = {0};
	Error error = {0};
	const Lines *lines = &s->diagnoser.lines;
	bool good = questions_choose(&chosen, lines, "main", NULL, 0, &error);
	s->is_main = memset(memory_alloc(lines->count), 0, lines->count);
	for (size_t i = 0; i < chosen.questions; i++)
		s->is_main[lines_find(lines, chosen.question[i].of) - 1] = true;
	arena_free(&chosen.arena);
	return good;
}

static inline bool subject_start(Subject *s, int shape, uint64_t seed)
{
	Error error = {0};
	*s = (Subject){0};
	switch (shape) {
	case 0:
		put_mazur(&s->text);
		break;
	case 1:
		put_scalar(&s->text, seed);
		break;
	case 2:
		put_tanh(&s->text, seed);
		break;
	case 3:
		put_softmax(&s->text, seed);
		break;
	case 4:
		put_batch(&s->text, seed);
		break;
	default:
		put_recurrent(&s->text, seed, shape == 6);
	}
	const char *text = output_memory(&s->text);
	if (!model_read(&s->model, "subject", text, strlen(text), &(ModelOptions){.seed = 1}, &error))
		return printf("%s\n%s\n", error.message, text), false;
	s->value = memory_alloc(100 * 1000 * sizeof *s->value);
	return diagnoser_start(&s->diagnoser, &s->model, NULL, 0) && choose_main(s);
}

static inline void subject_end(Subject *s)
{
	free(s->value);
	free(s->is_main);
	diagnoser_free(&s->diagnoser);
	model_free(&s->model);
	output_abandon(&s->text);
}

// ---- Sheets

static inline double rounded(double value, int digits)
{
	char text[64];
	snprintf(text, sizeof text, "%.*e", digits - 1, value);
	return strtod(text, NULL);
}

// All lines with the mistakes made everywhere; numbers rounded on the way where the sheet is filled
// in by hand.
static inline bool fill_values(const Subject *s, const Planted *planted, size_t count,
                               const Filling *filling)
{
	const Diagnoser *d = &s->diagnoser;
	if (count && !diagnoser_plant(d, planted, count, s->value))
		return false;
	if (count && !filling->by_hand)
		return true;
	const Formula **formula = memory_alloc(d->lines.count * sizeof *formula);
	for (uint32_t id = 1; id <= d->lines.count; id++)
		formula[id - 1] = lines_at(&d->lines, id)->formula;
	for (size_t i = 0; i < d->count; i++)
		for (size_t k = 0; k < count; k++)
			if (d->change[i].mistake == planted[k].mistake && d->change[i].way == planted[k].way)
				formula[d->change[i].line - 1] = d->change[i].formula;
	for (int round = 0; round < 2; round++)
		for (uint32_t id = 1; id <= d->lines.count; id++) {
			double value =
				formula[id - 1] ? lines_value(formula[id - 1], s->value) : d->value[id - 1];
			bool round_it = filling->by_hand && formula[id - 1];
			s->value[id - 1] = round_it ? rounded(value, filling->digits) : value;
		}
	free(formula);
	return true;
}

static inline bool is_asked(const Subject *s, uint32_t id, Questions questions)
{
	const Line *line = lines_at(&s->diagnoser.lines, id);
	if (questions == QUESTIONS_MAIN)
		return s->is_main[id - 1];
	if (line->phase == PHASE_PARTIAL || line->phase == PHASE_PATH)
		return questions == QUESTIONS_ALL;
	return line->phase != PHASE_GIVEN && line->by != s->diagnoser.lines.loss;
}

static inline void name_line(const Line *line, Arena *arena, Output *out)
{
	if (line->phase == PHASE_PATH)
		output_printf(out, "\"%s*%s\"", quantity_text(line->leaf->argument[0]->name, arena),
		              quantity_text(line->leaf->argument[1]->name, arena));
	else
		output_printf(out, "\"%s\"", quantity_text(line->leaf->name, arena));
}

static inline void fill_sheet(const Subject *s, const Filling *filling, Output *csv)
{
	Arena arena = {0};
	output_text(csv, "name,value\n");
	for (uint32_t id = 1; id <= s->diagnoser.lines.count; id++) {
		if (!is_asked(s, id, filling->questions))
			continue;
		name_line(lines_at(&s->diagnoser.lines, id), &arena, csv);
		output_printf(csv, ",%.*e\n", filling->digits - 1, s->value[id - 1]);
	}
	arena_free(&arena);
}

// A sheet judged and diagnosed.
typedef struct Judged {
	Output csv;
	Answers answers;
	Verification verification;
	Diagnosis diagnosis;
} Judged;

static inline void judge_sheet(Judged *j, Subject *s, const Filling *filling)
{
	Error error = {0};
	*j = (Judged){0};
	fill_sheet(s, filling, &j->csv);
	const char *csv = output_memory(&j->csv);
	if (!answers_read(&j->answers, "sheet", csv, strlen(csv), &error))
		abort();
	verify(&j->verification, &j->answers, &s->model,
	       &(VerifyOptions){.significant = filling->digits});
	diagnose(&j->diagnosis, &s->diagnoser, &j->verification, filling->digits);
	diagnose_settle(&j->verification, &j->diagnosis);
}

static inline void judged_free(Judged *j)
{
	diagnosis_free(&j->diagnosis);
	verify_free(&j->verification);
	answers_free(&j->answers);
	output_abandon(&j->csv);
}

// ---- What was planted and what was found

// Whether two plantings give the same sheet.
static inline bool same_sheet(const Subject *s, Planted a, Planted b, const Filling *filling)
{
	Output one = {0}, other = {0};
	bool same = fill_values(s, &a, 1, filling);
	fill_sheet(s, filling, &one);
	same = same && fill_values(s, &b, 1, filling);
	fill_sheet(s, filling, &other);
	same = same && strcmp(output_memory(&one), output_memory(&other)) == 0;
	output_abandon(&one);
	output_abandon(&other);
	return same;
}

static inline bool is_found(const Subject *s, const Cause *cause, Planted planted,
                            const Filling *filling)
{
	if (!cause->count)
		return false;
	Planted found = {cause->finding[0].mistake, cause->finding[0].way};
	return found.mistake == planted.mistake || same_sheet(s, found, planted, filling);
}

static inline bool is_named(const Subject *s, const Judged *j, Planted planted,
                            const Filling *filling)
{
	for (size_t i = 0; i < j->diagnosis.count; i++)
		if (is_found(s, &j->diagnosis.cause[i], planted, filling))
			return true;
	return false;
}

// Whether a mistake is made between the line and the answers that it is worked out from.
static inline bool is_made_at(const Subject *s, uint32_t id, const Planted *planted, size_t count,
                              Questions questions)
{
	const Diagnoser *d = &s->diagnoser;
	bool *reached = memset(memory_alloc(d->lines.count), 0, d->lines.count), made = false;
	reached[id - 1] = true;
	for (uint32_t i = id; i > 0; i--) {
		const Line *line = lines_at(&d->lines, i);
		for (size_t k = 0; reached[i - 1] && k < d->count; k++)
			for (size_t m = 0; m < count; m++)
				made = made || (d->change[k].line == i && d->change[k].mistake == planted[m].mistake &&
				                d->change[k].way == planted[m].way);
		for (uint32_t k = 0; reached[i - 1] && k < line->parents; k++)
			reached[line->parent[k] - 1] |= !is_asked(s, line->parent[k], questions);
	}
	free(reached);
	return made;
}

// Answers called wrong that only follow from others.
static inline size_t count_punished(const Subject *s, const Judged *j, const Planted *planted,
                                    size_t count, const Filling *filling)
{
	size_t punished = 0;
	for (size_t i = 0; i < j->verification.count; i++) {
		const Judgement *judgement = &j->verification.item[i];
		uint32_t id = lines_find(&s->diagnoser.lines, judgement->answer->name);
		punished += judgement->verdict == VERDICT_WRONG &&
		            !is_made_at(s, id, planted, count, filling->questions);
	}
	return punished;
}

// The mistakes that can be made in a model, each way of each once; their number.
static inline size_t list_mistakes(const Diagnoser *d, Planted *list)
{
	size_t count = 0;
	for (size_t i = 0; i < d->count; i++) {
		const Change *change = &d->change[i];
		bool known =
			i && d->change[i - 1].mistake == change->mistake && d->change[i - 1].way == change->way;
		if (!known && mistake_info[change->mistake].source != SOURCE_CONVENTION)
			list[count++] = (Planted){change->mistake, change->way};
	}
	return count;
}

// Two of them.
static inline void draw_two(const Subject *s, int shape, int32_t number, Planted *two)
{
	Planted list[400];
	size_t count = list_mistakes(&s->diagnoser, list);
	for (int32_t k = 0; k < 2; k++) {
		int32_t draw[] = {number, k};
		double at = random_uniform((uint64_t)shape, output_memory((Output *)&s->text), draw, 2);
		two[k] = list[(size_t)(at * (double)count)];
	}
}

// Whether the sheet with both mistakes differs from those with one; the values are left as both
// make them.
static inline bool both_are_visible(const Subject *s, const Planted *two, const Filling *filling)
{
	Output sheet[3] = {{0}, {0}, {0}};
	bool made = two[0].mistake != two[1].mistake;
	for (int i = 0; i < 3; i++) {
		made = fill_values(s, i < 2 ? &two[i] : two, i < 2 ? 1 : 2, filling) && made;
		fill_sheet(s, filling, &sheet[i]);
	}
	for (int i = 0; i < 2; i++)
		made = made && strcmp(output_memory(&sheet[i]), output_memory(&sheet[2])) != 0;
	for (int i = 0; i < 3; i++)
		output_abandon(&sheet[i]);
	return made;
}

#endif
