// How well mistakes are told apart: each is planted alone in random models of five shapes and in
// Mazur's, at four and six digits, and two at a time; sheets without a mistake are rounded in every
// way. Prints the confusion table.
//
//   bench_diagnose [seeds of each shape, default 10]    with SHOW=1 also each sheet that was taken for another
#include "tests/test_diagnose.h"

#include <time.h>

static const char *const questions_text[] = {"main", "steps", "all"};

typedef struct Confusion {
	size_t planted[MISTAKE_COUNT], first[MISTAKE_COUNT], listed[MISTAKE_COUNT],
		carried[MISTAKE_COUNT], punished[MISTAKE_COUNT];
	size_t confused[MISTAKE_COUNT][MISTAKE_COUNT + 1];   // planted, named first; last none
} Confusion;

static double seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static void plant_one(Confusion *table, Subject *s, Planted planted, const Filling *filling)
{
	Judged j;
	if (!fill_values(s, &planted, 1, filling))
		return;
	judge_sheet(&j, s, filling);
	if (j.verification.tally[VERDICT_WRONG]) {
		const Cause *cause = j.diagnosis.cause;
		bool found = j.diagnosis.count && is_found(s, cause, planted, filling), listed = found;
		for (size_t i = 0; j.diagnosis.count && i < cause->count; i++)
			listed = listed || cause->finding[i].mistake == planted.mistake;
		table->planted[planted.mistake]++;
		table->first[planted.mistake] += found;
		table->listed[planted.mistake] += listed;
		table->carried[planted.mistake] += j.diagnosis.count == 1;
		table->punished[planted.mistake] += count_punished(s, &j, &planted, 1, filling) > 0;
		MistakeId named =
			j.diagnosis.count && cause->count ? cause->finding[0].mistake : MISTAKE_NONE;
		if (!found)
			table->confused[planted.mistake][named]++;
		if (getenv("SHOW") && !found)
			printf("%s way %u as %s\n%s%s\n", mistake_info[planted.mistake].id, planted.way,
			       named == MISTAKE_NONE ? "none" : mistake_info[named].id, output_memory(&s->text),
			       output_memory(&j.csv));
	}
	judged_free(&j);
}

static void put_table(const Confusion *table)
{
	size_t planted = 0, first = 0, listed = 0, carried = 0, punished = 0;
	printf("  %-6s %7s %7s %7s %7s %8s  taken for\n", "", "planted", "first", "listed", "one", "punished");
	for (MistakeId i = 0; i < MISTAKE_COUNT; i++) {
		if (!table->planted[i])
			continue;
		printf("  %-6s %7zu %7zu %7zu %7zu %8zu ", mistake_info[i].id, table->planted[i],
		       table->first[i], table->listed[i], table->carried[i], table->punished[i]);
		punished += table->punished[i];
		for (MistakeId k = 0; k <= MISTAKE_COUNT; k++)
			if (table->confused[i][k])
				printf(" %s:%zu", k == MISTAKE_COUNT ? "none" : mistake_info[k].id,
				       table->confused[i][k]);
		printf("\n");
		planted += table->planted[i], first += table->first[i];
		listed += table->listed[i], carried += table->carried[i];
	}
	double all = planted ? (double)planted / 100 : 1;
	printf("  all    %7zu  named first %.1f %%, listed %.1f %%, one cause for all %.1f %%, all that follows carried %.1f %%\n\n",
	       planted, (double)first / all, (double)listed / all, (double)carried / all,
	       (double)(planted - punished) / all);
}

static void bench_alone(int seeds, const Filling *filling)
{
	static Confusion table;
	Planted list[400];
	double start = seconds();
	size_t sheets = 0;
	table = (Confusion){0};
	for (int shape = 0; shape < SHAPES; shape++)
		for (int seed = 1; seed <= shape_seeds(shape, seeds); seed++) {
			Subject s;
			if (!subject_start(&s, shape, (uint64_t)seed))
				exit(1);
			size_t count = list_mistakes(&s.diagnoser, list);
			for (size_t i = 0; i < count; i++, sheets++)
				plant_one(&table, &s, list[i], filling);
			subject_end(&s);
		}
	printf("one mistake, %d digits%s, %s questions: %zu sheets, %.2f ms each\n", filling->digits,
	       filling->by_hand ? ", rounded at every step" : "",
	       questions_text[filling->questions], sheets,
	       (seconds() - start) * 1000 / (double)sheets);
	put_table(&table);
}

static void bench_two(int seeds, const Filling *filling)
{
	size_t sheets = 0, named[3] = {0};
	for (int shape = 0; shape < SHAPES; shape++)
		for (int seed = 1; seed <= shape_seeds(shape, seeds); seed++) {
			Subject s;
			if (!subject_start(&s, shape, (uint64_t)seed))
				exit(1);
			for (int32_t i = 0; i < 40; i++) {
				Planted two[2];
				Judged j;
				draw_two(&s, shape, i, two);
				if (!both_are_visible(&s, two, filling))
					continue;
				judge_sheet(&j, &s, filling);
				named[is_named(&s, &j, two[0], filling) + is_named(&s, &j, two[1], filling)]++;
				sheets++;
				judged_free(&j);
			}
			subject_end(&s);
		}
	printf("two mistakes, %d digits, %s questions: %zu sheets, both named %.1f %%, one %.1f %%\n",
	       filling->digits, questions_text[filling->questions], sheets,
	       100.0 * (double)named[2] / (double)sheets, 100.0 * (double)named[1] / (double)sheets);
}

static void bench_right(int seeds)
{
	size_t sheets = 0, wrong = 0;
	for (int shape = 0; shape < SHAPES; shape++)
		for (int seed = 1; seed <= shape_seeds(shape, seeds); seed++) {
			Subject s;
			if (!subject_start(&s, shape, (uint64_t)(1000 + seed)))
				exit(1);
			for (int i = 0; i < 18; i++, sheets++) {
				Filling filling = {4 + i % 3, i % 2, (Questions)(i / 6)};
				Judged j;
				fill_values(&s, NULL, 0, &filling);
				judge_sheet(&j, &s, &filling);
				wrong += j.verification.tally[VERDICT_WRONG] || j.diagnosis.count;
				if (getenv("SHOW") && j.verification.tally[VERDICT_WRONG])
					printf("shape %d seed %d: %d digits, %s: %s = %s\n", shape, seed,
					       filling.digits, filling.by_hand ? "by hand" : "at the end",
					       j.verification.first->answer->name, j.verification.first->answer->text);
				judged_free(&j);
			}
			subject_end(&s);
		}
	printf("right sheets at 4, 5 and 6 digits: %zu, of which called wrong: %zu\n", sheets, wrong);
}

// Numbers that are wrong for no reason: what is named is a guess.
static void bench_chance(int seeds, int digits)
{
	size_t sheets = 0, named = 0;
	Filling filling = {digits, false, QUESTIONS_MAIN};
	for (int shape = 0; shape < SHAPES; shape++)
		for (int seed = 1; seed <= shape_seeds(shape, seeds); seed++) {
			Subject s;
			if (!subject_start(&s, shape, (uint64_t)seed))
				exit(1);
			for (int32_t i = 0; i < 50; i++) {
				Judged j;
				uint32_t id;
				int32_t draws[] = {seed, i, 0};
				fill_values(&s, NULL, 0, &filling);
				do {
					double draw = random_uniform((uint64_t)shape, "line", draws, 3);
					id = 1 + (uint32_t)(draw * s.diagnoser.lines.count);
					draws[2]++;
				} while (!is_asked(&s, id, QUESTIONS_MAIN));
				s.value[id - 1] *= 0.2 + 2 * random_uniform((uint64_t)shape, "factor", draws, 2);
				judge_sheet(&j, &s, &filling);
				sheets += j.verification.tally[VERDICT_WRONG] > 0;
				named += j.diagnosis.count && j.diagnosis.cause[0].count;
				judged_free(&j);
			}
			subject_end(&s);
		}
	printf("one number wrong by chance, %d digits: %zu sheets, something named in %.1f %%\n",
	       digits, sheets, 100.0 * (double)named / (double)sheets);
}

int main(int count, char **argument)
{
	int seeds = count > 1 ? atoi(argument[1]) : 10;
	for (Questions questions = 0; questions < QUESTIONS_COUNT; questions++)
		for (int digits = 4; digits <= 6; digits += 2)
			for (int by_hand = 0; by_hand < 2; by_hand++)
				bench_alone(seeds, &(Filling){digits, by_hand, questions});
	for (Questions questions = 0; questions < QUESTIONS_COUNT; questions++)
		for (int digits = 4; digits <= 6; digits += 2)
			bench_two(seeds, &(Filling){digits, false, questions});
	bench_chance(seeds, 4);
	bench_chance(seeds, 6);
	bench_right(10 * seeds);
	return 0;
}
