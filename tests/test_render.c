// Names and formulas in every notation, and what the formats do with what could be taken for their own marks.
#include "tests/suite.h"
#include "tutor/render/writer.h"

#include <string.h>

static Arena arena;

static const Quantity *element(const char *text, const int32_t *index, uint32_t rank, uint32_t example)
{
	Quantity *q = arena_new(&arena, Quantity);
	*q = (Quantity){.kind = QUANTITY_ELEMENT, .text = text, .index = index, .rank = rank, .example = example};
	return q;
}

static const Quantity *of_kind(QuantityKind kind, const Quantity *of, const Quantity *by, const char *text)
{
	Quantity *q = arena_new(&arena, Quantity);
	*q = (Quantity){.kind = kind, .of = of, .by = by, .text = text};
	return q;
}

static const Quantity *plain(const char *text)
{
	return element(text, NULL, 0, 0);
}

// ---- Names

static void expect_name(const Quantity *q, const char *text, const char *latex, const char *mathml)
{
	const struct {
		const Markup *markup;
		const char *expected;
	} row[] = {{&markup_text, text}, {&markup_latex, latex}, {&markup_mathml, mathml}};
	for (size_t i = 0; i < 3; i++) {
		Output output = {0};
		Notation notation = {.markup = row[i].markup, .unicode = true, .digits = 9};
		notation_quantity(&output, q, &notation);
		ck_assert_str_eq(output_memory(&output), row[i].expected);
		output_abandon(&output);
	}
}

START_TEST(names_are_those_of_books)
{
	static const int32_t index[] = {2, 3};
	const Quantity *w5 = plain("w5"), *h = element("h", index + 1, 1, 2);
	expect_name(w5, "w₅", "w_5", "<msub><mi>w</mi><mn>5</mn></msub>");
	expect_name(plain("net_h1"), "net_h₁", "\\mathrm{net}_{h1}",
	            "<msub><mi>net</mi><mrow><mi>h</mi><mn>1</mn></mrow></msub>");
	expect_name(plain("E_total"), "E_total", "E_{\\mathrm{total}}", "<msub><mi>E</mi><mi>total</mi></msub>");
	expect_name(plain("alpha"), "α", "\\alpha", "<mrow><mi>α</mi></mrow>");
	expect_name(plain("beta2"), "β₂", "\\beta_2", "<msub><mi>β</mi><mn>2</mn></msub>");
	expect_name(plain("update.rate"), "η", "\\eta", "<mrow><mi>η</mi></mrow>");
	expect_name(element("w1", index, 2, 0), "w₁[2,3]", "w_{2,3}^{[1]}",
	            "<msubsup><mi>w</mi><mn>2,3</mn><mn>[1]</mn></msubsup>");
	expect_name(h, "h[3]@2", "h_3^{(2)}", "<msubsup><mi>h</mi><mn>3</mn><mn>(2)</mn></msubsup>");
	expect_name(of_kind(QUANTITY_NEXT, w5, NULL, NULL), "w₅⁺", "w_5^+",
	            "<msubsup><mi>w</mi><mn>5</mn><mo>+</mo></msubsup>");
	expect_name(of_kind(QUANTITY_MEMBER, w5, NULL, "v"), "w₅.v", "v_{w_5}",
	            "<msub><mi>v</mi><mrow><msub><mi>w</mi><mn>5</mn></msub></mrow></msub>");
	expect_name(of_kind(QUANTITY_DERIVATIVE, plain("E"), w5, NULL), "∂E/∂w₅", "\\frac{\\partial E}{\\partial w_5}",
	            "<mfrac><mrow><mi>∂</mi><mrow><mi>E</mi></mrow></mrow>"
	            "<mrow><mi>∂</mi><msub><mi>w</mi><mn>5</mn></msub></mrow></mfrac>");
}
END_TEST

static const Quantity *derivative(const Quantity *of, const Quantity *by)
{
	return of_kind(QUANTITY_DERIVATIVE, of, by, NULL);
}

START_TEST(derivatives_of_derivatives_are_of_higher_order)
{
	static const int32_t index[] = {3};
	const Quantity *f = plain("f"), *x = plain("x"), *y = plain("y"), *h = element("h", index, 1, 2);
	const Quantity *fx = derivative(f, x);
	expect_name(derivative(fx, y), "∂(∂f/∂x)/∂y", "\\frac{\\partial^{2} f}{\\partial y\\,\\partial x}",
	            "<mfrac><mrow><msup><mi>∂</mi><mn>2</mn></msup><mrow><mi>f</mi></mrow></mrow>"
	            "<mrow><mi>∂</mi><mrow><mi>y</mi></mrow><mi>∂</mi><mrow><mi>x</mi></mrow></mrow></mfrac>");
	expect_name(derivative(fx, x), "∂(∂f/∂x)/∂x", "\\frac{\\partial^{2} f}{\\partial x^{2}}",
	            "<mfrac><mrow><msup><mi>∂</mi><mn>2</mn></msup><mrow><mi>f</mi></mrow></mrow>"
	            "<mrow><mi>∂</mi><msup><mrow><mi>x</mi></mrow><mn>2</mn></msup></mrow></mfrac>");
	expect_name(derivative(derivative(fx, x), y), "∂(∂(∂f/∂x)/∂x)/∂y",
	            "\\frac{\\partial^{3} f}{\\partial y\\,\\partial x^{2}}",
	            "<mfrac><mrow><msup><mi>∂</mi><mn>3</mn></msup><mrow><mi>f</mi></mrow></mrow><mrow><mi>∂</mi><mrow><mi>y</mi>"
	            "</mrow><mi>∂</mi><msup><mrow><mi>x</mi></mrow><mn>2</mn></msup></mrow></mfrac>");
	// What is raised already is not raised again, and what is derived by a derivative is no second derivative.
	expect_name(derivative(derivative(f, h), h), "∂(∂f/∂h[3]@2)/∂h[3]@2",
	            "\\frac{\\partial^{2} f}{\\partial h_3^{(2)}\\,\\partial h_3^{(2)}}",
	            "<mfrac><mrow><msup><mi>∂</mi><mn>2</mn></msup><mrow><mi>f</mi></mrow></mrow><mrow>"
	            "<mi>∂</mi><msubsup><mi>h</mi><mn>3</mn><mn>(2)</mn></msubsup>"
	            "<mi>∂</mi><msubsup><mi>h</mi><mn>3</mn><mn>(2)</mn></msubsup></mrow></mfrac>");
	expect_name(derivative(y, fx), "∂y/∂(∂f/∂x)",
	            "\\frac{\\partial y}{\\partial \\left(\\frac{\\partial f}{\\partial x}\\right)}",
	            "<mfrac><mrow><mi>∂</mi><mrow><mi>y</mi></mrow></mrow><mrow><mi>∂</mi><mrow><mo>(</mo>"
	            "<mfrac><mrow><mi>∂</mi><mrow><mi>f</mi></mrow></mrow><mrow><mi>∂</mi><mrow><mi>x</mi></mrow></mrow></mfrac>"
	            "<mo>)</mo></mrow></mrow></mfrac>");
}
END_TEST

START_TEST(derivatives_in_sentences_have_a_slash)
{
	const Markup *markup[] = {&markup_latex, &markup_mathml};
	const char *expected[] = {"\\mathrm{d}^{2} E/\\mathrm{d}w_5^{2}",
	                          "<mrow><mrow><msup><mi mathvariant=\"normal\">d</mi><mn>2</mn></msup><mrow><mi>E</mi></mrow>"
	                          "</mrow><mo lspace=\"0\" rspace=\"0\">/</mo><mrow><mi mathvariant=\"normal\">d</mi>"
	                          "<msup><msub><mi>w</mi><mn>5</mn></msub><mn>2</mn></msup></mrow></mrow>"};
	for (size_t i = 0; i < 2; i++) {
		Output output = {0};
		Notation notation = {.markup = markup[i], .upright = true, .slashed = true};
		notation_quantity(&output, derivative(derivative(plain("E"), plain("w5")), plain("w5")), &notation);
		ck_assert_str_eq(output_memory(&output), expected[i]);
		output_abandon(&output);
	}
}
END_TEST

// ---- Formulas

static Formula *number(double value)
{
	return formula_number(&arena, value);
}

static Formula *name(const char *text, double value)
{
	return formula_name(&arena, plain(text), value, 1);
}

static Formula *operation(Op op, Formula *a, Formula *b)
{
	Formula *f = formula_operation(&arena, op, b ? 2 : 1, 0);
	f->argument[0] = a;
	if (b)
		f->argument[1] = b;
	return f;
}

static void expect_formula(const Formula *f, const char *text, const char *latex)
{
	for (int i = 0; i < 2; i++) {
		Output output = {0};
		Notation notation = {.markup = i ? &markup_latex : &markup_text, .unicode = true, .digits = 9};
		notation_formula(&output, f, &notation);
		ck_assert_str_eq(output_memory(&output), i ? latex : text);
		output_abandon(&output);
	}
}

START_TEST(fractions_and_powers_need_no_parentheses_within)
{
	Formula *a = name("a", 2), *b = name("b", -3), *sum = operation(OP_SUM, a, b);
	expect_formula(operation(OP_DIV, sum, operation(OP_PROD, a, b)), "(a + b)/(a·b)", "\\frac{a + b}{a \\cdot b}");
	expect_formula(operation(OP_INTPOWER, sum, number(2)), "(a + b)²", "{(a + b)}^{2}");
	expect_formula(operation(OP_INTPOWER, operation(OP_DIV, a, b), number(2)), "(a/b)²",
	               "{\\left(\\frac{a}{b}\\right)}^{2}");
	expect_formula(operation(OP_POWER, a, operation(OP_SUM, b, number(-1))), "a^(b + (-1))", "{a}^{b + (-1)}");
	expect_formula(operation(OP_SQRT, sum, NULL), "sqrt(a + b)", "\\sqrt{a + b}");
	expect_formula(operation(OP_ABS, operation(OP_NEG, a, NULL), NULL), "abs(-a)", "\\left\\vert -a\\right\\vert ");
	expect_formula(operation(OP_SUB, a, operation(OP_SUB, b, a)), "a - (b - a)", "a - (b - a)");
	expect_formula(operation(OP_PROD, a, operation(OP_NEG, b, NULL)), "a·(-b)", "a \\cdot (-b)");
	expect_formula(operation(OP_LEAKY_RELU, a, number(0.1)), "leaky_relu(a, 0.1)", "\\operatorname{leaky\\_relu}(a, 0.1)");
	expect_formula(operation(OP_PROD, number(1.5e-12), a), "1.5e-12·a", "1.5\\cdot 10^{-12} \\cdot a");
}
END_TEST

START_TEST(wide_sums_are_folded)
{
	Formula *sum = formula_operation(&arena, OP_SUM, 6, 0);
	for (uint32_t i = 0; i < 6; i++)
		sum->argument[i] = name("long_name", i);
	Output output = {0};
	Notation notation = {.markup = &markup_latex, .digits = 9, .columns = 30};
	notation_formula(&output, sum, &notation);
	size_t folds = 0;
	for (const char *at = output_memory(&output); (at = strstr(at, "\\\\\n")); at++)
		folds++;
	ck_assert_uint_ge(folds, 1);
	ck_assert_uint_le(folds, 3);
	output_abandon(&output);
}
END_TEST

// A sum within a sum within a call: lines of about the same length, no last term alone.
START_TEST(lines_of_a_fold_are_alike)
{
	Formula *inner = formula_operation(&arena, OP_SUM, 6, 0);
	for (uint32_t i = 0; i < 6; i++)
		inner->argument[i] = name("long_name", i);
	Formula *call = operation(OP_TANH, operation(OP_SUM, inner, name("b", 1)), NULL);
	Output output = {0};
	Notation notation = {.markup = &markup_latex, .digits = 9, .columns = 66};
	notation_formula(&output, call, &notation);
	ck_assert_str_eq(output_memory(&output),
	                 "\\tanh(\\mathrm{long}_{\\mathrm{name}} + \\mathrm{long}_{\\mathrm{name}} + "
	                 "\\mathrm{long}_{\\mathrm{name}} + \\mathrm{long}_{\\mathrm{name}} \\\\\n"
	                 "  & \\quad  + \\mathrm{long}_{\\mathrm{name}} + \\mathrm{long}_{\\mathrm{name}} + b)");
	output_abandon(&output);
}
END_TEST

// A fraction that is wider than a line is written with a slash, and folded.
START_TEST(wide_fractions_have_a_slash)
{
	Formula *sum = formula_operation(&arena, OP_SUM, 6, 0);
	for (uint32_t i = 0; i < 6; i++)
		sum->argument[i] = name("loss", i);
	Formula *mean = operation(OP_DIV, sum, name("B", 6));
	const char *expected[] = {"\\frac{\\mathrm{loss} + \\mathrm{loss} + \\mathrm{loss} + \\mathrm{loss} + \\mathrm{loss} + "
	                          "\\mathrm{loss}}{B}",
	                          "(\\mathrm{loss} + \\mathrm{loss} + \\mathrm{loss} + \\mathrm{loss} \\\\\n"
	                          "  & \\quad  + \\mathrm{loss} + \\mathrm{loss})/B"};
	for (int i = 0; i < 2; i++) {
		Output output = {0};
		Notation notation = {.markup = &markup_latex, .digits = 9, .columns = i ? 36 : 60};
		notation_formula(&output, mean, &notation);
		ck_assert_str_eq(output_memory(&output), expected[i]);
		output_abandon(&output);
	}
}
END_TEST

// ---- Text that looks like a format's own marks

static char *written(const Format *format, const Item *item)
{
	Output output = {0};
	TextStyle style = text_style(true, 9, 80);
	Writer writer;
	writer_start(&writer, format, &output, &style, "<title> & \"more\"");
	writer_item(&writer, item);
	writer_end(&writer);
	char *text = arena_copy(&arena, output_memory(&output), output.count);
	output_abandon(&output);
	return text;
}

START_TEST(text_is_text_in_every_format)
{
	Run run = {.kind = RUN_TEXT, .text = "1 < 2 & $5_*[x]*\\ {50%} #1 ~ ^"};
	Item item = {.kind = ITEM_PARAGRAPH, .run = &run};
	ck_assert_ptr_nonnull(strstr(written(&format_text, &item), run.text));
	ck_assert_ptr_nonnull(strstr(written(&format_html, &item), "<p>1 &lt; 2 &amp; $5_*[x]*\\ {50%} #1 ~ ^</p>"));
	ck_assert_ptr_nonnull(strstr(written(&format_html, &item), "<title>&lt;title&gt; &amp; &quot;more&quot;</title>"));
	ck_assert_ptr_nonnull(strstr(written(&format_markdown, &item), "1 \\< 2 & <span>$</span>5\\_\\*\\[x\\]\\*\\\\ {50%} \\#1 \\~ ^"));
	ck_assert_ptr_nonnull(strstr(written(&format_latex, &item),
	                             "1 $<$ 2 \\& \\$5\\_*[x]*\\textbackslash{} \\{50\\%\\} \\#1 \\textasciitilde{} "
	                             "\\textasciicircum{}"));
}
END_TEST

// Every kind of item is written by every format without a fault.
START_TEST(every_item_in_every_format)
{
	Run code = {.kind = RUN_CODE, .text = "a`b"}, link = {.kind = RUN_LINK, .text = "t", .target = "https://x.y/?a=1&b=2"};
	Run value = {.kind = RUN_VALUE, .value = -0.5};
	code.next = &link;
	link.next = &value;
	Cell cell[] = {{.kind = CELL_TEXT, .text = ""}, {.kind = CELL_TEXT, .text = "b|c"}};
	Row row = {.phase = PHASE_FORWARD, .id = 1, .name = plain("L"), .formula = name("a", 2), .value = 2};
	for (size_t i = 0; formats[i]; i++)
		for (ItemKind kind = ITEM_HEADING; kind <= ITEM_RULE; kind++) {
			Item item = {.kind = kind, .level = kind == ITEM_HEADING, .run = &code, .text = "x\n", .row = row,
			             .cell = cell, .rows = 2, .columns = 1};
			ck_assert_uint_gt(strlen(written(formats[i], &item)), 1);
		}
}
END_TEST

SUITE(names_are_those_of_books, derivatives_of_derivatives_are_of_higher_order, derivatives_in_sentences_have_a_slash,
      fractions_and_powers_need_no_parentheses_within, wide_sums_are_folded, lines_of_a_fold_are_alike, wide_fractions_have_a_slash,
      text_is_text_in_every_format, every_item_in_every_format)
