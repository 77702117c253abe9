// The set of nodes that gradients are walked along: against a plain array of marks.
#include "tests/suite.h"
#include "core/nodeset.h"

#include <string.h>

enum { NODES = 300 * 1000 };

// The next number of a simple generator.
static uint32_t draw(uint64_t *state, uint32_t below)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((*state >> 32) * below >> 32);
}

// All members from the last on are those that are marked.
static void compare(const NodeSet *set, const uint8_t *mark)
{
	uint32_t node = NODES;
	for (uint32_t i = NODES; i-- > 0;)
		if (mark[i])
			ck_assert_uint_eq(node = nodeset_below(set, node), i);
	ck_assert_uint_eq(nodeset_below(set, node), NODESET_NONE);
}

START_TEST(members_come_from_the_last_to_the_first)
{
	static uint8_t mark[NODES];
	static const uint32_t spread[] = {2, 64, 65, 4096, 5000, NODES};
	uint64_t state = 1;
	for (size_t s = 0; s < sizeof spread / sizeof *spread; s++) {
		NodeSet set = {0};
		memset(mark, 0, sizeof mark);
		nodeset_reserve(&set, 1);
		for (uint32_t at = 0; at < NODES; at += 1 + draw(&state, spread[s])) {
			nodeset_reserve(&set, at + (size_t)1);
			nodeset_add(&set, at);
			mark[at] = 1;
		}
		nodeset_reserve(&set, NODES + 1);
		compare(&set, mark);
		for (uint32_t i = 0; i < NODES; i += 1 + draw(&state, 3)) {
			if (mark[i])
				nodeset_remove(&set, i);
			mark[i] = 0;
		}
		compare(&set, mark);
		nodeset_free(&set);
	}
}
END_TEST

START_TEST(the_first_and_the_last_node)
{
	NodeSet set = {0};
	nodeset_reserve(&set, 64 * 64 + 1);
	ck_assert_uint_eq(nodeset_below(&set, 64 * 64), NODESET_NONE);
	nodeset_add(&set, 0);
	nodeset_add(&set, 64 * 64);
	ck_assert_uint_eq(nodeset_below(&set, 64 * 64), 0);
	ck_assert_uint_eq(nodeset_below(&set, 0), NODESET_NONE);
	ck_assert_uint_ge(nodeset_bytes(&set), (64 * 64 + 1) / 8);
	nodeset_free(&set);
}
END_TEST

SUITE(members_come_from_the_last_to_the_first, the_first_and_the_last_node)
