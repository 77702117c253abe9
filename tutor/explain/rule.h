// A rule changed: what the numbers would be if a step of the derivation were done in another way.
//
// The backward pass is recorded once more with a GradientRule of core/gradient.h, and the update once more from the
// changed gradients. A mistake is such a change, and its numbers are computed as the right ones are.
#ifndef EXPLAIN_RULE_H
#define EXPLAIN_RULE_H

#include "tutor/model/model.h"

typedef struct ChangedRule {
	Gradient *gradient;   // the changed one; the tape owns it
	Carry *carry;         // the changed update
	size_t carry_count;
} ChangedRule;

// The stale order, which is the mistake that Mazur's post warns of: the params are updated before the gradient is
// carried further back through them, so that in every partial by a step stand the new params instead of the old.
// False and `error` where the model minimizes nothing or updates nothing.
bool rule_stale_order(Model *model, ChangedRule *changed, Error *error);
void rule_free(ChangedRule *changed);

#endif
