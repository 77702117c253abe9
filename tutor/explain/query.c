#include "tutor/explain/query.h"

#include "core/partials.h"
#include "tutor/nearest.h"

#include <assert.h>
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A name without its blanks, and how deep derivatives of derivatives may nest.
enum { QUERY_SIZE = 500, QUERY_DEPTH = 16, QUERY_RANK = 16 };

typedef struct Found {
	Node node;
	uint32_t lane;
	bool lane_given;
} Found;

typedef struct Finder {
	Model *model;
	const char *name;   // as it was given, for messages
	Error *error;
} Finder;

// The lowest and the highest index of a family in each place.
typedef struct Extent {
	int32_t low[QUERY_RANK], high[QUERY_RANK];
	size_t rank;   // 0 where the family has no elements with indices
} Extent;

static Extent extent_of(const Tape *tape, uint32_t family)
{
	Extent extent = {0};
	for (size_t i = 0; i < tape->names_count; i++) {
		const Name *name = &tape->names[i];
		if (name->kind != NAME_ELEMENT || name->a != family || name->rank > QUERY_RANK)
			continue;
		for (size_t k = 0; k < name->rank; k++) {
			int32_t index = tape->index[name->b + k];
			extent.low[k] = k >= extent.rank || index < extent.low[k] ? index : extent.low[k];
			extent.high[k] = k >= extent.rank || index > extent.high[k] ? index : extent.high[k];
		}
		extent.rank = name->rank > extent.rank ? name->rank : extent.rank;
	}
	return extent;
}

// A family of the model, but not this element of it: says which there are.
static bool no_element(const Finder *finder, uint32_t family, bool indices)
{
	const char *name = tape_family_text(&finder->model->tape, family);
	Extent extent = extent_of(&finder->model->tape, family);
	char first[QUERY_RANK * 16] = "", ranges[QUERY_RANK * 32] = "";
	size_t used = 0, length = 0;
	for (size_t k = 0; k < extent.rank; k++) {
		used += (size_t)snprintf(first + used, sizeof first - used, "%s%d", k ? "," : "", extent.low[k]);
		length += (size_t)snprintf(ranges + length, sizeof ranges - length, "%s%d..%d", k ? ", " : "",
		                           extent.low[k], extent.high[k]);
	}
	if (!extent.rank)
		return error_set(finder->error, "'%s' is no quantity of the model", finder->name);
	if (indices)
		return error_set(finder->error, "'%s' is no quantity of the model: %s has %s", finder->name, name, ranges);
	char within[QUERY_SIZE + 8] = "";
	if (strcmp(finder->name, name) != 0)
		snprintf(within, sizeof within, "'%s': ", finder->name);
	return error_set(finder->error, "%s'%s' is a family: name an element, as in %s[%s] (%s has %s)", within, name,
	                 name, first, name, ranges);
}

// `part` is in the name without its blanks.
static bool unknown(const Finder *finder, const char *part)
{
	const Tape *tape = &finder->model->tape;
	size_t length = strcspn(part, "[@+.#/():");
	char family[QUERY_SIZE];
	assert(length < sizeof family);
	memcpy(family, part, length);
	family[length] = '\0';
	uint32_t known = tape_family_find(tape, part, length);
	if (known != NAME_NONE)
		return no_element(finder, known, part[length] == '[');
	const char *nearest = nearest_name(family, tape->family, tape->family_count);
	if (nearest)
		return error_set(finder->error, "'%s' is no quantity of the model; did you mean '%s'?", finder->name, nearest);
	return error_set(finder->error, "'%s' is no quantity of the model", finder->name);
}

static bool parse_whole(const char **text, long least, long most, long *number)
{
	char *end;
	if (!isdigit((unsigned char)**text) && **text != '-')
		return false;
	*number = strtol(*text, &end, 10);
	bool good = end != *text && *number >= least && *number <= most;
	*text = end;
	return good;
}

static bool parse_indices(const char **text, int32_t index[QUERY_RANK], size_t *rank)
{
	*rank = 0;
	if (**text != '[')
		return true;
	do {
		long number;
		++*text;
		if (*rank == QUERY_RANK || !parse_whole(text, INT32_MIN, INT32_MAX, &number))
			return false;
		index[(*rank)++] = (int32_t)number;
	} while (**text == ',');
	return *(*text)++ == ']';
}

static Node next_of(const Tape *tape, Node node)
{
	for (size_t i = 0; i < tape->names_count; i++)
		if (tape->names[i].kind == NAME_NEXT && tape->names[i].a == node)
			return tape->names[i].node;
	return NODE_NONE;
}

static bool find_member(const Finder *finder, const char **text, Node *node)
{
	const Tape *tape = &finder->model->tape;
	const char *member = *text + 1;
	size_t length = strcspn(member, "[@+.#/():");
	uint32_t family = tape_family_find(tape, member, length);
	*node = family == NAME_NONE ? NODE_NONE : query_member(tape, *node, family);
	*text = member + length;
	return *node != NODE_NONE || error_set(finder->error, "'%s' is no quantity of the model", finder->name);
}

// Families may have a dot in their names (update.rate, xh.mean): the longest that is known.
static size_t family_length(const Tape *tape, const char *text)
{
	size_t length = strcspn(text, "[@+.#/():"), longer = length;
	while (text[longer] == '.') {
		longer += 1 + strcspn(text + longer + 1, "[@+.#/():");
		if (tape_family_find(tape, text, longer) != NAME_NONE)
			length = longer;
	}
	return length;
}

static bool has_update(const Tape *tape)
{
	for (size_t i = 0; i < tape->names_count; i++)
		if (tape->names[i].kind == NAME_NEXT)
			return true;
	return false;
}

// A number behind @ that means nothing would be taken for that example's own share.
static bool same_for_all(const Finder *finder, uint32_t lane)
{
	unsigned example = (unsigned)lane + 1;
	if (strchr(finder->name, '/'))
		return error_set(finder->error, "'%s': what stands before @%u is the same for all examples; the derivative of "
		                                "example %u alone is dA@%u/dB", finder->name, example, example, example);
	return error_set(finder->error, "'%s' is the same for all examples: leave out the @%u", finder->name, example);
}

static bool find_plain(const Finder *finder, const char **text, Found *found)
{
	const Model *model = finder->model;
	const Tape *tape = &model->tape;
	const char *start = *text;
	size_t length = family_length(tape, start), rank;
	int32_t index[QUERY_RANK];
	uint32_t family = tape_family_find(tape, start, length);
	*text += length;
	if (!parse_indices(text, index, &rank))
		return error_set(finder->error, "'%s': the indices are not whole numbers in [ ]", finder->name);
	found->node = family == NAME_NONE ? NODE_NONE : tape_find(tape, family, index, rank);
	if (found->node == NODE_NONE)
		return unknown(finder, start);
	if (**text == '@') {
		long example;
		++*text;
		if (!parse_whole(text, 1, model->lanes, &example))
			return error_set(finder->error, "'%s': the batch has the examples 1 to %u", finder->name,
			                 (unsigned)model->lanes);
		found->lane = (uint32_t)example - 1;
		found->lane_given = true;
	}
	if (**text == '.' && !find_member(finder, text, &found->node))
		return false;
	if (**text == '+') {
		++*text;
		found->node = next_of(tape, found->node);
		if (found->node == NODE_NONE)
			return error_set(finder->error,
			                 has_update(tape) ? "'%s': the update gives that no new value"
			                                  : "'%s': the model has no update, so nothing has a new value",
			                 finder->name);
	}
	return !found->lane_given || tape_varies(tape, found->node) || same_for_all(finder, found->lane);
}

static Node upper_node(Model *model, const Found *of)
{
	return of->lane_given ? query_pick(model, of->node, of->lane) : query_mean(model, of->node);
}

static bool find_quantity(const Finder *finder, const char **text, Found *found, int depth);

// One end of a derivative, behind its `d`: a plain name or (a derivative).
static bool find_end(const Finder *finder, const char **text, Found *found, int depth)
{
	if (**text != '(')
		return find_plain(finder, text, found);
	++*text;
	if (!find_quantity(finder, text, found, depth + 1))
		return false;
	if (**text != ')')
		return error_set(finder->error, "'%s': a ) is missing", finder->name);
	++*text;
	return true;
}

static bool find_local(const Finder *finder, Node of, Node by, Node *partial)
{
	PartialsWork work = {0};
	partials_record(&finder->model->tape, of, NODE_USES_STEP | NODE_USES_LEAF, &work);
	*partial = tape_number(&finder->model->tape, 0);
	for (size_t i = 0; i < work.count; i++)
		if (work.result[i].by == by)
			*partial = work.result[i].partial;
	partials_free(&work);
	return true;
}

static bool find_derivative(const Finder *finder, const char **text, Found *found, int depth)
{
	Model *model = finder->model;
	Found of = {0}, by = {0};
	++*text;
	if (!find_end(finder, text, &of, depth))
		return false;
	if ((*text)[0] != '/' || (*text)[1] != 'd')
		return error_set(finder->error, "'%s': a derivative is written dA/dB", finder->name);
	*text += 2;
	if (!find_end(finder, text, &by, depth))
		return false;
	*found = (Found){.lane = by.lane_given ? by.lane : of.lane, .lane_given = by.lane_given || of.lane_given};
	if (strncmp(*text, ":direct", 7) == 0) {
		*text += 7;
		return find_local(finder, of.node, by.node, &found->node);
	}
	if (!tape_named(&model->tape, of.node) || tape_is_leaf(&model->tape, of.node))
		return error_set(finder->error, "'%s': only a step has derivatives", finder->name);
	if (!tape_named(&model->tape, by.node))
		return error_set(finder->error, "'%s': a derivative is taken by a step, a param or another leaf", finder->name);
	Node y = upper_node(model, &of);
	// dL/dL of a batch is the mean's by itself, not by the examples' losses.
	bool itself = by.node == of.node && !by.lane_given && !of.lane_given;
	found->node = gradient_by(&model->tape, gradient_record(&model->tape, y), itself ? y : by.node);
	return true;
}

// A derivative has a / outside of its parentheses and indices; a plain name has none.
static bool is_derivative(const char *text)
{
	int depth = 0;
	for (; *text && depth >= 0; text++) {
		depth += *text == '(' || *text == '[';
		depth -= *text == ')' || *text == ']';
		if (depth == 0 && *text == '/')
			return true;
	}
	return false;
}

static bool find_quantity(const Finder *finder, const char **text, Found *found, int depth)
{
	if (depth > QUERY_DEPTH)
		return error_set(finder->error, "'%s': derivatives nest deeper than %d", finder->name, QUERY_DEPTH);
	return **text == 'd' && is_derivative(*text) ? find_derivative(finder, text, found, depth)
	                                             : find_plain(finder, text, found);
}

static bool without_blanks(const char *name, char *bare, Error *error)
{
	size_t size = 0;
	for (; *name; name++) {
		if (isspace((unsigned char)*name))
			continue;
		if (size + 1 >= QUERY_SIZE)
			return error_set(error, "a name is longer than %d characters", QUERY_SIZE - 1);
		bare[size++] = *name;
	}
	bare[size] = '\0';
	return size > 0 || error_set(error, "a name is empty");
}

static bool find_whole(Model *model, const char *name, Found *found, uint32_t *step, Error *error)
{
	char bare[QUERY_SIZE];
	if (!without_blanks(name, bare, error))
		return false;
	Finder finder = {model, name, error};
	const char *text = bare;
	long number = 1;
	if (!find_quantity(&finder, &text, found, 0))
		return false;
	if (*text == '#' && step) {
		text++;
		if (!parse_whole(&text, 1, 100 * 1000 * 1000, &number))
			return error_set(error, "'%s': the update step behind # is a whole number from 1 to 100,000,000", name);
	}
	if (*text)
		return error_set(error, "'%s': '%s' is too much at the end of a name", name, text);
	if (step)
		*step = (uint32_t)number;
	if (tape_varies(&model->tape, found->node) && !found->lane_given) {
		found->node = query_mean(model, found->node);
		found->lane = 0;
	}
	return true;
}

bool query_find(Model *model, const char *name, Query *query, Error *error)
{
	Found found = {0};
	if (!find_whole(model, name, &found, &query->step, error))
		return false;
	query->node = found.node;
	query->lane = found.lane;
	return true;
}

static bool find_element(Model *model, const char *name, Found *found, Error *error)
{
	char bare[QUERY_SIZE];
	if (!without_blanks(name, bare, error))
		return false;
	Finder finder = {model, name, error};
	const char *text = bare;
	if (!find_quantity(&finder, &text, found, 0))
		return false;
	if (*text)
		return error_set(error, "'%s': '%s' is too much at the end of a name", name, text);
	return tape_named(&model->tape, found->node) || error_set(error, "'%s' is no step and no leaf of the model", name);
}

bool query_element(Model *model, const char *name, Node *node, uint32_t *lane, Error *error)
{
	Found found = {0};
	bool good = find_element(model, name, &found, error);
	*node = found.node;
	*lane = found.lane;
	return good;
}

Node query_upper(Model *model, const char *name, Error *error)
{
	Found found = {0};
	return find_element(model, name, &found, error) ? upper_node(model, &found) : NODE_NONE;
}
