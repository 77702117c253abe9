#include "tutor/explain/locate.h"

#include "tutor/explain/query.h"

#include <string.h>

static bool same_but_for_blanks(const char *name, const char *text)
{
	for (;; name++) {
		if (*name == ' ' || *name == '\t')
			continue;
		if (*name != *text++)
			return false;
		if (!*name)
			return true;
	}
}

// Local partials are rows that no node bears: derivatives are found by their text. With `direct` it is a local partial that
// is the total derivative too, so that its text has no ":direct", which `name` has.
static uint32_t find_by_text(const Derivation *derivation, const char *name, bool direct)
{
	Arena arena = {0};
	uint32_t found = 0;
	for (uint32_t id = 1; id <= derivation->count && !found; id++) {
		Row row;
		derivation_row_name(derivation, id, &arena, &row);
		if (row.name && row.name->kind == QUANTITY_DERIVATIVE && (!direct || row.phase == PHASE_PARTIAL) &&
		    same_but_for_blanks(name, arena_printf(&arena, "%s%s", quantity_text(row.name, &arena), direct ? ":direct" : "")))
			found = id;
		arena_reset(&arena);
	}
	arena_free(&arena);
	return found;
}

// The gradient that a derivative belongs to.
static const Gradient *gradient_of(const Tape *tape, Node node)
{
	if (!tape_named(tape, node) || tape->names[tape->name[node]].kind != NAME_GRADIENT)
		return NULL;
	return gradient_kept(tape, tape->names[tape->name[node]].a);
}

// A step or a leaf that is named without an @.
static bool element_varies(Model *model, const char *name)
{
	Error none = {0};
	Node node;
	uint32_t lane;
	return query_element(model, name, &node, &lane, &none) && tape_varies(&model->tape, node);
}

bool locate_row(Located *located, Model *model, Replay *replay, const Derivation *derivation, const char *name,
                Error *error)
{
	*located = (Located){.derivation = derivation};
	if (strchr(name, '/') && (located->id = find_by_text(derivation, name, false)))
		return true;
	Query query;
	if (!query_find(model, name, &query, error))
		return false;
	located->id = derivation_find(derivation, query.node, query.lane);
	const Gradient *gradient = located->id ? NULL : gradient_of(&model->tape, query.node);
	if (gradient) {
		query_prepare(model, replay);
		replay_all(replay);
		derivation_start(&located->own, model, replay, &(DerivationOptions){.only = gradient, .wrt = NODE_NONE});
		located->derivation = &located->own;
		located->id = find_by_text(&located->own, name, false);   // what is a local partial itself is one
		if (!located->id)
			located->id = derivation_find(&located->own, query.node, query.lane);
	}
	if (!located->id && strstr(name, ":direct"))
		located->id = find_by_text(located->derivation, name, true);
	if (located->id)
		return true;
	located_free(located);
	if (strstr(name, ":direct") && !strchr(name, '@') && model->lanes > 1)
		return error_set(error, "'%s' varies with the example: say which, as in 'dA@1/dB@1:direct'", name);
	if (element_varies(model, name))
		return error_set(error, "'%s' varies with the example: say which, as in '%s@1'", name, name);
	return error_set(error, "'%s' is no line of the derivation", name);
}

void located_free(Located *located)
{
	if (located->derivation == &located->own)
		derivation_free(&located->own);
	*located = (Located){0};
}
