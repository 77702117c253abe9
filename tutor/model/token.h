// A text of the model language as a list of tokens.
//
// Line ends are tokens, except inside an open `(` or `[`; blanks and comments are not. The rows of an `examples` block
// are one token, from the line after `examples` to the line before `end`.
#ifndef MODEL_TOKEN_H
#define MODEL_TOKEN_H

#include "tutor/model/source.h"

typedef enum TokenKind {
	TOKEN_END,         // of the text
	TOKEN_LINE,        // the end of a line
	TOKEN_NAME,
	TOKEN_NUMBER,
	TOKEN_STRING,      // with its quotes
	TOKEN_RANGE,       // ..
	TOKEN_ROWS,        // of an `examples` block
	TOKEN_SIGN,        // one character: the kind is TOKEN_SIGN + the character
} TokenKind;

typedef struct Token {
	Place place;
	uint32_t length;
	uint32_t kind;
} Token;

typedef struct Tokens {
	Token *token;      // ends with TOKEN_LINE, TOKEN_END
	size_t count, capacity;
	Place unclosed;    // the first bracket that is not closed, or PLACE_NONE
} Tokens;

// False at a character that no token begins with, a string or an `examples` block that does not end.
bool tokens_read(Tokens *tokens, const Sources *sources, const Source *source, Error *error);
void tokens_free(Tokens *tokens);

#endif
