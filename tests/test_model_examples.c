// The examples of the language's page, and the lessons' models, against values from independent calculations.
#include "tests/test_model.h"
#include "tutor/io/input.h"
#include "tutor/io/table.h"

typedef struct Named {
	char *text;
	Node node;
	uint32_t lane;
} Named;

static int by_text(const void *a, const void *b)
{
	return strcmp(((const Named *)a)->text, ((const Named *)b)->text);
}

// All names, ordered.
static Named *list_names(const Run *run, size_t *count)
{
	const Tape *tape = &run->model.tape;
	Named *named = malloc(tape->names_count * run->replay.lanes * sizeof *named);
	*count = 0;
	for (uint32_t lane = 0; lane < run->replay.lanes; lane++)
		for (size_t i = 0; i < tape->names_count; i++) {
			char text[NAME_TEXT];
			node_name(tape, tape->names[i].node, lane, text);
			named[*count] = (Named){malloc(strlen(text) + 1), tape->names[i].node, lane};
			strcpy(named[(*count)++].text, text);
		}
	qsort(named, *count, sizeof *named, by_text);
	return named;
}

// The update step that `NAME#k` speaks of, which is cut off.
static int take_step(char *name)
{
	char *sign = strchr(name, '#');
	if (!sign)
		return 1;
	*sign = '\0';
	return atoi(sign + 1);
}

static size_t compare(Run *run, const Table *golden)
{
	size_t count, compared = 0;
	int step = 1;
	Named *named = list_names(run, &count);
	for (size_t row = 0; row < golden->rows; row++) {
		char name[NAME_TEXT];
		snprintf(name, sizeof name, "%s", table_cell(golden, row, 0));
		for (int wanted = take_step(name); step < wanted; step++)
			run_update(run);
		Named key = {.text = name}, *found = bsearch(&key, named, count, sizeof *named, by_text);
		if (!found && strchr(name, '/'))
			continue;   // a derivative that is asked for, not recorded with the model
		ck_assert_msg(found != NULL, "there is no '%s'", name);
		double value = replay_value(&run->replay, found->node, found->lane), wanted;
		Error error = {0};
		ck_assert(table_number(golden, row, 1, &wanted, &error));
		ck_assert_msg(is_close(value, wanted, 1e-12) || fabs(value - wanted) < 1e-15, "%s is %.17g, not %.17g",
		              table_cell(golden, row, 0), value, wanted);
		compared++;
	}
	for (size_t i = 0; i < count; i++)
		free(named[i].text);
	free(named);
	return compared;
}

static size_t check_golden(const char *model, const char *golden)
{
	Input text, csv;
	Table table = {0};
	Error error = {0};
	Run run;
	if (!input_read(&text, model, &error) || !input_read(&csv, golden, &error) ||
	    !table_read(&table, golden, csv.text, csv.size, 0, csv.size, ',', &error))
		ck_abort_msg("%s: %s", golden, error.message);
	run_start(&run, text.text);
	size_t compared = compare(&run, &table);
	run_end(&run);
	table_free(&table);
	input_free(&text);
	input_free(&csv);
	return compared;
}

START_TEST(the_examples_have_the_calculated_values)
{
	static const struct {
		const char *name;
		size_t least;
	} example[] = {{"example1", 37}, {"example2_small", 300}, {"example3", 18}, {"example4_given", 2500}};
	for (size_t i = 0; i < sizeof example / sizeof *example; i++) {
		char model[100], golden[100];
		snprintf(model, sizeof model, "tests/models/%s.model", example[i].name);
		snprintf(golden, sizeof golden, "tests/golden_language/%s.csv", example[i].name);
		size_t compared = check_golden(model, golden);
		ck_assert_msg(compared >= example[i].least, "%s: only %zu values", example[i].name, compared);
	}
}
END_TEST

START_TEST(every_example_and_lesson_is_read)
{
	static const char *const files[] = {
		"tests/models/example1.model", "tests/models/example2_small.model", "tests/models/example3.model",
		"tests/models/example4.model", "lessons/baydin_ad_survey.model", "lessons/cs231n_circuits.model",
		"lessons/cs231n_hinge_vs_softmax.model", "lessons/gomez_lstm.model", "lessons/han_kamber_321.model",
		"lessons/hmkcode_linear_221.model", "lessons/karpathy_lecture_micrograd.model",
		"lessons/micrograd_readme.model", "lessons/softmax_ce_gradients.model",
	};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		Input input;
		Error error = {0};
		Model model;
		ck_assert_msg(input_read(&input, files[i], &error), "%s", error.message);
		ck_assert_msg(model_read(&model, files[i], input.text, input.size, &(ModelOptions){.seed = 1}, &error),
		              "%s:%d: %s", error.file, error.line, error.message);
		model_free(&model);
		input_free(&input);
	}
}
END_TEST

START_TEST(the_digit_network_has_the_size_of_its_equations)
{
	Input input;
	Error error = {0};
	Model model;
	const Setting size[] = {{"n", 784}, {"m", 100}};
	ModelOptions options = {.seed = 1, .setting = size, .setting_count = 2, .batch = true, .needs_no_data = true};
	ck_assert(input_read(&input, "tests/models/example2.model", &error));
	ck_assert_msg(model_read(&model, "example2", input.text, input.size, &options, &error), "%s", error.message);
	ck_assert_uint_eq(model.param_count, 784 * 100 + 100 + 100 * 10 + 10);
	ck_assert_str_eq(tape_family_text(&model.tape, model.predict), "p");
	model_free(&model);
	input_free(&input);
}
END_TEST

SUITE(the_examples_have_the_calculated_values, every_example_and_lesson_is_read,
      the_digit_network_has_the_size_of_its_equations)
