// A set of nodes that is walked from the last to the first, at a cost that rests on how many are in it and not on how long
// the tape is: bits, of which 64 have one bit above them that says whether there is any (a van Emde Boas layout with
// words for the clusters; Cormen et al., Introduction to Algorithms, ch. 20).
//
// A zeroed NodeSet is valid and empty; nodeset_reserve comes before all else.
#ifndef CORE_NODESET_H
#define CORE_NODESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NODESET_LEVELS = 6 };   // 64^6 > 2^32

typedef struct NodeSet {
	uint64_t *level[NODESET_LEVELS];   // bit n of level k: there is a member among n*64^k … (n + 1)*64^k - 1
	size_t nodes;                      // room for the nodes below
} NodeSet;

// Room for the nodes 0 … nodes-1; what is in the set stays.
void nodeset_reserve(NodeSet *set, size_t nodes);
void nodeset_add(NodeSet *set, uint32_t node);
void nodeset_remove(NodeSet *set, uint32_t node);
// The largest member below `node`, NODESET_NONE where there is none.
uint32_t nodeset_below(const NodeSet *set, uint32_t node);
void nodeset_free(NodeSet *set);
size_t nodeset_bytes(const NodeSet *set);

#define NODESET_NONE UINT32_MAX

#endif
