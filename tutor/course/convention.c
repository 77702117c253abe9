#include "tutor/course/diagnose.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// ---- Which convention somebody follows

static bool is_right(const Judgement *item)
{
	return item->verdict == VERDICT_RIGHT || item->verdict == VERDICT_CARRIED;
}

// Whether every answer that has the true value by `plain` is right by `under` too.
static bool keeps_right(const Verification *plain, const Verification *under)
{
	for (size_t i = 0; i < plain->count; i++)
		if (plain->item[i].verdict == VERDICT_RIGHT && !is_right(&under->item[i]))
			return false;
	return true;
}

static bool is_followed(const Verification *plain, const Verification *under)
{
	size_t before = plain->tally[VERDICT_WRONG], after = under->tally[VERDICT_WRONG];
	return after < before && (after == 0 || before - after > 1) && keeps_right(plain, under);
}

// What is right by the convention alone is said to be so.
static void mark(const Verification *plain, Verification *under)
{
	for (size_t i = 0; i < under->count; i++) {
		Judgement *item = &under->item[i];
		assert(item->answer == plain->item[i].answer);
		if (plain->item[i].verdict == VERDICT_RIGHT || !is_right(item))
			continue;
		under->tally[item->verdict]--;
		under->tally[item->verdict = VERDICT_CONVENTION]++;
	}
}

static bool verify_under(MistakeId convention, const Verification *plain, const Answers *answers,
                         Model *model, const VerifyOptions *options, Verification *under)
{
	MistakeId all[MISTAKE_COUNT];
	VerifyOptions more = *options;
	for (size_t i = 0; i < options->conventions; i++)
		if ((all[i] = options->convention[i]) == convention)
			return false;
	all[more.conventions++] = convention;
	more.convention = all;
	verify(under, answers, model, &more);
	if (is_followed(plain, under))
		return true;
	verify_free(under);
	return false;
}

// Which conventions would change a line of the model at all.
static void find_possible(Model *model, const VerifyOptions *options, bool possible[MISTAKE_COUNT])
{
	Diagnoser diagnoser;
	bool known = diagnoser_start(&diagnoser, model, options->convention, options->conventions);
	for (MistakeId i = 0; i < MISTAKE_COUNT; i++)
		possible[i] = mistake_info[i].source == SOURCE_CONVENTION && !known;
	for (size_t i = 0; i < diagnoser.count; i++) {
		MistakeId mistake = diagnoser.change[i].mistake;
		possible[mistake] = mistake_info[mistake].source == SOURCE_CONVENTION;
	}
	diagnoser_free(&diagnoser);
}

MistakeId diagnose_convention(const Verification *plain, const Answers *answers, Model *model,
                              const VerifyOptions *options, Verification *under)
{
	bool possible[MISTAKE_COUNT];
	if (!plain->tally[VERDICT_WRONG] || options->conventions + 1 >= MISTAKE_COUNT)
		return MISTAKE_NONE;
	find_possible(model, options, possible);
	for (MistakeId i = 0; i < MISTAKE_COUNT; i++) {
		if (!possible[i] || !verify_under(i, plain, answers, model, options, under))
			continue;
		mark(plain, under);
		return i;
	}
	return MISTAKE_NONE;
}
