// Any bytes handed in by a class of two, who have handed in the same: marked, entered into a
// gradebook, and given back as pages. No fault; points within bounds; nothing in the gradebook that
// a spreadsheet takes for a formula, and nothing in a page that a browser takes for an element.
#include "tutor/commands/feedback.h"
#include "tutor/course/copies.h"
#include "tutor/render/writer.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const char text[] =
	"input x1 = 0.5, x2 = -0.3\ntarget y = 0.8\nparam w1 = 0.4, w2 = 0.7, v = -0.6, b = 0.1\n"
	"n = w1*x1 + w2*x2 + b\nh = sigmoid(n)\nm = v*h + b\no = tanh(m)\nE = 1/2*(o - y)^2\n"
	"minimize E\nupdate sgd(rate = 0.5)\n";

static Question questions[] = {
	{QUESTION_NUMBER, "n", "n", 1},
	{QUESTION_NUMBER, "h", "h", 2},
	{QUESTION_NUMBER, "m", "m", 1},
	{QUESTION_NUMBER, "o", "o", 1},
	{QUESTION_NUMBER, "dE/dm", "dE/dm", 1.5},
	{QUESTION_NUMBER, "dE/dv", "dE/dv", 0},
	{QUESTION_NUMBER, "dE/dw1", "dE/dw1", 1},
	{QUESTION_NUMBER, "w1+", "w1+", 1},
	{QUESTION_NUMBER, "E#3", "E#3", 2},
	{QUESTION_FORMULA, "formula:dE/dv", "dE/dv", 3},
};

enum { QUESTIONS = sizeof questions / sizeof *questions };

static const char *const numbers[] = {"x1", "w1"};
static double first[] = {0.5, 0.4}, second[] = {0.7, -0.2};
static Variant variants[] = {{.id = "ann", .file = "ann", .name = "Ann", .value = first},
                             {.id = "ben", .file = "ben", .name = "", .value = second}};

static void check_page(const Submitted *submitted, const Marks *marks, int hint)
{
	Document document = {0};
	Output page = {0};
	TextStyle style = text_style(true, 9, 80);
	feedback(&document, submitted, marks, hint, hint % 2 ? &marks->points : NULL);
	writer_document(&document, &format_markdown, &page, &style, "t");
	page.count = 0;
	writer_document(&document, &format_html, &page, &style, "t");
	if (strstr(output_memory(&page), "<fuzz"))
		abort();
	output_abandon(&page);
	arena_free(&document.arena);
}

static void check_marks(const Marks *marks)
{
	if (!(marks->points >= 0 && marks->carried >= 0 && marks->better >= marks->points &&
	      marks->better >= marks->carried && marks->better <= marks->out_of))
		abort();
}

static void check_gradebook(const Gradebook *gradebook)
{
	Output output = {0};
	Table table;
	Error error = {0};
	gradebook_write(gradebook, &output);
	output_memory(&output);
	if (!table_read(&table, "gradebook", output.bytes, output.count, 0, output.count, 0, &error))
		abort();
	for (size_t row = 0; row < table.rows; row++)
		for (size_t i = 0; i < table.columns; i++) {
			const char *cell = table_cell(&table, row, i);
			if (*cell && strchr("=+-@\t\r", *cell))
				abort();
		}
	table_free(&table);
	output_abandon(&output);
}

static void mark_both(const Assignment *assignment, const Answers *answers, int hint)
{
	Gradebook gradebook;
	Arena arena = {0};
	gradebook_start(&gradebook, assignment);
	for (size_t i = 0; i < 2; i++) {
		Model model;
		Marks marks;
		Error error = {0};
		if (!assignment_model(assignment, &variants[i], &model, &error))
			abort();
		Submitted submitted = {answers, assignment, &variants[i], NULL, &model, NULL};
		mark(&marks, &submitted);
		check_marks(&marks);
		gradebook_enter(&gradebook, i, &marks, &arena);
		check_page(&submitted, &marks, hint);
		marks_free(&marks);
		model_free(&model);
	}
	find_copies(&gradebook, &arena);
	check_gradebook(&gradebook);
	gradebook_free(&gradebook);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	Answers answers;
	Error error = {0};
	Assignment assignment = {.title = "t",
	                         .model_name = "m",
	                         .text = text,
	                         .size = sizeof text - 1,
	                         .significant = 4,
	                         .seed = 1,
	                         .question = questions,
	                         .questions = QUESTIONS,
	                         .number = (const char **)numbers,
	                         .numbers = 2,
	                         .variant = variants,
	                         .variants = 2};
	if (!answers_read(&answers, "fuzz", (const char *)data, size, &error))
		return 0;
	mark_both(&assignment, &answers, size ? 1 + data[size - 1] % 3 : 1);
	answers_free(&answers);
	return 0;
}
