// Names as people write them: what they mean, the line of the derivation that they find, and what
// is wrong with others.
#include "tests/test_model.h"
#include "tutor/explain/locate.h"
#include "tutor/explain/query.h"
#include "tutor/explain/rounds.h"

static const char text[] =
	"size T = 2\ninput x[1..T]\ntarget y\nparam w = 0.5, u = 1.0, v[1..2] = [0.1, 0.2]\nconst k = "
    "2\nstate s = 1\n"
	"h[0] = 0\nh[t=1..T] = tanh(w*h[t-1] + u*x[t])\nm = v[1]*w + v[2]\nE = 1/2*(h[T] - y)^2 + m^2\n"
	"q = w^2*u\ng = grad(grad(q, w), u)\ns+ = s + m\nminimize E\nupdate momentum(rate = 0.1/t) on "
    "w\n"
	"update sgd(rate = 0.1) on u\nexamples\nx[1],x[2],y\n1.0,0.5,0.2\n0.2,0.1,-0.1\nend\n";

static double look_up(Model *model, const char *name)
{
	Query query;
	Error error = {0};
	double value;
	ck_assert_msg(query_find(model, name, &query, &error), "%s: %s", name, error.message);
	query_values(model, &query, 1, &value);
	return value;
}

// The same quantity under two names, or as an expression of others whose value is given.
START_TEST(names_mean_what_they_say)
{
	Model model;
	must_read(&model, text, &(ModelOptions){.seed = 1});
	const double rows[][2] = {
		{look_up(&model, "w"), 0.5},
		{look_up(&model, "x[2]@2"), 0.1},
		{look_up(&model, " x [ 1 ] @ 1 "), 1},
		{look_up(&model, "dE/dE"), 1},
		{look_up(&model, "dE/dE@2"), 0.5},
		{look_up(&model, "dE@1/dE@1"), 1},
		{look_up(&model, "dE@1/dE@2"), 0},
		{look_up(&model, "dh[2]/dh[2]"), 1},
		{look_up(&model, "dm/dm"), 1},
		{look_up(&model, "E"), (look_up(&model, "E@1") + look_up(&model, "E@2")) / 2},
		{look_up(&model, "dE/dw"), (look_up(&model, "dE@1/dw") + look_up(&model, "dE@2/dw")) / 2},
		{look_up(&model, "dE/dx[1]@2"), look_up(&model, "dE@2/dx[1]@2") / 2},
		{look_up(&model, "dh[2]@1/dh[1]@1"), look_up(&model, "dh[2]@1/dh[1]@1:direct")},
		{look_up(&model, "dE/dw:direct"), 0},
		{look_up(&model, "dh[2]/dh[1]:direct"),
	     (look_up(&model, "dh[2]@1/dh[1]@1") + look_up(&model, "dh[2]@2/dh[1]@2")) / 2},
		{look_up(&model, "dm/dv[1]"), 0.5},
		{look_up(&model, "dm/dx[1]"), 0},
		{look_up(&model, "d(dq/dw)/du"), 1},
		{look_up(&model, "g"), 1},
		{look_up(&model, "d(d(dq/dw)/dw)/du"), 2},
		{look_up(&model, "s+"), 1.25},
		{look_up(&model, "s#3"), look_up(&model, "s+#2")},
		{look_up(&model, "w.v+"), look_up(&model, "dE/dw")},
		{look_up(&model, "w.v#2"), look_up(&model, "dE/dw")},
		{look_up(&model, "u#2"), 1 - 0.1 * look_up(&model, "dE/du")},
		{look_up(&model, "w+#1"), look_up(&model, "w#2")},
		{look_up(&model, "h[2]"), (look_up(&model, "h[2]@1") + look_up(&model, "h[2]@2")) / 2},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		ck_assert_msg(is_close(rows[i][0], rows[i][1], 1e-13), "row %zu: %.17g, not %.17g", i,
		              rows[i][0], rows[i][1]);
	model_free(&model);
}
END_TEST

START_TEST(the_line_that_a_name_finds_has_its_value)
{
	static const char *const names[] = {
		"w",
		"h[2]@1",
		"E",
		"E@2",
		"dE/dw",
		"dE/dh[1]@2",
		"dE/dE@1",
		"dE@1/dw",
		"dE@2/dh[1]@2",
		"dE@1/dh[1]@2",
		"dh[2]@1/dw",
		"dh[2]@2/dh[1]@2",
		"dh[2]/du",
		"dm/dw",
		"dm/dv[2]",
		"dE/dx[1]@1",
		"d(dq/dw)/du",
		"w+",
		"w.v+",
		"s+",
		"d(dE@1/dw)/dw",
		"dE/dy@2",
		"dE / dk",
		"dh[2]@2 / dh[1]@2:direct",
		"dm/dw:direct",
		"dh[2]@1/dw:direct",
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		Run run;
		Derivation derivation;
		Located located;
		Error error = {0};
		Arena arena = {0};
		Row row;
		run_start(&run, text);
		derivation_start(&derivation, &run.model, &run.replay,
		                 &(DerivationOptions){.wrt = NODE_NONE});
		ck_assert_msg(locate_row(&located, &run.model, &run.replay, &derivation, names[i], &error),
		              "%s: %s", names[i], error.message);
		ck_assert(derivation_row(located.derivation, located.id, &arena, &row, &error));
		double value = look_up(&run.model, names[i]);
		ck_assert_msg(is_close(row.value, value, 1e-13), "the line of %s has %.17g, not %.17g",
		              names[i], row.value, value);
		ck_assert_msg(!row.formula || is_close(formula_evaluate(row.formula), value, 1e-13), "%s",
		              names[i]);
		ck_assert_msg(!strstr(quantity_text(row.name, &arena), "example"), "%s",
		              quantity_text(row.name, &arena));
		located_free(&located);
		derivation_free(&derivation);
		arena_free(&arena);
		run_end(&run);
	}
}
END_TEST

START_TEST(wrong_names_are_told)
{
	static const struct {
		const char *name, *message;
	} rows[] = {
		{"", "a name is empty"},
		{" \t", "a name is empty"},
		{"hh[1]", "did you mean"},
		{"zzzzzz", "is no quantity"},
		{"h", "'h' is a family: name an element, as in h[0] (h has 0..2)"},
		{"dE/dv", "'dE/dv': 'v' is a family: name an element, as in v[1] (v has 1..2)"},
		{"h[9]", "'h[9]' is no quantity of the model: h has 0..2"},
		{"dE/dv[1,2]", "'dE/dv[1,2]' is no quantity of the model: v has 1..2"},
		{"h[1", "indices"},
		{"h[1,", "indices"},
		{"h[a]", "indices"},
		{"h[99999999999]", "indices"},
		{"h[1]@3", "the examples 1 to 2"},
		{"h[1]@0", "1 to 2"},
		{"h[1]@", "1 to 2"},
		{"w@2", "'w@2' is the same for all examples: leave out the @2"},
		{"dE/dw@2", "the derivative of example 2 alone is dA@2/dB"},
		{"w.z", "is no quantity"},
		{"w.h", "is no quantity"},
		{"dE/dw.z", "'dE/dw.z' is no quantity"},
		{"d(dh[2]/dh[1]:direct)/dw", "only a step has derivatives"},
		{"d(dh[2]@1/dh[1]@1:direct)/dw", "only a step has derivatives"},
		{"dE/d(dh[2]/dh[1]:direct)", "is taken by a step, a param or another leaf"},
		{"m+", "no new value"},
		{"w#0", "a whole number from 1"},
		{"w#", "a whole number"},
		{"w#1x", "too much at the end"},
		{"w w", "'w w' is no quantity"},
		{"w)", "too much"},
		{"dE/w", "is written dA/dB"},
		{"dE/dzz", "no quantity"},
		{"d(dE/dw/du", "is no quantity"},
		{"d(dE/dw)", "is no quantity"},
		{"dw/du", "only a step has derivatives"},
		{"d(dE/dw)/", "is written dA/dB"},
		{"h[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", "indices"},
		{"d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(dE/dw)/dw)/dw)/dw)/dw)/dw)/dw)/dw)/dw)/dw)/dw)/dw)/"
	     "dw)/dw)/dw)/dw)/dw)/dw)/dw",
	     "deeper than 16"},
	};
	char longest[1000], blanks[1000];
	memset(blanks, ' ', sizeof blanks - 4);
	memcpy(blanks + sizeof blanks - 4, "w.h", 4);
	memset(longest, 'a', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	Model model;
	must_read(&model, text, &(ModelOptions){.seed = 1});
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		Query query;
		Error error = {0};
		ck_assert_msg(!query_find(&model, rows[i].name, &query, &error), "'%s' is found",
		              rows[i].name);
		ck_assert_msg(strstr(error.message, rows[i].message), "'%s': %s", rows[i].name,
		              error.message);
	}
	Query query;
	Node node;
	uint32_t lane;
	Error error = {0}, second = {0}, third = {0}, fourth = {0};
	ck_assert(!query_find(&model, longest, &query, &error));
	ck_assert_msg(strstr(error.message, "longer than"), "%s", error.message);
	ck_assert(!query_element(&model, "w#2", &node, &lane, &second) &&
	          strstr(second.message, "too much"));
	ck_assert(!query_element(&model, "", &node, &lane, &third));
	static const char *const partials[] = {"dh[2]/dh[1]:direct", "dh[2]@1/dh[1]@1:direct", "dm/dx[1]:direct"};
	for (size_t i = 0; i < sizeof partials / sizeof *partials; i++) {
		Error is_none = {0};
		ck_assert(!query_element(&model, partials[i], &node, &lane, &is_none));
		ck_assert_msg(strstr(is_none.message, "is no step and no leaf"), "%s", is_none.message);
		ck_assert_uint_eq(query_upper(&model, partials[i], &(Error){0}), NODE_NONE);
	}
	ck_assert(!query_find(&model, blanks, &query, &fourth));
	model_free(&model);
}
END_TEST

// Forwards, backwards and again; the derivatives among them are recorded on the way. A replay of its own for each says
// the same.
START_TEST(rounds_are_kept_and_gone_on_from)
{
	static const char *const name[] = {"E", "E#3", "w#50", "E#50", "s#2",  "E#7", "E#7", "dq/du#50", "E@2#49",
	                                   "E", "dE/dw#60", "u#59", "d(dq/dw)/du#2", "E#1"};
	Model model;
	must_read(&model, text, &(ModelOptions){.seed = 1});
	Rounds rounds = {0};
	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		Query query;
		Error error = {0};
		double kept, alone;
		ck_assert_msg(query_find(&model, name[i], &query, &error), "%s: %s", name[i], error.message);
		rounds_values(&rounds, &model, &query, 1, &kept);
		query_values(&model, &query, 1, &alone);
		ck_assert_msg(kept == alone, "%s: %.17g, not %.17g", name[i], kept, alone);
	}
	rounds_free(&rounds);
	model_free(&model);
}
END_TEST

SUITE(rounds_are_kept_and_gone_on_from, names_mean_what_they_say, the_line_that_a_name_finds_has_its_value, wrong_names_are_told)
