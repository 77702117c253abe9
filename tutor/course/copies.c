#include "tutor/course/copies.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Of students who typed the same number, each is compared with so many others before it.
enum { NEIGHBOURS = 32 };

// A number that somebody typed for a question.
typedef struct Entry {
	uint32_t question, student;
	double typed;
} Entry;

typedef struct Pair {
	uint32_t a, b;   // a < b
} Pair;

typedef struct Pairs {
	Pair *pair;
	size_t count, capacity;
} Pairs;

static int by_number(const void *left, const void *right)
{
	const Entry *a = left, *b = right;
	if (a->question != b->question)
		return a->question < b->question ? -1 : 1;
	if (a->typed != b->typed)
		return a->typed < b->typed ? -1 : 1;
	return (a->student > b->student) - (a->student < b->student);
}

static int by_students(const void *left, const void *right)
{
	const Pair *a = left, *b = right;
	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	return (a->b > b->b) - (a->b < b->b);
}

// ---- Which questions are shared

static bool is_wrong(const Outcome *outcome)
{
	return outcome->verdict == VERDICT_WRONG || outcome->verdict == VERDICT_CARRIED;
}

static bool is_shared(const Outcome *a, const Outcome *b, int significant)
{
	double unit = 2 * match_half_unit(a->truth) * pow(10, -significant);
	if (a->trivial || b->trivial)
		return false;
	if (!(fabs(a->truth - b->truth) <= unit))
		return is_wrong(a) || is_wrong(b);
	return a->verdict == VERDICT_WRONG && b->verdict == VERDICT_WRONG && !a->explained &&
	       !b->explained;
}

// ---- Pairs

static Entry *list_entries(const Gradebook *g, size_t *count)
{
	const Assignment *assignment = g->assignment;
	Entry *entry =
		memory_alloc(memory_product(memory_product(assignment->variants, assignment->questions) + 1,
	                                sizeof *entry));
	*count = 0;
	for (size_t i = 0; i < assignment->variants; i++)
		for (size_t k = 0; g->result[i].outcome && k < assignment->questions; k++)
			if (outcome_is_telling(g->result[i].outcome[k].typed))
				entry[(*count)++] =
					(Entry){(uint32_t)k, (uint32_t)i, g->result[i].outcome[k].typed};
	return entry;
}

static bool is_same(const Entry *a, const Entry *b)
{
	return a->question == b->question && a->typed == b->typed;
}

static void add_pairs(Pairs *pairs, const Gradebook *g, const Entry *first, const Entry *entry)
{
	int looked_at = 0;
	for (const Entry *other = entry; other-- > first && looked_at < NEIGHBOURS; looked_at++) {
		const Outcome *a = &g->result[other->student].outcome[entry->question];
		const Outcome *b = &g->result[entry->student].outcome[entry->question];
		if (!is_shared(a, b, g->assignment->significant))
			continue;
		array_reserve(pairs->pair, pairs->count, pairs->capacity, 1);
		pairs->pair[pairs->count++] = (Pair){other->student, entry->student};
	}
}

static Pairs find_pairs(const Gradebook *g)
{
	Pairs pairs = {0};
	size_t count;
	Entry *entry = list_entries(g, &count), *first = entry;
	qsort(entry, count, sizeof *entry, by_number);
	for (size_t i = 0; i < count; i++) {
		if (!is_same(first, &entry[i]))
			first = &entry[i];
		add_pairs(&pairs, g, first, &entry[i]);
	}
	free(entry);
	return pairs;
}

static void offer(Copy *copy, size_t partner, size_t shared)
{
	if (shared > copy->shared)
		*copy = (Copy){partner, shared};
}

Copy *find_copies(const Gradebook *g, Arena *arena)
{
	size_t students = g->assignment->variants;
	Copy *copy = arena_array(arena, Copy, students);
	for (size_t i = 0; i < students; i++)
		copy[i].partner = SIZE_MAX;
	Pairs pairs = find_pairs(g);
	if (pairs.count)
		qsort(pairs.pair, pairs.count, sizeof *pairs.pair, by_students);
	for (size_t i = 0, next; i < pairs.count; i = next) {
		for (next = i + 1; next < pairs.count && by_students(&pairs.pair[i], &pairs.pair[next]) == 0;)
			next++;
		if (next - i < COPIES_LEAST)
			continue;
		offer(&copy[pairs.pair[i].a], pairs.pair[i].b, next - i);
		offer(&copy[pairs.pair[i].b], pairs.pair[i].a, next - i);
	}
	free(pairs.pair);
	return copy;
}
