// Variants: the same for the same student and secret, friendly, sound and telling.
#include "tests/test_assignment.h"
#include "tests/test_diagnose.h"
#include "tutor/course/variant.h"

enum { STUDENTS = 20 };

// A maker for a model's text, with the main questions unless others are said.
typedef struct Making {
	Assignment assignment;
	Maker maker;
	double value[NUMBERS_MOST];
} Making;

static bool making_start(Making *m, const char *text, const MakerOptions *options, Error *error)
{
	m->assignment = (Assignment){.title = "t", .model_name = "m", .text = text,
	                             .size = strlen(text), .significant = 4, .seed = 1};
	bool good = maker_start(&m->maker, &m->assignment, options, error);
	if (!good)
		assignment_free(&m->assignment);
	return good;
}

static void must_make(Making *m, const char *text, const MakerOptions *options)
{
	Error error = {0};
	ck_assert_msg(making_start(m, text, options ? options : &(MakerOptions){.questions = "main"},
	                           &error),
	              "%s\n%s", error.message, text);
}

static void making_end(Making *m)
{
	maker_free(&m->maker);
	assignment_free(&m->assignment);
}

START_TEST(numbers_are_the_students_own)
{
	char *folder = scratch_folder();
	Secret secret, other;
	Making m;
	double anna[12], again[12], bert[12];
	must_read_secret(&secret, folder, "0123456789abcdef");
	must_read_secret(&other, folder, "0123456789abcdeF");
	must_make(&m, MAZUR_TEXT, NULL);
	ck_assert_uint_eq(m.maker.numbers.count, 12);
	maker_draw(&m.maker, "anna", &secret, anna);
	maker_draw(&m.maker, "bert", &secret, bert);
	maker_draw(&m.maker, "anna", &secret, again);
	ck_assert_mem_eq(anna, again, sizeof anna);
	ck_assert_mem_ne(anna, bert, sizeof anna);
	maker_draw(&m.maker, "anna", &other, again);
	ck_assert_mem_ne(anna, again, sizeof anna);
	// Another model with the same names.
	Making n;
	must_make(&n, MAZUR_TEXT "# another week\n", NULL);
	maker_draw(&n.maker, "anna", &secret, again);
	ck_assert_mem_ne(anna, again, sizeof anna);
	making_end(&n);
	making_end(&m);
	secret_free(&secret);
	secret_free(&other);
	remove_folder(folder);
}
END_TEST

// Whether two sheets are the same in the digits asked for: as the mistakes of a sheet are judged
// by people, by what stands there.
static bool reads_alike(const Maker *maker, const double *a, const double *b)
{
	char left[40], right[40];
	for (size_t i = 0; i < maker->telling.asked_count; i++) {
		uint32_t id = maker->asked[i];
		snprintf(left, sizeof left, "%.3e", a[id - 1]);
		snprintf(right, sizeof right, "%.3e", b[id - 1]);
		if (strcmp(left, right) != 0)
			return false;
	}
	return true;
}

static void check_telling(Making *m)
{
	const Diagnoser *d = &m->maker.diagnoser;
	Planted list[500];
	size_t count = list_mistakes(d, list), lines = d->lines.count;
	double *value = memory_alloc((count + 1) * lines * sizeof *value);
	bool made[500];
	ck_assert_uint_eq(count, m->maker.telling.kinds);
	for (size_t i = 0; i < count; i++) {
		made[i] = diagnoser_plant(d, &list[i], 1, value + i * lines);
		ck_assert_msg(!made[i] || m->maker.telling.rare[i] ||
		                  !reads_alike(&m->maker, value + i * lines, d->value),
		              "%s.%u is not told from no mistake", mistake_info[list[i].mistake].id,
		              (unsigned)list[i].way);
	}
	for (size_t i = 0; i < count; i++)
		for (size_t k = i + 1; k < count; k++)
			ck_assert_msg(!made[i] || !made[k] || list[i].mistake == list[k].mistake ||
			                  m->maker.telling.hidden[i] || m->maker.telling.alike[i * count + k] ||
			                  !reads_alike(&m->maker, value + i * lines, value + k * lines),
			              "%s.%u is not told from %s.%u", mistake_info[list[i].mistake].id,
			              (unsigned)list[i].way, mistake_info[list[k].mistake].id,
			              (unsigned)list[k].way);
	free(value);
}

static void check_friendly(const Making *m)
{
	for (size_t i = 0; i < m->maker.numbers.count; i++) {
		const Number *number = &m->maker.numbers.number[i];
		double value = m->value[i], hundred = value * 100;
		ck_assert_msg(fabs(hundred - round(hundred)) < 1e-9 && fabs(value) < 10,
		              "%s = %.17g", number->name, value);
		ck_assert_msg(number->group || (value != 0 && fabs(value) != 1), "%s = %g", number->name,
		              value);
	}
}

START_TEST(numbers_are_friendly_and_telling)
{
	for (int shape = 0; shape < SHAPES; shape++)
		for (uint64_t seed = 1; seed <= (uint64_t)shape_seeds(shape, 2); seed++) {
			Subject s;
			Making m;
			ck_assert(subject_start(&s, shape, seed));
			must_make(&m, output_memory(&s.text), NULL);
			for (uint64_t i = 0; i < STUDENTS; i++) {
				Drawn drawn = maker_draw_seeded(&m.maker, 100 + i, m.value);
				ck_assert_msg(!drawn.fault.unsound && !drawn.fault.hidden && !drawn.fault.alike,
				              "shape %d, seed %d", shape, (int)seed);
				check_friendly(&m);
				check_telling(&m);
			}
			making_end(&m);
			subject_end(&s);
		}
}
END_TEST

// What can be hidden from these questions is known before any student has numbers.
START_TEST(what_cannot_be_told_is_known)
{
	static const struct {
		const char *questions, *mistake;
		bool hidden;
	} rows[] = {
		{"main", "M02", false},          {"dE_total/dnet_o1,out_o1", "M02", true},
		{"dE_total/dw1", "M02", false},  {"net_h1", "M05", true},
		{"dE_total/dw5", "M05", false},  {"dE_total/dw*", "M22", true},
		{"w1+", "M22", false},           {"E_total", "M03f", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		Making m;
		bool hidden = true, known = false;
		must_make(&m, MAZUR_TEXT, &(MakerOptions){.questions = rows[i].questions});
		for (size_t k = 0; k < m.maker.telling.kinds; k++)
			if (strcmp(mistake_info[m.maker.telling.kind[k].mistake].id, rows[i].mistake) == 0) {
				hidden = hidden && m.maker.telling.hidden[k];
				known = true;
			}
		ck_assert(known);
		ck_assert_msg(hidden == rows[i].hidden, "%s by %s", rows[i].mistake, rows[i].questions);
		making_end(&m);
	}
}
END_TEST

static double number_of(const Making *m, const char *name)
{
	for (size_t i = 0; i < m->maker.numbers.count; i++)
		if (strcmp(m->maker.numbers.number[i].name, name) == 0)
			return m->value[i];
	ck_abort_msg("%s does not vary", name);
}

// Who rounds every step to the digits asked for is right everywhere, and has digits enough.
static void check_rounded(Making *m, double *value)
{
	const Lines *lines = &m->maker.diagnoser.lines;
	Output csv = {0};
	Answers answers;
	Error error = {0};
	Verification result;
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Formula *formula = lines_at(lines, id)->formula;
		value[id - 1] = formula ? rounded(lines_value(formula, value), 4) : m->maker.diagnoser.value[id - 1];
	}
	output_text(&csv, "name,value\n");
	for (size_t i = 0; i < m->assignment.questions; i++)
		output_printf(&csv, "\"%s\",%.3e\n", m->assignment.question[i].name,
		              value[m->maker.asked[i] - 1]);
	const char *text = output_memory(&csv);
	ck_assert(answers_read(&answers, "sheet", text, strlen(text), &error));
	verify(&result, &answers, &m->maker.model, &(VerifyOptions){.significant = 4});
	for (size_t i = 0; i < result.count; i++)
		ck_assert_msg(result.item[i].verdict == VERDICT_RIGHT, "%s: %s is called %d, true is %.9g",
		              result.item[i].answer->name, result.item[i].answer->text,
		              (int)result.item[i].verdict, result.item[i].truth);
	verify_free(&result);
	answers_free(&answers);
	output_abandon(&csv);
}

START_TEST(rounding_by_hand_is_right)
{
	for (int shape = 0; shape < SHAPES; shape++) {
		Subject s;
		Making m;
		ck_assert(subject_start(&s, shape, 1));
		must_make(&m, output_memory(&s.text), NULL);
		for (uint64_t i = 0; i < STUDENTS; i++) {
			maker_draw_seeded(&m.maker, 500 + i, m.value);
			check_rounded(&m, s.value);
		}
		making_end(&m);
		subject_end(&s);
	}
}
END_TEST

static const char relu[] =
	"input x[1..2] = [0.4, 0.7]\ntarget y[1..3] = [0, 1, 0]\n"
	"param v[1..2,1..2] = [[0.3, -0.2], [0.5, 0.1]]\nparam w[1..3,1..2] = "
	"[[0.2,0.4],[-0.3,0.6],[0.1,-0.5]]\nparam b[1..2] = 0\n"
	"n[j=1..2] = sum(i=1..2, v[j,i]*x[i]) + b[j]\nh[j=1..2] = relu(n[j])\n"
	"z[k=1..3] = sum(j=1..2, w[k,j]*h[j])\ne[k=1..3] = exp(z[k])\nS = sum(k=1..3, e[k])\n"
	"p[k=1..3] = e[k]/S\nL = -sum(k=1..3, y[k]*log(p[k]))\nminimize L\nupdate sgd(rate = 0.1)\n";

// One-hot targets are permuted, units of relu are alive and off their kink, a bias of 0 is none.
START_TEST(units_are_alive_and_targets_stay_targets)
{
	Making m;
	int places[4] = {0};
	must_make(&m, relu, NULL);
	for (uint64_t i = 0; i < 60; i++) {
		Drawn drawn = maker_draw_seeded(&m.maker, i, m.value);
		ck_assert(!drawn.fault.unsound);
		int ones = 0;
		for (int k = 1; k <= 3; k++) {
			char name[10];
			snprintf(name, sizeof name, "y[%d]", k);
			double y = number_of(&m, name);
			ck_assert(y == 0 || y == 1);
			ones += y == 1;
			places[k] += y == 1;
		}
		ck_assert_int_eq(ones, 1);
		ck_assert(number_of(&m, "b[1]") != 0);
		for (uint32_t id = 1; id <= m.maker.diagnoser.lines.count; id++)
			if (lines_at(&m.maker.diagnoser.lines, id)->activation == OP_RELU)
				ck_assert_double_gt(m.maker.diagnoser.value[id - 1], 0.01);
	}
	for (int k = 1; k <= 3; k++)
		ck_assert_int_gt(places[k], 5);
	making_end(&m);
}
END_TEST

// Truth tables and labels are left as they are; --vary says otherwise.
START_TEST(labels_do_not_vary)
{
	static const char model[] =
		"input x1, x2\ntarget t\nparam w1 = 0.5, w2 = -0.3, b = 0.1\n"
		"z = w1*x1 + w2*x2 + b\np = sigmoid(z)\nE = 1/2*(p - t)^2\nminimize E\n"
		"update sgd(rate = 0.5)\nexamples\nx1,x2,t\n0,1,1\n0.5,1,0\nend\n";
	Making m;
	must_make(&m, model, NULL);
	ck_assert_uint_eq(m.maker.numbers.count, 4);
	ck_assert_str_eq(m.assignment.number[0], "x1@2");
	maker_draw_seeded(&m.maker, 1, m.value);
	ck_assert(m.maker.model.data[0] == 0 && m.maker.model.data[3] == m.value[0]);
	making_end(&m);
	must_make(&m, model, &(MakerOptions){.questions = "main", .vary = "w*, x2"});
	ck_assert_uint_eq(m.maker.numbers.count, 4);
	ck_assert_str_eq(m.assignment.number[1], "x2@2");
	making_end(&m);
	Error error = {0};
	ck_assert(!making_start(&m, model, &(MakerOptions){.questions = "main", .vary = "p"}, &error));
	ck_assert_ptr_nonnull(strstr(error.message, "'p' is no param, input or target"));
}
END_TEST

static char *question_names(const Making *m, Arena *arena)
{
	Output text = {0};
	for (size_t i = 0; i < m->assignment.questions; i++)
		output_printf(&text, "%s ", m->assignment.question[i].name);
	char *copy = arena_copy(arena, output_memory(&text), text.count);
	output_abandon(&text);
	return copy;
}

START_TEST(questions_are_chosen_in_order)
{
	static const struct {
		MakerOptions options;
		const char *names;
	} rows[] = {
		{{.questions = "main"},
	     "net_h1 out_h1 net_h2 out_h2 net_o1 out_o1 net_o2 out_o2 E_o1 E_o2 E_total "
	     "dE_total/dnet_o1 dE_total/dnet_o2 dE_total/dnet_h1 dE_total/dnet_h2 dE_total/dw5 "
	     "dE_total/dw6 dE_total/dw7 dE_total/dw8 dE_total/dw1 dE_total/dw2 dE_total/dw3 dE_total/dw4 "
	     "w1+ w2+ w3+ w4+ w5+ w6+ w7+ w8+ "},
		{{.questions = "w5+, net_h1,dE_total/dw?"},
	     "net_h1 dE_total/dw5 dE_total/dw6 dE_total/dw7 dE_total/dw8 dE_total/dw1 dE_total/dw2 "
	     "dE_total/dw3 dE_total/dw4 w5+ "},
		{{.questions = "out_o1,dout_o1/dnet_o1", .formulas = "dE_total/dw5,net_h1", .planted = 2},
	     "out_o1 dout_o1/dnet_o1 formula:net_h1 formula:dE_total/dw5 find:1 find:2 "},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		Making m;
		Arena arena = {0};
		must_make(&m, MAZUR_TEXT, &rows[i].options);
		ck_assert_str_eq(question_names(&m, &arena), rows[i].names);
		arena_free(&arena);
		making_end(&m);
	}
	Making m;
	Error error = {0};
	ck_assert(!making_start(&m, MAZUR_TEXT, &(MakerOptions){.questions = "net_h3"}, &error));
	ck_assert_ptr_nonnull(strstr(error.message, "'net_h3'; did you mean 'net_h1'?"));
}
END_TEST

SUITE(numbers_are_the_students_own, numbers_are_friendly_and_telling, rounding_by_hand_is_right,
      what_cannot_be_told_is_known, units_are_alive_and_targets_stay_targets, labels_do_not_vary, questions_are_chosen_in_order)
