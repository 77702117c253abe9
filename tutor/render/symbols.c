#include "tutor/render/symbols.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name, *letter;
} letter[] = {
    {"alpha", "α"}, {"beta", "β"}, {"gamma", "γ"}, {"delta", "δ"}, {"epsilon", "ε"}, {"eps", "ε"},
    {"zeta", "ζ"},  {"eta", "η"},  {"theta", "θ"}, {"kappa", "κ"}, {"lambda", "λ"},  {"mu", "μ"},
    {"nu", "ν"},    {"xi", "ξ"},   {"pi", "π"},    {"rho", "ρ"},   {"sigma", "σ"},   {"tau", "τ"},
    {"phi", "φ"},   {"chi", "χ"},  {"psi", "ψ"},   {"omega", "ω"}, {"update.rate", "η"},
};

const char *symbol_letter(const char *name, size_t size)
{
	for (size_t i = 0; i < sizeof letter / sizeof *letter; i++)
		if (strlen(letter[i].name) == size && memcmp(letter[i].name, name, size) == 0)
			return letter[i].letter;
	return NULL;
}

const char *symbol_bare(const char *name)
{
	const char *dot = strncmp(name, "update", 6) == 0 ? strchr(name, '.') : NULL;
	return dot && !symbol_letter(name, strlen(name)) ? dot + 1 : name;
}

// A name taken apart.
typedef struct Parts {
	Output base, sub, super;
	const Script *script;
} Parts;

static void put_mark(const Script *script, Output *output, const char *format, const char *text, size_t size)
{
	char mark[64];
	snprintf(mark, sizeof mark, format, (int)(size < 48 ? size : 48), text);
	script->mark(output, mark);
}

// Letters and digits in turn: h1, o12.
static void put_below(Parts *parts, const char *text)
{
	while (*text) {
		bool digits = isdigit((unsigned char)*text), end = *text == '_';
		size_t size = 0;
		while (text[size] && text[size] != '_' && !isdigit((unsigned char)text[size]) == !digits)
			size++;
		if (end)
			parts->script->mark(&parts->sub, ","), size = 1;
		else if (digits)
			put_mark(parts->script, &parts->sub, "%.*s", text, size);
		else
			parts->script->word(&parts->sub, text, size);
		text += size;
	}
}

// The word, digits at its end (below, or of a family above) and what follows the first underscore.
static void take_word(Parts *parts, const char *text, bool family)
{
	const char *bare = strcmp(text, "batch_size") == 0 ? "B" : symbol_bare(text), *under = strchr(bare, '_');
	size_t size = under && under > bare ? (size_t)(under - bare) : strlen(bare), letters = size;
	while (letters > 1 && isdigit((unsigned char)bare[letters - 1]))
		letters--;
	parts->script->word(&parts->base, bare, letters);
	if (letters < size && family)
		put_mark(parts->script, &parts->super, "[%.*s]", bare + letters, size - letters);
	else if (letters < size)
		put_mark(parts->script, &parts->sub, "%.*s", bare + letters, size - letters);
	if (bare[size] == '_') {
		if (parts->sub.count)
			parts->script->mark(&parts->sub, ",");
		put_below(parts, bare + size + 1);
	}
}

static void take_index(Parts *parts, const Quantity *q)
{
	char text[256] = "";
	size_t size = 0;
	for (uint32_t i = 0; i < q->rank && size < sizeof text - 16; i++)
		size += (size_t)snprintf(text + size, sizeof text - size, i || parts->sub.count ? ",%d" : "%d",
		                         (int)q->index[i]);
	if (q->rank)
		parts->script->mark(&parts->sub, text);
	snprintf(text, sizeof text, "(%u)", (unsigned)q->example);
	if (q->example)
		parts->script->mark(&parts->super, text);
}

static void take(Parts *parts, const Quantity *q)
{
	switch (q->kind) {
	case QUANTITY_ELEMENT:
		take_word(parts, q->text, q->rank > 0);
		take_index(parts, q);
		break;
	case QUANTITY_NEXT:
		take(parts, q->of);
		parts->script->mark(&parts->super, "+");
		break;
	case QUANTITY_MEMBER:
		take_word(parts, q->text, false);
		if (parts->sub.count)
			parts->script->mark(&parts->sub, ",");
		symbol_name(&parts->sub, q->of, parts->script, 0, 0);
		break;
	case QUANTITY_DERIVATIVE:
		break;
	}
}

void symbol_name(Output *output, const Quantity *q, const Script *script, uint32_t row, uint32_t group)
{
	Parts parts = {.script = script};
	take(&parts, q);
	script->join(output, output_memory(&parts.base), output_memory(&parts.sub), output_memory(&parts.super), row,
	             group);
	output_abandon(&parts.base);
	output_abandon(&parts.sub);
	output_abandon(&parts.super);
}
