#include "tutor/explain/chain.h"

#include "tutor/explain/build.h"

#include <stdlib.h>
#include <string.h>

// One factor of a chain: a path, and the lane that it is taken in.
typedef struct Link {
	uint32_t path, lane;
} Link;

typedef struct Links {
	Link *link;
	size_t count, capacity;
} Links;

static void add_link(Links *links, Link link)
{
	array_reserve(links->link, links->count, links->capacity, 1);
	links->link[links->count++] = link;
}

static Formula *partial_factor(const Derivation *d, size_t g, Link link, Arena *arena)
{
	Row row;
	const Path *path = &d->shown[g].gradient->path[link.path];
	bool lanes = tape_varies(d->tape, path->user) || tape_varies(d->tape, path->by);
	uint32_t id = d->shown[g].row_of_path[link.path] + (lanes && d->replay->lanes > 1 ? link.lane : 0);
	derivation_row_name(d, id, arena, &row);
	return formula_name(arena, row.name, row.value, id);
}

static bool is_one(const Derivation *d, const Gradient *gradient, Link link)
{
	Node partial = gradient->path[link.path].partial;
	return tape_is_number(d->tape, partial) && d->tape->value[partial] == 1;
}

// Follows the only path from `by` up, to the loss or to a node with several; returns that node.
static Node follow(const Derivation *d, const Gradient *gradient, Node by, uint32_t lane, Links *links)
{
	while (by != gradient->of) {
		const Adjoint *adjoint = gradient_find(gradient, by);
		uint32_t first = adjoint->paths;
		bool one = first != PATH_NONE && gradient->path[first].next == PATH_NONE;
		bool spreads = one && !tape_varies(d->tape, by) && tape_varies(d->tape, gradient->path[first].user) &&
		               d->replay->lanes > 1;
		if (!one || spreads)
			break;
		add_link(links, (Link){first, lane});
		by = gradient->path[first].user;
	}
	return by;
}

// How many links are left when factors of 1 are left out at the loss.
static size_t without_ones(const Derivation *d, const Gradient *gradient, const Links *links, Node head)
{
	size_t top = links->count;
	while (head == gradient->of && top > 1 && is_one(d, gradient, links->link[top - 1]))
		top--;
	return top;
}

static Formula *chain_formula(const Derivation *d, size_t g, const Links *links, size_t top, Node head, uint32_t lane,
                              double value, Arena *arena)
{
	const Gradient *gradient = d->shown[g].gradient;
	// The factor at the top is taken together with what was left out above it: it is the gradient of its node.
	bool merged = top < links->count, joined = head != gradient->of;
	if (merged)
		head = gradient->path[links->link[--top].path].by;
	size_t count = top + (merged || joined);
	Formula *product = formula_operation(arena, OP_PROD, (uint32_t)count, value);
	size_t filled = 0;
	if (merged || joined)
		product->argument[filled++] = build_name(d, gradient_find(gradient, head)->node, lane, arena);
	while (top-- > 0)
		product->argument[filled++] = partial_factor(d, g, links->link[top], arena);
	return count == 1 ? product->argument[0] : product;
}

bool chain_row(const Derivation *d, uint32_t id, Arena *arena, Row *row, Error *error)
{
	const RowKey *key = &d->row[id - 1];
	if (!derivation_row(d, id, arena, row, error))
		return false;
	Links links = {0};
	const Gradient *gradient = d->shown[key->gradient].gradient;
	Node head = follow(d, gradient, key->node, key->lane, &links);
	size_t top = without_ones(d, gradient, &links, head);
	// A single factor behind ones would be the gradient itself: that row stays as it is, 1 times the factor.
	if (top > 1)
		row->formula = chain_formula(d, key->gradient, &links, top, head, key->lane, row->value, arena);
	free(links.link);
	return true;
}

// ---- Full paths

enum { MOST_FACTORS = 100000 };   // of all paths that are written out together, the last one's beyond it not counted

static double paths_to(const Derivation *d, const Gradient *gradient, Node by, double *count)
{
	if (by == gradient->of)
		return 1;
	double sum = 0;
	const Adjoint *adjoint = gradient_find(gradient, by);
	for (uint32_t p = adjoint->paths; p != PATH_NONE; p = gradient->path[p].next) {
		const Path *path = &gradient->path[p];
		bool spreads = !tape_varies(d->tape, by) && tape_varies(d->tape, path->user);
		sum += count[path->user] * (spreads ? d->replay->lanes : 1);
	}
	return sum;
}

// The number of full paths from each node of the gradient: users come first in `adjoint`.
static double count_paths(const Derivation *d, const Gradient *gradient, Node by)
{
	double *count = memory_alloc(memory_product(d->tape->count, sizeof *count));
	memset(count, 0, d->tape->count * sizeof *count);
	for (size_t i = 0; i < gradient->count; i++)
		count[gradient->adjoint[i].by] = paths_to(d, gradient, gradient->adjoint[i].by, count);
	double result = count[by];
	free(count);
	return result;
}

typedef struct Search {
	const Derivation *d;
	size_t g, most, found, factors;
	Arena *arena;
	FullPath *path;
	Links links;
} Search;

static void write_path(Search *search)
{
	size_t count = search->links.count;
	Formula *product = formula_operation(search->arena, OP_PROD, (uint32_t)count, 1);
	for (size_t i = 0; i < count; i++) {
		product->argument[i] = partial_factor(search->d, search->g, search->links.link[count - 1 - i], search->arena);
		product->value *= product->argument[i]->value;
	}
	if (count == 1)
		product = product->argument[0];
	search->factors += count;
	search->path[search->found++] = (FullPath){product, product->value};
}

// The place where a walk stands: the path to try next from a node, and the lane for paths that spread.
typedef struct Branch {
	Node by;
	uint32_t path, lane;
} Branch;

static void search_paths(Search *search, Node by, uint32_t lane)
{
	const Derivation *d = search->d;
	const Gradient *gradient = d->shown[search->g].gradient;
	Branch *stack = NULL;
	size_t depth = 0, capacity = 0;
	array_reserve(stack, depth, capacity, 1);
	stack[depth++] = (Branch){by, gradient_find(gradient, by)->paths, lane};
	while (depth && search->found < search->most && search->factors < MOST_FACTORS) {
		Branch *top = &stack[depth - 1];
		if (top->by == gradient->of)
			write_path(search);
		if (top->by == gradient->of || top->path == PATH_NONE) {
			depth--;
			search->links.count -= depth > 0;
			continue;
		}
		const Path *path = &gradient->path[top->path];
		bool spreads = !tape_varies(d->tape, top->by) && tape_varies(d->tape, path->user);
		Link link = {top->path, top->lane};
		bool last_lane = !spreads || top->lane + 1 == d->replay->lanes;
		top->path = last_lane ? path->next : top->path;
		top->lane = !spreads ? top->lane : last_lane ? 0 : top->lane + 1;
		add_link(&search->links, link);
		array_reserve(stack, depth, capacity, 1);
		stack[depth++] = (Branch){path->user, gradient_find(gradient, path->user)->paths, link.lane};
	}
	free(stack);
	free(search->links.link);
}

size_t chain_full_paths(const Derivation *d, uint32_t id, Arena *arena, FullPath *path, size_t most, double *count)
{
	const RowKey *key = &d->row[id - 1];
	*count = count_paths(d, d->shown[key->gradient].gradient, key->node);
	Search search = {.d = d, .g = key->gradient, .most = most, .arena = arena, .path = path};
	if (most)
		search_paths(&search, key->node, tape_varies(d->tape, key->node) ? key->lane : 0);
	return search.found;
}
