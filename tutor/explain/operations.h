// The tape's single operations as rows, unnamed ones too: what `trace --ops` shows.
#ifndef EXPLAIN_OPERATIONS_H
#define EXPLAIN_OPERATIONS_H

#include "core/error.h"
#include "tutor/explain/derivation.h"

// The row of a node in a lane: one operation on its arguments. Unnamed nodes are called %N, N their row's number.
void operation_row(const Model *model, const Replay *replay, Node node, uint32_t lane, Arena *arena, Row *row);

#endif
