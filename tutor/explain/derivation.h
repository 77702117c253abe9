// The derivation of a model's numbers as rows: one for every line that a person would write.
//
// Rows come in an order in which each rests only on earlier ones: what is given; the forward pass; then, from the loss
// back, for each thing the local partials of what uses it, the paths where there are several, and the gradient; then
// the update. Rows are kept in a few bytes each; name and formula are built when asked for, so that a derivation of
// a million rows can be streamed.
#ifndef EXPLAIN_DERIVATION_H
#define EXPLAIN_DERIVATION_H

#include "core/error.h"
#include "core/gradient.h"
#include "core/replay.h"
#include "tutor/explain/row.h"
#include "tutor/model/model.h"

// What a row is about; the fields that its phase has no use for are NODE_NONE or PATH_NONE.
typedef struct RowKey {
	uint32_t phase : 3;
	uint32_t direct : 1;    // a partial that is not the whole derivative
	uint32_t gradient : 28; // which of Derivation.shown: TAPE_LIMIT and more can be told apart
	uint32_t lane;
	Node node;              // the named node; of a PARTIAL or PATH the node that the path leads into
	uint32_t path;          // PARTIAL and PATH: the path's number in its gradient
} RowKey;

// A gradient of the tape, and the rows of its paths.
typedef struct ShownGradient {
	const Gradient *gradient;    // NULL where it has no rows
	uint32_t *row_of_path;       // of each path: its (first) PARTIAL row
	uint32_t *row_of_product;    // … and its (first) PATH row, 0 where the sum has one term
	uint8_t *direct;             // … and whether it is not the whole derivative
} ShownGradient;

typedef struct Derivation {
	const Model *model;
	const Tape *tape;
	const Replay *replay;
	RowKey *row;            // row i + 1 is row[i]
	size_t count, capacity;
	uint32_t *row_of_name;  // for each record of tape->names there was at the start: its (first) row, 0 if none
	size_t names_count;
	ShownGradient *shown;   // for each gradient that the tape had at the start
	size_t shown_count;
} Derivation;

typedef struct DerivationOptions {
	const Gradient *only;     // show this gradient in place of the loss's, and no update
	Node wrt;                 // with `only`: what leads to this node alone; NODE_NONE for all
	const Gradient *changed;  // a gradient recorded with a rule changed, in place of the loss's
} DerivationOptions;

// All rows of the model's tape with the values of `replay`, which must outlive the derivation, as the model must.
void derivation_start(Derivation *derivation, const Model *model, const Replay *replay,
                      const DerivationOptions *options);
void derivation_free(Derivation *derivation);

// Row `id` (from 1) written out in `arena`. False and `error` where the formula is longer than FORMULA_LIMIT.
bool derivation_row(const Derivation *derivation, uint32_t id, Arena *arena, Row *row, Error *error);
// The node whose value the row has.
Node derivation_node(const Derivation *derivation, uint32_t id);
// Name and value alone, which are cheap.
void derivation_row_name(const Derivation *derivation, uint32_t id, Arena *arena, Row *row);
// Whether row `id` is a gradient that only says its partial again (what the loss rests on directly, dL/dL): to a reader
// once is enough.
bool derivation_repeats(const Derivation *derivation, uint32_t id);
// The row that bears `node` in that lane; 0 where none does.
uint32_t derivation_find(const Derivation *derivation, Node node, uint32_t lane);

// What the name of a node is made of, in a lane of `lanes`.
const Quantity *quantity_of(const Tape *tape, Node node, uint32_t lane, uint32_t lanes, Arena *arena);

#endif
