// Worked examples with one mistake: it is in one line that is shown, and what follows follows.
#include "tests/suite.h"
#include "tests/test_diagnose.h"
#include "tutor/course/planted.h"

static bool is_close(double a, double b)
{
	return fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b)) + 1e-300;
}

// Each line but the one with the mistake is right from the lines above it.
static void check_lines(const PlantedExample *e, const Subject *s)
{
	Arena arena = {0};
	for (size_t i = 0; i < e->count; i++) {
		Row written = planted_row(e, i, false, &arena), right = planted_row(e, i, true, &arena);
		const char *name = quantity_text(written.name, &arena);
		double given = formula_evaluate(written.formula);
		ck_assert_msg(is_close(given, written.value), "%s\n%s: %g, not %g", output_memory((Output *)&s->text),
		              name, written.value, given);
		bool same = is_close(written.value, right.value);
		ck_assert_msg(same == (e->place[i] != PLANTED_MISTAKE), "%s\n%s (%s): %.17g, %.17g",
		              output_memory((Output *)&s->text), name, mistake_info[e->change->mistake].id,
		              written.value, right.value);
		bool true_value = is_close(written.value, s->diagnoser.value[e->line[i] - 1]);
		ck_assert_msg(true_value == (e->place[i] == PLANTED_RIGHT), "%s", name);
		ck_assert_uint_eq(planted_find(e, name), i);
		arena_reset(&arena);
	}
	arena_free(&arena);
}

START_TEST(one_line_holds_the_mistake)
{
	bool seen[MISTAKE_COUNT] = {false};
	size_t kinds = 0;
	for (int shape = 0; shape < SHAPES; shape++) {
		Subject s;
		ck_assert(subject_start(&s, shape, 2));
		for (uint64_t seed = 0; seed < 60; seed++) {
			PlantedExample e;
			ck_assert_msg(planted_start(&e, &s.diagnoser, seed, 4), "shape %d", shape);
			size_t wrong = 0;
			for (size_t i = 0; i < e.count; i++)
				wrong += e.place[i] == PLANTED_MISTAKE;
			ck_assert_uint_eq(wrong, 1);
			ck_assert_int_eq(e.place[e.wrong], PLANTED_MISTAKE);
			check_lines(&e, &s);
			kinds += !seen[e.change->mistake];
			seen[e.change->mistake] = true;
			planted_free(&e);
		}
		subject_end(&s);
	}
	ck_assert_msg(kinds > 30, "%zu", kinds);
}
END_TEST

START_TEST(a_seed_makes_the_same_example)
{
	Subject s;
	ck_assert(subject_start(&s, 0, 1));
	for (uint64_t seed = 0; seed < 20; seed++) {
		PlantedExample a, b;
		ck_assert(planted_start(&a, &s.diagnoser, seed, 4) && planted_start(&b, &s.diagnoser, seed, 4));
		ck_assert(a.change == b.change && a.wrong == b.wrong);
		planted_free(&a);
		planted_free(&b);
	}
	subject_end(&s);
}
END_TEST

START_TEST(a_model_without_a_place_has_none)
{
	Model model;
	Diagnoser d;
	Error error = {0};
	PlantedExample e;
	static const char text[] = "const a = 2\nb = a\n";
	ck_assert(model_read(&model, "test", text, strlen(text), &(ModelOptions){.seed = 1}, &error));
	ck_assert(diagnoser_start(&d, &model, NULL, 0));
	ck_assert(!planted_start(&e, &d, 1, 4));
	planted_free(&e);
	diagnoser_free(&d);
	model_free(&model);
}
END_TEST

SUITE(one_line_holds_the_mistake, a_seed_makes_the_same_example, a_model_without_a_place_has_none)
