// The names of a model and what each stands for.
//
// The parser interns every name once; from then on a name is the number of its Symbol. What a symbol stands for, it
// learns while statements are recorded, in order, so that use before definition is seen.
#ifndef MODEL_SYMBOL_H
#define MODEL_SYMBOL_H

#include "core/nodemap.h"
#include "core/tape.h"
#include "tutor/model/source.h"

#define SYMBOL_NONE UINT32_MAX
enum { RANK_LIMIT = 8 };

typedef enum SymbolKind {
	SYMBOL_UNDEFINED, SYMBOL_SIZE, SYMBOL_CONST, SYMBOL_INPUT, SYMBOL_TARGET, SYMBOL_PARAM, SYMBOL_STATE,
	SYMBOL_STEP, SYMBOL_DEF,
	SYMBOL_KINDS
} SymbolKind;

// What messages call a kind: "size", "const", …, "step", "function".
extern const char *const symbol_kind_text[SYMBOL_KINDS];

typedef struct Symbol {
	const char *name;
	uint32_t length;
	uint8_t kind;                // SymbolKind
	uint8_t rank;                // number of indices of a family, 0 of a scalar
	bool later;                  // some statement of the text defines it
	bool dense;                  // the elements are consecutive nodes that fill the box, last index fastest
	uint32_t family;             // on its tape
	uint32_t count;              // elements
	Node first;                  // the first element's node
	int32_t low[RANK_LIMIT], high[RANK_LIMIT];   // the box around the indices
	uint32_t statement;          // the number of the outermost statement that first defined it
	uint32_t update;             // of a param: the update that names it in `on`, else SYMBOL_NONE
	const struct Statement *def;
} Symbol;

typedef struct Symbols {
	Symbol *symbol;
	size_t count, capacity;
	NodeMap map;     // hash -> symbol
	Arena arena;
} Symbols;

void symbols_free(Symbols *symbols);
uint32_t symbol_intern(Symbols *symbols, const char *name, size_t length);
// As symbol_intern, SYMBOL_NONE where the name is new.
uint32_t symbol_find(const Symbols *symbols, const char *name, size_t length);
// True where the name must not be defined: a function of the language, normal, uniform or batch_size.
bool symbol_is_reserved(const Symbol *symbol);

// The node of an element, NODE_NONE where there is none. `tape` is the one that the symbol's elements are on.
Node symbol_element(const Symbol *symbol, const Tape *tape, const int32_t *index, size_t rank);
// Notes a new element, just made: the box, and whether the elements are still dense.
void symbol_add_element(Symbol *symbol, Node node, const int32_t *index);

enum { ELEMENT_TEXT_SIZE = NAME_LIMIT + RANK_LIMIT * 12 + 16 };
// "h[1,2]", written to `text` (ELEMENT_TEXT_SIZE bytes), which is returned.
char *symbol_element_text(char *text, const char *name, const int32_t *index, size_t rank);
// "0..3" or "0, 2, 5": the elements that there are, for a message.
char *symbol_elements_text(char *text, const Symbol *symbol, const Tape *tape);

// The functions that the language names, with the operation of each.
typedef struct Function {
	const char *name;
	Op op;            // OP_COUNT where the function is none of core/ops.def
	bool reserved;    // false for those that an own definition may hide
} Function;

extern const Function function_table[];
extern const size_t function_count;
const Function *function_find(const char *name, size_t length);

#endif
