// The tape's memory, names and tables; replay's lanes and carries; running out of memory.
#include "tests/test_core_lib.h"

#include <setjmp.h>
#include <stdlib.h>

START_TEST(a_large_map)
{
	enum { COUNT = 300 * 1000 };
	NodeMap map = {0};
	ck_assert_uint_eq(nodemap_get(&map, 7), NODEMAP_ABSENT);
	for (int round = 0; round < 3; round++) {
		for (uint32_t i = 0; i < COUNT; i++)
			nodemap_set(&map, nodemap_pair(i * 977, i), i + (uint32_t)round);
		nodemap_set(&map, nodemap_pair(0, 0), 5);
		ck_assert_uint_eq(map.count, COUNT);
		ck_assert_uint_eq(nodemap_get(&map, nodemap_pair(0, 0)), 5);
		for (uint32_t i = 1; i < COUNT; i++)
			ck_assert_uint_eq(nodemap_get(&map, nodemap_pair(i * 977, i)), i + (uint32_t)round);
		ck_assert_uint_eq(nodemap_get(&map, nodemap_pair(1, 2)), NODEMAP_ABSENT);
		size_t bytes = nodemap_bytes(&map);
		nodemap_clear(&map);
		ck_assert_uint_eq(nodemap_bytes(&map), bytes);
		ck_assert_uint_eq(nodemap_get(&map, nodemap_pair(977, 1)), NODEMAP_ABSENT);
	}
	nodemap_free(&map);
}
END_TEST

START_TEST(rounds_may_wrap_around)
{
	NodeMap map = {0};
	nodemap_clear(&map);
	nodemap_set(&map, 1, 10);
	map.round = UINT32_MAX - 1;
	nodemap_clear(&map);
	nodemap_set(&map, 2, 20);
	nodemap_clear(&map);
	ck_assert_uint_eq(nodemap_get(&map, 1), NODEMAP_ABSENT);
	nodemap_set(&map, 3, 30);
	ck_assert_uint_eq(nodemap_get(&map, 1), NODEMAP_ABSENT);
	ck_assert_uint_eq(nodemap_get(&map, 2), NODEMAP_ABSENT);
	ck_assert_uint_eq(nodemap_get(&map, 3), 30);
	ck_assert_uint_eq(map.count, 1);
	nodemap_free(&map);
}
END_TEST

// ---- Names

START_TEST(elements_are_found_by_family_and_index)
{
	Tape tape = {0};
	uint32_t family[50];
	char text[20];
	for (int f = 0; f < 50; f++) {
		snprintf(text, sizeof text, "family%d", f);
		family[f] = tape_family(&tape, text, strlen(text));
		for (int32_t i = 0; i < 200; i++)
			tape_name_element(&tape, tape_leaf(&tape, OP_PARAM, 0, false), family[f], (int32_t[]){i - 100, f}, 2);
		tape_name_element(&tape, tape_leaf(&tape, OP_PARAM, 0, false), family[f], NULL, 0);
	}
	for (int f = 0; f < 50; f++) {
		for (int32_t i = 0; i < 200; i++)
			ck_assert_uint_eq(tape_find(&tape, family[f], (int32_t[]){i - 100, f}, 2), (Node)(f * 201 + i));
		ck_assert_uint_eq(tape_find(&tape, family[f], NULL, 0), (Node)(f * 201 + 200));
		ck_assert_uint_eq(tape_find(&tape, family[f], (int32_t[]){0}, 1), NODE_NONE);
	}
	ck_assert_uint_eq(tape_family(&tape, "family7!", 7), family[7]);
	ck_assert_str_eq(tape_family_text(&tape, family[7]), "family7");
	ck_assert_uint_eq(tape_family_find(&tape, "family", 6), NAME_NONE);
	tape_free(&tape);
}
END_TEST

// As many families as a model of scalars has names.
START_TEST(a_hundred_thousand_families)
{
	Tape tape = {0};
	char text[20];
	for (uint32_t i = 0; i < 100 * 1000; i++) {
		int length = snprintf(text, sizeof text, "n%u", i * 7919u);
		ck_assert_uint_eq(tape_family(&tape, text, (size_t)length), i);
	}
	ck_assert_uint_eq(tape_family_find(&tape, "n7919", 5), 1);
	tape_free(&tape);
}
END_TEST

START_TEST(a_second_name_leaves_the_first_to_be_found)
{
	Tape tape = {0};
	Node first = param(&tape, "L", 1), second = tape_unary(&tape, OP_NEG, first);
	tape_name_as(&tape, second, tape.names[tape.name[first]]);
	ck_assert_uint_eq(tape_find(&tape, tape_family(&tape, "L", 1), NULL, 0), first);
	ck_assert(tape_named(&tape, second));
	tape_free(&tape);
}
END_TEST

START_TEST(a_step_is_the_node_or_a_copy)
{
	Tape tape = {0};
	Node x = param(&tape, "x", 1), old = tape_unary(&tape, OP_NEG, x), since = (Node)tape.count;
	Node fresh = tape_unary(&tape, OP_EXP, x), number = tape_number(&tape, 3);
	ck_assert_uint_eq(tape_step(&tape, fresh, since), fresh);
	name(&tape, fresh, "e");
	const Node copied[] = {fresh, old, x, number};
	for (int i = 0; i < 4; i++)
		ck_assert(IS(&tape, tape_step(&tape, copied[i], since), OP_COPY, copied[i]));
	tape_free(&tape);
}
END_TEST

START_TEST(a_named_number_is_a_number_no_more)
{
	Tape tape = {0};
	Node half = tape_binary(&tape, OP_DIV, tape_number(&tape, 1), tape_number(&tape, 2));
	ck_assert(tape_is_number(&tape, half) && tape.value[half] == 0.5);
	name(&tape, half, "half");
	ck_assert(!tape_is_number(&tape, half));
	tape_free(&tape);
}
END_TEST

// ---- Memory

START_TEST(trimming_keeps_all)
{
	Tape tape = {0};
	Node x = param(&tape, "x", 2), y = x;
	for (int i = 0; i < 10000; i++)
		y = tape_nary(&tape, OP_SUM, (Node[]){x, y, x}, 3);
	size_t before = tape_bytes(&tape);
	tape_trim(&tape);
	ck_assert_uint_lt(tape_bytes(&tape), before);
	y = name(&tape, tape_nary(&tape, OP_SUM, (Node[]){x, y, x}, 3), "y");
	Replay replay;
	replay_start(&replay, &tape, 1);
	replay_all(&replay);
	ck_assert(replay_value(&replay, y, 0) == 2 * (2 * 10001 + 1));
	replay_free(&replay);
	tape_free(&tape);
	tape_trim(&tape);
	tape_free(&tape);
}
END_TEST

// AddressSanitizer's malloc is to return NULL, as others do, where there is too little.
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static jmp_buf out_of_memory;
static size_t wanted;

static void jump(size_t size)
{
	wanted = size;
	longjmp(out_of_memory, 1);
}

static void ask_for_too_much(int how, Arena *arena)
{
	size_t capacity = 0;
	int *array = NULL;
	switch (how) {
	case 0: free(memory_alloc(SIZE_MAX / 4)); break;
	case 1: memory_product(SIZE_MAX / 2, 3); break;
	case 2: arena_alloc(arena, SIZE_MAX / 4); break;
	case 3: arena_alloc(arena, SIZE_MAX - 3); break;
	case 4: array_reserve(array, 0, capacity, SIZE_MAX / 2); break;
	default: arena_array(arena, double, SIZE_MAX / 4); break;
	}
}

START_TEST(running_out_of_memory_goes_through_the_hook)
{
	void (*before)(size_t) = memory_exhausted;
	memory_exhausted = jump;
	for (volatile int how = 0; how < 6; how++) {
		Arena arena = {0};
		wanted = 0;
		if (setjmp(out_of_memory) == 0)
			ask_for_too_much(how, &arena);
		ck_assert_msg(wanted >= SIZE_MAX / 4, "request %d", how);
	}
	memory_exhausted = before;
}
END_TEST

// ---- Replay

START_TEST(replay_takes_in_what_is_recorded_later)
{
	for (uint32_t lanes = 1; lanes <= 3; lanes += 2) {
		Tape tape = {0};
		Node b = tape_leaf(&tape, OP_BATCH_SIZE, 1, false), x = varying(&tape, "x"), w = param(&tape, "w", 3);
		Replay replay;
		replay_start(&replay, &tape, lanes);
		for (uint32_t lane = 0; lane < lanes; lane++)
			replay_set(&replay, x, lane, lane + 1);
		replay_set_all(&replay, w, 10);
		for (int i = 0; i < 1000; i++) {
			Node y = mul2(&tape, w, x), m = tape_batch_mean(&tape, y, b);
			replay_run(&replay, y, (Node)tape.count);
			ck_assert(replay_value(&replay, y, lanes - 1) == 10 * lanes);
			ck_assert(replay_value(&replay, m, 0) == 10 * (lanes + 1) / 2.0);
		}
		replay_free(&replay);
		tape_free(&tape);
	}
}
END_TEST

// a and b change places: all leaves take their next values at once.
START_TEST(carries_happen_at_once)
{
	Tape tape = {0};
	Node a = param(&tape, "a", 1), b = param(&tape, "b", 2), t = param(&tape, "t", 0);
	Node later = add2(&tape, t, tape_number(&tape, 1));
	const Carry carry[] = {{a, b}, {b, a}, {t, later}};
	Replay replay;
	replay_start(&replay, &tape, 1);
	for (int i = 1; i <= 3; i++) {
		replay_all(&replay);
		replay_carry(&replay, carry, 3);
		ck_assert(replay_value(&replay, a, 0) == (i % 2 ? 2 : 1));
		ck_assert(replay_value(&replay, b, 0) == (i % 2 ? 1 : 2));
		ck_assert(replay_value(&replay, t, 0) == i);
	}
	replay_free(&replay);
	tape_free(&tape);
}
END_TEST

SUITE(a_large_map, rounds_may_wrap_around, elements_are_found_by_family_and_index, a_hundred_thousand_families,
      a_second_name_leaves_the_first_to_be_found, a_step_is_the_node_or_a_copy, a_named_number_is_a_number_no_more,
      trimming_keeps_all, running_out_of_memory_goes_through_the_hook, replay_takes_in_what_is_recorded_later,
      carries_happen_at_once)
