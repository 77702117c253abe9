// What variants cost and what they are worth: how often numbers are drawn, which mistakes stay
// hidden or look alike, and how sheets are judged whose every step is rounded to the digits asked
// for. By STUDENTS=N of a class (default 100) for each of seven shapes of models.
#include "tests/test_diagnose.h"
#include "tutor/course/variant.h"

#include <time.h>

typedef struct Tally {
	long sheets, answers, wrong, few, attempts, hard;
	double seconds;
} Tally;

// All lines worked out from rounded ones.
static void round_all(const Maker *maker, int digits, double *value)
{
	const Diagnoser *d = &maker->diagnoser;
	for (uint32_t id = 1; id <= d->lines.count; id++) {
		const Formula *formula = lines_at(&d->lines, id)->formula;
		value[id - 1] = formula ? rounded(lines_value(formula, value), digits) : d->value[id - 1];
	}
}

static void judge(Maker *maker, const double *value, Tally *tally)
{
	const Assignment *a = maker->assignment;
	Output csv = {0};
	Answers answers;
	Error error = {0};
	Verification result;
	output_text(&csv, "name,value\n");
	for (size_t i = 0; i < a->questions; i++)
		output_printf(&csv, "\"%s\",%.*e\n", a->question[i].name, a->significant - 1,
		              value[maker->asked[i] - 1]);
	const char *text = output_memory(&csv);
	if (!answers_read(&answers, "sheet", text, strlen(text), &error))
		abort();
	verify(&result, &answers, &maker->model, &(VerifyOptions){.significant = a->significant});
	tally->sheets++;
	tally->answers += (long)result.count;
	tally->wrong += (long)(result.tally[VERDICT_WRONG] + result.tally[VERDICT_CARRIED]);
	tally->few += (long)result.tally[VERDICT_FEW_DIGITS];
	verify_free(&result);
	answers_free(&answers);
	output_abandon(&csv);
}

static void try_class(Subject *s, int students, int digits, Tally *tally)
{
	Assignment a = {.title = "t", .model_name = "m", .text = output_memory(&s->text),
	                .size = s->text.count, .significant = digits};
	Maker maker;
	Error error = {0};
	double number[NUMBERS_MOST];
	if (!maker_start(&maker, &a, &(MakerOptions){.questions = "main"}, &error))
		abort();
	for (int i = 0; i < students; i++) {
		clock_t start = clock();
		Drawn drawn = maker_draw_seeded(&maker, 1000 + (uint64_t)i, number);
		tally->seconds += (double)(clock() - start) / CLOCKS_PER_SEC;
		tally->attempts += drawn.attempts;
		tally->hard += drawn.fault.unsound || drawn.fault.hidden;
		round_all(&maker, digits, s->value);
		judge(&maker, s->value, tally);
	}
	maker_free(&maker);
	assignment_free(&a);
}

int main(void)
{
	const char *asked = getenv("STUDENTS");
	int students = asked ? atoi(asked) : 100;
	printf("shape  sheets  answers  wrong  few digits  draws a student  ms a student  none found\n");
	for (int shape = 0; shape < SHAPES; shape++) {
		Tally t = {0};
		Subject s;
		if (!subject_start(&s, shape, 1))
			return 1;
		for (int digits = 4; digits <= 6; digits++)
			try_class(&s, students, digits, &t);
		printf("%5d %7ld %8ld %6ld %11ld %16.2f %13.3f %11ld\n", shape, t.sheets, t.answers, t.wrong,
		       t.few, (double)t.attempts / (double)t.sheets, 1000 * t.seconds / (double)t.sheets, t.hard);
		subject_end(&s);
	}
	return 0;
}
