#include "tutor/model/symbol.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const symbol_kind_text[SYMBOL_KINDS] = {
	[SYMBOL_UNDEFINED] = "name", [SYMBOL_SIZE] = "size", [SYMBOL_CONST] = "const", [SYMBOL_INPUT] = "input",
	[SYMBOL_TARGET] = "target", [SYMBOL_PARAM] = "param", [SYMBOL_STATE] = "state", [SYMBOL_STEP] = "step",
	[SYMBOL_DEF] = "function",
};

const Function function_table[] = {
	{"sum", OP_SUM, true}, {"prod", OP_PROD, true}, {"max", OP_MAX, true}, {"min", OP_MIN, true},
	{"eq", OP_EQ, true}, {"exp", OP_EXP, true}, {"log", OP_LOG, true}, {"sqrt", OP_SQRT, true},
	{"abs", OP_ABS, true}, {"sin", OP_SIN, true}, {"cos", OP_COS, true}, {"tanh", OP_TANH, true},
	{"sigmoid", OP_SIGMOID, true}, {"relu", OP_RELU, true}, {"leaky_relu", OP_LEAKY_RELU, true},
	{"elu", OP_ELU, true}, {"softplus", OP_SOFTPLUS, true}, {"gelu", OP_GELU, true}, {"step", OP_STEP, true},
	{"detach", OP_DETACH, true}, {"batch_mean", OP_COUNT, true}, {"grad", OP_COUNT, true},
	{"sign", OP_SIGN, false}, {"argmax", OP_ARGMAX, false}, {"argmin", OP_ARGMIN, false},
	{"Phi", OP_NORMAL_CDF, false}, {"phi", OP_NORMAL_PDF, false}, {"leaky_step", OP_LEAKY_STEP, false},
};
const size_t function_count = sizeof function_table / sizeof *function_table;

const Function *function_find(const char *name, size_t length)
{
	for (size_t i = 0; i < function_count; i++)
		if (strlen(function_table[i].name) == length && memcmp(function_table[i].name, name, length) == 0)
			return &function_table[i];
	return NULL;
}

void symbols_free(Symbols *symbols)
{
	free(symbols->symbol);
	nodemap_free(&symbols->map);
	arena_free(&symbols->arena);
	*symbols = (Symbols){0};
}

// FNV-1a; where another name has the same hash, the next numbers are tried.
static uint64_t hash(const char *name, size_t length)
{
	uint64_t h = 0xCBF29CE484222325;
	for (size_t i = 0; i < length; i++)
		h = (h ^ (unsigned char)name[i]) * 0x100000001B3;
	return h;
}

static uint32_t find(const Symbols *symbols, const char *name, size_t length, uint64_t *key)
{
	for (*key = hash(name, length);; ++*key) {
		uint32_t found = nodemap_get(&symbols->map, *key);
		if (found == NODEMAP_ABSENT)
			return SYMBOL_NONE;
		const Symbol *symbol = &symbols->symbol[found];
		if (symbol->length == length && memcmp(symbol->name, name, length) == 0)
			return found;
	}
}

uint32_t symbol_find(const Symbols *symbols, const char *name, size_t length)
{
	uint64_t key;
	return find(symbols, name, length, &key);
}

uint32_t symbol_intern(Symbols *symbols, const char *name, size_t length)
{
	uint64_t key;
	uint32_t found = find(symbols, name, length, &key);
	if (found != SYMBOL_NONE)
		return found;
	array_reserve(symbols->symbol, symbols->count, symbols->capacity, 1);
	symbols->symbol[symbols->count] = (Symbol){.name = arena_copy(&symbols->arena, name, length),
	                                           .length = (uint32_t)length, .family = NAME_NONE,
	                                           .first = NODE_NONE, .update = SYMBOL_NONE};
	nodemap_set(&symbols->map, key, (uint32_t)symbols->count);
	return (uint32_t)symbols->count++;
}

bool symbol_is_reserved(const Symbol *symbol)
{
	static const char *const others[] = {"normal", "uniform", "batch_size"};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strcmp(symbol->name, others[i]) == 0)
			return true;
	const Function *function = function_find(symbol->name, symbol->length);
	return function && function->reserved;
}

Node symbol_element(const Symbol *symbol, const Tape *tape, const int32_t *index, size_t rank)
{
	if (!symbol->dense)
		return tape_find(tape, symbol->family, index, rank);
	size_t offset = 0;
	for (size_t i = 0; i < rank; i++) {
		if (index[i] < symbol->low[i] || index[i] > symbol->high[i])
			return NODE_NONE;
		offset = offset * (size_t)(symbol->high[i] - symbol->low[i] + 1) + (size_t)(index[i] - symbol->low[i]);
	}
	return symbol->first + (Node)offset;
}

void symbol_add_element(Symbol *symbol, Node node, const int32_t *index)
{
	symbol->dense = false;
	if (!symbol->count++)
		symbol->first = node;
	for (size_t i = 0; i < symbol->rank; i++) {
		if (symbol->count == 1 || index[i] < symbol->low[i])
			symbol->low[i] = index[i];
		if (symbol->count == 1 || index[i] > symbol->high[i])
			symbol->high[i] = index[i];
	}
}

char *symbol_element_text(char *text, const char *name, const int32_t *index, size_t rank)
{
	int used = snprintf(text, ELEMENT_TEXT_SIZE, "%.*s", NAME_LIMIT, name);
	for (size_t i = 0; i < rank && used < ELEMENT_TEXT_SIZE - 16; i++)
		used += snprintf(text + used, 16, "%c%d", i ? ',' : '[', (int)index[i]);
	if (rank)
		snprintf(text + used, 2, "]");
	return text;
}

// The number of index places in the box; 0 where they are too many to count.
static uint64_t box_volume(const Symbol *symbol)
{
	uint64_t volume = 1;
	for (size_t i = 0; i < symbol->rank; i++) {
		volume *= (uint64_t)((int64_t)symbol->high[i] - symbol->low[i] + 1);
		if (volume > TAPE_LIMIT)
			return 0;
	}
	return volume;
}

char *symbol_elements_text(char *text, const Symbol *symbol, const Tape *tape)
{
	int used = 0;
	text[0] = '\0';
	if (symbol->count && box_volume(symbol) == symbol->count) {
		for (size_t i = 0; i < symbol->rank; i++)
			used += snprintf(text + used, 32, "%s%d..%d", i ? ", " : "", (int)symbol->low[i], (int)symbol->high[i]);
		return text;
	}
	for (size_t i = 0; i < tape->names_count && used < ELEMENT_TEXT_SIZE - 48; i++) {
		const Name *name = &tape->names[i];
		if (name->kind != NAME_ELEMENT || name->a != symbol->family)
			continue;
		char element[ELEMENT_TEXT_SIZE];
		symbol_element_text(element, "", tape->index + name->b, name->rank);
		if (name->rank == 1)   // plain, without its brackets
			memmove(element, element + 1, strlen(element) - 1), element[strlen(element) - 2] = '\0';
		used += snprintf(text + used, 40, "%s%.30s", used ? ", " : "", element);
	}
	return text;
}
