// Sheets: what a student is given holds no answer, in no form; the key holds them all.
#include "tests/test_assignment.h"
#include "tutor/course/handout.h"
#include "tutor/course/key.h"
#include "tutor/course/variant.h"

static const char softmax[] =
	"input x[1..2] = [0.4, 0.7]\ntarget y[1..3] = [0, 1, 0]\n"
	"param v[1..2,1..2] = [[0.3, -0.2], [0.5, 0.1]]\nparam w[1..3,1..2] = "
	"[[0.2,0.4],[-0.3,0.6],[0.1,-0.5]]\nparam b[1..2] = 0.2\n"
	"n[j=1..2] = sum(i=1..2, v[j,i]*x[i]) + b[j]\nh[j=1..2] = tanh(n[j])\n"
	"z[k=1..3] = sum(j=1..2, w[k,j]*h[j])\ne[k=1..3] = exp(z[k])\nS = sum(k=1..3, e[k])\n"
	"p[k=1..3] = e[k]/S\nL = -sum(k=1..3, y[k]*log(p[k]))\nminimize L\nupdate adam\n";
static const char batch[] =
	"input x\ntarget t\nparam w = 0.5, b = -0.25\nz = w*x + b\np = sigmoid(z)\n"
	"E = (p - t)^2\nminimize E\nupdate momentum(rate = 0.3)\nexamples\nx,t\n0.35,1\n-0.8,0\n0.6,1\nend\n";

// An assignment of one student.
typedef struct Given {
	Assignment assignment;
	Maker maker;
	Handout handout;
	Variant variant;
	double value[NUMBERS_MOST];
	Worked worked[2];
} Given;

static void given_start(Given *g, const char *text, const MakerOptions *options, uint64_t seed)
{
	Error error = {0};
	*g = (Given){0};
	g->assignment = (Assignment){.title = "Week 3", .model_name = "m", .text = text,
	                             .size = strlen(text), .significant = 4, .seed = 1};
	ck_assert_msg(maker_start(&g->maker, &g->assignment, options, &error), "%s", error.message);
	ck_assert(handout_start(&g->handout, &g->assignment, &g->maker.diagnoser, &error));
	for (size_t i = 0; i < g->assignment.finds; i++) {
		maker_draw_seeded(&g->maker, seed + 1000 + i, g->value);
		ck_assert(worked_start(&g->worked[i], &g->maker.diagnoser, seed, 4));
	}
	g->variant = (Variant){.id = "a<1>", .file = "001-a-1", .name = "Anna_ & Co", .value = g->value};
	maker_draw_seeded(&g->maker, seed, g->value);
}

static void given_end(Given *g)
{
	for (size_t i = 0; i < g->assignment.finds; i++)
		worked_free(&g->worked[i]);
	handout_free(&g->handout);
	maker_free(&g->maker);
	assignment_free(&g->assignment);
}

static char *sheet_in(Given *g, const Format *format)
{
	Document document = {0};
	Output output = {0};
	TextStyle style = text_style(true, 9, 80);
	handout_sheet(&document, &g->handout, &g->variant, g->worked);
	writer_document(&document, format, &output, &style, "t");
	char *copy = strdup(output_memory(&output));
	output_abandon(&output);
	arena_free(&document.arena);
	return copy;
}

// Whether the digits stand in the text as a number, not within a longer one.
static bool has_number(const char *text, const char *digits)
{
	size_t size = strlen(digits);
	for (const char *at = text; (at = strstr(at, digits)); at++) {
		bool before = at > text && strchr("0123456789.", at[-1]);
		if (!before && !(at[size] && strchr("0123456789", at[size])))
			return true;
	}
	return false;
}

static bool is_given_too(const Diagnoser *d, double value)
{
	for (uint32_t id = 1; id <= d->lines.count; id++)
		if (!lines_at(&d->lines, id)->formula &&
		    fabs(fabs(d->value[id - 1]) - fabs(value)) <= 5e-4 * fabs(value))
			return true;
	return false;
}

// The forms in which a number would be written: rounded and cut, without its sign.
static void check_hidden(const char *text, const Given *g, uint32_t id, const char *format)
{
	double value = fabs(g->maker.diagnoser.value[id - 1]);
	char digits[60];
	// Examples to look through are full of numbers, of which some have three digits alike.
	size_t least = g->assignment.finds ? 6 : 3;
	if (g->assignment.finds && g->worked[0].value[id - 1] == g->maker.diagnoser.value[id - 1])
		return;   // the same whatever the numbers: 1/B
	if (value == 0 || value >= 100 || value < 1e-6 || is_given_too(&g->maker.diagnoser, value))
		return;
	for (int n = 4; n <= 9; n++) {
		snprintf(digits, sizeof digits, "%.*f", n, value);
		for (int cut = 0; cut < 2; cut++) {
			if (strspn(digits, "0.") + least <= strlen(digits))
				ck_assert_msg(!has_number(text, digits), "line %u: %s stands in %s", (unsigned)id,
				              digits, format);
			digits[strlen(digits) - 1] = '\0';
		}
	}
}

static void check_sheets(Given *g)
{
	const Lines *lines = &g->maker.diagnoser.lines;
	for (const Format *const *format = formats; *format; format++) {
		// The style of a page has numbers too.
		char *text = sheet_in(g, *format), *body = strstr(text, "<main>");
		for (uint32_t id = 1; id <= lines->count; id++)
			if (lines_at(lines, id)->formula)
				check_hidden(body ? body : text, g, id, (*format)->name);
		free(text);
	}
}

START_TEST(no_answer_is_on_a_sheet)
{
	static const char *const models[] = {MAZUR_TEXT, softmax, batch};
	static const MakerOptions options[] = {
		{.questions = "main"}, {.questions = "all", .formulas = "main", .planted = 2}};
	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 2; k++)
			for (uint64_t seed = 1; seed <= 5; seed++) {
				Given g;
				given_start(&g, models[i], &options[k], seed);
				check_sheets(&g);
				given_end(&g);
			}
}
END_TEST

START_TEST(a_sheet_has_what_is_needed)
{
	Given g;
	given_start(&g, batch, &(MakerOptions){.questions = "main", .formulas = "dE/dw", .planted = 1}, 7);
	char *text = sheet_in(&g, &format_text);
	static const char *const wanted[] = {
		"Anna_ & Co", "(a<1>)", "Your numbers", "w", "The squared error has no factor 1/2",
		"mean over the 3 examples", "The biases are trained", "4 significant digits",
		"The equations of the other examples", "w.v⁺ = ", "w⁺ = w - ", "start at 0", "E@1 = (p@1 - t@1)²", "dE/dz@3", "formula:dE/dw", "find:1",
		"001-a-1.csv", "Worked example 1", "= __________"};
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		ck_assert_msg(strstr(text, wanted[i]), "'%s' is not there", wanted[i]);
	for (size_t i = 0; i < g.maker.numbers.count; i++) {
		char number[40];
		snprintf(number, sizeof number, "%g", g.value[i]);
		ck_assert_msg(strstr(text, number), "%s", number);
	}
	free(text);
	given_end(&g);
	given_start(&g, MAZUR_TEXT, &(MakerOptions){.questions = "net_h1"}, 7);
	text = sheet_in(&g, &format_text);
	ck_assert_ptr_nonnull(strstr(text, "The squared error has the factor 1/2"));
	ck_assert_ptr_nonnull(strstr(text, "given as constants are not trained"));
	ck_assert_ptr_null(strstr(text, "must show its step"));
	free(text);
	given_end(&g);
}
END_TEST

// What a name or an id has of a format's own signs is text there.
START_TEST(names_are_text)
{
	Given g;
	given_start(&g, MAZUR_TEXT, &(MakerOptions){.questions = "net_h1"}, 7);
	g.variant.name = "<script>x</script> \\input{/etc/passwd} $1 [a](b)";
	char *html = sheet_in(&g, &format_html), *latex = sheet_in(&g, &format_latex);
	char *markdown = sheet_in(&g, &format_markdown);
	ck_assert_ptr_null(strstr(html, "<script>x"));
	ck_assert_ptr_nonnull(strstr(html, "&lt;script&gt;x"));
	ck_assert_ptr_null(strstr(latex, "\\input{"));
	ck_assert_ptr_null(strstr(markdown, "<script>x"));
	ck_assert_ptr_null(strstr(markdown, "[a](b)"));
	free(html), free(latex), free(markdown);
	given_end(&g);
}
END_TEST

START_TEST(the_key_has_all_answers)
{
	char *folder = scratch_folder();
	Secret secret;
	Given g;
	Error error = {0};
	Document document = {0};
	Output output = {0};
	TextStyle style = text_style(true, 9, 100);
	must_read_secret(&secret, folder, "0123456789abcdef");
	given_start(&g, MAZUR_TEXT, &(MakerOptions){.questions = "main", .formulas = "dE_total/dw5,net_h1", .planted = 1}, 3);
	Mac found = assignment_commit(&g.assignment, g.variant.id, 0, g.worked[0].name, &secret);
	g.variant.found = &found;
	ck_assert_msg(key_answers(&document, &g.assignment, &g.variant, &g.maker.diagnoser, &secret, &error),
	              "%s", error.message);
	writer_document(&document, &format_text, &output, &style, "t");
	const char *text = output_memory(&output);
	Arena arena = {0};
	for (size_t i = 0; i < g.maker.telling.asked_count; i++) {
		double value = g.maker.diagnoser.value[g.maker.asked[i] - 1];
		ck_assert_msg(strstr(text, significant_text(value, 4, &arena)), "%g", value);
	}
	ck_assert_msg(strstr(text, g.worked[0].name), "%s\n%s", g.worked[0].name, text);
	char net[100];
	snprintf(net, sizeof net, "%g*%g + %g*%g + 0.35*1", g.value[4], g.value[0], g.value[5], g.value[1]);
	ck_assert_msg(strstr(text, net), "%s\n%s", net, text);
	ck_assert_str_eq(significant_text(0.36500001, 4, &arena), "0.3650");
	ck_assert_str_eq(significant_text(12, 2, &arena), "12");
	arena_free(&arena);
	arena_free(&document.arena);
	output_abandon(&output);
	given_end(&g);
	secret_free(&secret);
	remove_folder(folder);
}
END_TEST

SUITE(no_answer_is_on_a_sheet, a_sheet_has_what_is_needed, names_are_text, the_key_has_all_answers)
