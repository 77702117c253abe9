#include "tutor/course/variant.h"

#include "tutor/course/questions.h"

#include <stdlib.h>
#include <string.h>

// ---- Start

static bool start_lines(Maker *maker, Error *error)
{
	const Assignment *a = maker->assignment;
	if (diagnoser_start(&maker->diagnoser, &maker->model, NULL, 0))
		return true;
	return error_set(error,
	                 "%s is too large to be worked by hand: its derivation has more than %d lines",
	                 a->model_name, LINES_MOST);
}

static bool start_numbers(Maker *maker, const char *vary, Error *error)
{
	Assignment *a = maker->assignment;
	if (!numbers_start(&maker->numbers, &maker->model, vary, error))
		return false;
	const Numbers *numbers = &maker->numbers;
	if (!numbers->count || numbers->count > NUMBERS_MOST)
		return error_set(error,
		                 "%zu numbers vary, where 1 to %d may; say which with --vary NAME,...",
		                 numbers->count, NUMBERS_MOST);
	a->numbers = numbers->count;
	a->number = arena_array(&a->arena, const char *, numbers->count);
	for (size_t i = 0; i < numbers->count; i++)
		a->number[i] = arena_copy(&a->arena, numbers->number[i].name, strlen(numbers->number[i].name));
	maker->draw = arena_array(&maker->arena, double, numbers->count);
	return true;
}

static size_t list_asked(Maker *maker)
{
	const Assignment *a = maker->assignment;
	size_t count = 0;
	maker->asked = arena_array(&maker->arena, uint32_t, a->questions + 1);
	for (size_t i = 0; i < a->questions; i++)
		if (a->question[i].kind == QUESTION_NUMBER)
			maker->asked[count++] = lines_find(&maker->diagnoser.lines, a->question[i].of);
	return count;
}

static void take_draw(Maker *maker, uint64_t seed, int32_t attempt)
{
	numbers_draw(&maker->numbers, seed, attempt, maker->draw);
	numbers_put(&maker->numbers, &maker->model, maker->draw);
	diagnoser_renew(&maker->diagnoser, &maker->model);
}

static int by_size(const void *left, const void *right)
{
	size_t a = *(const size_t *)left, b = *(const size_t *)right;
	return (a > b) - (a < b);
}

// The soundest tenth of what can be drawn is good enough.
static void find_tolerated(Maker *maker)
{
	size_t unsound[SURVEY_SIZE];
	for (int32_t i = 0; i < SURVEY_SIZE; i++) {
		take_draw(maker, 0, i);
		unsound[i] = telling_unsound(&maker->telling);
	}
	qsort(unsound, SURVEY_SIZE, sizeof *unsound, by_size);
	maker->telling.tolerated = unsound[SURVEY_SIZE / 10];
}

// The same for all students and secrets.
static void survey(Maker *maker)
{
	int taken = 0;
	for (int32_t i = 0; i < SURVEY_SIZE; i++) {
		take_draw(maker, 0, i);
		telling_show(&maker->telling);
	}
	find_tolerated(maker);
	for (int32_t i = 0; i < ATTEMPTS_MOST && taken < SURVEY_SIZE; i++) {
		take_draw(maker, 0, i);
		taken += telling_survey(&maker->telling);
	}
}

bool maker_start(Maker *maker, Assignment *assignment, const MakerOptions *options, Error *error)
{
	*maker = (Maker){.assignment = assignment};
	if (!assignment_model(assignment, NULL, &maker->model, error))
		return false;
	if (!start_lines(maker, error) || !start_numbers(maker, options->vary, error) ||
	    !questions_choose(assignment, &maker->diagnoser.lines, options->questions,
	                      options->formulas, options->planted, error)) {
		maker_free(maker);
		return false;
	}
	size_t count = list_asked(maker);
	telling_start(&maker->telling, &maker->diagnoser, maker->asked, count, assignment->significant);
	survey(maker);
	return true;
}

void maker_free(Maker *maker)
{
	telling_free(&maker->telling);
	numbers_free(&maker->numbers);
	diagnoser_free(&maker->diagnoser);
	model_free(&maker->model);
	arena_free(&maker->arena);
	*maker = (Maker){0};
}

// ---- Drawing

// Nothing is against them; or, after enough that are sound, only that some mistakes look alike.
static bool is_enough(const Fault *fault, int sound)
{
	return !fault->unsound && !fault->hidden && (!fault->alike || sound >= SOUND_MOST);
}

Drawn maker_draw_seeded(Maker *maker, uint64_t seed, double *value)
{
	Drawn best = {0};
	int sound = 0;
	size_t size = maker->numbers.count * sizeof *value;
	for (int attempt = 1; attempt <= ATTEMPTS_MOST; attempt++) {
		take_draw(maker, seed, attempt);
		Fault fault = telling_judge(&maker->telling);
		if (attempt == 1 || fault_less(&fault, &best.fault)) {
			best.fault = fault;
			memcpy(value, maker->draw, size);
		}
		best.attempts = attempt;
		sound += fault.unsound == 0;
		if (is_enough(&best.fault, sound))
			break;
	}
	numbers_put(&maker->numbers, &maker->model, value);
	diagnoser_renew(&maker->diagnoser, &maker->model);
	return best;
}

uint64_t maker_seed(const Maker *maker, const char *purpose, const char *id, const Secret *secret)
{
	const Assignment *a = maker->assignment;
	Mac mac = secret_mac(secret, purpose,
	                     (const char *[]){a->text, a->examples ? a->examples : "", id}, 3);
	return mac_seed(&mac);
}

Drawn maker_draw(Maker *maker, const char *id, const Secret *secret, double *value)
{
	return maker_draw_seeded(maker, maker_seed(maker, "tutor numbers", id, secret), value);
}
