#include "tutor/explain/rounds.h"

#include <stdlib.h>

static void start(Round *round, const Model *model)
{
	if (round->step)
		replay_free(&round->replay);
	model_start(model, &round->replay, 0, model->lanes);
	round->step = 1;
	round->nodes = 0;
}

// Goes on to that step; nodes that were recorded meanwhile get their values.
static void go_on(Round *round, const Model *model, uint32_t step)
{
	if (round->nodes != model->tape.count) {
		query_prepare(model, &round->replay);
		replay_all(&round->replay);
		round->nodes = model->tape.count;
	}
	for (; round->step < step; round->step++) {
		model_carry(model, &round->replay);
		replay_all(&round->replay);
	}
}

// The one that is furthest on but not beyond the step; else the one behind starts anew.
static Round *nearest(Rounds *rounds, const Model *model, uint32_t step)
{
	for (int i = 1; i >= 0; i--)
		if (rounds->kept[i].step && rounds->kept[i].step <= step)
			return &rounds->kept[i];
	start(&rounds->kept[0], model);
	return &rounds->kept[0];
}

static void keep_in_order(Rounds *rounds)
{
	if (rounds->kept[0].step > rounds->kept[1].step) {
		Round further = rounds->kept[0];
		rounds->kept[0] = rounds->kept[1];
		rounds->kept[1] = further;
	}
}

static int by_step(const void *a, const void *b)
{
	const Query *left = *(const Query *const *)a, *right = *(const Query *const *)b;
	return (left->step > right->step) - (left->step < right->step);
}

void rounds_values(Rounds *rounds, const Model *model, const Query *query, size_t count, double *value)
{
	const Query **order = memory_alloc(memory_product(count, sizeof *order));
	for (size_t i = 0; i < count; i++)
		order[i] = &query[i];
	qsort(order, count, sizeof *order, by_step);
	for (size_t i = 0; i < count; i++) {
		Round *round = nearest(rounds, model, order[i]->step);
		go_on(round, model, order[i]->step);
		value[order[i] - query] = replay_value(&round->replay, order[i]->node, order[i]->lane);
		keep_in_order(rounds);
	}
	free(order);
}

void rounds_free(Rounds *rounds)
{
	for (size_t i = 0; i < 2; i++)
		if (rounds->kept[i].step)
			replay_free(&rounds->kept[i].replay);
	*rounds = (Rounds){0};
}

void query_values(const Model *model, const Query *query, size_t count, double *value)
{
	Rounds rounds = {0};
	rounds_values(&rounds, model, query, count, value);
	rounds_free(&rounds);
}
