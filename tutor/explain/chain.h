// A gradient as a person reads it: the product of local partials along its path.
#ifndef EXPLAIN_CHAIN_H
#define EXPLAIN_CHAIN_H

#include "tutor/explain/derivation.h"

// Row `id`, a GRADIENT, with its formula replaced by the chain: the local partials along its path, back to the loss or
// to the first step where several paths meet, whose own gradient then is the first factor. Partials by a sum next to
// the loss, which are 1, are taken into the factor behind them. Where several paths lead into the node itself, and
// where the chain has but two factors, the row is as derivation_row gives it.
bool chain_row(const Derivation *derivation, uint32_t id, Arena *arena, Row *row, Error *error);

// One full path from a node to the loss: the local partials from the loss down.
typedef struct FullPath {
	Formula *product;   // of the partials' names
	double value;
} FullPath;

// The full paths of the row's gradient, up to `most` and no more than make a hundred thousand factors together, but at
// least one; and the count of all that there are (a double: it grows exponentially). Returns the number written to `path`.
size_t chain_full_paths(const Derivation *derivation, uint32_t id, Arena *arena, FullPath *path, size_t most,
                        double *count);

#endif
