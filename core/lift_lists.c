// The lists of contractions: read, padded at borders, numbered. Declared in core/lift_lists.h.
#include "core/lift_lists.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_PADDING = 3 };   // entries with padding, at most that many times those without

static const Value *terms_of(const Finder *f, uint32_t r, uint32_t *length)
{
	uint32_t count;
	const Value *argument = graph_arguments(&f->lift->graph, f->member[r], &count);
	*length = (count - 1) / 2;
	return argument + 1;
}

// ---- Padding: at the border of a convolution lists are shorter. A list U that is part of one longer list is that list,
// with zeros in V where it has nothing: so the border joins the grid.

static int by_length(const void *a, const void *b)
{
	const Keyed *left = a, *right = b;
	if (left->key != right->key)
		return left->key > right->key ? -1 : 1;
	return left->value < right->value ? -1 : left->value > right->value;
}

// The list that all of the member's u are in (its member), VALUE_NONE where there is none; `owner` and `at` say for each
// value which list it is in, and where.
static uint32_t longer_list(const Finder *f, uint32_t r, const NodeMap *owner)
{
	uint32_t length, list = VALUE_NONE;
	const Value *term = terms_of(f, r, &length);
	for (uint32_t t = 0; t < length; t++) {
		uint32_t there = nodemap_get(owner, term[2 * t]);
		if (there == NODEMAP_ABSENT || (t && there != list))
			return VALUE_NONE;
		list = there;
	}
	return list;
}

static bool own_list(const Finder *f, uint32_t r, NodeMap *owner, NodeMap *at)
{
	uint32_t length;
	const Value *term = terms_of(f, r, &length);
	for (uint32_t t = 0; t < length; t++) {
		if (nodemap_get(owner, term[2 * t]) != NODEMAP_ABSENT)
			return false;
		nodemap_set(owner, term[2 * t], r);
		nodemap_set(at, term[2 * t], t);
	}
	return true;
}

// Writes the member's lists, `full` having all of its u. Two terms in one place is a failure.
static bool write_padded(Finder *f, uint32_t r, uint32_t full, const NodeMap *at)
{
	uint32_t length, full_length;
	const Value *term = terms_of(f, r, &length), *all = terms_of(f, full, &full_length);
	Value *u = f->u + (size_t)r * f->n, *v = f->v + (size_t)r * f->n;
	if (full_length != f->n)
		return false;
	for (uint32_t t = 0; t < f->n; t++) {
		u[t] = all[2 * t];
		v[t] = VALUE_NONE;
	}
	for (uint32_t t = 0; t < length; t++) {
		uint32_t place = nodemap_get(at, term[2 * t]);
		if (v[place] != VALUE_NONE)
			return false;
		v[place] = term[2 * t + 1];
	}
	return true;
}

static bool pad(Finder *f)
{
	NodeMap owner = {0}, at = {0};
	Keyed *keyed = arena_array(&f->arena, Keyed, f->count);
	bool good = true;
	size_t terms = 0;
	for (uint32_t r = 0; r < f->count; r++) {
		uint32_t length;
		terms_of(f, r, &length);
		keyed[r] = (Keyed){length, r, 0};
		terms += length;
	}
	qsort(keyed, f->count, sizeof *keyed, by_length);
	good = (size_t)f->count * f->n <= MOST_PADDING * terms;
	for (uint32_t i = 0; good && i < f->count; i++) {
		uint32_t r = keyed[i].value, full = longer_list(f, r, &owner);
		if (full == VALUE_NONE) {
			good = own_list(f, r, &owner, &at);
			full = r;
		}
		good = good && write_padded(f, r, full, &at);
	}
	nodemap_free(&owner);
	nodemap_free(&at);
	f->padded = true;
	return good;
}

bool lists_read(Finder *f)
{
	bool same = true;
	for (uint32_t r = 0; r < f->count; r++) {
		uint32_t length;
		terms_of(f, r, &length);
		same = same && (r == 0 || length == f->n);
		f->n = length > f->n ? length : f->n;
	}
	f->u = arena_array(&f->arena, Value, memory_product(f->count, f->n));
	f->v = arena_array(&f->arena, Value, memory_product(f->count, f->n));
	if (!same)
		return pad(f);
	for (uint32_t r = 0; r < f->count; r++) {
		uint32_t length;
		const Value *term = terms_of(f, r, &length);
		for (uint32_t t = 0; t < length; t++) {
			f->u[(size_t)r * f->n + t] = term[2 * t];
			f->v[(size_t)r * f->n + t] = term[2 * t + 1];
		}
	}
	return true;
}

// ---- Numbering the lists

uint32_t lists_number(Finder *f, const Value *all, uint32_t *list)
{
	NodeMap found = {0};
	uint32_t lists = 0, *first = arena_array(&f->arena, uint32_t, f->count);
	size_t bytes = f->n * sizeof *all;
	for (uint32_t r = 0; r < f->count; r++) {
		const Value *mine = all + (size_t)r * f->n;
		uint64_t hash = f->n;
		for (uint32_t t = 0; t < f->n; t++)
			hash = lift_mix(hash, mine[t]);
		uint32_t known;
		while ((known = nodemap_get(&found, hash)) != NODEMAP_ABSENT &&
		       memcmp(all + (size_t)first[known] * f->n, mine, bytes) != 0)
			hash++;
		if (known == NODEMAP_ABSENT) {
			known = lists++;
			first[known] = r;
			nodemap_set(&found, hash, known);
		}
		list[r] = known;
	}
	nodemap_free(&found);
	return lists;
}
