// --set NAME=VALUE: values that replace those of the text.
#include "tutor/model/recorder.h"

#include "tutor/nearest.h"

#include <stdlib.h>
#include <string.h>

static bool unknown(Recorder *r, const char *name, size_t length)
{
	Nearest nearest = nearest_start(name, length);
	for (size_t i = 0; i < r->syntax->symbols.count; i++)
		if (r->syntax->symbols.symbol[i].later)
			nearest_offer(&nearest, r->syntax->symbols.symbol[i].name);
	if (nearest.name)
		return error_set(r->error, "cannot set '%.255s': the model has no such name; did you mean '%s'?", name,
		                 nearest.name);
	return error_set(r->error, "cannot set '%.255s': the model has no such name", name);
}

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " \t");
}

// "[1, 2]" behind a name.
static bool read_index(const char *at, Set *set)
{
	at = skip_blanks(at);
	if (!*at)
		return true;
	do {
		char *end;
		long index = strtol(at + 1, &end, 10);
		if (end == at + 1 || set->rank == RANK_LIMIT || index < INT32_MIN || index > INT32_MAX)
			return false;
		set->index[set->rank++] = (int32_t)index;
		at = skip_blanks(end);
	} while (*at == ',');
	return *at == ']' && !*skip_blanks(at + 1);
}

// w5.v is the state v of the rule that updates w5.
static const char *split_member(Recorder *r, const char *name, Set *set)
{
	const char *dot = strchr(name, '.');
	if (!dot)
		return name;
	set->member = arena_copy(&r->syntax->arena, dot + 1, strcspn(dot + 1, " \t"));
	return arena_copy(&r->syntax->arena, name, (size_t)(dot - name));
}

bool setting_start(Recorder *r)
{
	const ModelOptions *options = r->options;
	r->set = arena_array(&r->syntax->arena, Set, options->setting_count);
	for (size_t i = 0; i < options->setting_count; i++) {
		Set *set = &r->set[i];
		const char *name = split_member(r, skip_blanks(options->setting[i].name), set);
		size_t length = strcspn(name, " \t[");
		set->value = options->setting[i].value;
		set->symbol = symbol_find(&r->syntax->symbols, name, length);
		if (set->symbol == SYMBOL_NONE || !record_symbol(r, set->symbol)->later)
			return unknown(r, name, length);
		if (name[length + strspn(name + length, " \t")] && name[length + strspn(name + length, " \t")] != '[')
			return error_set(r->error, "cannot set '%.255s': a name is wanted, as in 'b' or 'w[1,2]'", name);
		if (!read_index(name + length, set))
			return error_set(r->error, "cannot set '%.255s': a name is wanted, as in 'b' or 'w[1,2]'", name);
	}
	return true;
}

bool setting_find(Recorder *r, uint32_t symbol, double *value)
{
	bool found = false;
	for (size_t i = 0; i < r->options->setting_count; i++) {
		Set *set = &r->set[i];
		if (set->symbol != symbol || set->member || set->rank != r->rank ||
		    (r->rank && memcmp(set->index, r->index, r->rank * sizeof *set->index) != 0))
			continue;
		*value = set->value;
		set->used = found = true;
	}
	return found;
}

static bool why_not(Recorder *r, const Set *set, const char *name)
{
	char element[ELEMENT_TEXT_SIZE], known[ELEMENT_TEXT_SIZE];
	const Symbol *symbol = record_symbol(r, set->symbol);
	if (symbol->kind == SYMBOL_STEP || symbol->kind == SYMBOL_DEF || symbol->kind == SYMBOL_UNDEFINED)
		return error_set(r->error, "cannot set '%.255s': it is a %s", name, symbol_kind_text[symbol->kind]);
	if (symbol->rank && !set->rank)
		return error_set(r->error, "cannot set '%.255s': it is a family; set its elements, as in '%s'", name,
		                 symbol_element_text(element, symbol->name, symbol->low, symbol->rank));
	symbol_element_text(element, symbol->name, set->index, set->rank);
	if (symbol->rank != set->rank)
		return error_set(r->error, "cannot set '%s': '%s' has %u indices, not %zu", element, symbol->name, symbol->rank,
		                 set->rank);
	return error_set(r->error, "cannot set '%s': '%s' has %s", element, symbol->name,
	                 symbol_elements_text(known, symbol, record_home(r, symbol)));
}

bool setting_find_state(Recorder *r, Node param, const char *member, double *value)
{
	const Name *name = &r->tape->names[r->tape->name[param]];
	bool found = false;
	for (size_t i = 0; i < r->options->setting_count; i++) {
		Set *set = &r->set[i];
		if (!set->member || strcmp(set->member, member) != 0 || record_symbol(r, set->symbol)->family != name->a ||
		    set->rank != name->rank ||
		    (set->rank && memcmp(set->index, r->tape->index + name->b, set->rank * sizeof *set->index) != 0))
			continue;
		*value = set->value;
		set->used = found = true;
	}
	return found;
}

bool setting_finish(Recorder *r, bool states)
{
	for (size_t i = 0; i < r->options->setting_count; i++) {
		const char *name = r->options->setting[i].name;
		if (r->set[i].used || (r->set[i].member != NULL) != states)
			continue;
		return states ? error_set(r->error, "cannot set '%.255s': no update rule has that state", name)
		              : why_not(r, &r->set[i], name);
	}
	return true;
}
