// From nodes of a tape to formulas: shared by the parts of tutor/explain.
#ifndef EXPLAIN_BUILD_H
#define EXPLAIN_BUILD_H

#include "tutor/explain/derivation.h"

// The formula of `node` in `lane`: what lies between it and named nodes. A named `node` is written out one step deep
// where `open` is set, else it is its name. NULL and `error` beyond FORMULA_LIMIT nodes.
Formula *build_formula(const Derivation *derivation, Node node, uint32_t lane, bool open, Arena *arena, Error *error);

// The name of a node in a lane as a leaf, with its row.
Formula *build_name(const Derivation *derivation, Node node, uint32_t lane, Arena *arena);

// For each path of `gradient`, 1 where its user rests on what the path leads into through other steps too. The caller
// frees the result.
uint8_t *find_direct_paths(const Tape *tape, const Gradient *gradient);

#endif
