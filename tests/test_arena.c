#include "core/arena.h"
#include "core/error.h"
#include "tests/suite.h"

#include <stdlib.h>
#include <string.h>

START_TEST(memory_is_zeroed_aligned_and_stays)
{
	Arena arena = {0};
	unsigned char *blocks[200];
	for (size_t i = 0; i < 200; i++) {
		blocks[i] = arena_alloc(&arena, i * 37);
		ck_assert_uint_eq((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
		for (size_t k = 0; k < i * 37; k++)
			ck_assert_uint_eq(blocks[i][k], 0);
		memset(blocks[i], (int)i, i * 37);
	}
	for (size_t i = 1; i < 200; i++)
		ck_assert(blocks[i][0] == i && blocks[i][i * 37 - 1] == i);
	arena_free(&arena);
	ck_assert_uint_eq(arena_bytes(&arena), 0);
}
END_TEST

START_TEST(a_reset_arena_reuses_its_memory)
{
	Arena arena = {0};
	arena_reset(&arena);
	arena_alloc(&arena, 100000);
	size_t bytes = arena_bytes(&arena);
	for (int round = 0; round < 10; round++) {
		arena_reset(&arena);
		char *memory = arena_alloc(&arena, 90000);
		ck_assert_int_eq(memory[89999], 0);
		memory[89999] = 1;
	}
	ck_assert_uint_eq(arena_bytes(&arena), bytes);
	arena_free(&arena);
}
END_TEST

START_TEST(text_is_copied_and_formatted)
{
	Arena arena = {0};
	ck_assert_str_eq(arena_copy(&arena, "abcdef", 3), "abc");
	ck_assert_str_eq(arena_copy(&arena, NULL, 0), "");
	ck_assert_str_eq(arena_printf(&arena, "w%d[%s]", 5, "1,2"), "w5[1,2]");
	arena_free(&arena);
}
END_TEST

START_TEST(an_array_grows)
{
	int *items = NULL;
	size_t count = 0, capacity = 0;
	for (int i = 0; i < 10000; i++) {
		array_reserve(items, count, capacity, 1);
		items[count++] = i;
	}
	for (int i = 0; i < 10000; i++)
		ck_assert_int_eq(items[i], i);
	free(items);
}
END_TEST

START_TEST(an_error_knows_its_place)
{
	Error error = {0};
	const char *text = "one\n\xC3\xA4\xC3\xB6 two\r\nthree";
	ck_assert(!error_at(&error, "f", text, strlen(text), 9, "no '%s'", "two"));
	ck_assert_int_eq(error.line, 2);
	ck_assert_int_eq(error.column, 4);
	ck_assert_str_eq(error.source, "\xC3\xA4\xC3\xB6 two");
	ck_assert(!error_set(&error, "another"));
	ck_assert_str_eq(error.message, "no 'two'");
}
END_TEST

// Of a file of other things than text too: control characters of ASCII and beyond, bytes that are no UTF-8.
START_TEST(an_error_prints_no_control_characters)
{
	Error error = {0}, placed = {0};
	const char *text = "a\x1b[2J\xC2\x9B\xff\xC3\xA4";
	error_set(&error, "'%s' is none", text);
	ck_assert_str_eq(error.message, "'a?[2J???\xC3\xA4' is none");
	error_at(&placed, "f", text, strlen(text), 0, "no number");
	ck_assert_str_eq(placed.source, "a?[2J???\xC3\xA4");
}
END_TEST

SUITE(memory_is_zeroed_aligned_and_stays, a_reset_arena_reuses_its_memory,
      text_is_copied_and_formatted, an_array_grows, an_error_knows_its_place,
      an_error_prints_no_control_characters)
