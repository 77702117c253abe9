// The lists of the contractions of a group, for core/lift_lists.c, which reads, pads and numbers them, and
// core/lift_product.c, which finds the grids.
#ifndef CORE_LIFT_LISTS_H
#define CORE_LIFT_LISTS_H

#include "core/lift_group.h"

typedef struct Finder {
	Lift *lift;
	uint32_t first;          // of the members in Lift.member
	Value *member;
	uint32_t count, n;       // members, length of the longest list
	Value *u, *v;            // lists of the members, padded to n
	uint32_t *u_list, *v_list;   // the number of each member's list
	uint32_t u_count, v_count;
	bool padded;
	Arena arena;
} Finder;

// Reads the members' lists: as they are if all have one length, else padded. False where that cannot be.
bool lists_read(Finder *f);
// Numbers the lists `all` by their contents in the order in which they come; returns how many there are.
uint32_t lists_number(Finder *f, const Value *all, uint32_t *list);

#endif
